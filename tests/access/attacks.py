"""What attacks share: who asks a row with success, what the database held before, and its addresses filled in."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager

from fastapi.testclient import TestClient
from sqlalchemy import text

from api.database import transaction
from tests.access.matrix import Row, rows
from tests.access.world import World
from tests.scopes import SYSTEM

ROWS = rows()
CHANGING = tuple({(row.method, row.path): row for row in ROWS if row.method != "GET"}.values())
"""One row of each changing route."""
READING = tuple({row.path: row for row in reversed(ROWS) if row.method == "GET"}.values())
"""The first row of each route that is read."""

KEPT = (
    'SELECT count(*), sum(hashtext(c::text)::bigint) FROM "case" c',
    "SELECT count(*), sum(hashtext(t::text)::bigint) FROM case_member t",
    "SELECT count(*), sum(hashtext(id || login || name || role || coalesce(password_hash, ''))::bigint) FROM account",
    "SELECT count(*), sum(hashtext(t::text)::bigint) FROM account_unit t",
    "SELECT count(*), sum(hashtext(t::text)::bigint) FROM account_area t",
    "SELECT count(*), sum(hashtext(t::text)::bigint) FROM unit t",
    "SELECT count(*), sum(hashtext(t::text)::bigint) FROM asset t",
    "SELECT count(*), sum(hashtext(t::text)::bigint) FROM source t",
    "SELECT count(*), sum(hashtext(t::text)::bigint) FROM edition t",
    "SELECT count(*), sum(hashtext(code || name_th)::bigint) FROM area",
    "SELECT count(*), sum(hashtext(t::text)::bigint) FROM release t",
    "SELECT count(*), sum(cases) FROM case_count",
    "SELECT count(*), count(undone_at) FROM import_run",
    "SELECT count(*), sum(hashtext(t::text)::bigint) FROM plan t",
    "SELECT count(*), sum(hashtext(t::text)::bigint) FROM plan_part t",
    "SELECT count(*), sum(number) FROM plan_change",
    "SELECT count(*), sum(hashtext(t::text)::bigint) FROM policy_theme t",
    *(
        f"SELECT count(*), sum(hashtext(t::text)::bigint) FROM {table} t"
        for table in ("field_envelope", "case_event", "case_closing", "referral", "visit", "assistance", "webhook")
    ),
    "SELECT count(*), sum(hashtext(t::text)::bigint) FROM meeting t",
    "SELECT count(*), sum(hashtext(t::text)::bigint) FROM meeting_stop t",
    "SELECT count(*), sum(hashtext(t::text)::bigint) FROM resolution t",
    "SELECT count(*), sum(hashtext(t::text)::bigint) FROM webhook t",
    "SELECT count(*), count(read_at) FROM alert_delivery",
    "SELECT count(*), count(confirmed_at) FROM alert_address",
    "SELECT count(*), count(*) FROM identity_key",
    "SELECT count(*) FILTER (WHERE revoked_at IS NULL), 0 FROM device_token",
)


def held(world: World) -> list[tuple[object, ...]]:
    """Return what the database holds, as counts and sums."""
    with transaction(world.app.state.engine, SYSTEM) as session:
        return [tuple(session.execute(text(asked)).one()) for asked in KEPT]


@contextmanager
def unchanged(world: World) -> Iterator[None]:
    """Fail when something was written beside the audit, sessions and failed attempts."""
    before = held(world)
    yield
    assert held(world) == before
    world.put_back()


def asker(row: Row) -> str:
    """Return who is answered a row: administrators for accounts and settings, the auditor for the audit, the head for
    what waits to be assigned, an officer elsewhere."""
    if row.path.endswith("/approve") or re.search(r"^/desk/(teams|quarantine)", row.path):
        return "head"
    if "/audit" in row.path:
        return "auditor"
    return "admin" if re.search(r"/(accounts|units|admin/alerts|settings)", row.path) else "officer"


def address(world: World, row: Row, **more: str) -> str:
    """Return a row's address with ids in it."""
    named = {**world.named, **more}
    named.setdefault("case", str(world.cases["own"]))
    return re.sub(r"\{(\w+)\}", lambda found: named[found[1]], row.ask.split(" ", 1)[1])


def send(client: TestClient, world: World, row: Row, **given: object):  # type: ignore[no-untyped-def]
    """Send a row's request with its own body, unless another is given."""
    named = {**world.named, "who": "attacked"}

    def filled(value: str) -> str:
        return re.sub(r"\{(\w+)\}", lambda found: named[found[1]], value)

    if not {"json", "data", "content"} & given.keys():
        if row.json is not None:
            given["json"] = json.loads(filled(json.dumps(row.json)))
        if row.form is not None:
            given["data"] = {name: filled(value) for name, value in row.form.items()}
    return client.request(row.method, address(world, row), **given)
