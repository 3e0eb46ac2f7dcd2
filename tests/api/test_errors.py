"""How failures are told over HTTP."""

import json
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import text
from starlette.responses import Response

from api import errors
from api.app import DatabaseNotSet, create_app
from api.dependencies import ReadSession
from api.settings import Settings
from boundaries.errors import SocialMapError
from boundaries.messages import catalogue

SECRET = "a-password-nobody-may-see"

ADDRESSES = (
    "/api/v1/areas/98",
    "/api/v1/areas?level=x",
    "/api/v1/figures?problem=P99",
    "/api/v1/figures?nonsense=1",
    "/nowhere",
    "/ogc/collections/nothing",
    "/ogc/collections/districts/items?bbox=1",
    "/api/v1/areas/at?lat=1",
)


def check_problem(answer: Response | object, status: int) -> dict[str, object]:
    """Return the body of an RFC 9457 answer after checking what every one of them must have."""
    assert answer.status_code == status, answer.text  # type: ignore[attr-defined]
    assert answer.headers["content-type"] == "application/problem+json"  # type: ignore[attr-defined]
    body: dict[str, object] = answer.json()  # type: ignore[attr-defined]
    assert body["status"] == status
    for name in ("type", "title", "detail", "title_en", "detail_en", "code", "request_id"):
        assert isinstance(body[name], str)
        assert body[name]
    assert any("ก" <= letter <= "๙" for letter in str(body["detail"]))
    assert not any("ก" <= letter <= "๙" for letter in str(body["title_en"]))
    assert answer.headers["x-request-id"] == body["request_id"]  # type: ignore[attr-defined]
    assert answer.headers["cache-control"] == "no-store"  # type: ignore[attr-defined]
    return body


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_failure_has_one_shape(client: TestClient, address: str) -> None:
    """Thai first, English beside it, a stable code, a request id; the type can be opened."""
    answer = client.get(address)
    body = check_problem(answer, answer.status_code)
    assert 400 <= answer.status_code < 500
    told = client.get(str(body["type"]))
    if str(body["code"]) != "parameter_bad" or "errors" not in body:
        assert told.status_code == 200


def test_unknown_parameters_are_refused_with_those_allowed(client: TestClient) -> None:
    """A misspelt filter must not give everything."""
    body = check_problem(client.get("/api/v1/figures?probem=P02"), 400)
    assert body["code"] == "parameter_unknown"
    for name in ("problem", "period", "measure", "target_group", "within", "level", "f"):
        assert name in str(body["detail"])


def test_a_method_that_is_not_allowed(client: TestClient) -> None:
    """405 with the methods that are."""
    answer = client.post("/api/v1/areas")
    assert check_problem(answer, 405)["code"] == "method_not_allowed"
    assert answer.headers["allow"] == "GET"


@pytest.mark.parametrize("headers", [{"Content-Length": "99999999999"}, {"Transfer-Encoding": "chunked"}])
def test_a_request_that_is_too_large(client: TestClient, headers: dict[str, str]) -> None:
    """413 before anything is read."""
    answer = client.request("POST", "/api/v1/areas", headers=headers)
    assert check_problem(answer, 413)["code"] == "too_large"


def test_an_address_that_is_too_long(client: TestClient) -> None:
    """414, and the address is not repeated."""
    answer = client.get("/api/v1/areas?q=" + "a" * 9000)
    assert check_problem(answer, 414)["code"] == "address_long"
    assert len(answer.content) < 1000


def test_invalid_values_are_told_one_by_one(client: TestClient) -> None:
    """Each parameter with its own sentence, refused values cut short."""
    body = check_problem(client.get("/api/v1/areas", params={"limit": "many", "level": "x" * 500}), 400)
    assert {each["parameter"] for each in body["errors"]} == {"limit", "level"}  # type: ignore[attr-defined, index]
    assert len(json.dumps(body)) < 3000


def test_a_request_id_is_never_taken_from_the_client(client: TestClient) -> None:
    """A client that sends one could forge lines of the log."""
    answer = client.get("/healthz", headers={"X-Request-ID": "forged"})
    assert answer.headers["x-request-id"] != "forged"


@pytest.fixture
def broken() -> Iterator[TestClient]:
    """The application with a database that is not there."""
    made = create_app(Settings(database_url=f"postgresql+psycopg2://socialmap_app:{SECRET}@127.0.0.1:1/nothing"))
    with TestClient(made, base_url="http://localhost", raise_server_exceptions=False) as client:
        yield client


@pytest.mark.parametrize("address", ["/healthz", "/api/v1/areas", "/api/v1/figures", "/ogc/collections"])
def test_a_database_that_is_gone(broken: TestClient, address: str) -> None:
    """503 in our words: nothing of the driver's, no address, no password."""
    answer = broken.get(address)
    assert check_problem(answer, 503)["code"] == "database_gone"
    assert answer.headers["retry-after"]
    for secret in (SECRET, "psycopg2", "127.0.0.1", "socialmap_app"):
        assert secret not in answer.text


def test_a_map_without_database_is_told_to_a_person(broken: TestClient) -> None:
    """A page, not JSON."""
    answer = broken.get("/maps/TH")
    assert answer.status_code == 503
    assert answer.headers["content-type"].startswith("text/html")
    assert catalogue()["error.database_gone"].th in answer.text


def test_a_fault_of_ours_shows_no_trace(app: FastAPI, caplog: pytest.LogCaptureFixture) -> None:
    """The trace goes to the log, the request id to the user."""
    fallible = create_app(app.state.settings)

    @fallible.get("/fault")
    def fault() -> None:
        raise RuntimeError(SECRET)

    answer = TestClient(fallible, base_url="http://localhost").get("/fault")
    body = check_problem(answer, 500)
    assert SECRET not in answer.text
    assert str(body["request_id"]) in str(body["detail"])
    assert any(record.exc_info for record in caplog.records)
    fallible.state.engine.dispose()


@pytest.mark.parametrize(
    ("statement", "status", "code"),
    [
        ("SET LOCAL statement_timeout = 1; SELECT pg_sleep(1)", 503, "database_busy"),
        ("SELECT pg_terminate_backend(pg_backend_pid())", 503, "database_gone"),
        ("SELECT * FROM no_such_table", 503, "not_migrated"),
        ("SELECT 1 / 0", 500, "fault"),
    ],
)
def test_what_the_database_says_is_told_apart(app: FastAPI, statement: str, status: int, code: str) -> None:
    """Too slow, ended, without tables, and a mistake of ours."""
    fallible = create_app(app.state.settings)

    @fallible.get("/asked")
    def asked(session: ReadSession) -> None:
        session.execute(text(statement))

    client = TestClient(fallible, base_url="http://localhost", raise_server_exceptions=False)
    assert check_problem(client.get("/asked"), status)["code"] == code
    fallible.state.engine.dispose()


def test_every_named_error_has_a_status_and_words() -> None:
    """All error classes of all rings that the application has loaded."""

    def below(kind: type[SocialMapError]) -> Iterator[type[SocialMapError]]:
        for each in kind.__subclasses__():
            yield each
            yield from below(each)

    found = list(below(SocialMapError))
    assert len(found) > 10
    for kind in found:
        assert kind.key in catalogue(), kind
        assert 400 <= errors.status_of(kind.__new__(kind)) < 600


def test_the_application_needs_to_know_its_database() -> None:
    """No guessing where the data lie."""
    with pytest.raises(DatabaseNotSet):
        create_app(Settings(database_url=None))
