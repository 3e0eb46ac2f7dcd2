"""The attacker that every release must survive.

It knows the rules and the rounding, writes down everything an audience can fetch as one linear system – each printed
label is an interval, each total a sum of its parts – and asks for the least and the greatest number that each hidden
cell can have. Tables of two ways with totals are networks, so that bounds of the linear program are whole numbers.
Solved by HiGHS, which keeps a program between questions: from the corner where the last one ended the next is near.

Method: bounds by linear programming for tabular data, M. Fischetti and J.-J. Salazar-González, "Solving the cell
suppression problem on tabular data with linear constraints", Management Science 47 (2001), 1008–1027.
"""

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.figures import Floats

Places = NDArray[np.int64]
Flags = NDArray[np.bool_]
Name = tuple[str, ...]
"""What a cell or total is called: table, area, key."""

CLOSE = 1e-6


@dataclass(frozen=True)
class Narrowed:
    """A hidden cell with whole bounds tighter than its label says; `totals` are those that press on it."""

    cell: Name
    least: float
    greatest: float
    totals: tuple[Name, ...]

    @property
    def recovered(self) -> bool:
        """Whether its number is known."""
        return self.least == self.greatest


@dataclass
class System:
    """Cells between bounds, and totals between bounds that are sums of cells."""

    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    cells: dict[Name, int] = field(default_factory=dict)
    hidden: list[int] = field(default_factory=list)
    totals: list[tuple[Name, Places, float, float]] = field(default_factory=list)

    def cell(self, name: Name, low: float, high: float, *, hidden: bool = False) -> int:
        """Add a cell, or narrow one that is known already to both statements; return its place."""
        if name in self.cells:
            place = self.cells[name]
            self.low[place], self.high[place] = max(self.low[place], low), min(self.high[place], high)
            return place
        self.cells[name] = len(self.low)
        self.low.append(low)
        self.high.append(high)
        if hidden:
            self.hidden.append(self.cells[name])
        return self.cells[name]

    def total(self, name: Name, parts: Iterable[int], low: float, high: float) -> None:
        """Add a total of cells; one that says nothing is left away."""
        if low > 0 or np.isfinite(high):
            self.totals.append((name, np.fromiter(parts, dtype=np.int64), low, high))

    def parts(self) -> "list[System]":
        """Return the components, which no total ties together, as systems of their own."""
        program = _Program(self) if self.totals else None
        if program is None:
            return []
        names, hidden = list(self.cells), set(self.hidden)
        made = {int(number): System() for number in np.unique(program.component)}
        for place, name in enumerate(names):
            part = made[int(program.component[place])]
            part.cell(name, self.low[place], self.high[place], hidden=place in hidden)
        for total, members, low, high in self.totals:
            if len(members):
                part = made[int(program.component[members[0]])]
                part.total(total, [part.cells[names[place]] for place in members], low, high)
        return list(made.values())


class Contradiction(Exception):
    """No numbers fit what is printed: an assumption of the attacker is wrong."""


def attack(system: System) -> list[Narrowed]:
    """Return the hidden cells that the system narrows. Raises Contradiction.

    A program minimises the sum of all cells whose lower end is not yet witnessed: those found at their label's end are
    free. Most are after a few programs of the whole system. Of what is left each component, which no total ties to
    another, is worked on alone, and there a cell that no sum brings to its end is asked for alone. Then the same for
    the upper ends.
    """
    if not system.hidden or not system.totals:
        return []
    whole = _Program(system)
    found: dict[int, _Bound] = {}
    for sign in (1, -1):
        todo = _unwitnessed(system, sign)
        for _ in range(AT_ONCE):
            if todo.size:
                todo = todo[~whole.witnessed(todo, sign)[0]]
        for part in np.unique(whole.component[todo]):
            cells = todo[whole.component[todo] == part]
            _bound(whole.part(part), cells, sign, found)
    names = {place: name for name, place in system.cells.items()}
    return [
        Narrowed(
            names[place],
            float(np.ceil(one.low - CLOSE)),
            float(np.floor(one.high + CLOSE)),
            tuple(system.totals[number][0] for number in sorted(one.pressing)),
        )
        for place, one in sorted(found.items())
    ]


AT_ONCE = 3
"""Programs of the whole system before its components are looked at one by one."""


@dataclass
class _Bound:
    low: float
    high: float
    pressing: set[int] = field(default_factory=set)


def _unwitnessed(system: System, sign: int) -> Places:
    ends = np.array(system.low if sign > 0 else system.high)
    places = np.array(system.hidden)
    return places[np.isfinite(ends[places])]


def _bound(program: "_Program", todo: Places, sign: int, found: dict[int, _Bound]) -> None:
    alone = False
    while todo.size:
        free, values, pressing = program.witnessed(todo[:1] if alone else todo, sign, todo)
        if alone and not free[0]:
            place = int(todo[0])
            low, high = program.bounds[place]
            one = found.setdefault(place, _Bound(low, high))
            one.low, one.high = (values[place], one.high) if sign > 0 else (one.low, values[place])
            one.pressing |= pressing
            free[0] = True
        alone = alone or not free.any()
        todo = todo[~free]


class _Program:
    """The system as HiGHS takes it: every total is a row between its bounds."""

    def __init__(self, system: System) -> None:
        from scipy import sparse

        count = len(system.totals)
        rows = np.repeat(np.arange(count), [len(parts) for _, parts, _, _ in system.totals])
        columns = np.concatenate([parts for _, parts, _, _ in system.totals])
        self.sums = sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(count, len(system.low)))
        self.low = np.array([low for _, _, low, _ in system.totals])
        self.high = np.array([high for _, _, _, high in system.totals])
        self.bounds = np.column_stack([system.low, system.high])
        self.numbers = np.arange(count)
        self.places = np.arange(len(system.low))
        self.component = _components(self.sums)

    def part(self, component: int) -> "_Program":
        """Return the program of one component; cells keep their places."""
        made = copy(self)
        made.__dict__.pop("solver", None)
        made.places = np.flatnonzero(self.component == component)
        touched = np.zeros(len(self.bounds))
        touched[made.places] = 1
        made.numbers = np.flatnonzero(self.sums @ touched)
        made.sums = self.sums[made.numbers][:, made.places]
        made.low, made.high = self.low[made.numbers], self.high[made.numbers]
        return made

    @cached_property
    def solver(self) -> Any:
        """HiGHS with the program in it; it keeps the corner where it was last."""
        import highspy

        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = len(self.places), len(self.numbers)
        program.col_cost_ = np.zeros(len(self.places))
        program.col_lower_, program.col_upper_ = self.bounds[self.places].T
        program.row_lower_, program.row_upper_ = self.low, self.high
        program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        program.a_matrix_.start_, program.a_matrix_.index_ = self.sums.indptr, self.sums.indices
        program.a_matrix_.value_ = self.sums.data
        made = highspy.Highs()
        for option, value in (("output_flag", False), ("threads", 1), ("solver", "simplex")):
            made.setOptionValue(option, value)
        made.passModel(program)
        return made

    def witnessed(self, asked: Places, sign: int, cells: Places | None = None) -> tuple[Flags, Floats, set[int]]:
        """Minimise (sign 1) or maximise (-1) the sum of the cells asked for.

        Returns which of `cells` (those asked for when None) are at their end, all values by place, and the totals that
        press on them.
        """
        from highspy import HighsModelStatus

        aim = np.zeros(len(self.bounds))
        aim[asked] = sign
        self.solver.changeColsCost(len(self.places), np.arange(len(self.places), dtype=np.int32), aim[self.places])
        self.solver.run()
        status = self.solver.getModelStatus()
        if status == HighsModelStatus.kInfeasible:
            raise Contradiction
        if status != HighsModelStatus.kOptimal:
            raise RuntimeError(f"HiGHS: {self.solver.modelStatusToString(status)}")
        solved = self.solver.getSolution()
        values = np.full(len(self.bounds), np.nan)
        values[self.places] = solved.col_value
        pressing = self.numbers[np.abs(np.asarray(solved.row_dual)) > CLOSE]
        cells = asked if cells is None else cells
        ends = self.bounds[cells, 0 if sign > 0 else 1]
        return np.abs(values[cells] - ends) < CLOSE, values, set(pressing.tolist())


def _components(sums: Any) -> Places:
    """Number the cells by the component of cells and totals that they belong to."""
    from scipy import sparse
    from scipy.sparse.csgraph import connected_components

    whole = sparse.bmat([[None, sums.T], [sums, None]])
    labels: Places = connected_components(whole, directed=False)[1]
    return labels[: sums.shape[1]]


def summary(narrowed: Sequence[Narrowed]) -> dict[str, int]:
    """Count what an attack found."""
    return {"narrowed": len(narrowed), "recovered": sum(one.recovered for one in narrowed)}
