"""Pages and files of meetings: made by forms, told what is wrong, hostile texts inert, each shown what is theirs."""

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from typer.testing import CliRunner

from api.cli import app as commands
from boundaries.messages import text
from mapping.plan_examples import example
from tests.auth.test_plans import NEW as NEW_PLAN
from tests.meetings.conftest import COMMITTEE, Office

NEW = {"area": "99", "committee": COMMITTEE, "held_on": "20/11/2568", "place": "ห้องประชุมศาลากลาง"}
STOP = {"problem": "", "fiscal_year": "2569", "shows": ["map", "mind_map", "figures"], "note": ""}
HOSTILE = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{1234*2}}${1234*2}", "@@script@@", "=cmd()|x",
    "]]>&amp;",
)  # fmt: skip


def prepared(office: Office, who: str = "head", **more: str) -> str:
    """Prepare a meeting by the form; return its address."""
    answer = office.clients[who].post("/meetings", data={**NEW, **more})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def with_stops(office: Office, *stops: tuple[str, str], **more: Any) -> str:
    """Prepare a meeting that halts at areas and problems."""
    at = prepared(office)
    for area, problem in stops:
        answer = office.clients["head"].post(f"{at}/stops", data={**STOP, "area": area, "problem": problem, **more})
        assert answer.status_code == 303, answer.text
    return at


def test_a_meeting_is_prepared_shown_and_handed_out(office: Office) -> None:
    client = office.clients["head"]
    at = with_stops(office, ("9901", "P08"), ("99", ""), ("990101", "P02"), note="ผู้แทนพื้นที่รายงาน")
    page = client.get(at).text
    assert page.count('class="place"') == 3
    played = client.get(f"{at}/play")
    assert played.status_code == 200, played.text
    steps = re.findall(r'class="step (\w+)"', played.text)
    assert steps[:4] == ["opening", "map", "mind_map", "activities"]
    assert steps.count("map") == 3
    assert "unsafe" not in played.headers["content-security-policy"]
    taken = client.get(f"{at}/briefing.html")
    assert "attachment" in taken.headers["content-disposition"]
    assert len(taken.content) < 2_500_000
    assert re.findall(r'(?:src|href)="(?!#|tel:|data:)[^"]*"', taken.text) == []
    assert re.findall(r"url\((?!data:)", taken.text) == []
    minutes = client.get(f"{at}/minutes.docx")
    words = "\n".join(one.text for one in Document(io.BytesIO(minutes.content)).paragraphs)
    places = [words.index(text(f"meeting.agenda.{number}").th) for number in range(1, 6)]
    assert places == sorted(places)
    assert "ผู้แทนพื้นที่รายงาน" in words
    kept = office.audited("meeting")
    assert [kept.count(one) for one in ("meeting_change prepared", "meeting_change agenda")] == [1, 3]
    assert {"print html", "print docx"} <= set(kept)


def test_every_text_stays_text_on_page_player_and_file(office: Office) -> None:
    words = " ".join(HOSTILE)
    at = prepared(office, committee=words[:190], place=words)
    client = office.clients["head"]
    answer = client.post(f"{at}/stops", data={**STOP, "area": "99", "note": words, "shows": ["figures"]})
    assert answer.status_code == 303, answer.text
    client.post(f"{at}/state", data={"state": "held"})
    client.post(f"{at}/resolutions", data={"kind": "follow_up", "text": words, "lead": words, "due_on": "1/1/2570"})
    for path in (at, f"{at}/play", f"{at}/briefing.html"):
        html = client.get(path).text
        assert "<script>alert" not in html, path
        assert "<img" not in html, path
        assert "2468" not in html, path
        shown = re.sub(r"<wbr>|</?span[^>]*>|\u200b", "", html)
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown, path
        assert len(re.findall(r"<script", html)) <= 1, path
    assert Document(io.BytesIO(client.get(f"{at}/minutes.docx").content)).paragraphs
    assert client.get(at).text.count("มติที่") >= 1


def test_what_is_wrong_is_told_with_what_was_typed(office: Office) -> None:
    client = office.clients["head"]
    for wrong, status in (
        ({"held_on": "เมื่อวาน"}, 400), ({"held_on": "2569"}, 400), ({"committee": " "}, 400), ({"number": "x"}, 400),
        ({"number": "0"}, 400), ({"release": "999"}, 409), ({"area": "98"}, 403), ({"area": "77"}, 404),
        ({"area": ""}, 400), ({"place": "โทร 0812345678"}, 400), ({"committee": "ก" * 300}, 400),
        ({"release": "9" * 40}, 400),
    ):  # fmt: skip
        answer = client.post("/meetings", data={**NEW, **wrong})
        assert answer.status_code == status, (wrong, answer.status_code)
        assert 'role="alert"' in answer.text
        assert answer.text.count(NEW["place"]) == (0 if "place" in wrong else 1), wrong
    at = with_stops(office, ("99", ""))
    for wrong in (
        {"area": "98"},
        {"fiscal_year": ""},
        {"fiscal_year": "2026"},
        {"problem": "P77"},
        {"shows": []},
        {"shows": ["x"]},
    ):
        assert client.post(f"{at}/stops", data={**STOP, "area": "99", **wrong}).status_code == 400, wrong
    assert client.get(at).text.count('class="place"') == 1
    for path, form in (("state", {"state": "closed"}), ("resolutions", {"kind": "follow_up", "text": "ก"})):
        assert client.post(f"{at}/{path}", data=form).status_code == 409, path
    client.post(f"{at}/state", data={"state": "held"})
    no_solution = f"{office.draft.id} {office.draft.id}"
    for form in (
        {"kind": "x", "text": "ก"},
        {"kind": "follow_up", "text": ""},
        {"kind": "activity", "text": "ก", "target": "x y"},
        {"kind": "activity", "text": "ก"},
        {"kind": "approve", "text": "ก"},
        {"kind": "follow_up", "text": "ก", "stop": "1"},
        {"kind": "activity", "text": "ทำ", "target": no_solution, "lead": "พมจ.", "due_on": "1/1/2570"},
    ):
        answer = client.post(f"{at}/resolutions", data=form)
        assert answer.status_code == 400, (form, answer.status_code)
    assert client.get(at).text.count("มติที่ประชุม") >= 1


def test_each_is_shown_what_is_theirs(office: Office) -> None:
    """Staff put their draft before the meeting; a member who looks alone sees no draft of the office's."""
    made = office.clients["head"].post("/api/v1/plans", json={**NEW_PLAN, "area": "9902", "problem": "P06"})
    assert made.status_code == 201, made.text
    at = with_stops(office, ("9902", "P06"), ("9901", "P08.01"))
    stamp, approved = text("plan.stamp.draft").th, example("a")["goal"][:12]
    shown = {who: office.clients[who].get(f"{at}/play").text for who in ("head", "district", "member")}
    assert {who: stamp in _read(html) for who, html in shown.items()} == {
        "head": True,
        "district": False,
        "member": False,
    }
    assert all(approved in _read(html) for html in shown.values())
    figures = {who: re.findall(r'<table class="figures">.*?</table>', html, re.S) for who, html in shown.items()}
    assert figures["head"] == figures["member"] == figures["district"]
    assert [office.clients[who].get(at).status_code for who in ("member", "partner", "far")] == [200, 403, 404]
    assert "<form" not in re.sub(r"<header>.*?</header>", "", office.clients["member"].get(at).text, flags=re.S)
    assert office.clients["member"].post(f"{at}/state", data={"state": "held"}).status_code == 403


def _read(html: str) -> str:
    return re.sub(r"<[^>]+>|\u200b", "", html)


@pytest.mark.parametrize(
    "body", [{"stops": [{}]}, {"stops": [{"area": "99", "fiscal_year": 2569, "x": 1}]}, {"stops": "x"}, []]
)
def test_bad_bodies_are_refused(office: Office, body: Any) -> None:
    at = prepared(office)
    answer = office.clients["head"].put(f"/api/v1{at}/agenda", json=body)
    assert answer.status_code == 400, answer.text
    assert {"detail", "detail_en", "code"} <= set(answer.json())


def test_the_same_by_the_api(office: Office) -> None:
    client = office.clients["head"]
    given = {"area": "99", "committee": COMMITTEE, "held_on": "2025-11-20", "place": "ห้องประชุม"}
    made = client.post("/api/v1/meetings", json=given)
    assert made.status_code == 201, made.text
    at = f"/api/v1/meetings/{made.json()['id']}"
    agenda = {
        "stops": [{"area": "9901", "fiscal_year": 2569, "problem": "P08.01"}, {"area": "99", "fiscal_year": 2569}]
    }
    stops = client.put(f"{at}/agenda", json=agenda).json()["stops"]
    assert [(one["area"], one["problem"]) for one in stops] == [("9901", "P08.01"), ("99", None)]
    assert client.post(f"{at}/state", json={"state": "held"}).json()["state"] == "held"
    asked = {"kind": "follow_up", "text": "ให้รายงาน", "due_on": "2025-12-31", "stop": stops[0]["id"]}
    resolution = client.post(f"{at}/resolutions", json=asked).json()
    assert (resolution["number"], resolution["late"], resolution["closed"]) == (1, True, False)
    closed = client.post(f"{at}/resolutions/{resolution['id']}/close", json={"words": "เสร็จแล้ว"}).json()
    assert (closed["closed"], closed["became"]["th"]) == (True, "ปิดแล้ว: เสร็จแล้ว")
    again = client.post(f"{at}/resolutions/{resolution['id']}/close", json={"words": "อีก"})
    assert (again.status_code, again.json()["code"]) == (409, "meeting.resolution_closed")
    assert client.post(f"{at}/state", json={"state": "closed"}).json()["state"] == "closed"
    listed = office.clients["member"].get("/api/v1/meetings").json()["meetings"]
    assert [(one["number"], one["state"]) for one in listed] == [(1, "closed")]


def test_a_prepared_meeting_is_changed_and_deleted(office: Office) -> None:
    """By the interface and by the page; what was deleted is on record."""
    client = office.clients["head"]
    given = {"area": "99", "committee": "คณะที่จะลบ", "held_on": "2025-11-20", "place": "ห้องประชุม"}
    one, two = (client.post("/api/v1/meetings", json=given).json()["id"] for _ in "12")
    facts = {"held_on": "2025-11-21", "place": "ห้องใหม่", "committee": "คณะที่จะลบ (เปลี่ยนชื่อ)", "number": 9}
    changed = client.put(f"/api/v1/meetings/{one}", json=facts).json()
    assert {name: changed[name] for name in facts} == facts
    assert client.put(f"/api/v1/meetings/{one}", json={"place": "x"}).status_code == 400
    page = client.get(f"/meetings/{two}").text
    assert 'value="คณะที่จะลบ"' in page
    form = {"csrf": client.headers["X-CSRF-Token"]}
    edited = {
        **form,
        "held_on": "22/11/2568",
        "place": "ก",
        "release": changed["release"],
        "committee": "ข",
        "number": "4",
    }
    assert client.post(f"/meetings/{two}", data=edited).status_code == 303
    listed = client.get(f"/api/v1/meetings/{two}").json()
    assert (listed["committee"], listed["number"], listed["held_on"]) == ("ข", 4, "2025-11-22")
    assert client.post(f"/meetings/{two}/delete", data=form).status_code == 400
    gone = client.post(f"/meetings/{two}/delete", data={**form, "sure": "yes"})
    assert (gone.status_code, gone.headers["location"]) == (303, "/meetings?said=deleted")
    assert "ลบการประชุมแล้ว" in client.get("/meetings?said=deleted").text
    assert client.delete(f"/api/v1/meetings/{one}").status_code == 204
    assert {client.get(f"/api/v1/meetings/{each}").status_code for each in (one, two)} == {404}
    assert office.audited("meeting").count("meeting_change deleted") == 2
    assert office.clients["member"].delete(f"/api/v1/meetings/{one}").status_code == 403


def test_the_same_by_commands(office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", office.app.state.engine.url.render_as_string(hide_password=False))
    at = with_stops(office, ("9901", "P08"), shows=["figures"]).rpartition("/")[2]
    runner = CliRunner()
    (shown,) = json.loads(runner.invoke(commands, ["meeting", "show", "99", "--json"]).stdout)
    assert (shown["id"], shown["state"], [one["area"] for one in shown["stops"]]) == (at, "prepared", ["9901"])
    assert COMMITTEE in runner.invoke(commands, ["meeting", "show"]).stdout
    for kind, ending, begins in (("briefing", "html", b"<!doctype html>"), ("minutes", "docx", b"PK")):
        path = tmp_path / f"made.{ending}"
        done = runner.invoke(commands, ["meeting", kind, at, "--out", str(path), "--json"])
        assert done.exit_code == 0, done.output
        assert json.loads(done.stdout) == {"path": str(path), "bytes": path.stat().st_size}
        assert path.read_bytes().startswith(begins)
    missing = runner.invoke(commands, ["meeting", "briefing", str(office.draft.id), "--json"])
    assert (missing.exit_code, json.loads(missing.stdout)["error"]) == (2, "meeting.not_found")
    assert office.audited("meeting")[-2:] == ["print html", "print docx"]
