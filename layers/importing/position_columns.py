"""Positions of a whole column at once: plain numbers by arrays, whatever else is written row by row."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from boundaries import datums
from boundaries.datums import Floats
from boundaries.errors import SocialMapError
from boundaries.geometry import THAILAND
from layers.importing.positions import METRES_FROM, read_position

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Positions:
    """Points of many rows in WGS 84: parallel arrays, NaN where a row has none; `errors` by the row's place."""

    lats: Floats
    lons: Floats
    accuracies: Floats
    errors: Mapping[int, SocialMapError]


def read_positions(columns: Mapping[str, Sequence[str]], crs: str | None = None) -> Positions:
    """Read columns of one length by role (lat, lon, x, y, position), as `read_position` reads each row."""
    size = max((len(cells) for cells in columns.values()), default=0)
    lats, lons, accuracies = (np.full(size, np.nan) for _ in range(3))
    errors: dict[int, SocialMapError] = {}
    done = _plain(columns, crs, lats, lons) | _texts(columns.get("position", ()), crs, lats, lons, accuracies)
    for place in np.flatnonzero(~done).tolist():
        try:
            found = read_position({role: cells[place] for role, cells in columns.items()}, crs)
        except SocialMapError as error:
            errors[place] = error
            continue
        if found:
            lats[place], lons[place] = found.lat, found.lon
            accuracies[place] = np.nan if found.accuracy_m is None else found.accuracy_m
    return Positions(lats, lons, accuracies, errors)


def _plain(columns: Mapping[str, Sequence[str]], crs: str | None, lats: Floats, lons: Floats) -> Mask:
    """Fill in the rows whose two cells are plain numbers that lie in Thailand as stated; say which these are."""
    for north_role, east_role in (("lat", "lon"), ("y", "x")):
        if columns.get(north_role) and columns.get(east_role):
            break
    else:
        return np.zeros(lats.size, dtype=bool)
    north, east = _floats(columns[north_role]), _floats(columns[east_role])
    metres = (np.abs(north) >= METRES_FROM) & (np.abs(east) >= METRES_FROM)
    converted = np.zeros(lats.size, dtype=bool)
    lon, lat = east.copy(), north.copy()
    if crs is not None and crs != datums.WGS84:
        converted = (metres if datums.is_metres(crs) else ~metres) & np.isfinite(north) & np.isfinite(east)
        lon[converted], lat[converted] = datums.to_wgs84(crs, east[converted], north[converted])
    west, south, right, top = THAILAND
    good = (converted | ~metres) & (west <= lon) & (lon <= right) & (south <= lat) & (lat <= top)
    lats[good], lons[good] = lat[good], lon[good]
    return good


_SHORT = re.compile(
    r"[\[(]?['\"]?(\d{1,3}\.\d+)['\"]?(?:, ?|; ?| )['\"]?(\d{1,3}\.\d+)['\"]?[\])]?(?: (-?\d[\d.]*) (\d[\d.]*))?",
    re.ASCII,
)
"""`13.52, 99.81`, `['99.8','13.5']` and a form's `13.52 99.81 0 5`: what nearly all cells of such a column are."""


def _texts(cells: Sequence[str], crs: str | None, lats: Floats, lons: Floats, accuracies: Floats) -> Mask:
    """Fill in the rows whose one cell holds two plain numbers in Thailand, either way round; say which these are."""
    done = np.zeros(lats.size, dtype=bool)
    if not cells or (crs is not None and crs != datums.WGS84 and not datums.is_metres(crs)):
        return done
    found = [_SHORT.fullmatch(cell) for cell in cells]
    places = np.flatnonzero([one is not None for one in found])
    parts = np.array([one.groups("nan") for one in found if one], dtype=np.float64).reshape(-1, 4)
    west, south, right, top = THAILAND
    for north, east in ((0, 1), (1, 0)):
        lat, lon = parts[:, north], parts[:, east]
        good = (south <= lat) & (lat <= top) & (west <= lon) & (lon <= right)
        good &= np.isnan(parts[:, 3]) | (north == 0)  # a form says latitude first
        lats[places[good]], lons[places[good]] = lat[good], lon[good]
        accuracies[places[good]] = parts[good, 3]
        done[places[good]] = True
    return done


def _floats(cells: Sequence[str]) -> Floats:
    """Return cells as numbers, NaN where one is not plainly a number."""
    try:
        return np.array(cells, dtype=np.float64)
    except ValueError:
        return np.array([_float(cell) for cell in cells], dtype=np.float64)


def _float(cell: str) -> float:
    try:
        return float(cell) if cell and "_" not in cell else np.nan
    except ValueError:
        return np.nan
