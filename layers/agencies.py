"""Agencies that cases are referred to: which take which problem, and what of a case each is shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, get_args

from boundaries.errors import SocialMapError
from boundaries.messages import Text
from boundaries.yaml_files import read_yaml

FILE = Path(__file__).with_name("referral_rules.yaml")
OpenField = Literal["problem", "urgency", "target_groups", "area", "reported_on", "place"]
PersonField = Literal["name", "phone", "address", "guardian", "national_id"]
OPEN_FIELDS: tuple[OpenField, ...] = get_args(OpenField)
PERSON_FIELDS: tuple[PersonField, ...] = get_args(PersonField)


class UnknownAgency(SocialMapError):
    """An agency that the rules of referral do not hold."""

    key = "case_work.unknown_agency"


@dataclass(frozen=True)
class Agency:
    """One agency: its name, the number that people call, units that may stand for it, and what it is shown."""

    key: str
    title: Text
    phone: str
    kinds: frozenset[str]
    fields: tuple[str, ...]

    @property
    def person_fields(self) -> tuple[PersonField, ...]:
        """What it is shown of the person."""
        return tuple(name for name in PERSON_FIELDS if name in self.fields)


@dataclass(frozen=True)
class Suggestion:
    """Agencies for a problem: those asked first, and others that help."""

    first: tuple[Agency, ...]
    also: tuple[Agency, ...]


@cache
def agencies() -> Mapping[str, Agency]:
    """Return all agencies by key."""
    rows: dict[str, Any] = _rules()["agencies"]
    return MappingProxyType(
        {
            key: Agency(key, Text(one["th"], one["en"]), one["phone"], frozenset(one["kinds"]), tuple(one["fields"]))
            for key, one in rows.items()
        }
    )


def get_agency(key: str) -> Agency:
    """Return one agency, or raise UnknownAgency."""
    try:
        return agencies()[key]
    except KeyError:
        raise UnknownAgency(allowed=", ".join(agencies())) from None


def suggested_agencies(problem: str) -> Suggestion:
    """Return the agencies that a problem (or its category) is referred to."""
    rule = _rules()["problems"][problem[:3]]
    return Suggestion(*(tuple(get_agency(key) for key in rule[part]) for part in ("first", "also")))


@cache
def _rules() -> Mapping[str, Any]:
    held: dict[str, Any] = read_yaml(FILE)
    return MappingProxyType(held)
