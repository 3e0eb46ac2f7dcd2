"""Areas with their shapes: a phone's own, those around them, and those above these by name alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import text
from sqlalchemy.orm import Session

from boundaries.areas import AreaRecord, list_areas, list_named_shapes
from boundaries.codes import LEVELS, Level

NEAR = 0.005
"""Degrees, about half a kilometre: what begins within it lies around an area, though a river be between them."""
MOST_AROUND = 150


@dataclass(frozen=True)
class Outline:
    """An area, and its shape where that is told."""

    area: AreaRecord
    shape: BaseGeometry | None


def outlines(session: Session, level: Level, within: str) -> dict[str, Outline]:
    """Return the areas of a level in `within`, by code."""
    shapes = list_named_shapes(session, level, within)
    return {
        one.code: Outline(one, shapes[one.code][1]) for one in list_areas(session, level, within) if one.code in shapes
    }


def around(session: Session, level: Level, own: Mapping[str, Outline]) -> dict[str, Outline]:
    """Return the areas of a level that lie around one's own, by code; none where they are too many to be carried."""
    shapes = np.array([one.shape for one in own.values()], dtype=object)
    west, south, east, north = map(float, shapely.total_bounds(shapes))
    box = {"west": west - NEAR, "south": south - NEAR, "east": east + NEAR, "north": north + NEAR}
    boxed = set(session.execute(_BOXED, box | {"level": level}).scalars()) - own.keys()
    whole = shapely.union_all(shapes) if boxed else None
    found = {
        code: one
        for province in _provinces(boxed)
        for code, one in outlines(session, level, province).items()
        if code in boxed
    }
    near = {code: one for code, one in found.items() if shapely.dwithin(one.shape, whole, NEAR)}
    return near if len(near) <= MOST_AROUND else {}


def above(session: Session, areas: Iterable[str]) -> dict[str, Outline]:
    """Return the areas above some, by code and without their shapes: they tell apart places of one name."""
    codes = list(areas)
    return {
        one.code: Outline(one, None)
        for level in LEVELS[1:]
        for province in _provinces(codes)
        for one in list_areas(session, level, province)
        if any(code != one.code and code.startswith(one.code) for code in codes)
    }


def _provinces(codes: Iterable[str]) -> list[str]:
    return sorted({code[:2] for code in codes})


_BOXED = text(
    "SELECT code FROM area WHERE level = :level AND edition_id = (SELECT id FROM edition WHERE state = 'active')"
    " AND geom && ST_MakeEnvelope(:west, :south, :east, :north, 4326)"
)
