"""OGC API – Features Part 1, tested by the abstract test suite of 17-069r4 (Annex A): ids stand in the docstrings.

These are our own tests of the standard's requirements, not a certificate of the OGC.
"""

import json
import re
import shutil
import subprocess
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from jsonschema import Draft4Validator

from api.ogc.parameters import read_bbox

GEOJSON = "application/geo+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
AREAS = ("provinces", "districts", "subdistricts")
COLLECTIONS = (*AREAS, "assets")


def get(client: TestClient, path: str, **params: Any) -> dict[str, Any]:
    """Return the body of a good answer."""
    answer = client.get(path, params=params or None)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def link(body: dict[str, Any], rel: str) -> dict[str, Any] | None:
    """Return the link with a relation, None when there is none."""
    return next((each for each in body["links"] if each["rel"] == rel), None)


def definition(client: TestClient) -> dict[str, Any]:
    """Return the API definition."""
    return get(client, "/ogc/api")


def resolved(document: dict[str, Any], value: Any) -> Any:
    """Put every `$ref` of an OpenAPI document in its place."""
    if isinstance(value, list):
        return [resolved(document, each) for each in value]
    if not isinstance(value, dict):
        return value
    if "$ref" in value:
        target: Any = document
        for part in value["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        return resolved(document, target)
    return {name: resolved(document, each) for name, each in value.items()}


def valid(client: TestClient, path: str, body: dict[str, Any], template: str | None = None) -> None:
    """Check an answer against the schema that the API definition gives for its address."""
    document = definition(client)
    operation = resolved(document, document["paths"][template or path]["get"])
    schema = next(iter(operation["responses"]["200"]["content"].values()))["schema"]
    Draft4Validator(_without_nullable(schema)).validate(body)


def _without_nullable(schema: Any) -> Any:
    """Turn OpenAPI 3.0's `nullable` into what JSON Schema calls it."""
    if isinstance(schema, list):
        return [_without_nullable(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: _without_nullable(each) for name, each in schema.items() if name != "nullable"}
    if schema.get("nullable"):
        made["type"] = [made["type"], "null"]
    return made


def test_http(address: str) -> None:
    """/conf/core/http: HTTP 1.1."""
    import http.client

    host = address.removeprefix("http://")
    connection = http.client.HTTPConnection(host)
    connection.request("GET", "/ogc")
    answer = connection.getresponse()
    assert (answer.version, answer.status) == (11, 200)
    connection.close()


def test_root(client: TestClient) -> None:
    """/conf/core/root-op, /conf/core/root-success: a landing page with service-desc, conformance and data."""
    body = get(client, "/ogc")
    valid(client, "/", body)
    for rel, media_type in (
        ("service-desc", OPENAPI),
        ("conformance", "application/json"),
        ("data", "application/json"),
    ):
        found = link(body, rel)
        assert found
        assert found["type"] == media_type
        assert found["href"].startswith("http://localhost/ogc/")
        assert client.get(found["href"]).status_code == 200
    assert get(client, "/ogc/")["links"]


def test_landing_page_for_a_person(client: TestClient) -> None:
    """The landing page is HTML for a browser, and JSON for everybody else."""
    page = client.get("/ogc", headers={"Accept": "text/html,application/xhtml+xml"})
    assert page.headers["content-type"].startswith("text/html")
    assert "แผนที่สังคม" in page.text
    assert client.get("/ogc?f=json", headers={"Accept": "text/html"}).json()["links"]
    assert client.get("/ogc?f=xml").status_code == 400


def test_api_definition(client: TestClient) -> None:
    """/conf/core/api-definition-op, /conf/core/api-definition-success: the document behind service-desc."""
    answer = client.get("/ogc/api", headers={"Accept": OPENAPI})
    assert answer.status_code == 200
    assert answer.headers["content-type"].replace(" ", "").startswith(OPENAPI)
    assert answer.json()["openapi"].startswith("3.0.")


def test_conformance(client: TestClient) -> None:
    """/conf/core/conformance-op, /conf/core/conformance-success: what is kept, and nothing that is not."""
    body = get(client, "/ogc/conformance")
    valid(client, "/conformance", body)
    base = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/"
    assert set(body["conformsTo"]) == {base + "core", base + "geojson", base + "oas30"}


def test_collections(client: TestClient) -> None:
    """/conf/core/fc-md-op, /conf/core/fc-md-success, /conf/core/fc-md-links, /conf/core/fc-md-items."""
    body = get(client, "/ogc/collections")
    valid(client, "/collections", body)
    assert link(body, "self")
    assert [each["id"] for each in body["collections"]] == list(COLLECTIONS)


@pytest.mark.parametrize("name", COLLECTIONS)
def test_collection(client: TestClient, name: str) -> None:
    """/conf/core/sfc-md-op, /conf/core/sfc-md-success, /conf/core/fc-md-items-links, /conf/core/fc-md-extent."""
    body = get(client, f"/ogc/collections/{name}")
    valid(client, f"/collections/{name}", body, "/collections/{collectionId}")
    listed = next(each for each in get(client, "/ogc/collections")["collections"] if each["id"] == name)
    assert listed == body
    items = link(body, "items")
    assert items
    assert (items["type"], items["href"]) == (GEOJSON, f"http://localhost/ogc/collections/{name}/items")
    west, south, east, north = body["extent"]["spatial"]["bbox"][0]
    assert -180 <= west < east <= 180
    assert -90 <= south < north <= 90
    assert (body["itemType"], "storageCrs" in body) == ("feature", False)


def test_crs84(client: TestClient) -> None:
    """/conf/core/crs84: coordinates are longitude, latitude, and lie in the extent."""
    body = get(client, "/ogc/collections/provinces")
    assert body["crs"] == ["http://www.opengis.net/def/crs/OGC/1.3/CRS84"]
    west, south, east, north = body["extent"]["spatial"]["bbox"][0]
    for lon, lat in points(get(client, "/ogc/collections/provinces/items")):
        assert west - 0.001 <= lon <= east + 0.001
        assert south - 0.001 <= lat <= north + 0.001


def points(body: dict[str, Any]) -> list[list[float]]:
    """Return all positions of all polygons of a page."""
    return [
        point
        for feature in body["features"]
        for polygon in feature["geometry"]["coordinates"]
        for ring in polygon
        for point in ring
    ]


@pytest.mark.parametrize("name", COLLECTIONS)
def test_features(client: TestClient, name: str) -> None:
    """/conf/core/fc-op, /conf/core/fc-response, /conf/core/fc-links, /conf/core/fc-rel-type, /conf/geojson/content."""
    answer = client.get(f"/ogc/collections/{name}/items")
    assert answer.headers["content-type"] == GEOJSON
    body = answer.json()
    valid(client, f"/collections/{name}/items", body)
    assert body["type"] == "FeatureCollection"
    assert body["features"]
    assert link(body, "self")
    assert link(body, "collection")
    assert all(each["type"] for each in body["links"])
    columns = {tuple(feature["properties"]) for feature in body["features"]}
    assert len(columns) == 1, "empty columns must be there as null"
    assert all(isinstance(feature["id"], str) for feature in body["features"])


def test_time_stamp_and_numbers(client: TestClient) -> None:
    """/conf/core/fc-timeStamp, /conf/core/fc-numberMatched, /conf/core/fc-numberReturned."""
    body = get(client, "/ogc/collections/subdistricts/items", limit=3)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", body["timeStamp"])
    assert (body["numberMatched"], body["numberReturned"], len(body["features"])) == (7, 3, 3)
    narrowed = get(client, "/ogc/collections/subdistricts/items", parent_code="9901", limit=1)
    assert narrowed["numberMatched"] == len(get(client, "/api/v1/areas/9901/children")["areas"])


def test_limit(client: TestClient) -> None:
    """/conf/core/fc-limit-definition, /conf/core/fc-limit-response: published, kept, and lowered when too large."""
    schema = definition(client)["components"]["parameters"]["limit"]["schema"]
    assert schema == {"type": "integer", "minimum": 1, "maximum": 10000, "default": 1000}
    for limit, expected in ((1, 1), (2, 2), (7, 7), (8, 7), (10**12, 7)):
        assert get(client, "/ogc/collections/subdistricts/items", limit=limit)["numberReturned"] == expected


@pytest.mark.parametrize("limit", ["0", "-1", "1.5", "ten", "", "1e3", "๑", "9" * 30])
def test_limit_that_is_none(client: TestClient, limit: str) -> None:
    """/conf/core/query-param-invalid: a limit that is no whole number above zero is refused with 400."""
    assert client.get("/ogc/collections/districts/items", params={"limit": limit}).status_code == 400


def test_next_gives_every_feature_once(client: TestClient) -> None:
    """/conf/core/fc-links: following `next` with small pages and a filter gives the whole collection, none twice."""
    body = get(client, "/ogc/collections/subdistricts/items", limit=2, bbox="-180,-90,180,90")
    seen = [feature["id"] for feature in body["features"]]
    while following := link(body, "next"):
        assert following["type"] == GEOJSON
        body = get(client, following["href"])
        seen += [feature["id"] for feature in body["features"]]
    assert seen == sorted(set(seen))
    assert len(seen) == 7


def test_bbox(client: TestClient) -> None:
    """/conf/core/fc-bbox-definition, /conf/core/fc-bbox-response: only and all features that meet the box."""
    whole = get(client, "/ogc/collections/subdistricts/items")
    for feature in whole["features"]:
        lons, lats = zip(*points({"features": [feature]}), strict=True)
        box = f"{min(lons)},{min(lats)},{max(lons)},{max(lats)}"
        met = {each["id"] for each in get(client, "/ogc/collections/subdistricts/items", bbox=box)["features"]}
        assert feature["id"] in met
        with_heights = f"{min(lons)},{min(lats)},-10,{max(lons)},{max(lats)},9000"
        tall = get(client, "/ogc/collections/subdistricts/items", bbox=with_heights)
        assert {each["id"] for each in tall["features"]} == met
    assert get(client, "/ogc/collections/subdistricts/items", bbox="0,0,1,1")["numberMatched"] == 0
    around_the_world = get(client, "/ogc/collections/subdistricts/items", bbox="90,-90,-170,90")
    assert around_the_world["numberMatched"] == 7
    the_other_half = get(client, "/ogc/collections/subdistricts/items", bbox="170,-90,90,90")
    assert the_other_half["numberMatched"] == 0


@pytest.mark.parametrize(
    "bbox",
    [
        "",
        "1",
        "1,2,3",
        "1,2,3,4,5",
        "a,b,c,d",
        "1,2,3,nan",
        "1,2,inf,4",
        "100,20,101,10",
        "1,2,3,4,5,6,7",
        "100,10,5,101,20,1",
        "1;2;3;4",
        "1,2,3,",
        "' OR 1=1--,2,3,4",
        "1,2,3,4' --",
    ],
)
def test_bbox_that_is_none(client: TestClient, bbox: str) -> None:
    """/conf/core/query-param-invalid: 400 for a box that cannot be read."""
    assert client.get("/ogc/collections/districts/items", params={"bbox": bbox}).status_code == 400


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=4, max_size=4))
def test_any_box_of_numbers_gives_boxes_on_the_globe(numbers: list[float]) -> None:
    """Larger than the world is allowed; the database is asked for the world."""
    if numbers[1] > numbers[3]:
        return
    for box in read_bbox(",".join(map(repr, numbers))):
        assert box[0] >= -180
        assert box[2] <= 180
        assert box[1] >= -90
        assert box[3] <= 90


@hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=4, max_size=4))
def test_any_box_of_numbers_is_answered(client: TestClient, numbers: list[float]) -> None:
    """The database can work with whatever the reader lets through."""
    answer = client.get("/ogc/collections/subdistricts/items", params={"bbox": ",".join(map(repr, numbers))})
    assert answer.status_code in (200, 400), answer.text


@pytest.mark.parametrize(
    "when",
    [
        "2026-01-31",
        "2026-01-01T00:00:00Z",
        "../2026-01-01",
        "2026-01-01T00:00:00Z/..",
        "/2026-01-01",
        "2026-01-01/2026-12-31",
        "2026-01-01T00:00:00.5+07:00",
    ],
)
def test_datetime(client: TestClient, when: str) -> None:
    """/conf/core/fc-time-definition, /conf/core/fc-time-response: areas have no time, so each matches any."""
    assert get(client, "/ogc/collections/districts/items", datetime=when)["numberMatched"] == 3


@pytest.mark.parametrize(
    "when", ["", "yesterday", "2026", "2026-13-01", "2026-01-01/2025-01-01", "a/b/c", "../..", "2569-1-1"]
)
def test_datetime_that_is_none(client: TestClient, when: str) -> None:
    """/conf/core/query-param-invalid: 400 for a time that cannot be read."""
    assert client.get("/ogc/collections/districts/items", params={"datetime": when}).status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        "/ogc",
        "/ogc/conformance",
        "/ogc/api",
        "/ogc/collections",
        "/ogc/collections/districts",
        "/ogc/collections/districts/items",
        "/ogc/collections/districts/items/9901",
    ],
)
def test_unknown_parameters(client: TestClient, path: str) -> None:
    """/conf/core/query-param-unknown: 400 for a parameter that the definition does not have."""
    assert client.get(path, params={"unknown-parameter": "1"}).status_code == 400


def test_property_filters(client: TestClient) -> None:
    """/req/core/fc-filters: equality on the published properties, with the Thai name too."""
    name = get(client, "/api/v1/areas/9902")["name_th"]
    for params in ({"code": "9902"}, {"name_th": name}, {"name_th": name, "parent_code": "99"}):
        found = get(client, "/ogc/collections/districts/items", **params)
        assert [feature["id"] for feature in found["features"]] == ["9902"]
    assert get(client, "/ogc/collections/districts/items", code="9801")["features"] == []


def test_feature(client: TestClient) -> None:
    """/conf/core/f-op, /conf/core/f-success, /conf/core/f-links: each feature of a page is found by its id."""
    for name in COLLECTIONS:
        for feature in get(client, f"/ogc/collections/{name}/items", limit=3)["features"]:
            path = f"/ogc/collections/{name}/items/{feature['id']}"
            answer = client.get(path)
            assert answer.headers["content-type"] == GEOJSON
            one = answer.json()
            valid(client, path, one, f"/collections/{name}/items/{{featureId}}")
            assert link(one, "self")
            assert link(one, "collection")
            assert {**one, "links": None} == {**feature, "links": None}


@pytest.mark.parametrize(
    "path",
    [
        "collections/nothing",
        "collections/nothing/items",
        "collections/districts/items/99",
        "collections/districts/items/x",
        "collections/provinces/items/9901",
        "collections/assets/items/x",
        "collections/districts/items/%00",
        "nothing",
    ],
)
def test_what_does_not_exist(client: TestClient, path: str) -> None:
    """/conf/oas30/exceptions-codes: 404 for unknown collections and features, those of other levels too."""
    assert client.get(f"/ogc/{path}").status_code == 404


def test_definition_is_whole(client: TestClient) -> None:
    """/conf/oas30/completeness, /conf/oas30/oas-definition-1, -2: every address, every reference."""
    document = definition(client)
    assert document["servers"] == [{"url": "http://localhost/ogc"}]
    resolved(document, document)  # a reference to nothing raises KeyError
    for name in COLLECTIONS:
        for path in (f"/collections/{name}/items", f"/collections/{name}/items/{{featureId}}"):
            assert set(document["paths"][path]["get"]["responses"]) >= {"200", "400", "500"}
    ids = [operation["get"]["operationId"] for operation in document["paths"].values()]
    assert len(ids) == len(set(ids))
    assert set(document) <= {"openapi", "info", "servers", "tags", "paths", "components"}


def test_definition_writes_style_and_explode(client: TestClient) -> None:
    """/conf/oas30/oas-impl: every query parameter says how it is written; QGIS sees no filter otherwise."""
    document = resolved(definition(client), definition(client))
    for path, operations in document["paths"].items():
        for parameter in operations["get"].get("parameters", []):
            if parameter["in"] == "query":
                assert (parameter["style"], parameter["explode"]) == ("form", False), (path, parameter["name"])
                assert parameter["schema"]["type"]


def test_every_published_filter_works(client: TestClient) -> None:
    """/conf/oas30/oas-impl: what the definition offers, the server takes."""
    document = resolved(definition(client), definition(client))
    for name in COLLECTIONS:
        for parameter in document["paths"][f"/collections/{name}/items"]["get"]["parameters"]:
            example = {"bbox": "100,10,101,12", "datetime": "2026-01-01", "limit": "1"}.get(parameter["name"], "x")
            if parameter["name"] != "cursor":
                get(client, f"/ogc/collections/{name}/items", **{parameter["name"]: example})


ogrinfo = pytest.mark.skipif(shutil.which("ogrinfo") is None, reason="needs ogrinfo (Debian: gdal-bin)")


def run_ogrinfo(address: str, *arguments: str) -> str:
    """Run GDAL's reader on the service."""
    done = subprocess.run(
        ["ogrinfo", *arguments[:-1], f"OAPIF:{address}/ogc", arguments[-1]], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert "ERROR" not in done.stderr, done.stderr
    return done.stdout


@ogrinfo
def test_gdal_reads_the_schema(address: str) -> None:
    """Name, number, extent, CRS and Thai columns, from a real server."""
    told = run_ogrinfo(address, "-so", "districts")
    assert "Feature Count: 3" in told
    assert 'ID["EPSG",4326]' in told or 'ID["OGC","CRS84"]' in told
    for column in ("code: String", "name_th: String", "label_lon: Real"):
        assert column in told


@ogrinfo
def test_gdal_follows_the_pages(address: str, client: TestClient) -> None:
    """Pages of two, all seven subdistricts, each once, Thai names intact."""
    told = run_ogrinfo(address, "-oo", "PAGE_SIZE=2", "-geom=NO", "-al", "subdistricts")
    codes = re.findall(r"^  code \(String\) = (\d+)", told, re.M)
    assert codes == [area["code"] for area in get(client, "/api/v1/areas", level="subdistrict")["areas"]]
    for area in get(client, "/api/v1/areas", level="subdistrict")["areas"]:
        assert f"name_th (String) = {area['name_th']}" in told


@ogrinfo
def test_gdal_asks_for_a_box(address: str, client: TestClient) -> None:
    """-spat becomes bbox; the number is that of our own answer for the same box."""
    label = get(client, "/api/v1/areas/990101")["label"]
    box = [label["lon"] - 0.001, label["lat"] - 0.001, label["lon"] + 0.001, label["lat"] + 0.001]
    told = run_ogrinfo(address, "-so", "-spat", *map(str, box), "subdistricts")
    ours = get(client, "/ogc/collections/subdistricts/items", bbox=",".join(map(str, box)))
    assert f"Feature Count: {ours['numberMatched']}" in told
    assert 1 <= ours["numberMatched"] < 7


@ogrinfo
def test_gdal_finds_one_feature(address: str) -> None:
    """An attribute filter of GDAL, answered by the same features."""
    told = run_ogrinfo(address, "-q", "-where", "code = '9902'", "-geom=NO", "districts")
    assert re.findall(r"^  code \(String\) = (\d+)", told, re.M) == ["9902"]


def test_answers_are_plain_json(client: TestClient) -> None:
    """No NaN and no Infinity: strict readers refuse them."""

    def refuse(word: str) -> None:
        raise AssertionError(word)

    for name in COLLECTIONS:
        json.loads(client.get(f"/ogc/collections/{name}/items").text, parse_constant=refuse)
