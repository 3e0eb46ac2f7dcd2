"""What one cell of a case means: each function reads a text and returns a value, or raises what is wrong with it."""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from boundaries.dates import thai_date
from boundaries.errors import SocialMapError
from layers import taxonomy
from layers.dates import Precision, last_day, parse_date
from layers.importing import words
from layers.importing.amounts import find_amount, plain
from layers.importing.reports import RefusedRow
from layers.importing.roles import ROLES, choices
from layers.importing.tally import UndecidedName, UndecidedWord

FAULTS = (SocialMapError, UndecidedName, UndecidedWord)
"""What may be wrong with a row."""
Words = Mapping[str, str]
"""A recipe's own words of a role and the codes they stand for; '' is nothing, on purpose."""


def required(value: str, column: str) -> str:
    """Return a text that must be there."""
    if not value:
        raise lacking(column)
    return value


def lacking(column: str) -> RefusedRow:
    """Return the refusal of a row without a value that it must have, named as people call it."""
    title = ROLES["problem" if column == "problem_code" else column].title
    return RefusedRow("row.required", column=column, th=title.th, en=title.en)


def date_options(fixed: Mapping[str, str]) -> dict[str, Any]:
    """Return how `parse_date` is to read a file's dates, by what its recipe states."""
    asked = {option: fixed.get(role) for role, option in DATE_ROLES.items()}
    return {option: value for option, value in asked.items() if value}


DATE_ROLES = {"date_order": "order", "short_years": "short_years", "bare_year": "bare_year"}


def day_of(options: Mapping[str, Any], period: str | None) -> Callable[[str], tuple[date, Precision]]:
    """Make the reader of dates: `period` is the year of a file that states none."""

    def read(value: str) -> tuple[date, Precision]:
        day, precision = parse_date(required(value or period or "", "reported_on"), **options)
        if day > date.today() + timedelta(days=1):  # a clock may be a little ahead; a mistyped year is not
            raise RefusedRow("row.future", value_th=thai_date(day), value_en=day.isoformat())
        return day, precision

    return read


def known_until(day: date, precision: str) -> date:
    """Return the last day that a record may be about, not later than today where its own day is not."""
    return max(day, min(last_day(day, precision), date.today()))


def one_word(role: str, own: Words) -> Callable[[str], str | None]:
    """Make the reader of a column that holds one word: the recipe's own first, then the taxonomy's."""

    def read(value: str) -> str | None:
        return _decided(role, value, words.look_up(role, value, own)) if value else None

    return read


def many_words(role: str, own: Words) -> Callable[[str], tuple[str, ...]]:
    """Make the reader of a column that holds several words."""

    def read(value: str) -> tuple[str, ...]:
        found = (_decided(role, word, match) for word, match in words.find_codes(role, value, own))
        return tuple(dict.fromkeys(filter(None, found)))

    return read


def _decided(role: str, word: str, match: words.WordMatch) -> str | None:
    """Return a word's code, None for one that stands for nothing on purpose; raise for what is not known."""
    if match.code is not None:
        return match.code or None
    if CODE.fullmatch(word):  # a mistyped code is no word that somebody could explain
        raise RefusedRow("row.bad_choice", column=role, value=word, allowed=", ".join(choices(role) or ()))
    raise UndecidedWord(role, word, match.candidates)


CODE = re.compile(r"[A-Za-z]?\d+(?:\.\d+)?")


def number(column: str, none: float | None) -> Callable[[str], float | None]:
    """Make the reader of a number that is not negative; `none` stands for an empty cell."""

    def read(value: str) -> float | None:
        if not value:
            return none
        found = find_amount(value)
        if found is None or not 0 <= found < 1e9:
            raise RefusedRow("row.bad_number", column=column, value=value)
        return found

    return read


LARGEST = 1_000_000
"""So many cases has one area of one problem at most; a larger number is a slip."""


def whole_number(column: str) -> Callable[[str], int | None]:
    """Make the reader of how many cases a row stands for; an empty cell or a dash states no number."""

    def read(value: str) -> int | None:
        if plain(value) in ("", *NONE):
            return None
        found = find_amount(value)
        if found is None or found < 0:
            raise RefusedRow("row.bad_number", column=column, value=value)
        if found != int(found):
            raise RefusedRow("row.not_whole", column=column, value=value)
        if found > LARGEST:
            raise RefusedRow("row.many_cases", column=column, value=value, limit=f"{LARGEST:,}")
        return int(found)

    return read


NONE = ("-", "–", "—")
"""Dashes in a table: no number is stated."""


def check_whole(
    problem: str, groups: Sequence[str], secondary: Sequence[str], status: str | None, reason: str | None
) -> None:
    """Raise RefusedRow for values that do not go together."""
    if reason and status != "80":
        raise RefusedRow("row.reason_without_close")
    if len(secondary) > 3 or problem in secondary:
        raise RefusedRow("row.secondary")
    unknown = [group for group in groups if group not in taxonomy.target_groups()]
    if unknown:
        raise RefusedRow("row.bad_choice", column="target_groups", value=unknown[0], allowed="T01 … T99")


def derived_id(parts: Sequence[str]) -> str:
    """Return an id for a row that has none of its own: the same words give the same id in every file."""
    return "row-" + hashlib.blake2b("\x1f".join(parts).encode(), digest_size=12).hexdigest()
