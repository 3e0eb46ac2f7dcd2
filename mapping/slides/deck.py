"""A deck of slides of an area: map, mind map, figures and plan, then one slide for each stop of a briefing."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from boundaries.areas import get_area
from boundaries.codes import COUNTRY
from boundaries.errors import SocialMapError
from boundaries.messages import text
from layers.filters import Filter
from layers.scope import Scope
from mapping.area_map import AreaMap, build_area_map
from mapping.map_drawings import draw_map
from mapping.offline import Library
from mapping.packing import packed
from mapping.screen import screen
from mapping.sheet import words
from mapping.sheet.drawing import DrawnMap
from mapping.sheet.ground import Ground, read_ground
from mapping.sheet.parts import Imprint
from mapping.slides.frame import Show
from mapping.slides.map_slide import COUNTRY as LARGER
from mapping.slides.map_slide import MAP_HEIGHT, MAP_WIDTH, map_slide
from mapping.slides.stop_slides import Stop, stop_slide
from mapping.slides.table_slides import figure_slides, plan_slides
from mapping.slides.tree_slides import tree_slides
from mapping.slides.writing import new_deck
from mapping.thai_text import normalise

MOST_STOPS = 40


class TooManyStops(SocialMapError):
    """A briefing with more stops than anybody sits through."""

    key = "error.too_many_stops"


class BadStop(SocialMapError):
    """The country is no stop."""

    key = "error.stop_of_country"


@dataclass(frozen=True)
class Slides:
    """What a deck is made of; `pptx` writes it."""

    area_map: AreaMap
    drawn: DrawnMap
    stops: tuple[Stop, ...]
    imprint: Imprint
    logo: bytes | None = None

    def pptx(self) -> bytes:
        """Return the deck as PPTX, 16:9; the same release, options and time give the same bytes. Raises SheetFull."""
        show = Show(new_deck(), screen(), self.imprint, self.logo)
        mind_map = self.area_map.mind_maps.get(self.area_map.area.code)
        map_slide(show, self.area_map, self.drawn, words.title(self.area_map))
        if mind_map is not None:
            tree_slides(show, self.area_map, mind_map)
        figure_slides(show, self.area_map)
        if mind_map is not None:
            plan_slides(show, self.area_map, mind_map)
        for stop in self.stops:
            stop_slide(show, stop)
        self._describe(show.deck.core_properties)
        made = io.BytesIO()
        show.deck.save(made)
        return packed(made.getvalue(), self.imprint.printed_at)

    def _describe(self, core: Any) -> None:
        """Say what the file is, for whom, by whom and when."""
        said = (words.title(self.area_map), words.subject(self.area_map))
        core.title, core.subject = (normalise(each)[:255] for each in said)
        core.author = core.last_modified_by = normalise(self.imprint.office)[:255]
        core.keywords = text("slides.keywords").th
        core.category, core.language = words.audience_stamp(self.area_map), "th-TH"
        core.created = core.modified = self.imprint.printed_at.astimezone(UTC).replace(tzinfo=None)
        core.revision = 1


def build_slides(
    session: Session,
    scope: Scope,
    area_code: str,
    printed_at: datetime,
    *,
    filter: Filter | None = None,
    library: Library | None = None,
    office: str | None = None,
    logo: bytes | None = None,
    stops: Sequence[str] = (),
    **classes: Any,
) -> Slides:
    """Build the slides of an area; `stops` are codes of areas to halt at, `classes` as for `build_area_map`.

    Raises what `build_area_map` raises, NoRoom, TooManyStops, BadStop.
    """
    wanted = tuple(dict.fromkeys(stops))
    if len(wanted) > MOST_STOPS:
        raise TooManyStops(most=MOST_STOPS)
    maps: dict[str, tuple[AreaMap, Ground, DrawnMap]] = {}

    def drawn(code: str) -> tuple[AreaMap, Ground, DrawnMap]:
        if code not in maps:
            area_map = build_area_map(session, scope, code, filter=filter, library=library, **classes)
            maps[code] = draw(area_map, read_ground(session, area_map.level, code, library))
        return maps[code]

    places = [(code, _shown_on(session, code)) for code in wanted]  # a wrong one is told before anything is drawn
    area_map, _, main = drawn(area_code)
    made = tuple(Stop(*drawn(around), code) for code, around in places)
    return lay_slides(area_map, main, made, printed_at, office=office, logo=logo)


def draw(area_map: AreaMap, ground: Ground) -> tuple[AreaMap, Ground, DrawnMap]:
    """Draw a map at the size it has on a slide."""
    larger = LARGER if area_map.area.level == "country" else 1.0
    return area_map, ground, draw_map(screen(), area_map, ground, (MAP_WIDTH * larger, MAP_HEIGHT * larger))


def lay_slides(
    area_map: AreaMap,
    drawn: DrawnMap,
    stops: Sequence[Stop],
    printed_at: datetime,
    *,
    office: str | None = None,
    logo: bytes | None = None,
) -> Slides:
    """Make slides of a map that is at hand."""
    imprint = Imprint(office or words.default_office(area_map), printed_at)
    return Slides(area_map, drawn, tuple(stops), imprint, logo)


def _shown_on(session: Session, code: str) -> str:
    """Return the area on whose map a stop is shown: a province on its own, others on that of the area they lie in."""
    area = get_area(session, code)
    if area.code == COUNTRY:
        raise BadStop(area=area.full_name_th)
    return area.code if area.level == "province" else str(area.parent_code)
