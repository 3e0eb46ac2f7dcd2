"""Each thing that can be wrong with an edition is found, and its codes are named."""

from collections.abc import Callable

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.orm import Session

from boundaries.checks import check_areas
from boundaries.editions import get_active
from boundaries.models import Area

Spoil = Callable[[Session], object]


def shift(code: str, east: float) -> Spoil:
    """Move one area's shape."""
    statement = text("UPDATE area SET geom = ST_Translate(geom, :east, 0) WHERE code = :code")
    return lambda session: session.execute(statement, {"east": east, "code": code})


def rename(code: str, **values: object) -> Spoil:
    """Change columns of one area."""
    return lambda session: session.execute(update(Area).where(Area.code == code).values(values))


def remove(code: str) -> Spoil:
    """Take one area away."""
    return lambda session: session.execute(delete(Area).where(Area.code == code))


@pytest.mark.parametrize(
    ("spoil", "kind", "codes"),
    [
        (rename("990102", parent_code="9902"), "nesting", {"990102"}),
        (rename("9902", level="subdistrict"), "nesting", {"9902"}),
        (remove("9903"), "orphans", {"990301", "990302"}),
        (lambda session: [remove(code)(session) for code in ("990201", "990202")], "childless", {"9902"}),
        (shift("990102", 0.01), "coverage", {"990101", "990102", "990103", "990201", "990202"}),
        (shift("990302", 20.0), "beyond", {"990302"}),
        (rename("990302", label_lon=100.68, label_lat=11.0), "strayed", {"990302"}),
    ],
)
def test_errors(demo_session: Session, spoil: Spoil, kind: str, codes: set[str]) -> None:
    spoil(demo_session)
    found = check_areas(demo_session, get_active(demo_session).id)
    assert not found.passed
    named = next(finding for finding in found.findings if finding.kind == kind)
    assert named.severity == "error"
    assert set(named.codes) <= codes
    assert named.codes
    assert all(code in named.text.th and code in named.text.en for code in named.codes)


def test_an_invalid_shape_is_found(demo_session: Session) -> None:
    bow = "MULTIPOLYGON(((101.16 11.29, 101.2 11.35, 101.2 11.29, 101.16 11.35, 101.16 11.29)))"
    demo_session.execute(text("UPDATE area SET geom = ST_GeomFromText(:bow, 4326) WHERE code = '990302'"), {"bow": bow})
    found = check_areas(demo_session, get_active(demo_session).id)
    assert ("990302",) in [finding.codes for finding in found.findings if finding.kind == "invalid"]


def test_warnings_do_not_stop_an_edition(demo_session: Session) -> None:
    rename("990102", name_th="ในเมืองสมมติ")(demo_session)
    found = check_areas(demo_session, get_active(demo_session).id)
    assert found.passed
    warned = {finding.kind: finding.codes for finding in found.findings}
    # The invented province has neither 77 provinces nor 928 districts.
    assert warned == {"count": (), "same_name": ("990101", "990102")}
    assert found.counts == {"province": 1, "district": 3, "subdistrict": 7}


@pytest.mark.shared
def test_the_real_boundaries_pass_without_a_remark(thailand: Session) -> None:
    found = check_areas(thailand, get_active(thailand).id)
    assert found.findings == ()
    assert found.counts["province"] == 77
    assert found.counts["district"] == 928
