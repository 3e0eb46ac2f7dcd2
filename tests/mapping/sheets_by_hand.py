"""Sheets without a database: invented provinces, and real ones from the boundary file, with figures of every state."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

import geopandas
import pyogrio
import shapely

from boundaries.areas import AreaRecord
from boundaries.messages import text
from boundaries.sources import get_source
from mapping.area_map import AreaMap
from mapping.mindmaps import MindMap
from mapping.sheet.ground import Ground
from mapping.sheet.paper import to_paper
from mapping.sheet.sheet import Sheet, lay_sheet
from mapping.templates import draft
from tests.mapping.maps_by_hand import LIBRARY, invented_areas, invented_map, map_of, mixed_plans, neighbours, record
from tests.shared import shared

PRINTED = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)
FORMATS = (("A3", "landscape"), ("A3", "portrait"), ("A4", "landscape"), ("A4", "portrait"))


def invented_sheet(
    count: int = 10, paper: str = "A3", orientation: str = "landscape", *, thai_digits: bool = False,
    mind_map: MindMap | None = None, printed_at: datetime = PRINTED, office: str | None = None,
    logo: bytes | None = None, **options: Any,
) -> Sheet:  # fmt: skip
    """Lay out the sheet of the invented province with a draft of its own."""
    area = record("99", "สมมุติบุรี", "province")
    records = {one: record(one, one) for one in invented_areas(count).code}
    plans = mixed_plans(records) | {"99": mind_map or draft("P08", area, "135 เรื่อง (2.4 เรื่องต่อผู้สูงอายุ 1,000 คน)")}
    area_map = invented_map(count, mind_maps=plans, **options)
    frame, around = invented_areas(count), neighbours()
    whole = shapely.union_all(frame.geometry.values)
    provinces = {"99": ("สมมุติบุรี", whole)} | _named(around)
    country = {code: shape for code, (_, shape) in provinces.items()}
    ground = Ground(dict(zip(frame.code, frame.geometry, strict=True)), provinces, country)
    paper_ = to_paper(paper, orientation, thai_digits)
    return lay_sheet(paper_, area_map, ground, printed_at, office=office, logo=logo)


def real_sheet(code: str, paper: str = "A3", orientation: str = "landscape", **options: Any) -> Sheet:
    """Lay out the sheet of a real province, or of the country, with figures made by hand."""
    return lay_sheet(to_paper(paper, orientation), *real_parts(code, **options), PRINTED)


def real_parts(code: str, **options: Any) -> tuple[AreaMap, Ground]:
    """Return the map of a real province, or of the country, with figures made by hand, and its ground."""
    provinces, districts = _layer("province"), _layer("district")
    if code == "TH":
        area = AreaRecord("TH", "country", None, "ประเทศไทย", "Thailand", "country", 101, 13)
        frame, around = provinces, []
    else:
        row = provinces[provinces.code == code].iloc[0]
        kind = "bangkok" if code == "10" else "province"
        area = AreaRecord(code, "province", "TH", row.name_th, row.name_en, kind, row.label_lon, row.label_lat)  # type: ignore[arg-type]
        frame, around = districts[districts.code.str.startswith(code)], [provinces[provinces.code != code]]
    records = {
        row.code: record(row.code, row.name_th, "province" if code == "TH" else "district")
        for row in frame.itertuples()
    }
    plans = mixed_plans(records) | ({} if code == "TH" else {code: draft("P08", area, "135 เรื่อง")})
    area_map: AreaMap = map_of(frame.reset_index(drop=True), area, around, mind_maps=plans, **options)
    source = get_source("default")
    named = text("sources.credit", citation=source.citation.th, licence=source.licence).th
    credits_ = f"{named} · {text('credit.natural_earth').th}"
    area_map = replace(area_map, notes=(*area_map.notes, credits_))
    named = _named(provinces)
    coarse = dict(zip(named, shapely.coverage_simplify([shape for _, shape in named.values()], 0.01), strict=True))
    return area_map, Ground(dict(zip(frame.code, frame.geometry, strict=True)), named, coarse, LIBRARY)


def all_province_codes() -> list[str]:
    """Return the codes of the 77 provinces."""
    return list(_layer("province").code)


def all_names() -> list[str]:
    """Return the names of all districts and provinces."""
    return sorted({*_layer("district").name_th, *_layer("province").name_th})


@cache
def _layer(name: str) -> geopandas.GeoDataFrame:
    frame = pyogrio.read_dataframe(shared("boundaries/tha_admin.gpkg"), layer=name).sort_values("code")
    points = shapely.point_on_surface(frame.geometry.values)
    frame = frame.assign(label_lon=shapely.get_x(points), label_lat=shapely.get_y(points))
    return frame.reset_index(drop=True)


def _named(frame: geopandas.GeoDataFrame) -> dict[str, tuple[str, Any]]:
    return {row.code: (row.name_th, row.geometry) for row in frame.itertuples()}
