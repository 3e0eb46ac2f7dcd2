"""Areas over HTTP."""

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.demo import INSIDE


def test_a_point_names_its_three_areas(client: TestClient) -> None:
    """The finest area and those above it, with how the point was matched."""
    lat, lon = INSIDE
    found = client.get("/api/v1/areas/at", params={"lat": lat, "lon": lon}).json()
    assert found["subdistrict"]["code"] == "990101"
    assert found["district"]["code"] == "9901"
    assert found["province"]["code"] == "99"
    assert (found["area_match"], found["distance_m"]) == ("inside", 0.0)


def test_a_point_far_away_is_outside_and_not_an_error(client: TestClient) -> None:
    """In Thailand's frame but in no area."""
    found = client.get("/api/v1/areas/at", params={"lat": 15.0, "lon": 101.0}).json()
    assert found["area_match"] == "outside"
    assert (found["province"], found["district"], found["subdistrict"], found["distance_m"]) == (None,) * 4


@pytest.mark.parametrize(
    "query",
    [
        "",
        "lat=13",
        "lat=nan&lon=100",
        "lat=inf&lon=100",
        "lat=91&lon=100",
        "lat=13&lon=181",
        "lat=ก&lon=1",
        "lat=&lon=",
        "lat=13,5&lon=100",
        "lat=99.8&lon=13.5",
        "lat=13&lat=14&lon=100",
        "lat=1e999&lon=1",
    ],
)
def test_what_is_no_place_is_refused(client: TestClient, query: str) -> None:
    """Missing, unreadable, infinite, outside the globe, swapped or repeated: 400 with a reason."""
    answer = client.get(f"/api/v1/areas/at?{query}")
    assert answer.status_code == 400
    assert answer.json()["detail"] != answer.json()["detail_en"]


def test_pages_hold_every_area_once_in_order(client: TestClient) -> None:
    """Following `next` with pages of two gives the same list as one large page."""
    whole = client.get("/api/v1/areas", params={"level": "subdistrict", "within": "99"}).json()
    address, seen = "/api/v1/areas?level=subdistrict&within=99&limit=2", []
    while address:
        page = client.get(address).json()
        assert len(page["areas"]) <= 2
        seen += page["areas"]
        address = page["next"]
    assert seen == whole["areas"]
    assert whole["next"] is None
    codes = [area["code"] for area in seen]
    assert codes == sorted(codes)
    assert len(codes) == 7


def test_areas_are_found_by_part_of_a_name(client: TestClient) -> None:
    """A search looks at all levels, and `within` narrows it."""
    name = client.get("/api/v1/areas/9901").json()["name_th"]
    assert "9901" in {area["code"] for area in client.get("/api/v1/areas", params={"q": name}).json()["areas"]}
    narrowed = client.get("/api/v1/areas", params={"q": name, "within": "9902"}).json()["areas"]
    assert all(area["code"].startswith("9902") for area in narrowed)


@pytest.mark.parametrize(
    "cursor", ["x", "%", "YWZ0ZXI6", "YWZ0ZXI6MDA", "../../etc/passwd", "ก", "A" * 150, "YWZ0ZXI6JzsgRFJPUA"]
)
def test_a_cursor_that_we_did_not_give_is_refused(client: TestClient, cursor: str) -> None:
    """Unreadable cursors and those of areas that are not in the list."""
    answer = client.get("/api/v1/areas", params={"cursor": cursor})
    assert (answer.status_code, answer.json()["code"]) == (400, "cursor_bad")


def test_children_are_the_next_level(client: TestClient) -> None:
    """Country, province, district, and none below the subdistrict."""
    for code, expected in (("TH", ["99"]), ("99", ["9901", "9902", "9903"]), ("990101", [])):
        children = client.get(f"/api/v1/areas/{code}/children").json()["areas"]
        assert [area["code"] for area in children] == expected


def test_geometry_is_a_feature_with_its_code_as_id(client: TestClient) -> None:
    """One area; with a level, the areas inside it."""
    one = client.get("/api/v1/areas/99/geometry")
    assert one.headers["content-type"] == "application/geo+json"
    assert (one.json()["type"], one.json()["id"]) == ("Feature", "99")
    assert one.json()["geometry"]["type"] == "MultiPolygon"
    many = client.get("/api/v1/areas/99/geometry", params={"level": "district"}).json()
    assert [each["id"] for each in many["features"]] == ["9901", "9902", "9903"]
    assert many["features"][0]["properties"]["name_th"]


def test_geometry_is_sent_once(client: TestClient) -> None:
    """A client that has the shapes is told that they are still true; another area has another tag."""
    first = client.get("/api/v1/areas/99/geometry")
    again = client.get("/api/v1/areas/99/geometry", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get("/api/v1/areas/9901/geometry", headers={"If-None-Match": first.headers["etag"]})
    assert other.status_code == 200


@pytest.mark.parametrize(
    "code", ["98", "9999", "xyz", "999", "99'--", "TH99", "๙๙", "%00", "99%0a", "9" * 150, "<script>"]
)
def test_an_unknown_code_is_not_found(client: TestClient, code: str) -> None:
    """A code that nobody has and a text that is no code are the same to the one who asks."""
    for tail in ("", "/children", "/geometry"):
        assert client.get(f"/api/v1/areas/{code}{tail}").status_code == 404


@pytest.mark.parametrize(
    "query",
    ["within=98", "within=x", "level=village", "limit=0", "limit=-1", "limit=10001", "limit=ก", "q=%00", "size=1"],
)
def test_lists_refuse_what_they_cannot_read(client: TestClient, query: str) -> None:
    """Unknown areas, levels, sizes and parameters."""
    assert client.get(f"/api/v1/areas?{query}").status_code in (400, 404)


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lat=st.floats() | st.text(max_size=12), lon=st.floats() | st.text(max_size=12))
def test_no_place_breaks_the_server(client: TestClient, lat: float | str, lon: float | str) -> None:
    """Whatever stands for latitude and longitude, the answer is a match or a refusal."""
    assert client.get("/api/v1/areas/at", params={"lat": str(lat), "lon": str(lon)}).status_code in (200, 400)
