"""Exported layers as both doors make them: what is asked, its content with the look of our maps, and the record."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from api.audit import record
from boundaries.areas import AreaRecord, Detail, get_area, list_levels
from boundaries.codes import COUNTRY, LEVELS, Level, child_level
from boundaries.dates import BANGKOK
from boundaries.errors import SocialMapError
from layers.aggregation import CASES, figures, newest_period
from layers.exporting.areas import areas_content
from layers.exporting.assets import assets_content
from layers.exporting.cases import cases_content
from layers.exporting.content import Content
from layers.exporting.figures import figures_content
from layers.exporting.formats import Format
from layers.figures import Measure
from layers.filters import Filter
from layers.indicators import PREFIX, list_indicators
from layers.periods import parse_period
from layers.scope import Scope
from layers.taxonomy import get_problem
from mapping.export_styles import areas_style, figures_style, places_style


class LevelNotBelow(SocialMapError):
    """A level that has no areas within the area asked for."""

    key = "error.export_level"


class IndicatorMissing(SocialMapError):
    """Observations were asked for without naming an indicator that has any."""

    key = "error.export_indicator"


@dataclass(frozen=True)
class Made:
    """A content with what the record is told of how it was asked for, as codes."""

    content: Content
    asked: dict[str, str]

    @property
    def file_name(self) -> str:
        """Name the file by what is in it, in ASCII and without its ending."""
        words = [self.content.name, *(value.replace("/", "_") for name, value in self.asked.items() if name != "layer")]
        return "-".join([*words, self.content.about.audience])


def make_areas(session: Session, within: str | None, level: Level | None, detail: Detail) -> Made:
    """Make the boundaries of a level, the area's own among them. Raises AreaNotFound, LevelNotBelow, ExportLarge."""
    area = get_area(session, within or COUNTRY)
    wanted = _level(session, area, level, own=True)
    content = replace(areas_content(session, wanted, area.code, detail), style=areas_style())
    return Made(content, {"area": area.code, "level": wanted})


def make_figures(
    session: Session,
    scope: Scope,
    *,
    within: str | None = None,
    level: Level | None = None,
    problem: str | None = None,
    target_group: str | None = None,
    period: str | None = None,
    measure: Measure | None = None,
) -> Made:
    """Make figures as `scope` may see them. Raises what figures raise, LevelNotBelow, ExportLarge."""
    chosen = Filter(problem or None, parse_period(period) if period else newest_period(session, scope), target_group)
    return _figures(session, scope, CASES, within, level, chosen, measure or "rate")


def make_indicators(
    session: Session,
    scope: Scope,
    indicator: str | None,
    *,
    within: str | None = None,
    level: Level | None = None,
    period: str | None = None,
) -> Made:
    """Make the values of an indicator, which are open. Raises IndicatorMissing and what figures raise."""
    held = [kind.id for kind in list_indicators(session)]
    if indicator not in held:
        raise IndicatorMissing(allowed=", ".join(held) or "–")
    chosen = Filter(None, parse_period(period) if period else newest_period(session, scope))
    return _figures(session, scope, PREFIX + indicator, within, level, chosen, "value")


def make_assets(session: Session, within: str | None, kind: str | None) -> Made:
    """Make the assets within an area. Raises AreaNotFound, ExportLarge."""
    area = get_area(session, within or COUNTRY)
    content = assets_content(session, area.code, kind)
    return Made(replace(content, style=places_style()), {"area": area.code})


def make_cases(
    session: Session, within: str | None, problem: str | None, status: int | None, *, secret: bool = True
) -> Made:
    """Make the cases that the session may read, those of level L3 only where `secret`. Raises what cases raise."""
    area = get_area(session, within or COUNTRY)
    today = datetime.now(BANGKOK).date()
    content = cases_content(session, today, area.code, problem=problem, status=status, secret=secret)
    asked = {"area": area.code} | ({"problem": get_problem(problem).code} if problem else {})
    return Made(replace(content, style=places_style()), asked)


def note_export(session: Session, scope: Scope, made: Made, format: Format, reason: str | None = None) -> None:
    """Put on record that a file is handed out: by whom, for whom, of what, how many rows, and why."""
    about = {"format": format, "audience": made.content.about.audience, "count": len(made.content.rows)}
    record(session, scope, "export", kind=made.content.name, reason=reason, details=made.asked | about)


def _figures(
    session: Session,
    scope: Scope,
    layer: str,
    within: str | None,
    level: Level | None,
    chosen: Filter,
    measure: Measure,
) -> Made:
    area = get_area(session, within or COUNTRY)
    table = figures(session, scope, layer, _level(session, area, level, own=False), area.code, chosen, measure)
    told = {
        "layer": layer,
        "area": area.code,
        "level": table.level,
        "problem": chosen.problem,
        "group": chosen.target_group,
        "period": chosen.period.code,
    }
    content = replace(figures_content(session, table), style=figures_style(table))
    return Made(content, {name: value for name, value in told.items() if value is not None})


def _level(session: Session, area: AreaRecord, level: Level | None, *, own: bool) -> Level:
    wanted, held = level or child_level(area.level), list_levels(session)
    first = LEVELS.index(area.level) + (0 if own else 1)
    allowed = [one for one in held if LEVELS.index(one) >= first]
    if wanted is None or wanted not in allowed:
        words = {"area": area.code, "allowed": ", ".join(allowed) or "–"}
        raise LevelNotBelow(level=wanted or area.level, **words)
    return wanted
