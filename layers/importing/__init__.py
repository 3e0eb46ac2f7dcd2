"""Cases out of a file: rows are checked one by one and told apart by number and reason, then written as one batch."""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from boundaries.areas import load_index
from boundaries.dates import thai_date
from boundaries.errors import SocialMapError
from boundaries.geometry import THAILAND
from boundaries.messages import Text
from layers import places, taxonomy
from layers.case_batches import Written, write_batch
from layers.cases import check_external_id, new_id, sensitivity_of
from layers.dates import month_end, parse_date
from layers.sources import save_source
from layers.tables import read_table
from layers.template import find_columns

Row = tuple[int, Mapping[str, str]]
Progress = Callable[[int], None]
"""Told now and then how many rows have been read."""
TOLD_EVERY = 1000


class RejectedRow(SocialMapError):
    """A row that cannot become a case; `key` says why."""

    def __init__(self, key: str, **params: object) -> None:
        self.key = key
        super().__init__(**params)


@dataclass(frozen=True)
class Rejected:
    """A row that was not taken, by its number in the file, and why."""

    row: int
    reason: Text


@dataclass(frozen=True)
class ImportReport:
    """What became of a file's rows. `written` is False when nothing was kept (a dry run, or rejects without leave)."""

    rows: int
    new: int
    changed: int
    unchanged: int
    rejected: tuple[Rejected, ...]
    matches: Mapping[str, int]
    """Accepted rows by how their place was found: inside, nearest, stated, conflict, outside."""
    without_area: int
    written: bool


@dataclass(frozen=True)
class CaseSource:
    """Whose cases they are. `lenient` takes a stated code that the boundaries lack when there is a point beside it."""

    key: str
    name: Text
    licence: str | None = None
    lenient: bool = False


@dataclass
class _Accepted:
    """Rows that passed, as columns."""

    columns: dict[str, list[Any]] = field(default_factory=dict)
    cut: list[str | None] = field(default_factory=list)

    def add(self, values: Mapping[str, Any], cut: str | None) -> None:
        for name, value in values.items():
            self.columns.setdefault(name, []).append(value)
        self.cut.append(cut)


def named_source(name: str) -> CaseSource:
    """Return the source that a user named; the same name is the same source."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    if not slug or not name.isascii():
        slug = hashlib.sha256(name.encode()).hexdigest()[:12]
    return CaseSource(f"file.{slug}", Text(name, name))


def import_cases(
    session: Session,
    path: Path,
    source: CaseSource | None = None,
    *,
    keep_good: bool = False,
    dry_run: bool = False,
    progress: Progress = lambda rows: None,
) -> ImportReport:
    """Bring the cases of a file in the template's form in; the file's name is the source when none is given.

    A row is known again by its external id. Nothing is written when a row is rejected, unless `keep_good`.
    Raises NotATable, EmptyTable, MissingColumns.
    """
    table = read_table(path)
    found = find_columns(table.header)
    rows = ((number, {key: cells[place] for key, place in found.items()}) for number, cells in table.rows)
    named = source or named_source(path.stem)
    return import_rows(session, rows, named, keep_good=keep_good, dry_run=dry_run, progress=progress)


def import_rows(
    session: Session,
    rows: Iterable[Row],
    source: CaseSource,
    *,
    keep_good: bool = False,
    dry_run: bool = False,
    progress: Progress = lambda rows: None,
) -> ImportReport:
    """Do the same with rows already read: (number, values by the template's keys)."""
    accepted, rejected, total = _checked(session, _told(rows, progress), source.lenient)
    good = not rejected or keep_good
    if not accepted.cut or not good:
        return ImportReport(total, 0, 0, 0, tuple(rejected), {}, 0, False)
    index = load_index(session)
    found = places.resolve(index, _floats(accepted, "lat"), _floats(accepted, "lon"), accepted.cut)
    batch: dict[str, Any] = dict(accepted.columns) | {
        "id": [new_id() for _ in accepted.cut],
        "province_code": found.province_code,
        "district_code": found.district_code,
        "subdistrict_code": found.subdistrict_code,
        "area_match": found.area_match,
    }
    written = _write(session, source, batch, dry_run)
    names, counts = np.unique(found.area_match.astype(str), return_counts=True)
    return ImportReport(
        rows=total,
        new=written.new,
        changed=written.changed,
        unchanged=written.unchanged,
        rejected=tuple(rejected),
        matches=dict(zip(names.tolist(), counts.tolist(), strict=True)),
        without_area=int((found.province_code == places.UNKNOWN).sum()),
        written=not dry_run,
    )


def _told(rows: Iterable[Row], progress: Progress) -> Iterator[Row]:
    for count, row in enumerate(rows, start=1):
        if count % TOLD_EVERY == 0:
            progress(count)
        yield row


def _write(session: Session, source: CaseSource, batch: Mapping[str, Any], dry_run: bool) -> Written:
    """Write inside a savepoint, so that a dry run leaves nothing and a failure no half."""
    as_of = max(map(_known_until, batch["reported_on"], batch["date_precision"]))
    with session.begin_nested() as savepoint:
        number = save_source(session, source.key, source.name, as_of, licence=source.licence)
        written = write_batch(session, number, [batch])
        if dry_run:
            savepoint.rollback()
    return written


def _known_until(day: date, precision: str) -> date:
    """Return the last day that a record may be about, not later than today where its own day is not."""
    last = {"day": day, "month": month_end(day), "year": date(day.year, 12, 31)}[precision]
    return max(day, min(last, date.today()))


def _floats(accepted: _Accepted, name: str) -> "np.ndarray[Any, np.dtype[np.float64]]":
    return np.array([np.nan if one is None else one for one in accepted.columns[name]], dtype=np.float64)


def _checked(session: Session, rows: Iterable[Row], lenient: bool) -> tuple[_Accepted, list[Rejected], int]:
    known = places.known_codes(session)
    accepted, rejected, seen, total = _Accepted(), [], set(), 0
    for total, (number, row) in enumerate(rows, start=1):  # noqa: B007  (the last one is the number of rows)
        try:
            values = _values(row)
            if values["external_id"] in seen:
                raise RejectedRow("row.repeated", value=values["external_id"])
            cut = _cut(values, known, lenient)
        except SocialMapError as error:
            rejected.append(Rejected(number, error.text))
            continue
        seen.add(values["external_id"])
        accepted.add(values, cut)
    return accepted, rejected, total


def _cut(values: Mapping[str, Any], known: frozenset[str], lenient: bool) -> str | None:
    """Return the stated code as far as the boundaries know it; raise UnknownArea, RejectedRow for a village."""
    lenient = lenient and values["lat"] is not None
    if village := values["village_code"]:
        try:
            _known_part(village[:6], known, lenient)
        except places.UnknownArea as error:
            raise RejectedRow("row.unknown_village", value=village, code=village[:6]) from error
    return _known_part(values["stated_code"], known, lenient)


def _known_part(code: str | None, known: frozenset[str], lenient: bool) -> str | None:
    try:
        return places.stated_area(code, known)
    except places.UnknownArea:
        shorter = [code[:length] for length in (4, 2) if code[:length] in known] if code and lenient else []
        if shorter:
            return shorter[0]
        raise


def _values(row: Mapping[str, str]) -> dict[str, Any]:
    """Read one row; raise an error that says what is wrong with it."""
    get = {key: value.strip() for key, value in row.items()}.get
    external_id = _required(get("external_id"), "external_id")
    check_external_id(external_id)
    day, precision = parse_date(_required(get("reported_on"), "reported_on"))
    if day > date.today() + timedelta(days=1):  # a clock may be a little ahead; a mistyped year is not
        raise RejectedRow("row.future", value_th=thai_date(day), value_en=day.isoformat())
    problem = _required(get("problem_code"), "problem_code").upper()
    groups, secondary = _codes(get("target_groups")), _codes(get("secondary_problems"))
    sensitivity = sensitivity_of(problem, groups, secondary)
    lat, lon = _position(get("lat"), get("lon"))
    stated, village = _stated(get("area_code"), get("village_code"))
    status = _choice(get("status"), "status", [str(one) for one in taxonomy.statuses()])
    reason = _choice(get("close_reason"), "close_reason", list(taxonomy.close_reasons()))
    if reason and status != "80":
        raise RejectedRow("row.reason_without_close")
    if len(secondary) > 3 or problem in secondary:
        raise RejectedRow("row.secondary")
    accuracy = _number(get("accuracy_m"), "accuracy_m")
    return {
        "external_id": external_id,
        "problem_code": problem,
        "urgency": _choice(get("urgency"), "urgency", list(taxonomy.urgencies())),
        "status": int(status) if status else None,
        "close_reason": reason,
        "sensitivity": sensitivity,
        "reported_on": day,
        "date_precision": precision,
        "weight": 1.0 if (weight := _number(get("weight"), "weight")) is None else weight,
        "counted": _choice(get("counted"), "counted", list(taxonomy.units())) or "case",
        "lat": lat,
        "lon": lon,
        "accuracy_m": accuracy if lat is not None else None,
        "stated_code": stated,
        "village_code": village,
        "target_groups": groups,
        "secondary_problems": secondary,
    }


def _required(value: str | None, column: str) -> str:
    if not value:
        raise RejectedRow("row.required", column=column)
    return value


def _codes(value: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.upper() for one in re.split(r"[,;\s]+", value or "") if one))


def _code(value: str | None, column: str, lengths: Sequence[int]) -> str | None:
    if not value:
        return None
    if not re.fullmatch(r"[0-9]+", value) or len(value) not in lengths:
        raise RejectedRow("row.bad_code", column=column, value=value, lengths=" / ".join(map(str, lengths)))
    return value


def _stated(area_code: str | None, village_code: str | None) -> tuple[str | None, str | None]:
    """Read the codes of area and village, which must not contradict each other; a village alone states its area."""
    area = _code(area_code, "area_code", (2, 4, 6))
    village = _code(village_code, "village_code", (8,))
    if area and village and not village.startswith(area):
        raise RejectedRow("row.village_elsewhere", value=village, code=area)
    return area or (village[:6] if village else None), village


def _choice(value: str | None, column: str, allowed: Sequence[str]) -> str | None:
    if not value:
        return None
    for one in allowed:
        if value.lower() == one.lower():
            return one
    raise RejectedRow("row.bad_choice", column=column, value=value, allowed=", ".join(allowed))


def _number(value: str | None, column: str) -> float | None:
    if not value:
        return None
    try:
        number = float(value.replace(",", ""))
    except ValueError:
        number = float("nan")
    if not 0 <= number < 1e9:
        raise RejectedRow("row.bad_number", column=column, value=value)
    return number


def _position(lat: str | None, lon: str | None) -> tuple[float | None, float | None]:
    return read_position(lat, lon) if lat or lon else (None, None)


def read_position(lat: str | None, lon: str | None) -> tuple[float, float]:
    """Read a point in degrees (EPSG:4326); raise RejectedRow: no numbers, the two exchanged, outside Thailand."""
    try:
        north, east = float(lat or ""), float(lon or "")
    except ValueError:
        raise RejectedRow("row.position", lat=lat or "-", lon=lon or "-") from None
    west, south, right, top = THAILAND
    if west <= north <= right and south <= east <= top:
        raise RejectedRow("row.swapped", lat=lat, lon=lon)
    if not (west <= east <= right and south <= north <= top):
        raise RejectedRow("row.abroad", lat=lat, lon=lon)
    return north, east
