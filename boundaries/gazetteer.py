"""All names of one edition, ready to be found: exactly by any spelling, and by likeness."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist
from sqlalchemy.orm import Session

from boundaries.areas import AreaRecord, list_areas
from boundaries.codes import LEVELS, Level
from boundaries.spelling import Views, canonical, views_of, weigh

BANGKOK = "10"
_NONE: frozenset[str] = frozenset()
_EDITS_LOOKED_AT = 3
"""Names whose letters differ in more places are looked at only when none is nearer."""


@dataclass(frozen=True)
class _Forms:
    """The names of one level side by side: `codes[i]` has the name `views[i]`."""

    codes: tuple[str, ...]
    views: tuple[Views, ...]
    bare: tuple[str, ...]
    places: Mapping[str, Sequence[int]]


class Gazetteer:
    """Names of one edition: Thai, English, and those in use beside them."""

    def __init__(self, areas: Iterable[AreaRecord]) -> None:
        self.areas: Mapping[str, AreaRecord] = {area.code: area for area in areas}
        names: dict[Level, dict[str, set[str]]] = {level: defaultdict(set) for level in LEVELS}
        for code, form in self._names():
            names[self.areas[code].level][form].add(code)
        self._exact = {level: {form: frozenset(codes) for form, codes in of.items()} for level, of in names.items()}
        self._forms: dict[Level, _Forms] = {}
        self._below = _descendants(self.areas)

    def exact(self, level: Level, form: str) -> frozenset[str]:
        """Return the areas of a level that have this name in one of its spellings."""
        return self._exact[level].get(form, _NONE)

    def beginning(self, level: Level, form: str) -> frozenset[str]:
        """Return the areas of a level whose name begins so: for names cut short by ฯ."""
        return frozenset(code for name, of in self._exact[level].items() if name.startswith(form) for code in of)

    def below(self, code: str, level: Level) -> frozenset[str]:
        """Return the areas of a level below an area, with those that were below it once."""
        return self._below.get((code, level), _NONE)

    def near(self, level: Level, forms: Iterable[str], among: Collection[str] | None = None) -> dict[str, float]:
        """Return areas with their distance in letters from the nearest of the forms; `among` None is all of a level."""
        of = self._forms_of(level)
        places: Sequence[int] = range(len(of.codes))
        bare = of.bare
        if among is not None:
            places = sorted(place for code in among for place in of.places.get(code, ()))
            bare = tuple(of.bare[place] for place in places)
        found: dict[str, float] = {}
        for form in forms if places else ():
            for place, distance in _distances(views_of(form), of.views, places, bare):
                code = of.codes[place]
                found[code] = min(distance, found.get(code, distance))
        return found

    def path(self, code: str) -> str:
        """Return the full Thai name of an area with those above it: อำเภอจอมบึง จังหวัดราชบุรี."""
        above = (code[:digits] for digits in range(len(code), 0, -2))
        return " ".join(self.areas[each].full_name_th for each in above if each in self.areas)

    def capital(self, province: str) -> str | None:
        """Return the capital district of a province; Bangkok has none."""
        code = province + "01"
        return code if province != BANGKOK and code in self.areas else None

    def _forms_of(self, level: Level) -> _Forms:
        """Return the names of a level side by side, laid out when first asked for: many files have no damaged name."""
        if level not in self._forms:
            self._forms[level] = _lay_out(self._exact[level])
        return self._forms[level]

    def _names(self) -> Iterator[tuple[str, str]]:
        also = old_names()["also"]
        for code, area in self.areas.items():
            for name in {area.short_name_th, area.name_th, area.name_en, *also.get(code, ())}:
                if form := canonical(name):
                    yield code, form
            capital = self.capital(code) if area.level == "province" else None
            for name in (area.name_th, *also.get(code, ())) if capital else ():
                yield capital or code, ("mueang" if name.isascii() else "เมือง") + canonical(name)


def load_gazetteer(session: Session) -> Gazetteer:
    """Read the names of the active edition; raise NoActiveEdition."""
    return Gazetteer(area for level in LEVELS[1:] for area in list_areas(session, level))


@cache
def old_names() -> Mapping[str, Mapping[str, Any]]:
    """Return names in use beside the official ones, abbreviations, and former provinces."""
    path = Path(__file__).with_name("old_names.yaml")
    table: Mapping[str, Mapping[str, Any]] = yaml.safe_load(path.read_text("utf-8"))
    return table


def _lay_out(names: Mapping[str, Collection[str]]) -> _Forms:
    pairs = [(code, form) for form, codes in names.items() for code in sorted(codes)]
    places: dict[str, list[int]] = defaultdict(list)
    for place, (code, _) in enumerate(pairs):
        places[code].append(place)
    views = tuple(views_of(form) for _, form in pairs)
    return _Forms(tuple(code for code, _ in pairs), views, tuple(view.bare for view in views), places)


def _descendants(areas: Mapping[str, AreaRecord]) -> Mapping[tuple[str, Level], frozenset[str]]:
    formerly = old_names()["formerly"]
    found: dict[tuple[str, Level], set[str]] = defaultdict(set)
    for code, area in areas.items():
        above = [code[:digits] for digits in range(2, len(code), 2)]
        for parent in (*above, *(formerly[each] for each in above if each in formerly)):
            found[parent, area.level].add(code)
    return {key: frozenset(codes) for key, codes in found.items()}


def _distances(
    wanted: Views, names: Sequence[Views], places: Sequence[int], bare: Sequence[str]
) -> Iterator[tuple[int, float]]:
    """Yield the places whose names are near, with their distance; `bare` are the barest views at these places."""
    most = max(_EDITS_LOOKED_AT, len(wanted.bare) // 2)
    edits = _edits(wanted.bare, bare, most)
    near = np.flatnonzero(edits <= min(most, max(_EDITS_LOOKED_AT, int(edits.min()))))
    chosen = [places[each] for each in near.tolist()]
    canonical_edits = _edits(wanted.canonical, [names[place].canonical for place in chosen])
    loose_edits = _edits(wanted.loose, [names[place].loose for place in chosen])
    for place, first, second, third in zip(chosen, canonical_edits, loose_edits, edits[near], strict=True):
        yield place, weigh(int(first), int(second), int(third))


def _edits(wanted: str, names: Sequence[str], most: int | None = None) -> NDArray[np.int32]:
    """Return the edits to each name; `most + 1` stands for all that is more."""
    row: NDArray[np.int32] = cdist([wanted], names, scorer=OSA.distance, score_cutoff=most, dtype=np.int32)[0]
    return row
