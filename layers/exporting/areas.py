"""Areas in a file: their codes, names and boundaries."""

from dataclasses import astuple
from datetime import date

import numpy as np
import shapely
from sqlalchemy.orm import Session

from boundaries.areas import Detail, get_area, list_areas, list_shapes
from boundaries.codes import COUNTRY, Level
from boundaries.editions import EditionRecord, get_active
from boundaries.messages import text as message
from boundaries.sources import credit, missing_levels
from layers.exporting.content import About, Column, Content, Credit, Shapes, check_size, shapes_array

COLUMNS = (
    Column("code"), Column("name_th"), Column("name_en"), Column("level"), Column("parent_code"), Column("kind"),
    Column("label_lon", "number"), Column("label_lat", "number"),
)  # fmt: skip
_ORDER = ("code", "level", "parent_code", "name_th", "name_en", "kind", "label_lon", "label_lat")


def areas_content(session: Session, level: Level, within: str, detail: Detail = "full") -> Content:
    """Collect the areas of a level inside an area, with the shapes of a detail; open to everybody.

    Raises AreaNotFound, ExportLarge.
    """
    area, edition = get_area(session, within), get_active(session)
    found = list_areas(session, level, within)
    check_size(len(found))
    held = [dict(zip(_ORDER, astuple(one), strict=True)) for one in found]
    words = message(f"level.{level}")
    shown = Credit(credit(edition, generalised=detail != "full"), edition.licence)
    missing = missing_levels(edition)
    return Content(
        name="areas",
        about=About(
            title=message("export.title.areas", level_th=words.th, level_en=words.en, **area_names(area)),
            audience="public",
            as_of=day_of(edition),
            sources=(),
            boundaries=shown,
            notes=(message(f"export.detail.{detail}"), *([missing] if missing else [])),
        ),
        columns=COLUMNS,
        rows=tuple(tuple(one[column.name] for column in COLUMNS) for one in held),
        shapes=shapes_of(session, level, within, detail, [one.code for one in found]),
        shape_kind="MultiPolygon",
        key="code",
    )


def area_names(area: object) -> dict[str, object]:
    """Return the two names of an area for a sentence."""
    return {"area_th": getattr(area, "full_name_th", ""), "area_en": getattr(area, "name_en", "")}


def boundary_credit(edition: EditionRecord) -> Credit:
    """Return what has to be told of the boundaries, as on every map."""
    return Credit(credit(edition), edition.licence)


def shapes_of(session: Session, level: Level, within: str, detail: Detail, codes: list[str]) -> Shapes:
    """Return the shapes of areas in the order of their codes, None where one has none.

    Outer rings run against the clock, as GeoJSON and KML want them.
    """
    frame = list_shapes(session, level, None if within == COUNTRY else within, detail=detail)
    by_code = dict(zip(frame["code"], frame.geometry, strict=True))
    return np.asarray(shapely.orient_polygons(shapes_array([by_code.get(code) for code in codes])))


def day_of(edition: EditionRecord) -> date:
    """Return the day of the boundaries in use: that of their source, else of their activation."""
    assert edition.activated_at is not None
    return edition.reference_date or edition.activated_at.date()
