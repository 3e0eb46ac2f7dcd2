"""The words of the domain: problems, target groups, urgency, status, sensitivity, units and indicators.

They live in `taxonomy/*.yaml`, are versioned together and are looked up by code.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from boundaries.errors import SocialMapError
from boundaries.messages import Text
from boundaries.yaml_files import read_yaml

FOLDER = Path(__file__).parent / "taxonomy"

Sensitivity = Literal["L0", "L1", "L2", "L3"]
Counted = Literal["case", "person", "household", "service"]

NEW, REFERRED, CLOSED, REOPENED, MERGED, NO_CASE, NOT_ELIGIBLE = 10, 60, 80, 81, 90, 91, 92
"""Statuses that have a rule of their own."""
OVER = (CLOSED, MERGED, NO_CASE)
"""No visit is due any more, no team is missing. Not so where somebody is not eligible: nothing waits for this office,
yet a step leads on, to another agency or to the closing, and what was planned is still to be done."""
ENDED = (*OVER, NOT_ELIGIBLE)
"""Nothing waits for this office: out of the queue and of the phone, the period of retention runs."""
MERGEABLE = (NEW, 20, 30)
"""From these a case may become a duplicate: later somebody has worked on it too far to be left."""


class UnknownProblem(SocialMapError):
    """A problem code that the taxonomy does not hold."""

    key = "error.unknown_problem"


class UnknownTargetGroup(SocialMapError):
    """A target group code that the taxonomy does not hold."""

    key = "error.unknown_target_group"


@dataclass(frozen=True)
class Problem:
    """A category (`P01`) or subtype (`P01.01`) of social problems."""

    code: str
    id: str
    th: str
    en: str
    short_th: str
    sensitivity: Sensitivity
    map: Literal["P", "A"]
    colour: str
    glyph: str
    denominator: str
    direction: Literal["worse", "neutral"]
    lead_agencies: tuple[str, ...]
    counted: Counted
    weight_counted: Counted
    weight_title: Text | None

    @property
    def category(self) -> str:
        """The code of its category; its own for a category."""
        return self.code[:3]

    @property
    def may_lead(self) -> bool:
        """Whether it may be named an area's leading problem: never L3, and "other" names nothing."""
        return self.sensitivity != "L3" and self.category != "P16"


@dataclass(frozen=True)
class TargetGroup:
    """A group of people that welfare is meant for."""

    code: str
    id: str
    th: str
    en: str
    definition: str
    sensitivity: Sensitivity


@dataclass(frozen=True)
class Urgency:
    """How soon a case needs a person."""

    code: str
    id: str
    th: str
    en: str
    rule_th: str
    rule_en: str
    colour: str
    shape: str


@dataclass(frozen=True)
class Status:
    """A step of a case's way, and the steps allowed from it."""

    code: int
    id: str
    th: str
    en: str
    next: tuple[int, ...]
    counts: bool = True
    """Whether a case of this status stands in figures, maps and lists of open work."""


@dataclass(frozen=True)
class IndicatorKind:
    """A defined measure of areas: a count, or a share made of two counts."""

    id: str
    th: str
    en: str
    unit_th: str
    unit_en: str
    kind: Literal["count", "share"]
    direction: Literal["worse", "better", "neutral"]
    numerator: str | None = None
    denominator: str | None = None
    factor: int = 1

    @property
    def title(self) -> Text:
        """Its name."""
        return Text(self.th, self.en)

    @property
    def unit(self) -> Text:
        """Its unit."""
        return Text(self.unit_th, self.unit_en)


@cache
def _read(name: str) -> Mapping[str, Any]:
    content: dict[str, Any] = read_yaml(FOLDER / f"{name}.yaml")
    return MappingProxyType(content)


@cache
def problems() -> Mapping[str, Problem]:
    """Return all problems by code, each category followed by its subtypes."""
    made: dict[str, Problem] = {}
    for code, words in _read("problems")["problems"].items():
        common = {key: words[key] for key in ("map", "colour", "glyph", "denominator", "direction")}
        common["lead_agencies"] = tuple(words["lead_agencies"])
        made[code] = _problem(code, {**words, **common}, words["short_th"], words["sensitivity"])
        for subcode, subwords in words["subtypes"].items():
            sensitivity = subwords.get("sensitivity", words["sensitivity"])
            made[subcode] = _problem(subcode, {**common, **subwords}, subwords["th"], sensitivity)
    return MappingProxyType(made)


def _problem(code: str, words: Mapping[str, Any], short_th: str, sensitivity: Sensitivity) -> Problem:
    weight = words.get("weight")
    return Problem(
        code=code,
        id=words["id"],
        th=words["th"],
        en=words["en"],
        short_th=short_th,
        sensitivity=sensitivity,
        map=words["map"],
        colour=words["colour"],
        glyph=words["glyph"],
        denominator=words["denominator"],
        direction=words["direction"],
        lead_agencies=words["lead_agencies"],
        counted="case",
        weight_counted=weight["counted"] if weight else "person",
        weight_title=Text(weight["th"], weight["en"]) if weight else None,
    )


def get_problem(code: str) -> Problem:
    """Return one problem, or raise UnknownProblem."""
    try:
        return problems()[code]
    except KeyError:
        raise UnknownProblem(code=code, last="P16") from None


def categories() -> tuple[str, ...]:
    """Return the codes of the categories, P01 first."""
    return tuple(code for code in problems() if len(code) == 3)


@cache
def secret_categories() -> tuple[str, ...]:
    """Return the categories of level L3."""
    return tuple(code for code in categories() if problems()[code].sensitivity == "L3")


@cache
def target_groups() -> Mapping[str, TargetGroup]:
    """Return all target groups by code."""
    rows = _read("target_groups")["target_groups"]
    return MappingProxyType({code: TargetGroup(code=code, **words) for code, words in rows.items()})


def get_target_group(code: str) -> TargetGroup:
    """Return one target group, or raise UnknownTargetGroup."""
    try:
        return target_groups()[code]
    except KeyError:
        raise UnknownTargetGroup(code=code) from None


@cache
def urgencies() -> Mapping[str, Urgency]:
    """Return the four urgencies by code, U1 first."""
    rows = _read("urgencies")["urgencies"]
    return MappingProxyType({code: Urgency(code=code, **words) for code, words in rows.items()})


@cache
def statuses() -> Mapping[int, Status]:
    """Return all statuses by code."""
    rows = _read("statuses")["statuses"]
    return MappingProxyType(
        {code: Status(code=code, **{**words, "next": tuple(words["next"])}) for code, words in rows.items()}
    )


@cache
def uncounted() -> tuple[int, ...]:
    """Return the statuses that are no case in any figure: merged into another, or never one."""
    return tuple(code for code, status in statuses().items() if not status.counts)


@cache
def close_reasons() -> Mapping[str, Text]:
    """Return the reasons for closing a case, by id."""
    return _texts("statuses", "close_reasons")


@cache
def welfare_systems() -> Mapping[str, Text]:
    """Return the four welfare systems, by id."""
    return _texts("assistance", "welfare_systems")


@cache
def assistance_kinds() -> Mapping[str, Text]:
    """Return the kinds of help that cases are given, by id."""
    return _texts("assistance", "assistance_kinds")


@cache
def sensitivities() -> Mapping[str, Text]:
    """Return the four levels of sensitivity, L0 first."""
    return _texts("sensitivities", "sensitivities")


@cache
def units() -> Mapping[str, Text]:
    """Return what is counted: case เรื่อง, person ราย, household ครัวเรือน, service ครั้ง."""
    return _texts("units", "units")


def _texts(name: str, section: str) -> Mapping[str, Text]:
    rows = _read(name)[section]
    return MappingProxyType({code: Text(words["th"], words["en"]) for code, words in rows.items()})


@cache
def indicator_kinds() -> Mapping[str, IndicatorKind]:
    """Return the indicators that ship with the product, by id."""
    rows = _read("indicators")["indicators"]
    return MappingProxyType({name: IndicatorKind(id=name, **words) for name, words in rows.items()})


def highest(levels: list[Sensitivity]) -> Sensitivity:
    """Return the highest of several levels; L1 for none, since a case is never open."""
    return max([*levels, "L1"])


@cache
def version() -> str:
    """Return the version of all taxonomies; they change together."""
    versions = {str(_read(path.stem)["version"]) for path in FOLDER.glob("*.yaml")}
    if len(versions) != 1:
        raise ValueError(f"the taxonomies have different versions: {sorted(versions)}")
    return versions.pop()
