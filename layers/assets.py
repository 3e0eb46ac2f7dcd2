"""Assets: service units and other social capital (ทุนทางสังคม) at places; open to everybody."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from boundaries.areas import load_index
from boundaries.codes import COUNTRY
from boundaries.messages import Text
from layers.cases import new_id
from layers.models import Asset, Source
from layers.places import resolve


@dataclass(frozen=True)
class AssetValues:
    """What is stated about an asset; the place in degrees (EPSG:4326)."""

    external_id: str
    kind: str
    name_th: str
    lat: float
    lon: float
    name_en: str | None = None
    properties: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class AssetRecord:
    """An asset as it is kept; `area_code` is the finest code known, '00' if none."""

    id: UUID
    external_id: str
    kind: str
    name_th: str
    name_en: str | None
    lat: float
    lon: float
    area_code: str
    area_match: str
    properties: dict[str, Any]
    source: Text
    invented: bool


def save_assets(session: Session, source_id: int, assets: Sequence[AssetValues]) -> int:
    """Write a source's assets in place of those it brought before; return their number."""
    session.execute(text("DELETE FROM asset WHERE source_id = :source"), {"source": source_id})
    if not assets:
        return 0
    index = load_index(session)
    lats, lons = np.array([one.lat for one in assets]), np.array([one.lon for one in assets])
    found = resolve(index, lats, lons, [None] * len(assets))
    rows = [
        {
            "province_code": province,
            "id": new_id(),
            "source_id": source_id,
            "external_id": one.external_id,
            "kind": one.kind,
            "name_th": one.name_th,
            "name_en": one.name_en,
            "point": f"SRID=4326;POINT({one.lon!r} {one.lat!r})",
            "area_code": code,
            "area_match": match,
            "edition_id": index.edition_id,
            "properties": one.properties,
        }
        for one, province, code, match in zip(
            assets, found.province_code, found.area_code, found.area_match, strict=True
        )
    ]
    session.execute(insert(Asset), rows)
    return len(rows)


def list_assets(session: Session, within: str | None = None) -> list[AssetRecord]:
    """Return the assets within an area (None or TH: everywhere), by area and name."""
    chosen = (
        select(
            Asset.id,
            Asset.external_id,
            Asset.kind,
            Asset.name_th,
            Asset.name_en,
            Asset.area_code,
            Asset.area_match,
            Asset.properties,
            Asset.point.ST_Y().label("lat"),
            Asset.point.ST_X().label("lon"),
            Source.name_th.label("source_th"),
            Source.name_en.label("source_en"),
            Source.invented,
        )
        .join(Source, Source.id == Asset.source_id)
        .order_by(Asset.area_code, Asset.name_th, Asset.id)
    )
    if within and within != COUNTRY:
        chosen = chosen.where(Asset.province_code == within[:2], Asset.area_code.startswith(within, autoescape=True))
    return [
        AssetRecord(
            row.id,
            row.external_id,
            row.kind,
            row.name_th,
            row.name_en,
            row.lat,
            row.lon,
            row.area_code,
            row.area_match,
            row.properties,
            Text(row.source_th, row.source_en),
            row.invented,
        )
        for row in session.execute(chosen)
    ]
