"""The help lines 1300 and 1479 stand on every page: of every route, when something fails, and in files."""

import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from api.auth.sessions import start_session
from api.auth.signing_in import AUTH
from api.database import transaction
from api.output_folder import write_index
from boundaries.areas import AreaRecord
from mapping.help_lines import NUMBERS
from mapping.offline import Inline
from mapping.social_map import render
from tests.access.matrix import ASKING, ask, rows
from tests.access.world import World, with_token
from tests.mapping.maps_by_hand import LIBRARY, invented_map

BROWSER = {"Accept": "text/html,application/xhtml+xml"}
PAGES = frozenset(
    {"/", "/privacy", "/ogc", "/ogc/", "/maps/{code}", "/signin", "/signin/setup", "/reset", "/account", "/audit",
     "/admin/accounts", "/admin/accounts/{account_id}", "/admin/accounts/{account_id}/link", "/account/password",
     "/account/devices", "/account/recovery-codes"}
)  # fmt: skip
"""Routes that answer with a page at least sometimes: the walk must meet all of them."""


def lacking(html: str) -> list[str]:
    """Return the numbers that a page offers no way to call."""
    return [number for number in NUMBERS if f'href="tel:{number}"' not in html]


def is_page(answer: Response) -> bool:
    return answer.headers.get("content-type", "").startswith("text/html")


def test_every_page_of_every_route_names_them(world: World) -> None:
    """Shown, refused or done: whatever comes back as a page, whoever asks.

    Routes of programs answer with pages only where they refuse, all by the same code: one row of each is asked.
    """
    met, silent, asked = set(), [], set()
    for row in rows():
        if row.over or (row.path.startswith("/api/") and (row.method, row.path) in asked):
            continue
        asked.add((row.method, row.path))
        for who in ("anonymous",) if "/api/" in row.path else ("anonymous", "officer", "admin", "auditor"):
            answer = ask(world, row, who, headers=BROWSER)
            if row.method != "GET":
                world.put_back()
            if is_page(answer):
                met.add(row.path)
                silent += [(row.ask, who, answer.status_code, number) for number in lacking(answer.text)]
    assert silent == []
    assert PAGES - met == set()


@pytest.mark.parametrize(
    "path",
    ["/?indicator=P04", "/privacy?x=1", "/maps/77", "/maps/99?period=x", "/signin?x=1", "/account?x=1", "/audit?x=1"],
)
def test_a_page_about_a_failure_names_them(world: World, path: str) -> None:
    for who in ASKING:
        answer = world.clients[who].get(path, headers=BROWSER)
        if answer.status_code == 303:
            continue
        assert is_page(answer), (path, answer.text)
        assert lacking(answer.text) == [], (path, who)


def test_the_page_that_asks_for_the_second_factor_names_them(world: World) -> None:
    with transaction(world.app.state.engine, AUTH) as session:
        token = start_session(session, world.people["officer"].id, "code", "half")
    answer = with_token(world.app, token).get("/signin/code")
    assert answer.status_code == 200
    assert lacking(answer.text) == []
    world.put_back()


def test_a_forged_form_is_refused_on_a_page_that_names_them(world: World) -> None:
    client = TestClient(world.app, base_url="https://localhost", follow_redirects=False)
    answer = client.post("/signin", data={"login": "x"}, headers={"Origin": "https://elsewhere.example"})
    assert (answer.status_code, is_page(answer)) == (403, True)
    assert lacking(answer.text) == []


def test_files_that_are_passed_on_name_them_and_lead_to_no_server(tmp_path: Path) -> None:
    write_index(
        tmp_path, [AreaRecord("99", "province", None, "สมมติบุรี", "Sommut Buri", "changwat", 100.6, 11.0)], LIBRARY
    )
    for html in (render(invented_map(3), Inline(LIBRARY)).html, (tmp_path / "index.html").read_text("utf-8")):
        assert lacking(html) == []
        assert not re.search(r'href="/privacy', html)
