"""What files state of statuses: taken where steps lead there, told where they do not; undone with its event."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from layers.case_steps import list_history, take_step
from layers.cases import get_case
from layers.importing import import_cases
from layers.importing.runs import RunWorkedOn, undo_run
from layers.visits import plan_visit
from tests.case_work.conftest import OFFICER
from tests.layers.test_importing import GOOD, write_csv


def bring(session: Session, path: Path, **statuses: str) -> object:
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


def test_a_planned_visit_is_work_that_an_undone_import_would_lose(demo_session: Session, tmp_path: Path) -> None:
    report = bring(demo_session, tmp_path, one="30")
    one = demo_session.execute(text('SELECT id FROM "case"')).scalar_one()
    plan_visit(demo_session, OFFICER, one, get_case(demo_session, one).values.reported_on)
    with pytest.raises(RunWorkedOn):
        undo_run(demo_session, report.run_id)  # type: ignore[attr-defined]
