"""Help that was given in a case: its welfare system, kind and worth. The session is the scope's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from boundaries.errors import SocialMapError
from layers import taxonomy
from layers.case_steps import lock_single
from layers.case_words import checked_words
from layers.case_work_models import Assistance
from layers.cases import new_id
from layers.scope import Scope
from layers.visits import check_day

LARGEST = Decimal("9999999999.99")
"""Baht that one row may state."""


class AssistanceBad(SocialMapError):
    """A welfare system, kind or amount that cannot be; `field` says which."""

    key = "case_work.assistance_bad"


@dataclass(frozen=True)
class Given:
    """Help that was given: `amount` in baht, None where it has no price."""

    id: UUID
    welfare_system: str
    kind: str
    amount: Decimal | None
    given_on: date
    note: str | None
    made_by: UUID | None


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
    _check("welfare_system", welfare_system, taxonomy.welfare_systems())
    _check("kind", kind, taxonomy.assistance_kinds())
    check_day(given_on, today)
    if amount is not None and not (amount.is_finite() and Decimal("0.01") <= amount <= LARGEST):
        raise AssistanceBad(field="amount", allowed=f"0.01–{LARGEST:,}")
    made = new_id()
    row = {"province_code": case.province_code, "case_id": case_id, "id": made, "made_by": scope.actor_id}
    row |= {"welfare_system": welfare_system, "kind": kind, "amount": amount, "given_on": given_on}
    session.execute(insert(Assistance).values(row | {"note": checked_words(note, "note")}))
    return made


def list_assistance(session: Session, case_id: UUID) -> list[Given]:
    """Return what was given in a case that the session may read, oldest first."""
    columns = [getattr(Assistance, name) for name in Given.__dataclass_fields__]
    mine = Assistance.case_id == case_id
    rows = session.execute(select(*columns).where(mine).order_by(Assistance.given_on, Assistance.id))
    return [Given(**row._mapping) for row in rows]


def _check(field: str, value: str, allowed: Mapping[str, object]) -> None:
    if value not in allowed:
        raise AssistanceBad(field=field, allowed=", ".join(allowed))
