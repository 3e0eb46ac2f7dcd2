"""Shapes of areas: what is repaired, how levels are built from the lowest one, and how they are generalised.

Everything here is in EPSG:4326 and works on NumPy arrays of shapely polygons.
"""

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

Shapes = NDArray[np.object_]

# West, south, east, north of the land and its islands, with a margin of about 50 km.
THAILAND = (96.8, 5.1, 106.2, 21.0)

# Tolerances of shapely.coverage_simplify: roughly the side in degrees of the smallest bend that is kept,
# a pixel at zoom 7 for the country and at zoom 10 for a province.
TOLERANCE = {"country": 0.01, "province": 0.0025}

# Widest gap that cleaning may close, in degrees (about 10 m): wider ones are lakes or borders that truly differ.
GAP = 0.0001


def multi(shapes: Shapes) -> Shapes:
    """Return every shape as a MultiPolygon; lines and points that a repair left over are dropped."""
    return np.array([_multi(shape) for shape in shapes], dtype=object)


def _multi(shape: Any) -> Any:
    if shape.geom_type == "MultiPolygon":
        return shape
    parts = [part for part in shapely.get_parts(shape) if part.geom_type in ("Polygon", "MultiPolygon")]
    return shapely.MultiPolygon([polygon for part in parts for polygon in shapely.get_parts(part)])


def repair(shapes: Shapes) -> tuple[Shapes, NDArray[np.bool_]]:
    """Make invalid shapes valid; return all shapes and a mask of those that were changed."""
    broken = ~shapely.is_valid(shapes)
    mended = shapes.copy()
    mended[broken] = shapely.make_valid(shapes[broken], method="structure", keep_collapsed=False)
    return multi(mended), broken


def is_coverage(shapes: Shapes) -> bool:
    """Say whether neighbours share every edge and none overlap."""
    return bool(shapely.coverage_is_valid(shapes))


def clean_coverage(shapes: Shapes) -> Shapes:
    """Close gaps narrower than GAP and share out overlaps, so that neighbours share every edge."""
    return multi(shapely.coverage_clean(shapes, gap_width=GAP))


def dissolve(shapes: Shapes, groups: NDArray[np.object_]) -> dict[str, Any]:
    """Join the shapes of one coverage by group; the joined shapes keep the very same edges."""
    order = np.argsort(groups, kind="stable")
    names, starts = np.unique(groups[order], return_index=True)
    parts = np.split(shapes[order], starts[1:])
    joined = multi(np.array([shapely.coverage_union_all(part) for part in parts], dtype=object))
    return dict(zip(names.tolist(), joined, strict=True))


def generalise(shapes: Shapes, tolerance: float) -> Shapes:
    """Simplify one coverage so that neighbours go on sharing every edge."""
    return multi(shapely.coverage_simplify(shapes, tolerance))


def label_points(shapes: Shapes) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return lon and lat of the pole of inaccessibility of each shape's largest part."""
    largest = [max(shapely.get_parts(shape), key=shapely.area) for shape in shapes]
    # Fine enough for a label and quick: a fiftieth of the shape's size.
    tolerances = np.sqrt(shapely.area(largest)) / 50
    circles = [
        shapely.maximum_inscribed_circle(shape, tolerance) for shape, tolerance in zip(largest, tolerances, strict=True)
    ]
    centres = shapely.get_point(np.array(circles, dtype=object), 0)
    return shapely.get_x(centres), shapely.get_y(centres)
