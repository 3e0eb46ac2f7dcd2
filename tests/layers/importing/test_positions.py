"""Positions in every form that files have; what may be two places is refused, and its repairs are offered."""

import re

import numpy as np
import pytest

from boundaries.datums import UnknownCrs, to_wgs84
from boundaries.errors import SocialMapError
from layers.importing.position_columns import read_positions
from layers.importing.position_repairs import alternatives, propose_repairs, repaired
from layers.importing.positions import (
    AbroadPosition,
    BadPosition,
    HalfPosition,
    NeedsCrs,
    Position,
    SwappedPosition,
    UnsureOrder,
    read_position,
)

UTM = (613053.12, 1530567.97)  # as EPSG:32647 it is 13.84262 N 100.04612 E

TEXTS = """
13.52, 99.81 | 13.52,99.81 | 99.81 13.52 | (13.52; 99.81) | 13.52 / 99.81 | ๑๓.๕๒, ๙๙.๘๑ | 13,52 99,81 | 13,52; 99,81
['99.81','13.52'] | ["13.52", "99.81"] | [99.81, 13.52] | POINT(99.81 13.52) | POINT Z (99.81 13.52 4)
SRID=4326;POINT(99.81 13.52)
{"type":"Point","coordinates":[99.81,13.52]} | 13.52 99.81 0 5 | 13.52 99.81 12.5 0 | 13.52 99.81 0
13°31'12"N 99°48'36"E | 13°31'12"N, 99°48'36"E | N13°31'12" E99°48'36" | 99°48'36"E 13°31'12"N | 13°31'12" 99°48'36"
13º31’12” 99º48’36” | 13 31 12 99 48 36 | 13 31.2 99 48.6 | 13° 31.2' N 99° 48.6' E | 13°31'12,0"N 99°48'36,0"E
๑๓ องศา ๓๑ ลิปดา ๑๒ ฟิลิปดา เหนือ ๙๙ องศา ๔๘ ลิปดา ๓๖ ฟิลิปดา ตะวันออก | 13.52N 99.81E | 13.52° 99.81° | lat 13.52 long 99.81
https://www.google.com/maps?q=13.52,99.81 | https://www.google.com/maps/@13.52,99.81,17z | geo:13.52,99.81
https://maps.google.com/place/X/@13.5,99.7,17z/data=!3m1!3d13.52!4d99.81
"""


@pytest.mark.parametrize("text", [one.strip() for one in re.split(r"\n| \| ", TEXTS) if one.strip()])
def test_one_text(text: str) -> None:
    found = read_position({"position": text})
    assert found is not None
    assert (found.lat, found.lon) == pytest.approx((13.52, 99.81), abs=1e-9)
    bulk = read_positions({"position": [text, ""]})
    assert (bulk.lats[0], bulk.lons[0]) == pytest.approx((13.52, 99.81), abs=1e-9)
    assert not bulk.errors
    assert np.isnan(bulk.lats[1])


def test_a_forms_point_says_how_exact_it_is() -> None:
    assert read_position({"position": "13.52 99.81 30 4.5"}) == Position(13.52, 99.81, "degrees", 4.5)
    assert read_positions({"position": ["13.52 99.81 30 4.5"]}).accuracies.tolist() == [4.5]


@pytest.mark.parametrize(
    ("lat", "lon"),
    [
        ("13.52", "99.81"),
        ("13,52", "99,81"),
        ("๑๓.๕๒", "๙๙.๘๑"),
        ("13°31'12\"N", "99°48'36\"E"),
        ("13 31 12", "99 48 36"),
        ("๑๓ องศา ๓๑ ลิปดา ๑๒ ฟิลิปดา", "๙๙ องศา ๔๘ ลิปดา ๓๖ ฟิลิปดา"),
        ("13.52 N", "99.81 E"),
        ("13-31-12", "99-48-36"),
    ],
)
def test_two_cells(lat: str, lon: str) -> None:
    for parts in ({"lat": lat, "lon": lon}, {"y": lat, "x": lon}):
        found = read_position(parts)
        assert found is not None
        assert (found.lat, found.lon) == pytest.approx((13.52, 99.81), abs=1e-9)


def test_a_comma_parts_thousands_or_decimals_as_the_place_allows() -> None:
    assert read_position({"lat": "13,756", "lon": "100,637"}) == Position(13.756, 100.637, "degrees")
    found = read_position({"x": "613,053.12", "y": "๑,๕๓๐,๕๖๗.๙๗"}, "EPSG:32647")
    assert found == read_position({"x": str(UTM[0]), "y": str(UTM[1])}, "EPSG:32647")


@pytest.mark.parametrize(
    ("parts", "crs", "error"),
    [
        ({"lat": "99.81", "lon": "13.52"}, None, SwappedPosition),
        ({"lat": "99°48'36\"E", "lon": "13°31'12\"N"}, None, SwappedPosition),
        ({"position": "POINT(13.52 99.81)"}, None, SwappedPosition),
        ({"position": "99.81 13.52 0 5"}, None, SwappedPosition),
        ({"x": "1530567", "y": "613053"}, "EPSG:32647", SwappedPosition),
        ({"x": "613053", "y": "1530567"}, None, NeedsCrs),
        ({"x": "613053", "y": "1530567"}, "EPSG:4326", NeedsCrs),
        ({"position": "47P 613053 1530567"}, None, NeedsCrs),  # a zone, but no datum
        ({"position": "48P 613053 1530567"}, "EPSG:32647", NeedsCrs),  # another zone than stated
        ({"position": "750000 800000"}, "EPSG:32647", UnsureOrder),
        ({"lat": "48.8", "lon": "2.35"}, None, AbroadPosition),
        ({"position": "0,0"}, None, AbroadPosition),
        ({"lat": "13.52", "lon": ""}, None, HalfPosition),
        ({"lat": "", "lon": "99.8"}, None, HalfPosition),
        ({"position": "13.52"}, None, BadPosition),
        ({"position": "ไม่ทราบ"}, None, BadPosition),
        ({"position": "13°61'12\"N 99°48'36\"E"}, None, BadPosition),
        ({"lat": "13_5.2", "lon": "99.81"}, None, BadPosition),
        ({"lat": "nan", "lon": "inf"}, None, BadPosition),
        ({"x": "613053", "y": "1530567"}, "EPSG:99999", UnknownCrs),
        ({"x": "613053", "y": "1530567"}, "+proj=utm +zone=47", UnknownCrs),
    ],
)
def test_what_is_refused(parts: dict[str, str], crs: str | None, error: type[SocialMapError]) -> None:
    with pytest.raises(SocialMapError) as raised:
        read_position(parts, crs)
    assert raised.type is error
    assert raised.value.text.th
    if error is not UnknownCrs:
        bulk = read_positions({role: [cell, "13.5"] for role, cell in parts.items()}, crs)
        assert type(bulk.errors[0]) is error
        assert np.isnan(bulk.lats[0])


def test_nothing_is_no_position() -> None:
    assert read_position({"lat": " ", "lon": ""}) is None
    assert read_positions({"lat": ["", "13.5"], "lon": ["", "99.8"]}).lats.tolist()[1] == 13.5


def test_metres_by_their_zone_and_datum() -> None:
    east, north = str(UTM[0]), str(UTM[1])
    found = {crs: read_position({"x": east, "y": north}, crs) for crs in ("EPSG:32647", "EPSG:32648", "EPSG:24047")}
    assert [one and one.read_as for one in found.values()] == list(found)
    one, other, indian = (found[crs] for crs in found)
    assert one is not None
    assert other is not None
    assert indian is not None
    assert (one.lat, one.lon) == pytest.approx((13.842620, 100.046118), abs=1e-5)
    assert other.lon - one.lon == pytest.approx(6)
    assert read_position({"position": f"UTM 47N {east} {north} WGS84"}) == one
    assert read_position({"position": f"SRID=32647;POINT({east} {north})"}) == one
    assert read_position({"position": f"N {north} E {east}"}, "EPSG:32647") == one
    assert read_position({"position": f"47P {east} {north} Indian 1975"}) == indian


def test_indian_1975_is_moved_as_surveyors_move_it() -> None:
    """PROJ's own choice (EPSG:1812) lies 190 m further west than all other published parameters, which agree in 3 m."""
    lon, lat = to_wgs84("EPSG:4240", 100.0, 13.5)
    assert (float(lon), float(lat)) == pytest.approx((99.996784, 13.501677), abs=1e-6)
    east, north = to_wgs84("EPSG:24047", 600000.0, 1500000.0)
    plain_east, plain_north = to_wgs84("EPSG:32647", 600000.0, 1500000.0)
    assert (float(plain_east) - float(east)) * 108_000 == pytest.approx(333, abs=15)
    assert (float(north) - float(plain_north)) * 110_600 == pytest.approx(304, abs=15)


def test_degrees_among_metres_are_told_by_their_size() -> None:
    cells = {"x": ["613053.12", "99.81"], "y": ["1530567.97", "13.52"]}
    found = read_positions(cells, "EPSG:32647")
    assert not found.errors
    assert found.lats.tolist() == pytest.approx([13.842620, 13.52], abs=1e-5)


def test_a_million_numbers_are_read_as_each_would_be() -> None:
    cells = {"x": [f"{613053 + step}" for step in range(500)], "y": [f"{1530567 + step}" for step in range(500)]}
    for crs in ("EPSG:32647", "EPSG:24048"):
        bulk = read_positions(cells, crs)
        for place in (0, 250, 499):
            one = read_position({role: many[place] for role, many in cells.items()}, crs)
            assert one is not None
            assert (bulk.lats[place], bulk.lons[place]) == pytest.approx((one.lat, one.lon), abs=1e-12)


def names(parts: dict[str, str], crs: str | None = None) -> list[str]:
    return [one.name for one in alternatives(parts, crs)]


def test_what_a_position_could_be_is_offered() -> None:
    assert names({"lat": "99.81", "lon": "13.52"}) == ["swapped"]
    assert names({"lat": "13.52", "lon": "99.81"}) == ["EPSG:4240"]
    assert names({"x": "613053", "y": "1530567"}) == ["EPSG:32647", "EPSG:32648", "EPSG:24047", "EPSG:24048"]
    assert names({"x": "613053", "y": "1530567"}, "EPSG:32648") == ["EPSG:32647", "EPSG:24047", "EPSG:24048"]
    assert names({"x": "1530567", "y": "613053"})[0] == "swapped EPSG:32647"
    assert "northing EPSG:32647" in names({"x": "613053", "y": "530567"})
    assert names({"lat": "135245", "lon": "9981234"}) == ["decimal_point"]
    assert names({"lat": "?", "lon": ""}) == []
    for one in alternatives({"lat": "99.81", "lon": "13.52"}):
        assert one.words.th
        assert repaired({"lat": "99.81", "lon": "13.52"}, one.name) == Position(13.52, 99.81, "degrees")


def locate(lats: list[float], lons: list[float]) -> list[str | None]:
    """Squares of half a degree are areas."""
    return [f"{int(lat * 2):02}{int(lon * 2):04}" for lat, lon in zip(lats, lons, strict=True)]


PLACES = [(13.02 + step / 20, 99.02 + step / 20) for step in range(60)]
STATED = locate(*zip(*PLACES, strict=True))  # type: ignore[arg-type]


def metres(crs: str, places: list[tuple[float, float]] = PLACES) -> list[dict[str, str]]:
    from pyproj import Transformer

    ahead = Transformer.from_crs(4326, crs, always_xy=True)
    return [dict(zip("xy", (f"{one:.1f}" for one in ahead.transform(lon, lat)), strict=True)) for lat, lon in places]


def test_zone_is_proposed_from_all_rows_and_datum_left_to_a_person() -> None:
    found = propose_repairs(zip(metres("EPSG:32647"), STATED, strict=True), locate)  # type: ignore[arg-type]
    best = {one.names: one for one in found}
    assert (best[("EPSG:32647",)].agreeing, best[("EPSG:32647",)].compared) == (60, 60)
    assert best[("EPSG:24047",)].agreeing == 60
    assert not best[("EPSG:32647",)].clear  # the datum is 350 m away: too near to tell
    assert ("EPSG:32648",) not in best


def test_rows_near_borders_tell_the_datum() -> None:
    edge = [(lat - 0.019, lon - 0.019) for lat, lon in PLACES]
    rows = zip(metres("EPSG:32647", edge), locate(*zip(*edge, strict=True)), strict=True)  # type: ignore[arg-type]
    best = propose_repairs(rows, locate)[0]  # type: ignore[arg-type]
    assert (best.names, best.agreeing, best.clear) == (("EPSG:32647",), 60, True)


def test_exchanged_rows_are_clear_also_when_only_some_are() -> None:
    straight = [{"lat": f"{lat:.4f}", "lon": f"{lon:.4f}"} for lat, lon in PLACES]
    turned = [{"lat": one["lon"], "lon": one["lat"]} for one in straight]
    best = propose_repairs(zip(turned, STATED, strict=True), locate)[0]  # type: ignore[arg-type]
    assert (best.names, best.agreeing, best.clear) == (("swapped",), 60, True)
    some = [one if place % 3 else other for place, (one, other) in enumerate(zip(straight, turned, strict=True))]
    best = propose_repairs(zip(some, STATED, strict=True), locate)[0]  # type: ignore[arg-type]
    assert (best.names, best.agreeing, best.clear) == (("swapped",), 60, True)
    whole = propose_repairs(zip(straight, STATED, strict=True), locate)  # type: ignore[arg-type]
    assert whole[0].names == ()
    assert whole[0].agreeing == 60
    assert propose_repairs([(straight[0], None)], locate) == ()  # type: ignore[arg-type]


def test_zones_may_be_mixed() -> None:
    west, east = metres("EPSG:32647"), metres("EPSG:32648")
    rows = [one if place < 30 else other for place, (one, other) in enumerate(zip(west, east, strict=True))]
    best = propose_repairs(zip(rows, STATED, strict=True), locate)[0]  # type: ignore[arg-type]
    assert {"EPSG:32647", "EPSG:32648"} <= set(best.names)
    assert best.agreeing == 60
    assert not best.clear  # the datum again
