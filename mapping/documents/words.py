"""What documents say, as plain values: figures by area, the plan by activity, where everything comes from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from boundaries.messages import text
from layers.figures import Figure, FigureTable
from mapping import labels
from mapping.area_map import AreaMap, level_word
from mapping.help_lines import help_lines
from mapping.legends import number
from mapping.mindmap_ways import figures_text, tag_text
from mapping.mindmaps import Activity, Indicator, MindMap, Solution
from mapping.sheet import words as said
from mapping.sheet.parts import Imprint
from mapping.sheet.plan import letter
from mapping.thai_text import normalise

Kind = Literal["code", "text", "count", "value"]
Value = str | int | float | None


@dataclass(frozen=True)
class Head:
    """A column: its heading, what its cells are, its share of the width."""

    words: str
    kind: Kind
    share: float


@dataclass(frozen=True)
class Grid:
    """A table of plain values; with `total` its last row is that of the whole."""

    title: str
    heads: tuple[Head, ...]
    rows: tuple[tuple[Value, ...], ...]
    total: bool = False


def figure_grid(area_map: AreaMap) -> Grid:
    """Return the figures in the order of codes, the whole last; what is hidden is words in the place of numbers."""
    table = area_map.figures
    base = table.denominator_title.th if table.denominator_title else text("table.denominator").th
    heads = [
        Head(text("sheet.code").th, "code", 8),
        Head(level_word(area_map.area, area_map.level), "text", 20),
        Head(text("fact.count", counted=table.counted.th).th, "count", 12),
        Head(text("fact.state").th, "text", 24),
    ]
    if table.measure != "count":
        heads[3:3] = [
            Head(base, "count", 15),
            Head(f"{text(f'measure.{table.measure}').th} ({table.unit.th})", "value", 15),
            Head(text("document.low").th, "value", 12),
            Head(text("document.high").th, "value", 12),
        ]
    names = {**area_map.names, "": text("sheet.whole").th}
    codes = (*area_map.names, "")
    rows = tuple(_figure_row(area_map, code, names[code], len(heads) > 4) for code in codes)
    title = text("slides.figures", level=level_word(area_map.area, area_map.level), area=area_map.area.full_name_th).th
    return Grid(title, tuple(heads), rows, total=True)


def _figure_row(area_map: AreaMap, code: str, name: str, measured: bool) -> tuple[Value, ...]:
    table = area_map.figures
    figure = area_map.figure(code) if code else table.total
    count: Value = figure.cases if figure.cases is not None else labels.count_text(figure, table)
    row: list[Value] = [code or area_map.area.code, plain(name), count]
    if measured:
        row += [figure.denominator, figure.value, figure.low, figure.high]
    return (*row, state_words(figure, table))


def state_words(figure: Figure, table: FigureTable) -> str:
    """Return the remark on a figure with its reason; empty for ordinary ones."""
    return labels.reason_text(figure, table) if figure.state != "ok" else ""


def plain(words: str | None) -> str:
    """Return a text as it is shown, without what no file may hold."""
    return normalise(words or "")


def plan_grid(mind_map: MindMap) -> Grid:
    """Return the plan with a row for each indicator of each activity; what the team has not stated is empty."""
    keys = (
        ("document.solution", 24), ("document.objective", 24), ("document.causes", 10),
        ("mapping.mindmap.column.activity", 30), ("document.lead", 14), ("document.joint", 18),
        ("document.indicator", 26), ("document.unit", 10), ("document.base", 10), ("document.target", 10),
        ("mapping.mindmap.column.budget", 14), ("document.budget_source", 14), ("mapping.mindmap.column.period", 14),
        ("mapping.mindmap.column.status", 10),
    )  # fmt: skip
    heads = (Head(text("table.number").th, "text", 5), *(Head(text(key).th, "text", share) for key, share in keys))
    rows = tuple(row for place, one in enumerate(mind_map.solutions) for row in _plan_rows(place, one))
    return Grid(text("slides.plan", area=mind_map.area_name).th, heads, rows)


def _plan_rows(place: int, solution: Solution) -> Iterator[tuple[Value, ...]]:
    causes = ", ".join(map(str, solution.addresses))
    first = (letter(place), plain(solution.text), plain(solution.objective), causes)
    for activity in solution.activities or (None,):
        for indicator in (activity.indicators if activity else ()) or (None,):
            yield (*first, *_activity_values(activity, indicator))


def _activity_values(activity: Activity | None, indicator: Indicator | None) -> tuple[Value, ...]:
    if activity is None:
        return ("",) * 11
    measured = (indicator.name, indicator.unit, indicator.base, indicator.target) if indicator else (None,) * 4
    joint = ", ".join(activity.joint)
    status = text(f"mapping.mindmap.status.{activity.status}").th
    given = (activity.text, activity.lead, joint, *measured, activity.budget, activity.budget_source, activity.period)
    return (*(plain(words) for words in given), status)


@dataclass(frozen=True)
class PlanRow:
    """One activity as it stands in a document; empty where the team has not stated it."""

    letter: str
    solution: str
    under: str
    """What stands small under the solution: its objective and the causes it addresses; empty from its second row on."""
    cells: tuple[str, ...]
    """Activity, agencies, indicators, budget, period, status."""


def plan_rows(mind_map: MindMap) -> tuple[PlanRow, ...]:
    """Return the plan with a row for each activity."""
    return tuple(row for place, one in enumerate(mind_map.solutions) for row in _rows_of(place, one))


def _rows_of(place: int, solution: Solution) -> Iterator[PlanRow]:
    under = text("mapping.mindmap.objective", objective=solution.objective).th
    under += f" · {tag_text(solution)}" if solution.addresses else ""
    for number_, activity in enumerate(solution.activities or (None,)):
        first = (letter(place), plain(solution.text), plain(under)) if number_ == 0 else ("", "", "")
        yield PlanRow(*first, _cells(activity))


def _cells(activity: Activity | None) -> tuple[str, ...]:
    if activity is None:
        return ("",) * 6
    agencies = " / ".join(part for part in (activity.lead, ", ".join(activity.joint)) if part)
    budget = " ".join(part for part in (activity.budget, activity.budget_source) if part)
    measured = "\n".join(f"{plain(one.name)}\n{plain(_ends(one))}" for one in activity.indicators)
    status = text(f"mapping.mindmap.status.{activity.status}").th
    return (plain(activity.text), plain(agencies), measured, plain(budget), plain(activity.period), status)


def _ends(indicator: Indicator) -> str:
    return figures_text(indicator) or text("sheet.open_ends", unit=indicator.unit).th


def explanations(area_map: AreaMap, imprint: Imprint) -> Sequence[tuple[str, str]]:
    """Return what a reader must know, as (name, words): subject, audience, sources, definitions, help lines."""
    table, mind_map = area_map.figures, area_map.mind_maps.get(area_map.area.code)
    found = [
        (text("document.subject").th, said.subject(area_map)),
        (text("document.audience").th, said.audience_stamp(area_map)),
    ]
    if mind_map is not None:
        stamp = mind_map.stamp.th if mind_map.stamp else text(f"plan.{mind_map.state}").th
        found.append((text("document.plan_state").th, stamp))
    found += [
        (text("document.office").th, imprint.office),
        (text("document.printed").th, said.printed_line(imprint.printed_at)),
        (text("document.unit_of_value").th, table.unit.th),
    ]
    if table.denominator_title:
        found.append((text("document.denominator").th, table.denominator_title.th))
    found += [(text("document.source").th, source.th) for source in table.sources]
    found.append((text("document.codes").th, text("document.codes.words").th))
    found += [(text("fact.interval").th, text("document.interval").th)] if table.measure == "rate" else []
    found += [(text("document.states").th, words) for _, words in area_map.legend.symbols]
    found += [
        (text("document.small_print").th, note) for note in (*area_map.notes, text("sheet.planning_only").th) if note
    ]
    found += [(text("document.help").th, f"{line} {words.th}") for line, words in help_lines()]
    return [(name, plain(words)) for name, words in found]


def written(value: Value, kind: Kind) -> str:
    """Write a value of a grid as people read it."""
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    return f"{value:,.0f}" if kind == "count" else number(float(value))
