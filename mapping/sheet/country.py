"""The country on paper: an equal-area conic with its graticule, the capital's surroundings enlarged, every province.

Names that do not fit are codes, and the table of all provinces is their key. No scale number, no arrow: neither would
be true across the sheet.
"""

from collections.abc import Mapping

import shapely
from shapely.geometry.base import BaseGeometry

from boundaries.messages import text
from mapping.area_map import AreaMap
from mapping.sheet import parts
from mapping.sheet.canvas import Canvas
from mapping.sheet.drawing import (
    COUNTRY,
    SMALL_SIZES,
    DrawnMap,
    circle_unit,
    draw_areas,
    draw_spot,
    draw_surroundings,
    name_around,
    placed_areas,
)
from mapping.sheet.figure_tables import FigureWords, figure_words
from mapping.sheet.furniture import BAND, draw_frame, inner
from mapping.sheet.ground import Ground
from mapping.sheet.layouts import GUTTER, Content, Laid, Parts, close, map_words, open_page
from mapping.sheet.legend import draw_legend
from mapping.sheet.paper import BadPaper, Paper
from mapping.sheet.placing import Field, Label, NoRoom, largest, place_all
from mapping.sheet.view import CONIC, View, extent, view_around, whole_of
from mapping.styles import TOKENS

AROUND_CAPITAL = ("10", "11", "12", "13", "73", "74", "75")
STEP = 120
"""Minutes between the lines of the graticule."""
NAME, CODE, LARGER = 6.6, 6.2, 1.3
"""Sizes of names and codes on the map in pt, and how much larger names are on the inset."""
TOP = 10
"""How many of the highest values are listed."""
MAP_WIDTH, INSET = 150.0, (92.0, 96.0)
"""Sizes in mm on A3."""


def lay_country(content: Content) -> Laid:
    """Lay out the sheet of the country on A3 landscape: the map, its inset and legend, the highest values, the key.

    Raises BadPaper for other paper.
    """
    paper, area_map = content.paper, content.area_map
    if not paper.large or paper.orientation != "landscape":
        raise BadPaper(paper=f"{paper.name} {paper.orientation}", allowed=text("sheet.country_paper").th)
    page, top, bottom = open_page(content)
    main = _first_with_room(content, MAP_WIDTH, bottom - top)
    page.put("map", main.canvas, paper.margin, top, map_words(area_map))
    x, width = paper.margin + MAP_WIDTH + GUTTER, content.width - MAP_WIDTH - GUTTER
    figures = figure_words(paper, area_map, codes=True)
    y = page.put("message", parts.message(paper, area_map, width), x, top) + 2.4
    inset = draw_inset(paper, area_map, content.ground, INSET, main.unit)
    words_ = text("sheet.inset").th
    left: Parts = [("section", parts.section(paper, INSET[0], words_), ""), ("inset", inset.canvas, words_)]
    low = page.stack(left, x, y, (0, 1))
    right = _right_parts(content, figures, main.unit, width - INSET[0] - GUTTER)
    low = max(low, page.stack(right, x + INSET[0] + GUTTER, y, (0, 1, 1, 2.4, 0)))
    name = text("sheet.figures", level=text("level_word.province").th).th
    heading = parts.section(paper, width, name, text("sheet.codes_note").th)
    page.stack([("section", heading, ""), ("figures", figures.tables(width, 4), "")], x, low, (3, 0))
    return Laid([close(page, content)], [main, inset])


def _right_parts(content: Content, figures: FigureWords, unit: float, width: float) -> Parts:
    """Return legend, projection and highest values."""
    paper = content.paper
    note = Canvas(paper, width, 0)
    said, size = text("sheet.conic").th, paper.sizes["note"]
    note.height = note.paragraph(0, 0, said, width, size, colour=TOKENS["ink-2"], what="note")
    top = parts.section(paper, width, text(f"sheet.highest.{figures.kind}", count=TOP).th, text("sheet.dashed").th)
    return [
        ("section", parts.section(paper, width, text("page.legend").th), ""),
        ("legend", draw_legend(paper, content.area_map, circles=unit, boxed=False, room=width), ""),
        ("note", note, ""),
        ("section", top, ""),
        ("highest", figures.highest(width, TOP), ""),
    ]


def _first_with_room(content: Content, width: float, height: float) -> DrawnMap:
    """Draw the country with circles as large as find room where it shows counts. Raises NoRoom."""
    paper, area_map = content.paper, content.area_map
    for size in (0.0,) if area_map.filled else SMALL_SIZES:
        try:
            return draw_country(paper, area_map, content.ground, width, height, circle_unit(paper, area_map, size))
        except NoRoom as error:
            failed = error
    raise failed


def draw_country(paper: Paper, area_map: AreaMap, ground: Ground, width: float, height: float, unit: float) -> DrawnMap:
    """Draw all provinces, each by name or code; `unit` is the radius in mm of one case's circle."""
    canvas = Canvas(paper, width, height)
    view = _fitting_view(list(ground.areas.values()), width, height, BAND + 3)
    areas = placed_areas(ground, view, COUNTRY)
    own = whole_of(areas.values())
    named = draw_surroundings(canvas, view, ground, own, "TH", COUNTRY, STEP)
    outline, lines = draw_areas(canvas, area_map, areas, COUNTRY)
    ring = [areas[code] for code in AROUND_CAPITAL if code in areas]
    canvas.path(shapely.union_all(ring).boundary, stroke=TOKENS["late"], line=0.45)
    field = Field(paper, inner(width, height).buffer(-0.5), shapely.simplify(outline, 0.15), lines, [])
    spots = place_all(field, _labels(area_map, areas, unit, coded=frozenset(AROUND_CAPITAL)))
    for spot in sorted(spots, key=lambda one: -one.label.radius):
        draw_spot(canvas, area_map, spot, COUNTRY)
    name_around(canvas, field, named)
    draw_frame(canvas, view, STEP)
    return DrawnMap(canvas, view, None, tuple(spots), unit)


def draw_inset(paper: Paper, area_map: AreaMap, ground: Ground, size: tuple[float, float], unit: float) -> DrawnMap:
    """Draw the capital and its neighbours enlarged, each by name; the whole country where it has no such provinces."""
    width, height = size
    canvas, window = Canvas(paper, width, height), shapely.box(0.2, 0.2, width - 0.2, height - 0.2)
    inside = {code: shape for code, shape in ground.areas.items() if code in AROUND_CAPITAL} or dict(ground.areas)
    view = _fitting_view(list(inside.values()), width, height, 4)
    placed = {code: shape.intersection(window) for code, shape in placed_areas(ground, view, COUNTRY).items()}
    near = {code: shape for code, shape in placed.items() if not shape.is_empty}
    canvas.path(window, fill=TOKENS["sea"])
    for shape in near.values():
        canvas.path(shape, fill=TOKENS["near"], stroke="#9AA5AE", line=0.18)
    outline, lines = draw_areas(canvas, area_map, {code: near[code] for code in inside}, COUNTRY)
    field = Field(paper, window.buffer(-1), shapely.simplify(outline, 0.15), lines, [])
    spots = place_all(field, _labels(area_map, {code: near[code] for code in inside}, unit, larger=LARGER))
    for spot in spots:
        draw_spot(canvas, area_map, spot, COUNTRY)
    names = {code: name for code, (name, _) in ground.provinces.items()}
    name_around(canvas, field, {("near", names[code]): near[code] for code in near if code not in inside})
    canvas.rectangle((0.2, 0.2, width - 0.2, height - 0.2), stroke=TOKENS["late"], line=0.4)
    return DrawnMap(canvas, view, None, tuple(spots), unit)


def _fitting_view(shapes: list[BaseGeometry], width: float, height: float, margin: float) -> View:
    """Return the view in which shapes fill a window but for a margin."""
    bounds = extent(shapes, CONIC)
    room = (width - 2 * margin, height - 2 * margin)
    scale = max((bounds[2] - bounds[0]) / room[0], (bounds[3] - bounds[1]) / room[1]) * 1000
    return view_around(bounds, CONIC, scale, width, height)


def _labels(
    area_map: AreaMap,
    areas: Mapping[str, BaseGeometry],
    unit: float,
    *,
    larger: float = 1.0,
    coded: frozenset[str] = frozenset(),
) -> list[Label]:
    """Return what is to be written of every province: its name, or its code for those in `coded`."""
    names, wanted = {shape.code: shape.name for shape in area_map.shapes}, []
    for code, shape in areas.items():
        short = (code, CODE, 700)
        line = short if code in coded else (names[code], NAME * larger, 600)
        radius = unit * (area_map.figure(code).cases or 0) ** 0.5
        wanted.append(Label(code, largest(shape), (line,), short, radius))
    return wanted
