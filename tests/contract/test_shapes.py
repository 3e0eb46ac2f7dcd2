"""The public shapes, frozen: a change of them is seen in the same commit as the file that says it.

`python -m tests.contract.test_shapes` writes the files anew; what is taken away or renamed breaks a client.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from jsonschema import Draft202012Validator

from api.schemas import (
    accounts,
    areas,
    audit,
    case_doubts,
    case_history,
    case_work,
    cases,
    editions,
    figures,
    layers,
    meetings,
    mindmaps,
    plan_bindings,
    plan_work,
    referrals,
    taxonomy,
    teams,
    time_limits,
)
from tests.api.conftest import app, client, served_database, settings  # noqa: F401

FOLDER = Path(__file__).parent / "shapes"
SHAPES = {
    "area": areas.Area,
    "area_at": areas.AreaAt,
    "area_page": areas.AreaPage,
    "editions": editions.Editions,
    "figures": figures.Figures,
    "layers": layers.Layers,
    "meeting": meetings.WholeMeeting,
    "mind_map": mindmaps.MindMap,
    "taxonomy": taxonomy.Taxonomy,
    "work": plan_work.Work,
    "work_country": plan_work.CountryWork,
    "work_overdue": plan_work.OverdueActivities,
    "account": accounts.AccountState,
    "account_page": accounts.AccountPage,
    "audit_page": audit.AuditPage,
    "case": cases.Detail,
    "case_page": cases.Page,
    "identity": cases.Identity,
    "made_link": accounts.MadeLink,
    "units": accounts.Units,
    "session": accounts.SessionState,
    "session_begun": accounts.Begun,
    "sessions": accounts.OpenSessions,
    "devices": accounts.Devices,
    "plan_bindings": plan_bindings.Bindings,
    "team": teams.Team,
    "history": case_history.History,
    "overdue": case_work.Overdue,
    "received_referrals": referrals.ReceivedReferrals,
    "time_limits": time_limits.TimeLimits,
    "area_conflicts": case_doubts.AreasInDoubt,
    "duplicates": case_doubts.DuplicatePairs,
    "merged_into": case_doubts.MergedInto,
    "settled_area": case_doubts.SettledArea,
}
ANSWERS = {
    "area": "/api/v1/areas/9901",
    "area_at": "/api/v1/areas/at?lat=11&lon=100.68",
    "area_page": "/api/v1/areas?level=subdistrict&limit=3",
    "editions": "/api/v1/editions",
    "figures": "/api/v1/figures?within=99&level=district&problem=P08",
    "layers": "/api/v1/layers",
    "mind_map": "/api/v1/mindmaps/9901",
    "taxonomy": "/api/v1/taxonomy",
    "work": "/api/v1/work?area=99&fiscal_year=2569",
    "work_country": "/api/v1/work/country?fiscal_year=2569",
    "work_overdue": "/api/v1/work/overdue?area=99&fiscal_year=2569",
}
"""Answers that strangers get; those of people who are signed in are held against their shapes in `tests/access`."""


def shape(name: str) -> dict[str, Any]:
    """Return the JSON Schema of an answer without its prose."""
    return dict(_without_prose(SHAPES[name].model_json_schema(mode="serialization")))


def _without_prose(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_prose(each) for each in value]
    if not isinstance(value, dict):
        return value
    prose = {name for name in ("description", "title") if isinstance(value.get(name), str)}
    return {name: _without_prose(each) for name, each in value.items() if name not in prose}


def frozen(name: str) -> dict[str, Any]:
    """Read a frozen shape."""
    return dict(json.loads((FOLDER / f"{name}.json").read_text("utf-8")))


@pytest.mark.parametrize("name", SHAPES)
def test_a_shape_is_as_it_was(name: str) -> None:
    """What the code answers is what the file says."""
    assert shape(name) == frozen(name)


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_has_its_shape(client: TestClient, name: str) -> None:  # noqa: F811
    """A real answer keeps to the frozen file, and holds nothing that the file does not name."""
    Draft202012Validator(frozen(name)).validate(client.get(ANSWERS[name]).json())


def test_all_objects_are_closed() -> None:
    """A white list: no object takes members that it does not declare."""

    def objects(value: Any) -> Iterator[dict[str, Any]]:
        if isinstance(value, dict):
            if value.get("type") == "object":
                yield value
            for each in value.values():
                yield from objects(each)
        elif isinstance(value, list):
            for each in value:
                yield from objects(each)

    for name in SHAPES:
        assert all(found["additionalProperties"] is False for found in objects(frozen(name)))


def test_the_addresses_are_as_they_were(app: FastAPI) -> None:  # noqa: F811
    """Methods, paths and query parameters of the first version of the API."""
    assert addresses(app) == json.loads((FOLDER / "addresses.json").read_text("utf-8"))


def addresses(application: FastAPI) -> dict[str, list[str]]:
    """Return each documented path with its parameters; one that is not read with GET is named with its method."""
    return {
        path if method == "get" else f"{method.upper()} {path}": sorted(
            f"{each['name']} ({each['in']})" for each in operation.get("parameters", [])
        )
        for path, operations in sorted(application.openapi()["paths"].items())
        for method, operation in operations.items()
    }


def _write() -> None:
    from api.app import create_app
    from api.settings import Settings

    FOLDER.mkdir(exist_ok=True)
    written = {name: shape(name) for name in SHAPES}
    written["addresses"] = addresses(create_app(Settings(database_url="postgresql+psycopg2://nobody@127.0.0.1/none")))
    for name, content in written.items():
        text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
        (FOLDER / f"{name}.json").write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    _write()
