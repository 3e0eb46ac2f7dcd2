"""Columns of numbers in a table of areas: what each of them counts, by the words of its heading."""

from collections.abc import Mapping

from boundaries.messages import text
from layers.importing import column_values as looks
from layers.importing.column_claims import Claim, why
from layers.importing.column_values import LEAST, Values
from layers.importing.headings import announced
from layers.importing.words import find_code


def figure_claims(values: Mapping[str, Values], taken: set[str]) -> list[Claim]:
    """Return a claim for each column of amounts without a role whose heading says what is counted."""
    made = []
    for heading, cells in values.items():
        free = heading not in taken and not any(one.whole and _is_no_amount(one.role) for one in announced(heading))
        if free and cells.cells and cells.share(looks.is_amount) >= LEAST:
            made.append(_claim(heading))
    return [claim for claim in made if claim]


def _is_no_amount(role: str) -> bool:
    return not role.startswith("indicator:") and role not in ("weight", "title", "kind", "problem", "target_groups")


def _claim(heading: str) -> Claim | None:
    words = heading.rsplit(" · ", 1)[-1].strip()
    for start in ("จำนวนผู้ประสบปัญหา", "จำนวน", "ร้อยละ"):
        words = words.removeprefix(start).strip() or words
    problem, group = find_code("problem", words).code, find_code("target_groups", words).code
    if words != heading and heading.strip().startswith("ร้อยละ"):
        return None  # a share is no count
    if problem and not group:
        return Claim(heading, f"count:{problem}", 70, True, why("counts", f"count:{problem}", code=problem))
    if group and not problem:
        return Claim(heading, f"count:{group}", 70, True, why("counts", f"count:{group}", code=group))
    if problem and group:
        return Claim(heading, f"count:{problem}", 40, False, text("column.counts_two", one=problem, other=group))
    return None
