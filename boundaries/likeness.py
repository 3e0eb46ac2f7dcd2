"""One name against the names of one level: exactly it, sure by likeness, or a person's turn."""

from collections.abc import Mapping
from dataclasses import dataclass

from boundaries.codes import Level
from boundaries.gazetteer import Gazetteer
from boundaries.level_words import forms_of
from boundaries.spelling import tolerance, views_of

GAP = 1.25
"""How many letters farther every other name must lie. What one blow does to a name (a letter lost with its marks) then
never makes another name sure, even if what is stated above is wrong."""
_MARKS_ONLY = 0.5
_SHORTEST_CUT = 3
_PREFERENCE = 1.0
"""How many letters an area where it is stated comes before one elsewhere, in the order of candidates only."""


@dataclass(frozen=True)
class Found:
    """What one name was found to be: `code` only when sure; `distances` of candidates in letters, nearest first."""

    code: str | None
    distances: Mapping[str, float]
    letters: int
    exact: bool = False
    why: str | None = None

    @property
    def score(self) -> float:
        """Return the likeness of the nearest name, 0 to 100."""
        return self.score_of(next(iter(self.distances), None))

    def score_of(self, code: str | None) -> float:
        """Return the likeness of a candidate, 0 to 100."""
        if code is None or code not in self.distances:
            return 0.0
        return round(max(0.0, 100 * (1 - self.distances[code] / self.letters)), 1)


@dataclass(frozen=True)
class Place:
    """Where a name is looked for: the areas it is stated below (None: anywhere), and others it could be taken for."""

    inside: frozenset[str] | None = None
    reach: frozenset[str] | None = None
    """Areas among which a nearer name makes an answer unsure; None: all of the level."""
    fuzzy: bool = True
    """Whether a damaged name may be sure here at all."""
    everywhere: bool = False
    """Whether all areas of the level are as good as stated: provinces lie below nothing."""


def sure(code: str) -> Found:
    """Return what needs no looking: decided by a person, or told by a rule."""
    return Found(code, {code: 0.0}, 1, exact=True)


def unsure(why: str, codes: frozenset[str] | set[str] = frozenset()) -> Found:
    """Return candidates that are all as good."""
    return Found(None, dict.fromkeys(sorted(codes), 0.0), 1, why=why)


def find_exactly(gazetteer: Gazetteer, level: Level, text: str, place: Place) -> Found | None:
    """Return the one area of that name where it is stated, or that there are several; None when there is none."""
    of = named_exactly(gazetteer, level, text)
    here = of if place.inside is None else of & place.inside
    if len(here) == 1:
        return sure(next(iter(here)))
    return unsure("matching.ambiguous", here) if here else None


def find_alike(gazetteer: Gazetteer, level: Level, text: str, place: Place) -> Found:
    """Return the area whose damaged name this must be, or the nearest ones and why none is sure."""
    forms = forms_of(text, level)
    letters = max((len(views_of(form).bare) for form in forms[:1]), default=1)
    elsewhere = named_exactly(gazetteer, level, text)
    reach = place.reach if place.reach is None else place.reach | elsewhere | (place.inside or frozenset())
    distances = gazetteer.near(level, forms, reach)
    distances.update(dict.fromkeys(elsewhere, 0.0))
    inside = distances.keys() if place.inside is None else distances.keys() & place.inside
    ranked = sorted(distances, key=lambda code: (distances[code] - _PREFERENCE * (code in inside), code))
    found = Found(None, {code: distances[code] for code in ranked}, max(letters, 1), why="matching.far")
    best = min(inside, key=lambda code: (distances[code], code), default=None)
    limit = max((tolerance(form, parent=place.everywhere or place.inside is not None) for form in forms), default=0.0)
    if elsewhere and (best is None or distances[best] > _MARKS_ONLY or place.reach is None or elsewhere & place.reach):
        return _because(found, "matching.elsewhere")
    if best is None or distances[best] > limit or not place.fuzzy:
        return found
    if any(distances[code] < distances[best] + GAP for code in distances if code not in (best, *elsewhere)):
        return _because(found, "matching.close")
    return Found(best, {best: distances[best], **found.distances}, found.letters)


def named_exactly(gazetteer: Gazetteer, level: Level, text: str) -> frozenset[str]:
    """Return the areas of a level that a text names exactly, those whose name is cut short by ฯ among them."""
    forms = forms_of(text, level)
    of = frozenset(code for form in forms for code in gazetteer.exact(level, form))
    if text.rstrip(" .").endswith("ฯ") and len(forms[0]) >= _SHORTEST_CUT:
        of |= gazetteer.beginning(level, forms[0])
    return of


def _because(found: Found, why: str) -> Found:
    return Found(None, found.distances, found.letters, why=why)
