"""One map as one drawing for slides, documents and pictures: of the country, a province or a district."""

from dataclasses import replace

import shapely

from mapping.area_map import AreaMap
from mapping.screen import Screen, screen
from mapping.sheet.canvas import Canvas
from mapping.sheet.country import draw_country, draw_inset
from mapping.sheet.drawing import SMALL_SIZES, DrawnMap, circle_unit
from mapping.sheet.furniture import inner
from mapping.sheet.ground import Ground
from mapping.sheet.legend import draw_legend
from mapping.sheet.pages import Block, Page
from mapping.sheet.placing import NoRoom
from mapping.sheet.province import draw_province
from mapping.sheet.setting import Document, to_png
from mapping.styles import TOKENS

Size = tuple[float, float]
"""Width and height in mm."""
GAP = 4.0
"""Between a map and its legend, in mm."""
INSET_SHARE = 0.46
"""Share of a country's picture that the capital's surroundings take beside the map."""


def draw_map(paper: Screen, area_map: AreaMap, ground: Ground, size: Size) -> DrawnMap:
    """Draw a map without its legend and without plans. Raises NoRoom."""
    area_map = without_plans(area_map)
    if area_map.area.level != "country":
        return draw_province(paper, area_map, ground, size, legend=False)
    return _country(paper, area_map, ground, size)


def without_plans(area_map: AreaMap) -> AreaMap:
    """Return a map that tells nothing of plans: where they stand on the same file, their states would only crowd it."""
    return replace(area_map, mind_maps={})


def _country(paper: Screen, area_map: AreaMap, ground: Ground, size: Size) -> DrawnMap:
    """Draw the country at the left, the capital and its surroundings enlarged at the right."""
    wide = size[0] * INSET_SHARE - 3
    main = _with_room(paper, area_map, ground, (size[0] - wide - 3, size[1]))
    inset = draw_inset(paper, area_map, ground, (wide, min(wide * 1.05, size[1])), main.unit)
    canvas = Canvas(paper, *size, fills=dict(main.canvas.fills))
    canvas.paste(main.canvas, 0, 0)
    canvas.paste(inset.canvas, size[0] - wide, 0)
    return replace(main, canvas=canvas)


def _with_room(paper: Screen, area_map: AreaMap, ground: Ground, size: Size) -> DrawnMap:
    """Draw the country with circles as large as find room where it shows counts. Raises NoRoom."""
    for circles in (0.0,) if area_map.filled else SMALL_SIZES:
        try:
            return draw_country(paper, area_map, ground, *size, circle_unit(paper, area_map, circles))
        except NoRoom as error:
            failed = error
    raise failed


def outlined(drawn: DrawnMap, ground: Ground, code: str) -> Canvas:
    """Return a copy of a drawn map on which one area has a strong outline; texts stay above it."""
    old = drawn.canvas
    canvas = Canvas(old.paper, old.width, old.height, list(old.shapes), list(old.texts), list(old.marks))
    shape = drawn.view.place(ground.areas[code])
    edge = shapely.simplify(shape, 0.05).boundary.intersection(inner(old.width, old.height))
    canvas.path(edge, stroke=TOKENS["paper"], line=2.2)
    canvas.path(edge, stroke=TOKENS["late"], line=1.2)
    return canvas


def with_legend(drawn: DrawnMap, area_map: AreaMap, width: float) -> Canvas:
    """Return a drawn map with its legend at its right, in all `width` mm wide; beneath it where it is too wide."""
    old = drawn.canvas
    paper, room = old.paper, width - old.width - GAP
    area_map = without_plans(area_map)
    legend = draw_legend(paper, area_map, circles=drawn.unit, boxed=False, room=room)
    if legend.width <= room and legend.height <= old.height:
        canvas, place = Canvas(paper, width, old.height), (old.width + GAP, 0.0)
    else:
        legend = draw_legend(paper, area_map, circles=drawn.unit, boxed=False, room=old.width)
        canvas = Canvas(paper, max(old.width, legend.width), old.height + GAP + legend.height)
        place = (0.0, old.height + GAP)
    canvas.paste(old, 0, 0)
    canvas.paste(legend, *place)
    return canvas


def to_picture(canvas: Canvas, ppi: float = 200) -> bytes:
    """Return a drawing as PNG."""
    paper = screen(canvas.width, canvas.height, edge=0.0)
    page = Page(paper, [Block("map", 0.0, 0.0, canvas)])
    return to_png([page], Document("", "", "", ()), ppi)[0]
