"""What must hold before an edition may become active; every finding names the offending codes."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import shapely
from sqlalchemy import select
from sqlalchemy.orm import Session

from boundaries.codes import COUNTRY, LEVELS, Level, level_of, parent_of
from boundaries.geometry import THAILAND, is_coverage
from boundaries.messages import Text, text
from boundaries.models import Area

PROVINCES, DISTRICTS = 77, 928
"""Today's numbers. Subdistricts have no fixed number; invented and partial files may differ, so it is a warning."""


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong (`error`) or worth knowing (`warning`), with the codes it concerns."""

    severity: str
    kind: str
    codes: tuple[str, ...]
    detail: str = ""

    @property
    def text(self) -> Text:
        """Say it in both languages, codes included."""
        shown = ", ".join(self.codes[:12]) + (f" … (+{len(self.codes) - 12})" if len(self.codes) > 12 else "")
        return text(f"checks.{self.kind}", codes=shown, number=len(self.codes), detail=self.detail)


@dataclass(frozen=True)
class Check:
    """All findings about one edition and the number of its areas per level."""

    counts: dict[str, int]
    findings: tuple[Finding, ...]

    @property
    def passed(self) -> bool:
        """Say whether the edition may become active."""
        return not any(finding.severity == "error" for finding in self.findings)

    def to_json(self) -> dict[str, Any]:
        """Give the check as plain values."""
        return {"passed": self.passed, "counts": self.counts, "findings": [asdict(found) for found in self.findings]}


@dataclass(frozen=True)
class _Rows:
    codes: list[str]
    levels: list[str]
    names: list[str]
    parents: list[str | None]
    shapes: Any
    labels: Any


def check_areas(session: Session, edition_id: int) -> Check:
    """Check counts, nesting, shapes, coverage, names and extent of one edition."""
    rows = _rows(session, edition_id)
    counts: dict[str, int] = {level: rows.levels.count(level) for level in LEVELS[1:] if level in rows.levels}
    findings = [
        *_check_counts(counts),
        *_check_nesting(rows),
        *_check_shapes(rows),
        *_check_inside_parent(rows),
        *_check_names(rows),
    ]
    return Check(counts, tuple(findings))


def _rows(session: Session, edition_id: int) -> _Rows:
    chosen = (
        select(
            Area.code,
            Area.level,
            Area.name_th,
            Area.parent_code,
            Area.geom.ST_AsBinary().label("shape"),
            Area.label_lon,
            Area.label_lat,
        )
        .where(Area.edition_id == edition_id, Area.level != "country")
        .order_by(Area.code)
    )
    found = session.execute(chosen).all()
    return _Rows(
        codes=[row.code for row in found],
        levels=[row.level for row in found],
        names=[row.name_th for row in found],
        parents=[row.parent_code for row in found],
        shapes=shapely.from_wkb(np.array([bytes(row.shape) for row in found], dtype=object)),
        labels=shapely.points([row.label_lon for row in found], [row.label_lat for row in found]),
    )


def _check_counts(counts: dict[str, int]) -> Iterable[Finding]:
    if not counts:
        yield Finding("error", "empty", ())
    for level, expected in (("province", PROVINCES), ("district", DISTRICTS)):
        if level in counts and counts[level] != expected:
            yield Finding("warning", "count", (), f"{level} {counts[level]} ≠ {expected}")


def _check_nesting(rows: _Rows) -> Iterable[Finding]:
    present = set(rows.codes)
    wrong = [
        code
        for code, level, parent in zip(rows.codes, rows.levels, rows.parents, strict=True)
        if level_of(code) != level or parent_of(code) != parent
    ]
    orphans = [code for code in rows.codes if parent_of(code) not in present | {COUNTRY}]
    parents = {parent_of(code) for code in rows.codes}
    lowest = LEVELS.index(_lowest(rows)) if rows.codes else 0
    childless = [code for code in rows.codes if LEVELS.index(level_of(code)) < lowest and code not in parents]
    for kind, codes in (("nesting", wrong), ("orphans", orphans), ("childless", childless)):
        if codes:
            yield Finding("error", kind, tuple(codes))


def _lowest(rows: _Rows) -> Level:
    return LEVELS[max(LEVELS.index(level) for level in set(rows.levels))]


def _check_shapes(rows: _Rows) -> Iterable[Finding]:
    invalid = [rows.codes[i] for i in np.flatnonzero(~shapely.is_valid(rows.shapes))]
    if invalid:
        yield Finding("error", "invalid", tuple(invalid))
    levels = np.array(rows.levels)
    for level in LEVELS[1:]:
        chosen = np.flatnonzero(levels == level)
        if len(chosen) and not is_coverage(rows.shapes[chosen]):
            edges = shapely.coverage_invalid_edges(rows.shapes[chosen])
            codes = tuple(rows.codes[i] for i in chosen[~shapely.is_empty(edges)])
            yield Finding("error", "coverage", codes, level)
    west, south, east, north = shapely.bounds(rows.shapes).T
    low_x, low_y, high_x, high_y = THAILAND
    beyond = np.flatnonzero((west < low_x) | (south < low_y) | (east > high_x) | (north > high_y))
    if len(beyond):
        yield Finding("error", "beyond", tuple(rows.codes[i] for i in beyond))


def _check_inside_parent(rows: _Rows) -> Iterable[Finding]:
    """The code says which area is above; the label point must lie in it, or code and shape disagree."""
    shape_of = dict(zip(rows.codes, rows.shapes, strict=True))
    strayed = [
        code
        for code, parent, label in zip(rows.codes, rows.parents, rows.labels, strict=True)
        if parent in shape_of and not shapely.intersects(shape_of[parent], label)
    ]
    if strayed:
        yield Finding("error", "strayed", tuple(strayed))


def _check_names(rows: _Rows) -> Iterable[Finding]:
    seen: dict[tuple[str | None, str], list[str]] = {}
    for code, parent, name in zip(rows.codes, rows.parents, rows.names, strict=True):
        seen.setdefault((parent, name), []).append(code)
    doubles = sorted(code for codes in seen.values() if len(codes) > 1 for code in codes)
    if doubles:
        yield Finding("warning", "same_name", tuple(doubles))
    nameless = [code for code, name in zip(rows.codes, rows.names, strict=True) if name == code]
    if nameless:
        yield Finding("warning", "nameless", tuple(nameless))
