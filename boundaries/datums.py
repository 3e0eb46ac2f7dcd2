"""Coordinate systems that Thai files are in, and the way from each to WGS 84 (EPSG:4326)."""

import re
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from boundaries.errors import SocialMapError
from boundaries.messages import Text

Floats = NDArray[np.float64]

WGS84 = "EPSG:4326"
UTM_47N, UTM_48N = "EPSG:32647", "EPSG:32648"
INDIAN_47N, INDIAN_48N, INDIAN = "EPSG:24047", "EPSG:24048", "EPSG:4240"
METRES = (UTM_47N, UTM_48N, INDIAN_47N, INDIAN_48N)
"""What metres in Thailand can be; neither zone nor datum can be told from one point."""
TITLES = {
    WGS84: Text("องศา WGS 84", "degrees, WGS 84"),
    UTM_47N: Text("UTM โซน 47N (WGS 84)", "UTM zone 47N (WGS 84)"),
    UTM_48N: Text("UTM โซน 48N (WGS 84)", "UTM zone 48N (WGS 84)"),
    INDIAN_47N: Text("UTM โซน 47N (Indian 1975)", "UTM zone 47N (Indian 1975)"),
    INDIAN_48N: Text("UTM โซน 48N (Indian 1975)", "UTM zone 48N (Indian 1975)"),
    INDIAN: Text("องศา Indian 1975", "degrees, Indian 1975"),
}
_ALLOWED = re.compile(r"(?:EPSG|ESRI|OGC):[A-Z0-9]{4,8}|(?:PROJ|GEOG|GEOD)(?:CRS|CS)\[.*", re.DOTALL)
_INDIAN_TO_WGS84 = (
    "proj=pipeline step proj=unitconvert xy_in=deg xy_out=rad step proj=push v_3 step proj=cart ellps=evrst30"
    " step proj=helmert x=210 y=814 z=289 step inv proj=cart ellps=WGS84 step proj=pop v_3"
    " step proj=unitconvert xy_in=rad xy_out=deg"
)
"""EPSG:1304. PROJ prefers EPSG:1812, whose rotations put places some 190 m too far west of what all others agree on."""


class UnknownCrs(SocialMapError):
    """A coordinate system that is not known."""

    key = "position.unknown_crs"


@lru_cache(maxsize=32)
def get_crs(name: str) -> CRS:
    """Return a coordinate system by authority code or WKT; raise UnknownCrs."""
    if not _ALLOWED.fullmatch(name.strip()):
        raise UnknownCrs(crs=name[:80])
    try:
        return CRS.from_user_input(name.strip())
    except CRSError as error:
        raise UnknownCrs(crs=name[:80]) from error


def is_metres(name: str) -> bool:
    """Say whether a coordinate system counts in metres (or another length) and not in degrees."""
    return bool(get_crs(name).is_projected)


def is_indian(crs: CRS) -> bool:
    """Say whether a coordinate system rests on Indian 1975 and brings no way of its own to WGS 84."""
    base = crs.geodetic_crs or crs
    return not crs.is_bound and base.datum is not None and "Indian 1975" in base.datum.name


@lru_cache(maxsize=32)
def _steps(name: str) -> tuple[Transformer, ...]:
    crs = get_crs(name)
    base = crs.geodetic_crs or crs
    steps: list[Transformer] = [Transformer.from_crs(crs, base, always_xy=True)] if crs.is_projected else []
    if is_indian(crs):
        steps.append(Transformer.from_pipeline(_INDIAN_TO_WGS84))
    elif not base.equals(CRS.from_epsg(4326), ignore_axis_order=True):
        steps.append(Transformer.from_crs(base, WGS84, always_xy=True))
    return tuple(steps)


def to_wgs84(name: str, x: Any, y: Any) -> tuple[Floats, Floats]:
    """Return lon and lat in WGS 84 of points in a coordinate system (x east, y north); infinite outside of it."""
    for step in _steps(name):
        x, y = step.transform(x, y)
    return x, y
