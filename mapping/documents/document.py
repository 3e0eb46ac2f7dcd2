"""Documents of an area: figures and action plan as a Word file and as a workbook."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from layers.filters import Filter
from layers.scope import Scope
from mapping.area_map import AreaMap, build_area_map
from mapping.map_drawings import draw_map, with_legend
from mapping.offline import Library
from mapping.screen import screen
from mapping.sheet import words
from mapping.sheet.ground import Ground, read_ground
from mapping.sheet.parts import Imprint

SMALLER = 0.84
"""Type beside that of slides."""
MAP_SIZE = (172.0, 122.0)
PICTURE = 265.0
"""Width of the map with its legend, in mm."""


@dataclass(frozen=True)
class AreaDocument:
    """What a document is made of; it is written as DOCX or as XLSX."""

    area_map: AreaMap
    ground: Ground
    imprint: Imprint
    logo: bytes | None = None

    def docx(self) -> bytes:
        """Return it as DOCX, A4 landscape; the same release, options and time give the same bytes. Raises NoRoom."""
        from mapping.documents.word_file import write_document

        larger = 1.3 if self.area_map.area.level == "country" else 1.0
        size = (MAP_SIZE[0] * larger, MAP_SIZE[1] * larger)
        drawn = draw_map(screen(smaller=SMALLER), self.area_map, self.ground, size)
        return write_document(
            self.area_map, with_legend(drawn, self.area_map, PICTURE * larger), self.imprint, self.logo
        )

    def xlsx(self) -> bytes:
        """Return it as XLSX; the same release, options and time give the same bytes."""
        from mapping.documents.workbook import write_workbook

        return write_workbook(self.area_map, self.imprint)


def build_document(
    session: Session,
    scope: Scope,
    area_code: str,
    printed_at: datetime,
    *,
    filter: Filter | None = None,
    library: Library | None = None,
    office: str | None = None,
    logo: bytes | None = None,
    **classes: Any,
) -> AreaDocument:
    """Build the document of an area; `classes` as for `build_area_map`, and raises what that raises."""
    area_map = build_area_map(session, scope, area_code, filter=filter, library=library, **classes)
    ground = read_ground(session, area_map.level, area_code, library)
    return lay_document(area_map, ground, printed_at, office=office, logo=logo)


def lay_document(
    area_map: AreaMap, ground: Ground, printed_at: datetime, *, office: str | None = None, logo: bytes | None = None
) -> AreaDocument:
    """Make a document of a map that is at hand."""
    return AreaDocument(area_map, ground, Imprint(office or words.default_office(area_map), printed_at), logo)
