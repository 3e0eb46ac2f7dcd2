"""Any CSV with coordinates: add the area codes of each row, and list where they differ from the file's own."""

import csv
import io
import math
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TextIO, cast

import numpy as np

from boundaries.errors import SocialMapError
from boundaries.names import clean
from boundaries.points import AreaIndex, BadPosition, SwappedPosition, at_points, check_position

ADDED = ("subdistrict_code", "district_code", "province_code", "area_match")
UNUSABLE = "unusable"
BATCH = 100_000
"""Rows tagged at a time: bounds the memory that a long file needs."""

_LAT = ("lat", "latitude", "ละติจูด", "ละติจูต", "y_lat", "lat_dd")
_LON = ("lon", "long", "lng", "longitude", "ลองจิจูด", "ลองติจูด", "ลองกิจูด", "x_lon", "long_dd")
_THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")


class NotCsv(SocialMapError):
    """A file that is no table of text."""

    key = "tagging.not_csv"


class EmptyCsv(SocialMapError):
    """A file without a header, or without a row below it."""

    key = "tagging.empty"


class CsvColumnMissing(SocialMapError):
    """A column that the file must have."""

    key = "tagging.column_missing"


class AlreadyTagged(SocialMapError):
    """A file that has columns of the names that would be added."""

    key = "tagging.already"


class NotAFile(SocialMapError):
    """A target that is something else than an ordinary file."""

    key = "tagging.not_a_file"


@dataclass(frozen=True)
class Unusable:
    """A row whose coordinates cannot be used: its line in the file (the header is line 1) and why."""

    line: int
    reason: str
    lat: str
    lon: str


@dataclass(frozen=True)
class Disagreement:
    """A row whose own code differs from the area its point lies in."""

    line: int
    level: str
    own: str
    found: str | None
    area_match: str


@dataclass
class TagReport:
    """How many rows were tagged how, which could not be, and where the file's own codes disagree."""

    rows: int = 0
    matches: Counter[str] = field(default_factory=Counter)
    unusable: list[Unusable] = field(default_factory=list)
    disagreements: list[Disagreement] = field(default_factory=list)
    compared: Counter[str] = field(default_factory=Counter)

    def to_json(self) -> dict[str, Any]:
        """Give the report as plain values."""
        return {
            "rows": self.rows,
            "matches": dict(self.matches),
            "unusable": [asdict(bad) for bad in self.unusable],
            "compared": dict(self.compared),
            "disagreements": [asdict(each) for each in self.disagreements],
        }


@dataclass(frozen=True)
class _Plan:
    lat: int
    lon: int
    checks: tuple[tuple[str, tuple[int, ...]], ...]


def tag_file(
    index: AreaIndex,
    source: Path,
    target: Path,
    *,
    lat: str | None = None,
    lon: str | None = None,
    check_district: str | None = None,
    check_province: str | None = None,
    progress: Callable[[int], None] = lambda rows: None,
) -> TagReport:
    """Write `source` with four more columns to `target`, which appears whole or not at all.

    Columns of coordinates are recognised unless named. `check_district` names the file's own code: one column, or
    several joined by + whose two-digit parts are padded with zeros. Raises a named error, or OSError when the disk is
    full.
    """
    text, had_bom = _decoded(source)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        header = next(reader, [])
    except csv.Error as error:
        raise NotCsv(path=source, reason=str(error)) from error
    plan = _plan(source, header, lat, lon, {"district": check_district, "province": check_province})
    report = TagReport()
    with whole_file(target, "utf-8-sig" if had_bom else "utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow([*header, *ADDED])
        for lines, rows in _batches(source, reader, len(header)):
            writer.writerows(_tagged(index, plan, lines, rows, report))
            progress(report.rows)
        if not report.rows:
            raise EmptyCsv(path=source)
    return report


def _decoded(path: Path) -> tuple[str, bool]:
    """Read UTF-8 with or without BOM, else CP874 (what old Thai Windows writes); say whether Excel needs the BOM."""
    raw = path.read_bytes()
    if not raw.strip():
        raise EmptyCsv(path=path)
    if b"\0" in raw:
        raise NotCsv(path=path, reason="binary")
    bom = raw.startswith(b"\xef\xbb\xbf")
    try:
        return raw.decode("utf-8-sig"), bom
    except UnicodeDecodeError:
        pass
    try:
        return raw.decode("cp874"), True
    except UnicodeDecodeError as error:
        raise NotCsv(path=path, reason=str(error)) from error


def _delimiter(text: str) -> str:
    first = text.lstrip("\r\n").partition("\n")[0]
    return max(",;\t|", key=first.count)


def _plan(path: Path, header: Sequence[str], lat: str | None, lon: str | None, own: dict[str, str | None]) -> _Plan:
    names = [clean(name).casefold() for name in header]
    taken = [name for name in ADDED if name in names]
    if taken:
        raise AlreadyTagged(path=path, columns=", ".join(taken))
    return _Plan(
        lat=_column(path, header, names, (lat,) if lat else _LAT),
        lon=_column(path, header, names, (lon,) if lon else _LON),
        checks=tuple(
            (level, tuple(_column(path, header, names, (part,)) for part in columns.split("+")))
            for level, columns in own.items()
            if columns
        ),
    )


def _column(path: Path, header: Sequence[str], names: Sequence[str], wanted: Sequence[str]) -> int:
    for name in wanted:
        if clean(name).casefold() in names:
            return names.index(clean(name).casefold())
    shown = ", ".join(header)
    raise CsvColumnMissing(path=path, column=" / ".join(wanted[:4]), present=shown[:300])


def _batches(path: Path, reader: Any, width: int) -> Iterator[tuple[list[int], list[list[str]]]]:
    lines: list[int] = []
    rows: list[list[str]] = []
    try:
        for row in reader:
            if not row:
                continue
            lines.append(reader.line_num)
            rows.append(_fitted(path, reader.line_num, row, width))
            if len(rows) == BATCH:
                yield lines, rows
                lines, rows = [], []
    except csv.Error as error:
        raise NotCsv(path=path, reason=f"{error} (line {reader.line_num})") from error
    if rows:
        yield lines, rows


def _fitted(path: Path, line: int, row: list[str], width: int) -> list[str]:
    """Fill up a short row; refuse one that has more filled cells than the header has names."""
    if any(cell.strip() for cell in row[width:]):
        raise NotCsv(path=path, reason=f"line {line}: {len(row)} > {width}")
    return (row + [""] * width)[:width]


def _tagged(
    index: AreaIndex, plan: _Plan, lines: list[int], rows: list[list[str]], report: TagReport
) -> Iterator[list[str]]:
    lats, lons = _positions(plan, lines, rows, report)
    found = at_points(index, lats, lons)
    usable = np.isfinite(lats)
    for place, row in enumerate(rows):
        codes = (found.subdistrict_code[place], found.district_code[place], found.province_code[place])
        match = str(found.area_match[place]) if usable[place] else UNUSABLE
        report.rows += 1
        report.matches[match] += 1
        if usable[place]:
            _compare(plan, lines[place], row, codes, match, report)
        yield [*row, *(code or "" for code in codes), match]


def _positions(plan: _Plan, lines: list[int], rows: list[list[str]], report: TagReport) -> tuple[Any, Any]:
    """Return latitudes and longitudes, NaN where a row's cannot be used; the reasons go into the report."""
    places = np.full((2, len(rows)), np.nan)
    for place, (line, row) in enumerate(zip(lines, rows, strict=True)):
        lat, lon = _number(row[plan.lat]), _number(row[plan.lon])
        try:
            check_position(lat, lon)
            places[:, place] = lat, lon
        except SwappedPosition:
            report.unusable.append(Unusable(line, "swapped", row[plan.lat], row[plan.lon]))
        except BadPosition:
            reason = "no_number" if math.isnan(lat) or math.isnan(lon) else "no_degrees"
            report.unusable.append(Unusable(line, reason, row[plan.lat], row[plan.lon]))
    return places[0], places[1]


def _number(cell: str) -> float:
    try:
        return float(cell.strip().translate(_THAI_DIGITS))
    except ValueError:
        return math.nan


def _compare(
    plan: _Plan, line: int, row: list[str], codes: tuple[Any, Any, Any], match: str, report: TagReport
) -> None:
    for level, columns in plan.checks:
        own = "".join(row[column].strip().removesuffix(".0").zfill(2) for column in columns)
        found = codes[1] if level == "district" else codes[2]
        report.compared[level] += 1
        if own != found:
            report.disagreements.append(Disagreement(line, level, own, found, match))


@contextmanager
def whole_file(target: Path, encoding: str = "utf-8") -> Iterator[TextIO]:
    """Write a text file beside its place and move it there at the end; on any failure nothing stays."""
    if target.exists() and not target.is_file():
        raise NotAFile(path=target)
    with tempfile.NamedTemporaryFile(
        "w", encoding=encoding, newline="", dir=target.parent, prefix=f".{target.name}.", suffix=".part", delete=False
    ) as stream:
        part = Path(stream.name)
        try:
            yield cast(TextIO, stream)
            stream.flush()
            os.fsync(stream.fileno())
            # A temporary file is private; the finished one has the rights of any new file.
            mask = os.umask(0)
            os.umask(mask)
            part.chmod(0o666 & ~mask)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
