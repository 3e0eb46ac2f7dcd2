"""One map as a value: the areas within an area, their figures, their mind maps and all words around them.

Everything drawn is derived from figures that have passed the door of disclosure for the reader's audience.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from threading import Lock
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from boundaries.areas import AreaRecord, get_area, list_areas, list_shapes
from boundaries.codes import Level, child_level, parent_of
from boundaries.dates import BANGKOK, thai_date
from boundaries.editions import EditionRecord, get_active
from boundaries.errors import SocialMapError
from boundaries.messages import text
from boundaries.sources import credit, missing_levels
from layers.aggregation import figures as query_figures
from layers.aggregation import list_periods, newest_period
from layers.classification import Method
from layers.classification import breaks as class_breaks
from layers.disclosure import too_fine
from layers.figures import UNSTABLE_BELOW, Figure, FigureTable, Measure
from layers.filters import Filter
from layers.periods import Period
from layers.scope import Scope
from layers.taxonomy import categories, get_problem
from mapping import legends
from mapping.geography import REGION, Shape, Surroundings, shapes_of, surroundings
from mapping.mindmaps import MindMap, PlanState
from mapping.offline import Library
from mapping.plan_maps import PlanAbove, plan_above, stored_mind_maps
from mapping.templates import COUNTRY_LEVEL, draft_of_area, drafts

if TYPE_CHECKING:
    import geopandas

MANY = 10
"""From this number of areas on a map has 4 classes, below it 3."""
DIGITS: Mapping[Level, int] = {"country": 3, "province": 4, "district": 4}


class NoMap(SocialMapError):
    """A map was asked of an area that has no areas below it."""

    key = "error.no_map"


@dataclass(frozen=True)
class Choice:
    """One filter of the header: its name in addresses, its label, what may be chosen and what is."""

    name: str
    label: str
    value: str
    options: tuple[tuple[str, str], ...]

    @property
    def shown(self) -> str:
        """The words of the chosen option."""
        return next((words for value, words in self.options if value == self.value), self.value)


@dataclass(frozen=True)
class AreaMap:
    """A map of `level` within `area`. `classes` holds the class of each area whose figure has one."""

    area: AreaRecord
    level: Level
    crumbs: tuple[tuple[str, str], ...]
    names: Mapping[str, str]
    shapes: tuple[Shape, ...]
    surroundings: Surroundings
    figures: FigureTable
    breaks: tuple[float, ...]
    classes: Mapping[str, int]
    legend: legends.Legend
    mind_maps: Mapping[str, MindMap]
    title: str
    period: str
    notes: tuple[str, ...]
    choices: tuple[Choice, ...]
    filled: bool
    leading: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    above: tuple[PlanAbove | None, PlanAbove | None] = (None, None)
    """The plan above for the area itself and for its parts, each where it has none of its own."""
    asked: tuple[tuple[str, str], ...] = ()
    """What else was asked for, as addresses say it; links to other levels keep it."""

    def figure(self, code: str) -> Figure:
        """Return an area's figure; one without any value where the table has no row for it."""
        try:
            return self.figures.get(code)
        except KeyError:
            return Figure(code, None, "no_data", None, None, None, None, None, None)

    def symbol(self, code: str) -> str:
        """Return how an area is filled: a class, a pattern, or plain where counts stand as circles alone."""
        state = self.figure(code).state
        if state == "ok" or (state == "unstable" and not self.filled):
            return "class" if self.filled else "plain"
        return state

    def plan_state(self, code: str) -> PlanState:
        """Return the state of an area's plan; none where it has no mind map."""
        mind_map = self.mind_maps.get(code)
        return mind_map.state if mind_map else "none"


def build_area_map(
    session: Session,
    scope: Scope,
    area_code: str,
    *,
    filter: Filter | None = None,
    measure: Measure | None = None,
    method: Method | None = None,
    breaks: Sequence[float] = (),
    fill_counts: bool = False,
    library: Library | None = None,
    shaped: bool = True,
    today: date | None = None,
) -> AreaMap:
    """Build the map of the areas one level below `area_code`; not `shaped` for those who bring shapes of their own.

    Without a filter: all problems in the newest fiscal year that holds cases, this one where none does.
    Without a measure: rates, or counts where no area has a denominator. `library` brings the land abroad.
    Stored plans stand before drafts; whether one is overdue is said for `today`.
    `breaks` are those of the method "fixed", which they stand for where none is named; else the method is "natural".
    Raises AreaNotFound, NoMap, BadBreaks, and what figures raise.
    """
    if breaks or method == "fixed":
        breaks = legends.checked_breaks(breaks)
        if method not in (None, "fixed"):
            raise legends.BadBreaks(value=method)
    area = get_area(session, area_code)
    level = child_level(area.level)
    records = {record.code: record for record in list_areas(session, level, area_code)} if level else {}
    if level is None or not records:
        raise NoMap(area=area.full_name_th, **_missing(session))
    periods = list_periods(session, scope, level)
    chosen = filter or Filter(None, newest_period(session, scope))
    table = query_figures(session, scope, "cases", level, area_code, chosen, measure or "rate")
    if measure is None and not any(figure.denominator for figure in table.rows()):
        table = query_figures(session, scope, "cases", level, area_code, chosen, "count")
    edition = get_active(session)
    drawn = _drawn(session, edition, area, level, records, library) if shaped else _bare(records)
    drafted = _drafts(session, scope, area, level, chosen)
    leads = {code: mind_map.problem_code for code, mind_map in drafted.items()}
    planned = [area, *records.values()] if area.level != COUNTRY_LEVEL else list(records.values())
    stored = stored_mind_maps(session, scope, planned, chosen.period, chosen.problem, leads, today)
    made = assemble(
        area,
        level,
        names={code: record.full_name_th for code, record in records.items()},
        shapes=drawn[0],
        around=drawn[1],
        table=table,
        mind_maps=drafted | stored,
        method=method or ("fixed" if breaks else "natural"),
        breaks=breaks,
        fill_counts=fill_counts,
    )
    missing = missing_levels(edition)
    credits_ = [credit(edition).th, *([text("credit.natural_earth").th] if library else ())]
    credits_ += [missing.th] if missing else []
    return replace(
        made,
        leading=_leading(table, made.names, drafted),
        above=_above(session, scope, area, chosen, stored, leads) if len(stored) < len(planned) else (None, None),
        crumbs=_crumbs(session, area),
        notes=(*made.notes, " · ".join(credits_)),
        choices=_choices(chosen, periods, table.measure, asked=measure is not None),
        asked=_asked(method, breaks, fill_counts),
    )


def _above(
    session: Session,
    scope: Scope,
    area: AreaRecord,
    chosen: Filter,
    stored: Mapping[str, MindMap],
    leads: Mapping[str, str],
) -> tuple[PlanAbove | None, PlanAbove | None]:
    parts = plan_above(session, scope, area.code, chosen.period, chosen.problem, leads.get(area.code), itself=True)
    return (None if area.code in stored else parts), parts


def _asked(method: Method | None, breaks: Sequence[float], fill_counts: bool) -> tuple[tuple[str, str], ...]:
    written = ",".join(legends.break_text(each).replace(",", "") for each in breaks)
    asked = (("method", method or ""), ("breaks", written), ("fill", "true" if fill_counts else ""))
    return tuple((name, value) for name, value in asked if value)


def _missing(session: Session) -> dict[str, str]:
    """Say which levels the boundaries in use lack; empty words when none."""
    missing = missing_levels(get_active(session))
    return {"missing_th": missing.th if missing else "", "missing_en": missing.en if missing else ""}


def assemble(
    area: AreaRecord,
    level: Level,
    *,
    names: Mapping[str, str],
    shapes: Sequence[Shape],
    around: Surroundings,
    table: FigureTable,
    mind_maps: Mapping[str, MindMap],
    method: Method = "natural",
    breaks: Sequence[float] = (),
    fill_counts: bool = False,
) -> AreaMap:
    """Make a map from parts that are at hand: classes, legend and words follow from the figures."""
    filled = table.measure != "count" or fill_counts
    valued = _valued(table)
    inner = breaks_for(table, len(names), method, breaks) if filled else ()
    return AreaMap(
        area=area,
        level=level,
        crumbs=((area.code, area.short_name_th),),
        names=names,
        shapes=tuple(shapes),
        surroundings=around,
        figures=table,
        breaks=inner,
        classes={code: legends.class_of(value, inner) for code, value in valued.items()} if filled else {},
        legend=_legend(table, inner, filled),
        mind_maps=mind_maps,
        title=_title(area, level, table),
        period=table.filter.period.clipped(table.as_of)[0],
        notes=_notes(table),
        choices=(),
        filled=filled,
        leading=_leading(table, names, mind_maps),
    )


def breaks_for(
    table: FigureTable, areas: int, method: Method = "natural", fixed: Sequence[float] = ()
) -> tuple[float, ...]:
    """Return the inner breaks of a map of so many areas, taken from its steady figures where there are any."""
    valued = _valued(table)
    steady = [value for code, value in valued.items() if table.get(code).state == "ok"] or list(valued.values())
    classes = min(4 if areas >= MANY else 3, len(set(steady)))
    return tuple(class_breaks(steady, method, classes, fixed)) if steady else ()


def _valued(table: FigureTable) -> dict[str, float]:
    """Return the values as they are read: else an area that shows 14 could lie in the class below 14."""
    figures = (one for one in table.rows() if one.state in ("ok", "unstable"))
    return {one.area_code: legends.shown(one.value) for one in figures if one.value is not None}


def _legend(table: FigureTable, breaks: tuple[float, ...], filled: bool) -> legends.Legend:
    counts = [figure.cases or 0 for figure in table.rows()]
    rounded = text("legend.rounded", step=table.rounded_to).th if table.rounded_to else ""
    return legends.Legend(
        title=text(f"legend.title.{table.measure}", counted=table.counted.th).th,
        unit=table.unit.th,
        classes=legends.class_texts(breaks) if filled and any(figure.value for figure in table.rows()) else (),
        ramp=legends.ramp_places(len(breaks) + 1),
        symbols=legends.symbol_texts(None if too_fine(table) else table.hidden_below, UNSTABLE_BELOW, table.counted.th),
        size_title=text("legend.counts", counted=table.counted.th).th,
        size_note=" ".join([text("legend.circles").th, rounded]).strip(),
        sizes=legends.circle_sizes(max(counts, default=0), table.rounded_to or 1),
        badges=legends.badge_texts(),
    )


def _title(area: AreaRecord, level: Level, table: FigureTable) -> str:
    if table.filter.problem:
        subject = text("title.problem", problem=get_problem(table.filter.problem).short_th).th
    else:
        subject = text("title.all_problems", counted=table.counted.th).th
    return text("title.map", subject=subject, level=level_word(area, level), area=area.full_name_th).th


def level_word(area: AreaRecord, level: Level) -> str:
    """Name the areas of a map: จังหวัด, อำเภอ, ตำบล, and in Bangkok เขต and แขวง."""
    bangkok = area.code.startswith("10")
    return text(f"level_word.{level}.bangkok" if bangkok else f"level_word.{level}").th


def _notes(table: FigureTable) -> tuple[str, ...]:
    first = [text("note.period", period=table.filter.period.clipped(table.as_of)[0]).th]
    first.append(text("note.as_of", day=thai_date(table.as_of)).th)
    if table.released_at:
        first.append(text("note.released", day=thai_date(table.released_at.astimezone(BANGKOK).date())).th)
    if table.hidden_below and too_fine(table):
        secret = table.filter.sensitivity == "L3"
        first.append(text("reason.sensitive_level" if secret else "reason.level_not_published").th)
    if table.hidden_below and table.rounded_to:
        first.append(text("note.disclosure", below=table.hidden_below, step=table.rounded_to).th)
    second = []
    if table.denominator_title:
        day = f" {thai_date(table.denominator_as_of)}" if table.denominator_as_of else ""
        second.append(text("note.denominator", title=table.denominator_title.th).th + day)
    second += [source.th for source in table.sources]
    if table.invented:
        second.append(text("note.invented").th)
    left = [_left_out(entry.cases, entry.text.th, table) for entry in table.left_out]
    return tuple(" · ".join(line) for line in (first, second, left) if line)


def _left_out(cases: int | None, why: str, table: FigureTable) -> str:
    if cases is None:
        return text("note.left_out_hidden", why=why).th
    return text("note.left_out", cases=legends.number(cases), counted=table.counted.th, why=why).th


def _leading(
    table: FigureTable, names: Mapping[str, str], mind_maps: Mapping[str, MindMap]
) -> Mapping[str, tuple[str, ...]]:
    """Group areas by the problem of their mind map, most areas first; empty where one problem was asked for."""
    if table.filter.problem:
        return {}
    groups: dict[str, list[str]] = {}
    for code in names:
        if code in mind_maps:
            groups.setdefault(mind_maps[code].problem_code, []).append(code)
    return {problem: tuple(groups[problem]) for problem in sorted(groups, key=lambda key: (-len(groups[key]), key))}


def _crumbs(session: Session, area: AreaRecord) -> tuple[tuple[str, str], ...]:
    trail = [(area.code, area.short_name_th)]
    parent = parent_of(area.code)
    while parent is not None:
        trail.append((parent, get_area(session, parent).short_name_th))
        parent = parent_of(parent)
    return tuple(reversed(trail))


def _choices(chosen: Filter, periods: Sequence[Period], measure: str, *, asked: bool) -> tuple[Choice, ...]:
    """Return the filters. A measure that nobody asked for has no value: another level may have to show another one."""
    problems = [("", text("choice.all_problems").th), *((code, get_problem(code).short_th) for code in categories())]
    if chosen.problem and chosen.problem not in dict(problems):
        problems.append((chosen.problem, get_problem(chosen.problem).short_th))
    known = list(periods) if chosen.period in periods else [chosen.period, *periods]
    return (
        Choice("problem", text("choice.problem").th, chosen.problem or "", tuple(problems)),
        Choice(
            "period",
            text("choice.period").th,
            chosen.period.code,
            tuple((p.code, p.th().split(" (")[0]) for p in known),
        ),
        Choice(
            "measure",
            text("choice.measure").th,
            measure if asked else "",
            tuple((m if asked or m != measure else "", text(f"measure.{m}").th) for m in ("rate", "count")),
        ),
    )


def shows_drafts(scope: Scope) -> bool:
    """Say whether a reader is shown drafts from templates; others see plans that were approved for publication."""
    return scope.audience in ("internal", "committee")


def _drafts(session: Session, scope: Scope, area: AreaRecord, level: Level, filter: Filter) -> dict[str, MindMap]:
    """Return the draft of every area, and of the area itself where it is not the country."""
    if not shows_drafts(scope):
        return {}
    found = dict(drafts(session, scope, level, area.code, filter.period, filter.problem))
    if area.level == COUNTRY_LEVEL:
        return found
    if filter.problem:
        own = drafts(session, scope, area.level, area.parent_code, filter.period, filter.problem).get(area.code)
    else:
        own = draft_of_area(session, scope, area, filter.period)
    return found | ({area.code: own} if own else {})


def _drawn(
    session: Session,
    edition: EditionRecord,
    area: AreaRecord,
    level: Level,
    records: Mapping[str, AreaRecord],
    library: Library | None,
) -> tuple[tuple[Shape, ...], Surroundings]:
    """Return the coded shapes of a page and what lies around them, made once a process and edition."""
    names = tuple((record.code, record.short_name_th) for record in records.values())
    key = (edition.activation, area.code, library, names)
    # One at a time: many readers of a page that nobody asked for yet would all make the same shapes.
    with _DRAWING:
        if key not in _DRAWN:
            if len(_DRAWN) >= MOST_DRAWN:
                _DRAWN.clear()
            frame, around = _frames(session, edition, area, level)
            digits = DIGITS[area.level]
            shapes = shapes_of(_short_names(frame, records), digits)
            _DRAWN[key] = shapes, surroundings(frame, around, library, digits)
        return _DRAWN[key]


def _bare(records: Mapping[str, AreaRecord]) -> tuple[tuple[Shape, ...], Surroundings]:
    """Return codes and names without any shape."""
    named = [Shape(code, one.short_name_th, one.label_lon, one.label_lat, ()) for code, one in records.items()]
    return tuple(named), Surroundings((), (), (), (), REGION, 0)


def _frames(
    session: Session, edition: EditionRecord, area: AreaRecord, level: Level
) -> tuple["geopandas.GeoDataFrame", list["geopandas.GeoDataFrame"]]:
    """Return the shapes of the areas and those around them, all of one coverage."""
    if area.level == "country":
        return list_shapes(session, level, detail="country"), []
    provinces = _provinces(session, edition)
    province = area.code[:2]
    around = [provinces[provinces.code != province]]
    if area.level == "district":
        siblings = list_shapes(session, "district", province, detail="province")
        around.append(siblings[siblings.code != area.code])
    return list_shapes(session, level, area.code, detail="province"), around


def _short_names(frame: "geopandas.GeoDataFrame", records: Mapping[str, AreaRecord]) -> "geopandas.GeoDataFrame":
    """Return the shapes with the names that labels show, without their word of level."""
    return frame.assign(name_th=[records[code].short_name_th for code in frame.code])


MOST_DRAWN = 100
_DRAWN: dict[tuple[object, ...], tuple[tuple[Shape, ...], Surroundings]] = {}
_DRAWING = Lock()
_PROVINCES: dict[object, "geopandas.GeoDataFrame"] = {}
"""The provinces of the active edition by its activation, read once a process: every map needs them around its areas."""


def _provinces(session: Session, edition: EditionRecord) -> "geopandas.GeoDataFrame":
    if edition.activation not in _PROVINCES:
        _PROVINCES.clear()
        _PROVINCES[edition.activation] = list_shapes(session, "province", detail="province")
    return _PROVINCES[edition.activation]
