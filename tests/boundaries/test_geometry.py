"""Shapes: joined without slivers, generalised together, labelled inside."""

import numpy as np
import pytest
import shapely

from boundaries import geometry


@pytest.fixture
def squares() -> np.ndarray:
    """Four unit squares side by side, whose shared edges have a bend too small to see."""
    rows = [(column, row) for column in (100.0, 101.0) for row in (13.0, 14.0)]
    shapes = [
        shapely.Polygon(
            [(x, y), (x + 0.5, y + (0.001 if y == 14 else 0)), (x + 1, y), (x + 1, y + 1),
             (x + 0.5, y + 1 + (0.001 if y == 13 else 0)), (x, y + 1)]
        )
        for x, y in rows
    ]  # fmt: skip
    return geometry.multi(np.array(shapes, dtype=object))


def test_dissolving_keeps_the_very_same_edges(squares: np.ndarray) -> None:
    joined = geometry.dissolve(squares, np.array(["10", "10", "11", "11"], dtype=object))
    assert list(joined) == ["10", "11"]
    assert shapely.coverage_is_valid(list(joined.values()))
    assert all(shape.geom_type == "MultiPolygon" and len(shape.geoms) == 1 for shape in joined.values())


def test_generalising_keeps_neighbours_together(squares: np.ndarray) -> None:
    simple = geometry.generalise(squares, 0.1)
    assert shapely.coverage_is_valid(simple)
    assert shapely.get_num_coordinates(simple).sum() < shapely.get_num_coordinates(squares).sum()


def test_cleaning_closes_gaps_and_shares_out_overlaps(squares: np.ndarray) -> None:
    moved = squares.copy()
    moved[0] = shapely.transform(moved[0], lambda xy: xy - np.array([0.00005, 0]))
    assert not geometry.is_coverage(moved)
    assert geometry.is_coverage(geometry.clean_coverage(moved))


def test_repair_tells_what_it_changed(squares: np.ndarray) -> None:
    bow = shapely.Polygon([(100, 13), (101, 14), (101, 13), (100, 14)])
    mended, broken = geometry.repair(np.array([squares[0], bow], dtype=object))
    assert broken.tolist() == [False, True]
    assert shapely.is_valid(mended).all()
    assert mended[1].area == pytest.approx(0.5)


def test_labels_lie_well_inside_the_largest_part() -> None:
    ring = shapely.box(100, 13, 103, 16).difference(shapely.box(100.5, 13.5, 102.0, 15.5))
    shapes = np.array([shapely.MultiPolygon([shapely.box(98, 13, 98.5, 13.5), ring])], dtype=object)
    lon, lat = geometry.label_points(shapes)
    # The middle of the whole shape is a hole, and the small part lies west of it.
    assert ring.contains(shapely.Point(lon[0], lat[0]))
    assert ring.boundary.distance(shapely.Point(lon[0], lat[0])) > 0.45
