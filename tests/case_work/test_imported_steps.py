"""What files state of statuses: taken where steps lead there, told where they do not; undone with its event."""

from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from layers import rollups
from layers.case_merging import find_merge, merge_cases, unmerge_case
from layers.case_steps import list_history, take_step
from layers.cases import get_case
from layers.importing import ImportReport, import_cases
from layers.importing.runs import RunWorkedOn, undo_run
from layers.visits import plan_visit
from tests.case_work.conftest import OFFICER
from tests.layers.test_importing import GOOD, write_csv
from tests.scopes import SYSTEM


def bring(session: Session, path: Path, **statuses: str) -> ImportReport:
    """Bring cases with these statuses by their ids."""
    rows = [GOOD | {"external_id": name, "status": status} for name, status in statuses.items()]
    return import_cases(session, write_csv(path / "office.csv", rows))


def status_of(session: Session, external_id: str) -> tuple[int, str | None]:
    asked = text('SELECT id FROM "case" WHERE external_id = :id')
    case = get_case(session, session.execute(asked, {"id": external_id}).scalar_one())
    return case.values.status, case.values.close_reason


def test_a_status_that_no_steps_lead_to_is_told_and_the_rest_of_the_row_is_taken(
    demo_session: Session, tmp_path: Path
) -> None:
    bring(demo_session, tmp_path, ahead="10", back="50", over="90", same="40", shut="80")
    rows = [
        GOOD | {"external_id": "ahead", "status": "70"},
        GOOD | {"external_id": "back", "status": "10", "urgency": "U4"},
        GOOD | {"external_id": "over", "status": "80", "close_reason": "moved"},
        GOOD | {"external_id": "same", "status": "40"},
        GOOD | {"external_id": "shut", "status": "20"},
    ]
    report = import_cases(demo_session, write_csv(tmp_path / "office.csv", rows))
    assert (report.changed, report.unchanged) == (2, 3)
    assert (report.status_kept_rows, set(report.status_kept)) == (3, {"back", "over", "shut"})
    found = {name: status_of(demo_session, name) for name in ("ahead", "back", "over", "same", "shut")}
    assert found == {
        "ahead": (70, None), "back": (50, None), "over": (90, None), "same": (40, None), "shut": (80, None),
    }  # fmt: skip
    (event,) = demo_session.execute(text("SELECT way, number, from_status, to_status FROM case_event"))
    assert tuple(event) == ("stated", 1, 10, 70)
    demo_session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))


def test_undoing_writes_its_event_and_people_step_on_from_there(demo_session: Session, tmp_path: Path) -> None:
    bring(demo_session, tmp_path, one="30")
    report = import_cases(
        demo_session, write_csv(tmp_path / "office.csv", [GOOD | {"external_id": "one", "status": "50"}])
    )
    undo_run(demo_session, report.run_id or 0)
    one = demo_session.execute(text('SELECT id FROM "case"')).scalar_one()
    take_step(demo_session, OFFICER, one, 40)
    found = [(event.from_status, event.to_status, event.way) for event in list_history(demo_session, one)]
    assert found == [(30, 50, "stated"), (50, 30, "undo"), (30, 40, "step")]
    demo_session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))


def figures_of(session: Session) -> int:
    """Return how many cases the figures tell of; they tell what the cases say."""
    assert rollups.check(session) == []
    asked = "SELECT coalesce(sum(cases), 0) FROM case_count WHERE level = 'province' AND grain = 'month'"
    return int(session.execute(text(asked)).scalar_one())


def id_of(session: Session, external_id: str) -> UUID:
    asked = text('SELECT id FROM "case" WHERE external_id = :id')
    made: UUID = session.execute(asked, {"id": external_id}).scalar_one()
    return made


def test_what_a_file_calls_a_duplicate_or_no_case_comes_in_and_is_not_counted(
    demo_session: Session, tmp_path: Path
) -> None:
    first = bring(demo_session, tmp_path, one="10", twice="90", prank="91", late="20")
    assert (first.new, first.uncounted_rows, figures_of(demo_session)) == (4, 2, 2)
    second = bring(demo_session, tmp_path, one="91", twice="20", prank="91", late="90")
    assert (second.changed, second.status_kept_rows, second.uncounted_rows) == (2, 1, 3)
    assert figures_of(demo_session) == 0
    undo_run(demo_session, second.run_id or 0)
    assert figures_of(demo_session) == 2
    undo_run(demo_session, first.run_id or 0)
    assert figures_of(demo_session) == 0


def test_a_trial_tells_how_many_rows_are_no_case(demo_session: Session, tmp_path: Path) -> None:
    rows = [GOOD | {"external_id": name, "status": status} for name, status in (("a", "90"), ("b", "10"))]
    told = import_cases(demo_session, write_csv(tmp_path / "office.csv", rows), dry_run=True)
    assert (told.uncounted_rows, figures_of(demo_session)) == (1, 0)


def test_what_was_merged_into_an_undone_import_is_a_case_again(demo_session: Session, tmp_path: Path) -> None:
    bring(demo_session, tmp_path, mine="20")
    kept = bring(demo_session, tmp_path, theirs="10")
    mine = id_of(demo_session, "mine")
    merge_cases(demo_session, SYSTEM, mine, id_of(demo_session, "theirs"))
    assert figures_of(demo_session) == 1
    with pytest.raises(RunWorkedOn):
        undo_run(demo_session, kept.run_id or 0)
    undo_run(demo_session, kept.run_id or 0, worked_on=True)
    assert (figures_of(demo_session), status_of(demo_session, "mine")[0]) == (1, 20)
    assert find_merge(demo_session, mine) is None
    last = list_history(demo_session, mine)[-1]
    assert (last.from_status, last.to_status, last.way, last.note) == (90, 20, "unmerge", f"undo {kept.run_id}")
    demo_session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))


def test_undoing_neither_merges_again_nor_leaves_a_merge_of_a_case_of_its_own(
    demo_session: Session, tmp_path: Path
) -> None:
    bring(demo_session, tmp_path, one="10", kept="10")
    one, kept = id_of(demo_session, "one"), id_of(demo_session, "kept")
    merge_cases(demo_session, SYSTEM, one, kept)
    rows = [GOOD | {"external_id": name, "status": "", "urgency": "U4"} for name in ("one", "kept")]
    later = import_cases(demo_session, write_csv(tmp_path / "office.csv", rows))
    unmerge_case(demo_session, SYSTEM, one)
    undo_run(demo_session, later.run_id or 0, worked_on=True)
    assert (figures_of(demo_session), status_of(demo_session, "one")[0]) == (2, 10)
    assert get_case(demo_session, one).values.urgency != "U4"
    moved = bring(demo_session, tmp_path, one="20", kept="10")
    merge_cases(demo_session, SYSTEM, one, kept)
    undo_run(demo_session, moved.run_id or 0, worked_on=True)
    assert (figures_of(demo_session), status_of(demo_session, "one")[0]) == (2, 10)
    assert find_merge(demo_session, one) is None
    demo_session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))


def test_a_planned_visit_is_work_that_an_undone_import_would_lose(demo_session: Session, tmp_path: Path) -> None:
    report = bring(demo_session, tmp_path, one="30")
    one = demo_session.execute(text('SELECT id FROM "case"')).scalar_one()
    plan_visit(demo_session, OFFICER, one, get_case(demo_session, one).values.reported_on)
    with pytest.raises(RunWorkedOn):
        undo_run(demo_session, report.run_id)  # type: ignore[attr-defined]
