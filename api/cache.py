"""What one process prepares once for an edition of the boundaries: lists of areas, and shapes as GeoJSON text."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any

import numpy as np
import shapely
from sqlalchemy.orm import Session

from boundaries.areas import AreaRecord, list_areas, list_shapes
from boundaries.codes import COUNTRY, Level
from boundaries.editions import EditionRecord, get_active

DECIMALS = 5
"""About one metre; both sides of a shared border are rounded alike, so neighbours still meet."""


class AreaCache:
    """Keeps the areas and shapes that were asked for last; safe for several threads.

    An active edition does not change, and another one has another number: nothing kept can be out of date.
    """

    def __init__(self, size: int = 200) -> None:
        self._kept: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
        self._size, self._lock = size, Lock()

    def areas(self, session: Session, level: Level, within: str) -> Mapping[str, AreaRecord]:
        """Return the areas of a level inside an area by code, in order of code."""
        key = (_name(get_active(session)), "areas", level, within)
        return self._get(key, lambda: {area.code: area for area in list_areas(session, level, within)})

    def shapes(self, session: Session, level: Level, within: str) -> Mapping[str, str]:
        """Return code → GeoJSON geometry (EPSG:4326) of an area itself or of those of a finer level inside it.

        Shapes within the country come in the country's detail, all others in the province's.
        """
        key = (_name(get_active(session)), "shapes", level, within)
        return self._get(key, lambda: _texts(session, level, within))

    def _get(self, key: tuple[Any, ...], make: Callable[[], Any]) -> Any:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = make()
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
        return made


def _name(edition: EditionRecord) -> object:
    return edition.activation


def _texts(session: Session, level: Level, within: str) -> Mapping[str, str]:
    shapes = list_shapes(session, level, within, detail="country" if within == COUNTRY else "province")
    rounded = shapely.transform(shapes.geometry.to_numpy(), lambda points: np.round(points, DECIMALS))
    return dict(zip(shapes["code"], shapely.to_geojson(rounded), strict=True))
