"""Plans' files over HTTP and on the pages: out for readers, in for planners, a look before a draft; all on record."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import jsonschema
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import text

from api.database import transaction
from api.plan_files import waiting
from mapping.plan_examples import load_example
from mapping.plan_files.formats import write_plan_file
from mapping.plan_files.schema import plan_schema
from mapping.plan_files.values import LARGEST
from tests.auth.conftest import Person, field, signed_in
from tests.plan_files.made import plan_of
from tests.scopes import SYSTEM
from tests.small_disk import small_disk

Browser = Callable[[], TestClient]
People = Callable[..., Person]
SCRIPT = "<img src=x onerror=alert(1)></script><script>alert(1)</script>"
FOREIGN = f"# {SCRIPT}\n## สาเหตุ\n- {SCRIPT}\n## อื่น\n- ไม่มีชนิด\n".encode()


@pytest.fixture(autouse=True)
def own_home(auth_app: FastAPI, tmp_path: Path) -> Iterator[None]:
    """Let files wait in a folder of the test's own."""
    settings = auth_app.state.settings
    auth_app.state.settings = settings.model_copy(update={"socialmap_home": tmp_path / "home"})
    yield
    auth_app.state.settings = settings


@pytest.fixture
def staff(browser: Browser, person: People) -> TestClient:
    client = browser()
    made = person("officer", "planner", units=("office-99",), areas=("99",))
    client.headers["X-CSRF-Token"] = signed_in(client, made)
    return client


@pytest.fixture
def plan(auth_app: FastAPI) -> str:
    with transaction(auth_app.state.engine, SYSTEM) as session:
        return str(load_example(session, SYSTEM, "a", "990103", date(2026, 1, 15)).id)


def send(client: TestClient, content: bytes, name: str = "แผน.md", **fields: object) -> Response:
    return client.post("/api/v1/plans/files", data=fields, files={"file": (name, content)})


def noted(app: FastAPI, action: str) -> list[Any]:
    with transaction(app.state.engine, SYSTEM) as session:
        asked = "SELECT details FROM audit_entry WHERE action = :action AND kind = 'plan' ORDER BY number DESC LIMIT 5"
        return list(session.execute(text(asked), {"action": action}).scalars())


def test_everybody_has_an_approved_plan_as_a_file_and_it_is_on_record(
    auth_app: FastAPI, browser: Browser, plan: str, staff: TestClient
) -> None:
    stranger = browser()
    listed = stranger.get(f"/api/v1/plans/{plan}/files").json()["files"]
    assert [one["format"] for one in listed] == ["json", "mm", "opml", "md", "xmind"]
    assert [bool(one["lacks"]) for one in listed] == [False, True, True, True, True]
    for one in listed:
        answer = stranger.get(f"/api/v1/plans/{plan}/files/{one['format']}")
        assert answer.status_code == 200
        assert answer.headers["content-type"].partition(";")[0] == one["media_type"]
        assert answer.headers["content-disposition"] == f'attachment; filename="{one["name"]}"'
        assert noted(auth_app, "export")[0]["format"] == one["format"]
        again = {"If-None-Match": answer.headers["etag"]}
        assert stranger.get(f"/api/v1/plans/{plan}/files/{one['format']}", headers=again).status_code == 304
    theirs, ours = (client.get(f"/api/v1/plans/{plan}/files/json").json() for client in (stranger, staff))
    assert [{"origin"} & set(part) for part in theirs["parts"]] == [set()] * len(theirs["parts"])
    assert {part["origin"] for part in ours["parts"]} == {"example:a"}
    schema = stranger.get("/api/v1/schemas/plan.json")
    assert schema.headers["content-type"] == "application/schema+json"
    for said in (theirs, ours):
        jsonschema.Draft202012Validator(schema.json()).validate(said)
    assert schema.json() == plan_schema()
    for wrong in ("docx", "..%2F..", "JSON", "x" * 300):
        assert stranger.get(f"/api/v1/plans/{plan}/files/{wrong}").status_code == 404
    assert stranger.get(f"/api/v1/plans/{uuid4()}/files/json").status_code == 404


def test_a_file_is_checked_then_made_a_draft_by_who_plans_there(
    auth_app: FastAPI, browser: Browser, staff: TestClient
) -> None:
    content = write_plan_file(plan_of("b"), "mm")
    target = {"area": "990201", "problem": "P06", "fiscal_year": 2569}
    checked = send(staff, content, "x.mm", **target, dry_run="true")
    assert (checked.status_code, checked.json()["plan"]) == (200, None)
    assert staff.get("/api/v1/plans?area=990201").json()["plans"] == []
    made = send(staff, content, "x.mm", **target)
    assert (made.status_code, made.json()["plan"]["origin"]) == (201, "file:mm")
    assert made.json()["parts"] == checked.json()["parts"] == len(plan_of("b").parts)
    assert noted(auth_app, "plan_change")[0] | {"number": 0} == {
        "change": "file", "area": "990201", "problem": "P06", "number": 0, "count": made.json()["parts"],
    }  # fmt: skip
    assert send(staff, content, "x.mm", **target).status_code == 409
    assert send(staff, content, "x.mm", **{**target, "area": "98"}).status_code in (403, 404)
    assert send(browser(), content, "x.mm", **target).status_code == 401


@pytest.mark.parametrize(
    ("content", "name", "fields", "status"),
    [
        (b"<map><node", "x.mm", {}, 400),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><map/>', "x.mm", {}, 400),
        (b"x", "x.exe", {}, 400),
        ("# ก\n- โทร 081-234-5678".encode(), "x.md", {}, 400),
        ("# ก".encode(), "x.md", {"area": "TH"}, 400),
        ("# ก".encode(), "x.md", {"fiscal_year": "x"}, 400),
        ("# ก".encode(), "x.md", {"fiscal_year": "1"}, 400),
        ("# ก".encode(), "x.md", {"format": "exe"}, 400),
        ("# ก".encode(), "x.md", {"dry_run": "maybe"}, 400),
        ("# ก".encode(), "x.md", {"area": "x" * 100}, 400),
        ("# ก".encode(), "x.md", {"area": ""}, 400),
        (b"x" * (LARGEST + 1), "x.md", {}, 413),
    ],
)
def test_bad_files_are_refused_and_leave_nothing(
    auth_app: FastAPI, staff: TestClient, content: bytes, name: str, fields: dict[str, str], status: int
) -> None:
    answer = send(staff, content, name, **{"area": "990202", "problem": "P02", **fields})
    assert answer.status_code == status, answer.text
    assert {"detail", "detail_en", "code"} <= set(answer.json())
    assert "081-234" not in answer.text
    assert staff.get("/api/v1/plans?area=990202&problem=P02").json()["plans"] == []


def test_what_is_no_form_with_a_file_is_told_so(staff: TestClient) -> None:
    for given in ({"json": {}}, {"data": {"area": "99"}}, {"files": {"other": ("x", b"x")}}, {"content": b"x"}):
        answer = staff.post("/api/v1/plans/files", **given)  # type: ignore[arg-type]
        assert (answer.status_code, answer.json()["code"]) == (400, "plan_files.no_file"), given
    broken = {"Content-Type": "multipart/form-data; boundary=x"}
    assert staff.post("/api/v1/plans/files", content=b"--x\r\n", headers=broken).status_code == 400


def test_a_plan_has_a_page_of_its_files(browser: Browser, plan: str, staff: TestClient) -> None:
    for client, brings in ((browser(), False), (staff, True)):
        page = client.get(f"/plans/{plan}/files")
        assert page.status_code == 200
        linked = re.findall(rf'href="/api/v1/plans/{plan}/files/(\w+)"', page.text)
        assert linked == ["json", "mm", "opml", "md", "xmind"]
        assert f'href="/plans/{plan}"' in page.text
        assert ('href="/plans/import"' in page.text) == brings
    assert browser().get(f"/plans/{uuid4()}/files").status_code == 404


def page_send(client: TestClient, content: bytes, name: str = "แผน.md") -> Response:
    word = field(client.get("/plans/import").text, "csrf")
    return client.post("/plans/import", data={"csrf": word}, files={"file": (name, content)})


def test_a_file_is_looked_at_before_it_becomes_a_draft(auth_app: FastAPI, staff: TestClient) -> None:
    """Without scripts: sent, shown with what was guessed, its texts as texts, then made; or taken away."""
    del staff.headers["X-CSRF-Token"]
    assert page_send(staff, FOREIGN).headers["location"] == "/plans/import"
    look = staff.get("/plans/import")
    assert "<img" not in look.text
    assert "&lt;img src=x onerror=alert(1)&gt;" in look.text
    assert "จึงเดาจากตำแหน่ง" in look.text
    word = field(look.text, "csrf")
    form = {"csrf": word, "area": "9902 อำเภอสมมติ", "problem": "P02", "fiscal_year": "2569"}
    refused = staff.post("/plans/import/draft", data={**form, "area": "x"})
    assert (refused.status_code, "<img" in refused.text) == (400, False)
    made = staff.post("/plans/import/draft", data=form)
    assert made.status_code == 303
    draft = re.fullmatch(r"/plans/([0-9a-f-]{36})/files\?said=brought", made.headers["location"])
    assert draft
    assert "ทำร่างแผนจากแฟ้มแล้ว" in staff.get(made.headers["location"]).text
    assert staff.get(f"/api/v1/plans/{draft[1]}").json()["parts"][0]["fields"]["text"] == SCRIPT
    twice = staff.post("/plans/import/draft", data=form)
    assert (twice.status_code, "ไม่มีแฟ้มที่รออยู่" in twice.text) == (400, True)
    page_send(staff, FOREIGN)
    assert staff.post("/plans/import/drop", data={"csrf": word}).headers["location"] == "/plans/import?said=dropped"
    assert "onerror" not in staff.get("/plans/import").text


def test_a_file_that_is_no_plan_is_told_on_the_page_and_not_kept(staff: TestClient) -> None:
    del staff.headers["X-CSRF-Token"]
    for content, name, status in ((b"<map>", "x.mm", 400), (b"x" * (LARGEST + 1), "x.md", 413), (b"", "x", 400)):
        told = page_send(staff, content, name)
        assert told.status_code == status
        assert 'role="alert"' in told.text
    assert 'id="look"' not in staff.get("/plans/import").text


def test_who_may_not_plan_is_sent_away(browser: Browser, person: People) -> None:
    stranger = browser()
    assert stranger.get("/plans/import").headers["location"].startswith("/signin")
    auditor = browser()
    signed_in(auditor, person("auditor", "auditor-one"))
    assert auditor.get("/plans/import").status_code == 403


def test_files_wait_each_for_its_own_sender_for_a_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = uuid4(), uuid4()
    waiting.keep(tmp_path, one, "ก.md", b"# x\n# y")
    found = waiting.find(tmp_path, one)
    assert found == waiting.Waiting("ก.md", b"# x\n# y")
    assert waiting.find(tmp_path, two) is None
    assert (tmp_path / waiting.FOLDER).stat().st_mode & 0o077 == 0
    monkeypatch.setattr(waiting, "DAY", -1)
    assert waiting.find(tmp_path, one) is None
    waiting.sweep(tmp_path)
    assert list((tmp_path / waiting.FOLDER).iterdir()) == []


def test_a_full_disk_keeps_no_file_and_is_told(tmp_path: Path) -> None:
    from api.files import FileFull

    with small_disk(tmp_path / "disk", 64):
        with pytest.raises(FileFull):
            waiting.keep(tmp_path / "disk", uuid4(), "x.md", b"x" * 200_000)
        assert list((tmp_path / "disk" / waiting.FOLDER).iterdir()) == []


def test_a_district_without_a_plan_names_the_plan_of_its_province(auth_app: FastAPI, staff: TestClient) -> None:
    assert staff.get("/api/v1/mindmaps/9903?period=fy2569").json()["above"] is None
    with transaction(auth_app.state.engine, SYSTEM) as session:
        plan = load_example(session, SYSTEM, "b", "99", date(2026, 1, 15))
    told = staff.get("/api/v1/mindmaps/9903?period=fy2569").json()
    assert (told["state"], told["above"]["area"], told["above"]["href"]) == ("template", "99", f"/plans/{plan.id}")
    assert staff.get("/api/v1/mindmaps/99?period=fy2569").json()["above"] is None
    assert staff.get("/api/v1/mindmaps/9903?period=fy2560").json()["above"] is None
