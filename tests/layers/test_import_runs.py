"""Imports as sources: listed, run again, and undone whole."""

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from layers import rollups
from layers.cases import change_status, get_case
from layers.importing import import_cases
from layers.importing.runs import RunNotFound, RunNotNewest, RunUndone, RunWorkedOn, list_runs, undo_run
from tests.layers.test_importing import GOOD, write_csv

EVERYTHING = """
SELECT (SELECT coalesce(json_agg(to_jsonb(c) - 'import_run_id' - 'last_event' ORDER BY external_id), '[]')
        FROM "case" c)::text,
       (SELECT coalesce(json_agg(to_jsonb(c) ORDER BY c), '[]') FROM case_count c WHERE cases <> 0)::text,
       (SELECT coalesce(json_agg(to_jsonb(c) ORDER BY c), '[]') FROM case_count_by_group c WHERE cases <> 0)::text"""


def everything(session: Session) -> tuple[str, ...]:
    """All cases but for the length of their logs, which tell what was taken back too, and what they add up to."""
    assert rollups.check(session) == []
    return tuple(session.execute(text(EVERYTHING)).one())


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write one office's file anew."""
    return lambda rows: write_csv(tmp_path / "office.csv", rows)


FIRST = [GOOD | {"external_id": str(number), "target_groups": "T07"} for number in range(6)]
LATER = [
    FIRST[0],
    FIRST[1] | {"problem_code": "P01.01", "area_code": "9902", "status": "30", "target_groups": "T15"},
    FIRST[2] | {"reported_on": "2568", "lat": "11.05", "lon": "100.05"},
    GOOD | {"external_id": "new"},
]


def test_the_newest_import_is_undone_to_the_last_bit(demo_session: Session, write: Callable[..., Path]) -> None:
    nothing = everything(demo_session)
    first = import_cases(demo_session, write(FIRST))
    before = everything(demo_session)
    second = import_cases(demo_session, write(LATER))
    assert (second.new, second.changed, second.unchanged) == (1, 2, 1)
    assert (second.gone, second.gone_rows) == (("3", "4", "5"), 3)
    assert everything(demo_session) != before
    with pytest.raises(RunNotNewest):
        undo_run(demo_session, first.run_id or 0)
    undone = undo_run(demo_session, second.run_id or 0)
    assert (undone.removed, undone.restored) == (1, 2)
    assert everything(demo_session) == before
    with pytest.raises(RunUndone):
        undo_run(demo_session, second.run_id or 0)
    assert undo_run(demo_session, first.run_id or 0).removed == 6
    assert everything(demo_session) == nothing
    assert [bool(one.undone_at) for one in list_runs(demo_session)] == [True, True]


def test_cases_that_are_gone_are_told_apart_from_those_whose_row_was_refused(
    demo_session: Session, write: Callable[..., Path]
) -> None:
    import_cases(demo_session, write(FIRST))
    refused = [FIRST[3] | {"reported_on": "never"}, FIRST[4] | {"area_code": "123456", "lat": "", "lon": ""}]
    report = import_cases(
        demo_session, write([*LATER, *refused, GOOD | {"external_id": "", "lat": "x"}]), keep_good=True
    )
    assert (report.gone, report.gone_rows) == (("5",), 1)
    assert (report.not_renewed, report.not_renewed_rows) == (("3", "4"), 2)
    assert report.refused_rows == 3
    again = import_cases(demo_session, write(refused), dry_run=True)
    assert (again.gone_rows, again.not_renewed_rows) == (5, 2)


def test_a_status_that_is_taken_back_is_logged(demo_session: Session, write: Callable[..., Path]) -> None:
    import_cases(demo_session, write(FIRST))
    undo_run(demo_session, import_cases(demo_session, write(LATER)).run_id or 0)
    steps = demo_session.execute(text("SELECT from_status, to_status FROM case_event ORDER BY id")).all()
    assert sorted(tuple(step) for step in steps) == [(10, 30), (30, 10)]


def test_an_import_that_people_have_worked_on_is_not_undone_by_mistake(
    demo_session: Session, write: Callable[..., Path]
) -> None:
    run = import_cases(demo_session, write(FIRST)).run_id or 0
    one = demo_session.execute(text("SELECT id FROM \"case\" WHERE external_id = '3'")).scalar_one()
    change_status(demo_session, one, 20, actor_id=uuid4())
    before = everything(demo_session)
    with pytest.raises(RunWorkedOn, match="One case of this import has"):
        undo_run(demo_session, run)
    assert everything(demo_session) == before
    assert get_case(demo_session, one).values.status == 20
    assert undo_run(demo_session, run, worked_on=True).removed == 6


def test_runs_say_what_they_were(demo_session: Session, write: Callable[..., Path]) -> None:
    import_cases(demo_session, write(FIRST), dry_run=True)
    assert list_runs(demo_session) == []
    import_cases(demo_session, write(FIRST))
    (run,) = list_runs(demo_session)
    assert (run.file_name, run.target, run.area_code) == ("office.csv", "cases", "TH")
    assert run.counts == {"rows": 6, "new": 6, "changed": 0, "unchanged": 0, "refused": 0, "linked": 0}
    assert "external_id" in run.recipe
    assert list_runs(demo_session, "70") == []
    with pytest.raises(RunNotFound):
        undo_run(demo_session, run.id + 1)
