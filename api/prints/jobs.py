"""Rows of print jobs: made, told how far, ended. Read as the account itself; written by the product."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.orm import Session

from api.prints.errors import JobNotFound, JobsMany
from api.prints.models import PrintJob
from api.prints.wanted import Wanted
from boundaries.messages import Text
from layers.scope import Scope

MOST = 3
"""Jobs of one account that wait or are worked on."""
SHOWN = 30
KEPT_FOR = timedelta(days=1)
"""So long a finished file stays."""
TOLD_FOR = timedelta(days=30)
"""So long the list tells of a job."""
OPEN = ("waiting", "working")


@dataclass(frozen=True)
class Job:
    """One job as its account sees it."""

    id: UUID
    state: str
    area_code: str
    form: str
    audience: str
    wanted: Wanted
    server: UUID
    total: int
    done: int
    pages: int | None
    size: int | None
    failure: Text | None
    made_at: datetime
    ended_at: datetime | None

    @property
    def open(self) -> bool:
        """Say whether it is not over."""
        return self.state in OPEN

    @property
    def waits(self) -> bool:
        """Say whether its file waits to be fetched."""
        return self.state == "done" and self.ended_at is not None and self.ended_at > datetime.now(UTC) - KEPT_FOR


def product(actor_id: UUID | None) -> Scope:
    """Return as whom rows are written: the product, naming who asked."""
    return replace(Scope.system("print"), actor_id=actor_id)


def create_job(session: Session, values: dict[str, Any]) -> None:
    """Add a job. Raises JobsMany."""
    mine = select(func.count()).where(PrintJob.actor_id == values["actor_id"], PrintJob.state.in_(OPEN))
    if (session.scalar(mine) or 0) >= MOST:
        raise JobsMany(limit=MOST)
    session.execute(insert(PrintJob).inline(), values)


def list_jobs(session: Session) -> list[Job]:
    """Return the newest jobs that the session's scope may read."""
    rows = session.execute(select(PrintJob.__table__).order_by(PrintJob.made_at.desc()).limit(SHOWN))
    return [_job(row) for row in rows]


def get_job(session: Session, job_id: UUID) -> Job:
    """Return a job that the session's scope may read. Raises JobNotFound, for others' as for none."""
    row = session.execute(select(PrintJob.__table__).where(PrintJob.id == job_id)).one_or_none()
    if row is None:
        raise JobNotFound
    return _job(row)


def list_open(session: Session) -> Sequence[Any]:
    """Return id, server and time of all jobs that are not over."""
    asked = select(PrintJob.id, PrintJob.server, PrintJob.made_at).where(PrintJob.state.in_(OPEN))
    return session.execute(asked).all()


def move(session: Session, job_id: UUID, state: str, **values: Any) -> bool:
    """Bring an open job into another state; say whether it was still open."""
    if state not in OPEN:
        values["ended_at"] = datetime.now(UTC)
    asked = update(PrintJob).where(PrintJob.id == job_id, PrintJob.state.in_(OPEN)).values(state=state, **values)
    return bool(session.execute(asked.returning(PrintJob.id)).all())


def fail(session: Session, job_id: UUID, why: Text) -> bool:
    """Tell that a job failed, and why."""
    return move(session, job_id, "failed", failure_th=why.th, failure_en=why.en)


def cancel(session: Session, job_id: UUID) -> bool:
    """Cancel a job that is not over, and give up the file of one that is done; say whether there was a file."""
    asked = select(PrintJob.state).where(PrintJob.id == job_id).with_for_update()
    before = session.scalar(asked)
    if before in (*OPEN, "done"):
        changed = {"state": "cancelled", "ended_at": datetime.now(UTC)}
        session.execute(update(PrintJob).where(PrintJob.id == job_id).values(**changed))
    return before == "done"


def forget_old(session: Session) -> None:
    """Take away what the list no longer tells of."""
    session.execute(delete(PrintJob).where(PrintJob.made_at < datetime.now(UTC) - TOLD_FOR))


def keeps(session: Session, job_id: UUID) -> bool:
    """Say whether a job's folder is still needed."""
    found = session.execute(select(PrintJob.state, PrintJob.ended_at).where(PrintJob.id == job_id)).one_or_none()
    if found is None:
        return False
    return found.state in OPEN or (found.state == "done" and found.ended_at > datetime.now(UTC) - KEPT_FOR)


def _job(row: Row[Any]) -> Job:
    held = row._mapping
    names = [name for name in Job.__dataclass_fields__ if name not in ("wanted", "failure")]
    failure = Text(row.failure_th, row.failure_en) if row.failure_th else None
    known = {name: value for name, value in row.wanted.items() if name in Wanted.__dataclass_fields__}
    return Job(wanted=Wanted(**known), failure=failure, **{name: held[name] for name in names})
