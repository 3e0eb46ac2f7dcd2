"""Whether the audit's chain is whole: entries changed, taken out, put in, moved, or cut off at the end."""

import hmac
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Row, select, text
from sqlalchemy.orm import Session

from api.audit import before_first, hash_of
from api.audit_anchor import Anchored, Head
from api.audit_models import AuditChain, AuditEntry

AT_ONCE = 1000
"""Entries that are held in memory."""


@dataclass(frozen=True)
class Fault:
    """What is wrong, and with which entries: first to last."""

    kind: Literal["altered", "missing", "cut_off", "anchor", "chain", "unanchored", "anchor_damaged"]
    first: int
    last: int


class Check:
    """One pass over the chain, in the order of its numbers; a class because the caller wants faults and the end."""

    def __init__(
        self, session: Session, key: bytes, anchored: Anchored, database: str, told: Iterable[Head] = ()
    ) -> None:
        self.session, self.key, self.anchored, self.database = session, key, anchored, database
        self.told = iter(told)
        self.count = 0
        self.head: Head | None = None

    def faults(self) -> Iterator[Fault]:
        """Give the faults as they are met; afterwards `count` and `head` say what was read."""
        chain = self.session.execute(select(AuditChain.id)).scalar_one()
        if self.anchored.damaged:
            yield Fault("anchor_damaged", 0, 0)
        if self.anchored.other is not None:
            yield Fault("chain", 1, self.anchored.other.number)
        yield from self._entries(chain)
        while some := list(islice(self.told, AT_ONCE)):
            yield from self._anchored(some)
        yield from self._end()

    def _entries(self, chain: UUID) -> Iterator[Fault]:
        number, previous = 0, before_first(chain)
        for row in _stream(self.session):
            follows = row.number == number + 1
            if not follows:
                yield Fault("missing", number + 1, row.number - 1)
            elif not hmac.compare_digest(hash_of(row._asdict(), previous, self.key), bytes(row.hash)):
                yield Fault("altered", row.number, row.number)
            number, previous = row.number, bytes(row.hash)
            self.count += 1
            self.head = Head(self.database, chain, number, previous)

    def _anchored(self, told: list[Head]) -> Iterator[Fault]:
        """What was told to the file must be what is kept; what is missing was said already."""
        query = select(AuditEntry.number, AuditEntry.hash).where(AuditEntry.number.in_([one.number for one in told]))
        kept = {row.number: bytes(row.hash) for row in self.session.execute(query)}
        for one in told:
            if kept.get(one.number, one.hash) != one.hash:
                yield Fault("anchor", one.number, one.number)

    def _end(self) -> Iterator[Fault]:
        """The file knows of more entries, or of none although the first is always told to it."""
        number = self.head.number if self.head else 0
        head = self.anchored.head
        if head is None and number:
            yield Fault("unanchored", 1, number)
        elif head is not None and head.number > number:
            yield Fault("cut_off", number + 1, head.number)


def chain_of(session: Session) -> UUID:
    """Return the name of the database's chain."""
    return session.execute(select(AuditChain.id)).scalar_one()


def list_entries(
    session: Session, first: date | None, last: date | None, action: str | None, limit: int, before: int | None = None
) -> list[Row[Any]]:
    """Return the newest entries first, of days in Bangkok and below a number; who may not read the audit gets none."""
    query = select(*_COLUMNS).order_by(AuditEntry.number.desc()).limit(limit)
    day = text("(at AT TIME ZONE 'Asia/Bangkok')::date >= :first").bindparams(first=first)
    query = query.where(day) if first else query
    day = text("(at AT TIME ZONE 'Asia/Bangkok')::date <= :last").bindparams(last=last)
    query = query.where(day) if last else query
    query = query.where(AuditEntry.action == action) if action else query
    query = query.where(AuditEntry.number < before) if before else query
    return list(session.execute(query).all())


_COLUMNS = AuditEntry.__table__.columns


def _stream(session: Session) -> Iterator[Row[Any]]:
    query = select(*_COLUMNS).order_by(AuditEntry.number)  # memory: a window of rows, from a cursor of the server
    yield from session.execute(query, execution_options={"yield_per": AT_ONCE})
