"""Time, memory and size of a province's map, from figures at hand to the finished file."""

import time
import tracemalloc

import pytest

from mapping.offline import Inline
from mapping.social_map import render
from mapping.templates import draft
from tests.mapping.maps_by_hand import LIBRARY, map_of, record
from tests.mapping.test_social_map import districts, provinces

pytestmark = [pytest.mark.bench, pytest.mark.shared]


def test_a_province_map_is_made_within_a_second(capsys: pytest.CaptureFixture[str]) -> None:
    """Drafts for every district, scripts and words already read: at most 1 s, so that 77 take a minute and a half."""
    around, frame = provinces(), districts("70")
    areas = {code: record(code, name) for code, name in zip(frame.code, frame.name_th, strict=True)}
    plans = {code: draft("P08", area, f"{place} เรื่อง") for place, (code, area) in enumerate(areas.items())}

    def make() -> str:
        area = record("70", "ราชบุรี", "province")
        made = map_of(frame, area, [around[around.code != "70"]], mind_maps=plans, library=LIBRARY)
        return render(made, Inline(LIBRARY)).html

    make()
    start = time.process_time()
    html = make()
    spent = time.process_time() - start
    tracemalloc.start()
    make()
    memory = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    with capsys.disabled():
        print(f"\nprovince map: {spent:.2f} s, {memory:.0f} MB at most, {len(html.encode()) / 1000:.0f} KB")
    assert spent <= 1.0
    assert memory < 200
