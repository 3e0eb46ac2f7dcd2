"""Figures over HTTP."""

import csv
import io
import json
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.database import reading
from layers.aggregation import figures
from layers.exporting.cells import harmless
from layers.filters import Filter
from layers.periods import parse_period
from layers.scope import Scope
from tests.scopes import SYSTEM

ASKED = {"level": "district", "within": "99", "problem": "P08", "period": "fy2569"}


def table(client: TestClient, **params: str) -> dict[str, Any]:
    """Return a table of figures."""
    answer = client.get("/api/v1/figures", params={**ASKED, **params})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def test_a_figure_is_never_a_bare_number(client: TestClient) -> None:
    """What is counted, of whom, when, from where, how it was protected: once; value, state and interval: each row."""
    body = table(client)
    assert body["counted"]["th"] == "เรื่อง"
    assert body["per"] > 0
    assert body["unit"]["th"]
    assert body["denominator_title"]["th"]
    assert body["period"]["first"] == "2025-10-01"
    assert "2569" in body["period"]["title"]["th"]
    assert body["sources"]
    assert body["invented"] is True
    assert [row["code"] for row in body["rows"]] == ["9901", "9902", "9903"]
    for row in body["rows"]:
        assert row["name_th"]
        if row["state"] in ("ok", "unstable"):
            assert row["low"] <= row["value"] <= row["high"]
            assert row["denominator"] > 0
            assert row["value"] == pytest.approx(row["cases"] * body["per"] / row["denominator"])
        if row["state"] in ("hidden", "no_data"):
            assert row["value"] is None
            assert row["reason"]["th"]
    assert body["total"]["code"] == "99"
    assert body["total"]["name_th"]


def test_http_gives_what_a_committee_may_see(client: TestClient, app: FastAPI) -> None:
    """Never the exact numbers: small ones are hidden, the others rounded to five, whatever is asked."""
    with reading(app.state.engine, SYSTEM) as session:
        chosen = Filter("P08", parse_period("fy2569"))
        exact = figures(session, Scope.system("test"), "cases", "district", "99", chosen, "count")
    body = table(client, measure="count")
    assert (body["audience"], body["rounded_to"], body["hidden_below"]) == ("committee", 5, 5)
    assert any(figure.cases % 5 for figure in exact.rows() if figure.cases)
    for row in body["rows"]:
        truth = exact.get(row["code"]).cases or 0
        if row["state"] == "hidden":
            assert 0 < truth < 5
        else:
            assert row["cases"] % 5 == 0
            assert abs(row["cases"] - truth) < 5


def test_no_parameter_widens_the_audience(client: TestClient) -> None:
    """There is no such parameter."""
    for name in ("audience", "scope", "role"):
        assert client.get("/api/v1/figures", params={**ASKED, name: "internal"}).status_code == 400


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("fy2569", "2025-10-01", "2026-09-30"),
    ],
)
def test_periods(client: TestClient, period: str, first: str, last: str) -> None:
    """ISO in ค.ศ., fiscal years in พ.ศ. with fy."""
    body = client.get("/api/v1/figures", params={"level": "province", "period": period}).json()
    found = body["period"]
    assert (found["code"], found["first"], found["last"]) == (period, first, last)


@pytest.mark.parametrize("period", ["2026-01", "2025-10/2026-04", "2026"])
def test_months_are_read_but_not_published(client: TestClient, period: str) -> None:
    """Twelve of them and their year would undo rounding and hiding; published statistics are answered."""
    asked = {"level": "province", "period": period}
    answer = client.get("/api/v1/figures", params=asked)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_published")
    assert client.get("/api/v1/figures", params={**asked, "layer": "indicator:population"}).status_code == 200


def test_a_period_is_refused_where_its_end_lies_before_its_beginning(client: TestClient) -> None:
    assert client.get("/api/v1/figures", params={"period": "2026-04/2025-10"}).status_code == 400


def test_the_default_is_the_newest_year_of_the_whole_country(client: TestClient) -> None:
    """Without parameters: rates of the provinces."""
    body = client.get("/api/v1/figures").json()
    assert (body["period"]["code"], body["level"], body["within"], body["measure"]) == (
        "fy2569",
        "province",
        "TH",
        "rate",
    )


@pytest.mark.parametrize(
    "params",
    [
        {"problem": "P99"},
        {"problem": "P8"},
        {"period": "2569"},
        {"period": "fy2569/fy2568"},
        {"period": "2026-13"},
        {"measure": "share"},
        {"measure": "value"},
        {"level": "country"},
        {"level": "province"},
        {"level": "district", "within": "9901"},
        {"within": "990101"},
        {"target_group": "T77"},
        {"layer": "nothing"},
        {"layer": "indicator:nothing"},
        {"f": "xml"},
    ],
)
def test_what_cannot_be_asked(client: TestClient, params: dict[str, str]) -> None:
    """Refused with what is allowed, in Thai and English."""
    answer = client.get("/api/v1/figures", params={**ASKED, **params})
    assert answer.status_code == 400, answer.text
    assert answer.json()["detail"] != answer.json()["detail_en"]


def test_geojson_holds_the_same_rows(client: TestClient) -> None:
    """With shapes and, beside them, what the rows share."""
    plain, drawn = table(client), table(client, f="geojson")
    assert drawn["type"] == "FeatureCollection"
    assert [feature["properties"] for feature in drawn["features"]] == plain["rows"]
    assert all(feature["geometry"]["type"] == "MultiPolygon" for feature in drawn["features"])
    shared = {name: value for name, value in plain.items() if name not in ("rows", "total")}
    assert drawn["about"] == shared


def test_a_spreadsheet_holds_the_same_rows(client: TestClient) -> None:
    """With a byte order mark for Excel; each row says its unit, period, source and that it is invented."""
    plain = table(client)
    answer = client.get("/api/v1/figures", params={**ASKED, "f": "csv"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["code"] for row in rows] == [row["code"] for row in plain["rows"]]
    for row, shown in zip(rows, plain["rows"], strict=True):
        assert row["value"] == ("" if shown["value"] is None else str(shown["value"]))
        assert row["unit_th"] == plain["unit"]["th"]
        assert row["period"] == "fy2569"
        assert row["invented"] == "True"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_a_spreadsheet_runs_no_text(text: str) -> None:
    """A text that looks like a formula is marked as text; numbers and names stay."""
    assert harmless(text) == f"'{text}"
    assert (harmless("สวนผึ้ง"), harmless(-1.5), harmless(None)) == ("สวนผึ้ง", -1.5, None)


def test_figures_are_asked_for_again_each_time(client: TestClient) -> None:
    """A browser keeps them only with their tag."""
    first = client.get("/api/v1/figures", params=ASKED)
    assert first.headers["cache-control"] == "private, no-cache"
    again = client.get("/api/v1/figures", params=ASKED, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get(
        "/api/v1/figures", params={**ASKED, "problem": "P01"}, headers={"If-None-Match": first.headers["etag"]}
    )
    assert other.status_code == 200


def test_indicators_are_figures_too(client: TestClient) -> None:
    """The invented population, by its own layer."""
    body = client.get(
        "/api/v1/figures", params={"layer": "indicator:population", "within": "99", "period": "fy2569"}
    ).json()
    assert (body["measure"], body["problem"]) == ("value", None)
    assert all(row["value"] > 0 for row in body["rows"] if row["state"] == "ok")
    assert any(row["state"] == "ok" for row in body["rows"])


def test_answers_are_plain_json(client: TestClient) -> None:
    """No NaN and no Infinity in any measure."""

    def refuse(word: str) -> None:
        raise AssertionError(word)

    for measure in ("count", "rate", "weight"):
        for form in ("json", "geojson"):
            answer = client.get("/api/v1/figures", params={**ASKED, "measure": measure, "f": form})
            json.loads(answer.text, parse_constant=refuse)
