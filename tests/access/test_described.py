"""Whatever the OpenAPI document allows and what it does not: no fault, no answer beyond it, nothing foreign."""

import json
import re
from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.access.world import ASKING, World
from tests.contract.test_shapes import frozen

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
IN_TEST = ("officer",)


def operations(world: World) -> Iterator[Any]:
    """Give the operations of the application's own document."""
    schema = schemathesis.openapi.from_dict(world.app.openapi())
    for found in schema.get_all_operations():
        yield found.ok()


def known(world: World) -> st.SearchStrategy[str]:
    """Give ids that are somebody's, so that not every example asks for nothing."""
    return st.sampled_from([*map(str, world.cases.values()), *world.ids.values(), "99", "98", "9901", "980101", "TH"])


def send(world: World, who: str, case: Case) -> Any:
    """Send an example as somebody, as far as HTTP can carry it."""
    path = case.formatted_path
    headers = {name: value for name, value in (case.headers or {}).items() if value.isascii() and value.isprintable()}
    sent: dict[str, Any] = {"params": case.query or {}, "headers": headers}
    if case.media_type == "application/json":
        try:
            sent["content"] = json.dumps(case.body).encode()
        except (TypeError, ValueError):
            sent["content"] = b"\x00"
        headers["Content-Type"] = "application/json"
    # Sessions end on the way: those of the others' tests do not.
    ending = case.operation.path.startswith("/api/v1/session")
    with world.again(who) if ending else nullcontext(world.clients[who]) as client:
        return client.request(case.method, path, **sent)


def examine(world: World, who: str, each: int) -> int:
    """Ask every operation `each` times as somebody; return how many requests that were."""
    made = 0
    for operation in operations(world):

        @settings(max_examples=each, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
                  suppress_health_check=list(HealthCheck))  # fmt: skip
        @given(case=operation.as_strategy(), data=st.data())
        def ask(case: Case, data: st.DataObject) -> None:
            nonlocal made
            for name in case.path_parameters or {}:
                if data.draw(st.booleans()):
                    case.path_parameters[name] = data.draw(known(world))
            answer = send(world, who, case)
            made += 1
            case.validate_response(answer, checks=CHECKS)
            asked = re.search(r"[0-9a-f]{8}-[0-9a-f-]{27}", str(answer.request.url))
            assert world.foreign(who, f"{answer.headers} {answer.text}", asked[0] if asked else "") == []

        ask()
        world.put_back()
    return made


@pytest.mark.parametrize("who", IN_TEST)
def test_what_the_document_allows_is_answered_as_it_says(world: World, who: str) -> None:
    assert examine(world, who, 12) >= 200


@pytest.mark.proof
@pytest.mark.parametrize("who", ASKING)
def test_every_role_is_answered_as_the_document_says(world: World, who: str) -> None:
    assert examine(world, who, 150) >= 2000


SHAPES = (
    ("officer", "GET", "/api/v1/cases", "case_page"),
    ("officer", "GET", "/api/v1/cases/{own}", "case"),
    ("case_team", "POST", "/api/v1/cases/{secret}/read", "case"),
    ("case_team", "POST", "/api/v1/cases/{secret}/identity", "identity"),
    ("admin", "GET", "/api/v1/accounts", "account_page"),
    ("admin", "GET", "/api/v1/accounts/{account}", "account"),
    ("admin", "POST", "/api/v1/accounts/{account}/link", "made_link"),
    ("admin", "GET", "/api/v1/units", "units"),
    ("officer", "GET", "/api/v1/session", "session"),
    ("officer", "GET", "/api/v1/sessions", "sessions"),
    ("officer", "GET", "/api/v1/devices", "devices"),
    ("head", "GET", "/api/v1/cases/{secret}/team", "team"),
    ("auditor", "GET", "/api/v1/audit", "audit_page"),
)


@pytest.mark.parametrize(("who", "method", "path", "shape"), SHAPES)
def test_answers_of_people_who_are_signed_in_have_their_frozen_shape(
    world: World, who: str, method: str, path: str, shape: str
) -> None:
    named = {**world.ids, **{name: str(one) for name, one in world.cases.items()}}
    body = {"json": {} if path.endswith("/link") else {"reason": "ติดตามผลตามแผน"}} if method == "POST" else {}
    answer = world.clients[who].request(method, path.format(**named), **body)  # type: ignore[arg-type]
    assert answer.status_code in (200, 201)
    Draft202012Validator(frozen(shape)).validate(answer.json())
