"""What phones stated of a case: each observation as it was made, and the fields of which two values stand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from boundaries.dates import thai_date
from boundaries.errors import SocialMapError
from boundaries.messages import catalogue, text
from layers.cases import CaseRecord
from layers.observations import WORDS, Merged, merge
from layers.observed import list_history, read_observations
from layers.taxonomy import get_problem, get_target_group, urgencies


@dataclass(frozen=True)
class Row:
    """One observation: who made it and when, its open fields in words, and the names of its sealed ones."""

    id: UUID
    account_id: UUID
    made_at: datetime
    received_at: datetime
    fields: tuple[tuple[str, str], ...]
    words: tuple[str, ...]


@dataclass(frozen=True)
class Clash:
    """A field of which several values stand: the one that is shown, and the others; none of sealed ones."""

    name: str
    shown: str
    others: tuple[str, ...]


@dataclass(frozen=True)
class Stated:
    """All observations of a case in the order they were made, and what clashes."""

    rows: tuple[Row, ...]
    clashes: tuple[Clash, ...]


def stated_of(session: Session, case: CaseRecord) -> Stated:
    """Return what was stated of a case that the session reads."""
    rows = list_history(session, case.province_code, case.id)
    fields = {row["id"]: row["fields"] for row in rows}
    merged = merge(read_observations(session, case.province_code, case.id)) if rows else {}
    clashes = [_clash(name, one, fields) for name, one in merged.items() if one.clash]
    return Stated(tuple(_row(row) for row in rows), tuple(clashes))


def field_name(name: str) -> str:
    """Return the Thai name of a field of a phone's form; one that the form does not have names itself."""
    key = f"desk.field.{name}"
    return text(key).th if key in catalogue() else name


def _row(row: Mapping[str, Any]) -> Row:
    fields = tuple((field_name(name), said(name, value)) for name, value in row["fields"].items())
    words = tuple(field_name(name) for name in row["words"])
    return Row(row["id"], row["account_id"], row["made_at"], row["received_at"], fields, words)


def _clash(name: str, merged: Merged, fields: Mapping[UUID, Mapping[str, Any]]) -> Clash:
    if name in WORDS:
        return Clash(field_name(name), text("desk.sealed").th, ())
    others = [said(name, fields[one][name]) for one in merged.ids if one != merged.id]
    return Clash(field_name(name), said(name, merged.value), tuple(dict.fromkeys(others)))


def said(name: str, value: Any) -> str:
    """Write the value of an open field in words; one in an unknown shape as it is."""
    try:
        return _WRITERS[name](value)
    except (SocialMapError, KeyError, TypeError, ValueError, AttributeError):
        return str(value)


def _place(value: Mapping[str, Any]) -> str:
    at = f"{value['lat']:.5f}, {value['lon']:.5f}" if value.get("lat") is not None else ""
    return " · ".join(filter(None, (at, value.get("stated") or "")))


def _consent(value: Mapping[str, Any]) -> str:
    given = text("desk.consent.given" if value["given"] else "desk.consent.refused").th
    how = text("desk.consent." + value["how"]).th
    return f"{given} ({how})"


_WRITERS: Mapping[str, Any] = {
    "problem": lambda value: get_problem(value).short_th,
    "urgency": lambda value: urgencies()[value].th,
    "target_groups": lambda value: ", ".join(get_target_group(code).th for code in value) or "–",
    "place": _place,
    "reported_on": lambda value: thai_date(date.fromisoformat(value)),
    "external_ref": str,
    "consent": _consent,
}
