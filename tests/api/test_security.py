"""What protects the server and the browser."""

import re

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from api.security import HostRefused, host_name, loopback
from tests.scopes import SYSTEM

ADDRESSES = ("/healthz", "/api/v1/areas", "/api/v1/taxonomy", "/ogc", "/nowhere", "/maps/zz", "/favicon.ico", "/")


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_carries_the_security_headers(client: TestClient, address: str) -> None:
    """Failures too."""
    headers = client.get(address).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert "server" not in headers


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "0.0.0.0",
        "",
        "[::1",
        "127.0.0.1@evil",
        "evil.example:8000",
        "localhost:port",
        "169.254.169.254",
    ],
)
def test_a_foreign_host_is_refused(client: TestClient, host: str) -> None:
    """A page of somebody else that renames its address to ours (DNS rebinding) gets nothing."""
    answer = client.get("/api/v1/areas", headers={"Host": host})
    assert (answer.status_code, answer.json()["code"]) == (400, "host_unknown")


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:1", "[::1]:8000", "[::1]", "LOCALHOST"])
def test_our_own_names_are_answered(client: TestClient, host: str) -> None:
    """All names of this machine, with any port."""
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


def test_other_pages_may_not_read_answers(client: TestClient) -> None:
    """No answer allows another origin."""
    answer = client.get("/api/v1/areas", headers={"Origin": "https://evil.example"})
    assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.org", "", "10.0.0.1", "::ffff:10.0.0.1"])
def test_serving_others_is_refused(host: str) -> None:
    """Until accounts exist, only this machine."""
    with pytest.raises(HostRefused):
        loopback(host)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "[::1]", "127.8.8.8"])
def test_serving_this_machine_is_allowed(host: str) -> None:
    """Loopback of both kinds."""
    assert loopback(host) == host.strip("[]")


@given(st.text(max_size=60))
def test_any_host_header_can_be_read(header: str) -> None:
    """A header that makes no sense is a name that nobody has."""
    assert isinstance(host_name(header), str)


@pytest.mark.parametrize(
    "path",
    [
        "/assets/../../etc/passwd",
        "/assets/..%2f..%2fetc/passwd",
        "/assets/%2e%2e/%2e%2e",
        "/assets/x/..%5c..%5cboot.ini",
        "/assets/00000000/leaflet.js",
        "/assets//leaflet.js",
        "/assets/%00/x",
        "/assets/a/b/c",
        "/assets/",
    ],
)
def test_no_path_leaves_the_assets(client: TestClient, path: str) -> None:
    """Files are looked up in a table, never on disk."""
    answer = client.get(path)
    assert answer.status_code == 404
    assert "root:" not in answer.text


def test_framework_pages_are_off(client: TestClient) -> None:
    """They load scripts from elsewhere."""
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert client.get(path).status_code == 404


INJECTIONS = (
    "' OR 1=1--",
    "'; DROP TABLE area;--",
    "1) UNION SELECT usename FROM pg_user--",
    "%' ESCAPE '",
    "\\",
    "$$;",
    "99\u0000",
    "P02'",
    "<script>alert(1)</script>",
    "${alert(1)}",
    "{{7*7}}",
    "../../etc/passwd",
    "ก" * 3000,
    "\u202e",
    "-1",
    "1e400",
    "NaN",
    "𝟗𝟗",
    "%",
    "_",
    "TH",
    "9901",
    "990101",
    "fy99999",
    "2026-13",
    "0001-01",
    "9999-99/9999-99",
    "\r\nX-Injected: 1",
)
ENDPOINTS = {
    "/api/v1/areas": ("level", "within", "q", "limit", "cursor"),
    "/api/v1/areas/at": ("lat", "lon"),
    "/api/v1/areas/99/geometry": ("level",),
    "/api/v1/figures": ("layer", "level", "within", "problem", "period", "measure", "target_group", "f"),
    "/api/v1/mindmaps/9901": ("period",),
    "/api/v1/layers": ("x",),
    "/api/v1/taxonomy": ("x",),
    "/api/v1/editions": ("x",),
    "/ogc": ("f",),
    "/ogc/collections/districts/items": ("bbox", "limit", "datetime", "cursor", "f", "code", "parent_code", "name_th"),
    "/ogc/collections/assets/items": ("bbox", "limit", "cursor", "kind", "province_code", "area_code"),
    "/maps/99": ("problem", "period", "measure"),
}
PAIRS = [(path, name) for path, names in ENDPOINTS.items() for name in names]


@pytest.mark.parametrize(("path", "name"), PAIRS)
def test_no_parameter_can_be_abused(client: TestClient, path: str, name: str) -> None:
    """Statements, scripts, codes of other levels, huge and unreadable values: an answer or a refusal, never a fault."""
    for value in INJECTIONS:
        answer = client.get(path, params={name: value})
        assert answer.status_code in (200, 400, 404, 414), (value, answer.text)
        assert "x-injected" not in answer.headers
        if answer.headers["content-type"].startswith("text/html"):
            assert "<script>alert(1)" not in answer.text
    assert client.get("/api/v1/areas/99").status_code == 200


def test_the_database_role_of_requests_cannot_write(client: TestClient, app: object) -> None:
    """Even a statement that got in could change nothing."""
    from sqlalchemy import text
    from sqlalchemy.exc import InternalError

    from api.database import reading

    with reading(app.state.engine, SYSTEM) as session, pytest.raises(InternalError, match="read-only"):  # type: ignore[attr-defined]
        session.execute(text("DELETE FROM area"))


@hypothesis_settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pair=st.sampled_from(PAIRS), value=st.text(max_size=40) | st.floats().map(str) | st.integers().map(str))
def test_no_value_breaks_the_server(client: TestClient, pair: tuple[str, str], value: str) -> None:
    """A bounded fuzz over all parameters: never a 500."""
    path, name = pair
    answer = client.get(path, params={name: value})
    assert answer.status_code in (200, 400, 403, 404), answer.text


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    level=st.sampled_from(["", "province", "district", "subdistrict", "country"]),
    within=st.sampled_from(["", "TH", "99", "9901", "990101"]),
    problem=st.sampled_from(["", "P01", "P02.03", "P08", "P16"]),
    period=st.sampled_from(["", "fy2569", "2026-01", "2025-10/2026-04", "2026", "fy2400", "1900"]),
    measure=st.sampled_from(["", "count", "rate", "weight", "value"]),
    group=st.sampled_from(["", "T01", "T02"]),
    form=st.sampled_from(["json", "geojson", "csv"]),
)
def test_any_sound_question_for_figures_is_answered_or_refused(client: TestClient, **asked: str) -> None:
    """All mixtures of readable values."""
    names = {"group": "target_group", "form": "f"}
    params = {names.get(name, name): value for name, value in asked.items() if value}
    answer = client.get("/api/v1/figures", params=params)
    assert answer.status_code in (200, 400, 403), answer.text
    if answer.status_code == 400:
        assert re.search("[ก-๙]", answer.json()["detail"])
