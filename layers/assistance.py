"""Help that was given in a case: its welfare system, kind and worth. The session is the scope's own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from boundaries.errors import SocialMapError
from layers import taxonomy
from layers.case_steps import lock_single
from layers.case_words import checked_words
from layers.case_work_models import Assistance
from layers.cases import CaseRecord, new_id
from layers.scope import Scope
from layers.visits import check_day

LARGEST = Decimal("9999999999.99")
"""Baht that one row may state."""


class AssistanceBad(SocialMapError):
    """A welfare system, kind or amount that cannot be; `field` says which."""

    key = "case_work.assistance_bad"


class AssistanceNotFound(SocialMapError):
    """The case has no such help, or none that the session may read."""

    key = "case_work.assistance_not_found"


class AssistanceCorrected(SocialMapError):
    """What was corrected already: its correction is what can be corrected."""

    key = "case_work.assistance_corrected"


@dataclass(frozen=True)
class Given:
    """Help that was given: `amount` in baht, None where it has no price; `corrects` what was noted wrongly before."""

    id: UUID
    welfare_system: str
    kind: str
    amount: Decimal | None
    given_on: date
    note: str | None
    made_by: UUID | None
    made_at: datetime
    corrects: UUID | None


def note_assistance(
    session: Session,
    scope: Scope,
    case_id: UUID,
    welfare_system: str,
    kind: str,
    given_on: date,
    today: date,
    *,
    amount: Decimal | None = None,
    note: str | None = None,
) -> UUID:
    """Note help that was given, on `today` at the latest; return its id.

    Raises CaseNotFound, NoSingleCase, AssistanceBad, DayBad, WordsBad.
    """
    case = lock_single(session, case_id)
    return _note(session, scope, case, (welfare_system, kind, given_on, today), amount, note)


def correct_assistance(
    session: Session,
    scope: Scope,
    case_id: UUID,
    assistance_id: UUID,
    welfare_system: str,
    kind: str,
    given_on: date,
    today: date,
    *,
    amount: Decimal | None = None,
    note: str | None = None,
) -> UUID:
    """Note what stands in the place of what was noted wrongly, which stays in the history; return the new row's id.

    Raises CaseNotFound, NoSingleCase, AssistanceNotFound, AssistanceCorrected, AssistanceBad, DayBad, WordsBad.
    """
    case = lock_single(session, case_id)
    held = {one.id: one.corrects for one in list_assistance(session, case_id)}
    if assistance_id not in held:
        raise AssistanceNotFound(id=assistance_id)
    if assistance_id in held.values():
        raise AssistanceCorrected
    return _note(session, scope, case, (welfare_system, kind, given_on, today), amount, note, assistance_id)


def _note(
    session: Session,
    scope: Scope,
    case: CaseRecord,
    about: tuple[str, str, date, date],
    amount: Decimal | None,
    note: str | None,
    corrects: UUID | None = None,
) -> UUID:
    welfare_system, kind, given_on, today = about
    _check("welfare_system", welfare_system, taxonomy.welfare_systems())
    _check("kind", kind, taxonomy.assistance_kinds())
    check_day(given_on, today)
    if amount is not None and not (amount.is_finite() and Decimal("0.01") <= amount <= LARGEST):
        raise AssistanceBad(field="amount", allowed=f"0.01–{LARGEST:,}")
    made = new_id()
    row = {"province_code": case.province_code, "case_id": case.id, "id": made, "made_by": scope.actor_id}
    row |= {"welfare_system": welfare_system, "kind": kind, "amount": amount, "given_on": given_on}
    row |= {"corrects": corrects}
    session.execute(insert(Assistance).values(row | {"note": checked_words(note, "note")}))
    return made


def current_assistance(rows: Sequence[Given]) -> list[Given]:
    """Return what stands of the help noted in a case: without what was corrected."""
    corrected = {one.corrects for one in rows}
    return [one for one in rows if one.id not in corrected]


def list_assistance(session: Session, case_id: UUID) -> list[Given]:
    """Return all that was noted of help in a case that the session may read, oldest first, what was corrected too."""
    columns = [getattr(Assistance, name) for name in Given.__dataclass_fields__]
    mine = Assistance.case_id == case_id
    rows = session.execute(select(*columns).where(mine).order_by(Assistance.given_on, Assistance.id))
    return [Given(**row._mapping) for row in rows]


def _check(field: str, value: str, allowed: Mapping[str, object]) -> None:
    if value not in allowed:
        raise AssistanceBad(field=field, allowed=", ".join(allowed))
