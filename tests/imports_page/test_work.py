"""Long work in the background: told while it runs, ended on demand or by a killed process, and nothing half of it."""

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from uuid import uuid4

import pytest
from sqlalchemy import text

from api.database import transaction
from api.imports import works
from api.imports.works import Works
from tests.imports_page.conftest import HEADER, LAT, LON, Place, fields, rows
from tests.scopes import SYSTEM

PAGE = works.PAGE


@pytest.fixture
def impatient(place: Place) -> Iterator[Place]:
    """The application, in which no request waits for its work."""
    held: Works = place.app.state.works
    before, held.patience = held.patience, 0
    yield place
    held.patience = before


def many(count: int) -> str:
    """Write many invented cases at one place."""
    lines = (f"ม-{n},P08.01,{n % 28 + 1}/11/2568,{LAT},{LON}," for n in range(count))
    return "\n".join([HEADER, *lines]) + "\n"


@contextmanager
def source_held(place: Place) -> Iterator[None]:
    """Keep all sources locked, so that an import waits in the middle of a statement."""
    with transaction(place.app.state.engine, SYSTEM) as session:
        session.execute(text("LOCK TABLE source IN EXCLUSIVE MODE"))
        yield


def wait_for(wanted: Callable[[], bool], seconds: float = 20) -> None:
    """Wait until something is so."""
    give_up = time.monotonic() + seconds
    while not wanted():
        assert time.monotonic() < give_up
        time.sleep(0.05)


def standing(place: Place, who: str = "officer") -> str:
    """Return what a script is told of somebody's work."""
    return str(place.clients[who].get(f"{PAGE}/state").json()["standing"])


def asked(place: Place, step: str, at: str, **more: str) -> str:
    """Begin a step whose preview is the first one; return where the browser is sent."""
    data = fields(place.clients["officer"].get(at).text) if step == "columns" else {"of": "1", **more}
    answer = place.clients["officer"].post(f"{at}/{step}", data=data)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def over(place: Place) -> str:
    """Wait for the work to end and return where its page leads."""
    wait_for(lambda: standing(place) != "running")
    return str(place.clients["officer"].get(PAGE).headers["location"])


def test_a_long_step_shows_how_far_it_is_and_leads_on(impatient: Place) -> None:
    client, at = impatient.clients["officer"], impatient.sent("officer", many(9_000))
    assert asked(impatient, "columns", at) == PAGE
    page = client.get(PAGE)
    assert page.status_code == 200
    assert '<noscript><meta http-equiv="refresh"' in page.text
    assert "/ 9,000" in page.text or "เริ่มงาน" in page.text or "เปิดแฟ้ม" in page.text
    assert "connect-src 'self'" in page.headers["content-security-policy"]
    assert f'href="{PAGE}"' in client.get("/imports").text
    assert over(impatient) == f"{at}/preview"
    assert client.get(PAGE).headers["location"] == "/imports"
    assert asked(impatient, "commit", at) == PAGE
    assert over(impatient).endswith("said=imported")
    run = client.get("/imports").text.partition('href="/imports/runs/')[2].partition('"')[0]
    assert impatient.count() == 9_000
    assert client.post(f"/imports/runs/{run}/undo", data={"undo": "yes"}).headers["location"] == PAGE
    assert over(impatient) == f"/imports/runs/{run}?said=undone"
    assert impatient.count() == 0


def test_nobody_sees_the_work_of_another(impatient: Place) -> None:
    at = impatient.sent("officer", rows(), name="ลับ.csv")
    with source_held(impatient):
        asked(impatient, "columns", at)
        for who in ("colleague", "whole"):
            client = impatient.clients[who]
            assert client.get(PAGE).headers["location"] == "/imports"
            assert client.get(f"{PAGE}/state").json() == {"standing": "none"}
            assert client.post(f"{PAGE}/stop").headers["location"] == "/imports"
            assert "ลับ.csv" not in client.get("/imports").text
        assert impatient.clients["auditor"].get(f"{PAGE}/state").status_code == 403
        assert standing(impatient) == "running"
    assert over(impatient) == f"{at}/preview"


def test_one_piece_of_work_at_a_time_and_so_many_in_all(impatient: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    at, other = (impatient.sent("officer", rows(first=first)) for first in (1, 50))
    with source_held(impatient):
        assert asked(impatient, "columns", at) == PAGE
        assert asked(impatient, "columns", at) == PAGE
        sent = asked(impatient, "columns", other)
        assert sent == f"{PAGE}?said=one_at_a_time"
        assert "ทำได้ครั้งละหนึ่งงาน" in impatient.clients["officer"].get(sent).text
        monkeypatch.setattr(works, "AT_ONCE", 1)
        far = impatient.sent("colleague", rows())
        page = impatient.clients["colleague"].get(far).text
        assert impatient.clients["colleague"].post(f"{far}/columns", data=fields(page)).status_code == 503
    assert over(impatient) == f"{at}/preview"


def test_work_is_stopped_in_the_middle_of_a_statement_and_leaves_nothing(impatient: Place) -> None:
    client, at = impatient.clients["officer"], impatient.sent("officer", rows())
    asked(impatient, "columns", at)
    over(impatient)
    with source_held(impatient):
        asked(impatient, "commit", at)
        time.sleep(0.5)
        assert standing(impatient) == "running"
        begun = time.monotonic()
        client.post(f"{PAGE}/stop")
        wait_for(lambda: standing(impatient) == "stopped", 15)
        assert time.monotonic() - begun < 15
    page = client.get(PAGE).text
    assert "หยุดงานตามที่ขอแล้ว" in page
    assert f'href="{at}/preview"' in page
    assert (impatient.count(), impatient.count("import_run")) == (0, 0)
    assert asked(impatient, "commit", at) == PAGE
    assert over(impatient).endswith("said=imported")


def test_reading_is_stopped_between_rows(impatient: Place) -> None:
    client, at = impatient.clients["officer"], impatient.sent("officer", many(25_000))
    asked(impatient, "columns", at)
    wait_for(lambda: client.get(f"{PAGE}/state").json()["rows"] > 0)
    client.post(f"{PAGE}/stop")
    wait_for(lambda: standing(impatient) == "stopped", 15)
    assert client.get(f"{at}/preview").headers["location"] == at
    assert client.post(f"{at}/cancel").headers["location"] == "/imports?said=cancelled"
    assert impatient.kept() == []


def test_a_file_is_taken_away_while_it_is_worked_on(impatient: Place) -> None:
    client, at = impatient.clients["officer"], impatient.sent("officer", rows())
    with source_held(impatient):
        asked(impatient, "columns", at)
        assert client.post(f"{at}/cancel").status_code == 303
        wait_for(lambda: standing(impatient) == "stopped", 15)
    assert client.get(at).status_code == 404


KILLED = """
import sys, time
from uuid import UUID
from api.app import create_app
from api.auth.asking import Caller
from api.imports import working
from api.imports.uploads import Uploads
from api.imports.works import Work
from api.settings import Settings
from layers.scope import Scope
from pathlib import Path

url, home, account, upload_id, checksum = sys.argv[1:]
app = create_app(Settings(database_url=url, socialmap_home=Path(home)))
scope = Scope("officer", "internal", frozenset({"9901"}), actor_id=UUID(account),
              permissions=frozenset({"import.make"}))
caller = Caller(UUID(account), "officer-one", "", "officer", "full", scope)
uploads, works = Uploads(Path(home)), app.state.works
works.patience = 0

def do(doing):
    with uploads.held(uploads.find(upload_id, caller.id)) as held:
        run_id = working.commit(app.state.engine, uploads, held, caller, doing, keep_good=False)
    return f"/imports/runs/{run_id}"

work = Work("commit", upload_id, "x.csv", f"/imports/files/{upload_id}/preview", time.time())
works.begin(caller.id, work, do)
print("begun", flush=True)
time.sleep(60)
"""


def test_a_killed_process_leaves_nothing_half_and_its_work_is_told_as_interrupted(place: Place) -> None:
    client, at = place.clients["officer"], place.sent("officer", rows())
    place.checked("officer", at)
    url = place.app.state.engine.url.render_as_string(hide_password=False)
    given = (url, str(place.home), str(place.people["officer"].id), at.rpartition("/")[2], "")
    with source_held(place):
        process = subprocess.Popen([sys.executable, "-c", KILLED, *given], stdout=subprocess.PIPE, env=dict(os.environ))
        assert process.stdout is not None
        assert process.stdout.readline() == b"begun\n"
        assert standing(place) == "running"
        assert client.post(f"{at}/commit", data={"of": "1"}).headers["location"] == f"{PAGE}?said=one_at_a_time"
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
    page = client.get(PAGE).text
    assert "งานถูกตัดกลางคัน" in page
    assert f'href="{at}/preview"' in page
    assert (place.count(), place.count("import_run")) == (0, 0)
    assert place.commit("officer", at).headers["location"].endswith("said=imported")
    assert place.count() == 3


def test_work_whose_end_nobody_heard_is_found_in_the_database(place: Place) -> None:
    """A process that is killed right after its commit has brought the file in whole."""
    client, at = place.clients["officer"], place.sent("officer", rows())
    place.checked("officer", at)
    held: Works = place.app.state.works
    upload = at.rpartition("/")[2]
    kept = {one: one.read_bytes() for one in place.kept() if upload in str(one) and one.name != "lock"}
    begun = time.time()
    run = place.commit("officer", at).headers["location"].partition("?")[0]
    for path, content in kept.items():
        path.write_bytes(content)
    held._note(place.people["officer"].id, works.Work("commit", upload, "x.csv", at, begun))
    answer = client.get(PAGE)
    assert answer.headers["location"] == f"{run}?said=imported"
    assert client.get(at).headers["location"] == f"{run}?said=already"
    assert place.count("import_run") == 1


def test_on_a_full_disk_no_work_begins_and_it_is_told(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    client, at = place.clients["officer"], place.sent("officer", rows())
    given = fields(client.get(at).text)

    def full(_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(works, "open_private", full)
    answer = client.post(f"{at}/columns", data=given)
    assert answer.status_code == 507
    assert "พื้นที่เก็บข้อมูลของระบบเต็ม" in answer.text
    monkeypatch.undo()
    assert client.post(f"{at}/columns", data=given).headers["location"] == f"{at}/preview"


def test_work_that_ends_while_somebody_looks_is_never_told_as_interrupted(tmp_path: Path) -> None:
    held, account = Works(tmp_path, patience=0), uuid4()
    for number in range(150):
        end = Event()
        work = works.Work("preview", str(number), "x.csv", "/back", time.time())
        held.begin(account, work, lambda _, end=end: str(end.wait()))  # type: ignore[misc]
        end.set()
        while (found := held.find(account)) is not None and found.standing == "running":
            pass
        assert found is not None
        assert found.standing == "done"
        held._running[account].over.wait()
