"""Pictures: a map with title, legend, what its figures say and imprint, as PNG or SVG of a stated size in pixels.

In SVG all letters are outlines: no viewer but a browser takes a font from within the file, and each shapes Thai its own
way. What is written stands in `title` and `desc` for those who search or listen.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any

from sqlalchemy.orm import Session

from boundaries.errors import SocialMapError
from boundaries.messages import text
from layers.filters import Filter
from layers.scope import Scope
from mapping.area_map import AreaMap, build_area_map, level_word
from mapping.map_drawings import draw_map, without_plans
from mapping.offline import Library
from mapping.screen import HEIGHT, WIDTH, Screen, screen
from mapping.sheet import parts, words
from mapping.sheet.canvas import Canvas
from mapping.sheet.drawing import DrawnMap
from mapping.sheet.figure_tables import figure_words
from mapping.sheet.ground import Ground, read_ground
from mapping.sheet.layouts import Parts, map_words
from mapping.sheet.legend import draw_legend
from mapping.sheet.pages import Page, SheetFull, height_of_part
from mapping.sheet.paper import PT, TooNarrow
from mapping.sheet.parts import Imprint
from mapping.sheet.placing import NoRoom
from mapping.sheet.setting import Document, to_png, to_svg
from mapping.sheet.stacks import figures_note

LEAST, MOST = 640, 7680
"""Pixels of a side."""
FEWEST = 96.0
"""Pixels an inch below which small type is no longer legible."""
GUTTER = 6.0
COLUMN = 0.36
"""Share of a wide picture's width that stands beside the map."""
UNDER = 0.52
"""Share of a high picture's inside that the map takes."""
TRIES = (0.84, 0.76, 0.68, 0.6)
"""Type beside that of slides: a picture is looked at from near. Smaller where something finds no room."""
TOP = 10
"""How many of the highest values are listed where there is room."""
COUNTRY = 1.3
"""How much more paper the country takes: its names and codes find no place else."""


class BadPictureSize(SocialMapError):
    """A picture smaller or larger than can be drawn."""

    key = "error.bad_picture_size"


@dataclass(frozen=True)
class Picture:
    """A laid-out picture: its page, its size in pixels, what it says of itself."""

    area_map: AreaMap
    page: Page
    drawn: DrawnMap
    imprint: Imprint
    width: int
    height: int
    logo: bytes | None = None

    @property
    def _document(self) -> Document:
        return Document(words.title(self.area_map), self.imprint.office, words.subject(self.area_map), ())

    def png(self) -> bytes:
        """Return it as PNG of exactly its size; the same release, options and time give the same bytes."""
        return to_png([self.page], self._document, self.width * 25.4 / self.page.paper.width, self.logo)[0]

    def svg(self) -> bytes:
        """Return it as SVG with its letters as outlines, its size in pixels, what it shows told in words."""
        drawn = to_svg([self.page], self._document, self.logo)[0].decode()
        told = f"<title>{escape(self.area_map.title)}</title><desc>{escape(self.told)}</desc>"
        head = f'<svg role="img" xml:lang="th" width="{self.width}" height="{self.height}"'
        opening = re.match(r"<svg([^>]*)>", drawn)
        assert opening is not None
        kept = re.sub(r' (width|height)="[^"]*"', "", opening[1])
        return f"{head}{kept}>{told}{drawn[opening.end() :]}".encode()

    @property
    def told(self) -> str:
        """What the picture shows, in words: the figures of every area, sources, for whom."""
        table = self.area_map.figures
        rows = [f"{name}: {words_of(self.area_map, code)}" for code, name in self.area_map.names.items()]
        said = [words.subject(self.area_map), words.audience_stamp(self.area_map), words.headline(self.area_map)]
        return " · ".join([*said, f"({table.unit.th})", *rows, words.small_print(self.area_map), self.imprint.office])


def words_of(area_map: AreaMap, code: str) -> str:
    """Return an area's value as it stands on a map."""
    from mapping.labels import value_text

    return value_text(area_map.figure(code), area_map.figures)


def build_picture(
    session: Session,
    scope: Scope,
    area_code: str,
    printed_at: datetime,
    *,
    width: int = 1920,
    height: int = 1080,
    filter: Filter | None = None,
    library: Library | None = None,
    office: str | None = None,
    logo: bytes | None = None,
    **classes: Any,
) -> Picture:
    """Build the picture of an area's map; `width` and `height` in pixels, `classes` as for `build_area_map`.

    Raises BadPictureSize, what `build_area_map` raises, and SheetFull or NoRoom where words find no place.
    """
    check_size(width, height)
    area_map = build_area_map(session, scope, area_code, filter=filter, library=library, **classes)
    ground = read_ground(session, area_map.level, area_code, library)
    return lay_picture(area_map, ground, printed_at, width=width, height=height, office=office, logo=logo)


def check_size(width: int, height: int) -> None:
    """Raise BadPictureSize for a size that no picture is made in."""
    if not (LEAST <= width <= MOST and LEAST <= height <= MOST):
        raise BadPictureSize(size=f"{width}x{height}", least=LEAST, most=MOST)


def lay_picture(
    area_map: AreaMap,
    ground: Ground,
    printed_at: datetime,
    *,
    width: int = 1920,
    height: int = 1080,
    office: str | None = None,
    logo: bytes | None = None,
) -> Picture:
    """Lay out a map that is at hand, in smaller type where something finds no room."""
    imprint = Imprint(office or words.default_office(area_map), printed_at, (16.0, 14.0) if logo else None)
    failed: SocialMapError | None = None
    larger = COUNTRY if area_map.area.level == "country" else 1.0
    for smaller in TRIES:
        try:
            page, drawn = _lay(_screen(width, height, smaller, larger), area_map, ground, imprint)
        except (SheetFull, NoRoom, TooNarrow) as error:
            failed = error
            continue
        return Picture(area_map, page, drawn, imprint, width, height, logo)
    assert failed is not None
    raise failed


def _screen(width: int, height: int, smaller: float, larger: float) -> Screen:
    """Return the paper of a picture: as much ground as a slide has, less where letters would be too small."""
    ppi = max((width * height / (WIDTH * HEIGHT)) ** 0.5 * 25.4, FEWEST) / larger
    return screen(width * 25.4 / ppi, height * 25.4 / ppi, edge=8.0, smaller=smaller)


def _lay(paper: Screen, area_map: AreaMap, ground: Ground, imprint: Imprint) -> tuple[Page, DrawnMap]:
    page, margin = Page(paper), paper.margin
    inside = paper.width - 2 * margin
    top = page.put("head", parts.head(paper, area_map, imprint, inside, title=area_map.title), margin, margin) + 3
    foot = parts.foot(paper, area_map, inside)
    bottom = paper.height - margin - foot.height
    page.put("foot", foot, margin, bottom)
    if paper.orientation == "landscape":
        size = (inside * (1 - COLUMN) - GUTTER, bottom - 2.5 - top)
        drawn = draw_map(paper, area_map, ground, size)
        place = (margin + size[0] + GUTTER, top, inside * COLUMN, size[1])
    else:
        size = (inside, (bottom - 2.5 - top) * UNDER)
        drawn = draw_map(paper, area_map, ground, size)
        place = (margin, top + size[1] + 4, inside, bottom - 2.5 - top - size[1] - 4)
    page.put("map", drawn.canvas, margin, top, map_words(area_map))
    _put_words(page, paper, area_map, drawn, place)
    return page, drawn


def _put_words(
    page: Page, paper: Screen, area_map: AreaMap, drawn: DrawnMap, place: tuple[float, float, float, float]
) -> None:
    """Put headline, facts, legend and, where there is room or need, the figures into the place beside the map.

    Raises SheetFull.
    """
    x, y, width, high = place
    area_map = without_plans(area_map)
    keyed = any(spot.keyed for spot in drawn.spots)
    heading = parts.section(paper, width, text("page.legend").th)
    legend = draw_legend(paper, area_map, circles=drawn.unit, boxed=False, room=width)
    found: Parts = [
        ("message", parts.message(paper, area_map, width), ""),
        ("facts", parts.facts(paper, words.facts(area_map)[:2], width), ""),
        ("section", heading, ""),
        ("legend", legend, ""),
    ]
    key = _key(paper, area_map, width)
    short = [found[0], *found[2:]]
    names = [
        ("section", parts.section(paper, width, text("picture.key").th), ""),
        ("key", _names(area_map, drawn, width), ""),
    ]
    named = ([*found, *names, *_highest(paper, area_map, width)], [*found, *names], [*short, *names])
    for tried in ([*found, *key], [*short, *key], *(named if keyed else (found, short))):
        gaps = [0.0, *(4.0 if part[0] == "section" else 2.0 for part in tried[1:])]
        if sum(height_of_part(part[1]) for part in tried) + sum(gaps) <= high:
            page.stack(tried, x, y, gaps)
            return
    raise SheetFull(part="figures", need="?", room=f"{high:.0f}")


def _key(paper: Screen, area_map: AreaMap, width: float) -> Parts:
    """Return the figures as a table under its heading, in as many columns as make it lowest."""
    country = area_map.area.level == "country"
    figures = figure_words(paper, area_map, codes=country)
    made = []
    for columns in (1, 2, 3, 4):
        try:
            made.append(figures.tables(width, columns))
        except TooNarrow:
            break
    if not made:
        return []
    best = min(made, key=height_of_part)
    named = text("sheet.figures", level=level_word(area_map.area, area_map.level)).th
    note = text("sheet.codes_note").th if country else figures_note(area_map, best, keyed=True)
    return [("section", parts.section(paper, width, named, note), ""), ("figures", best, "")]


def _highest(paper: Screen, area_map: AreaMap, width: float) -> Parts:
    """Return the areas with the highest stable values under their heading."""
    figures = figure_words(paper, area_map, codes=area_map.area.level == "country")
    word = level_word(area_map.area, area_map.level)
    said = text(f"picture.highest.{figures.kind}", count=TOP, level=word).th
    heading = parts.section(paper, width, said, text("sheet.dashed").th)
    return [("section", heading, ""), ("highest", figures.highest(width, TOP), "")]


def _names(area_map: AreaMap, drawn: DrawnMap, width: float) -> Canvas:
    """Return the names that numbers on a map stand for, in columns."""
    paper = drawn.canvas.paper
    size, pitch = paper.sizes["table"], paper.sizes["table"] * PT * 1.45
    names = {shape.code: shape.name for shape in area_map.shapes}
    keyed = [spot for spot in drawn.spots if spot.lines[0][0] == spot.label.number[0]]
    pairs = [(spot.lines[0][0], names[spot.label.code]) for spot in sorted(keyed, key=lambda one: one.label.code)]
    lead = max((paper.width_of(number, size, 700) for number, _ in pairs), default=0.0) + 1.6
    wide = max((paper.width_of(name, size) for _, name in pairs), default=width) + lead + 3
    columns = max(int(width // wide), 1)
    rows = -(-len(pairs) // columns)
    canvas = Canvas(paper, width, max(rows, 1) * pitch)
    for place, (number, name) in enumerate(pairs):
        x, y = place // rows * width / columns, (place % rows) * pitch + size * PT * 1.05
        canvas.text(x + lead - 1.6, y, number, size, 700, anchor="end", what="key")
        canvas.text(x + lead, y, name, size, anchor="start", what="key")
    return canvas
