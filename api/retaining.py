"""The retention job: cases beyond their period, made anonymous a few at a time, each on record."""

from collections.abc import Callable, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import Engine

from api.audit import record
from api.database import transaction
from api.field.forgetting import forget_envelopes
from layers.retention import Due, Period, anonymise, list_due
from layers.scope import Scope

AT_ONCE, LISTED = 50, 5000
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
