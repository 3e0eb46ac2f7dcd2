"""Rows of a file into columns of cases: read a chunk at a time and column by column, since most cells repeat."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any

from boundaries.areas import AreaIndex
from boundaries.errors import SocialMapError
from boundaries.matching import Matcher
from layers.cases import LONGEST_ID, check_external_id, new_ids, sensitivity_of
from layers.files.table import FileTable, Row
from layers.importing import case_values
from layers.importing.placing import Placed, Placer, Stated
from layers.importing.recipes import PLACEHOLDER, Recipe, fill
from layers.importing.reports import RefusedRow
from layers.importing.role_cells import RoleCells
from layers.importing.tally import Fault, Tally, UndecidedWord
from layers.places import UNKNOWN

CHUNK = 50_000
TOLD_EVERY = 1_000
REMEMBERED = 100_000
"""So many different cells of a column are remembered with what they mean."""

Progress = Callable[[int], None]
Batch = dict[str, list[Any]]
Areas = frozenset[str] | None
"""Codes of the areas whose cases may come in; None for all."""


class CaseReader:
    """Reads the cases of one file; `tally` tells what became of its rows, `newest` the last day they are about."""

    def __init__(
        self,
        table: FileTable,
        recipe: Recipe,
        index: AreaIndex,
        known: frozenset[str],
        matcher: Matcher,
        areas: Areas = None,
        told: Callable[[int, Fault], None] | None = None,
    ) -> None:
        self._table, self._recipe, self._areas = table, recipe, areas
        self._cells = RoleCells(table, recipe)
        self._placer = Placer(
            index, known, matcher, self._cells, recipe.asked.crs or table.detected.crs, recipe.repairs
        )
        self._meanings: dict[str, dict[Any, Any]] = {}
        self._wrong: dict[str, dict[Any, Fault]] = {}
        self._readers: Mapping[str, Callable[[str], Any]] = _readers(recipe)
        self.derived = not self._cells.has("external_id")
        """Whether ids are made of what the rows say."""
        self.tally = Tally(told=told)
        self.newest: date | None = None
        self.ids_not_taken: list[str] = []
        """Ids of the rows of the last batch that were not taken."""

    def batches(self, progress: Progress = lambda rows: None) -> Iterator[Batch]:
        """Give the accepted rows as batches of `layers.case_batches`, with the number of each row."""
        records = self._records(progress)
        while rows := list(islice(records, CHUNK)):
            yield self._chunk(rows)

    def _records(self, progress: Progress) -> Iterator[Row]:
        for row in self._table.rows():
            if row.kind in ("data", "hidden"):
                self.tally.rows += 1
                self.tally.hidden_rows += row.kind == "hidden"
                if self.tally.rows % TOLD_EVERY == 0:
                    progress(self.tally.rows)
                yield row
            else:
                self.tally.left_out[row.kind] += 1

    def _chunk(self, rows: Sequence[Row]) -> Batch:
        faults: list[Fault | None] = [None] * len(rows)
        columns: dict[str, list[str]] = {}

        def cells(role: str) -> list[str]:
            if role not in columns:
                columns[role] = self._cells.column(role, rows)
            return columns[role]

        ids = self._ids(rows, cells, faults)
        values = {name: self._read(name, cells(name), faults, read) for name, read in self._readers.items()}
        numbers = [row.number for row in rows]
        placed, stated = self._placer.place(numbers, cells, faults, self._recipe.lenient, self.tally)
        levels = self._levels(values, faults)
        self._keep_to_areas(placed, faults)
        return self._batch(numbers, ids, values, levels, placed, stated, faults)

    def _ids(self, rows: Sequence[Row], cells: Callable[[str], list[str]], faults: list[Fault | None]) -> list[str]:
        pattern = self._recipe.fixed.get("external_id")
        if pattern:
            roles = [name for name in dict.fromkeys(PLACEHOLDER.findall(pattern)) if name[0] != "row"]
            names = [name for name, _ in roles]
            made = zip(*(cells(name) for name in names), strict=True) if names else iter([()] * len(rows))
            ids = [
                fill(pattern, row.number, dict(zip(names, one, strict=True)))
                for row, one in zip(rows, made, strict=True)
            ]
        elif self.derived:
            told = [cells(role) for role in DERIVED]
            return [case_values.derived_id(parts) for parts in zip(*told, strict=True)]
        else:
            ids = cells("external_id")
        if all(ids) and max(map(len, ids)) <= LONGEST_ID:
            return ids
        for place, value in enumerate(ids):
            try:
                check_external_id(case_values.required(value, "external_id"))
            except SocialMapError as error:
                faults[place] = error
        return ids

    def _read(
        self, name: str, cells: Sequence[Any], faults: list[Fault | None], read: Callable[[Any], Any]
    ) -> list[Any]:
        """Read a column, each different cell once; what is wrong with one is kept as its row's fault."""
        meanings, wrong = self._meanings.setdefault(name, {}), self._wrong.setdefault(name, {})
        if len(meanings) > REMEMBERED:
            meanings.clear()
            wrong.clear()
        different = set(cells)
        for cell in different - meanings.keys():
            meanings[cell] = None
            try:
                meanings[cell] = read(cell)
            except (SocialMapError, UndecidedWord) as error:
                wrong[cell] = error
        if wrong and not wrong.keys().isdisjoint(different):
            for place, cell in enumerate(cells):
                if cell in wrong:
                    faults[place] = faults[place] or wrong[cell]
        return [meanings[cell] for cell in cells]

    def _levels(self, values: Mapping[str, list[Any]], faults: list[Fault | None]) -> list[str]:
        """Return how secret each case is, and check what only a whole row can tell."""
        names = ("problem", "target_groups", "secondary_problems", "status", "close_reason")
        whole = list(zip(*(values[name] for name in names), strict=True))
        if any(faults):  # what is wrong already is not read as a whole
            whole = [UNREAD if fault else one for one, fault in zip(whole, faults, strict=True)]
        return self._read("level", whole, faults, _level)

    def _keep_to_areas(self, placed: Placed, faults: list[Fault | None]) -> None:
        if self._areas is None:
            return
        for place, code in enumerate(placed.areas.area_code):
            if faults[place] is None and not any(code.startswith(area) for area in self._areas):
                faults[place] = RefusedRow("row.foreign_area", code=code)

    def _batch(
        self,
        numbers: Sequence[int],
        ids: Sequence[str],
        values: Mapping[str, list[Any]],
        levels: Sequence[str],
        placed: Placed,
        stated: Sequence[Stated | None],
        faults: Sequence[Fault | None],
    ) -> Batch:
        kept = [place for place, fault in enumerate(faults) if fault is None]
        for place, fault in enumerate(faults):
            if fault is not None:
                self.tally.fault(numbers[place], fault)
        self.ids_not_taken = [ids[place] for place, fault in enumerate(faults) if fault is not None and ids[place]]
        everything = len(kept) == len(faults)

        def take(column: Sequence[Any]) -> list[Any]:
            return list(column) if everything else [column[place] for place in kept]

        areas, days, states = placed.areas, take(values["reported_on"]), take(stated)
        lats, lons = take(placed.lats.tolist()), take(placed.lons.tolist())
        accuracies = zip(take(values["accuracy_m"]), lats, strict=True)
        batch: Batch = {
            "id": new_ids(len(kept)),
            "external_id": take(ids),
            "problem_code": take(values["problem"]),
            "urgency": take(values["urgency"]),
            "status": [int(one) if one else None for one in take(values["status"])],
            "close_reason": take(values["close_reason"]),
            "sensitivity": take(levels),
            "reported_on": [day for day, _ in days],
            "date_precision": [precision for _, precision in days],
            "weight": take(values["weight"]),
            "counted": [one or "case" for one in take(values["counted"])],
            "lon": lons,
            "lat": lats,
            "accuracy_m": [accuracy if lat == lat else None for accuracy, lat in accuracies],  # NaN: no point
            "stated_code": [one.code or one.name if one else None for one in states],
            "village_code": [one.village if one else None for one in states],
            "province_code": take(areas.province_code.tolist()),
            "district_code": take(areas.district_code.tolist()),
            "subdistrict_code": take(areas.subdistrict_code.tolist()),
            "area_match": take(areas.area_match.tolist()),
            "target_groups": take(values["target_groups"]),
            "secondary_problems": take(values["secondary_problems"]),
            "row_number": take(numbers),
        }
        self._count(batch)
        return batch

    def _count(self, batch: Batch) -> None:
        self.tally.matches.update(batch["area_match"])
        codes = zip(batch["district_code"], batch["province_code"], strict=True)
        self.tally.areas.update([district or province or UNKNOWN for district, province in codes])
        self.tally.cases += len(batch["id"])
        self.tally.see(batch["row_number"], batch["lat"], batch["lon"], batch["area_match"])
        different = set(zip(batch["reported_on"], batch["date_precision"], strict=True))
        newest = [case_values.known_until(day, precision) for day, precision in different]
        self.newest = max([*newest, *([self.newest] if self.newest else [])], default=None)


UNREAD = ()
"""Stands for a row that is not taken, whatever else it says."""

DERIVED = (
    "problem", "reported_on", "area_code", "province_code", "district_code", "subdistrict_code", "village_code",
    "province_name", "district_name", "subdistrict_name", "village_name", "lat", "lon", "position", "x", "y",
)  # fmt: skip
"""What an id is made of where a file has none: what a later file about the same case says again."""


def _readers(recipe: Recipe) -> Mapping[str, Callable[[str], Any]]:
    one, many = ("urgency", "status", "close_reason", "counted"), ("target_groups", "secondary_problems")
    return {
        "problem": _problem(recipe),
        "reported_on": case_values.day_of(case_values.date_options(recipe.fixed), recipe.period),
        **{role: case_values.one_word(role, recipe.words.get(role, {})) for role in one},
        **{role: case_values.many_words(role, recipe.words.get(role, {})) for role in many},
        "weight": case_values.number("weight", 1.0),
        "accuracy_m": case_values.number("accuracy_m", None),
    }


def _problem(recipe: Recipe) -> Callable[[str], str]:
    read = case_values.one_word("problem", recipe.words.get("problem", {}))

    def required(value: str) -> str:
        return case_values.required(read(case_values.required(value, "problem_code")) or "", "problem_code")

    return required


def _level(whole: tuple[Any, ...]) -> str:
    if whole == UNREAD:
        return "L3"
    problem, groups, secondary, status, reason = whole
    case_values.check_whole(problem, groups, secondary, status, reason)
    return sensitivity_of(problem, groups, secondary)
