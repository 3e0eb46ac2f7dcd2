"""What every way of printing shares: for whom, with which logo, at what time, and that it stands in the audit."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from api.settings import Settings
from boundaries.errors import SocialMapError
from layers.aggregation import newest_period
from layers.filters import Filter
from layers.periods import parse_period
from layers.scope import Scope

if TYPE_CHECKING:
    from mapping.documents import AreaDocument
    from mapping.pictures import Picture
    from mapping.sheet.sheet import Sheet
    from mapping.slides import Slides

MOST_LOGO = 2_000_000
"""Bytes of a logo; a larger picture is none."""
SIGNATURE = b"\x89PNG\r\n\x1a\n"
"""What every PNG begins with."""


class ReasonMissing(SocialMapError):
    """Exact figures were to be printed without saying why."""

    key = "error.sheet_reason"


class BadLogo(SocialMapError):
    """A logo that is no PNG or too large."""

    key = "error.sheet_logo"


def scope_of(internal: bool, reason: str | None) -> Scope:
    """Return for whom something is printed: the committee, or with a reason the office itself. ReasonMissing."""
    if not internal:
        return Scope.committee()
    if not (reason or "").strip():
        raise ReasonMissing
    return Scope.system(str(reason).strip())


def chosen_filter(session: Session, problem: str | None, period: str | None) -> Filter:
    """Return what a map shows: by default all problems in the newest fiscal year that holds cases."""
    wanted = parse_period(period) if period else newest_period(session, Scope.committee())
    return Filter(problem=problem, period=wanted)


def read_logo(path: Path) -> bytes:
    """Read a PNG. Raises BadLogo."""
    if path.stat().st_size > MOST_LOGO:
        raise BadLogo(path=str(path))
    content = path.read_bytes()
    if not content.startswith(SIGNATURE):
        raise BadLogo(path=str(path))
    return content


def moment(stated: datetime | None) -> datetime:
    """Return the time of printing: now, or a stated one, which is of Thailand where it names no zone."""
    from boundaries.dates import BANGKOK

    if stated is None:
        return datetime.now(UTC).replace(microsecond=0)
    return stated if stated.tzinfo else stated.replace(tzinfo=BANGKOK)


def make_sheet(
    session: Session, scope: Scope, code: str, problem: str | None, period: str | None, **options: Any
) -> "Sheet":
    """Build a sheet and put its printing on record; `options` are those of `build_sheet`, paper and time among them."""
    from mapping.sheet.sheet import build_sheet

    chosen = chosen_filter(session, problem, period)
    paper, printed_at = options.pop("paper"), options.pop("printed_at")
    made = build_sheet(session, scope, code, paper, printed_at, filter=chosen, library=_library(), **options)
    on_record(session, scope, "sheet", "pdf", made.area_map, pages=len(made.pages))
    return made


def make_slides(
    session: Session, scope: Scope, code: str, problem: str | None, period: str | None, **options: Any
) -> "Slides":
    """Build slides and put them on record; `options` are those of `build_slides`, the time of printing among them."""
    from mapping.slides import build_slides

    chosen, printed_at = chosen_filter(session, problem, period), options.pop("printed_at")
    made = build_slides(session, scope, code, printed_at, filter=chosen, library=_library(), **options)
    on_record(session, scope, "slides", "pptx", made.area_map)
    for stop in made.stops:
        on_record(session, scope, "slides", "pptx", stop.area_map, code=stop.code)
    return made


def make_document(
    session: Session, scope: Scope, code: str, format: str, problem: str | None, period: str | None, **options: Any
) -> "AreaDocument":
    """Build a document of a format, docx or xlsx, and put it on record; `options` are those of `build_document`."""
    from mapping.documents import build_document

    chosen, printed_at = chosen_filter(session, problem, period), options.pop("printed_at")
    made = build_document(session, scope, code, printed_at, filter=chosen, library=_library(), **options)
    on_record(session, scope, "document", format, made.area_map)
    return made


def make_picture(
    session: Session, scope: Scope, code: str, format: str, problem: str | None, period: str | None, **options: Any
) -> "Picture":
    """Build a picture of a format, png or svg, and put it on record; `options` are those of `build_picture`."""
    from mapping.pictures import build_picture

    chosen, printed_at = chosen_filter(session, problem, period), options.pop("printed_at")
    made = build_picture(session, scope, code, printed_at, filter=chosen, library=_library(), **options)
    on_record(session, scope, "picture", format, made.area_map, pages=1)
    return made


def on_record(
    session: Session, scope: Scope, kind: str, format: str, area_map: Any, *, code: str = "", pages: int | None = None
) -> None:
    """Put on record that a map was printed: for whom, in which format; `code` where another area is meant."""
    from api.audit import record

    area, shown = code or area_map.area.code, area_map.figures.filter
    told = {
        "format": format,
        "audience": scope.audience,
        "area": area,
        "level": area_map.level,
        "problem": shown.problem,
        "period": shown.period.code,
    }
    by = Scope.system(scope.reason or kind)
    details = told | ({} if pages is None else {"pages": pages})
    record(session, by, "print", kind=kind, object_id=area, reason=scope.reason, details=details)


def _library() -> Any:
    from mapping.offline import Library

    return Library(Settings().socialmap_web_library)
