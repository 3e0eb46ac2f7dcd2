"""Areas of the active edition: get one, list them, search them, and their shapes for drawing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement, Select, collate, func, select
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from boundaries import names
from boundaries.codes import Level, level_of
from boundaries.editions import get_active, get_edition
from boundaries.errors import SocialMapError
from boundaries.models import Area, AreaShape, Edition
from boundaries.points import AreaIndex, AreaMatch, AreaMatches, at_point, at_points, load_index

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

__all__ = [
    "ACTIVE_KEY",
    "AreaIndex",
    "AreaMatch",
    "AreaMatches",
    "AreaNotFound",
    "AreaRecord",
    "at_point",
    "at_points",
    "bounds_of",
    "codes_of",
    "find_areas",
    "get_area",
    "list_areas",
    "list_codes",
    "list_levels",
    "list_named_shapes",
    "list_shapes",
    "load_index",
    "search",
]

Kind = Literal["country", "province", "bangkok", "district", "khet", "subdistrict", "khwaeng"]
Detail = Literal["country", "province", "full"]

THAI_ORDER = "th-x-icu"
_WORD = {"province": "จังหวัด", "district": "อำเภอ", "khet": "เขต", "subdistrict": "ตำบล", "khwaeng": "แขวง"}


class AreaNotFound(SocialMapError):
    """No area of the edition has this code."""

    key = "areas.not_found"


@dataclass(frozen=True)
class AreaRecord:
    """One area as it is shown and listed; the label point lies well inside its largest part (EPSG:4326)."""

    code: str
    level: Level
    parent_code: str | None
    name_th: str
    name_en: str
    kind: Kind
    label_lon: float
    label_lat: float

    @property
    def short_name_th(self) -> str:
        """Return the Thai name without its word of level: จอมบึง."""
        word = _WORD.get(self.kind, "")
        # Some lists write เขต into the name; บ้าน… and เมือง… belong to it and stay.
        rest = self.name_th.removeprefix(word) if self.kind in ("khet", "khwaeng") else self.name_th
        return rest or self.name_th

    @property
    def full_name_th(self) -> str:
        """Return the Thai name with its word of level: อำเภอจอมบึง, กรุงเทพมหานคร, เขตพระนคร."""
        return _WORD.get(self.kind, "") + self.short_name_th


def get_area(session: Session, code: str, edition_id: int | None = None) -> AreaRecord:
    """Return one area; raise BadCode for a text that is no code and AreaNotFound for one that nobody has."""
    level_of(code)
    row = session.execute(_select().where(_in_edition(edition_id), Area.code == code)).one_or_none()
    if row is None:
        _require_edition(session, edition_id)
        raise AreaNotFound(code=code)
    return AreaRecord(**row._asdict())


def find_areas(session: Session, codes: Iterable[str]) -> dict[str, AreaRecord]:
    """Return areas by their code; codes that nobody has are left out."""
    found = session.execute(_select().where(_in_edition(None), Area.code.in_(sorted(set(codes))))).all()
    return {row.code: AreaRecord(**row._asdict()) for row in found}


def list_areas(
    session: Session,
    level: Level,
    within: str | None = None,
    *,
    order: Literal["code", "name"] = "code",
    edition_id: int | None = None,
) -> list[AreaRecord]:
    """Return the areas of a level, by code or by Thai name in dictionary order; `within` is a code above them."""
    chosen = _select().where(_in_edition(edition_id), Area.level == level, *_below(within))
    ordering = (collate(Area.name_th, THAI_ORDER), Area.code) if order == "name" else (Area.code,)
    return _records(session, chosen.order_by(*ordering), edition_id)


def search(session: Session, text: str, level: Level | None = None, limit: int = 20) -> list[AreaRecord]:
    """Return areas whose name begins with or contains the text (Thai or English), best first, then by name."""
    wanted = names.key(names.without_prefix(text))
    if not wanted:
        return []
    pattern = wanted.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    english = func.replace(func.lower(Area.name_en), " ", "")
    chosen = _select().where(
        _in_edition(None),
        Area.level != "country",
        Area.name_key.like(f"%{pattern}%") | english.like(f"%{pattern}%"),
    )
    if level:
        chosen = chosen.where(Area.level == level)
    exact = (Area.name_key == wanted) | (english == wanted)
    begins = Area.name_key.like(f"{pattern}%") | english.like(f"{pattern}%")
    ordering = (exact.desc(), begins.desc(), func.length(Area.code), collate(Area.name_th, THAI_ORDER), Area.code)
    return _records(session, chosen.order_by(*ordering).limit(limit), None)


def list_levels(session: Session) -> tuple[Level, ...]:
    """Return the levels below the country that the active edition has, widest first; raise NoActiveEdition."""
    return get_active(session).levels


ACTIVE_KEY = "(SELECT id || ' ' || activated_at FROM edition WHERE state = 'active') AS edition"
"""SQL of what tells one activation of an edition from all others, None while there is none."""

_ACTIVE = sql(f"SELECT {ACTIVE_KEY}")

_CODES: dict[tuple[str, Level], NDArray[np.str_]] = {}
"""Sorted codes of each level of the editions met so far: an edition's areas never change once it is active."""


def list_codes(session: Session, level: Level, within: str | None = None) -> NDArray[np.str_]:
    """Return the sorted codes of a level of the active edition, of the whole country or within one area."""
    return codes_of(session, session.execute(_ACTIVE).scalar_one(), level, within)


def codes_of(session: Session, edition: str | None, level: Level, within: str | None = None) -> NDArray[np.str_]:
    """Do the same for who has read `ACTIVE_KEY` along with something else; read once an edition and process."""
    if edition is None:
        return np.array([], dtype=str)
    if (edition, level) not in _CODES:
        number = int(edition.split()[0])  # another edition may have become active since
        chosen = select(Area.code).where(_in_edition(number), Area.level == level).order_by(Area.code)
        _CODES[edition, level] = np.array(session.execute(chosen).scalars().all(), dtype=str)
    codes = _CODES[edition, level]
    if within is None or level_of(within) == "country":
        return codes
    return codes[np.strings.startswith(codes, within)]


def list_shapes(
    session: Session,
    level: Level,
    within: str | None = None,
    *,
    detail: Detail = "province",
    edition_id: int | None = None,
) -> "GeoDataFrame":
    """Return code, parent_code, name_th, name_en, label_lon, label_lat and geometry (EPSG:4326), ordered by code.

    Shapes of one detail are one coverage: neighbours and levels share every edge. Subdistricts are too small for the
    country's detail and come in the province's.
    """
    from geopandas import GeoDataFrame

    columns = (Area.code, Area.parent_code, Area.name_th, Area.name_en, Area.label_lon, Area.label_lat)
    rows, shapes = _shapes(session, level, within, columns, detail, edition_id)
    values = {column.key: [getattr(row, column.key) for row in rows] for column in columns}
    return GeoDataFrame(values, geometry=shapes, crs=4326)


def list_named_shapes(
    session: Session, level: Level, within: str | None = None, *, detail: Detail = "province"
) -> dict[str, tuple[str, BaseGeometry]]:
    """Return (name_th, shape) by code: what `list_shapes` returns, for those who need no table and not its weight."""
    rows, shapes = _shapes(session, level, within, (Area.code, Area.name_th), detail, None)
    return {row.code: (row.name_th, shape) for row, shape in zip(rows, shapes, strict=True)}


def _shapes(
    session: Session,
    level: Level,
    within: str | None,
    columns: Sequence[Any],
    detail: Detail,
    edition_id: int | None,
) -> tuple[Sequence[Any], NDArray[np.object_]]:
    """Read the rows and shapes of a level by code."""
    if level == "subdistrict" and detail == "country":
        detail = "province"
    shape = (Area.geom if detail == "full" else AreaShape.geom).ST_AsBinary().label("shape")
    chosen = select(*columns, shape).where(_in_edition(edition_id), Area.level == level, *_below(within))
    if detail != "full":
        chosen = chosen.join(
            AreaShape,
            (AreaShape.edition_id == Area.edition_id) & (AreaShape.code == Area.code) & (AreaShape.detail == detail),
        )
    rows = session.execute(chosen.order_by(Area.code)).all()
    if not rows:
        _require_edition(session, edition_id)
    return rows, shapely.from_wkb(np.array([bytes(row.shape) for row in rows], dtype=object))


def bounds_of(session: Session, code: str) -> tuple[float, float, float, float]:
    """Return west, south, east, north of an area in degrees (EPSG:4326); raise AreaNotFound."""
    level_of(code)
    shape = Area.geom
    corners = select(shape.ST_XMin(), shape.ST_YMin(), shape.ST_XMax(), shape.ST_YMax())
    row = session.execute(corners.where(_in_edition(None), Area.code == code)).one_or_none()
    if row is None:
        _require_edition(session, None)
        raise AreaNotFound(code=code)
    return (float(row[0]), float(row[1]), float(row[2]), float(row[3]))


def _select() -> Select[*tuple[Any, ...]]:
    return select(
        Area.code,
        Area.level,
        Area.parent_code,
        Area.name_th,
        Area.name_en,
        Area.kind,
        Area.label_lon,
        Area.label_lat,
    )


def _in_edition(edition_id: int | None) -> ColumnElement[bool]:
    if edition_id is not None:
        return Area.edition_id == edition_id
    return Area.edition_id == select(Edition.id).where(Edition.state == "active").scalar_subquery()


def _below(within: str | None) -> list[ColumnElement[bool]]:
    if within is None or level_of(within) == "country":
        return []
    return [Area.code.startswith(within, autoescape=True)]


def _records(session: Session, chosen: Select[*tuple[Any, ...]], edition_id: int | None) -> list[AreaRecord]:
    rows = session.execute(chosen).all()
    if not rows:
        _require_edition(session, edition_id)
    return [AreaRecord(**row._asdict()) for row in rows]


def _require_edition(session: Session, edition_id: int | None) -> None:
    """Tell an empty answer from a missing edition."""
    if edition_id is None:
        get_active(session)
    else:
        get_edition(session, edition_id)
