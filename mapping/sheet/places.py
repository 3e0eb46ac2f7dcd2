"""Free places on a drawing: the heart of a shape, a block within it, what touches nothing. Pure geometry in mm."""

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

STEP = 0.25
"""Insets of the first, coarse look are rounded down to it, in mm, so that labels of nearly one height share one."""


@lru_cache(1000)
def heart(shape: BaseGeometry) -> tuple[float, float]:
    """Return the point of a shape that is furthest from its border."""
    circle = shapely.maximum_inscribed_circle(shape, tolerance=max(0.1, shape.length / 400))
    x, y = shapely.get_coordinates(circle)[0]
    return float(x), float(y)


def largest(shape: BaseGeometry) -> BaseGeometry:
    """Return the largest part of a shape; an empty one stays as it is."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    return max(parts, key=lambda part: part.area) if parts else shape


def find_inside(
    shape: BaseGeometry, width: float, height: float, taken: Sequence[BaseGeometry], margin: float = 0.7
) -> tuple[float, float] | None:
    """Return the middle of a free block within a shape, the nearest to its heart; None where there is none."""
    left, top, right, bottom = shape.bounds
    if right - left < width or bottom - top < height:
        return None
    step = max(0.5, (shape.area**0.5) / 45)
    grid_x, grid_y = np.meshgrid(
        np.arange(left + width / 2, right - width / 2 + step, step),
        np.arange(top + height / 2, bottom - height / 2 + step, step),
    )
    centre = heart(shape)
    x, y = np.append(centre[0], grid_x), np.append(centre[1], grid_y)
    within = shapely.contains_xy(_core(shape, margin + min(width, height) / 2), x, y)
    x, y = x[within], y[within]
    order = np.argsort((x - centre[0]) ** 2 + (y - centre[1]) ** 2, kind="stable")
    blocks = shapely.box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)[order]
    free = shapely.contains(_room(shape, margin), blocks)
    places = np.flatnonzero(free)
    if not len(places):
        return None
    free[places] = free_of(blocks[places], taken)
    places = np.flatnonzero(free)
    return (float(x[order][places[0]]), float(y[order][places[0]])) if len(places) else None


def _core(shape: BaseGeometry, inset: float) -> BaseGeometry:
    """Return where the middle of a block may lie: far cheaper to look at than blocks, and leaves few of them."""
    return _room(shape, math.floor(inset / STEP) * STEP, 2)


@lru_cache(4000)
def _room(shape: BaseGeometry, inset: float, quad_segs: int = 16) -> BaseGeometry:
    """Return a shape without its border, made once for the many forms that its label is tried in."""
    room = shape.buffer(-inset, quad_segs=quad_segs)
    shapely.prepare(room)
    return room


def free_of(blocks: np.ndarray, taken: Sequence[BaseGeometry]) -> np.ndarray:
    """Mark the shapes that touch nothing that is taken."""
    free = np.ones(len(blocks), dtype=bool)
    if len(taken):
        free[shapely.STRtree(blocks).query(np.array(taken, dtype=object), predicate="intersects")[1]] = False
    return free
