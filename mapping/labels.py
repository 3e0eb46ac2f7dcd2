"""Words of an area's figure: on the map, in the table, and as they are spoken to those who cannot see the map.

Where a label stands is decided on the page, for the screen at hand (`elements/labels.js`).
"""

from boundaries.messages import text
from layers.disclosure import too_fine
from layers.figures import Figure, FigureTable
from mapping.legends import number


def value_text(figure: Figure, table: FigureTable) -> str:
    """Return the short words under an area's name: the value, or why there is none."""
    if figure.state == "unstable" and figure.value is not None:
        return text("label.unstable", value=number(figure.value)).th
    if figure.state in ("ok", "zero") and figure.value is not None:
        return number(figure.value)
    return state_text(figure, table)


def state_text(figure: Figure, table: FigureTable) -> str:
    """Return the words of a figure's state: ordinary values have none."""
    if figure.state == "ok":
        return ""
    if figure.state == "zero":
        return "0"
    if figure.state == "hidden":
        return hidden_text(figure, table)
    return text(
        {"unstable": "state.unstable", "no_data": "legend.no_data", "left_out": "label.left_out"}[figure.state]
    ).th


def hidden_text(figure: Figure, table: FigureTable) -> str:
    """Return the words for a hidden number: the threshold, unless it is hidden whatever it is."""
    whatever = figure.reason != "reason.small_count" or too_fine(table) or not table.hidden_below
    return text("legend.hidden").th if whatever else text("label.hidden", below=table.hidden_below).th


def reason_text(figure: Figure, table: FigureTable) -> str:
    """Return the state in full with its reason, for the table."""
    said = text("state.zero").th if figure.state == "zero" else state_text(figure, table)
    if not figure.reason:
        return said
    return f"{said}: {text(figure.reason).th}" if said else text(figure.reason).th


def count_text(figure: Figure, table: FigureTable) -> str:
    """Return the number of cases, or why it is not told."""
    if figure.cases is not None:
        return number(figure.cases)
    return state_text(figure, table) or "–"


def interval_text(figure: Figure) -> str:
    """Return the 95 % interval, empty where there is none."""
    if figure.low is None or figure.high is None:
        return ""
    return f"{number(figure.low)} – {number(figure.high)}"


def spoken(full_name: str, figure: Figure, table: FigureTable, plan: str) -> str:
    """Say an area, its figure with unit, its count and its plan in one sentence."""
    said = reason_text(figure, table) if figure.value is None else f"{value_text(figure, table)} {table.unit.th}"
    count = (
        f" {number(figure.cases)} {table.counted.th}" if figure.cases is not None and table.measure != "count" else ""
    )
    return f"{full_name} {said}{count} · {plan}"
