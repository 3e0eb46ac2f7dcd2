"""An AreaMap as the JSON that a page draws from: every word already written, every number already rounded."""

from collections.abc import Callable
from typing import Any

from boundaries.messages import catalogue, text
from layers.figures import Figure
from layers.scope import Audience
from layers.taxonomy import get_problem
from mapping import labels
from mapping.area_map import AreaMap, level_word
from mapping.geography import Shape
from mapping.help_lines import help_lines
from mapping.legends import break_text, number
from mapping.mindmap_json import TextTable, compact
from mapping.plan_maps import PlanAbove
from mapping.styles import BADGES, BETWEEN, DARK_PLACES
from mapping.thai_text import WORD_BREAK, marked

RANKED = 15
SHORT_BREAK = "\x7f"
MOST_WHOLE = 20
"""Up to so many stored plans are also laid out with all that is stated of their activities. A page with more would grow
beyond what is passed on in a message; there the radial is brief, and every text is read beside it."""
Link = Callable[[str], str | None]
"""Address of the page of an area, None where there is none."""


def page_value(area_map: AreaMap, link: Link, served: bool) -> dict[str, Any]:
    """Return everything a page shows; `link` answers with the address of another area's page."""
    texts = TextTable()
    stored = sum(mind_map.state != "template" for mind_map in area_map.mind_maps.values())
    whole = stored <= MOST_WHOLE
    maps = {code: _in_runs(compact(mind_map, texts, whole)) for code, mind_map in area_map.mind_maps.items()}
    return {
        "kind": area_map.area.level,
        "code": area_map.area.code,
        "served": served,
        "words": _words(area_map.figures.audience, served),
        "badges": {state: [letter, text(f"plan.{state}").th] for state, letter in BADGES.items()},
        "head": _head(area_map, link),
        "around": _around(area_map),
        "facts": _fact_labels(area_map),
        "areas": [_area(area_map, i, shape, link) for i, shape in enumerate(area_map.shapes, start=1)],
        "legend": _legend(area_map),
        "notes": [marked(note) for note in area_map.notes],
        "overview": _overview(area_map),
        "table": _table(area_map),
        "maps": maps,
        "plans": _plans(area_map) if served else {},
        "work": _work(area_map) if served else {},
        "above": [_above(area_map, each, link, served) for each in area_map.above],
        "texts": _short_breaks(texts.to_json()),
    }


def _plans(area_map: AreaMap) -> dict[str, str]:
    """Return where the action plans of stored plans stand, by area."""
    return {code: f"/plans/{one.plan_id}/table" for code, one in area_map.mind_maps.items() if one.plan_id}


def _work(area_map: AreaMap) -> dict[str, str]:
    """Return where stored plans are worked on, by area: for staff alone."""
    if area_map.figures.audience != "internal":
        return {}
    return {code: f"/plans/{one.plan_id}" for code, one in area_map.mind_maps.items() if one.plan_id}


def _above(area_map: AreaMap, above: PlanAbove | None, link: Link, served: bool) -> list[str | None] | None:
    """Return what is said of the plan above, its address, and its area's code; without an address it is only said."""
    if above is None:
        return None
    words = text("plan.above", area=above.area_name, problem=get_problem(above.problem_code).short_th).th
    here = above.area_code == area_map.area.code
    address = f"/plans/{above.id}" if served else None if here else link(above.area_code)
    return [marked(words), address, above.area_code]


def _in_runs(item: dict[str, Any]) -> dict[str, Any]:
    """Write the numbers of a mind map's texts, which nearly all follow each other, as first and count."""
    runs: list[list[int]] = []
    for place in item["t"]:
        if runs and place == sum(runs[-1]):
            runs[-1][1] += 1
        else:
            runs.append([place, 1])
    return item | {"t": runs}


def _short_breaks(texts: dict[str, Any]) -> dict[str, Any]:
    """Write the breaks of a page's texts as one byte each instead of three; its script turns them back."""
    return texts | {"t": [words.replace(SHORT_BREAK, "").replace(WORD_BREAK, SHORT_BREAK) for words in texts["t"]]}


def _words(audience: Audience, served: bool) -> dict[str, Any]:
    """Return the fixed words of the page, by the last part of their key."""
    made: dict[str, Any] = {
        key.removeprefix("page."): words.th for key, words in catalogue().items() if key.startswith("page.")
    }
    if audience in ("public", "partner"):
        made["no_mind_map"] = text("front.no_published_plan").th
    made["help"] = [[number, words.th] for number, words in help_lines()]
    return made | ({"privacy": text("front.to_privacy").th} if served else {})


def _head(area_map: AreaMap, link: Link) -> dict[str, Any]:
    here = area_map.area.code
    return {
        "crumbs": [[name, None if code == here else link(code)] for code, name in area_map.crumbs],
        "title": marked(area_map.title),
        "choices": [
            {
                "name": c.name,
                "label": c.label,
                "value": c.value,
                "shown": c.shown,
                "options": [list(o) for o in c.options],
            }
            for c in area_map.choices
        ],
        "audience": text(f"audience.{area_map.figures.audience}").th,
        "invented": text("page.invented").th if area_map.figures.invented else "",
    }


def _around(area_map: AreaMap) -> dict[str, Any]:
    around = area_map.surroundings
    coarse = min(around.digits, 3)
    return {
        "digits": around.digits,
        "outline": around.outline,
        "near": {"digits": coarse, "shapes": [[shape.name, shape.polygons] for shape in around.neighbours]},
        "abroad": {"digits": coarse - 1, "shapes": [[shape.name, shape.polygons] for shape in around.abroad]},
        "seas": [{"name": sea.name, "around": sea.around} for sea in around.seas],
        "window": around.window,
    }


def _area(area_map: AreaMap, place: int, shape: Shape, link: Link) -> dict[str, Any]:
    figure, table = area_map.figure(shape.code), area_map.figures
    state = area_map.plan_state(shape.code)
    symbol = area_map.symbol(shape.code)
    level = area_map.classes.get(shape.code)
    ramp = area_map.legend.ramp[level] if level is not None else None
    return {
        "code": shape.code,
        "number": str(place),
        "name": shape.name,
        "full": area_map.names.get(shape.code, shape.name),
        "at": [shape.lat, shape.lon],
        "shape": shape.polygons,
        "symbol": symbol,
        "ramp": ramp,
        "dark": ramp in DARK_PLACES and symbol in ("class", "unstable"),
        "badge": state,
        "value": labels.value_text(figure, table),
        "count": figure.cases or 0,
        "countText": number(figure.cases) if figure.cases else "",
        "facts": _facts(area_map, figure),
        "spoken": labels.spoken(area_map.names.get(shape.code, shape.name), figure, table, text(f"plan.{state}").th),
        "href": link(shape.code),
    }


def _fact_labels(area_map: AreaMap) -> list[str]:
    """Return what the figures of an area are called: count, value with unit, interval, denominator, state."""
    table = area_map.figures
    denominator = table.denominator_title.th if table.denominator_title else text("table.denominator").th
    count = text("fact.count", counted=table.counted.th).th
    return [count, table.unit.th, text("fact.interval").th, denominator, text("fact.state").th]


def _facts(area_map: AreaMap, figure: Figure) -> list[str]:
    """Return an area's figures in the order of their labels, empty where there is none."""
    table = area_map.figures
    value = labels.value_text(figure, table) if table.measure != "count" else ""
    denominator = number(figure.denominator) if figure.denominator is not None else ""
    return [
        labels.count_text(figure, table),
        value,
        labels.interval_text(figure),
        denominator,
        labels.reason_text(figure, table),
    ]


def _legend(area_map: AreaMap) -> dict[str, Any]:
    legend = area_map.legend
    return {
        "title": legend.title,
        "unit": legend.unit,
        "classes": [[place, words] for place, words in zip(legend.ramp, legend.classes, strict=False)],
        "breaks": [break_text(value) for value in area_map.breaks],
        "between": [[place, colour] for place, colour in BETWEEN.items() if place in legend.ramp],
        "symbols": [list(pair) for pair in legend.symbols],
        "sizeTitle": legend.size_title,
        "sizeNote": legend.size_note,
        "sizes": [[size, number(size)] for size in legend.sizes],
        "badges": [list(pair) for pair in legend.badges],
    }


def _overview(area_map: AreaMap) -> dict[str, Any]:
    table = area_map.figures
    word = level_word(area_map.area, area_map.level)
    shown = sum(figure.value is not None for figure in table.rows())
    total = table.total
    facts = [text("overview.shown", shown=shown, all=len(area_map.shapes), level=word).th]
    if total.value is not None:
        facts.insert(0, text("overview.total", value=labels.value_text(total, table), unit=table.unit.th).th)
    states: dict[str, int] = {state: 0 for state, _ in area_map.legend.badges}
    for shape in area_map.shapes:
        state = area_map.plan_state(shape.code)
        states["draft" if state == "template" else state] += 1
    return {
        "title": text("overview.title", area=area_map.area.full_name_th, many=len(area_map.shapes), level=word).th,
        "facts": marked(" · ".join(facts)),
        "states": list(states.items()),
        "level": word,
        "whole": total.value if table.measure != "count" else None,
        "wholeText": labels.value_text(total, table) if total.value is not None else "",
        "ranked": _ranked(area_map),
        "without": _without(area_map),
        "leading": [
            {"text": get_problem(problem).short_th, "codes": list(codes)} for problem, codes in area_map.leading.items()
        ],
    }


def _ranked(area_map: AreaMap) -> list[dict[str, Any]]:
    figures = [
        figure for figure in area_map.figures.rows() if figure.value is not None and figure.area_code in area_map.names
    ]
    figures.sort(key=lambda figure: (-(figure.value or 0), figure.area_code))
    return [
        {
            "code": figure.area_code,
            "value": figure.value,
            "low": figure.low,
            "high": figure.high,
            "text": number(figure.value or 0),
            "count": labels.count_text(figure, area_map.figures),
        }
        for figure in figures[:RANKED]
    ]


def _without(area_map: AreaMap) -> str:
    """Name the areas that have no value to rank, with what stands in its place."""
    table = area_map.figures
    named = [(shape.name, area_map.figure(shape.code)) for shape in area_map.shapes]
    words = [f"{name} ({labels.value_text(figure, table)})" for name, figure in named if figure.value is None]
    return marked(text("overview.without", areas=" · ".join(words)).th) if words else ""


def _table(area_map: AreaMap) -> dict[str, Any]:
    table, word = area_map.figures, level_word(area_map.area, area_map.level)
    columns = [text("table.number").th, word, text("table.plan").th, text("fact.count", counted=table.counted.th).th]
    rated = table.measure != "count"
    if rated:
        columns += [table.unit.th, text("fact.interval").th]
        columns += [table.denominator_title.th if table.denominator_title else text("table.denominator").th]
    columns.append(text("fact.state").th)
    rows = []
    for i, shape in enumerate(area_map.shapes, start=1):
        figure = area_map.figure(shape.code)
        row = [str(i), area_map.names.get(shape.code, shape.name), text(f"plan.{area_map.plan_state(shape.code)}").th]
        row.append(labels.count_text(figure, table))
        if rated:
            row += [labels.value_text(figure, table), labels.interval_text(figure)]
            row += [number(figure.denominator) if figure.denominator is not None else "–"]
        rows.append([shape.code, [*row, labels.reason_text(figure, table)]])
    return {"caption": area_map.title, "columns": [marked(column) for column in columns], "rows": rows}
