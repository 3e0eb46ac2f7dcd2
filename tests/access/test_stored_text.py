"""Scripts in every text that can be stored: they come out as text wherever a page shows them."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from api.cache import AreaCache
from api.database import transaction
from api.identity_use import write_identity
from api.prints.kinds import KINDS
from layers.identity import IdentityValues
from tests.access.attacks import READING, address
from tests.access.world import CLAIMING, PERSONS, World
from tests.scopes import SYSTEM

SCRIPT = "<img src=x onerror=alert(1)>\"'></script><script>alert(1)</script>${alert(1)}{{7*7}}"
STORED = (
    ("account", "id", ("name",), "login = 'spare-one'"),
    ("unit", "id", ("name_th", "name_en"), "true"),
    ("asset", "id", ("name_th", "kind"), "true"),
    ("source", "id", ("name_th", "name_en", "licence"), "true"),
    ("edition", "id", ("citation_th", "citation_en", "licence", "name"), "true"),
    ("area", "code", ("name_th", "name_en"), "code IN ('9901', '990101')"),
    ("account_session", "id", ("agent",), "true"),
    ("device_token", "id", ("name",), "true"),
)
"""Table, what names a row, the texts in it, and which rows."""


@pytest.fixture
def spoiled(world: World) -> Iterator[World]:
    """Every text of the database that is somebody's to write holds a script; reasons and identities through HTTP."""
    engine = world.app.state.engine
    before = []
    with transaction(engine, SYSTEM) as session:
        for table, key, columns, which in STORED:
            rows = session.execute(text(f"SELECT {key} AS key, {', '.join(columns)} FROM {table} WHERE {which}"))
            before.append([dict(row._mapping) for row in rows])
            assert before[-1], table
            spoil = ", ".join(f"{name} = :script" for name in columns)
            session.execute(text(f"UPDATE {table} SET {spoil} WHERE {which}"), {"script": SCRIPT})
    with transaction(engine, CLAIMING) as session:
        values = {
            name: SCRIPT
            for name in IdentityValues.__dataclass_fields__
            if name not in ("lat", "lon", "national_id", "phone")
        }
        write_identity(session, CLAIMING, world.cases["own"], IdentityValues(**values))
    answer = world.clients["officer"].post(f"/api/v1/cases/{world.cases['own']}/read", json={"reason": SCRIPT})
    assert answer.status_code == 200
    world.app.state.areas = AreaCache()
    yield world
    with transaction(engine, SYSTEM) as session:
        for (table, key, columns, _), rows in zip(STORED, before, strict=True):
            mend = ", ".join(f"{name} = :{name}" for name in columns)
            session.execute(text(f"UPDATE {table} SET {mend} WHERE {key} = :key"), rows)
    with transaction(engine, CLAIMING) as session:
        write_identity(session, CLAIMING, world.cases["own"], PERSONS["own"])
    world.app.state.areas = AreaCache()


def test_no_page_of_anybody_runs_what_was_stored(spoiled: World) -> None:
    """Each page as each role; a page that shows it at all shows it as text."""
    shown, pages = set(), 0
    for row in READING:
        for who in ("anonymous", "officer", "oversight", "admin", "auditor"):
            answer = spoiled.clients[who].get(address(spoiled, row), headers={"Accept": "text/html"})
            kind = answer.headers.get("content-type", "")
            assert answer.status_code < 500, (row.ask, who)
            if "alert(1)" in answer.text:
                shown.add(row.path)
            if not kind.startswith("text/html"):
                assert kind.split(";")[0] in PLAIN, (row.ask, kind)
                continue
            pages += 1
            assert "<script>alert(1)" not in answer.text, (row.ask, who)
            assert "<img src=x" not in answer.text, (row.ask, who)
            assert "</script><script>" not in answer.text.replace("\n", ""), (row.ask, who)
    assert pages > 30
    assert {"/maps/{code}", "/account", "/admin/accounts", "/api/v1/areas", "/api/v1/accounts"} <= shown
    audit = spoiled.clients["auditor"].get("/audit?action=case_read").text
    assert "&lt;script&gt;alert(1)" in audit
    assert "<script" not in audit


PLAIN = frozenset(
    {"", "application/json", "application/geo+json", "application/problem+json", "text/csv", "image/svg+xml",
     "application/vnd.oai.openapi+json", "font/woff2", "text/javascript", "text/css", "application/schema+json",
     "application/yaml", "image/png", "text/event-stream",
     *(kind.media_type for kind in KINDS.values())}
)  # fmt: skip
"""Media in which a browser that is told not to guess runs nothing."""


def test_what_was_typed_wrongly_is_repeated_as_text(world: World) -> None:
    """Values of forms and addresses that a refusal or the page itself shows again."""
    admin = world.clients["admin"]
    for answer in (
        admin.post("/admin/accounts", data={"login": SCRIPT, "name": SCRIPT, "role": SCRIPT, "areas": SCRIPT}),
        admin.post(f"/admin/accounts/{world.people['spare'].id}", data={"name": SCRIPT, "role": SCRIPT}),
        admin.post("/account/devices", data={"name": SCRIPT, "areas": SCRIPT}),
        world.stranger().post("/signin", data={"login": SCRIPT, "password": SCRIPT, "next": SCRIPT}),
        world.stranger().get("/signin", params={"next": SCRIPT}),
        world.stranger().get("/maps/" + SCRIPT.replace("/", "")),
        world.stranger().get("/maps/99", params={"period": SCRIPT}),
        world.clients["auditor"].get("/audit", params={"from": SCRIPT[:20], "action": SCRIPT[:40]}),
        world.stranger().get("/ogc", params={"f": SCRIPT}, headers={"Accept": "text/html"}),
    ):
        assert answer.status_code < 500
        if answer.headers["content-type"].startswith("text/html"):
            assert "<script>alert" not in answer.text
            assert "<img src=x" not in answer.text
    world.put_back()


def test_figures_for_a_spreadsheet_begin_no_formula(world: World) -> None:
    """A name that begins with a sign of a formula would be run by a spreadsheet."""
    engine = world.app.state.engine
    with transaction(engine, SYSTEM) as session:
        session.execute(text("UPDATE area SET name_th = '=HYPERLINK(1)', name_en = '@SUM(1)' WHERE code = '9901'"))
    world.app.state.areas = AreaCache()
    try:
        shown = world.stranger().get("/api/v1/figures?within=99&level=district&f=csv").text
        assert "9901" in shown
        assert not re.search(r'(^|,)"?[=@+]', shown, re.MULTILINE)
    finally:
        with transaction(engine, SYSTEM) as session:
            session.execute(text("UPDATE area SET name_th = 'สมมติ', name_en = 'x' WHERE code = '9901'"))
        world.app.state.areas = AreaCache()
