"""Many sheets at once: made whole, told how far, one's own alone, and nothing left of what went wrong."""

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.pool import NullPool
from typer.testing import CliRunner

from api.cli import app
from api.database import transaction
from api.prints import batch, process
from api.prints.batch import Batch, parts_of
from api.prints.folder import JobFolder
from api.prints.jobs import KEPT_FOR
from api.prints.wanted import Wanted
from api.prints.workshop import Workshop
from boundaries.messages import text as words
from layers.scope import Scope
from mapping.offline import Library
from tests.api.test_maps import needs_libraries
from tests.prints.conftest import Place, needs_poppler, picture, words_of
from tests.scopes import SYSTEM
from tests.serving import serving

pytestmark = needs_libraries
AT = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)


def asked(place: Place, code: str = "99") -> Batch:
    with transaction(place.app.state.engine, SYSTEM) as session:
        codes = parts_of(session, code)
    return Batch(codes, Wanted(code, "A4"), Scope.committee(), AT, picture())


def library(place: Place) -> Library:
    return Library(place.app.state.settings.socialmap_web_library)


@needs_poppler
def test_all_districts_become_one_document_with_an_index_and_bookmarks(place: Place) -> None:
    """Tagged, every sheet where the index says, on record, its file for its account alone."""
    before = len(place.printed("head"))
    job = place.begin("head")
    page = place.clients["head"].get("/prints").text
    assert "ทุกอำเภอของจังหวัดสมมติบุรี" in page
    row = place.ended(job)
    assert (row.state, row.done, row.total, row.failure_th) == ("done", 3, 3, None)
    answer = place.clients["head"].get(f"/prints/{job}/file")
    assert answer.headers["content-disposition"].startswith('attachment; filename="99-all-A4-')
    assert answer.headers["cache-control"] == "no-store"
    assert len(answer.content) == row.size
    pages = words_of(answer.content).split("\f")
    assert len(pages) - 1 == row.pages
    told = {
        line.split()[1]: int(line.split()[-1])
        for line in pages[0].splitlines()
        if line.split()[1:2] and line.split()[1].startswith("99")
    }
    assert set(told) == {"9901", "9902", "9903"}
    names = {one.code: one.name_th for one in place.rows("SELECT code, name_th FROM area WHERE code LIKE '99__'")}
    for code, number in told.items():
        assert names[code] in pages[number - 1].splitlines()[0] + pages[number - 1].splitlines()[1], code
    assert b"/Outlines" in answer.content
    assert b"/MarkInfo" in answer.content
    entry = place.printed("head")[0]
    assert len(place.printed("head")) == before + 1
    assert (entry.kind, entry.details["count"], entry.details["pages"]) == ("sheets", 3, row.pages)
    for who in ("officer", "far", "oversight"):
        assert place.clients[who].get(f"/prints/{job}/file").status_code == 404
        assert place.clients[who].post(f"/prints/{job}/cancel").status_code == 404
        assert job not in place.clients[who].get("/prints").text
    assert place.settled(job) == ["lock", "result"]
    assert place.clients["head"].post(f"/prints/{job}/cancel").status_code == 303
    assert place.settled(job) == []
    assert place.clients["head"].get(f"/prints/{job}/file").status_code == 404


@needs_poppler
def test_many_sheets_of_exact_figures_take_a_reason_and_own_areas(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.prints.job_pages.parts_of", lambda *_: ("9901",))
    asked_for = {"form": "pdf", "reason": "ประชุมทีมในหน่วยงาน"}
    for who, status in (("far", 403), ("oversight", 403), ("officer", 403), ("head", 303)):
        answer = place.clients[who].post("/prints/all/99?paper=A4", data=asked_for)
        assert answer.status_code == status, who
    row = place.rows("SELECT * FROM print_job WHERE audience = 'internal'")[0]
    assert place.ended(str(row.id)).state == "done"
    content = place.clients["head"].get(f"/prints/{row.id}/file").content
    assert "ใช้ภายในราชการ" in words_of(content)
    entry = place.printed("head")[0]
    assert (entry.reason, entry.details["audience"]) == ("ประชุมทีมในหน่วยงาน", "internal")


def test_the_same_time_and_options_give_the_same_bytes(place: Place, tmp_path: Path) -> None:
    """As one document and as a ZIP, whose files are the sheets."""
    two = replace(asked(place), codes=("9901", "9903"))
    for form, writer in batch.WRITERS.items():
        made = [tmp_path / f"{form}{n}" for n in (1, 2)]
        for path in made:
            writer(place.app.state.engine, two, path, library(place))
        assert made[0].read_bytes() == made[1].read_bytes()
    with zipfile.ZipFile(tmp_path / "zip1") as found:
        assert [name[:5] for name in found.namelist()] == ["9901_", "9903_"]
        assert all(found.read(name).startswith(b"%PDF-") for name in found.namelist())
        assert found.infolist()[0].date_time == (2026, 11, 22, 9, 30, 0)


def test_hostile_names_stay_within_the_archive() -> None:
    from types import SimpleNamespace

    for name in ("../../etc", "a/b", "C:\\x", "..", "น้ำพอง\n", "<b>"):
        area = SimpleNamespace(code="9901", short_name_th=name)
        made = batch.name_of(SimpleNamespace(area_map=SimpleNamespace(area=area)))
        assert not set(made) & set("/\\:<>\n")
        assert made.startswith("9901")
        assert made.endswith(".pdf")


def test_a_sheet_that_cannot_be_made_is_named(place: Place, tmp_path: Path) -> None:
    """By the area's code, with what was wrong."""
    beside = replace(asked(place), codes=("9901", "990101"))
    for form, writer in batch.WRITERS.items():
        with pytest.raises(batch.SheetFailed) as told:
            writer(place.app.state.engine, beside, tmp_path / form, library(place))
        assert "990101" in told.value.text.th


def test_cancelled_within_seconds_and_nothing_is_left(place: Place) -> None:
    job = place.begin("head")
    wait_for_process(place, job)
    began = time.monotonic()
    assert place.clients["head"].post(f"/prints/{job}/cancel").status_code == 303
    assert place.settled(job) == []
    assert time.monotonic() - began < 5
    assert place.job(job).state == "cancelled"
    assert "ยกเลิกแล้ว" in place.clients["head"].get("/prints").text


def test_a_worker_that_is_killed_is_told_as_failed(place: Place) -> None:
    job = place.begin("head", form="zip")
    os.kill(wait_for_process(place, job), signal.SIGKILL)
    row = place.ended(job, 10)
    assert (row.state, row.failure_th) == ("failed", words("prints.killed").th)
    assert place.settled(job) == []


@pytest.mark.skipif(shutil.which("prlimit") is None, reason="needs util-linux")
@pytest.mark.parametrize("form", [pytest.param("pdf", marks=pytest.mark.proof), "zip"])
def test_a_full_disk_is_told_and_nothing_is_left(place: Place, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    monkeypatch.setattr("api.prints.job_pages.parts_of", lambda *_: ("9901",))
    monkeypatch.setattr(process, "COMMAND", ("prlimit", "--fsize=20000", *process.COMMAND))
    job = place.begin("head", form=form)
    row = place.ended(job)
    assert (row.state, row.failure_th) == ("failed", words("prints.disk_full").th)
    assert place.settled(job) == []
    page = place.clients["head"].get("/prints").text
    assert row.failure_th in page
    assert row.failure_en in page


def test_no_room_for_the_folder_is_told_at_once(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    before = len(place.rows("SELECT id FROM print_job"))
    monkeypatch.setattr(JobFolder, "is_held", lambda _: True)
    monkeypatch.setattr("api.prints.folder.private", full)
    answer = place.clients["head"].post("/prints/all/99", data={"form": "pdf"})
    assert answer.status_code == 507
    assert words("prints.disk_full").th in answer.text
    assert len(place.rows("SELECT id FROM print_job")) == before


def test_a_database_that_goes_in_the_middle_is_told_when_it_is_back(place: Place, server: str) -> None:
    """The process finds it gone, and so does whoever would tell of it; what it did not tell is told later."""
    job = place.begin("head")
    wait_for_process(place, job)
    name = place.app.state.engine.url.database
    admin = create_engine(make_url(server), poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'))
        try:
            connection.execute(
                text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"), {"name": name}
            )
            place.app.state.engine.dispose()
            assert place.settled(job) == []
        finally:
            connection.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'))
    admin.dispose()
    page = place.clients["head"].get("/prints").text
    row = place.job(job)
    assert row.state == "failed", row
    assert row.failure_th in (words("error.database_gone").th, words("error.database_busy").th), row.failure_th
    assert row.failure_th in page


def test_a_server_that_ends_takes_its_worker_along_and_the_next_one_tells(place: Place) -> None:
    """Killed without a word: the process sees its input end, the lock is free, and the job is told as interrupted."""
    job = put(place, "head", "working")
    folder = JobFolder(place.home, job)
    handle = folder.make()
    reading, writing = os.pipe()
    worker = subprocess.Popen(process.COMMAND, stdin=reading, stdout=subprocess.DEVNULL, pass_fds=(handle,))
    os.close(handle)
    os.close(reading)
    folder.part.write_bytes(b"half")
    try:
        place.clients["head"].get("/prints")
        assert place.job(str(job)).state == "working"  # somebody holds it
        os.close(writing)
        assert worker.wait(20) != 0
    finally:
        worker.kill()
        worker.wait()
    page = place.clients["head"].get("/prints").text
    row = place.job(str(job))
    assert (row.state, row.failure_th) == ("failed", words("prints.interrupted").th)
    assert words("prints.interrupted").en in page
    assert not folder.place.exists()


def test_a_server_that_begins_tells_what_was_interrupted(place: Place) -> None:
    """Whether anybody looks or not; what lay there half-done goes, and so does the file of a day ago."""
    left, old = (put(place, "far", state) for state in ("working", "done"))
    for job in (left, old):
        folder = JobFolder(place.home, job)
        os.close(folder.make())
        folder.part.write_bytes(b"half")
    with serving(place.app):
        row = place.ended(str(left), 10)
        place.settled(str(old))
    assert (row.state, row.failure_th) == ("failed", words("prints.interrupted").th)
    assert not JobFolder(place.home, left).is_here()
    assert not JobFolder(place.home, old).is_here()


def test_a_server_that_ends_in_order_ends_its_jobs(place: Place) -> None:
    own = Workshop(place.app.state.engine, place.home, place.app.state.settings.socialmap_web_library)
    before, place.app.state.workshop = place.app.state.workshop, own
    try:
        job = place.begin("head")
        wait_for_process(place, job)
        own.close()
        row = place.ended(job, 10)
        assert (row.state, row.failure_th) == ("failed", words("prints.interrupted").th)
        assert place.settled(job) == []
    finally:
        place.app.state.workshop = before


def test_an_account_has_a_few_jobs_at_once_and_old_files_go(place: Place) -> None:
    ids = [put(place, "oversight", state) for state in ("waiting", "working", "waiting", "done")]
    locks = [JobFolder(place.home, job).make() for job in ids]
    try:
        answer = place.clients["oversight"].post("/prints/all/99", data={"form": "pdf"})
        assert answer.status_code == 409
        assert words("prints.jobs_many", limit=3).th in answer.text
        assert not JobFolder(place.home, ids[3]).is_here()
        assert words("prints.gone").th in answer.text
        assert place.clients["oversight"].get(f"/prints/{ids[3]}/file").status_code == 404
    finally:
        for lock in locks:
            os.close(lock)
        with transaction(place.app.state.engine, SYSTEM) as session:
            session.execute(text("DELETE FROM print_job WHERE id = ANY(:ids)"), {"ids": ids})
        place.app.state.workshop.settle()


def test_the_database_shows_a_job_to_its_account_alone(place: Place) -> None:
    """Whatever the pages ask: the rows of others are not there, and nobody but the product writes any."""
    job = put(place, "officer", "done")
    own = Scope("officer", "internal", frozenset({"99"}), actor_id=place.people["officer"].id)
    other = Scope("officer", "internal", frozenset({"99"}), actor_id=place.people["head"].id)
    for scope, seen in ((own, 1), (other, 0), (Scope.public(), 0)):
        with transaction(place.app.state.engine, scope) as session:
            found = session.execute(text("SELECT id FROM print_job WHERE id = :id"), {"id": job}).all()
            assert len(found) == seen
            changed = session.execute(text("UPDATE print_job SET state = 'done' WHERE id = :id"), {"id": job})
            assert changed.rowcount == 0
            assert session.execute(text("DELETE FROM print_job")).rowcount == 0


def put(place: Place, who: str, state: str) -> UUID:
    """Put a job's row as another run of the server left it; a finished one's file is a day old."""
    job = uuid4()
    values = {"id": job, "who": place.people[who].id, "state": state, "server": uuid4()}
    over = datetime.now(UTC) - KEPT_FOR if state == "done" else None
    with transaction(place.app.state.engine, SYSTEM) as session:
        session.execute(
            text(
                "INSERT INTO print_job (id, actor_id, state, area_code, form, audience, wanted, server, total,"
                " ended_at) VALUES (:id, :who, :state, '99', 'pdf', 'committee', :wanted, :server, 3, :over)"
            ),
            values | {"over": over, "wanted": '{"code": "99"}'},
        )
    return job


def wait_for_process(place: Place, job: str) -> int:
    """Wait until a job's process has told that it works, and return its number."""
    give_up = time.monotonic() + 30
    while True:
        work = place.app.state.workshop._mine.get(UUID(job))
        assert work is not None, place.job(job)
        if work.process is not None and place.job(job).state == "working":
            return int(work.process.id)
        assert time.monotonic() < give_up
        time.sleep(0.02)


PROGRAM = (sys.executable, "-c", "from api.cli import main; main()", "sheets", "99", "--districts", "--paper", "A4")


def environment(place: Place) -> dict[str, str]:
    return os.environ | {"DATABASE_URL": place.app.state.engine.url.render_as_string(hide_password=False)}


def test_the_command_prints_all_districts_too(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each whole, and on record."""
    monkeypatch.setenv("DATABASE_URL", environment(place)["DATABASE_URL"])
    out = tmp_path / "แผ่น"
    done = CliRunner().invoke(app, ["sheets", "99", "--districts", "--paper", "A4", "--out", str(out), "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["sheets"] == 3
    assert [one.name[:5] for one in sorted(out.iterdir())] == ["9901_", "9902_", "9903_"]
    assert [one.name for one in tmp_path.iterdir()] == ["แผ่น"]
    newest = place.rows("SELECT details FROM audit_entry WHERE action = 'print' ORDER BY number DESC LIMIT 1")[0]
    told = newest.details
    assert (told["format"], told["count"], told["area"]) == ("folder", 3, "99")


@pytest.mark.proof
@pytest.mark.skipif(shutil.which("prlimit") is None, reason="needs util-linux")
@pytest.mark.parametrize("name", ["x.pdf", "x.zip", "folder"])
def test_the_command_leaves_nothing_where_the_disk_is_full(place: Place, tmp_path: Path, name: str) -> None:
    limited = ("prlimit", "--fsize=20000", *PROGRAM, "--out", str(tmp_path / name))
    full = subprocess.run(limited, env=environment(place), capture_output=True, text=True, check=False)
    assert full.returncode == 2
    told = " ".join(full.stderr.split())
    whole = words("error.file_full", path="…").th.partition("…")[2]
    assert words("prints.disk_full").th in told or whole in told
    assert list(tmp_path.iterdir()) == []


def test_the_command_says_which_areas_it_prints(tmp_path: Path) -> None:
    told = CliRunner().invoke(app, ["sheets", "99", "--provinces", "--out", str(tmp_path / "x.zip")])
    assert told.exit_code == 2
    assert "--districts" in told.stderr
