"""Observations of a case: what was stated of it at different times by different people, merged field by field.

Each field is a register that keeps every value which nobody has replaced knowingly: an observation replaces those that
its author had been shown, and stands beside all others. The outcome depends on the set of observations alone, not on
their order or on how often each arrived, so that it is the same wherever they meet.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from layers.cases import CaseValues

OPEN = ("problem", "target_groups", "urgency", "place", "reported_on", "external_ref")
"""Fields that are read with the case."""
PERSON = ("person.name", "person.national_id", "person.phone", "person.address", "person.guardian")
WORDS = ("description", *PERSON, "consent")
"""Fields about persons: sealed, and read by who may read identity data."""
IDENTITY = {"description": "note", **{name: name.removeprefix("person.") for name in PERSON}}
"""Where the identity data of a case keep a field."""


@dataclass(frozen=True)
class Observation:
    """Some fields with their values, and the observations that each of them replaces."""

    id: UUID
    fields: Mapping[str, Any]
    seen: Mapping[str, frozenset[UUID]]


@dataclass(frozen=True)
class Merged:
    """A field as it stands: the value that is shown, whose it is, and all that nobody replaced."""

    value: Any
    id: UUID
    ids: tuple[UUID, ...]
    """Smallest first; the shown one is the last."""
    clash: bool
    """Whether they state different values."""


def merge(observations: Iterable[Observation]) -> dict[str, Merged]:
    """Return each field as it stands after these observations, in whatever order they came."""
    stated: dict[str, dict[UUID, Any]] = defaultdict(dict)
    replaced: dict[str, set[UUID]] = defaultdict(set)
    for one in observations:
        for name, value in one.fields.items():
            stated[name][one.id] = value
            replaced[name] |= one.seen.get(name, frozenset()) - {one.id}
    return {name: _merged(values, replaced[name]) for name, values in stated.items()}


def _merged(values: Mapping[UUID, Any], replaced: set[UUID]) -> Merged:
    # Observations that claim to have replaced each other cannot be: then all of them stay.
    left = sorted(values.keys() - replaced) or sorted(values)
    shown = left[-1]
    return Merged(values[shown], shown, tuple(left), any(values[one] != values[shown] for one in left))


@dataclass(frozen=True)
class Hidden:
    """The value of a field that is sealed: it equals none but itself."""

    id: UUID


def with_fields(values: CaseValues, fields: Mapping[str, Any]) -> CaseValues:
    """Return a case's values with those of some open fields in their place."""
    changes: dict[str, Any] = {}
    for name, column in (("problem", "problem_code"), ("urgency", "urgency")):
        if name in fields:
            changes[column] = fields[name]
    if "target_groups" in fields:
        changes["target_groups"] = tuple(fields["target_groups"])
    if "reported_on" in fields:
        changes |= {"reported_on": date.fromisoformat(fields["reported_on"]), "date_precision": "day"}
    if "place" in fields:
        place = fields["place"]
        names = {"lat": "lat", "lon": "lon", "accuracy_m": "accuracy_m", "stated_code": "stated"}
        changes |= {column: place.get(name) for column, name in names.items()} | {"village_code": None}
    return replace(values, **changes)
