"""From a boundary file to a draft edition: levels joined upward, shapes repaired, display shapes made."""

import hashlib
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
import shapely
import yaml
from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from boundaries import geometry, names
from boundaries.codes import COUNTRY, LEVELS, Level, level_of, parent_of
from boundaries.models import Edition
from boundaries.reading import LayerTable, read_layers, refuse_empty

Progress = Callable[[str], None]
FILE = Path(__file__).with_name("provinces.yaml")


@dataclass(frozen=True)
class Provenance:
    """Where boundaries come from: what every map and list tells about them."""

    source_key: Literal["file", "default", "release", "outlines"]
    name: str
    detail: Literal["full", "light", "outline"]
    licence: str
    citation_th: str
    citation_en: str
    reference_date: date | None
    checksum: str
    modified: bool = False


@dataclass(frozen=True)
class ImportReport:
    """What came of a file: the draft's number, its areas per level, and what had to be changed."""

    edition_id: int
    counts: dict[str, int]
    mended: tuple[str, ...]
    """Codes whose invalid shape was made valid."""
    cleaned: bool
    """Whether neighbours did not share their edges and were cleaned."""


@dataclass(frozen=True)
class _Areas:
    """All areas of one edition, the country first: parallel to each other."""

    codes: list[str]
    names_th: dict[str, str]
    names_en: dict[str, str]
    shapes: dict[str, Any]
    lowest: Level


def checksum_of(paths: Iterable[Path]) -> str:
    """Return the SHA-256 of one file, or of several in the order given."""
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()


def import_edition(
    session: Session,
    path: Path,
    provenance: Provenance,
    columns: Mapping[str, str] | None = None,
    progress: Progress = lambda step: None,
    extra_names: Mapping[str, tuple[str, str]] | None = None,
) -> ImportReport:
    """Read a boundary file into a draft edition; raise a named error and store nothing when it cannot serve.

    `extra_names` maps codes to (Thai, English) names that are better than, or missing from, the file.
    """
    progress("read")
    tables = read_layers(path, columns)
    progress("repair")
    lowest = max(tables, key=LEVELS.index)
    shapes, mended, cleaned = _repaired(path, tables[lowest])
    areas = _areas(path, tables, lowest, shapes, extra_names or {})
    progress("generalise")
    details = _display_shapes(areas)
    progress("store")
    edition_id = _store(session, areas, details, provenance, changed=bool(mended) or cleaned)
    counts = {level: sum(level_of(code) == level for code in areas.codes) for level in LEVELS[1:]}
    report = ImportReport(edition_id, {level: n for level, n in counts.items() if n}, mended, cleaned)
    stored = {"import": {"counts": report.counts, "mended": list(mended), "cleaned": cleaned}}
    session.execute(update(Edition).where(Edition.id == edition_id).values(report=stored))
    return report


def _repaired(path: Path, table: LayerTable) -> tuple[dict[str, Any], tuple[str, ...], bool]:
    codes = table.rows["code"].tolist()
    shapes, broken = geometry.repair(shapely.force_2d(np.asarray(table.rows.geometry.values, dtype=object)))
    refuse_empty(path, codes, shapes)
    cleaned = not geometry.is_coverage(shapes)
    if cleaned:
        shapes = geometry.clean_coverage(shapes)
        refuse_empty(path, codes, shapes)
    mended = tuple(code for code, was_broken in zip(codes, broken, strict=True) if was_broken)
    return dict(zip(codes, shapes, strict=True)), mended, cleaned


def _areas(
    path: Path,
    tables: Mapping[Level, LayerTable],
    lowest: Level,
    shapes: dict[str, Any],
    extra: Mapping[str, tuple[str, str]],
) -> _Areas:
    """Dissolve upward level by level, so that all levels share every edge; names come from whoever has them."""
    every, current = dict(shapes), shapes
    for level in reversed(LEVELS[1 : LEVELS.index(lowest)]):
        current = _joined(current)
        # An area that has no child in the file keeps its own shape; the check will name it.
        own = tables[level].rows if level in tables else None
        if own is not None:
            lone = own[~own["code"].isin(list(current))]
            current = current | _own(path, lone["code"].tolist(), np.asarray(lone.geometry.values, dtype=object))
        every |= current
    every |= _joined(current)
    names_th, names_en = _all_names(tables, extra)
    return _Areas(sorted(every, key=lambda code: (code != COUNTRY, code)), names_th, names_en, every, lowest)


def _own(path: Path, codes: list[str], shapes: Any) -> dict[str, Any]:
    """Return shapes as the file has them; those of which mending would leave nothing are refused."""
    refuse_empty(path, codes, geometry.repair(shapes)[0])
    return dict(zip(codes, geometry.multi(shapes), strict=True))


def _joined(shapes: Mapping[str, Any]) -> dict[str, Any]:
    parents = np.array([parent_of(code) for code in shapes], dtype=object)
    return geometry.dissolve(np.array(list(shapes.values()), dtype=object), parents)


def _all_names(
    tables: Mapping[Level, LayerTable], extra: Mapping[str, tuple[str, str]]
) -> tuple[dict[str, str], dict[str, str]]:
    """Collect names: those stated apart, then a level's own layer, then the columns beside lower levels."""
    thai, english = {COUNTRY: "ประเทศไทย"}, {COUNTRY: "Thailand"}
    for code, (name_th, name_en) in extra.items():
        thai[code], english[code] = name_th, name_en
    for table in tables.values():
        _take(thai, table.rows["code"], table.rows["name_th"])
        _take(english, table.rows["code"], table.rows["name_en"])
    for table in reversed(list(tables.values())):
        for parent, digits in (("district", 4), ("province", 2)):
            above = table.rows["code"].str[:digits]
            for target, language in ((thai, "th"), (english, "en")):
                if f"{parent}_{language}" in table.rows and LEVELS.index(table.level) > LEVELS.index(parent):
                    _take(target, above, table.rows[f"{parent}_{language}"])
    for code, known in province_names().items():
        thai.setdefault(code, known[0])
        english.setdefault(code, known[1])
    return thai, english


def _take(target: dict[str, str], codes: Iterable[str], values: Iterable[str]) -> None:
    for code, value in zip(codes, values, strict=True):
        if value:
            target.setdefault(code, value)


@cache
def province_names() -> Mapping[str, tuple[str, str]]:
    """Return code → (Thai, English) of the 77 provinces."""
    table = yaml.safe_load(FILE.read_text("utf-8"))
    return {code: (entry["th"], entry["en"]) for code, entry in table.items()}


def _display_shapes(areas: _Areas) -> dict[str, dict[str, Any]]:
    """Generalise one coverage per detail and dissolve the levels above it from the same edges.

    Maps of the country draw districts at most; maps of a province go down to the lowest level.
    """
    finest = {"country": min(areas.lowest, "district", key=LEVELS.index), "province": areas.lowest}
    details: dict[str, dict[str, Any]] = {}
    for detail, level in finest.items():
        codes = [code for code in areas.codes if level_of(code) == level]
        shapes = np.array([areas.shapes[code] for code in codes], dtype=object)
        current = dict(zip(codes, geometry.generalise(shapes, geometry.TOLERANCE[detail]), strict=True))
        every = dict(current)
        while list(current) != [COUNTRY]:
            current = _joined(current)
            every |= current
        details[detail] = every
    return details


def _store(
    session: Session, areas: _Areas, details: Mapping[str, Mapping[str, Any]], provenance: Provenance, changed: bool
) -> int:
    values = {
        "name": provenance.name,
        "state": "draft",
        "source_key": provenance.source_key,
        "detail": provenance.detail,
        "lowest_level": areas.lowest,
        "licence": provenance.licence,
        "citation_th": provenance.citation_th,
        "citation_en": provenance.citation_en,
        "reference_date": provenance.reference_date,
        "checksum": provenance.checksum,
        "modified": provenance.modified or changed,
    }
    edition_id = session.execute(insert(Edition).values(values).returning(Edition.id)).scalar_one()
    shapes = np.array([areas.shapes[code] for code in areas.codes], dtype=object)
    lons, lats = geometry.label_points(shapes)
    rows = (
        (
            edition_id,
            code,
            level_of(code),
            parent_of(code),
            areas.names_th.get(code, code),
            areas.names_en.get(code, code),
            names.key(areas.names_th.get(code, code)),
            kind_of(code),
            repr(float(lon)),
            repr(float(lat)),
            shape,
        )
        for code, lon, lat, shape in zip(areas.codes, lons, lats, _ewkb(shapes), strict=True)
    )
    _copy(session, "area", AREA_COLUMNS, rows)
    for detail, every in details.items():
        hexes = _ewkb(np.array(list(every.values()), dtype=object))
        drawn = ((edition_id, detail, code, shape) for code, shape in zip(every, hexes, strict=True) if shape)
        _copy(session, "area_shape", ("edition_id", "detail", "code", "geom"), drawn)
    return int(edition_id)


AREA_COLUMNS = (
    "edition_id", "code", "level", "parent_code", "name_th", "name_en", "name_key", "kind", "label_lon", "label_lat",
    "geom",
)  # fmt: skip


def kind_of(code: str) -> str:
    """Return the kind of area a code names: Bangkok and its parts have words of their own."""
    level = level_of(code)
    if not code.startswith("10"):
        return str(level)
    return {"province": "bangkok", "district": "khet", "subdistrict": "khwaeng"}[level]


def _ewkb(shapes: Any) -> list[str]:
    return [str(shape) for shape in shapely.to_wkb(shapely.set_srid(shapes, 4326), hex=True, include_srid=True)]


def _copy(session: Session, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write rows by COPY: the shapes of a whole country in about a second.

    They go through a temporary table, for PostgreSQL copies nothing straight into one with row-level security.
    """
    buffer = io.StringIO()
    for row in rows:
        buffer.write("\t".join(_cell(value) for value in row) + "\n")
    buffer.seek(0)
    cursor = session.connection().connection.cursor()
    named = ", ".join(columns)
    cursor.execute(f"CREATE TEMPORARY TABLE copied ON COMMIT DROP AS SELECT {named} FROM {table} WITH NO DATA")  # noqa: S608
    cursor.copy_expert(f"COPY copied ({named}) FROM STDIN", buffer)
    cursor.execute(f"INSERT INTO {table} ({named}) SELECT {named} FROM copied")  # noqa: S608
    cursor.execute("DROP TABLE copied")
    cursor.close()


def _cell(value: object) -> str:
    if value is None:
        return r"\N"
    return str(value).replace("\\", r"\\").replace("\t", " ").replace("\n", " ").replace("\r", " ")
