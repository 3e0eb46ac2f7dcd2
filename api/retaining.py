"""The retention job: cases beyond their period, made anonymous a few at a time, each on record."""

from collections.abc import Callable, Mapping
from datetime import date

from sqlalchemy import Engine

from api.audit import record
from api.database import transaction
from layers.retention import Due, Period, anonymise, list_due
from layers.scope import Scope

AT_ONCE = 50
RETAINING = Scope.system("identity retain")


def anonymise_due(
    engine: Engine, periods: Mapping[str, Period], today: date, told: Callable[[int], object], at_once: int = AT_ONCE
) -> list[Due]:
    """Anonymise all cases that are due and return them; what a broken-off run did stays done, and a second goes on."""
    done: list[Due] = []
    while True:
        with transaction(engine, RETAINING) as session:
            due = list_due(session, periods, today, at_once)
            for one in due:
                anonymise(session, one.case_id)
            for one in due:  # last: from the first entry on, other writers of entries wait
                details = {"cause": "retention"}
                record(session, RETAINING, "erase", kind="case", object_id=one.case_id, details=details)
        if not due:
            return done
        done += due
        told(len(done))
