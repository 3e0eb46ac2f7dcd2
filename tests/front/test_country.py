"""The front page of the real country: 77 provinces, each once, in the order of a Thai dictionary."""

from datetime import date

import pytest
from sqlalchemy import Engine

from api.database import transaction
from api.front.content import FIRST, IndicatorMap, indicator_map
from boundaries.areas import list_areas
from boundaries.messages import Text
from layers.indicators import ObservationValues, save_observations
from layers.scope import Scope
from layers.sources import save_source
from layers.taxonomy import indicator_kinds
from tests.scopes import SYSTEM
from tests.thailand import thailand_engine  # noqa: F401

pytestmark = pytest.mark.shared
YEAR = date(2025, 1, 1), date(2025, 12, 31)
WITHOUT = "38"


@pytest.fixture
def shown(thailand_engine: Engine) -> IndicatorMap:  # noqa: F811
    """Invented shares from 10 per cent up, none for one province."""
    with transaction(thailand_engine, SYSTEM) as session:
        source = save_source(session, "test.front", Text("แหล่งสมมติ", "invented source"), YEAR[1], invented=True)
        codes = [area.code for area in list_areas(session, "province") if area.code != WITHOUT]
        rows = [ObservationValues("population", "province", code, *YEAR, 1000.0) for code in codes]
        rows += [
            ObservationValues("population_60plus", "province", code, *YEAR, 100.0 + 2 * number)
            for number, code in enumerate(codes)
        ]
        save_observations(session, source, rows)
        made = indicator_map(session, Scope.public(), indicator_kinds()[FIRST], date(2026, 11, 22))
        session.rollback()
        return made


def test_every_province_stands_in_the_map_and_in_the_table(shown: IndicatorMap) -> None:
    assert len(shown.rows) == len({row.href for row in shown.rows}) == 77
    assert shown.svg.count("<a href=") == 77
    assert [row.name for row in shown.rows][:3] == ["กระบี่", "กรุงเทพมหานคร", "กาญจนบุรี"]
    assert [row.name for row in shown.rows][-1] == "อุบลราชธานี"
    assert len(shown.svg.encode()) < 90_000


def test_what_is_missing_is_told_and_drawn_as_missing(shown: IndicatorMap) -> None:
    missing = [row for row in shown.rows if row.value == "ไม่มีข้อมูล"]
    assert [row.href for row in missing] == [f"/maps/{WITHOUT}"]
    assert shown.svg.count('fill="url(#sm-no_data)"') == 1
    assert [words for _, words in shown.legend][-1] == "ไม่มีข้อมูล"
    assert len(shown.legend) == 5  # four classes, and what is missing
    assert (shown.invented, shown.empty, shown.as_of) == (True, False, YEAR[1])
