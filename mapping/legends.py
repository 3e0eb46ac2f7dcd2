"""Legend entries and numbers as they are written: classes, symbols beside them, circle sizes, plan states."""

import math
import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from boundaries.errors import SocialMapError
from boundaries.messages import Text, text
from mapping.styles import SYMBOLS

CIRCLES = 3
MOST_BREAKS = 6
BADGE_STATES = ("none", "draft", "approved", "overdue")


class BadBreaks(SocialMapError):
    """Breaks that a reader gave cannot part values into classes."""

    key = "error.bad_breaks"


@dataclass(frozen=True)
class Legend:
    """What a map's legend says; `ramp` gives each class its place in the ramp of colours (0–3, between them 4–6)."""

    title: str
    unit: str
    classes: tuple[str, ...]
    ramp: tuple[int, ...]
    symbols: tuple[tuple[str, str], ...]
    size_title: str
    size_note: str
    sizes: tuple[int, ...]
    badges: tuple[tuple[str, str], ...]


def class_of(value: float, breaks: Sequence[float]) -> int:
    """Return the class of a value, 0 the lowest; a value on a break belongs to the class above it."""
    return bisect_right(breaks, value)


def ramp_places(classes: int) -> tuple[int, ...]:
    """Return which colours of the ramp 1 to 7 classes use; the darkest always ends a ramp of more than one."""
    few: dict[int, tuple[int, ...]] = {1: (2,), 2: (0, 3), 3: (0, 2, 3), 4: (0, 1, 2, 3)}
    many: dict[int, tuple[int, ...]] = {5: (0, 1, 5, 2, 3), 6: (0, 4, 1, 5, 2, 3), 7: (0, 4, 1, 5, 2, 6, 3)}
    return (few | many)[classes]


def parse_breaks(written: str) -> tuple[float, ...]:
    """Read breaks such as "10,20,30": one to six rising numbers above zero. Raises BadBreaks."""
    parts = [part.strip() for part in written.split(",")]
    if not all(re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,4})?", part) for part in parts):
        raise BadBreaks(value=written)
    return checked_breaks([float(part) for part in parts])


def checked_breaks(breaks: Sequence[float]) -> tuple[float, ...]:
    """Return fixed breaks that can be drawn. Raises BadBreaks."""
    rising = all(low < high for low, high in pairwise([0, *breaks]))
    if not 1 <= len(breaks) <= MOST_BREAKS or not rising or not math.isfinite(breaks[-1]):
        raise BadBreaks(value=",".join(break_text(each) for each in breaks))
    return tuple(breaks)


def break_text(value: float) -> str:
    """Write a break as exactly as it parts: rounded, two could read alike and a value seem to be in the wrong class."""
    return f"{value:,.10f}".rstrip("0").rstrip(".")


def class_words(breaks: Sequence[float]) -> tuple[Text, ...]:
    """Write the classes between inner breaks, open at both ends."""
    if not breaks:
        return (text("legend.one_class"),)
    ends = [break_text(value) for value in breaks]
    middle = [text("legend.class_between", low=low, high=high) for low, high in pairwise(ends)]
    return (text("legend.class_below", high=ends[0]), *middle, text("legend.class_from", low=ends[-1]))


def class_texts(breaks: Sequence[float]) -> tuple[str, ...]:
    """Write the classes in Thai."""
    return tuple(words.th for words in class_words(breaks))


def symbol_words(hidden_below: int | None, unstable_below: int, counted: Text) -> Mapping[str, Text]:
    """Write what each symbol beside the classes means."""

    def of(key: str, **given: object) -> Text:
        return Text(text(key, counted=counted.th, **given).th, text(key, counted=counted.en, **given).en)

    return {
        "no_data": text("legend.no_data"),
        "hidden": text("legend.hidden_below", below=hidden_below) if hidden_below else text("legend.hidden"),
        "unstable": of("legend.unstable", below=unstable_below),
        "left_out": text("legend.left_out"),
        "zero": of("legend.zero"),
    }


def symbol_texts(hidden_below: int | None, unstable_below: int, counted: str) -> tuple[tuple[str, str], ...]:
    """Write the same in Thai, in the legend's order."""
    words = symbol_words(hidden_below, unstable_below, Text(counted, counted))
    return tuple((symbol, words[symbol].th) for symbol in SYMBOLS)


def badge_texts() -> tuple[tuple[str, str], ...]:
    """Write what each badge of a plan state means."""
    return tuple((state, text(f"plan.{state}").th) for state in BADGE_STATES)


def circle_sizes(most: float, least: int = 1) -> tuple[int, ...]:
    """Return up to three readable counts from `least` on, rising to the largest one not above `most`."""
    if most < 1:
        return ()
    wanted = [readable_below(most / divisor) for divisor in (9, 2.7, 1)]
    return tuple(sorted({int(size) for size in wanted if size >= least}))


def readable_below(value: float) -> float:
    """Return the largest of 1, 1.5, 2, 3, 5 × 10^n that is not above `value`."""
    power: float = 10 ** math.floor(math.log10(value))
    steps = [step * power for step in (5, 3, 2, 1.5, 1)]
    return next(step for step in steps if step <= value * 1.0000001)


def number(value: float) -> str:
    """Write a number with thousands separators: whole numbers whole, else two digits that tell something.

    One decimal below 10, none above, more where the first digits are zeros (0.033).
    """
    if float(value).is_integer() or abs(value) >= 10:
        return f"{value:,.0f}"
    places = 1 if abs(value) >= 0.1 else 1 - math.floor(math.log10(abs(value)))
    return f"{value:,.{places}f}"


def shown(value: float) -> float:
    """Return the number that `number` writes: what is read, and so what is sorted into classes."""
    return float(number(value).replace(",", ""))
