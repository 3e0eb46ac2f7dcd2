"""What an alert says outside this application: codes and dates, and of a secret case no more than that something waits.

An e-mail crosses the machines of others and lies in a mailbox for years; a webhook feeds a system that we do not know.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from api.alerts.cases import AlertCase
from boundaries.areas import AreaNotFound, get_area
from boundaries.dates import BANGKOK, thai_date
from boundaries.messages import Text, text
from layers.alert_models import Alert
from layers.dates import english_date
from layers.taxonomy import urgencies

ATTENTION = "attention"
"""The kind that a secret case's alerts have outside: the kinds themselves would tell what is done about it."""


@dataclass(frozen=True)
class Told:
    """What is told of an alert beyond this application."""

    kind: str
    link: str
    case: str | None = None
    district_code: str | None = None
    district: Text | None = None
    urgency: str | None = None
    due_at: str | None = None


def told_outside(session: Session, alert: Alert, case: AlertCase | None, address: str) -> Told:
    """Say what may be told; a case that was taken away or is secret by now tells nothing."""
    link = f"{address}/alerts"
    open_ = case is not None and not case.secret
    if case is None or not open_:
        plain = alert.kind if alert.kind in ("address_check", "quarantined") and alert.case_id is None else ATTENTION
        return Told(plain, link)
    due = alert.params.get("due_at")
    district = district_words(session, case.district_code)
    return Told(alert.kind, f"{link}#alert-{alert.id}", case.label, case.district_code, district, case.urgency, due)


def subject(told: Told) -> str:
    """Return an e-mail's subject, one line in both languages."""
    words = text(f"alert.told.{told.kind}")
    return f"{words.th} / {words.en}"


def body(told: Told, address: str, code: str | None = None) -> str:
    """Return an e-mail's text, Thai first."""
    return "\n".join((*_lines(told, address, code, "th"), "", "-" * 20, "", *_lines(told, address, code, "en"), ""))


def payload(told: Told, delivery_id: UUID, made_at: datetime) -> bytes:
    """Return what a webhook is sent, the same each time."""
    said = {
        "id": str(delivery_id),
        "kind": told.kind,
        "made_at": made_at.astimezone(BANGKOK).isoformat(timespec="seconds"),
        "case": told.case,
        "district": told.district_code,
        "urgency": told.urgency,
        "due_at": told.due_at,
        "link": told.link,
    }
    return json.dumps(said, sort_keys=True, separators=(",", ":")).encode()


def due_words(due_at: str | None) -> Text | None:
    """Write a deadline for people; what is no moment is not told."""
    try:
        local = datetime.fromisoformat(due_at or "").astimezone(BANGKOK)
    except ValueError:
        return None
    return Text(f"{thai_date(local.date())} {local:%H.%M} น.", f"{english_date(local.date())} {local:%H:%M}")


def urgency_words(code: str) -> Text:
    """Return the name of an urgency."""
    found = urgencies()[code]
    return Text(found.th, found.en)


def _lines(told: Told, address: str, code: str | None, language: str) -> list[str]:
    lines = [getattr(text(f"alert.told.{told.kind}"), language)]
    facts = {
        "case": Text(told.case, told.case) if told.case else None,
        "district": told.district,
        "urgency": urgency_words(told.urgency) if told.urgency else None,
        "due": due_words(told.due_at),
        "code": Text(code, code) if code else None,
    }
    for name, value in facts.items():
        if value is not None:
            lines.append(f"{getattr(text(f'alert.mail.{name}'), language)}: {getattr(value, language)}")
    ending = "check" if told.kind == "address_check" else "open"
    lines += ["", getattr(text(f"alert.mail.{ending}", link=told.link), language)]
    return [*lines, "", getattr(text("alert.mail.foot", link=f"{address}/alerts/mail"), language)]


def district_words(session: Session, code: str | None) -> Text | None:
    """Return a district's name; None for none, and for one of boundaries that are no more."""
    try:
        area = get_area(session, code) if code else None
    except AreaNotFound:
        return None
    return Text(area.full_name_th, area.name_en or area.code) if area else None
