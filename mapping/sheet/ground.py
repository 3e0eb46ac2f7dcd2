"""The ground of a sheet's map in EPSG:4326: the areas in full detail, what lies around them, land abroad, seas."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from boundaries.areas import list_named_shapes
from boundaries.codes import Level
from boundaries.editions import get_active
from mapping.geography import Polygons, abroad
from mapping.offline import Library


@dataclass(frozen=True)
class Ground:
    """Shapes in degrees by code: the areas drawn, all provinces, and those of a coarse picture of the country."""

    areas: Mapping[str, BaseGeometry]
    provinces: Mapping[str, tuple[str, BaseGeometry]]
    country: Mapping[str, BaseGeometry]
    library: Library | None = None

    def lands_abroad(self, window: tuple[float, float, float, float]) -> list[tuple[str, BaseGeometry]]:
        """Return (name, shape) of other countries within a window, tucked under our own areas."""
        if self.library is None:
            return []
        seen = shapely.box(*window)
        own = [shape for _, shape in self.provinces.values() if shape.intersects(seen)]
        coded = abroad(self.library, own, window, digits=4)
        return [(shape.name, _decoded(shape.polygons, 4)) for shape in coded]


_KNOWN: dict[str, tuple[dict[str, tuple[str, BaseGeometry]], dict[str, BaseGeometry]]] = {}
"""All provinces of the active edition, in full and coarse, by its checksum: every sheet of a run needs them."""


def read_ground(session: Session, level: Level, within: str, library: Library | None) -> Ground:
    """Read the ground of the areas of a level within an area."""
    checksum = get_active(session).checksum
    if checksum not in _KNOWN:
        _KNOWN.clear()
        coarse = list_named_shapes(session, "province", detail="country")
        country = {code: shape for code, (_, shape) in coarse.items()}
        _KNOWN[checksum] = list_named_shapes(session, "province", detail="full"), country
    provinces, country = _KNOWN[checksum]
    if level == "province":
        return Ground({code: shape for code, (_, shape) in provinces.items()}, provinces, country, library)
    areas = list_named_shapes(session, level, within, detail="full")
    return Ground({code: shape for code, (_, shape) in areas.items()}, provinces, country, library)


def _decoded(polygons: Polygons, digits: int) -> BaseGeometry:
    """Turn coded polygons (`mapping.geography.encode`) back into a shape."""
    made = []
    for rings in polygons:
        first, *holes = [np.cumsum(np.reshape(ring, (-1, 2)), axis=0) / 10**digits for ring in rings]
        made.append(shapely.Polygon(first, holes))
    return shapely.make_valid(shapely.multipolygons(made))
