"""The outbox: an alert is written in the transaction of what it tells of, so that neither is there without the other.

Who is told, and over which ways, is decided later by the interface. An alert holds codes alone: no name, no words, no
place, no problem, no number of cases.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from boundaries.errors import SocialMapError
from layers.alert_models import Alert, Kind
from layers.cases import new_id

NOWHERE = "00"
"""The province of what belongs to none."""
PARAMS: Mapping[str, frozenset[str]] = {
    "assigned": frozenset({"to"}),
    "referred": frozenset({"agency"}),
    "returned": frozenset({"outcome"}),
    "overdue": frozenset({"limit", "due_at"}),
    "quarantined": frozenset({"why"}),
    "team_needed": frozenset(),
    "closing_proposed": frozenset(),
    "address_check": frozenset(),
}
"""What each kind may tell beside its case: codes and moments."""
OUTCOMES = frozenset({"accepted", "returned", "declined"})
_NONE: Mapping[str, str] = MappingProxyType({})
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:+-]{0,199}", re.ASCII)
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:+-]{0,39}", re.ASCII)
_LONG_NUMBER = re.compile(r"\d{9,}", re.ASCII)


class AlertRefused(SocialMapError):
    """An alert that tells nobody, or holds something other than the codes that its kind may have."""

    key = "error.alert_refused"


def enqueue(
    session: Session,
    kind: Kind,
    *,
    key: str,
    province: str,
    account_id: UUID | None = None,
    unit_id: int | None = None,
    case_id: UUID | None = None,
    params: Mapping[str, str] = _NONE,
    caused_by: UUID | None = None,
) -> None:
    """Have an account, those of a unit whom it concerns, or both be told, once this transaction is committed.

    `key` names what happened (an event's id, a case and its deadline): an alert whose key was used in the province
    changes nothing. `caused_by` is not told. Raises AlertRefused.
    """
    if account_id is None and unit_id is None:
        raise AlertRefused(kind=kind, name="account_id, unit_id")
    if not _KEY.fullmatch(key):
        raise AlertRefused(kind=kind, name="key")
    for name, value in params.items():
        if name not in PARAMS[kind] or not _CODE.fullmatch(value) or _LONG_NUMBER.search(value):
            raise AlertRefused(kind=kind, name=name[:40])
    values = {
        "province_code": province,
        "id": new_id(),
        "key": key,
        "kind": kind,
        "account_id": account_id,
        "unit_id": unit_id,
        "case_id": case_id,
        "caused_by": caused_by,
        "params": dict(params),
    }
    # Without a target: to find one, whoever writes alerts would have to be able to read them.
    session.execute(insert(Alert).inline().on_conflict_do_nothing(), values)
