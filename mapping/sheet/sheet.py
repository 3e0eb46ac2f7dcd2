"""A sheet: map, mind map and figures of an area on paper, from figures that have passed the door of disclosure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from layers.filters import Filter
from layers.scope import Scope
from mapping.area_map import AreaMap, build_area_map
from mapping.offline import Library
from mapping.sheet import words
from mapping.sheet.content import Content, Laid
from mapping.sheet.country_layout import lay_country
from mapping.sheet.drawing import DrawnMap
from mapping.sheet.ground import Ground, read_ground
from mapping.sheet.layouts import lay_province
from mapping.sheet.pages import Page
from mapping.sheet.paper import Paper
from mapping.sheet.parts import Imprint
from mapping.sheet.setting import Document, to_pdf, to_png


@dataclass(frozen=True)
class Sheet:
    """A laid-out sheet: its pages, the maps on them, what it says of itself."""

    paper: Paper
    area_map: AreaMap
    pages: tuple[Page, ...]
    maps: tuple[DrawnMap, ...]
    imprint: Imprint
    logo: bytes | None = None

    @property
    def document(self) -> Document:
        """What the file says of itself."""
        return Document(
            title=self.paper.words(words.title(self.area_map)),
            author=self.imprint.office,
            description=self.paper.words(words.subject(self.area_map)),
            keywords=("แผนที่สังคม", "ผังความคิด", words.audience_stamp(self.area_map)),
        )

    def pdf(self) -> bytes:
        """Return the sheet as PDF/UA-1; the same release, time and paper give the same bytes."""
        return to_pdf(self.pages, self.document, self.imprint.printed_at, self.logo)

    def png(self, ppi: float | None = None) -> list[bytes]:
        """Return its pages as pictures: 150 dots an inch, so many fewer on larger paper that they stay as large."""
        return to_png(self.pages, self.document, ppi or 150 / self.paper.zoom, self.logo)


def build_sheet(
    session: Session,
    scope: Scope,
    area_code: str,
    paper: Paper,
    printed_at: datetime,
    *,
    filter: Filter | None = None,
    library: Library | None = None,
    office: str | None = None,
    logo: bytes | None = None,
    **classes: Any,
) -> Sheet:
    """Build the sheet of the country or a province; `classes` are measure, method, breaks, fill_counts of the map.

    Raises what `build_area_map` raises, and SheetFull, NoRoom, TooNarrow where words find no place.
    """
    area_map = build_area_map(session, scope, area_code, filter=filter, library=library, shaped=False, **classes)
    ground = read_ground(session, area_map.level, area_code, library)
    return lay_sheet(paper, area_map, ground, printed_at, office=office, logo=logo)


def lay_sheet(
    paper: Paper,
    area_map: AreaMap,
    ground: Ground,
    printed_at: datetime,
    *,
    office: str | None = None,
    logo: bytes | None = None,
) -> Sheet:
    """Lay out a map that is at hand."""
    named = office or words.default_office(area_map)
    imprint = Imprint(named, printed_at, (16.0, 14.0) if logo else None)
    content = Content(paper, area_map, ground, imprint)
    laid: Laid = lay_country(content) if area_map.area.level == "country" else lay_province(content)
    return Sheet(paper, area_map, tuple(laid.pages), tuple(laid.maps), imprint, logo)
