"""Every district and province, damaged in every way, with its parent right, missing and wrong: never silently wrong.

A damaged name that is by chance exactly another area's name there (แม่จริม without จ is แม่ริม) names that other area;
such cases are counted apart and must be few. Names that several areas share are ambiguous by nature.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from random import Random

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from boundaries.areas import AreaRecord
from boundaries.gazetteer import Gazetteer, load_gazetteer
from boundaries.level_words import forms_of
from boundaries.matching import Match, Matcher, Named
from tests.boundaries.mutations import LIGHT, MUTATIONS, in_english, with_words
from tests.scopes import SYSTEM

pytestmark = pytest.mark.shared

Print = Callable[[str], None]
Operators = dict[str, Callable[[AreaRecord], Iterator[str]]]


@pytest.fixture(scope="module")
def gazetteer(thailand_engine: Engine) -> Gazetteer:
    """All names of the real boundaries."""
    with Session(thailand_engine.execution_options(scope=SYSTEM)) as session:
        return load_gazetteer(session)


@pytest.fixture(scope="module")
def matcher(gazetteer: Gazetteer) -> Matcher:
    """Their matcher, without decisions."""
    return Matcher(gazetteer)


@pytest.fixture
def show(capsys: pytest.CaptureFixture[str]) -> Print:
    """Print past the capture: the shares are to be seen in every run."""

    def say(line: str) -> None:
        with capsys.disabled():
            print(line)

    return say


def _operators(*names: str) -> Operators:
    chosen: Operators = {}
    for each in names or MUTATIONS:
        chosen[each] = lambda area, mutate=MUTATIONS[each]: mutate(area.name_th)  # type: ignore[misc]
    chosen["word of level"] = lambda area: with_words(area.name_th, area.level, area.code.startswith("10"))
    chosen["English"] = lambda area: in_english(area.name_en, area.level)
    return chosen


def _some(damaged: Iterable[str], count: int | None, turn: int) -> list[str]:
    """Return `count` of the damaged names, others for each area so that every place has its turn; None: all."""
    every = list(dict.fromkeys(damaged))
    if count is None or len(every) <= count:
        return every
    return list(islice((every[(turn + step * 7) % len(every)] for step in range(len(every))), count))


class Tally:
    """What became of the damaged names of each operator."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self.counts: dict[str, Counter[str]] = {}
        self.wrong: list[tuple[str, Named, str, Match]] = []

    def add(self, operator: str, named: Named, damaged: str, area: AreaRecord, match: Match) -> None:
        """Count one answer."""
        count = self.counts.setdefault(operator, Counter())
        exact = {code for form in forms_of(damaged, area.level) for code in self.gazetteer.exact(area.level, form)}
        if match.state != "sure":
            kind = match.state
        elif match.code == area.code:
            kind = "right"
        else:
            kind = "another's name" if match.code in exact else "WRONG"
        if kind == "WRONG" or match.state == "nothing":
            self.wrong.append((operator, named, area.code, match))
        if len(exact & self._near(named, exact)) < 2:
            count["clear"] += 1
            count["first"] += bool(match.candidates) and match.candidates[0].code == area.code
        count[kind] += 1
        count["all"] += 1

    def _near(self, named: Named, exact: set[str]) -> set[str]:
        """Return those of the exact names that lie where the row says."""
        if named.province is None:
            return exact
        provinces = {
            code for form in forms_of(named.province, "province") for code in self.gazetteer.exact("province", form)
        }
        return {code for code in exact if code[:2] in provinces}

    def total(self) -> Counter[str]:
        """Return the sums over all operators."""
        return sum(self.counts.values(), Counter())

    def report(self, title: str, show: Print) -> None:
        """Print the shares of each operator."""
        show(f"\n{title:38}{'names':>8}{'right %':>9}{'review %':>10}{'other':>7}{'wrong':>7}{'first %':>9}")
        for operator, count in [*self.counts.items(), ("all", self.total())]:
            shares = (100 * count["right"] / count["all"], 100 * count["review"] / count["all"])
            first = 100 * count["first"] / max(count["clear"], 1)
            show(
                f"  {operator:36}{count['all']:8}{shares[0]:9.2f}{shares[1]:10.2f}"
                f"{count[OTHERS]:7}{count['WRONG']:7}{first:9.2f}"
            )


OTHERS = "another's name"


def _areas(gazetteer: Gazetteer, level: str) -> list[AreaRecord]:
    return [area for area in gazetteer.areas.values() if area.level == level]


def _wrong_province(gazetteer: Gazetteer, area: AreaRecord, damaged: str, random: Random) -> str:
    """Return a province in which the damaged name looks at home though its area lies elsewhere, or any other."""
    near = gazetteer.near("district", forms_of(damaged, "district")) if random.random() < 0.5 else {}
    elsewhere = [code for code in near if code[:2] != area.code[:2]]
    if elsewhere:
        return gazetteer.areas[min(elsewhere, key=lambda code: (near[code], code))[:2]].name_th
    others = [each for each in _areas(gazetteer, "province") if each.code != area.code[:2]]
    return random.choice(others).name_th


SOME = 4
"""Every so many-th district in `make test`, all of them in the proof."""


@pytest.mark.parametrize(
    ("every", "step"), [(1, SOME), pytest.param(None, 1, marks=pytest.mark.proof)], ids=["some", "all"]
)
@pytest.mark.parametrize("parent", ["right", "missing", "wrong"])
def test_districts(
    gazetteer: Gazetteer, matcher: Matcher, show: Print, parent: str, every: int | None, step: int
) -> None:
    random = Random(2568)
    tally = Tally(gazetteer)
    for operator, mutate in _operators().items():
        for turn, area in enumerate(_areas(gazetteer, "district")[::step]):
            for damaged in _some(mutate(area), every, turn):
                province: str | None = gazetteer.areas[area.code[:2]].name_th
                if parent != "right":
                    province = None if parent == "missing" else _wrong_province(gazetteer, area, damaged, random)
                named = Named(province, damaged)
                tally.add(operator, named, damaged, area, matcher.match(named))
    tally.report(f"districts, province {parent}", show)
    total = tally.total()
    assert tally.wrong == []
    assert total["all"] == total["right"] + total["review"] + total[OTHERS]
    if parent == "right":
        assert total["first"] / total["clear"] >= 0.995
        assert total["right"] / total["all"] >= 0.88
        assert total[OTHERS] <= total["all"] * 0.0005
    if parent == "missing":
        assert total[OTHERS] <= total["all"] * 0.0005
    if parent == "wrong":
        # Where the name exists under the wrong province too, the row says nothing that contradicts it.
        assert total[OTHERS] <= total["all"] * 0.01


def test_provinces(gazetteer: Gazetteer, matcher: Matcher, show: Print) -> None:
    tally = Tally(gazetteer)
    for operator, mutate in _operators().items():
        for area in _areas(gazetteer, "province"):
            for damaged in _some(mutate(area), None, 0):
                named = Named(damaged)
                tally.add(operator, named, damaged, area, matcher.match(named))
    tally.report("provinces", show)
    total = tally.total()
    assert tally.wrong == []
    assert total[OTHERS] == 0
    assert total["first"] / total["clear"] >= 0.995
    assert total["right"] / total["all"] >= 0.88


@pytest.mark.parametrize("step", [SOME, pytest.param(1, marks=pytest.mark.proof)], ids=["some", "all"])
def test_districts_under_a_damaged_province(gazetteer: Gazetteer, matcher: Matcher, show: Print, step: int) -> None:
    tally = Tally(gazetteer)
    for operator, mutate in _operators().items():
        for turn, area in enumerate(_areas(gazetteer, "district")[::step]):
            for province in _some(mutate(gazetteer.areas[area.code[:2]]), 1, turn):
                named = Named(province, area.name_th)
                tally.add(operator, named, area.name_th, area, matcher.match(named))
    tally.report("districts, province damaged", show)
    assert tally.wrong == []
    assert tally.total()[OTHERS] == 0


@pytest.mark.parametrize(
    ("parent", "step"),
    [
        ("right", 24),
        ("district damaged", 24),
        ("province only", 24),
        pytest.param("right", 1, marks=pytest.mark.proof),
        pytest.param("district damaged", 1, marks=pytest.mark.proof),
        pytest.param("province only", 1, marks=pytest.mark.proof),
    ],
)
def test_subdistricts(gazetteer: Gazetteer, matcher: Matcher, show: Print, parent: str, step: int) -> None:
    tally = Tally(gazetteer)
    damage = _operators()
    for operator, mutate in _operators(*LIGHT).items():
        for turn, area in enumerate(_areas(gazetteer, "subdistrict")[::step]):
            above = gazetteer.areas[area.code[:4]]
            district: str | None = above.name_th if parent == "right" else None
            if parent == "district damaged":
                district = next(iter(_some(damage["letter dropped"](above), 1, turn)), above.name_th)
            for damaged in _some(mutate(area), 1, turn):
                named = Named(gazetteer.areas[area.code[:2]].name_th, district, damaged)
                tally.add(operator, named, damaged, area, matcher.match(named))
    tally.report(f"subdistricts, parents: {parent}", show)
    assert tally.wrong == []
    assert tally.total()[OTHERS] <= tally.total()["all"] * 0.0005
    assert tally.total()["right"] / tally.total()["all"] >= (0.92 if parent == "right" else 0.75)
