"""Claims: which heading could carry which role, how likely, and why, by its words and by its cells."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from boundaries.messages import Text, text
from layers.importing import column_values as looks
from layers.importing.column_values import LEAST, Values
from layers.importing.headings import announced
from layers.importing.roles import get_role

RUNNING = ("ลำดับ", "ลำดับที่", "ที่", "no", "no.", "#")
"""Headings of running numbers: the same row has another one in the next file."""
CODE_OR_NAME = {
    "province_name": "province_code",
    "district_name": "district_code",
    "subdistrict_name": "subdistrict_code",
}
MOSTLY = 0.95
"""Share of cells that are coordinates where the heading says nothing."""
BY_VALUES = (
    ("position", looks.is_position, 60),
    ("problem", lambda cell: bool(re.fullmatch(r"[Pp]\d\d(?:\.\d\d)?", cell)), 60),
    ("target_groups", lambda cell: bool(re.fullmatch(r"(?:[Tt]\d\d[,; ]*)+", cell)), 60),
    ("address", looks.is_address, 55),
)
"""Roles that cells show by themselves, whatever their heading says."""


@dataclass(frozen=True)
class Claim:
    """That a heading carries a role. A higher score goes first; one that is not sure is shown to a person."""

    heading: str
    role: str
    score: int
    sure: bool
    why: Text


def claims(values: Mapping[str, Values]) -> list[Claim]:
    """Return all claims of a table, the strongest first."""
    made = [claim for heading, cells in values.items() for claim in _claims_of(heading, cells)]
    made += _coordinates(values, {claim.heading for claim in made if claim.sure})
    return sorted(made, key=lambda claim: -claim.score)


def why(key: str, role: str, **params: object) -> Text:
    """Return a reason that names the role."""
    title = get_role(role).title
    return text(f"column.{key}", role_th=title.th, role_en=title.en, **params)


def _claims_of(heading: str, cells: Values) -> Iterator[Claim]:
    said = announced(heading)
    for one in said:
        role = CODE_OR_NAME.get(one.role, one.role)
        if role != one.role and not (cells.cells and cells.share(looks.is_code(1, 2, 4, 6, 8)) >= LEAST):
            role = one.role
        yield _claim(heading, role, cells, one.rank, one.whole)
    if looks.is_province_column(cells) and not any(one.role.endswith(("_name", "_code")) for one in said):
        thai = cells.share(lambda cell: bool(re.search("[ก-๙]", cell))) >= LEAST
        yield Claim(heading, "province_name", 58 if thai else 57, True, why("values", "province_name"))
    if not any(one.whole for one in said):
        yield from _by_values(heading, cells)


def _claim(heading: str, role: str, cells: Values, rank: int, whole: bool) -> Claim:
    fits = cells.fits(role)
    if role == "external_id" and cells.cells:
        fits = cells.unique
        if heading.strip().lower() in RUNNING:
            return Claim(heading, role, 25 - rank // 10, False, text("column.running"))
    if fits is False:
        return Claim(heading, role, 20 - rank // 10, False, why("heading_not_values", role))
    if not whole:
        return Claim(heading, role, 45 if fits else 30, False, why("part_of_heading", role))
    score = (100 if fits else 90) - min(rank, 40)
    return Claim(heading, role, score, True, why("heading_and_values" if fits else "heading", role))


def _by_values(heading: str, cells: Values) -> Iterator[Claim]:
    if not cells.cells:
        return
    for role, test, score in BY_VALUES:
        if cells.share(test) >= LEAST:
            yield Claim(heading, role, score, True, why("values", role))
    if cells.share(looks.is_name) == 1 and cells.share(lambda cell: looks.is_word("problem", cell)) >= LEAST:
        yield Claim(heading, "problem", 40, False, why("values", "problem"))
    if re.search(r"(?:^|[_ ])id$", heading.strip().lower()) and cells.unique:
        yield Claim(heading, "external_id", 28, False, text("column.some_id"))
    if cells.share(lambda cell: looks.is_date(cell) and bool(re.search(r"[/\-ก-๙ .]", cell))) >= LEAST:
        yield Claim(heading, "reported_on", 35, False, why("values", "reported_on"))


def _coordinates(values: Mapping[str, Values], taken: set[str]) -> Iterator[Claim]:
    """Find latitude and longitude under headings that say nothing: one column can be either, and no other can."""

    def looking(test: looks.Test) -> list[str]:
        return [
            heading
            for heading, cells in values.items()
            if heading not in taken
            and cells.share(lambda cell: bool(re.search(r"[.,°']|องศา", cell)) and test(cell)) >= MOSTLY
        ]

    lats, lons = looking(looks.is_lat), looking(looks.is_lon)
    if len(lats) == 1 and len(lons) == 1:
        yield Claim(lats[0], "lat", 56, True, why("values", "lat"))
        yield Claim(lons[0], "lon", 56, True, why("values", "lon"))
