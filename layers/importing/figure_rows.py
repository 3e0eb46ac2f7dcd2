"""Rows of a table into figures of areas: one indicator a column, one area a row."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from boundaries.codes import level_of
from boundaries.errors import SocialMapError
from layers import taxonomy
from layers.dates import last_day, month_end, parse_date, parse_yymm
from layers.files.table import Row
from layers.importing import case_values
from layers.importing.amounts import find_amount
from layers.importing.case_rows import Areas
from layers.importing.placing import Placer
from layers.importing.recipes import Recipe
from layers.importing.reports import RefusedRow
from layers.importing.role_cells import RoleCells
from layers.importing.tally import Fault, Tally, UndecidedName, UndecidedWord
from layers.indicators import ObservationValues
from layers.places import UnknownArea

PREFIX = "indicator:"


class UnknownIndicator(SocialMapError):
    """A column that is to be an indicator which is not defined."""

    key = "import.unknown_indicator"


def read_figures(
    rows: Sequence[Row], cells: RoleCells, placer: Placer, recipe: Recipe, areas: Areas, tally: Tally
) -> list[ObservationValues]:
    """Return the observations of all rows that can be taken; `tally` tells of the others."""
    roles = _indicators(cells)
    options = case_values.date_options(recipe.fixed)
    columns = {role: cells.column(role, rows) for role in (*roles, "period", "yymm")}
    faults: list[Fault | None] = [None] * len(rows)
    stated = placer.state(lambda role: cells.column(role, rows), faults)
    split = _split_provinces(faults)
    found: list[ObservationValues] = []
    seen: set[tuple[str, date | None]] = set()
    for place, row in enumerate(rows):
        try:
            one = stated[place]
            fault = faults[place] or (one.undecided if one else None)
            if fault is not None:
                raise fault
            code = (one.code or one.name if one else None) or ""
            if not code:
                raise case_values.lacking("area_code")
            if code[:2] in split and len(code) > 2:
                raise RefusedRow("row.registry_split", code=code)
            if areas is not None and not any(code.startswith(area) for area in areas):
                raise RefusedRow("row.foreign_area", code=code)
            first, last = _days(columns["period"][place], columns["yymm"][place], recipe.period, options)
            made = [
                ObservationValues(role.removeprefix(PREFIX), level_of(code), code, first, last, value)
                for role in roles
                if (value := _amount(columns[role][place], role)) is not None
            ]
            if (code, last) in seen:
                raise RefusedRow("row.province_repeated", value=code)
        except (SocialMapError, UndecidedName, UndecidedWord) as error:
            tally.fault(row.number, error)
            continue
        seen.add((code, last))
        found += made
        tally.matches["stated"] += 1
        tally.areas[code[:4]] += 1
    return found


def _split_provinces(faults: list[Fault | None]) -> set[str]:
    """Return provinces with rows of municipal registration offices, whose people their districts' rows lack.

    Such offices count down from 99 and stand where a district's number stands; which district they lie in is not said.
    Their own rows are refused by a name of their own.
    """
    found = set()
    for place, fault in enumerate(faults):
        code = str(fault.params.get("code", "")) if isinstance(fault, UnknownArea) else ""
        if len(code) >= DISTRICT and code[2:DISTRICT] >= REGISTRIES_FROM:
            found.add(code[:2])
            faults[place] = RefusedRow("row.registry_office", code=code)
    return found


DISTRICT = 4
REGISTRIES_FROM = "70"


def _indicators(cells: RoleCells) -> list[str]:
    roles = cells.roles(PREFIX)
    allowed = taxonomy.indicator_kinds()
    unknown = [role.removeprefix(PREFIX) for role in roles if role.removeprefix(PREFIX) not in allowed]
    if unknown or not roles:
        raise UnknownIndicator(name=", ".join(unknown) or "-", allowed=", ".join(allowed))
    return roles


def _days(period: str, yymm: str, whole: str | None, options: Mapping[str, Any]) -> tuple[date | None, date | None]:
    """Return the first and last day that a figure is about; none when neither row nor person says.

    A stock such as population holds at the end of what is named: a month's last day, a year's.
    """
    if yymm:
        last = month_end(parse_yymm(yymm))
        return last, last
    if not (period or whole):
        return None, None
    last = last_day(*parse_date(period or whole or "", **options))
    return last, last


def _amount(value: str, column: str) -> float | None:
    """Read a number that is not negative; an empty cell or a dash is no figure."""
    if value.strip() in ("", "-", "–", "..", "n/a", "N/A"):
        return None
    number = find_amount(value)
    if number is None or not 0 <= number < float("inf"):
        raise RefusedRow("row.bad_number", column=column, value=value)
    return number
