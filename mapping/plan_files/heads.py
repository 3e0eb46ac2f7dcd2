"""What files of other programs say of the plan as a whole: its area, problem and fiscal year, by our words for them."""

import re
from collections.abc import Iterator

from boundaries.messages import text
from mapping.plan_fields import FIRST_YEAR, LAST_YEAR
from mapping.plan_files.json_file import PATTERNS
from mapping.plan_files.values import About

NAMES = ("area", "problem", "fiscal_year")


def about_texts(about: About) -> Iterator[tuple[str, str]]:
    """Yield what is said of the whole, each by its Thai words."""
    for name in NAMES:
        value = getattr(about, name)
        if value is not None:
            yield text(f"plan_files.about.{name}").th, str(value)


def from_about_texts(said: dict[str, str]) -> About:
    """Take what is said of the whole out of a root's fields; what is said wrongly counts as not said."""
    found: dict[str, str | int] = {}
    for name in NAMES:
        words = text(f"plan_files.about.{name}")
        value = next((said.pop(key) for key in (name, words.th, words.en) if key in said), "").strip()
        if name == "fiscal_year":
            year = int(value) if re.fullmatch("[0-9]{4}", value) else 0
            found |= {name: year} if FIRST_YEAR <= year <= LAST_YEAR else {}
        elif re.fullmatch(PATTERNS[name], value):
            found[name] = value
    return About(**found)  # type: ignore[arg-type]
