"""Files that agencies have in their own form, read into rows the product knows."""

import json
import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from boundaries.errors import SocialMapError
from boundaries.messages import Text
from layers.assets import AssetValues, save_assets
from layers.cases import LongExternalId, check_external_id
from layers.dates import parse_date
from layers.importing import CaseSource, ImportReport, Progress, RejectedRow, Row, import_rows, read_position
from layers.indicators import ObservationValues, save_observations
from layers.sources import save_source
from layers.tables import NotATable, read_table
from layers.template import MissingColumns


class UnknownAdapter(SocialMapError):
    """A kind of file that no adapter reads."""

    key = "error.unknown_adapter"


class BadRow(SocialMapError):
    """A row of observations or assets that cannot be read; such files come in whole or not at all."""

    key = "error.bad_row"


NOTHING = "-"
"""What a missing value becomes where an empty one would be taken for "not stated" and the row accepted."""

COMMUNITIES = CaseSource(
    "low_income_communities",
    Text("ชุมชนผู้มีรายได้น้อย (แฟ้มสาธารณะ ปีสำรวจตามแฟ้ม)", "low-income communities (public file, survey year as given)"),
    lenient=True,
)
ROAD_DEATHS = CaseSource(
    "road_deaths",
    Text("อุบัติเหตุทางถนนที่มีผู้เสียชีวิต (แฟ้มสาธารณะ)", "fatal road crashes (public file)"),
    lenient=True,
)
CASES = ("low_income_communities", "road_deaths")
OBSERVATIONS = ("population", "older_persons")
ASSETS = ("health_facilities",)
ADAPTERS = (*CASES, *OBSERVATIONS, *ASSETS)


@dataclass(frozen=True)
class Loaded:
    """How many observations or assets a file gave."""

    kind: str
    rows: int


def import_as(
    session: Session,
    path: Path,
    adapter: str,
    *,
    period: str | None = None,
    keep_good: bool = False,
    dry_run: bool = False,
    progress: Progress = lambda rows: None,
) -> ImportReport | Loaded:
    """Bring a file of a known kind in; `period` is the year of observations whose file states none.

    Raises UnknownAdapter, NotATable, MissingColumns, BadDate, BadRow.
    """
    if adapter in CASES:
        rows, source = (low_income_communities, COMMUNITIES) if adapter == CASES[0] else (road_deaths, ROAD_DEATHS)
        return import_rows(session, rows(path), source, keep_good=keep_good, dry_run=dry_run, progress=progress)
    if adapter not in ADAPTERS:
        raise UnknownAdapter(name=adapter, allowed=", ".join(ADAPTERS))
    with session.begin_nested() as savepoint:
        loaded = _load(session, path, adapter, period)
        if dry_run:
            savepoint.rollback()
    return loaded


def _load(session: Session, path: Path, adapter: str, period: str | None) -> Loaded:
    day = _year_end(period)
    name = {
        "population": Text("ประชากรรายจังหวัด (แฟ้มสาธารณะ)", "population by province (public file)"),
        "older_persons": Text("ผู้สูงอายุรายจังหวัด (แฟ้มสาธารณะ)", "older persons by province (public file)"),
        "health_facilities": Text("หน่วยบริการสุขภาพ เขตสุขภาพที่ 12", "health facilities of Health Region 12"),
    }[adapter]
    licence = "MIT" if adapter in ASSETS else None
    source = save_source(session, adapter, name, day or date(2020, 12, 31), licence=licence)
    if adapter in ASSETS:
        return Loaded("asset", save_assets(session, source, list(health_facilities(path))))
    rows = list(provinces(path, adapter, day))
    return Loaded("observation", save_observations(session, source, rows))


def _year_end(period: str | None) -> date | None:
    """Return 31 December of a year in พ.ศ. or ค.ศ., None when no year is known."""
    return date(parse_date(period)[0].year, 12, 31) if period else None


def low_income_communities(path: Path) -> Iterator[Row]:
    """Read communities: codes come in parts to be joined, the survey year is พ.ศ., X and Y (UTM) are not used."""
    needed = ("COMM_ID", "SHAPE_YEAR", "Lat", "Long", "PROV_CODE_1", "AMP_CODE_1", "TAM_CODE_1")
    for number, row in _named(path, needed):
        code = "".join(row[name].zfill(2) for name in needed[4:])
        yield (
            number,
            {
                "external_id": row["COMM_ID"],
                "problem_code": "P02.03",
                "reported_on": row["SHAPE_YEAR"],
                "area_code": code,
                "lat": row["Lat"],
                "lon": row["Long"],
                "target_groups": "T15",
                "counted": "case",
            },
        )


def road_deaths(path: Path) -> Iterator[Row]:
    """Read fatal crashes of GeoJSON: `d` deaths are the weight, `y` is a year in ค.ศ. and all that is known."""
    for number, feature in enumerate(_json(path, "features"), start=1):
        told = _part(feature, "properties")
        place = _part(feature, "geometry").get("coordinates")
        lon, lat = place[:2] if isinstance(place, list) and len(place) >= 2 else (None, None)
        yield (
            number,
            {
                "external_id": f"{_word(told.get('y'))}-{number:05}",
                "problem_code": "P15.03",
                "reported_on": _word(told.get("y")),
                "lat": _word(lat) or NOTHING,
                "lon": _word(lon) or NOTHING,
                "weight": _word(told.get("d")) or NOTHING,
                "counted": "person",
            },
        )


def provinces(path: Path, adapter: str, day: date | None) -> Iterator[ObservationValues]:
    """Read numbers of people by province; the file says `>60` and does not say of which year."""
    fields = {
        "population": {"total": "population", "population": "population_resident"},
        "older_persons": {">60": "population_60plus", "<20": "population_under20", "total": "population"},
    }[adapter]
    seen = set()
    for number, row in enumerate(_json(path, None), start=1):
        with _row(number):
            told = row if isinstance(row, dict) else {}
            code = _province(told.get("PROV_CODE"))
            if code in seen:
                raise RejectedRow("row.province_repeated", value=code)
            seen.add(code)
            for column, indicator in fields.items():
                value = _amount(told.get(column), column)
                yield ObservationValues(indicator, "province", code, day, day, value)


def health_facilities(path: Path) -> Iterator[AssetValues]:
    """Read health centres and hospitals; their names were removed by the publisher."""
    kinds = {"primary_health_centre": "หน่วยบริการปฐมภูมิ", "hospital": "โรงพยาบาล"}
    needed, seen = ("id", "kind", "lon", "lat"), set()
    for number, row in _named(path, needed):
        with _row(number):
            for column in needed[:2]:
                if not row[column]:
                    raise RejectedRow("row.required", column=column)
            check_external_id(row["id"])
            if row["id"] in seen:
                raise RejectedRow("row.repeated", value=row["id"])
            lat, lon = read_position(row["lat"], row["lon"])
        seen.add(row["id"])
        more = {key: value for key, value in row.items() if key not in needed and value}
        title = f"{kinds.get(row['kind'], row['kind'])} {row['id']}"
        yield AssetValues(row["id"], row["kind"], title, lat, lon, None, more)


@contextmanager
def _row(number: int) -> Iterator[None]:
    """Say which row was wrong."""
    try:
        yield
    except (RejectedRow, LongExternalId) as error:
        raise BadRow(row=number, th=error.text.th, en=error.text.en) from error


def _part(feature: object, name: str) -> dict[str, Any]:
    """Return a part of a GeoJSON feature; an empty one where there is none."""
    part = feature.get(name) if isinstance(feature, dict) else None
    return part if isinstance(part, dict) else {}


def _word(value: object) -> str:
    return "" if value is None else str(value)


def _province(value: object) -> str:
    code = _word(value).zfill(2)
    if not re.fullmatch(r"[1-9][0-9]", code):
        raise RejectedRow("row.bad_code", column="PROV_CODE", value=_word(value), lengths="2")
    return code


def _amount(value: Any, column: str) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not 0 <= number < math.inf:
        raise RejectedRow("row.bad_number", column=column, value=_word(value))
    return number


def _named(path: Path, needed: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    table = read_table(path)
    missing = [name for name in needed if name not in table.header]
    if missing:
        raise MissingColumns(columns=", ".join(missing))
    for number, cells in table.rows:
        yield number, dict(zip(table.header, cells, strict=True))


def _json(path: Path, key: str | None) -> list[dict[str, Any]]:
    try:
        content = json.loads(path.read_text("utf-8"))
        rows = content[key] if key else content
    except (ValueError, KeyError, TypeError) as error:
        raise NotATable(name=path.name) from error
    if not isinstance(rows, list):
        raise NotATable(name=path.name)
    return rows
