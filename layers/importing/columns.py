"""What the columns of a file are for: proposed from headings and cells, with reasons, for a person to confirm.

What is unsure is named as such; nothing that is unsure is needed to be taken.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import islice

from boundaries.messages import Text, text
from layers.files.table import GEOMETRY_X, FileTable
from layers.importing.amounts import find_amount
from layers.importing.column_claims import Claim, claims, why
from layers.importing.column_dates import is_fiscal_heading, look_at_dates
from layers.importing.column_tallies import (
    count_claims,
    group_reasons,
    nested_counts,
    tally_claims,
    tally_form,
    unit_of,
)
from layers.importing.column_values import LEAST, Values, column_values, is_lat, is_lon
from layers.importing.known_files import known_recipe
from layers.importing.personal import PersonalColumn, PersonalKind, find_personal_columns
from layers.importing.recipes import Recipe, check_headings
from layers.importing.roles import AREA_ROLES, COUNT, POSITION_ROLES, ROLES, Role, Target, get_role, required_roles
from layers.importing.words import WORD_ROLES, find_codes

__all__ = ["ROLES", "Proposal", "Role", "propose"]

MEANT: Mapping[str, tuple[PersonalKind, ...]] = {"address": ("house_number",), "village_name": ("house_number",)}
"""Personal data that a role is meant for: it helps to find the area and is not kept."""


@dataclass(frozen=True)
class Proposal:
    """A recipe to begin with, and what a person should know of it before it is used."""

    recipe: Recipe
    reasons: Mapping[str, Text] = field(default_factory=dict)
    """Why each heading got its role, or none."""
    unsure: tuple[str, ...] = ()
    """Headings that a person should look at."""
    personal: tuple[PersonalColumn, ...] = ()
    missing: tuple[str, ...] = ()
    """Roles that are needed and have neither a heading nor a fixed value."""
    unknown_words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Role to the different words of the sample that have no code."""


def propose(table: FileTable, recipe: Recipe | None = None, *, sample: int = 500) -> Proposal:
    """Propose what a file's columns are for, from its first rows; a given recipe is kept and only looked at.

    Raises HeadingsMissing when the file lacks headings that the given recipe names.
    """
    rows = [row.cells for row in islice((row for row in table.rows() if row.kind in ("data", "hidden")), sample)]
    values = column_values(table.header, rows)
    if recipe:
        check_headings(recipe, table.header)
        draft = Proposal(recipe, {heading: text("column.recipe", recipe=recipe.name) for heading in recipe.headings})
    elif known := known_recipe(table, values):
        draft = Proposal(known.recipe, known.reasons, known.unsure)
    else:
        draft = _guessed(values)
    return _checked(draft, table.header, rows, values)


def _guessed(values: Mapping[str, Values]) -> Proposal:
    made = claims(values)
    indicators = [claim for claim in made if claim.sure and claim.role.startswith("indicator:")]
    form = tally_form(made, values)
    target = "cases" if form else _target(made)
    made = [claim for claim in made if target in get_role(claim.role).targets]
    made = tally_claims(form, made, values) if form else [claim for claim in made if claim.role != "cases"]
    taken = _settle(made)
    columns: dict[str, tuple[str, ...]] = {role: (claim.heading,) for role, claim in taken.items()}
    parted = _parted_date(values) if target == "cases" and not form else ()
    if parted:
        columns["reported_on"] = parted
    if target == "assets":
        columns |= _properties(values, taken)
    reasons = {claim.heading: _lost(claim, taken) for claim in made[::-1] if claim.heading not in _headings(columns)}
    reasons |= {claim.heading: claim.why for claim in taken.values()}
    reasons |= {heading: why("date_part", "reported_on") for heading in parted}
    if form or target == "figures":
        apart = {claim.heading: why("indicator_apart", claim.role) for claim in indicators if form}
        reasons = {**apart, **_uncounted(values, columns), **reasons}
    unsure = tuple(heading for heading in values if _is_unsure(heading, made, taken) and heading not in parted)
    nested = nested_counts(columns)
    reasons |= nested
    unsure = tuple(heading for heading in values if heading in nested or heading in unsure)
    ordered = {role: columns[role] for role in sorted(columns, key=_order)}
    return Proposal(Recipe("draft", target, ordered, fixed=_unit(ordered, form)), reasons, unsure)


def _uncounted(values: Mapping[str, Values], columns: Mapping[str, tuple[str, ...]]) -> dict[str, Text]:
    """Say of columns of numbers why they have no role: counts of cases beside indicators, people of target groups."""
    used = _headings(columns)
    counts = {
        claim.heading: text("column.counts_are_cases", code=claim.role.removeprefix(COUNT))
        for claim in count_claims(values, used)
    }
    return {**group_reasons(values, used), **counts}


def _unit(columns: Mapping[str, tuple[str, ...]], form: str | None) -> dict[str, str]:
    """State the unit of a table of counts where all its headings of numbers name the same, so that it is seen."""
    headings = [many[0] for role, many in columns.items() if role == "cases" or role.startswith(COUNT)] if form else []
    units = {unit_of(heading) for heading in headings}
    found = units.pop() if len(units) == 1 and "counted" not in columns else None
    return {"counted": found} if found else {}


def _lost(claim: Claim, taken: Mapping[str, Claim]) -> Text:
    """Say why a heading has no role: another one has it."""
    if claim.role not in taken:
        return claim.why
    return why("other_taken", claim.role, other=taken[claim.role].heading)


def _headings(columns: Mapping[str, tuple[str, ...]]) -> set[str]:
    return {heading for many in columns.values() for heading in many}


def _order(role: str) -> tuple[int, str]:
    return (list(ROLES).index(role), "") if role in ROLES else (len(ROLES), role)


def _target(made: list[Claim]) -> Target:
    """Tell what the rows are: cases have problems, assets a place and a name, figures areas and indicators."""
    sure = {claim.role for claim in made if claim.sure and not _is_fiscal_year(claim)}
    if sure & {"problem", "status", "urgency", "target_groups", "secondary_problems"}:
        return "cases"
    placed = {"lat", "lon"} <= sure or {"x", "y"} <= sure or "position" in sure
    if placed and sure & {"title", "kind"} and "reported_on" not in sure:
        return "assets"
    counted = any(role.startswith("indicator:") for role in sure)
    return "figures" if counted and sure & set(AREA_ROLES) and not placed else "cases"


def _is_fiscal_year(claim: Claim) -> bool:
    """Say whether a heading announces a fiscal year: tables of all kinds have one, so it tells of no cases."""
    return claim.role == "reported_on" and is_fiscal_heading(claim.heading)


def _settle(made: list[Claim]) -> dict[str, Claim]:
    """Give each role its strongest heading and each heading one role; of several ways to say where, keep the best."""
    taken: dict[str, Claim] = {}
    used: set[str] = set()
    for claim in sorted(made, key=lambda one: (not one.sure, -one.score)):
        if claim.role not in taken and claim.heading not in used:
            taken[claim.role] = claim
            used.add(claim.heading)
    return _one_position(taken)


def _one_position(taken: dict[str, Claim]) -> dict[str, Claim]:
    """Keep one position: what a file of shapes draws, else degrees, else metres, else a text; no half ones."""
    drawn = "x" in taken and taken["x"].heading == GEOMETRY_X
    ways = [("x", "y"), ("lat", "lon"), ("position",)] if drawn else [("lat", "lon"), ("x", "y"), ("position",)]
    best = next((way for way in ways if set(way) <= set(taken)), ())
    return {role: claim for role, claim in taken.items() if role not in POSITION_ROLES or role in best}


def _is_unsure(heading: str, made: list[Claim], taken: Mapping[str, Claim]) -> bool:
    """A heading is unsure when its role is, or when it could have had a role and another heading got it no better."""
    mine = [claim for claim in taken.values() if claim.heading == heading]
    if mine:
        return not mine[0].sure
    lost = [claim for claim in made if claim.heading == heading and claim.role in taken]
    return any(claim.sure and claim.score == taken[claim.role].score for claim in lost)


def _parted_date(values: Mapping[str, Values]) -> tuple[str, ...]:
    """Return the headings of day, month and year where they stand in columns of their own."""
    words = (("วัน", "วันที่", "day"), ("เดือน", "month"), ("ปี", "ปี พ.ศ.", "พ.ศ.", "year"))
    found = [next((one for one in values if one.strip().lower() in some), None) for some in words]
    day, month, year = found
    if not month or not year:
        return ()
    parts = [one for one in (day, month, year) if one]
    rows = list(zip(*(values[one].cells for one in parts), strict=False))[:50]
    joined = Values(tuple(" ".join(row) for row in rows))
    return tuple(parts) if joined.fits("reported_on") else ()


def _properties(values: Mapping[str, Values], taken: Mapping[str, Claim]) -> dict[str, tuple[str, ...]]:
    """Keep the numbers that are said of assets: they are open to everybody, and other texts may name a person."""
    used = {claim.heading for claim in taken.values()}
    wheres = {claim.heading for claim in claims(values) if claim.role in POSITION_ROLES}
    rest = [one for one in values if one not in used | wheres and values[one].cells]
    numbers = [one for one in rest if values[one].share(lambda cell: find_amount(cell) is not None) == 1]
    return {f"property:{one}": (one,) for one in numbers}


def _checked(
    draft: Proposal, header: tuple[str, ...], rows: list[tuple[str, ...]], values: Mapping[str, Values]
) -> Proposal:
    """Look at a draft as a whole: personal data, dates, words without a code, roles that are missing."""
    recipe, reasons, unsure = draft.recipe, dict(draft.reasons), list(draft.unsure)
    meant = {heading: kinds for role, kinds in MEANT.items() for heading in recipe.columns.get(role, ())}
    personal = find_personal_columns(header, rows, meant)
    recipe = _without(recipe, tuple(one.heading for one in personal))
    reasons |= {one.heading: one.words for one in personal if one.heading in recipe.dropped}
    for role in ("reported_on", "period"):
        headings = recipe.columns.get(role, ())
        if len(headings) == 1:
            dates = look_at_dates(headings[0], values[headings[0]])
            recipe = replace(recipe, fixed={**dates.fixed, **recipe.fixed})
            reasons[headings[0]] = _joined([reasons.get(headings[0]), *dates.reasons, *dates.doubts])
            if dates.doubts:
                unsure.append(headings[0])
    swapped = _swapped(recipe, values)
    unsure += swapped
    reasons |= {heading: text("column.swapped") for heading in swapped}
    left = tuple(one for one in header if one in unsure and one not in recipe.dropped)
    return Proposal(recipe, reasons, left, personal, _missing(recipe), _unknown_words(recipe, values))


def _joined(parts: list[Text | None]) -> Text:
    said = [part for part in parts if part]
    return Text(" ".join(one.th for one in said), " ".join(one.en for one in said))


def _without(recipe: Recipe, personal: tuple[str, ...]) -> Recipe:
    """Leave personal columns out, but for those that a person kept."""
    dropped = tuple(dict.fromkeys((*recipe.dropped, *(one for one in personal if one not in recipe.kept))))
    columns = {role: tuple(one for one in many if one not in dropped) for role, many in recipe.columns.items()}
    return replace(recipe, dropped=dropped, columns={role: many for role, many in columns.items() if many})


def _swapped(recipe: Recipe, values: Mapping[str, Values]) -> list[str]:
    """Return both headings when latitudes stand under longitude and the other way round."""
    north, east = recipe.columns.get("lat", ()), recipe.columns.get("lon", ())
    if north and east and values[north[0]].share(is_lon) >= LEAST and values[east[0]].share(is_lat) >= LEAST:
        return [north[0], east[0]]
    return []


def _missing(recipe: Recipe) -> tuple[str, ...]:
    stated = {*recipe.columns, *recipe.fixed}
    missing = [role for role in required_roles(recipe.target) if role not in stated]
    if recipe.tallies:
        unneeded = {
            "external_id",
            *(("problem",) if recipe.counts else ()),
            *(("reported_on",) if recipe.period else ()),
        }
        missing = [role for role in missing if role not in unneeded]
        missing += [] if stated & set(AREA_ROLES) else ["area_code"]
    if recipe.target == "assets" and not stated & set(POSITION_ROLES):
        missing.append("position")
    if recipe.target == "figures":
        missing += [] if stated & set(AREA_ROLES) else ["area_code"]
        missing += [] if any(role.startswith("indicator:") for role in stated) else ["indicator:…"]
        missing += [] if recipe.period or stated & {"period", "yymm"} else ["period"]
    return tuple(missing)


def _unknown_words(recipe: Recipe, values: Mapping[str, Values]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for role in WORD_ROLES:
        cells = dict.fromkeys(cell for heading in recipe.columns.get(role, ()) for cell in values[heading].cells)
        words = (pair for cell in cells for pair in find_codes(role, cell, recipe.words.get(role)))
        unknown = tuple(dict.fromkeys(word for word, match in words if match.code is None))
        if unknown:
            found[role] = unknown
    return found
