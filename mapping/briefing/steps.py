"""The steps of a briefing: opening, what earlier meetings left open, then map, mind map and figures of each stop."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from boundaries.dates import thai_date
from boundaries.messages import text
from layers.figures import Figure
from layers.taxonomy import get_problem
from mapping import labels
from mapping.area_map import level_word
from mapping.briefing.drawing import draw_mind_map, draw_stop, keys_of, legend_rows
from mapping.briefing.stops import ShownStop
from mapping.legends import number
from mapping.mindmap_ways import tag_text
from mapping.sheet import words as said
from mapping.sheet.drawing import DrawnMap
from mapping.sheet.placing import NoRoom
from mapping.sheet.plan import letter

Kind = Literal["opening", "follow_ups", "map", "mind_map", "activities", "figures"]
ROWS = 14
"""Areas in one table; more stand in two side by side."""


@dataclass(frozen=True)
class Step:
    """One screenful: `number` is its stop's, 0 before the first; `shown` holds what its kind shows."""

    id: str
    kind: Kind
    number: int
    title: str
    subtitle: str
    stamps: tuple[str, ...]
    shown: dict[str, Any]


def stop_steps(stops: Sequence[ShownStop]) -> Iterator[Step]:
    """Yield the steps of stops in their order; the note of a stop stands on its first step."""
    known: dict[int, DrawnMap] = {}
    for number_, stop in enumerate(stops, start=1):
        note = stop.record.note
        for kind, shown in _of_stop(stop, known):
            yield Step(
                id=f"s{number_}-{kind.replace('_', '-')}",
                kind=kind,
                number=number_,
                title=f"{stop.name}: {_title(stop, kind)}",
                subtitle=said.subject(stop.area_map),
                stamps=_stamps(stop, kind),
                shown=shown | {"note": note},
            )
            note = None


def _of_stop(stop: ShownStop, known: dict[int, DrawnMap]) -> Iterator[tuple[Kind, dict[str, Any]]]:
    if "map" in stop.record.shows:
        yield "map", _map(stop, known)
    if "mind_map" in stop.record.shows:
        yield "mind_map", _tree(stop)
        if stop.mind_map is not None and stop.mind_map.state != "template":
            yield "activities", _activities(stop)
    if "figures" in stop.record.shows:
        yield "figures", _figures(stop)


def stop_title(stop: ShownStop) -> str:
    """Return what a stop is about: the plan's problem in the team's words, or the problem asked for."""
    mind_map, problem = stop.mind_map, stop.record.problem_code
    if mind_map is not None and mind_map.state != "template":
        return mind_map.title
    return get_problem(problem).short_th if problem else text("meeting.all_problems").th


def _title(stop: ShownStop, kind: Kind) -> str:
    """Return what a step shows: figures of all problems are of no mind map's problem alone."""
    if kind in ("mind_map", "activities") and stop.mind_map is not None:
        return stop.mind_map.title
    return stop_title(stop) if stop.record.problem_code else text("meeting.all_problems").th


def _stamps(stop: ShownStop, kind: Kind) -> tuple[str, ...]:
    found = [text("page.invented").th] if stop.area_map.figures.invented else []
    if kind in ("mind_map", "activities") and stop.mind_map is not None and stop.mind_map.stamp is not None:
        found.append(stop.mind_map.stamp.th)
    return tuple(found)


def _map(stop: ShownStop, known: dict[int, DrawnMap]) -> dict[str, Any]:
    legend, notes = stop.area_map.legend, stop.area_map.notes
    shown: dict[str, Any] = {
        "headline": said.headline(stop.area_map),
        "facts": facts(stop),
        "legend_title": f"{legend.title} ({legend.unit})",
        "legend": legend_rows(stop),
        "small": " · ".join(note for note in (notes[:1] if "figures" in stop.record.shows else notes) if note),
        "svg": "",
        "keys": [],
    }
    try:
        return shown | {"svg": draw_stop(stop, known), "keys": keys_of(stop, known)}
    except NoRoom:  # names that find no place stand in the table of figures
        return shown


def facts(stop: ShownStop) -> Sequence[said.Fact]:
    """Return the leading figures of a stop as the committee may read them."""
    from mapping.slides.stop_slides import facts_about  # brings the writer of slides along

    return facts_about(stop.area_map, stop.area.code)


def _tree(stop: ShownStop) -> dict[str, Any]:
    mind_map = stop.mind_map
    if mind_map is None:
        return {"mind_map": None}
    ways = [
        (letter(place), one.text, text("mapping.mindmap.objective", objective=one.objective).th, tag_text(one))
        for place, one in enumerate(mind_map.solutions)
    ]
    return {"mind_map": mind_map, "svg": draw_mind_map(mind_map), "ways": ways}


def _activities(stop: ShownStop) -> dict[str, Any]:
    from mapping.documents.words import plan_rows

    assert stop.mind_map is not None
    names = ("activity", "lead", "indicator", "budget", "period", "status")
    heads = [text("document.solution").th, *(text(f"mapping.mindmap.column.{name}").th for name in names)]
    late = text("mapping.mindmap.status.late").th
    return {"heads": heads, "rows": plan_rows(stop.mind_map), "late": late, "goal": stop.mind_map.goal}


def _figures(stop: ShownStop) -> dict[str, Any]:
    area_map, table = stop.area_map, stop.area_map.figures
    rated = table.measure != "count"
    heads = [level_word(area_map.area, area_map.level), text("fact.count", counted=table.counted.th).th]
    heads += [table.unit.th, text("fact.interval").th] if rated else [text("fact.state").th]
    ranked = sorted(map(area_map.figure, area_map.names), key=_rank)
    rows = [(one.area_code == stop.area.code, area_map.names[one.area_code], _cells(stop, one)) for one in ranked]
    half = -(-len(rows) // 2) if len(rows) > ROWS else len(rows)
    whole = (False, text("sheet.whole").th, _cells(stop, table.total))
    tables = [rows[:half], [*rows[half:], whole]] if len(rows) > half else [[*rows, whole]]
    return {"facts": facts(stop), "heads": heads, "tables": tables, "small": said.small_print(area_map)}


def _rank(figure: Figure) -> tuple[bool, float, str]:
    return figure.value is None, -(figure.value or 0), figure.area_code


def _cells(stop: ShownStop, figure: Figure) -> list[str]:
    """Return the figures of an area in the order of the columns; what is hidden is words in the place of numbers."""
    table = stop.area_map.figures
    count = number(figure.cases) if figure.cases is not None else labels.count_text(figure, table)
    if table.measure == "count":
        return [count, labels.reason_text(figure, table) if figure.state != "ok" else ""]
    return [count, labels.value_text(figure, table), labels.interval_text(figure) or "–"]


def opening(title: str, lines: Sequence[str], stops: Sequence[ShownStop]) -> Step:
    """Return the first step: the meeting and its agenda, each point leading to its first step."""
    points = [(number_, f"{stop.name}: {stop_title(stop)}") for number_, stop in enumerate(stops, start=1)]
    return Step("opening", "opening", 0, title, "", (), {"lines": lines, "points": points, "note": None})


def follow_up_step(rows: Sequence[tuple[str, str, str, str, bool]]) -> Step:
    """Return the step of earlier resolutions: number, text, lead and day, what became of each, whether it is late."""
    return Step("follow-ups", "follow_ups", 0, text("meeting.agenda.3").th, "", (), {"rows": rows, "note": None})


def day_line(day: Any) -> str:
    """Write the day up to which figures go."""
    return text("meeting.as_of", day=thai_date(day, "long")).th
