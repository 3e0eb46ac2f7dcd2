"""The coordinator's queue: cases that need somebody, in the order in which they do, and how many there are.

The database leaves out what the one who asks may not read. Tally rows are no cases to be worked on.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from boundaries.codes import COUNTRY, Level, level_of
from layers import taxonomy
from layers.taxonomy import ENDED

PAGE = 50
MOST_PLACES = 2000
UNSETTLED = ("conflict", "nearest", "outside")
"""Ways in which a case got its area that somebody should look at."""


@dataclass(frozen=True)
class QueueAsked:
    """What of the queue is asked for; without a status the open cases are."""

    within: str = COUNTRY
    urgency: str | None = None
    status: int | None = None
    problem: str | None = None
    page: int = 1


@dataclass(frozen=True)
class QueueLine:
    """One case of the queue: what it is, how far and where; nothing of whom it concerns. Degrees in EPSG:4326."""

    id: UUID
    problem_code: str
    urgency: str
    status: int
    sensitivity: str
    reported_on: date
    date_precision: str
    recorded_at: datetime
    province_code: str
    district_code: str | None
    subdistrict_code: str | None
    area_match: str
    lon: float | None
    lat: float | None

    @property
    def area_code(self) -> str:
        """The finest code known, '00' if none."""
        return self.subdistrict_code or self.district_code or self.province_code


@dataclass(frozen=True)
class QueuePlace:
    """Where a case of the queue is, in degrees (EPSG:4326)."""

    id: UUID
    urgency: str
    lon: float
    lat: float


@dataclass(frozen=True)
class QueueCounts:
    """How many cases there are by status and by urgency, each under all other filters, and how many are listed."""

    statuses: Mapping[int, int]
    urgencies: Mapping[str, int]
    open: int
    listed: int


def list_queue(session: Session, asked: QueueAsked, overdue: Sequence[UUID] = ()) -> list[QueueLine]:
    """Return one page of the queue: overdue ones in their order, the most urgent, of equals what has waited longest."""
    where, given = _where(asked)
    rows = session.execute(
        text(
            f"SELECT {', '.join(_COLUMNS)}, ST_X(c.point) AS lon, ST_Y(c.point) AS lat"  # noqa: S608
            f' FROM "case" AS c WHERE {where} ORDER BY'
            " array_position(CAST(:overdue AS uuid[]), c.id), c.urgency DESC, c.reported_on, c.id"
            " LIMIT :limit OFFSET :before"
        ),
        given | {"limit": PAGE, "before": (asked.page - 1) * PAGE, "overdue": list(overdue)},
    )
    return [QueueLine(**row._mapping) for row in rows]


def find_lines(session: Session, ids: Iterable[UUID]) -> dict[UUID, QueueLine]:
    """Return cases by their id; those that may not be read are left out."""
    rows = session.execute(
        text(
            f"SELECT {', '.join(_COLUMNS)}, ST_X(c.point) AS lon, ST_Y(c.point) AS lat"  # noqa: S608
            ' FROM "case" AS c WHERE c.id = ANY (:ids)'
        ),
        {"ids": sorted(set(ids))},
    )
    return {row.id: QueueLine(**row._mapping) for row in rows}


def list_queue_places(session: Session, asked: QueueAsked) -> list[QueuePlace]:
    """Return the places of the queue's cases that have one, of all its pages, at most MOST_PLACES."""
    where, given = _where(asked)
    rows = session.execute(
        text(
            "SELECT c.id, c.urgency, ST_X(c.point) AS lon, ST_Y(c.point) AS lat"  # noqa: S608
            f' FROM "case" AS c WHERE c.point IS NOT NULL AND {where} ORDER BY c.urgency DESC, c.id LIMIT :limit'
        ),
        given | {"limit": MOST_PLACES},
    )
    return [QueuePlace(**row._mapping) for row in rows]


def count_queue(session: Session, asked: QueueAsked) -> QueueCounts:
    """Count the cases of the area and problem asked for by status and urgency."""
    where, given = _where(QueueAsked(asked.within, problem=asked.problem), every_status=True)
    sql = f'SELECT c.status, c.urgency, count(*) AS cases FROM "case" AS c WHERE {where} GROUP BY 1, 2'  # noqa: S608
    rows = session.execute(text(sql), given).all()
    statuses = dict.fromkeys(taxonomy.statuses(), 0)
    urgencies = dict.fromkeys(taxonomy.urgencies(), 0)
    listed = 0
    for status, urgency, cases in rows:
        in_status = status == asked.status if asked.status is not None else status not in ENDED
        in_urgency = asked.urgency in (None, urgency)
        statuses[status] += cases if in_urgency else 0
        urgencies[urgency] += cases if in_status else 0
        listed += cases if in_status and in_urgency else 0
    still = sum(cases for status, cases in statuses.items() if status not in ENDED)
    return QueueCounts(statuses, urgencies, still, listed)


def _where(asked: QueueAsked, every_status: bool = False) -> tuple[str, dict[str, Any]]:
    wanted, given = ["c.cases = 1"], dict[str, Any]()
    if asked.within != COUNTRY:
        wanted.append(within_sql(level_of(asked.within)))
        given |= {"province": asked.within[:2], "within": asked.within}
    if asked.problem is not None:
        wanted.append("left(c.problem_code, length(:problem)) = :problem")
        given["problem"] = taxonomy.get_problem(asked.problem).code
    if asked.urgency is not None:
        wanted.append("c.urgency = :urgency")
        given["urgency"] = asked.urgency
    if asked.status is not None:
        wanted.append("c.status = :status")
        given["status"] = asked.status
    elif not every_status:
        wanted.append("c.status <> ALL (:ended)")
        given["ended"] = list(ENDED)
    return " AND ".join(wanted), given


def within_sql(level: Level) -> str:
    """Return SQL that holds for cases `c` of an area of a level, its code given as `within`, its province's too."""
    if level == "country":
        return "true"
    column = {"province": "c.province_code", "district": "c.district_code"}.get(level, "c.subdistrict_code")
    return f"c.province_code = :province AND {column} = :within"


_COLUMNS: Sequence[str] = tuple(f"c.{name}" for name in QueueLine.__dataclass_fields__ if name not in ("lon", "lat"))
