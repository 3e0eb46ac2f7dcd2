"""Drafts of mind maps from templates, one template a category of problems.

A draft is something to work on, never a plan: its causes are questions to the area's team, its fields are open, and it
bears a stamp. It is derived when it is read and never stored.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml
from sqlalchemy.orm import Session

from boundaries.areas import AreaRecord, get_area, list_areas
from boundaries.codes import COUNTRY, Level, level_of
from boundaries.errors import SocialMapError
from boundaries.messages import text
from boundaries.yaml_files import read_yaml
from layers.aggregation import CASES, PER, figures, leading_problems
from layers.figures import Figure
from layers.filters import Filter
from layers.periods import Period
from layers.scope import Scope
from layers.taxonomy import categories, get_problem
from mapping.legends import number
from mapping.mindmaps import Activity, Cause, Indicator, MindMap, Solution

FOLDER = Path(__file__).parent / "templates"

COUNTRY_LEVEL = "country"
FALLBACK = "P01"
"""The draft of an area where no problem stands out, nor in the areas above it: livelihood concerns every place."""


class BadTemplate(SocialMapError):
    """A template file that cannot be read; names the file and the field."""

    key = "mapping.template.bad"


class SensitiveDraft(SocialMapError):
    """A draft of a secret problem (L3) filled with an area's figure."""

    key = "mapping.template.sensitive"


@cache
def templates() -> Mapping[str, Mapping[str, Any]]:
    """Read the templates of all categories by code; raise BadTemplate for a missing or faulty one."""
    return MappingProxyType({code: _read(code) for code in categories()})


def draft(problem_code: str, area: AreaRecord, size: str) -> MindMap:
    """Return the draft of a problem for an area; `size` is a line of disclosed figures, or empty.

    A subtype uses its category's template. A problem of level L3 gets the same draft everywhere, without an area's
    name; raises SensitiveDraft when a size is given for it.
    """
    problem = get_problem(problem_code)
    secret = problem.sensitivity == "L3"
    if secret and size:
        raise SensitiveDraft(problem=problem.th)
    title = problem.th if secret else text("mapping.template.title", problem=problem.short_th).th
    made = _mind_map(templates()[problem.category])
    return MindMap(
        area_code=area.code,
        area_name=text("mapping.template.everywhere").th if secret else area.full_name_th,
        problem_code=problem_code,
        title=title,
        size=size,
        state="template",
        stamp=text("mapping.template.stamp"),
        **made,
    )


def drafts(
    session: Session, scope: Scope, level: Level, within: str | None, period: Period, problem: str | None = None
) -> dict[str, MindMap]:
    """Return a draft for every area of a level within an area (None or TH: the country), by code.

    `problem` None takes each area's leading problem; where none stands out, the leading one of the area above (said in
    the size line), and at last livelihood. A stated problem is drafted for all areas with their own figures.
    """
    areas = list_areas(session, level, within)
    if problem is not None:
        return _stated(session, scope, level, within, Filter(problem, period), areas)
    leading = leading_problems(session, scope, level, within, period)
    above = _leading_above(session, scope, level, within, period)
    made = {}
    for area in areas:
        own = leading.get(area.code)
        if own is not None:
            made[area.code] = draft(own.problem_code, area, size_line(own.problem_code, own.figure))
            continue
        code, key = above.get(str(area.parent_code), (FALLBACK, "mapping.template.by_rule"))
        made[area.code] = draft(code, area, text(key).th)
    return made


def draft_of_area(session: Session, scope: Scope, area: AreaRecord, period: Period) -> MindMap | None:
    """Return the draft of one province, district or subdistrict, compared with its neighbours; None for the country."""
    if area.level == COUNTRY_LEVEL:
        return None
    return drafts(session, scope, area.level, area.parent_code, period).get(area.code)


def size_line(problem_code: str, figure: Figure) -> str:
    """Say a disclosed figure in one line, as what the map shows and not as the team's finding."""
    if figure.state == "zero":
        return text("mapping.template.size_zero").th
    if figure.value is None or figure.cases is None:
        return text("mapping.template.size_none").th
    denominator = get_problem(problem_code).denominator
    unit = text(f"unit.rate.{denominator}", per=f"{PER.get(denominator, 1_000):,}").th
    return text("mapping.template.size", cases=f"{figure.cases:,}", rate=number(figure.value), unit=unit).th


def _stated(
    session: Session, scope: Scope, level: Level, within: str | None, filter: Filter, areas: list[AreaRecord]
) -> dict[str, MindMap]:
    problem = str(filter.problem)
    if get_problem(problem).sensitivity == "L3":
        return {area.code: draft(problem, area, "") for area in areas}
    table = figures(session, scope, CASES, level, within, filter, "rate")
    return {area.code: draft(problem, area, size_line(problem, table.get(area.code))) for area in areas}


def _leading_above(
    session: Session, scope: Scope, level: Level, within: str | None, period: Period
) -> dict[str, tuple[str, str]]:
    """Return (problem, key of the words) by the code of each area one level up that has a leading problem."""
    parent_level: Level | None = {"district": "province", "subdistrict": "district"}.get(level)  # type: ignore[assignment]
    if parent_level is None:
        return {}
    around = within if within and within != COUNTRY else None
    if around and level_of(around) == parent_level:
        around = get_area(session, around).parent_code
    found = leading_problems(session, scope, parent_level, around, period)
    return {code: (one.problem_code, "mapping.template.from_above") for code, one in found.items()}


def _read(code: str) -> Mapping[str, Any]:
    path = FOLDER / f"{code}.yaml"
    try:
        content = read_yaml(path)
    except (OSError, yaml.YAMLError) as error:
        raise BadTemplate(file=path.name, field=type(error).__name__) from error
    if not isinstance(content, dict) or content.get("problem") != code:
        raise BadTemplate(file=path.name, field="problem")
    try:
        _mind_map(content)
    except KeyError as missing:
        raise BadTemplate(file=path.name, field=str(missing.args[0])) from missing
    return MappingProxyType(content)


def _mind_map(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parts of a mind map that a template gives: all but the area, the problem and the state."""
    return {
        "effects": tuple(content["effects"]),
        "causes": tuple(Cause(cause["text"], tuple(cause["roots"])) for cause in content["causes"]),
        "goal": content["goal"],
        "solutions": tuple(_solution(solution) for solution in content["solutions"]),
        "assets": tuple(content["assets"]),
    }


def _solution(content: Mapping[str, Any]) -> Solution:
    return Solution(
        objective=content["objective"],
        text=content["text"],
        addresses=tuple(content["addresses"]),
        type=content["type"],
        welfare_system=content["welfare_system"],
        activities=tuple(_activity(activity) for activity in content["activities"]),
    )


def _activity(content: Mapping[str, Any]) -> Activity:
    """Read an activity; who leads it is the team's choice, so the template's suggestions stay in the file."""
    indicators = tuple(
        Indicator(indicator["name"], indicator["unit"], None, None, indicator["direction"])
        for indicator in content["indicators"]
    )
    return Activity(content["text"], None, (), indicators, None, None, None, "draft")
