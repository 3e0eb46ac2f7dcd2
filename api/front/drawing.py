"""An indicator's figures as they are drawn on the front page: what stands for each province, the legend, the bars."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from boundaries.areas import AreaRecord
from boundaries.messages import text
from layers.classification import breaks as class_breaks
from layers.figures import FigureTable
from mapping import legends
from mapping.map_svg import DrawnArea, bar, radius, swatch
from mapping.styles import Symbol

CLASSES = 4
BAR = 1
"""Place in the ramp of bars beside a map of circles."""


@dataclass(frozen=True)
class Row:
    """A province in the table; `bar` is markup of ours."""

    name: str
    href: str
    value: str
    bar: Markup


@dataclass(frozen=True)
class Drawn:
    """What stands for each area, the legend as (markup of ours, words), and the rows of the table."""

    areas: tuple[DrawnArea, ...]
    legend: tuple[tuple[Markup, str], ...]
    rows: tuple[Row, ...]


def drawn(table: FigureTable, areas: Sequence[AreaRecord], *, counted: bool) -> Drawn:
    """Say how areas are drawn: shares fill them, counts are circles on them, as on all maps of the product."""
    values = {area.code: table.get(area.code).value for area in areas}
    known = [value for value in values.values() if value is not None]
    most = max(known, default=0.0)
    inner = () if counted else tuple(class_breaks(known, "natural", min(CLASSES, len(set(known)))))
    made = tuple(_area(area, values[area.code], inner, most, table.unit.th, counted=counted) for area in areas)
    marks = _circles(most) if counted else _classes(inner, known)
    return Drawn(
        areas=made,
        legend=marks + _states(made, counted=counted),
        rows=tuple(
            _row(area, one, values[area.code], most, counted=counted) for area, one in zip(areas, made, strict=True)
        ),
    )


def _area(
    area: AreaRecord, value: float | None, inner: Sequence[float], most: float, unit: str, *, counted: bool
) -> DrawnArea:
    symbol: Symbol = "no_data" if value is None else "zero" if counted or value == 0 else "class"
    place = _ramp(inner)[legends.class_of(value or 0, inner)] if symbol == "class" else None
    said = text("front.value", value=written(value, counted=counted), unit=unit).th if value is not None else _no_data()
    size = value / most if counted and value and most > 0 else 0.0
    return DrawnArea(area.code, symbol, place, f"{area.full_name_th} {said}", f"/maps/{area.code}", size)


def written(value: float, *, counted: bool) -> str:
    """Write a value: counts whole, shares with one decimal, which is what their classes part by."""
    return legends.number(value) if counted else f"{value:,.1f}"


def _row(area: AreaRecord, one: DrawnArea, value: float | None, most: float, *, counted: bool) -> Row:
    said = written(value, counted=counted) if value is not None else _no_data()
    length = value / most if value and most > 0 else 0.0
    drawn_bar = _markup(bar(length, "class", BAR if one.place is None else one.place))
    return Row(area.short_name_th, str(one.href), said, drawn_bar)


def _markup(made: str) -> Markup:
    return Markup(made)  # noqa: S704  (numbers and colours of ours alone)


def _no_data() -> str:
    return text("legend.no_data").th


def _classes(inner: Sequence[float], known: Sequence[float]) -> tuple[tuple[Markup, str], ...]:
    words = legends.class_texts(inner) if any(known) else ()
    return tuple((_markup(swatch("class", place)), said) for place, said in zip(_ramp(inner), words, strict=False))


def _ramp(inner: Sequence[float]) -> tuple[int, ...]:
    return legends.ramp_places(len(inner) + 1)


def _circles(most: float) -> tuple[tuple[Markup, str], ...]:
    return tuple((_circle(size / most), legends.number(size)) for size in legends.circle_sizes(most))


def _circle(size: float) -> Markup:
    r = max(radius(size) / 2, 2)  # about what a screen shows of the drawing's units
    return _markup(
        f'<svg class="swatch" width="50" height="{2 * r + 2:.0f}" aria-hidden="true">'
        f'<circle cx="25" cy="{r + 1:.1f}" r="{r:.1f}"/></svg>'
    )


def _states(areas: Sequence[DrawnArea], *, counted: bool) -> tuple[tuple[Markup, str], ...]:
    """Return the entries beside the classes: of the states that an indicator can have, those on this map."""
    present = {one.symbol for one in areas}
    words: dict[Symbol, str] = {"no_data": _no_data()}
    if not counted:
        words["zero"] = text("front.zero").th
    return tuple((_markup(swatch(symbol, None)), said) for symbol, said in words.items() if symbol in present)
