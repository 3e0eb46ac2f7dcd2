"""The demonstration's invented cases, and moving cases to other boundaries."""

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from layers import rollups
from layers.aggregation import figures
from layers.cases import CaseValues, change_status, create_case, get_case, retag
from layers.demo import AS_OF, load_demo
from layers.filters import Filter
from layers.periods import parse_period
from layers.scope import Scope
from tests.demo import INSIDE
from tests.layers.made import make_source
from tests.releases import publish

DIGEST = """
SELECT md5(string_agg(concat(id, external_id, problem_code, status, reported_on, date_precision, province_code,
       district_code, subdistrict_code, area_match, target_groups, ST_AsText(point)), '' ORDER BY id)) FROM "case"
"""


def test_invented_cases_are_marked_shared_out_and_the_same_every_time(demo_session: Session) -> None:
    report = load_demo(demo_session, per_year=600, years=2)
    assert (report.cases, report.loaded) == (1200, True)
    assert rollups.check(demo_session) == []
    digest = demo_session.execute(text(DIGEST)).scalar_one()
    again = load_demo(demo_session, per_year=600, years=2)
    assert (again.cases, again.loaded) == (1200, False)
    for one in demo_session.scalars(text('SELECT id FROM "case" WHERE status = 10 ORDER BY id LIMIT 5')).all():
        change_status(demo_session, one, 20)
    assert demo_session.execute(text(DIGEST)).scalar_one() != digest
    load_demo(demo_session, per_year=500, years=2)
    assert load_demo(demo_session, per_year=600, years=2).loaded
    assert demo_session.execute(text(DIGEST)).scalar_one() == digest
    assert rollups.check(demo_session) == []


def test_the_newest_year_may_come_first(demo_session: Session) -> None:
    load_demo(demo_session, per_year=300, years=3)
    digest = demo_session.execute(text(DIGEST)).scalar_one()
    load_demo(demo_session, per_year=200, years=1)
    assert load_demo(demo_session, per_year=300, years=1).cases == 300
    assert load_demo(demo_session, per_year=300, years=3).loaded
    assert demo_session.execute(text(DIGEST)).scalar_one() == digest
    assert load_demo(demo_session, per_year=300, years=1).loaded is False
    assert rollups.check(demo_session) == []


def test_invented_cases_are_of_all_kinds(demo_session: Session) -> None:
    load_demo(demo_session, per_year=2000, years=2)
    share = demo_session.execute(
        text(
            "SELECT count(DISTINCT left(problem_code, 3)) AS categories,"
            " avg((sensitivity = 'L3')::int) AS sensitive, avg((point IS NULL)::int) AS pointless,"
            " avg((date_precision = 'year')::int) AS by_year, max(reported_on) AS newest,"
            " avg((province_code = '00')::int) AS nowhere FROM \"case\""
        )
    ).one()
    assert share.categories == 16
    assert 0.01 < share.sensitive < 0.03
    assert 0.05 < share.pointless < 0.15
    assert 0.005 < share.by_year < 0.03
    assert share.nowhere > 0
    assert share.newest <= AS_OF
    publish(demo_session)
    table = figures(
        demo_session, Scope.committee(), "cases", "district", "99", Filter("P01", parse_period("fy2569")), "rate"
    )
    assert table.invented
    assert all("ตัวอย่างสมมติ" in source.th for source in table.sources)
    assert table.total.value is not None


@pytest.mark.parametrize("kept", ["province", "district"])
def test_cases_move_to_coarser_boundaries_and_back(demo_session: Session, kept: str) -> None:
    lat, lon = INSIDE
    source = make_source(demo_session)
    pointed = create_case(demo_session, source, CaseValues("P08", date(2026, 1, 3), lat=lat, lon=lon))
    stated = create_case(demo_session, source, CaseValues("P08", date(2026, 1, 3), stated_code="990201"))
    first = demo_session.execute(text("SELECT id FROM edition WHERE state = 'active'")).scalar_one()
    second = _copy_edition(demo_session, kept)
    report = retag(demo_session, second)
    code = {"province": "99", "district": "9901"}[kept]
    assert get_case(demo_session, pointed).area_code == code
    case = get_case(demo_session, stated)
    assert (case.area_code, case.values.stated_code, case.edition_id) == ("9902"[: len(code)], "990201", second)
    assert (report.cases, report.moved) == (2, 2)
    assert ("990101", code, 1) in report.moves
    assert report.unresolved == ()
    assert rollups.check(demo_session) == []
    _activate(demo_session, first)
    back = retag(demo_session, first)
    assert {move[1] for move in back.moves} == {"990101", "990201"}
    assert rollups.check(demo_session) == []


def test_a_stated_code_that_nobody_knows_any_more_is_listed(demo_session: Session) -> None:
    source = make_source(demo_session)
    case = create_case(demo_session, source, CaseValues("P08", date(2026, 1, 3), stated_code="990302"))
    second = _copy_edition(demo_session, "subdistrict", without="990302")
    report = retag(demo_session, second)
    assert report.unresolved == (("990302", 1),)
    assert get_case(demo_session, case).area_code == "9903"
    assert get_case(demo_session, case).values.stated_code == "990302"


def _copy_edition(session: Session, lowest: str, without: str = "") -> int:
    """Copy the active edition down to a level and make it the active one."""
    made = session.execute(
        text(
            "INSERT INTO edition (name, state, source_key, detail, lowest_level, licence, citation_th, citation_en,"
            " checksum, modified) SELECT name, 'checked', source_key, detail, :lowest, licence, citation_th,"
            " citation_en, checksum, modified FROM edition WHERE state = 'active' RETURNING id"
        ),
        {"lowest": lowest},
    ).scalar_one()
    depth = {"province": 2, "district": 4, "subdistrict": 6}[lowest]
    session.execute(
        text(
            "INSERT INTO area SELECT :made, code, level, parent_code, name_th, name_en, name_key, kind, label_lon,"
            " label_lat, geom FROM area a JOIN edition e ON e.id = a.edition_id AND e.state = 'active'"
            " WHERE (length(code) <= :depth OR code = 'TH') AND code <> :without"
        ),
        {"made": made, "depth": depth, "without": without},
    )
    _activate(session, made)
    return int(made)


def _activate(session: Session, edition: int) -> None:
    session.execute(text("UPDATE edition SET state = 'retired' WHERE state = 'active'"))
    session.execute(text("UPDATE edition SET state = 'active' WHERE id = :id"), {"id": edition})
