"""Which part of the country's sheet stands where: map, inset, legend, highest values, and the table that is the key."""

from boundaries.messages import text
from mapping.sheet import parts
from mapping.sheet.canvas import Canvas
from mapping.sheet.content import GUTTER, Content, Laid, Parts, close, map_words, open_page
from mapping.sheet.country import draw_country, draw_inset
from mapping.sheet.drawing import SMALL_SIZES, DrawnMap, circle_unit
from mapping.sheet.figure_tables import FigureWords, figure_words
from mapping.sheet.legend import draw_legend
from mapping.sheet.pages import Page, SheetFull, height_of_part
from mapping.sheet.placing import NoRoom
from mapping.sheet.stacks import plotted
from mapping.styles import TOKENS

TOP, LEAST_TOP = 10, 5
"""How many of the highest values are listed, and how few where there is not room for more."""
SHAPE = 0.58
"""Width of the map in heights: the country is half as wide as high."""
MOST_MAP = 0.62
"""Share of the page's width that the map takes at most."""
INSET_SHAPE = 1.06
"""Height of the inset in widths."""
LEAST_INSET = 58.0
"""A smaller inset, in mm, shows no more than the map itself."""
TWO_COLUMNS = 150.0
"""From this width on inset and legend stand side by side beside the map."""
LEGEND = 130.0
"""What legend and highest values beside the inset need at most, in mm."""
TABLE = 64.0
"""Least width in mm of a table beside others."""


def lay_country(content: Content) -> Laid:
    """Lay out the sheet of the country: on large paper one page, on A4 the table has a page of its own."""
    if content.paper.large:
        try:
            return _one_page(content)
        except SheetFull:
            pass
    return _two_pages(content)


def _one_page(content: Content) -> Laid:
    """Set the table beside the map where the page is wide, beneath it where it is high. Raises SheetFull."""
    page, top, bottom = open_page(content)
    figures, margin = figure_words(content.paper, content.area_map, codes=True), content.paper.margin
    wide = content.paper.orientation == "landscape"
    if wide:
        map_width = min((bottom - top) * SHAPE, content.width * MOST_MAP)
        side = content.width - map_width - GUTTER
        key = _key(content, figures, side)
        low = bottom - _high(key)
        main = _put_map(content, page, (margin, top), (map_width, bottom - top))
        inset = _beside(content, page, figures, main, (margin + map_width + GUTTER, top), (side, low - top - 3.0))
        page.stack(key, margin + map_width + GUTTER, low, (0, 1))
        return Laid([close(page, content)], [main, inset])
    key = _key(content, figures, content.width)
    low = bottom - _high(key)
    map_width = min((low - 3.0 - top) * SHAPE, content.width * MOST_MAP)
    main = _put_map(content, page, (margin, top), (map_width, low - 3.0 - top))
    place, size = (margin + map_width + GUTTER, top), (content.width - map_width - GUTTER, low - 3.0 - top)
    inset = _beside(content, page, figures, main, place, size)
    page.stack(key, margin, low, (0, 1))
    return Laid([close(page, content)], [main, inset])


def _two_pages(content: Content) -> Laid:
    """Set the map on the first page and the table on the second; the highest values where there is room."""
    page, top, bottom = open_page(content)
    figures, margin = figure_words(content.paper, content.area_map, codes=True), content.paper.margin
    map_width = min((bottom - top) * SHAPE, content.width * MOST_MAP)
    main = _put_map(content, page, (margin, top), (map_width, bottom - top))
    place, size = (margin + map_width + GUTTER, top), (content.width - map_width - GUTTER, bottom - top)
    inset = _beside(content, page, figures, main, place, size)
    second, top, _ = open_page(content, first=False)
    listed = any(block.what == "highest" for block in page.blocks)
    found = [] if listed else _highest(content, figures, content.width)[0]
    found += _key(content, figures, content.width)
    second.stack(
        found,
        margin,
        top,
        [0.0 if not place else 3.0 if one[0] == "section" else 1.0 for place, one in enumerate(found)],
    )
    return Laid([close(page, content), close(second, content)], [main, inset])


def _put_map(content: Content, page: Page, place: tuple[float, float], size: tuple[float, float]) -> DrawnMap:
    """Draw the country with circles as large as find room where it shows counts. Raises NoRoom."""
    paper, area_map = content.paper, content.area_map
    for each in (0.0,) if area_map.filled else SMALL_SIZES:
        try:
            main = draw_country(paper, area_map, content.ground, *size, circle_unit(paper, area_map, each))
        except NoRoom as error:
            failed = error
            continue
        page.put("map", main.canvas, *place, map_words(area_map))
        return main
    raise failed


def _beside(
    content: Content,
    page: Page,
    figures: FigureWords,
    main: DrawnMap,
    place: tuple[float, float],
    size: tuple[float, float],
) -> DrawnMap:
    """Fill the room beside the map: what the figures say, the inset, the legend, the highest values. SheetFull."""
    (x, y), (width, height) = place, size
    message = parts.message(content.paper, content.area_map, width)
    y = page.put("message", message, x, y) + 2.4
    room = height - message.height - 2.4
    if width < TWO_COLUMNS:
        return _stacked(content, page, figures, main, (x, y), (width, room))
    inset_width = min(max(width * 0.46, width - GUTTER - LEGEND), (room - 8.0) / INSET_SHAPE)
    right = width - inset_width - GUTTER
    legend, highest = _legend(content, main.unit, right), _highest(content, figures, right)
    beneath: Parts = []
    fitting = [one for one in highest if _high(legend) + 3.0 + _high(one) <= room]
    if fitting:
        legend += fitting[0]
    else:
        lying = _highest(content, figures, width)
        beneath = next((one for one in lying if _high(one) + 3.0 + LEAST_INSET * INSET_SHAPE <= room), [])
    left_room = room - (_high(beneath) + 3.0 if beneath else 0.0)
    inset = _put_inset(content, page, main, (x, y), (inset_width, left_room))
    page.stack(legend, x + inset_width + GUTTER, y, _gaps(legend))
    if beneath:
        page.stack(beneath, x, y + left_room + 3.0, _gaps(beneath))
    return inset


def _stacked(
    content: Content,
    page: Page,
    figures: FigureWords,
    main: DrawnMap,
    place: tuple[float, float],
    size: tuple[float, float],
) -> DrawnMap:
    """Stack inset, legend and, where there is room, the highest values."""
    (x, y), (width, room) = place, size
    legend, highest = _legend(content, main.unit, width), _highest(content, figures, width)
    taken = _high(legend) + 3.0 + LEAST_INSET * INSET_SHAPE + 11.0
    legend += next((one for one in highest if taken + _high(one) <= room), [])
    inset = _put_inset(content, page, main, (x, y), (width, room - _high(legend) - 3.0))
    low = max(block.bottom for block in page.blocks if block.what == "inset")
    page.stack(legend, x, low + 3.0, _gaps(legend))
    return inset


def _put_inset(
    content: Content, page: Page, main: DrawnMap, place: tuple[float, float], size: tuple[float, float]
) -> DrawnMap:
    """Draw the inset under its heading, as large as its room and shape let it. Raises SheetFull."""
    words, (width, room) = text("sheet.inset").th, size
    heading = parts.section(content.paper, width, words)
    height = min(room - heading.height - 1.0, width * INSET_SHAPE)
    if height < LEAST_INSET:
        raise SheetFull(part="inset", need=f"{LEAST_INSET:.0f}", room=f"{height:.0f}")
    inset = draw_inset(content.paper, content.area_map, content.ground, (width, height), main.unit)
    page.stack([("section", heading, ""), ("inset", inset.canvas, words)], *place, (0, 1))
    return inset


def _legend(content: Content, unit: float, width: float) -> Parts:
    """Return the legend under its heading, and what is said of the projection."""
    paper = content.paper
    note = Canvas(paper, width, 0)
    said, size = text("sheet.conic").th, paper.sizes["note"]
    note.height = note.paragraph(0, 0, said, width, size, colour=TOKENS["ink-2"], what="note")
    return [
        ("section", parts.section(paper, width, text("page.legend").th), ""),
        ("legend", draw_legend(paper, content.area_map, circles=unit, boxed=False, room=width), ""),
        ("note", note, ""),
    ]


def _highest(content: Content, figures: FigureWords, width: float) -> list[Parts]:
    """Return the list of the highest values, the longest first."""
    made: list[Parts] = []
    for count in range(TOP, LEAST_TOP - 1, -1):
        table = figures.highest(width, count)
        title = text(f"sheet.highest.{figures.kind}", count=len(table.rows)).th
        note = text("sheet.dashed").th if plotted(table) else ""
        heading = parts.section(content.paper, width, title, note)
        made.append([("section", heading, ""), ("highest", table, "")])
    return made


def _key(content: Content, figures: FigureWords, width: float) -> Parts:
    """Return the table of all provinces in as many columns as there is room for."""
    name = text("sheet.figures", level=text("level_word.province").th).th
    heading = parts.section(content.paper, width, name, text("sheet.codes_note").th)
    columns = min(int((width + 4.0) / (TABLE + 4.0)), 4)
    return [("section", heading, ""), ("figures", figures.tables(width, columns), "")]


def _gaps(found: Parts) -> list[float]:
    return [0.0 if place == 0 else 3.0 if one[0] == "section" else 1.0 for place, one in enumerate(found)]


def _high(found: Parts) -> float:
    return sum(height_of_part(one[1]) for one in found) + sum(_gaps(found))
