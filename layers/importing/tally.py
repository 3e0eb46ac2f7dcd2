"""What is counted while a file is read: refused and waiting rows, where cases fall, points for the preview."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from boundaries.datums import TITLES
from boundaries.errors import SocialMapError
from boundaries.matching import Match, Named
from boundaries.messages import Text
from layers.importing.reports import KEPT, NameToDecide, PointSeen, Refused, RefusedRow, Repair, WordToDecide

POINTS = 2_000
"""So many points a preview shows at most."""
DISTINCT = 5_000
"""So many different names, and words, may wait for a decision."""


class UndecidedName(Exception):
    """A row whose area a person must decide."""

    def __init__(self, named: Named, match: Match) -> None:
        self.named, self.match = named, match


class UndecidedWord(Exception):
    """A row with a word that a person must give a code."""

    def __init__(self, role: str, word: str, candidates: tuple[str, ...] = ()) -> None:
        self.role, self.word, self.candidates = role, word, candidates


Fault = SocialMapError | UndecidedName | UndecidedWord


@dataclass
class _Waiting:
    rows: int
    first_row: int
    about: Any


@dataclass
class Tally:
    """Counts of one run; `told` hears every refused or waiting row."""

    told: Callable[[int, Fault], None] | None = None
    rows: int = 0
    refused: list[Refused] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    waiting_rows: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    hidden_rows: int = 0
    matches: Counter[str] = field(default_factory=Counter)
    areas: Counter[str] = field(default_factory=Counter)
    cases: int = 0
    """How many cases the accepted rows stand for."""
    repairs: dict[str, Repair] = field(default_factory=dict)
    odd_rows: int = 0
    """Rows whose coordinates were tried in other ways."""
    repaired_rows: int = 0
    points: list[PointSeen] = field(default_factory=list)
    _names: dict[Named, _Waiting] = field(default_factory=dict)
    _words: dict[tuple[str, str], _Waiting] = field(default_factory=dict)
    _stride: int = 1
    _passed: int = 0

    def fault(self, row: int, fault: Fault) -> None:
        """Count a row that was not taken."""
        if self.told:
            self.told(row, fault)
        if isinstance(fault, UndecidedName):
            self._wait(self._names, fault.named, row, fault.match)
        elif isinstance(fault, UndecidedWord):
            self._wait(self._words, (fault.role, fault.word), row, fault.candidates)
        else:
            self.refuse(row, fault)

    def refuse(self, row: int, error: SocialMapError) -> None:
        """Count a refused row and keep the first ones."""
        self.reasons[error.key] += 1
        if len(self.refused) < KEPT:
            self.refused.append(Refused(row, error.key, error.text))

    def _wait(self, kept: dict[Any, _Waiting], key: Any, row: int, about: Any) -> None:
        if key in kept:
            kept[key].rows += 1
        elif len(kept) < DISTINCT:
            kept[key] = _Waiting(1, row, about)
        else:  # nobody decides so many; and a file must not fill the memory
            self.refuse(row, RefusedRow("row.too_many_unknown", limit=DISTINCT))
            return
        self.waiting_rows += 1

    def offer(self, name: str, words: Text, row: int) -> None:
        """Count a row that another way of reading its coordinates would put into the area it states."""
        known = self.repairs.get(name)
        self.repairs[name] = Repair(name, words, known.rows + 1 if known else 1, known.first_row if known else row)

    def see(self, numbers: Sequence[int], lats: Sequence[float], lons: Sequence[float], matches: Sequence[str]) -> None:
        """Keep some of the points, spread evenly over all that were seen; NaN stands for no point."""
        pointed = [place for place, lat in enumerate(lats) if lat == lat]
        at = -self._passed % self._stride
        while at < len(pointed):
            place = pointed[at]
            self.points.append(PointSeen(numbers[place], lats[place], lons[place], matches[place]))
            if len(self.points) > POINTS:
                self.points = self.points[::2]
                self._stride *= 2
            at += self._stride - (self._passed + at) % self._stride
        self._passed += len(pointed)

    def take_back(self, area: str, match: str, cases: int = 1) -> None:
        """Forget an accepted row, of so many cases, that turned out not to be taken."""
        self.areas[area] -= cases
        self.cases -= cases
        self.matches[match] -= 1

    @property
    def refused_rows(self) -> int:
        """How many rows were refused."""
        return self.reasons.total()

    @property
    def offers(self) -> tuple[Repair, ...]:
        """Repairs worth offering, that of most rows first.

        Systems differ by some hundred metres, which fits here and there by chance: one is offered where it explains
        half of the odd rows.
        """
        found = [one for one in self.repairs.values() if one.name not in TITLES or 2 * one.rows >= self.odd_rows]
        return tuple(sorted(found, key=lambda one: (-one.rows, one.name)))

    @property
    def names(self) -> tuple[NameToDecide, ...]:
        """Names to be decided, those of most rows first."""
        found = [
            NameToDecide(named, one.rows, one.first_row, one.about.candidates, one.about.why)
            for named, one in self._names.items()
        ]
        return tuple(sorted(found, key=lambda one: (-one.rows, one.first_row)))

    @property
    def words(self) -> tuple[WordToDecide, ...]:
        """Words to be decided, those of most rows first."""
        found = [
            WordToDecide(role, word, one.rows, one.first_row, one.about) for (role, word), one in self._words.items()
        ]
        return tuple(sorted(found, key=lambda one: (-one.rows, one.first_row)))
