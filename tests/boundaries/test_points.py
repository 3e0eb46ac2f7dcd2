"""One rule in two shapes: SQL and bulk must agree, on the easy points and on the awkward ones."""

import math

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from boundaries.areas import AreaIndex, at_point, at_points, list_shapes, load_index
from boundaries.editions import NoActiveEdition
from boundaries.points import METRES_PER_DEGREE, NEAREST_LIMIT, BadPosition, SwappedPosition, match_in_sql

Points = NDArray[np.float64]


@pytest.mark.parametrize(
    ("lat", "lon", "code", "match"),
    [
        (11.00, 100.68, "990101", "inside"),
        (10.9, 100.6, "990101", "inside"),  # a corner
        (11.05, 100.77, "990101", "inside"),  # a corner of two subdistricts
        (11.07, 100.94, "990102", "inside"),  # a corner of three
        (11.32, 101.19, "990302", "inside"),  # an island
        (11.32, 101.235, "990302", "nearest"),  # between two islands
        (10.89, 100.6, "990101", "nearest"),  # some 1,100 m off the coast
        (10.7, 100.6, None, "outside"),
    ],
)
def test_where_a_point_lies(demo_session: Session, lat: float, lon: float, code: str | None, match: str) -> None:
    found = at_point(demo_session, lat, lon)
    assert (found.subdistrict_code, found.area_match) == (code, match)
    assert (found.district_code, found.province_code) == ((code[:4], code[:2]) if code else (None, None))
    bulk = at_points(load_index(demo_session), [lat], [lon])
    assert (bulk.subdistrict_code[0], bulk.district_code[0], bulk.province_code[0], bulk.area_match[0]) == (
        found.subdistrict_code,
        found.district_code,
        found.province_code,
        match,
    )
    if found.distance_m is None:
        assert math.isnan(bulk.distance_m[0])
    else:
        assert bulk.distance_m[0] == pytest.approx(found.distance_m, abs=1e-6)


def test_the_limit_is_two_kilometres_in_every_direction(demo_session: Session) -> None:
    index = load_index(demo_session)
    # South of the southernmost corner, where two subdistricts tie, and east of the easternmost island's corner.
    south = np.array([1999.0, 2001.0]) / METRES_PER_DEGREE
    below = at_points(index, 10.885 - south, np.full(2, 100.78))
    assert below.area_match.tolist() == ["nearest", "outside"]
    assert below.distance_m[0] == pytest.approx(1999.0, abs=0.01)
    assert (
        below.subdistrict_code[0]
        == at_point(demo_session, 10.885 - float(south[0]), 100.78).subdistrict_code
        == "990101"
    )
    east = np.array([1999.0, 2001.0]) / (METRES_PER_DEGREE * math.cos(math.radians(11.32)))
    beside = at_points(index, np.full(2, 11.32), 101.255 + east)
    assert beside.area_match.tolist() == ["nearest", "outside"]
    assert at_point(demo_session, 11.32, 101.255 + float(east[0])).distance_m == pytest.approx(1999.0, abs=0.01)


def test_places_that_are_none(demo_session: Session) -> None:
    for lat, lon in ((math.nan, 100.0), (13.5, math.inf), (91.0, 10.0), (13.5, 181.0), (1520645.0, 677065.0)):
        with pytest.raises(BadPosition, match="decimal degrees"):
            at_point(demo_session, lat, lon)
    with pytest.raises(SwappedPosition, match="swapped"):
        at_point(demo_session, 99.81, 13.53)
    bulk = at_points(load_index(demo_session), [math.nan, math.inf, 99.81, 11.0], [100.0, 100.0, 13.53, 100.68])
    assert bulk.area_match.tolist() == ["outside", "outside", "outside", "inside"]


def test_no_points_give_no_rows(demo_session: Session) -> None:
    found = at_points(load_index(demo_session), [], [])
    assert len(found.subdistrict_code) == len(found.area_match) == len(found.distance_m) == 0


def test_no_edition(session: Session) -> None:
    with pytest.raises(NoActiveEdition):
        at_point(session, 13.53, 99.81)
    with pytest.raises(NoActiveEdition):
        load_index(session)


def sample(index: AreaIndex, number: int, seed: int) -> dict[str, Points]:
    """Return lon, lat of points of each awkward kind: a tenth of them corners, a tenth edges, a third near the rim."""
    rng = np.random.default_rng(seed)
    xy, ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(index.shapes)), return_index=True)
    starts = np.flatnonzero(ring[1:] == ring[:-1])
    tenth = number // 10
    edge = rng.choice(starts, tenth)
    rim = index.rim[rng.integers(0, len(index.rim), 3 * tenth), :2]
    middles = shapely.get_coordinates(shapely.point_on_surface(index.shapes))
    parts = shapely.get_parts(index.shapes)
    small = parts[np.argsort(shapely.area(parts))[:2000]]
    islands = shapely.get_coordinates(shapely.centroid(small))
    return {
        "corners": xy[rng.integers(0, len(xy), tenth)],
        "edges": xy[edge] + (xy[edge + 1] - xy[edge]) * rng.random((tenth, 1)),
        "coast and border": rim + rng.normal(0, 0.012, (3 * tenth, 2)),
        "islands": islands[rng.integers(0, len(islands), tenth)] + rng.normal(0, 0.002, (tenth, 2)),
        "anywhere": np.c_[rng.uniform(97.3, 105.7, tenth), rng.uniform(5.6, 20.5, tenth)],
        "settled": middles[rng.integers(0, len(middles), 3 * tenth)] + rng.normal(0, 0.03, (3 * tenth, 2)),
    }


def assert_equal_matches(session: Session, index: AreaIndex, points: dict[str, Points]) -> dict[str, int]:
    """Hold both shapes of the rule against each other; return how many points each answer was given for."""
    answers: dict[str, int] = {}
    for kind, lonlat in points.items():
        lons, lats = lonlat.T
        bulk = at_points(index, lats, lons)
        rows = match_in_sql(session, lats.tolist(), lons.tolist())
        codes = np.array([row[0] for row in rows], dtype=object)
        matches = np.array([row[1] for row in rows], dtype=object)
        metres = np.array([np.nan if row[2] is None else row[2] for row in rows])
        differ = np.flatnonzero((codes != bulk.subdistrict_code) | (matches != bulk.area_match))
        if kind == "corners":
            assert len(differ) == 0, f"{len(differ)} corners differ"
        unexplained = [place for place in differ if not within_a_metre(index, lons[place], lats[place])]
        assert not unexplained, [(lonlat[place], codes[place], bulk.subdistrict_code[place]) for place in unexplained]
        same = np.setdiff1d(np.arange(len(lats)), differ)
        assert np.nanmax(np.abs(metres[same] - bulk.distance_m[same]), initial=0.0) < 1e-3
        for match in ("inside", "nearest", "outside"):
            answers[match] = answers.get(match, 0) + int((bulk.area_match == match).sum())
    return answers


def within_a_metre(index: AreaIndex, lon: float, lat: float) -> bool:
    """Say whether a point lies within 1 m of a tie or of the limit, measured apart from the product's code."""
    reach = 0.02
    around = shapely.box(lon - reach, lat - reach, lon + reach, lat + reach)
    near = index.shapes[shapely.intersects(index.shapes, around)]
    metres = sorted(metres_to(near, lon, lat).tolist())
    tie = len(metres) > 1 and metres[1] - metres[0] < 1
    return tie or (bool(metres) and abs(metres[0] - NEAREST_LIMIT) < 1)


def metres_to(shapes: NDArray[np.object_], lon: float, lat: float) -> Points:
    """Measure the stated distance to whole shapes."""
    scale = [METRES_PER_DEGREE * math.cos(math.radians(lat)), METRES_PER_DEGREE]
    return shapely.distance(shapely.transform(shapes, lambda xy: (xy - [lon, lat]) * scale), shapely.Point(0, 0))


@pytest.mark.shared
def test_sql_and_bulk_agree_on_fifty_thousand_points(thailand: Session, thailand_index: AreaIndex) -> None:
    answers = assert_equal_matches(thailand, thailand_index, sample(thailand_index, 50_000, seed=2569))
    assert sum(answers.values()) == 50_000
    assert min(answers.values()) > 2_000


@pytest.mark.shared
@pytest.mark.proof
def test_sql_and_bulk_agree_on_a_million_points(thailand: Session, thailand_index: AreaIndex) -> None:
    total = 0
    for seed in range(20):
        total += sum(assert_equal_matches(thailand, thailand_index, sample(thailand_index, 50_000, seed)).values())
    assert total == 1_000_000


@pytest.mark.shared
def test_bulk_agrees_with_a_plain_reading_of_the_rule(thailand: Session, thailand_index: AreaIndex) -> None:
    """Hold the rim, which is a shortcut, against the distance to every shape nearby."""
    points = sample(thailand_index, 2_000, seed=1)["coast and border"]
    bulk = at_points(thailand_index, points[:, 1], points[:, 0])
    full = list_shapes(thailand, "subdistrict", detail="full")
    tree = shapely.STRtree(full.geometry.values)
    for place in np.flatnonzero(bulk.area_match != "inside")[:200]:
        lon, lat = points[place]
        near = np.sort(tree.query(shapely.box(lon - 0.03, lat - 0.03, lon + 0.03, lat + 0.03)))
        metres = metres_to(full.geometry.values[near], lon, lat)
        if not len(near) or metres.min() > NEAREST_LIMIT:
            assert bulk.area_match[place] == "outside"
        else:
            assert bulk.subdistrict_code[place] == full.code.iloc[near[np.argmin(metres)]]
            assert bulk.distance_m[place] == pytest.approx(metres.min(), abs=1e-3)
