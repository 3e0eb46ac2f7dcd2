"""Statements in every place a value can stand: the answer is that to any other odd value, and nothing is written."""

import html
import json
import re
from urllib.parse import quote

import pytest
from httpx2 import Response

from api.dependencies import parameter_names
from tests.access.attacks import ROWS, address, asker, unchanged
from tests.access.matrix import Row
from tests.access.world import World
from tests.identity.test_nothing_shows import all_routes

ODD = "zz'zz zz(zz;zz--zz" * 5
EVIL = (
    "' OR '1'='1",
    '\'; DROP TABLE "case"; --',
    "x') UNION SELECT set_config('socialmap.scope', 'x', false) --",
    "%' OR name_th LIKE '%",
)
HARMLESS = "' zz zz zz(zz"


def harmless(value: str) -> str:
    """Return a text that means nothing and is as long and as odd: a quote, brackets, a semicolon."""
    return value[0] + ODD[: len(value) - 1]


PATHS = tuple({(row.method, row.path): row for row in ROWS if "{" in row.path}.values())
BODIES = tuple({(row.method, row.path): row for row in ROWS if row.json is not None or row.form is not None}.values())
OGC = (
    "bbox",
    "limit",
    "datetime",
    "cursor",
    "f",
    "code",
    "parent_code",
    "name_th",
    "kind",
    "province_code",
    "area_code",
)
HEADERS = (
    "Authorization",
    "If-None-Match",
    "Accept",
    "X-CSRF-Token",
    "User-Agent",
    "Content-Type",
    "Cookie",
    "X-Forwarded-For",
    "Accept-Language",
    "Range",
    "X-Request-ID",
)


def plain(answer: Response, given: str) -> tuple[int, str]:
    """Return what an answer says without the value that was sent, however it is written there."""
    shown = answer.text
    forms = {
        given,
        html.escape(given),
        quote(given),
        quote(given, safe=""),
        json.dumps(given)[1:-1],
        given.replace("'", "&#39;").replace('"', "&#34;"),
    }
    for form in sorted(forms, key=len, reverse=True):
        shown = shown.replace(form, "…")
    shown = re.sub(r'"(request_id|timeStamp)":\s*"[^"]*"', "", shown)
    if answer.headers.get("content-type", "").startswith(("image/", "application/pdf", "application/vnd.")):
        return answer.status_code, ""  # a sheet prints the name that it is given
    if "/audit" in str(answer.request.url):  # which shows that it was looked at: no two answers are the same
        return answer.status_code, ""
    return answer.status_code, re.sub(r"(nonce[-=]\"?|csrf\" value=\")[\w+/=-]+", "", shown)


def parameters(world: World, row: Row) -> list[str]:
    """Return the names of a route's parameters; the OGC ones read theirs by themselves."""
    if row.path.startswith("/ogc"):
        return list(OGC)
    routes = [one for one in all_routes(world.app.router) if one.path == row.path and row.method in (one.methods or ())]
    return [*sorted({name for route in routes for name in parameter_names(route.dependant)}), "unknown"]


READING = tuple({row.path: row for row in ROWS if row.method == "GET" and row.path != "/api/v1/openapi.json"}.values())


@pytest.mark.parametrize("row", READING, ids=lambda row: row.path)
def test_no_query_parameter_reaches_the_statement(world: World, row: Row) -> None:
    client, base = world.clients[asker(row)], address(world, row).partition("?")[0]
    with unchanged(world):
        for name in parameters(world, row):
            for value in EVIL:
                other = harmless(value)
                expected = plain(client.get(base, params={name: other}), other)
                assert expected[0] < 500
                assert plain(client.get(base, params={name: value}), value) == expected, (name, value)


@pytest.mark.parametrize("row", PATHS, ids=lambda row: f"{row.method} {row.path}")
def test_no_part_of_a_path_reaches_the_statement(world: World, row: Row) -> None:
    client = world.clients[asker(row)]
    with unchanged(world):
        for name in re.findall(r"\{(\w+)\}", row.path):

            def asked(value: str, name: str = name) -> str:
                path = row.path.replace("{" + name + "}", quote(value, safe=""))
                return re.sub(r"\{\w+\}", "assets", path)

            body = {"data": row.form} if row.form is not None else {"json": row.json}
            expected = plain(client.request(row.method, asked(HARMLESS), **body), HARMLESS)  # type: ignore[arg-type]
            assert expected[0] in (400, 404)
            for value in EVIL:
                told = plain(client.request(row.method, asked(value), **body), value)  # type: ignore[arg-type]
                assert told == expected, (name, value)


@pytest.mark.parametrize("row", BODIES, ids=lambda row: f"{row.method} {row.path}")
def test_no_member_of_a_body_reaches_the_statement(world: World, row: Row) -> None:
    """Each member in turn, as a text and, where it is a list, as a list."""
    for name in row.json if row.json is not None else row.form or ():
        statuses = set()
        for value in (HARMLESS, *EVIL[1:3]):
            with world.again(asker(row)) as client:
                given = {**(row.json or row.form or {})}
                given = json.loads(json.dumps(given).replace("{who}", "injected"))
                given[name] = [value] if isinstance(given[name], list) else value
                sent = {"json": given} if row.json is not None else {"data": given}
                answer = client.request(row.method, address(world, row), **sent)  # type: ignore[arg-type]
                statuses.add(answer.status_code)
                assert "syntax" not in answer.text.lower()
            world.put_back()
        assert len(statuses) == 1, (name, statuses)
        assert max(statuses) < 500


def test_no_header_reaches_the_statement(world: World) -> None:
    with unchanged(world):
        for name in HEADERS:
            for path in (
                "/api/v1/areas/9901",
                "/api/v1/session",
                "/account",
                "/api/v1/figures?within=99&level=district",
            ):
                expected = plain(world.stranger().get(path, headers={name: HARMLESS}), HARMLESS)
                assert expected[0] < 500
                for value in EVIL:
                    assert plain(world.stranger().get(path, headers={name: value}), value) == expected, (name, path)


def test_a_cookie_that_is_a_statement_is_no_session(world: World) -> None:
    for value in (HARMLESS, *EVIL):
        answer = world.stranger().get("/api/v1/sessions", headers={"Cookie": f'__Host-socialmap="{value}"'})
        assert answer.status_code == 401


@pytest.mark.parametrize("value", ["a\r\nX-Injected: 1", "a\nSet-Cookie: x=1", "a%0d%0aX-Injected:%201", "\u0e01\r\n"])
def test_no_value_becomes_a_header(world: World, value: str) -> None:
    asked = (
        ("/signin", "next"),
        ("/account", "said"),
        ("/admin/accounts", "after"),
        ("/api/v1/areas", "q"),
        ("/maps/99", "period"),
    )
    for path, name in asked:
        for who in ("anonymous", "admin"):
            told = world.clients[who].get(path, params={name: value})
            assert told.status_code < 500
            assert not {"x-injected", "x"} & set(told.headers)
            assert "set-cookie" not in told.headers
    assert not [name for name in world.stranger().get(f"/{quote(value)}").headers if "inject" in name]
