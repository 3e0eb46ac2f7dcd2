"""The page of releases: what was published, and making one of a complete year in the background."""

import re
from datetime import date

import pytest
from sqlalchemy import text

from api import releasing
from api.database import transaction
from layers.cases import CaseValues, create_case, delete_case
from layers.protection import AttackSucceeds
from layers.releases import list_releases
from tests.access.world import World
from tests.auth.conftest import field
from tests.layers.made import make_source
from tests.scopes import SYSTEM


def begin(world: World, year: str) -> int:
    client = world.clients["head"]
    return client.post(
        "/releases", data={"csrf": field(client.get("/releases").text, "csrf"), "year": year}
    ).status_code


def wait(world: World) -> str:
    thread = world.app.state.releasing.thread
    thread.join(60)
    assert not thread.is_alive()
    return str(world.clients["head"].get("/releases").text)


def test_it_lists_what_was_released_and_how_much_is_hidden(world: World) -> None:
    page = world.clients["head"].get("/releases").text
    with transaction(world.app.state.engine, SYSTEM) as session:
        [*_, first] = list_releases(session)
    assert f'id="release-{first.id}"' in page
    rows = re.findall(r"<tr><th scope=\"row\">(.*?)</tr>", page, re.DOTALL)
    assert len(rows) >= len(first.report["kept"])
    kept = next(one for one in first.report["kept"] if one["withheld"] or one["hidden"])
    numbers = [f"{kept[name]:,}" for name in ("cells", "shown", "hidden", "withheld")]
    told = [re.findall(r'class="right"[^>]*>([^<]+)<', row) for row in rows]
    assert [*numbers, "0"] in told
    assert {row[-1] for row in told} == {"0"}
    assert page.count('name="year"') == 1


def test_a_complete_year_is_released_in_the_background_and_on_record(world: World) -> None:
    engine, head = world.app.state.engine, world.people["head"]
    with transaction(engine, SYSTEM) as session:
        years = [one.code for one in releasing.complete_years(session, date.today())]
        before = [one.id for one in list_releases(session)]
    assert begin(world, years[0]) == 303
    assert "ไม่มีตัวเลขใดเปลี่ยนพอ" in wait(world)
    with transaction(engine, SYSTEM) as session:
        source, values = make_source(session), CaseValues("P02.02", date(2026, 3, 4), stated_code="980102")
        late = [create_case(session, source, values) for _ in range(60)]
    assert begin(world, years[0]) == 303
    page = wait(world)
    assert "เป็นชุดที่" in page
    assert f"โดย {head.login}" in page
    with transaction(engine, SYSTEM) as session:
        [newest, *others] = list_releases(session)
        assert [one.id for one in others] == before
        assert newest.periods == (years[0],)
        asked = "SELECT actor_id, object_id, details ->> 'state' FROM audit_entry WHERE action = 'release'"
        entries = session.execute(text(f"{asked} ORDER BY number DESC LIMIT 1")).one()
        for case in late:
            delete_case(session, case)
    assert tuple(entries) == (head.id, str(newest.id), "released")


def test_years_that_are_not_over_are_refused(world: World) -> None:
    for year in ("fy2570", "fy2400", "2026-01", "", "'"):
        assert begin(world, year) == 400, year


def test_one_at_a_time_and_what_goes_wrong_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from threading import Event

    go = Event()

    def fail(*_: object, **__: object) -> None:
        assert go.wait(30)
        raise failing[0]

    failing: list[Exception] = [ZeroDivisionError()]
    monkeypatch.setattr(releasing, "make_release", fail)
    with transaction(world.app.state.engine, SYSTEM) as session:
        year = releasing.complete_years(session, date.today())[0].code
    assert begin(world, year) == 303
    shown = world.clients["head"].get("/releases").text
    assert "กำลังทดสอบ" in shown
    assert 'name="year"' not in shown
    csrf = re.search(r'name="csrf" value="([^"]+)"', shown)
    assert csrf
    again = world.clients["head"].post("/releases", data={"csrf": csrf[1], "year": year})
    assert (again.status_code, "กำลังทำชุดตัวเลขอยู่แล้ว" in again.text) == (409, True)
    go.set()
    page = wait(world)
    assert "ไม่ได้เผยแพร่ ไม่มีสิ่งใดเปลี่ยน" in page
    assert "ZeroDivision" not in page
    failing[0] = AttackSucceeds(count=1)
    assert begin(world, year) == 303
    assert "ไม่ได้เผยแพร่ ไม่มีสิ่งใดเปลี่ยน" in wait(world)
