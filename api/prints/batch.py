"""Many sheets at once: all parts of an area as one document with an index, as a ZIP, or as a folder of files.

All pages of the one document are set by Typst together, so that bookmarks and the tags of PDF/UA stay; 77 provinces
on A3 were measured at 1.2 GB for 8 seconds.
"""

import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from api.database import reading
from api.files import write_whole
from api.prints.errors import NothingToPrint
from api.prints.kinds import KINDS, build
from api.prints.wanted import Wanted
from boundaries.areas import get_area, list_areas
from boundaries.codes import child_level
from boundaries.dates import BANGKOK
from boundaries.errors import SocialMapError
from boundaries.messages import text
from layers.scope import Scope
from mapping.offline import Library

Form = Literal["pdf", "zip"]
Report = Callable[[int, int], None]
"""Told after each sheet: how many are done, of how many."""


class SheetFailed(SocialMapError):
    """One of several sheets could not be made: there is no file."""

    key = "prints.sheet_failed"


@dataclass(frozen=True)
class Batch:
    """What is to be printed: the area whose parts these are, their codes, how, as whom, at which time."""

    codes: tuple[str, ...]
    wanted: Wanted
    scope: Scope
    printed_at: datetime
    logo: bytes | None = None


@dataclass(frozen=True)
class Printed:
    """What came of it: pages, and what the audit is told."""

    pages: int
    level: str
    period: str
    audience: str


def parts_of(session: Session, code: str) -> tuple[str, ...]:
    """Return the areas one level below that have sheets: provinces of the country, districts of a province.

    Raises AreaNotFound, NothingToPrint.
    """
    area = get_area(session, code)
    below = child_level(area.level)
    found = list_areas(session, below, code) if below in ("province", "district") else []
    deeper = below and child_level(below)
    if not found or deeper is None or not list_areas(session, deeper, found[0].code):
        raise NothingToPrint(area_th=area.full_name_th, area_en=area.name_en or area.code)
    return tuple(one.code for one in found)


def write_pdf(engine: Engine, batch: Batch, out: Path, library: Library, report: Report | None = None) -> Printed:
    """Write all sheets as one document to a new file."""
    from mapping.sheet.setting import to_pdf
    from mapping.sheet_index import Entry, index_pages

    pages, entries, last = [], [], None
    for last in _built(engine, replace(batch, logo=None), library, report):
        pages += last.pages
        entries.append(Entry(last.area_map.area.code, last.area_map.area.full_name_th, len(last.pages)))
    cover, document = _cover(engine, batch, last)
    front = index_pages(batch.wanted.to_paper(), cover, entries)
    content = to_pdf([*front, *pages], document, batch.printed_at, batch.logo)
    _write(out, content)
    return _printed(last, len(front) + len(pages))


def write_zip(engine: Engine, batch: Batch, out: Path, library: Library, report: Report | None = None) -> Printed:
    """Write all sheets as PDF files of a ZIP to a new file; the same sheets and time give the same bytes."""
    pages, last = 0, None
    local = batch.printed_at.astimezone(BANGKOK)
    with out.open("xb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as made:
        for last in _built(engine, batch, library, report):
            entry = zipfile.ZipInfo(name_of(last), local.timetuple()[:6])
            entry.external_attr = 0o644 << 16
            made.writestr(entry, last.pdf())
            pages += len(last.pages)
    return _printed(last, pages)


def write_folder(engine: Engine, batch: Batch, out: Path, library: Library, report: Report | None = None) -> Printed:
    """Write all sheets as PDF files of a folder, each whole or not at all."""
    pages, last = 0, None
    for last in _built(engine, batch, library, report):
        write_whole(out / name_of(last), last.pdf())
        pages += len(last.pages)
    return _printed(last, pages)


WRITERS = {"pdf": write_pdf, "zip": write_zip}


def name_of(sheet: Any) -> str:
    """Return the name of a sheet's file: the area's code, then what of its name any system can write."""
    area = sheet.area_map.area
    kept = "".join(letter for letter in area.short_name_th if letter.isalnum() or "\u0e00" < letter < "\u0e7f")
    return f"{area.code}_{kept}.pdf"[:60] if kept else f"{area.code}.pdf"


def _built(engine: Engine, batch: Batch, library: Library, report: Report | None) -> Iterator[Any]:
    """Give the sheets one after the other, the connection back between them. Raises SheetFailed."""
    wanted, kind = batch.wanted, KINDS["pdf"]
    for done, code in enumerate(batch.codes, start=1):
        with reading(engine, batch.scope) as session:
            options: dict[str, Any] = {"office": wanted.office, "logo": batch.logo, **wanted.classes()}
            options |= {"filter": wanted.filter(session, batch.scope), "library": library}
            try:
                made = build(kind, session, batch.scope, code, wanted.to_paper(), batch.printed_at, **options)
            except SocialMapError as error:
                raise SheetFailed(code=code, th=error.text.th, en=error.text.en) from error
        yield made
        if report:
            report(done, len(batch.codes))


def _cover(engine: Engine, batch: Batch, last: Any) -> tuple[Any, Any]:
    """Return the words of the index and what the document says of itself, from the last sheet of the same kind."""
    from mapping.sheet import words
    from mapping.sheet.setting import Document
    from mapping.sheet_index import Cover

    with reading(engine, batch.scope) as session:
        area = get_area(session, batch.wanted.code)
    paper = batch.wanted.to_paper()
    title = text("prints.index.title", area=area.full_name_th, level=text(f"level.{last.area_map.area.level}").th).th
    office = batch.wanted.office or words.default_office(replace(last.area_map, area=area))
    stamp, subject = words.audience_stamp(last.area_map), words.subject(last.area_map)
    if last.area_map.figures.invented:
        stamp = f"{text('page.invented').th} · {stamp}"
    cover = Cover(title, subject, stamp, office, batch.printed_at, batch.logo is not None)
    return cover, Document(paper.words(title), office, paper.words(subject), (text("front.product").th, stamp))


def _printed(last: Any, pages: int) -> Printed:
    table = last.area_map.figures
    return Printed(pages, last.area_map.area.level, table.filter.period.code, table.audience)


def _write(out: Path, content: bytes) -> None:
    with out.open("xb") as file:
        file.write(content)
