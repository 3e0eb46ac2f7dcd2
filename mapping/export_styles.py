"""The look of exported layers: the classes, colours and patterns of our own maps, as a value for their writers."""

from boundaries.messages import Text
from boundaries.messages import text as message
from layers.disclosure import too_fine
from layers.exporting.style import Fill, Mark, Style
from layers.figures import UNSTABLE_BELOW, FigureTable
from mapping.area_map import breaks_for
from mapping.legends import class_words, ramp_places, shown, symbol_words
from mapping.sheet.fills import GROUNDS, MARKS, ramp_colour
from mapping.styles import RAMP, SYMBOLS, TOKENS

KINDS = {"no_data": "lines", "hidden": "dots", "unstable": "lines", "left_out": "crosses"}


def figures_style(table: FigureTable) -> Style:
    """Return the classes that the map of the same figures shows, then its symbols; counts are filled too."""
    breaks = breaks_for(table, len(table))
    ends = [None, *(_least_within(table, each) for each in breaks), None]
    colours = [ramp_colour(place) for place in ramp_places(len(breaks) + 1)]
    fills = [
        Fill(words, colour, "ok", ends[place], ends[place + 1])
        for place, (words, colour) in enumerate(zip(class_words(breaks), colours, strict=True))
    ]
    said = symbol_words(None if too_fine(table) else table.hidden_below, UNSTABLE_BELOW, table.counted)
    if table.measure == "rate":
        fills += [_unstable(fill, said["unstable"]) for fill in fills]
    fills += [_symbol(symbol, said[symbol]) for symbol in SYMBOLS if symbol != "unstable"]
    return Style(tuple(fills), TOKENS["edge"])


def _least_within(table: FigureTable, end: float) -> float:
    """Return the least value of the class that begins at a break: classes are of numbers as they are read, rounded."""
    values = (one.value for one in table.rows() if one.value is not None)
    return min((value for value in values if shown(value) >= end), default=end)


def areas_style() -> Style:
    """Return outlines alone: boundaries lie over whatever else is shown."""
    return Style((Fill(message("export.legend.area"), TOKENS["paper"]),), TOKENS["border"], "outline")


def places_style() -> Style:
    """Return one kind of point."""
    return Style((Fill(message("export.legend.place"), RAMP[-1]),), TOKENS["paper"], "place")


def _unstable(fill: Fill, words: Text) -> Fill:
    label = Text(f"{fill.label.th} · {words.th}", f"{fill.label.en} · {words.en}")
    return Fill(label, fill.colour, "unstable", fill.low, fill.high, _mark("unstable"))


def _symbol(symbol: str, words: Text) -> Fill:
    return Fill(words, GROUNDS.get(symbol, TOKENS["paper"]), symbol, mark=_mark(symbol))


def _mark(symbol: str) -> Mark | None:
    return Mark(KINDS[symbol], MARKS[symbol]) if symbol in MARKS else None  # type: ignore[arg-type]
