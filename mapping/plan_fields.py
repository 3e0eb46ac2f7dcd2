"""What the parts of a plan are: kinds, which stands under which, the fields of each kind and what a field may hold.

A value is checked and brought into its one stored form here, whichever door it came in by. Texts hold nothing personal.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Literal, get_args
from uuid import UUID

from boundaries.errors import SocialMapError
from boundaries.messages import Text, text
from boundaries.names import clean
from layers.personal_text import check_publishable, is_storable
from layers.taxonomy import problems
from mapping.mindmaps import Direction, SolutionType, WelfareSystem
from mapping.plan_words import choices_words, field_words, fields_words

Kind = Literal["problem", "effect", "cause", "goal", "objective", "solution", "asset", "activity", "indicator"]
LinkKind = Literal["addresses", "relates"]
StoredStatus = Literal["draft", "planned", "doing", "done"]
"""How far an activity is; that it is late follows from its last day and is never stored."""
STATUSES: tuple[StoredStatus, ...] = get_args(StoredStatus)

PARENTS: Mapping[Kind, tuple[Kind, ...]] = {
    "problem": (),
    "effect": ("problem", "effect"),
    "cause": ("problem", "cause"),
    "goal": ("problem",),
    "objective": ("goal",),
    "solution": ("objective",),
    "asset": ("problem", "solution"),
    "activity": ("solution",),
    "indicator": ("activity",),
}
"""Under which kinds a part of each kind may stand; the problem alone is the root."""

DEEPEST = 12
"""Steps from the problem to the deepest part."""
MOST_PARTS, MOST_SIBLINGS, MOST_LINKS = 2_000, 200, 1_000
LONGEST, LONGEST_SHORT, MOST_WORDS = 1_000, 200, 20
"""Characters of a text and of a short one; texts of a list."""
MOST_BAHT = 10**11
TAG = re.compile(r"(agenda|area|administration):2[4-7][0-9]{2}:[1-9][0-9]?|dim:[1-9]|welfare:[a-z_]{1,30}")
"""A policy's code: a theme of a fiscal year (`agenda:2560:1`), a dimension of the provincial strategy, a system."""
FIRST_YEAR, LAST_YEAR = 2400, 2743

Value = Any
"""A JSON value."""


class BadField(SocialMapError):
    """A value that a field of a part cannot hold; names the field and what it may hold, never the value."""

    key = "plan.bad_field"


class UnknownField(SocialMapError):
    """A field that parts of this kind do not have."""

    key = "plan.unknown_field"


class BadPeriod(SocialMapError):
    """An activity that would end before it begins."""

    key = "plan.bad_period"


def _words(value: Value, longest: int) -> str:
    if not isinstance(value, str) or not is_storable(value):
        raise ValueError
    cleaned = clean(value)
    if not 1 <= len(cleaned) <= longest or any(unicodedata.category(letter) == "Cc" for letter in cleaned):
        raise ValueError
    check_publishable(cleaned)
    return cleaned


def _long(value: Value) -> str:
    return _words(value, LONGEST)


def _short(value: Value) -> str:
    return _words(value, LONGEST_SHORT)


def _list(value: Value) -> list[str]:
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) > MOST_WORDS:
        raise ValueError
    return list(dict.fromkeys(_short(each) for each in value))


def _tags(value: Value) -> list[str]:
    found = _list(value)
    if not all(TAG.fullmatch(each) for each in found):
        raise ValueError
    return sorted(found)


def _baht(value: Value) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < MOST_BAHT:
        raise ValueError  # neither is a number that is none
    satang = round(value, 2)
    return int(satang) if satang == int(satang) else satang


def _day(value: Value) -> str:
    if not isinstance(value, str) or len(value) != len("2026-01-31"):
        raise ValueError
    found = date.fromisoformat(value)
    if not 1900 <= found.year <= 2200:
        raise ValueError
    return found.isoformat()


def _year(value: Value) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not FIRST_YEAR <= value <= LAST_YEAR:
        raise ValueError
    return value


def _score(value: Value) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 5:
        raise ValueError
    return value


def _id(value: Value) -> str:
    if not isinstance(value, str):
        raise ValueError
    return str(UUID(value))


def _filter(value: Value) -> dict[str, str]:
    """Check which figure a part is bound to: of the plan's own area and fiscal year, and of its problem or another."""
    if not isinstance(value, Mapping) or not {"layer", "measure"} <= value.keys() <= {"layer", "measure", "problem"}:
        raise ValueError
    problem = value.get("problem")
    if value["layer"] not in LAYERS or value["measure"] not in MEASURES:
        raise ValueError
    if problem is not None and (not isinstance(problem, str) or problem not in problems()):
        raise ValueError
    return {"layer": value["layer"], "measure": value["measure"]} | ({"problem": problem} if problem else {})


def _choice(allowed: Sequence[str]) -> Callable[[Value], str]:
    def check(value: Value) -> str:
        if value not in allowed:
            raise ValueError
        return str(value)

    return check


Check = Callable[[Value], Value]
LAYERS, MEASURES = ("cases",), ("count", "rate")
"""What a part may be bound to."""
_type = _choice(get_args(SolutionType))
_welfare = _choice(get_args(WelfareSystem))
_status = _choice(get_args(StoredStatus))
_direction = _choice(get_args(Direction))
SCORES = ("score_size", "score_severity", "score_feasibility", "score_awareness")
"""ขนาด ความรุนแรง ความเป็นไปได้ ความตระหนัก, each 1 to 5."""
_ALL: Mapping[str, Check] = {"text": _long, "note": _long}
_BOUND: Mapping[str, Check] = {**_ALL, "filter": _filter}
FIELDS: Mapping[Kind, Mapping[str, Check]] = {
    "problem": {**_BOUND, "size": _long, **dict.fromkeys(SCORES, _score), "policy_tags": _tags},
    "effect": _BOUND,
    "cause": {**_BOUND, "evidence": _long},
    "goal": _ALL,
    "objective": _BOUND,
    "solution": {**_ALL, "type": _type, "welfare_system": _welfare, "policy_tags": _tags},
    "asset": {**_ALL, "asset_id": _id},
    "activity": {
        **_ALL,
        "lead": _short,
        "joint": _list,
        "budget": _baht,
        "budget_source": _short,
        "fiscal_year": _year,
        "starts_on": _day,
        "ends_on": _day,
        "status": _status,
    },
    "indicator": {
        **_BOUND,
        "unit": _short,
        "baseline": _short,
        "target": _short,
        "actual": _short,
        "direction": _direction,
    },
}
OF_ONE_AREA = frozenset(
    {"size", *SCORES, "asset_id", "baseline", "actual", "starts_on", "ends_on", "status", "fiscal_year", "evidence"}
)
"""Fields that say something of one area and year; a copy for another area or year begins without them."""
_ALLOWED: Mapping[Check, str] = {
    _long: "plan.allowed.text",
    _short: "plan.allowed.short",
    _list: "plan.allowed.list",
    _tags: "plan.allowed.tags",
    _baht: "plan.allowed.baht",
    _day: "plan.allowed.day",
    _year: "plan.allowed.year",
    _score: "plan.allowed.score",
    _id: "plan.allowed.id",
    _filter: "plan.allowed.filter",
}
_CHOICES: Mapping[Check, Sequence[str]] = {
    _type: get_args(SolutionType),
    _welfare: get_args(WelfareSystem),
    _status: get_args(StoredStatus),
    _direction: get_args(Direction),
}


def checked(kind: Kind, field: str, value: Value) -> Value:
    """Return a field's value in its stored form; None empties the field, which `text` cannot be.

    Raises UnknownField, BadField, PersonalDataInText.
    """
    check = FIELDS[kind].get(field)
    if check is None:
        known, called = fields_words(tuple(FIELDS[kind])), kind_words(kind)
        raise UnknownField(kind_th=called.th, kind_en=called.en, allowed_th=known.th, allowed_en=known.en)
    if value is None and field != "text":
        return None
    try:
        return check(value)
    except ValueError:
        words, called = _allowed(field, check), field_words(field)
        given = {"field_th": called.th, "field_en": called.en, "allowed_th": words.th, "allowed_en": words.en}
        raise BadField(**given) from None


def _allowed(field: str, check: Check) -> Text:
    if check not in _CHOICES:
        return text(_ALLOWED[check], long=LONGEST, short=LONGEST_SHORT, most=MOST_WORDS)
    words = choices_words(field, tuple(_CHOICES[check]))
    return text("plan.allowed.choice", choices_th=words.th, choices_en=words.en)


def checked_fields(kind: Kind, fields: Mapping[str, Value]) -> dict[str, Value]:
    """Return the fields of a new part in their stored form; `text` must be among them.

    Raises as `checked`, and BadPeriod.
    """
    given = {name: checked(kind, name, value) for name, value in {"text": None, **fields}.items()}
    check_period(given)
    return {name: value for name, value in given.items() if value is not None}


def check_period(fields: Mapping[str, Value]) -> None:
    """Check that what begins and ends does so in this order. Raises BadPeriod."""
    first, last = fields.get("starts_on"), fields.get("ends_on")
    if first is not None and last is not None and last < first:  # days as 2026-01-31 are in the order of their texts
        raise BadPeriod


def kind_words(kind: Kind) -> Text:
    """Return what a kind of part is called."""
    return text(f"plan.kind.{kind}")


def is_missing_solution(cause: str) -> bool:
    """Say whether a cause only says that a solution is missing: ขาด…, ไม่มี…, no…, lack of…."""
    return cause.startswith(("ขาด", "ไม่มี")) or cause.casefold().startswith(("lack of ", "no ", "there is no "))
