"""What of a case an alert may tell: a short id, the district, the urgency; of a secret case nothing at all."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from layers.alert_models import Alert
from layers.models import Case

SECRET = "L3"  # noqa: S105  (a level of sensitivity)
_COLUMNS = (
    Case.province_code,
    Case.id,
    Case.district_code,
    Case.subdistrict_code,
    Case.village_code,
    Case.urgency,
    Case.sensitivity,
)


@dataclass(frozen=True)
class AlertCase:
    """A case as alerts know it."""

    province_code: str
    id: UUID
    district_code: str | None
    urgency: str
    secret: bool
    codes: tuple[str, ...]
    """Of all areas that it lies in."""

    @property
    def label(self) -> str:
        """A short id: the end of its id, which is random. The number that another system gave may be a person's."""
        return self.id.hex[-8:].upper()


def find_case(session: Session, alert: Alert) -> AlertCase | None:
    """Return an alert's case as the session's scope sees it; None for none."""
    return find_cases(session, [alert]).get(alert.case_id) if alert.case_id else None


def find_cases(session: Session, alerts: Iterable[Alert]) -> dict[UUID | None, AlertCase]:
    """Return the cases of some alerts that the session's scope may see, by id."""
    wanted = {(one.province_code, one.case_id) for one in alerts if one.case_id}
    if not wanted:
        return {}
    asked = select(*_COLUMNS).where(tuple_(Case.province_code, Case.id).in_(wanted))
    return {row.id: _case(row) for row in session.execute(asked)}


def _case(row: Any) -> AlertCase:
    codes = (row.province_code, row.district_code, row.subdistrict_code, row.village_code)
    known = tuple(code for code in codes if code)
    return AlertCase(row.province_code, row.id, row.district_code, row.urgency, row.sensitivity == SECRET, known)
