"""Assets in a file: places and services that help, as points; open to everybody."""

import shapely
from sqlalchemy import func, select, true
from sqlalchemy.orm import Session

from boundaries.areas import get_area
from boundaries.codes import COUNTRY
from boundaries.editions import get_active
from boundaries.messages import text as message
from layers.assets import AssetRecord, list_assets
from layers.exporting.areas import area_names, boundary_credit, day_of
from layers.exporting.content import About, Column, Content, Credit, Value, check_size, shapes_array
from layers.models import Asset
from layers.sources import list_sources

COLUMNS = (
    Column("id"), Column("asset_kind"), Column("name_th"), Column("name_en"), Column("province_code"),
    Column("area_code"), Column("area_match"), Column("lon", "number"), Column("lat", "number"),
    Column("source_th"), Column("source_en"), Column("invented", "yes_no"),
)  # fmt: skip
"""All that leaves of an asset: what else its source told of it stays."""


def assets_content(session: Session, within: str, kind: str | None = None) -> Content:
    """Collect the assets within an area, of one kind where one is named. Raises AreaNotFound, ExportLarge."""
    area = get_area(session, within)
    inside = true() if within == COUNTRY else Asset.area_code.startswith(within, autoescape=True)
    check_size(session.execute(select(func.count()).select_from(Asset).where(inside)).scalar_one())
    found = [one for one in list_assets(session, within) if kind is None or one.kind == kind]
    edition = get_active(session)
    used = [one for one in list_sources(session) if one.name in {each.source for each in found}]
    return Content(
        name="assets",
        about=About(
            title=message("export.title.assets", **area_names(area)),
            audience="public",
            as_of=max((one.as_of for one in used), default=day_of(edition)),
            sources=tuple(Credit(one.name, one.licence) for one in used),
            boundaries=boundary_credit(edition),
            notes=(message("note.invented"),) if any(one.invented for one in found) else (),
        ),
        columns=COLUMNS,
        rows=tuple(map(_row, found)),
        shapes=shapes_array([shapely.Point(one.lon, one.lat) for one in found]),
        shape_kind="Point",
        key="id",
    )


def _row(one: AssetRecord) -> tuple[Value, ...]:
    return (
        str(one.id),
        one.kind,
        one.name_th,
        one.name_en,
        one.area_code[:2],
        one.area_code,
        one.area_match,
        one.lon,
        one.lat,
        one.source.th,
        one.source.en,
        one.invented,
    )
