"""What a process has drawn of an edition is not shown for another, not even for one with the same checksum."""

from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from api.front.content import indicator_map
from boundaries.editions import get_active
from layers.scope import Scope
from layers.taxonomy import indicator_kinds
from mapping.area_map import build_area_map
from tests.access.world import load_places


def test_editions_with_the_same_checksum_never_mix(demo_session: Session, tmp_path: Path) -> None:
    def drawn() -> tuple[bool, int]:
        kind = indicator_kinds()["population"]
        front = indicator_map(demo_session, Scope.public(), kind, date(2026, 11, 22))
        around = build_area_map(demo_session, Scope.committee(), "99").surroundings
        return "/maps/98" in front.svg, len(str(around))

    first, before = get_active(demo_session), drawn()
    load_places(demo_session, tmp_path)
    second, after = get_active(demo_session), drawn()
    assert first.checksum == second.checksum
    assert first.activation != second.activation
    assert (before[0], after[0]) == (False, True)
    assert after[1] > before[1]  # the other province stands around the first one
