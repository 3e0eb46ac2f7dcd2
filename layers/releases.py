"""Releases: dated sets of published tables. Draft, attack, release; what is released never changes.

A release holds the tables of the fiscal years that it renews; a reader gets the newest release of each table.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import insert, select, text, update
from sqlalchemy.orm import Session

from boundaries.codes import Level
from boundaries.locks import RELEASE
from layers.attack_systems import Printed
from layers.dates import fiscal_year
from layers.labels import HIDDEN, SMALL, WITHHELD, Labels
from layers.models import Release, ReleaseTable
from layers.periods import Period, fiscal_period
from layers.protection import first_labels, moved, protect
from layers.release_tables import READERS, Key, Reader, Table, read_tables


@dataclass(frozen=True)
class Kept:
    """What one reader is shown of one fiscal year: cells that are not zero, by what is printed of them."""

    period: str
    reader: Reader
    level: Level
    cells: int
    shown: int
    hidden: int
    withheld: int

    @property
    def share(self) -> float:
        """Share of the cells that are not zero whose number is printed."""
        return self.shown / self.cells if self.cells else 1.0


@dataclass(frozen=True)
class Made:
    """A release that was made: its number, what is kept, and what the attack found before and after protection."""

    id: int
    periods: tuple[str, ...]
    kept: tuple[Kept, ...]
    attacks: Mapping[str, Mapping[str, int]]


Tell = Callable[[Period, Reader], None]


def make_release(
    session: Session,
    *,
    today: date,
    periods: Sequence[Period] | None = None,
    actor_id: UUID | None = None,
    tell: Tell = lambda period, reader: None,
) -> Made | None:
    """Publish the fiscal years given, or all that hold cases; None when nothing would change.

    One at a time: others wait. The scope must read all rollups. Raises AttackSucceeds: then nothing is released.
    """
    session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": RELEASE})
    kept: list[Kept] = []
    attacks: dict[str, dict[str, int]] = {}
    rows: list[dict[str, Any]] = []
    for period in periods or list_held(session):
        for printed in _printed(session, period, today, tell):
            rows += _changed_rows(period, printed)
            kept += _kept(period, printed)
            attacks[f"{period.code}.{printed.reader}"] = asdict(printed.report)
    if not rows:
        return None
    codes = tuple(dict.fromkeys(one.period for one in kept))
    report = {"kept": [asdict(one) for one in kept], "attacks": attacks}
    sources = _sources(session)
    values = {"state": "draft", "as_of": _as_of(sources, today), "sources": sources, "report": report}
    number = session.execute(insert(Release).values(**values, made_by=actor_id).returning(Release.id)).scalar_one()
    session.execute(insert(ReleaseTable), [{"release_id": number, **row} for row in rows])
    session.execute(
        update(Release).where(Release.id == number).values(state="released", released_at=text("clock_timestamp()"))
    )
    return Made(number, codes, tuple(kept), attacks)


@dataclass(frozen=True)
class ReleaseRecord:
    """A release as it is listed."""

    id: int
    as_of: date
    released_at: datetime
    periods: tuple[str, ...]
    report: Mapping[str, Any]


def list_releases(session: Session, limit: int = 100) -> list[ReleaseRecord]:
    """Return what was released, newest first."""
    rows = session.execute(
        select(Release.id, Release.as_of, Release.released_at, Release.report)
        .where(Release.state == "released")
        .order_by(Release.id.desc())
        .limit(limit)
    )
    return [ReleaseRecord(row.id, row.as_of, row.released_at, _periods(row.report), row.report) for row in rows]


def _periods(report: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one["period"] for one in report.get("kept", ())))


def list_held(session: Session, level: Level = "province") -> list[Period]:
    """Return the fiscal years that hold cases, newest first, by the sums of a level that the session may read."""
    rows = session.execute(
        text(
            "SELECT DISTINCT period FROM case_count WHERE level = :level AND grain = 'fy' AND cases > 0"
            " AND period <= current_date ORDER BY period DESC"
        ),
        {"level": level},
    )
    return [fiscal_period(fiscal_year(row.period)) for row in rows]


def _printed(session: Session, period: Period, today: date, tell: Tell) -> list[Printed]:
    """Label, attack and protect a fiscal year for each reader; what the committee is not shown nobody is."""
    tables = read_tables(session, period, year_complete=period.last < today)
    made: list[Printed] = []
    withheld: Mapping[Key, Labels] = {}
    before = _before(session, period, tables)
    for reader in READERS:
        tell(period, reader)
        printed = first_labels(reader, tables, before[reader], withheld, before["public"])
        if moved(printed):
            protect(printed)
        withheld = printed.labels
        made.append(printed)
    return made


def _before(session: Session, period: Period, tables: Mapping[Key, Table]) -> dict[Reader, list[Mapping[Key, Labels]]]:
    """Return what each release so far printed for each reader, oldest first, in the order of the tables' areas.

    An area that was not printed then counts as withheld: nothing is known of it.
    """
    rows = session.execute(
        select(ReleaseTable).where(ReleaseTable.period == period.first).order_by(ReleaseTable.release_id)
    ).scalars()
    found: dict[Reader, dict[int, dict[Key, Labels]]] = {reader: {} for reader in READERS}
    last: dict[Reader, dict[Key, Labels]] = {reader: {} for reader in READERS}
    for row in rows:
        key: Key = (row.level, row.key)  # type: ignore[assignment]
        if key in tables:
            reader: Reader = row.audience  # type: ignore[assignment]
            printed = dict(zip(row.areas, row.labels, strict=True))
            labels = np.array([printed.get(area, WITHHELD) for area in tables[key].areas])
            last[reader] = {**last[reader], key: labels}
        for each in READERS:
            found[each][row.release_id] = last[each]
    return {reader: list(found[reader].values()) for reader in READERS}


def _changed_rows(period: Period, printed: Printed) -> list[dict[str, Any]]:
    last = printed.before[-1] if printed.before else {}
    return [
        {
            "audience": printed.reader,
            "level": level,
            "period": period.first,
            "key": key,
            "areas": list(printed.tables[level, key].areas),
            "labels": labels.tolist(),
        }
        for (level, key), labels in printed.labels.items()
        if (level, key) not in last or (labels != last[level, key]).any()
    ]


def _kept(period: Period, printed: Printed) -> list[Kept]:
    """Count the cells of areas themselves: neither totals nor unknown parts, neither all problems nor target groups."""
    made = []
    for level in ("province", "district"):
        cells = shown = hidden = withheld = 0
        for (at, key), labels in printed.labels.items():
            table = printed.tables[at, key]
            if at != level or not key.startswith("P"):
                continue
            own = np.array([len(area) == (2 if level == "province" else 4) and area != "00" for area in table.areas])
            own &= table.counts > 0
            cells += int(own.sum())
            shown += int((own & (labels > 0)).sum())
            hidden += int((own & ((labels == HIDDEN) | (labels == SMALL))).sum())
            withheld += int((own & (labels == WITHHELD)).sum())
        made.append(Kept(period.code, printed.reader, level, cells, shown, hidden, withheld))
    return made


def _sources(session: Session) -> list[dict[str, Any]]:
    rows = session.execute(
        text("SELECT name_th, name_en, as_of, invented FROM source WHERE has_cases ORDER BY id")
    ).mappings()
    return [{**row, "as_of": row["as_of"].isoformat()} for row in rows]


def _as_of(sources: Sequence[Mapping[str, Any]], today: date) -> date:
    return max((date.fromisoformat(one["as_of"]) for one in sources), default=today)
