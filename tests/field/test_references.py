"""An agency's file and the cases that phones brought: one number, one case."""

from collections.abc import Callable
from pathlib import Path

from fastapi import FastAPI
from sqlalchemy import text

from api.database import transaction
from layers import rollups
from layers.cases import remove_words
from layers.importing import import_cases
from layers.importing.runs import undo_run
from tests.field.conftest import Owner
from tests.layers.test_importing import GOOD, write_csv
from tests.scopes import SYSTEM

Someone = Callable[..., Owner]


def test_a_row_that_means_a_case_of_the_field_makes_no_second_one(
    app: FastAPI, someone: Someone, tmp_path: Path
) -> None:
    phone = someone().phone
    case, other = phone.case(external_ref="ศรส-7/2569"), phone.case(external_ref="ศรส-8/2569")
    for one in (case, other):
        assert phone.send(one)["state"] == "kept"
    rows = [GOOD | {"external_id": "ศรส-7/2569"}, GOOD | {"external_id": "ศรส-9/2569"},
            GOOD | {"external_id": "ศรส-8/2569", "area_code": "980101"},
            GOOD | {"external_id": str(other.id)}]  # fmt: skip
    path = write_csv(tmp_path / "office.csv", rows)
    with transaction(app.state.engine, SYSTEM) as session:
        report = import_cases(session, path)
        assert (report.linked_rows, report.new, report.written) == (1, 3, True)  # another province's is another's
        [link] = session.execute(text("SELECT * FROM case_reference")).all()
        assert (link.case_id, link.external_id, link.import_run_id) == (case.id, "ศรส-7/2569", report.run_id)
        again = import_cases(session, path)
        assert (again.linked_rows, again.new, again.unchanged) == (1, 0, 3)
        assert rollups.check(session) == []
        undo_run(session, again.run_id)
        undo_run(session, report.run_id)
        assert session.execute(text("SELECT count(*) FROM case_reference")).scalar_one() == 0
        assert session.execute(text('SELECT count(*) FROM "case" WHERE id = :id'), {"id": case.id}).scalar_one() == 1
        assert rollups.check(session) == []


def test_a_file_of_nothing_but_known_cases_is_written_as_links(app: FastAPI, someone: Someone, tmp_path: Path) -> None:
    phone = someone().phone
    case = phone.case(external_ref="พม-1")
    assert phone.send(case)["state"] == "kept"
    path = write_csv(tmp_path / "office.csv", [GOOD | {"external_id": "พม-1"}])
    with transaction(app.state.engine, SYSTEM) as session:
        report = import_cases(session, path)
        assert (report.linked_rows, report.new, report.written) == (1, 0, True)
        remove_words(session, case.id)  # the number leads to the person as well
        assert session.execute(text("SELECT count(*) FROM case_reference")).scalar_one() == 0
        kept = session.execute(text("SELECT fields FROM case_observation WHERE case_id = :id"), {"id": case.id})
        assert "external_ref" not in kept.scalar_one()
