"""The auditor's page: entries newest first, page by page, chosen by day and action, and whether the chain is whole."""

import re

import pytest
from sqlalchemy import text

from api.database import transaction
from tests.access.world import World
from tests.scopes import SYSTEM


def test_pages_follow_each_other_to_the_first_entry_without_a_gap(world: World) -> None:
    auditor, numbers, before = world.clients["auditor"], [], None
    while True:
        asked = {"limit": 200, **({"before": before} if before else {})}
        told = auditor.get("/api/v1/audit", params=asked).json()
        numbers += [one["number"] for one in told["entries"]]
        before = told["next"]
        if before is None:
            break
    assert numbers == list(range(numbers[0], 0, -1))
    assert len(numbers) > 50


def test_entries_are_chosen_by_day_and_action(world: World) -> None:
    auditor = world.clients["auditor"]
    found = auditor.get("/api/v1/audit", params={"action": "sign_in", "limit": 500}).json()["entries"]
    assert {one["action"] for one in found} == {"sign_in"}
    assert {"officer-one", "admin-one"} <= {one["login"] for one in found}
    assert auditor.get("/api/v1/audit", params={"to": "1/1/2568"}).json()["entries"] == []
    assert auditor.get("/api/v1/audit", params={"from": "1/1/2568", "action": "sign_in"}).json()["entries"]
    assert auditor.get("/api/v1/audit", params={"from": "1/1/2640"}).json()["entries"] == []
    for bad in ({"action": "peek"}, {"from": "never"}, {"before": "0"}, {"before": "9" * 30}):
        assert auditor.get("/api/v1/audit", params=bad).status_code == 400
        assert auditor.get("/audit", params=bad).status_code == 400


def test_the_page_says_who_when_and_why_and_that_it_was_looked_at(world: World) -> None:
    auditor = world.clients["auditor"]
    reason = "ติดตามผลตามแผนของเดือนนี้"
    case = world.cases["secret"]
    world.clients["case_team"].post(f"/api/v1/cases/{case}/read", json={"reason": reason})
    page = auditor.get("/audit").text
    for shown in ("case-team-one", reason, str(case), "เปิดอ่านเรื่อง"):
        assert shown in page
    assert re.search(r"<time datetime=\"\d{4}-[^\"]+\">\d{1,2} \S+ 25\d\d \d\d\.\d\d น\.</time>", page)
    newest = auditor.get("/api/v1/audit", params={"limit": 2}).json()["entries"]
    assert [(one["login"], one["kind"]) for one in newest] == [("auditor-one", "audit_entry")] * 2
    assert 'href="/audit"' in auditor.get("/account").text
    assert 'href="/audit"' not in world.clients["officer"].get("/account").text


@pytest.mark.parametrize("path", ["/audit", "/audit?action=sign_in"])
def test_older_entries_are_a_link_away_without_scripts(world: World, path: str) -> None:
    auditor = world.clients["auditor"]
    first = auditor.get(path).text
    found = re.search(r'href="(/audit\?[^"]*before=\d+)"', first)
    assert "<script" not in first
    if path == "/audit":
        assert found
        second = auditor.get(found[1].replace("&amp;", "&"))
        assert second.status_code == 200
        assert "รายการใหม่สุด" in second.text


def test_a_check_finds_a_change_and_says_so(world: World, server: str) -> None:
    from sqlalchemy import create_engine, make_url
    from sqlalchemy.pool import NullPool

    auditor = world.clients["auditor"]
    assert auditor.post("/audit/check").status_code == 303
    assert auditor.get("/api/v1/audit").json()["checked"]["faults"] == 0
    assert "ครบถ้วน" in auditor.get("/audit").text
    with transaction(world.app.state.engine, SYSTEM) as session:
        kept = session.scalar(text("SELECT role FROM audit_entry WHERE number = 3"))
    name = world.app.state.engine.url.database
    owner = create_engine(make_url(server).set(database=name), poolclass=NullPool)
    try:
        for role, faults in (("forged", 1), (kept, 0)):
            with owner.begin() as connection:
                connection.execute(text("UPDATE audit_entry SET role = :role WHERE number = 3"), {"role": role})
            auditor.post("/audit/check")
            assert auditor.get("/api/v1/audit").json()["checked"]["faults"] == faults
            assert ("พบความผิดปกติ" in auditor.get("/audit").text) is bool(faults)
    finally:
        owner.dispose()
