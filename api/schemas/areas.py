"""Areas as they are answered."""

from typing import Literal

from api.schemas.common import Schema
from boundaries.areas import AreaMatch, AreaRecord
from boundaries.codes import Level


class Point(Schema):
    """Where a label stands, in degrees (EPSG:4326)."""

    lon: float
    lat: float


class Area(Schema):
    """One area of the active edition."""

    code: str
    level: Level
    parent_code: str | None
    name_th: str
    name_en: str
    full_name_th: str
    kind: str
    label: Point


class AreaPage(Schema):
    """One page of areas; `next` is the address of the following page."""

    edition: str
    areas: list[Area]
    next: str | None


class AreaName(Schema):
    """A code with its names."""

    code: str
    name_th: str
    name_en: str


class AreaAt(Schema):
    """The areas that a point lies in and how that was found; distance in metres, 0 when inside."""

    lat: float
    lon: float
    area_match: Literal["inside", "nearest", "outside"]
    distance_m: float | None
    subdistrict: AreaName | None
    district: AreaName | None
    province: AreaName | None
    edition: str


def to_area(area: AreaRecord) -> Area:
    """Turn a record into its public form."""
    return Area(
        code=area.code,
        level=area.level,
        parent_code=area.parent_code,
        name_th=area.name_th,
        name_en=area.name_en,
        full_name_th=area.full_name_th,
        kind=area.kind,
        label=Point(lon=round(area.label_lon, 5), lat=round(area.label_lat, 5)),
    )


def to_area_at(lat: float, lon: float, match: AreaMatch, names: dict[str, AreaRecord], edition: str) -> AreaAt:
    """Join a match with the names of its areas."""

    def named(code: str | None) -> AreaName | None:
        area = names.get(code) if code else None
        return AreaName(code=area.code, name_th=area.name_th, name_en=area.name_en) if area else None

    return AreaAt(
        lat=lat,
        lon=lon,
        area_match=match.area_match,
        distance_m=None if match.distance_m is None else round(match.distance_m, 1),
        subdistrict=named(match.subdistrict_code),
        district=named(match.district_code),
        province=named(match.province_code),
        edition=edition,
    )
