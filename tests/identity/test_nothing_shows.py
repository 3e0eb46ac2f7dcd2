"""Planted persons show in nothing that leaves: answers, pages, files, commands, logs, errors, database copies."""

import base64
import logging
import subprocess
import traceback
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from urllib.parse import quote
from uuid import UUID

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text
from typer.testing import CliRunner

from api.auth.permissions import ROLES
from api.auth.scopes import Standing, scope_of
from api.cli import app as command
from api.database import reading, transaction
from api.dependencies import get_scope
from api.identity_use import close_identity, erase_identity, find_by_identity, read_identity, write_identity
from api.settings import Settings
from boundaries.errors import SocialMapError
from layers.identity import IdentityValues
from layers.scope import Scope
from tests.identity.conftest import CLERK, KEEPER, OFFICER, Made
from tests.identity.planted import THAI, needles, person, search
from tests.scopes import SYSTEM

PERSONS = [person(number) for number in range(3)]


@pytest.fixture
def planted(made: Made) -> Made:
    """Each case has a person; one is saved twice, one is restricted."""
    with transaction(made.engine, KEEPER) as session:
        write_identity(session, KEEPER, made.own, PERSONS[1])
        for case, one in zip((made.own, made.foreign, made.secret), PERSONS, strict=True):
            write_identity(session, KEEPER, case, one)
        close_identity(session, KEEPER, made.foreign, "คดีอยู่ในศาล")
    return made


def test_the_search_finds_what_it_is_made_for() -> None:
    one = PERSONS[0]
    for value in (one.name, one.national_id, one.phone, f"{one.lat}"):
        said = str(value)
        for shown in (
            said.encode(),
            said[::-1].encode(),
            said.translate(THAI).encode(),
            quote(said).encode(),
            said.encode("cp874"),
            b"\\\\x" + said.encode().hex().encode(),
            *(base64.b64encode(b"a" * shift + said.encode() + b"end") for shift in range(5)),
        ):
            assert search(b"before " + shown + b" after", PERSONS), (value, shown)
    assert search(b"", PERSONS) == []
    assert all(len(needle) > 7 for needle in needles(one).values())


def scopes(made: Made) -> dict[str, Scope]:
    """Everybody who may ask, as wide as their role can be."""
    given = {
        role: scope_of(Standing(UUID(int=1), role, frozenset({1, 2}), frozenset({"TH"}), frozenset({"99"})))
        for role in ROLES
    }
    given |= {role: replace(scope, reason="ทดสอบ") for role, scope in given.items()}
    return given | {"stranger": Scope.committee(), "public": Scope.public(), "keeper": replace(KEEPER, reason="ทดสอบ")}


WIDEST = ("case_team", "oversight", "partner", "public", "keeper")
"""One of each kind of reader; all of them in the proof."""
VALUES = ("TH", "99", "9901", "990101", "P02", "cases", "assets", "figures", "1", "zz")
FEWER = ("99", "cases", "zz")
"""In `make test`; the proof fills in all of them."""


def all_routes(router: object) -> Iterator[APIRoute]:
    """Give the routes of a router and of those it includes."""
    for route in router.routes:  # type: ignore[attr-defined]
        if isinstance(route, APIRoute):
            yield route
        elif hasattr(route, "original_router"):
            yield from all_routes(route.original_router)


def addresses(app: object, made: Made, of: tuple[str, ...] = VALUES) -> list[str]:
    """Every address that answers a GET, with values that are and are not."""
    found = []
    for route in all_routes(app.router):  # type: ignore[attr-defined]
        if "GET" in (route.methods or ()):
            names = list(route.param_convertors)
            values = (*of, str(made.own)) if len(names) == 1 else ("99", "cases", str(made.own))
            for filled in product(values, repeat=len(names)):
                path = route.path
                for name, value in zip(names, filled, strict=True):
                    path = path.replace(f"{{{name}}}", value).replace(f"{{{name}:path}}", value)
                found.append(path)
    return found


@pytest.mark.parametrize("roles", ["widest", pytest.param("all", marks=pytest.mark.proof)])
def test_no_answer_shows_anybody(planted: Made, caplog: pytest.LogCaptureFixture, roles: str) -> None:
    from api.app import create_app

    caplog.set_level(logging.DEBUG)
    app = create_app(Settings(database_url=planted.engine.url.render_as_string(hide_password=False)))
    client = TestClient(app, base_url="http://localhost", follow_redirects=False, raise_server_exceptions=False)
    paths, fewer = addresses(app, planted), addresses(app, planted, FEWER)
    assert len(paths) > len(fewer) > 60
    answered: set[int] = set()
    asking = {role: scope for role, scope in scopes(planted).items() if roles == "all" or role in WIDEST}
    for role, scope in asking.items():
        app.dependency_overrides[get_scope] = lambda scope=scope: scope
        for path in paths if roles == "all" else fewer:
            answer = client.get(path)
            answered.add(answer.status_code)
            shown = answer.content + repr(sorted(answer.headers.items())).encode() + path.encode()
            assert search(shown, PERSONS) == [], (role, path)
        for path in ("/api/v1/areas", "/api/v1/figures"):
            assert search(client.post(path, json={"name": "x"}).content, PERSONS) == []
    assert {200, 404} <= answered
    app.state.engine.dispose()
    assert search(caplog.text.encode(), PERSONS) == []


def test_no_file_and_no_command_shows_anybody(planted: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", planted.engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("SOCIALMAP_OUTPUT", str(tmp_path))
    run = CliRunner()
    case = str(planted.own)
    for words in (
        ["map", "99", "--out", str(tmp_path / "99.html")],
        ["db", "check"],
        ["db", "status"],
        ["audit", "list", "--limit", "1000"],
        ["audit", "list", "--json"],
        ["audit", "verify", "--json"],
        ["identity", "register"],
        ["identity", "retain", "--dry-run", "--json"],
        ["identity", "restrict", case, "--reason", "คดี"],
        ["identity", "erase", case, "--reason", "ลบ"],
        ["identity", "rotate", "--json"],
        ["boundaries", "list"],
        ["users", "list"],
        ["cases", "template", "--out", str(tmp_path / "cases.xlsx")],
    ):
        done = run.invoke(command, words)
        shown = done.output.encode() + repr(done.exception).encode()
        assert search(shown, PERSONS) == [], words
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert (tmp_path / "99.html") in written
    for path in written:
        assert search(path.read_bytes(), PERSONS) == [], path


def test_no_log_and_no_error_shows_anybody(planted: Made, owner: Engine, caplog: pytest.LogCaptureFixture) -> None:
    """SQL with its parameters is logged too."""
    caplog.set_level(logging.DEBUG)
    logging.getLogger("sqlalchemy.engine").setLevel(logging.DEBUG)
    one = PERSONS[0]
    said = []
    with owner.begin() as connection:
        connection.execute(
            text("ALTER TABLE identity_search ADD CONSTRAINT refuse CHECK (field <> 'guardian') NOT VALID")
        )
    reasoned = replace(OFFICER, reason="ทดสอบ")
    for scope in (OFFICER, CLERK, SYSTEM, Scope.public(), reasoned):
        for act in (
            lambda session, scope: read_identity(session, scope, planted.own),
            lambda session, scope: read_identity(session, scope, planted.secret),
            lambda session, scope: find_by_identity(session, scope, "national_id", one.national_id or ""),
            lambda session, scope: write_identity(session, scope, planted.own, one),
            lambda session, scope: write_identity(session, scope, planted.foreign, one),
            lambda session, scope: write_identity(session, scope, planted.own, replace(one, name=f"{one.name}\0")),
            lambda session, scope: write_identity(session, scope, planted.own, replace(one, note=f"{one.note}" * 400)),
            lambda session, scope: erase_identity(session, scope, planted.own, f"โทร {one.phone}"),
            lambda session, scope: close_identity(session, scope, planted.own, f"บัตร {one.national_id}"),
        ):
            try:
                with transaction(planted.engine, scope) as session:
                    said.append(repr(act(session, scope)))
            except Exception as error:
                told = str(error.text) if isinstance(error, SocialMapError) else ""
                said.append("".join(traceback.format_exception(error)) + repr(error) + told)
    logging.getLogger("sqlalchemy.engine").setLevel(logging.NOTSET)
    # Lines of this file stand in the tracebacks; they name variables, not values.
    assert len(said) == 45
    assert "INSERT INTO identity" in caplog.text
    assert search("\n".join(said).encode(), PERSONS) == []
    assert search(caplog.text.encode(), PERSONS) == []


def test_no_copy_of_the_database_shows_anybody(planted: Made, server: str) -> None:
    """Of all tables, those of identity data too; and nothing of a person stands in the rollups."""
    from sqlalchemy import make_url

    url = make_url(server)
    # A socket's folder stands apart.
    host, port = url.host or url.query["host"], url.port or url.query.get("port", 5432)
    names = ["pg_dump", "-h", str(host), "-p", str(port), "-U", str(url.username)]
    done = subprocess.run([*names, str(planted.engine.url.database)], capture_output=True, check=True)
    assert b"COPY public.identity " in done.stdout
    assert search(done.stdout, PERSONS) == []
    without = [f"--exclude-table={name}" for name in ("identity", "identity_key", "identity_search")]
    done = subprocess.run([*names, *without, str(planted.engine.url.database)], capture_output=True, check=True)
    assert b"COPY public.case_count " in done.stdout
    assert b"COPY public.identity " not in done.stdout
    assert search(done.stdout, PERSONS) == []
    with reading(planted.engine, replace(KEEPER, reason="ทดสอบ")) as session:
        assert read_identity(session, replace(KEEPER, reason="ทดสอบ"), planted.own) == PERSONS[0]


def test_values_are_not_printed() -> None:
    assert search(repr(PERSONS).encode() + str(IdentityValues(name="x")).encode(), PERSONS) == []
