"""What a sheet is made of, and its pages: opened with their head, closed with their foot."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from boundaries.messages import text
from mapping.area_map import AreaMap
from mapping.mindmaps import MindMap
from mapping.sheet import parts, words
from mapping.sheet.canvas import Canvas
from mapping.sheet.drawing import DrawnMap
from mapping.sheet.ground import Ground
from mapping.sheet.pages import Page
from mapping.sheet.paper import Paper
from mapping.sheet.parts import Imprint
from mapping.sheet.tables import Table

GUTTER = 6.0
Parts = list[tuple[str, Canvas | Table | Sequence[Table], str]]


@dataclass
class Laid:
    """The pages of a sheet and the maps on them."""

    pages: list[Page]
    maps: list[DrawnMap] = field(default_factory=list)


@dataclass(frozen=True)
class Content:
    """What a sheet is made of."""

    paper: Paper
    area_map: AreaMap
    ground: Ground
    imprint: Imprint

    @property
    def mind_map(self) -> MindMap | None:
        """The mind map of the area itself; the country has none."""
        return self.area_map.mind_maps.get(self.area_map.area.code)

    @property
    def width(self) -> float:
        """Room between the margins."""
        return self.paper.width - 2 * self.paper.margin


def open_page(content: Content, *, first: bool = True) -> tuple[Page, float, float]:
    """Begin a page with head and foot; return where its inside begins and ends."""
    paper, margin = content.paper, content.paper.margin
    page = Page(paper)
    top = page.put(
        "head", parts.head(paper, content.area_map, content.imprint, content.width, first=first), margin, margin
    )
    foot = parts.foot(paper, content.area_map, content.width)
    bottom = paper.height - margin - foot.height
    return page, top + 2.2, bottom - 1.2


def close(page: Page, content: Content) -> Page:
    """Put the foot on a page."""
    foot = parts.foot(content.paper, content.area_map, content.width)
    page.put("foot", foot, content.paper.margin, content.paper.height - content.paper.margin - foot.height)
    return page


def map_words(area_map: AreaMap) -> str:
    """Tell the map to those who cannot see it."""
    return text("sheet.alt.map", title=area_map.title, period=area_map.period, said=words.headline(area_map)).th
