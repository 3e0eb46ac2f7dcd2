"""The country on paper: an equal-area conic with its graticule, the capital's surroundings enlarged, every province.

Names that do not fit are codes, and the table of all provinces is their key. No scale number, no arrow: neither would
be true across the sheet.
"""

from collections.abc import Mapping

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from boundaries.messages import text
from mapping.area_map import AreaMap
from mapping.geography import REGION, SEAS
from mapping.sheet import parts
from mapping.sheet.canvas import Canvas
from mapping.sheet.fills import colour_of, fill_key, is_dark, paint
from mapping.sheet.furniture import BAND, draw_frame, draw_graticule, inner
from mapping.sheet.ground import Ground
from mapping.sheet.layouts import Content, Laid, close, map_words, open_page
from mapping.sheet.legend import draw_legend
from mapping.sheet.pages import SheetFull
from mapping.sheet.paper import PT, Paper
from mapping.sheet.placing import Field, Label, Spot, find_inside, largest, line_pitch, NoRoom, place_all
from mapping.sheet.province import SMALL_SIZES, DrawnMap, circle_unit
from mapping.sheet.tables import figure_words
from mapping.sheet.view import CONIC, View, extent, view_around
from mapping.styles import TOKENS

AROUND_CAPITAL = ("10", "11", "12", "13", "73", "74", "75")
STEP = 120
"""Minutes between the lines of the graticule."""
NAME, CODE = 6.6, 6.2
"""Sizes of names and codes on the map, in pt."""
TOP = 10
GAP = 6.0
FINE = 0.1
"""What is finer than this on paper, in mm, is not drawn."""


def lay_country(content: Content) -> Laid:
    """Lay out the sheet of the country on A3 landscape. Raises SheetFull on other paper."""
    paper, area_map = content.paper, content.area_map
    if not paper.large or paper.orientation != "landscape":
        raise SheetFull(part="map", need="420", room=f"{paper.width:.0f}")
    page, top, bottom = open_page(content)
    margin = paper.margin
    main = _first_with_room(content, 150, bottom - top)
    page.put("map", main.canvas, margin, top, map_words(area_map))
    x, width = margin + 150 + GAP, content.width - 150 - GAP
    y = page.put("message", parts.message(paper, area_map, width), x, top)
    figures = figure_words(paper, area_map, codes=True)
    inset = draw_inset(paper, area_map, content.ground, 92, 96, main.unit)
    heading = parts.section(paper, 92, text("sheet.inset").th)
    at = page.put("section", heading, x, y + 2.4)
    low = page.put("inset", inset.canvas, x, at + 1, text("sheet.inset").th)
    right = x + 92 + GAP
    at = page.put("section", parts.section(paper, width - 92 - GAP, text("page.legend").th), right, y + 2.4)
    at = page.put("legend", draw_legend(paper, area_map, circles=main.unit, boxed=False), right, at + 1)
    note = Canvas(paper, width - 92 - GAP, 0)
    note.height = note.paragraph(0, 0, text("sheet.conic").th, note.width, paper.sizes["note"], 400, TOKENS["ink-2"], "note")
    at = page.put("note", note, right, at + 1)
    heading = parts.section(paper, width - 92 - GAP, text("sheet.highest", count=TOP).th, text("sheet.dashed").th)
    at = page.put("section", heading, right, at + 2.4)
    low = max(low, page.put("highest", figures.highest(width - 92 - GAP, TOP), right, at))
    heading = parts.section(paper, width, text("sheet.figures", level=text("level_word.province").th).th, text("sheet.codes_note").th)
    at = page.put("section", heading, x, low + 3)
    for place, table in enumerate(figures.tables(width, 4)):
        page.put("figures", table, x + place * (table.width + 4), at)
    return Laid([close(page, content)], [main, inset])


def _first_with_room(content: Content, width: float, height: float) -> DrawnMap:
    """Draw the country with circles as large as find room where it shows counts. Raises NoRoom."""
    paper, area_map = content.paper, content.area_map
    for size in (0.0,) if area_map.filled else SMALL_SIZES:
        try:
            return draw_country(paper, area_map, content.ground, width, height, circle_unit(paper, area_map, size))
        except NoRoom as error:
            failed = error
    raise failed


def draw_country(
    paper: Paper, area_map: AreaMap, ground: Ground, width: float, height: float, unit: float
) -> DrawnMap:
    """Draw all provinces, each by name or code; `unit` is the radius in mm of one case's circle."""
    bounds = extent(ground.areas.values(), CONIC)
    scale = max((bounds[2] - bounds[0]) / (width - 2 * BAND - 6), (bounds[3] - bounds[1]) / (height - 2 * BAND - 6)) * 1000
    view = view_around(bounds, CONIC, scale, width, height)
    canvas = Canvas(paper, width, height)
    areas = _placed(ground, view)
    land, around = _surroundings(canvas, view, ground, areas)
    _areas(canvas, area_map, areas)
    ring = [areas[code] for code in AROUND_CAPITAL if code in areas]
    if ring:
        canvas.path(shapely.union_all(ring).boundary, stroke=TOKENS["late"], line=0.45)
    spots = _labels(canvas, area_map, areas, land, inner(width, height).buffer(-0.5), around, unit, smaller=set(AROUND_CAPITAL))
    draw_frame(canvas, view, STEP)
    return DrawnMap(canvas, view, None, tuple(spots), unit)


def draw_inset(
    paper: Paper, area_map: AreaMap, ground: Ground, width: float, height: float, unit: float
) -> DrawnMap:
    """Draw the capital and its neighbours enlarged, each by name."""
    shapes = [ground.areas[code] for code in AROUND_CAPITAL if code in ground.areas] or list(ground.areas.values())
    bounds = extent(shapes, CONIC)
    scale = max((bounds[2] - bounds[0]) / (width - 8), (bounds[3] - bounds[1]) / (height - 8)) * 1000
    view = view_around(bounds, CONIC, scale, width, height)
    canvas = Canvas(paper, width, height)
    window = shapely.box(0.2, 0.2, width - 0.2, height - 0.2)
    near = {code: shapely.intersection(shape, window) for code, shape in _placed(ground, view).items()}
    near = {code: shape for code, shape in near.items() if not shape.is_empty}
    canvas.path(window, fill=TOKENS["sea"])
    for shape in near.values():
        canvas.path(shape, fill=TOKENS["near"], stroke="#9AA5AE", line=0.18)
    own = {code: near[code] for code in AROUND_CAPITAL if code in near}
    _areas(canvas, area_map, own, counted=False)
    names = {code: name for code, (name, _) in ground.provinces.items() if code not in own and code in near}
    around = {("near", names[code]): near[code] for code in names}
    spots = _labels(canvas, area_map, own, shapely.union_all(list(own.values())), window.buffer(-1), around, unit, larger=1.3)
    canvas.rectangle((0.2, 0.2, width - 0.2, height - 0.2), stroke=TOKENS["late"], line=0.4)
    return DrawnMap(canvas, view, None, tuple(spots), unit)


def _placed(ground: Ground, view: View) -> dict[str, BaseGeometry]:
    """Return the provinces in mm, as one coverage without what is too fine to be seen."""
    codes = list(ground.areas)
    shapes = view.place(np.array([ground.areas[code] for code in codes], dtype=object))
    return dict(zip(codes, shapely.coverage_simplify(shapes, FINE), strict=True))


def _surroundings(
    canvas: Canvas, view: View, ground: Ground, areas: Mapping[str, BaseGeometry]
) -> tuple[BaseGeometry, dict[tuple[str, str], BaseGeometry]]:
    """Draw sea, lands abroad and graticule; return the country and what may be named around it."""
    window = inner(canvas.width, canvas.height)
    canvas.path(window, fill=TOKENS["sea"])
    own = shapely.coverage_union_all(list(areas.values()))
    named: dict[tuple[str, str], BaseGeometry] = {}
    covered = [own]
    for name, shape in ground.lands_abroad(REGION):
        part = shapely.make_valid(shapely.simplify(view.place(shape), FINE)).intersection(window)
        canvas.path(part, fill=TOKENS["far"], stroke="#B9B3A6", line=0.15)
        named["far", name] = part.difference(own)
        covered.append(part)
    water = window.difference(shapely.union_all(covered))
    for sea in SEAS:
        named["sea", sea.name] = water.intersection(view.place(shapely.Polygon(sea.around)))
    draw_graticule(canvas, view, STEP)
    return own, named


def _areas(canvas: Canvas, area_map: AreaMap, areas: Mapping[str, BaseGeometry], *, counted: bool = True) -> None:
    for code, shape in areas.items():
        paint(canvas, shape, area_map.symbol(code), colour_of(area_map, code))
        key = fill_key(area_map, code)
        if counted:
            canvas.fills[key] = canvas.fills.get(key, 0) + 1
    outline = shapely.union_all(list(areas.values())).boundary
    edges = shapely.union_all(shapely.boundary(list(areas.values()))).difference(outline)
    canvas.path(edges, stroke=TOKENS["paper"], line=0.34)
    canvas.path(edges, stroke=TOKENS["border"], line=0.14)
    canvas.path(outline, stroke=TOKENS["ink"], line=0.28)


def _labels(
    canvas: Canvas, area_map: AreaMap, areas: Mapping[str, BaseGeometry], land: BaseGeometry, window: BaseGeometry,
    around: Mapping[tuple[str, str], BaseGeometry], unit: float, *, larger: float = 1.0, smaller: set[str] | None = None,
) -> list[Spot]:  # fmt: skip
    """Label every area, then what lies around them where there is room."""
    names = {shape.code: shape.name for shape in area_map.shapes}
    edges = shapely.union_all(shapely.boundary(list(areas.values())))
    field = Field(canvas.paper, window, shapely.simplify(land, 0.15), edges, [])
    wanted = []
    for code, shape in areas.items():
        line, short = (names[code], NAME * larger, 600), (code, CODE, 700)
        lines = (short,) if code in (smaller or ()) else (line,)
        radius = unit * (area_map.figure(code).cases or 0) ** 0.5
        wanted.append(Label(code, largest(shape), lines, short, radius))
    spots = place_all(field, wanted)
    for spot in spots:
        _draw_spot(canvas, area_map, spot)
    size = canvas.paper.sizes["near"]
    for (kind, name), shape in around.items():
        free = largest(shape.intersection(window))
        if not name or free.geom_type != "Polygon":
            continue
        spot = find_inside(free, canvas.paper.width_of(name, size), line_pitch(size), field.taken, 0.8)
        if spot:
            canvas.text(spot[0], spot[1] + size * PT * 0.36, name, size, 400, TOKENS[f"{kind}-ink"], what="around")
            half, deep = canvas.paper.width_of(name, size) / 2, line_pitch(size) / 2
            field.taken.append(shapely.box(spot[0] - half, spot[1] - deep, spot[0] + half, spot[1] + deep))
    return spots


def _draw_spot(canvas: Canvas, area_map: AreaMap, spot: Spot) -> None:
    code = spot.label.code
    white = is_dark(area_map, code) and spot.tip is None
    if spot.tip is not None:
        canvas.line([spot.point, spot.tip], TOKENS["ink"], 0.16)
        canvas.circle(*spot.point, 0.35, fill=TOKENS["ink"])
    if spot.tip is not None or area_map.symbol(code) not in ("class", "zero", "plain"):
        ground = TOKENS["paper"] if spot.tip is not None else colour_of(area_map, code)
        half, deep = spot.width / 2 + 0.3, spot.height / 2
        canvas.rectangle((spot.x - half, spot.y - deep, spot.x + half, spot.y + deep), 0.5, fill=ground, opacity=0.88)
    if spot.label.radius:
        x, y = (spot.x, spot.y) if spot.tier == "number" else spot.point
        canvas.circle(x, y, spot.label.radius, fill=TOKENS["paper"], stroke=TOKENS["ink"], line=0.2, opacity=0.92)
    words, size, weight = spot.lines[0]
    base = spot.y + spot.height / 2 - line_pitch(size) / 2 + size * PT * 0.36
    canvas.text(spot.x, base, words, size, weight, TOKENS["paper" if white else "ink"], what=f"area {code}")
