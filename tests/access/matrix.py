"""The matrix: rows of `matrix.yaml`, how each is asked, and what is read out of the answer."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from fastapi import FastAPI
from httpx2 import Response
from starlette.routing import Route

from tests.access.world import ASKING, World
from tests.identity.test_nothing_shows import all_routes

FILE = Path(__file__).with_name("matrix.yaml")
Outcome = Any
"""A status; [status, ids]; or for a row that asks over cases, a list of their names for each status."""


@dataclass(frozen=True)
class Row:
    """One address, as it is asked."""

    ask: str
    route: str = ""
    json: Any = None
    form: dict[str, str] | None = None
    again: bool = False
    ids: str = ""
    over: str = ""
    expect: dict[str, Outcome] = field(default_factory=dict, hash=False)

    @property
    def method(self) -> str:
        return self.ask.split(" ", 1)[0]

    @property
    def path(self) -> str:
        """The route's path, as the application names it."""
        return self.route or self.ask.split(" ", 1)[1].partition("?")[0]

    def expected(self, who: str) -> Outcome:
        """Return what somebody should be answered."""
        named = (outcome for names, outcome in self.expect.items() if who in names.split())
        return _whole(next(named, self.expect.get("everybody")))


def rows() -> list[Row]:
    """Read the matrix."""
    return [Row(**one) for one in yaml.safe_load(FILE.read_text("utf-8"))]


def routes(app: FastAPI) -> set[tuple[str, str]]:
    """List method and path of every route, those of included routers too."""
    plain = [one for one in app.router.routes if type(one) is Route]
    found = [*all_routes(app.router), *plain]
    return {(method, one.path) for one in found for method in (one.methods or set()) - {"HEAD"}}


def documented(app: FastAPI) -> set[tuple[str, str]]:
    """List method and path of everything in the OpenAPI document."""
    paths = app.openapi()["paths"]
    return {(method.upper(), path) for path, operations in paths.items() for method in operations}


def outcome(world: World, row: Row, who: str) -> Outcome:
    """Ask a row as somebody and return what came of it."""
    if row.over:
        found: dict[int, list[str]] = {}
        for name, case in world.cases.items():
            answer = ask(world, row, who, case=str(case))
            found.setdefault(answer.status_code, []).append(name)
        usual = max(found, key=lambda status: len(found[status]))
        return {status: "others" if status == usual else sorted(names) for status, names in found.items()}
    answer = ask(world, row, who)
    return [answer.status_code, READ[row.ids](world, answer) if row.ids else []]


def ask(world: World, row: Row, who: str, headers: Mapping[str, str] | None = None, **more: str) -> Response:
    """Send a row's request as somebody."""
    named = {**world.named, "who": who.replace("_", "-"), **more}
    method, address = row.ask.split(" ", 1)
    sent: dict[str, Any] = {"headers": headers}
    if row.json is not None:
        sent["json"] = json.loads(filled(json.dumps(row.json), named))
    if row.form is not None:
        sent["data"] = {name: filled(value, named) for name, value in row.form.items()}
    with world.again(who) if row.again else nullcontext(world.clients[who]) as client:
        answer = client.request(method, filled(address, named), **sent)
    asked = next((str(one) for one in world.cases.values() if str(one) in filled(address, named)), "")
    assert world.foreign(who, f"{answer.headers} {answer.text}", asked) == []
    return answer


def filled(text: str, named: dict[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: named[found[1]], text)


def _whole(outcome: Outcome) -> Outcome:
    if isinstance(outcome, int):
        return [outcome, []]
    if isinstance(outcome, list) and not (outcome and isinstance(outcome[0], int)):
        return [200, outcome]
    return outcome


SIGN = {"ok": "", "zero": "=0", "hidden": "=hidden", "unstable": "", "no_data": "=none"}
"""How the state of a figure is written behind its area; few events are a number like others here."""


def _figures(world: World, answer: Response) -> list[str]:
    if answer.status_code != 200:
        return []
    told = answer.json()
    return [told["audience"], *(f"{one['code']}{SIGN[one['state']]}" for one in told["rows"])]


def _exported(world: World, answer: Response) -> list[str]:
    """Name the audience and the rows of an exported layer, of cases their own names."""
    if answer.status_code != 200:
        return []
    told = answer.json()
    rows = [one["properties"] for one in told["features"]]
    if told["name"] == "cases":
        return world.case_names([one["id"] for one in rows])
    if told["name"] == "assets":
        return _named(world, iter(one["id"] for one in rows))
    return [told["audience"], *(f"{one['code']}{SIGN[one.get('state', 'ok')]}" for one in rows)]


def _map(world: World, answer: Response) -> list[str]:
    found = re.search(r'"audience":\s*("(?:[^"\\]|\\.)*")', answer.text)
    return [json.loads(found[1])] if found else []


def _members(*path: str) -> Callable[[World, Response], list[str]]:
    def read(world: World, answer: Response) -> list[str]:
        if answer.status_code != 200:
            return []
        found = answer.json()[path[0]]
        held = found if isinstance(found, list) else [found]
        for name in path[1:]:
            held = [one[name] for one in held]
        return sorted(str(one) for one in held)

    return read


def _points(world: World, answer: Response) -> list[str]:
    """Name the case where the answer does, else the area that a moved place lies in."""
    features = answer.json().get("features", [])
    return sorted(
        world.case_names([one["properties"]["id"]])[0] if one["properties"]["id"] else one["properties"]["area"]
        for one in features
    )


def _named(world: World, ids: Iterator[str]) -> list[str]:
    names = {value: name for name, value in world.ids.items()}
    return sorted(names.get(one, one) for one in ids)


def _state(world: World, answer: Response) -> list[str]:
    told = answer.json()
    areas = ["TH"] if told["areas"] is None else told["areas"]
    return [str(told["login"]), told["audience"], *areas]


READ: dict[str, Callable[[World, Response], list[str]]] = {
    "areas": _members("areas", "code"),
    "area": lambda _, answer: [answer.json().get("code") or answer.json()["subdistrict"]["code"]],
    "assets": lambda world, answer: _named(world, (str(one["id"]) for one in answer.json()["features"])),
    "plans": lambda world, answer: _named(world, (one["id"] for one in answer.json().get("plans", []))),
    "work": lambda _, answer: [
        f"{one['area']}={one['approved']['plans']}+{one['draft']['plans']}" for one in answer.json()["places"]
    ],
    "overdue": lambda world, answer: _named(world, iter({one["plan"] for one in answer.json()["activities"]})),
    "alerts": lambda world, answer: _named(world, (one["id"] for one in answer.json().get("alerts", []))),
    "alert_cases": lambda world, answer: world.case_names(
        [one["case_id"] for one in answer.json().get("alerts", []) if one["case_id"]]
    ),
    "meetings": lambda world, answer: _named(world, (one["id"] for one in answer.json().get("meetings", []))),
    "measures": lambda _, answer: sorted(answer.json()["layers"][0]["measures"]),
    "figures": _figures,
    "exported": _exported,
    "period": lambda _, answer: [answer.json()["audience"], answer.json()["period"]["code"]],
    "map": _map,
    "cases": lambda world, answer: world.case_names([one["id"] for one in answer.json().get("cases", [])]),
    "points": _points,
    "accounts": _members("accounts", "login"),
    "account": _members("login"),
    "units": _members("units", "key"),
    "page_accounts": lambda _, answer: sorted(
        re.findall(r'href="/admin/accounts/[0-9a-f-]{36}">([^<]+)<', answer.text)
    ),
    "state": _state,
    "sessions": lambda world, answer: _named(world, (one["id"] for one in answer.json().get("sessions", []))),
    "devices": lambda world, answer: _named(world, (one["id"] for one in answer.json().get("devices", []))),
    "location": lambda _, answer: [answer.headers["location"]] if "location" in answer.headers else [],
    "entry": lambda _, answer: [
        f"{one['login']} {one['action']} {one['kind']}" for one in answer.json().get("entries", [])
    ],
}

ROWS_AT_ONCE = [
    row
    for row in rows()
    if row.ids in ("cases", "points", "figures", "state", "accounts") and "period=2026" not in row.ask
]
"""Rows whose answers are different for nearly everybody, and that change nothing."""

__all__ = ["ASKING", "ROWS_AT_ONCE", "Row", "documented", "outcome", "routes", "rows"]
