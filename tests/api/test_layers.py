"""Layers, taxonomies, editions and mind maps over HTTP."""

import json
import re
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from layers import taxonomy
from tests.api.content import SCRIPT


def test_layers_say_what_can_be_asked(client: TestClient) -> None:
    """Cases by problem, each indicator, assets: with title, measures, levels, periods and denominators."""
    layers = {layer["id"]: layer for layer in client.get("/api/v1/layers").json()["layers"]}
    cases = layers["cases"]
    assert cases["measures"] == ["rate", "count"]
    assert cases["levels"] == ["province", "district"]
    assert [period["code"] for period in cases["periods"]] == ["fy2569", "fy2568"]
    assert {problem["code"] for problem in cases["problems"]} == set(taxonomy.problems())
    assert {each["id"] for each in cases["denominators"]} == {each["denominator"] for each in cases["problems"]}
    assert layers["indicator:population"]["measures"] == ["value"]
    assert layers["assets"]["href"] == "/ogc/collections/assets/items"
    for layer in layers.values():
        assert layer["title"]["th"] != layer["title"]["en"]


def test_whatever_a_layer_offers_is_answered(client: TestClient) -> None:
    """Every level, period and measure of every layer of figures."""
    for layer in client.get("/api/v1/layers").json()["layers"]:
        for level in layer["levels"]:
            for period in layer["periods"]:
                for measure in layer["measures"]:
                    params = {"layer": layer["id"], "level": level, "period": period["code"], "measure": measure}
                    answer = client.get("/api/v1/figures", params=params)
                    assert answer.status_code == 200, (params, answer.text)


def test_the_taxonomy_is_whole(client: TestClient) -> None:
    """All problems with subtypes, target groups, urgencies, statuses; one version."""
    body = client.get("/api/v1/taxonomy").json()
    assert body["version"] == taxonomy.version()
    assert [problem["code"] for problem in body["problems"]] == list(taxonomy.problems())
    assert [group["code"] for group in body["target_groups"]] == list(taxonomy.target_groups())
    assert [urgency["code"] for urgency in body["urgencies"]] == ["U1", "U2", "U3", "U4"]
    assert len(body["statuses"]) == len(taxonomy.statuses())


def test_the_edition_names_its_source(client: TestClient) -> None:
    """Licence, citation, the line for maps, and the list of all editions."""
    body = client.get("/api/v1/editions").json()
    assert body["active"]["name"] == "สมมติบุรี"
    assert body["active"]["licence"] == SCRIPT  # as text, as every other name
    assert body["active"]["credit"]["th"]
    assert body["active"]["levels"] == ["province", "district", "subdistrict"]
    assert body["active"] in body["editions"]


@pytest.mark.parametrize("code", ["99", "9901", "9902", "9903"])
def test_every_province_and_district_has_a_mind_map_to_start_from(client: TestClient, code: str) -> None:
    """A draft from a template, stamped as such, with causes, objectives and activities."""
    body = client.get(f"/api/v1/mindmaps/{code}", params={"period": "fy2569"}).json()
    assert (body["area_code"], body["state"]) == (code, "template")
    assert "ร่างจากแม่แบบ" in body["stamp"]["th"]
    assert len(body["causes"]) >= 4
    assert all(solution["activities"] for solution in body["solutions"])
    assert taxonomy.get_problem(body["problem_code"]).sensitivity != "L3"


@pytest.mark.parametrize("code", ["9901", "9902", "9903"])
def test_the_mind_map_is_that_of_the_page(client: TestClient, code: str) -> None:
    """The same problem and the same size, also where an area has no leading problem of its own."""
    body = client.get(f"/api/v1/mindmaps/{code}", params={"period": "fy2569"}).json()
    page = client.get("/maps/99", params={"period": "fy2569"}).text
    found = re.search(r'<script type="application/json" id="map-data"[^>]*>(.*?)</script>', page, re.S)
    assert found
    data = json.loads(found[1])
    shown, texts = data["maps"][code], data["texts"]
    places = [number for first, count in shown["t"] for number in range(first, first + count)]
    said = [texts["t"][places[place]] for place in texts["l"][shown["plan"]][:2]]
    assert shown["problem"] == body["problem_code"]
    assert [plain(words) for words in said] == [plain(body["title"]), plain(body["size"])]


def plain(words: str) -> str:
    """Take out what marks or forbids a line break."""
    return words.replace("\u200b", "").replace("\x7f", "").replace("\u00a0", " ")


def test_the_country_has_no_mind_map(client: TestClient) -> None:
    """Told plainly."""
    answer = client.get("/api/v1/mindmaps/TH")
    assert (answer.status_code, answer.json()["code"]) == (404, "mindmap_missing")


def test_nothing_gives_case_points_to_strangers(client: TestClient) -> None:
    """No collection and no layer of single cases; their addresses are for people who are signed in."""
    assert all("case" not in each["id"] for each in client.get("/ogc/collections").json()["collections"])
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    told = [path for path in paths if "case" in path or "point" in path]
    assert "/api/v1/points" in told
    for path in told:
        method = next(iter(paths[path]))
        answer = client.request(method, path.replace("{case_id}", str(uuid4())), json={"reason": "ทดสอบระบบ"})
        assert answer.status_code == 401, path
    for path in ("/ogc/collections/cases/items", "/ogc/collections/case/items"):
        assert client.get(path).status_code == 404
