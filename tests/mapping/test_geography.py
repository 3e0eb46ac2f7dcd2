"""Shapes coded small and exactly, and what lies around them."""

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from mapping.geography import Ring, encode, surroundings, window_around
from tests.mapping.maps_by_hand import LIBRARY, invented_areas, neighbours


def decoded(ring: Ring, digits: int) -> np.ndarray:
    """What the page makes of a coded ring."""
    return np.cumsum(np.array(ring).reshape(-1, 2), axis=0) / 10**digits


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.floats(97, 106), st.floats(5, 21)), min_size=3, max_size=40, unique=True))
def test_decoding_gives_the_shape_back_to_the_last_digit(points: list[tuple[float, float]]) -> None:
    """Differences of whole numbers add up without drift."""
    hull = shapely.convex_hull(shapely.multipoints(points))
    if hull.geom_type != "Polygon" or hull.area < 0.01:
        return
    (polygon,) = encode(hull, 4)
    assert np.abs(decoded(polygon[0], 4)[0] - shapely.get_coordinates(hull.exterior)[0]).max() <= 0.00005001
    assert shapely.hausdorff_distance(shapely.Polygon(decoded(polygon[0], 4)), hull) < 0.0001


def test_holes_and_islands_are_kept_largest_first() -> None:
    """A multipolygon with a hole."""
    island, land = shapely.box(3, 3, 3.1, 3.1), shapely.box(0, 0, 2, 2).difference(shapely.box(0.5, 0.5, 1, 1))
    coded = encode(shapely.MultiPolygon([island, land]), 3)
    assert [len(polygon) for polygon in coded] == [2, 1]


def test_neighbours_share_every_point_of_the_common_border() -> None:
    """Coarser elsewhere, never along the areas of the page: no sliver and no second border."""
    areas = invented_areas(12)
    around = surroundings(areas, [neighbours()], None, 4)
    own = shapely.union_all([shapely.Polygon(decoded(polygon[0], 4)) for polygon in around.outline])
    east = next(shape for shape in around.neighbours if shape.code == "98")
    beside = shapely.Polygon(decoded(east.polygons[0][0], 3))
    assert own.intersection(beside).area < 1e-6
    assert own.boundary.intersection(beside.boundary).length > 1.19


def test_land_abroad_is_tucked_under_our_own() -> None:
    """Seen from Nan, Laos reaches below the province: no strip of sea between the two."""
    nan = shapely.box(100.5, 18.2, 101.3, 19.5)
    frame = invented_areas(4).assign(geometry=[*shapely.get_parts(shapely.MultiPolygon([nan])), *[nan] * 3])
    around = surroundings(frame.iloc[:1], [], LIBRARY, 4)
    laos = next(shape for shape in around.abroad if shape.name == "สปป. ลาว")
    land = shapely.union_all([shapely.make_valid(shapely.Polygon(decoded(polygon[0], 2))) for polygon in laos.polygons])
    assert land.intersection(nan).area > 0


def test_the_window_is_wider_than_the_areas_in_every_direction() -> None:
    """There is always something around them to move to."""
    west, south, east, north = window_around((100, 13, 101, 15))
    assert west < 99
    assert south < 12
    assert east > 102
    assert north > 16
