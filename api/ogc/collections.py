"""The collections that are published: what each is called, holds and can be filtered by."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from uuid import UUID

from geoalchemy2 import Geometry
from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import Session

from api.ogc.parameters import Box
from boundaries.areas import bounds_of
from boundaries.codes import COUNTRY, Level
from boundaries.editions import get_active
from boundaries.models import Area
from layers.models import Asset

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
DECIMALS = 6


@dataclass(frozen=True)
class Collection:
    """A published collection; `key` names its rows and orders them, `columns` are all that leaves of a row."""

    id: str
    title: str
    description: str
    key: Any
    geometry: Any
    columns: Mapping[str, Any]
    filters: tuple[str, ...]
    level: Level | None
    types: Mapping[str, str]
    parse: Callable[[str], Any] = str
    """Turns the text of a key into the column's value; raises ValueError for what cannot be a key."""

    def condition(self, edition_id: int) -> ColumnElement[bool]:
        """Return which rows of the table belong to the collection."""
        if self.level is None:
            return true()
        return (Area.edition_id == edition_id) & (Area.level == self.level)


def _areas(name: str, level: Level, title: str, description: str) -> Collection:
    columns = {
        "code": Area.code,
        "parent_code": Area.parent_code,
        "name_th": Area.name_th,
        "name_en": Area.name_en,
        "kind": Area.kind,
        "label_lon": Area.label_lon,
        "label_lat": Area.label_lat,
    }
    types = {name: "number" if name.startswith("label") else "string" for name in columns}
    filters = ("code", "parent_code", "name_th", "name_en")
    return Collection(name, title, description, Area.code, Area.geom, columns, filters, level, types)


def _assets() -> Collection:
    columns = {
        "kind": Asset.kind,
        "name_th": Asset.name_th,
        "name_en": Asset.name_en,
        "province_code": Asset.province_code,
        "area_code": Asset.area_code,
        "area_match": Asset.area_match,
    }
    types = dict.fromkeys(columns, "string")
    filters = ("kind", "province_code", "area_code", "name_th")
    title = "ทุนทางสังคม / Social assets"
    description = "หน่วยบริการและทุนทางสังคมอื่น / Service units and other social capital"
    return Collection("assets", title, description, Asset.id, Asset.point, columns, filters, None, types, UUID)


def _all() -> Mapping[str, Collection]:
    listed = (
        _areas("provinces", "province", "จังหวัด / Provinces", "จังหวัดของประเทศไทย / Changwat of Thailand"),
        _areas("districts", "district", "อำเภอและเขต / Districts", "อำเภอ และเขตของกรุงเทพมหานคร / Amphoe and khet"),
        _areas(
            "subdistricts",
            "subdistrict",
            "ตำบลและแขวง / Subdistricts",
            "ตำบล และแขวงของกรุงเทพมหานคร / Tambon and khwaeng",
        ),
        _assets(),
    )
    return MappingProxyType({each.id: each for each in listed})


COLLECTIONS = _all()


def in_boxes(geometry: Any, boxes: tuple[Box, ...]) -> ColumnElement[bool]:
    """Return the condition that a shape meets one of the boxes; no box means no condition."""
    if not boxes:
        return true()
    frames = [func.ST_MakeEnvelope(*box, 4326, type_=Geometry) for box in boxes]
    return or_(*(func.ST_Intersects(geometry, frame) for frame in frames))


def extent(session: Session, collection: Collection) -> list[float]:
    """Return west, south, east, north of all features of a collection; all of Thailand when it has none."""
    if collection.level is not None:
        return [round(number, 5) for number in bounds_of(session, COUNTRY)]
    box = func.ST_Extent(collection.geometry)
    sides = [func.ST_XMin(box), func.ST_YMin(box), func.ST_XMax(box), func.ST_YMax(box)]
    row = session.execute(select(*sides).where(collection.condition(get_active(session).id))).one()
    return [float(side) for side in row] if row[0] is not None else list(bounds_of(session, COUNTRY))
