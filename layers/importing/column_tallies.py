"""Tables of counts: which columns hold numbers of cases, of which problem, in which unit, by headings and cells.

Wide: one column a problem, one row an area. Long: area, problem and number stand side by side in one row.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from boundaries.messages import Text, text
from layers.importing import column_values as looks
from layers.importing.column_claims import Claim, why
from layers.importing.column_values import LEAST, Values
from layers.importing.headings import announced
from layers.importing.roles import AREA_ROLES, COUNT
from layers.importing.words import find_code

Form = Literal["wide", "long"]
ONE_CASE = ("external_id", "status", "urgency", "close_reason", "lat", "lon", "position", "x", "y")
"""Roles of lists in which each row is one case."""
WHERE_AND_WHEN = (*AREA_ROLES, "village_name", "reported_on", "counted")
NUMBERS = ("cases", "weight")
"""Roles whose headings announce the number of a long table."""


def tally_form(made: Sequence[Claim], values: Mapping[str, Values]) -> Form | None:
    """Say whether a table holds counts of cases by area and problem, and in which form; None for any other table."""
    sure = {claim.role: claim.heading for claim in made if claim.sure}
    if not sure.keys() & set(AREA_ROLES) or sure.keys() & set(ONE_CASE):
        return None
    if "problem" in sure:
        return "long" if number_heading(made, values) and _is_summed(sure, values) else None
    if "target_groups" in sure or "secondary_problems" in sure:
        return None
    counts = count_claims(values, {heading for role, heading in sure.items() if role in WHERE_AND_WHEN})
    certain = sum(claim.sure for claim in counts)
    indicators = sum(role.startswith("indicator:") for role in sure)
    return "wide" if counts and (certain >= indicators if certain else len(counts) > indicators) else None


def tally_claims(form: Form, made: list[Claim], values: Mapping[str, Values]) -> list[Claim]:
    """Return the claims of a table of counts: those that fit one, and those of its numbers."""
    heading = number_heading(made, values) if form == "long" else None
    roles = WHERE_AND_WHEN if heading is None else (*WHERE_AND_WHEN, "problem")
    kept = [claim for claim in made if claim.heading != heading and (claim.role in roles or _is_group(claim, form))]
    if heading is not None:
        return [*kept, _number_claim(heading, values)]
    return kept + count_claims(values, {claim.heading for claim in kept if claim.sure})


def _is_group(claim: Claim, form: Form) -> bool:
    return form == "long" and claim.role == "target_groups" and claim.sure


def nested_counts(columns: Mapping[str, tuple[str, ...]]) -> dict[str, Text]:
    """Return the headings that count a whole problem beside its parts, which may be in it and count twice."""
    counts = {role.removeprefix(COUNT): many[0] for role, many in columns.items() if role.startswith(COUNT)}
    found = {}
    for code, heading in counts.items():
        parts = [one for one in counts if one.startswith(f"{code}.")]
        if parts:
            found[heading] = text("column.counts_nested", code=code, parts=", ".join(parts))
    return found


def number_heading(made: Sequence[Claim], values: Mapping[str, Values]) -> str | None:
    """Return the heading of the one column of whole numbers that may say how many cases a row stands for."""
    found = dict.fromkeys(
        claim.heading
        for role in NUMBERS
        for claim in sorted(made, key=lambda one: -one.score)
        if claim.role == role and is_whole(values[claim.heading])
    )
    more = (one for one in values if one.strip().startswith("จำนวน") and unit_of(one) and is_whole(values[one]))
    return next(iter((*found, *more)), None)


def is_whole(cells: Values) -> bool:
    """Say whether a column holds whole numbers."""
    return bool(cells.cells) and cells.share(looks.is_count) >= LEAST


def _number_claim(heading: str, values: Mapping[str, Values]) -> Claim:
    whole = values[heading].share(looks.is_count) == 1
    return Claim(heading, "cases", 100, whole, text("column.tally_long"))


def _is_summed(sure: Mapping[str, str], values: Mapping[str, Values]) -> bool:
    """Say whether each row is a sum: no day of its own, and no area and problem twice in a period."""
    dates = values[sure["reported_on"]] if "reported_on" in sure else None
    if dates and dates.cells and dates.share(looks.is_coarse) < LEAST:
        return False
    keys = [
        sure[role] for role in (*AREA_ROLES, "village_name", "problem", "reported_on", "target_groups") if role in sure
    ]
    columns = [values[heading].every for heading in keys]
    rows = list(zip(*columns, strict=True))
    return len(set(rows)) == len(rows)


def count_claims(values: Mapping[str, Values], taken: set[str]) -> list[Claim]:
    """Return a claim for each column of whole numbers without a role whose heading names a problem."""
    made = []
    for heading, cells in values.items():
        free = heading not in taken and not any(one.whole and one.role in AREA_ROLES for one in announced(heading))
        if free and is_whole(cells):
            made.append(_claim(heading))
    return [claim for claim in made if claim]


def group_reasons(values: Mapping[str, Values], taken: Iterable[str]) -> dict[str, Text]:
    """Say of columns that count people of a target group why they have no role: which problem they have is not said."""
    used = set(taken)
    return {
        heading: text("column.counts_group", code=code)
        for heading, cells in values.items()
        if heading not in used and is_whole(cells)
        for code in [find_code("target_groups", _words(heading)).code]
        if code and not find_code("problem", _words(heading)).code
    }


def _claim(heading: str) -> Claim | None:
    words = _words(heading)
    problem, group = find_code("problem", words).code, find_code("target_groups", words).code
    if not problem:
        return None
    if group:
        return Claim(heading, COUNT + problem, 40, False, text("column.counts_two", one=problem, other=group))
    return Claim(heading, COUNT + problem, 70, True, why("counts", COUNT + problem, code=problem))


def _words(heading: str) -> str:
    """Return what a heading counts, without `จำนวน` and its unit; nothing for a share, which is no count."""
    words = heading.rsplit(" · ", 1)[-1].strip()
    if words.startswith("ร้อยละ") or "%" in words:
        return ""
    found = _BRACKETS.search(words)
    if found and find_code("counted", found[1]).code:
        words = words[: found.start()].strip()
    for start in ("จำนวนผู้ประสบปัญหา", "จำนวน"):
        words = words.removeprefix(start).strip() or words
    return words


_BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]+)[)\]]\s*$")


def unit_of(heading: str) -> str | None:
    """Return the unit that a heading names: `คนเร่ร่อน (ราย)`, `จำนวนครัวเรือน`, the group above it; None for none."""
    for part in reversed(heading.split(" · ")):
        found = _BRACKETS.search(part)
        for word in (found[1] if found else "", part.strip().removeprefix("จำนวน"), part.strip()):
            if code := find_code("counted", word.strip().removeprefix("หน่วย").lstrip(": ")).code:
                return code
    return None
