"""Rows of a table of counts into tally rows: one for each area, problem and period, standing for so many cases.

Wide tables have a column for each problem, long ones a row. An id is made of area, problem and period, so that the same
table brought in again changes the numbers.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from boundaries import names
from layers.case_batches import COLUMNS, MORE
from layers.cases import check_external_id, new_id, sensitivity_of
from layers.dates import Precision, fiscal_year
from layers.files.table import Row
from layers.importing import case_values
from layers.importing.case_rows import Batch, CaseReader
from layers.importing.column_tallies import unit_of
from layers.importing.placing import Placed, Stated
from layers.importing.recipes import Recipe, check_tally
from layers.importing.roles import COUNT
from layers.importing.tally import Fault
from layers.places import UNKNOWN


@dataclass(frozen=True)
class Numbers:
    """One column of numbers: its role, its heading, its unit, and the problem it counts (None: each row's own)."""

    role: str
    heading: str
    unit: str
    problem: str | None


class TallyReader(CaseReader):
    """Reads the tally rows of one file as `CaseReader` reads cases; a row of the file is taken whole or refused."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        check_tally(self._recipe)
        self.derived = False
        self._numbers = _numbers(self._recipe)
        own = {one.role: case_values.whole_number(one.heading) for one in self._numbers}
        self._readers = {**self._readers, **own}

    def _chunk(self, rows: Sequence[Row]) -> Batch:
        faults: list[Fault | None] = [None] * len(rows)
        columns: dict[str, list[str]] = {}

        def cells(role: str) -> list[str]:
            if role not in columns:
                columns[role] = self._cells.column(role, rows)
            return columns[role]

        row_numbers = [row.number for row in rows]
        roles = (*SHARED, *(() if self._recipe.counts else ("problem",)), *(one.role for one in self._numbers))
        values = {role: self._read(role, cells(role), faults, self._readers[role]) for role in roles}
        placed, stated = self._placer.place(row_numbers, cells, faults, False, self.tally)
        self._need_areas(placed, faults)
        self._keep_to_areas(placed, faults)
        made: list[dict[str, Any]] = []
        self.ids_not_taken = []
        for place, number in enumerate(row_numbers):
            one = {role: many[place] for role, many in values.items()}
            where = _where(placed, stated[place], place, cells("village_name")[place])
            try:
                if (fault := faults[place]) is not None:
                    raise fault
                made += [cell | {"row_number": number} for cell in self._tally_rows(one, where)]
            except case_values.FAULTS as error:
                self.tally.fault(number, error)
                self.ids_not_taken += self._ids_of(one, where)
        self._count_tallied(made)
        return {name: [row.get(name) for row in made] for name in (*COLUMNS, *MORE)}

    def _need_areas(self, placed: Placed, faults: list[Fault | None]) -> None:
        for place, code in enumerate(placed.areas.area_code):
            if code == UNKNOWN and faults[place] is None:
                faults[place] = case_values.lacking("area_code")

    def _tally_rows(self, one: Mapping[str, Any], where: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """Give a tally row for each number that a row of the file states; an empty cell states none."""
        day, precision = one["reported_on"]
        groups = one["target_groups"]
        for column in self._numbers:
            cases = one[column.role]
            if cases is None:
                continue
            problem = column.problem or one["problem"]
            external_id = _id(one, where, problem)
            check_external_id(external_id)
            yield {
                **where,
                "id": new_id(),
                "external_id": external_id,
                "problem_code": problem,
                "urgency": one["urgency"],
                "status": int(one["status"]) if one["status"] else None,
                "sensitivity": sensitivity_of(problem, groups, ()),
                "reported_on": day,
                "date_precision": precision,
                "cases": cases,
                "weight": cases,
                "counted": one["counted"] or column.unit,
                "target_groups": groups,
                "secondary_problems": (),
            }

    def _ids_of(self, one: Mapping[str, Any], where: Mapping[str, Any]) -> list[str]:
        """Return the ids that a row not taken would have had, as far as it says where, when and which problem."""
        if one["reported_on"] is None or one["target_groups"] is None or where["province_code"] == UNKNOWN:
            return []
        problems = (column.problem or one.get("problem") for column in self._numbers)
        return [_id(one, where, problem) for problem in problems if problem]

    def _count_tallied(self, made: Sequence[Mapping[str, Any]]) -> None:
        for row in made:
            self.tally.matches["stated"] += 1
            self.tally.areas[row["district_code"] or row["province_code"]] += row["cases"]
            self.tally.cases += row["cases"]
        different = {(row["reported_on"], row["date_precision"]) for row in made}
        newest = [case_values.known_until(day, precision) for day, precision in different]
        self.newest = max([*newest, *([self.newest] if self.newest else [])], default=None)


SHARED = ("reported_on", "target_groups", "urgency", "status", "counted")
"""Roles whose cell holds for every number of a row."""


def _numbers(recipe: Recipe) -> tuple[Numbers, ...]:
    """Return the columns of numbers; a unit that nobody states is that of a case."""
    found = []
    for role in recipe.counts or ("cases",):
        heading = recipe.columns[role][0]
        problem = role.removeprefix(COUNT) if role.startswith(COUNT) else None
        found.append(Numbers(role, heading, unit_of(heading) or "case", problem))
    return tuple(found)


def _where(placed: Placed, stated: Stated | None, place: int, village: str) -> dict[str, Any]:
    """Return a row's areas, and the words that tell them in an id: villages of a subdistrict are told apart."""
    areas = placed.areas
    code = (stated.village if stated else None) or areas.area_code[place]
    return {
        "key": "-".join(filter(None, (code, names.key(village)))),
        "stated_code": stated.code or stated.name if stated else None,
        "village_code": stated.village if stated else None,
        "province_code": areas.province_code[place],
        "district_code": areas.district_code[place],
        "subdistrict_code": areas.subdistrict_code[place],
        "area_match": "stated",
    }


def _id(one: Mapping[str, Any], where: Mapping[str, Any], problem: str) -> str:
    """Return the id of a cell: area, problem, period, and the target groups where a table parts its numbers by them."""
    return "-".join(("tally", where["key"], problem, _period(*one["reported_on"]), *one["target_groups"]))


def _period(day: date, precision: Precision) -> str:
    """Write a date as far as it is known, in a form that never changes."""
    if precision == "fiscal":
        return f"fy{fiscal_year(day)}"
    return day.isoformat()[: {"day": 10, "month": 7, "year": 4}[precision]]
