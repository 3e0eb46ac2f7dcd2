"""The retention job: cases made anonymous and envelopes destroyed beyond their period, a few at a time, on record."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from uuid import UUID

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from api.audit import record
from api.database import transaction
from api.field.forgetting import forget_envelopes
from api.field.sweeping import destroy_refused, list_refused, list_unfinished, sweep_unfinished
from layers.retention import Due, EnvelopeDays, Period, anonymise, list_due
from layers.scope import Scope

AT_ONCE, LISTED, MOST = 50, 5000, 1_000_000
"""Cases of one transaction, and those looked up together: looking reads all closed cases."""
RETAINING = Scope.system("identity retain")


def anonymise_due(
    engine: Engine, periods: Mapping[str, Period], today: date, told: Callable[[int], object], at_once: int = AT_ONCE
) -> list[Due]:
    """Anonymise all cases that are due and return them; what a broken-off run did stays done, and a second goes on."""
    done: list[Due] = []
    while True:
        with transaction(engine, RETAINING) as session:
            listed = [one.case_id for one in list_due(session, periods, today, LISTED)]
        for first in range(0, len(listed), at_once):
            done += _some(engine, periods, today, listed[first : first + at_once])
            told(len(done))
        if not listed:
            return done


@dataclass(frozen=True)
class Swept:
    """How many envelopes were destroyed: refused ones, and uploads that were never finished."""

    refused: int
    unfinished: int


def count_envelopes(session: Session, days: EnvelopeDays, now: datetime) -> Swept:
    """Count the envelopes that are beyond their period."""
    return Swept(*(len(listed(session, days, now, MOST)) for listed, _ in _WAYS))


def destroy_envelopes(engine: Engine, days: EnvelopeDays, now: datetime, at_once: int = AT_ONCE) -> Swept:
    """Destroy all envelopes that are beyond their period; what a broken-off run did stays done."""
    counts = []
    for listed, destroy in _WAYS:
        with transaction(engine, RETAINING) as session:
            found, done = listed(session, days, now, MOST), 0
        for first in range(0, len(found), at_once):
            done += _destroy(engine, partial(destroy, days=days, now=now, among=found[first : first + at_once]))
        counts.append(done)
    return Swept(*counts)


def _destroy(engine: Engine, destroy: Callable[[Session], list[UUID]]) -> int:
    with transaction(engine, RETAINING) as session:
        gone = destroy(session)
        for one in gone:
            record(session, RETAINING, "erase", kind="envelope", object_id=one, details={"cause": "retention"})
    return len(gone)


_WAYS: tuple[tuple[Callable[..., list[UUID]], Callable[..., list[UUID]]], ...] = (
    (list_refused, destroy_refused),
    (list_unfinished, sweep_unfinished),
)


def _some(engine: Engine, periods: Mapping[str, Period], today: date, cases: list[UUID]) -> list[Due]:
    with transaction(engine, RETAINING) as session:
        due = list_due(session, periods, today, len(cases), among=cases)  # a case may have been reopened meanwhile
        for one in due:
            anonymise(session, one.case_id)
            forget_envelopes(session, one.case_id)
        for one in due:  # last: from the first entry on, other writers of entries wait
            details = {"cause": "retention"}
            record(session, RETAINING, "erase", kind="case", object_id=one.case_id, details=details)
    return due
