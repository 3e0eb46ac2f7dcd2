"""What is asked of a meeting, brought into its stored form, and the names of what is refused."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from sqlalchemy.orm import Session

from boundaries.areas import get_area
from boundaries.codes import COUNTRY
from boundaries.errors import SocialMapError
from boundaries.messages import text
from boundaries.names import clean
from layers.dates import fiscal_year_start
from layers.personal_text import check_publishable, is_storable
from layers.taxonomy import get_problem
from mapping.meeting_models import MOST_STOPS

MeetingState = Literal["prepared", "held", "closed"]
Shown = Literal["map", "mind_map", "figures"]
SHOWN: tuple[Shown, ...] = ("map", "mind_map", "figures")
LONGEST_NAME, LONGEST_TEXT, LONGEST_NOTE = 200, 1_000, 2_000
FIRST_YEAR, LAST_YEAR = 2400, 2743


class MeetingNotFound(SocialMapError):
    """No meeting has this id, or none that the reader may see."""

    key = "meeting.not_found"


class MeetingExists(SocialMapError):
    """The committee has a meeting of this number in this year already."""

    key = "meeting.exists"


class MeetingReadOnly(SocialMapError):
    """A meeting of an area that is not the writer's own."""

    key = "meeting.read_only"


class MeetingNotPrepared(SocialMapError):
    """The agenda and facts of a meeting are changed until it begins."""

    key = "meeting.not_prepared"


class MeetingNotHeld(SocialMapError):
    """Only a meeting that is being held resolves."""

    key = "meeting.not_held"


class BadMeetingStep(SocialMapError):
    """A meeting is prepared, then held from its day on, then closed, and never goes back."""

    key = "meeting.bad_step"


class BadMeetingArea(SocialMapError):
    """A committee is one of a province or of an area within it."""

    key = "meeting.bad_area"


class BadMeetingField(SocialMapError):
    """A value that a meeting's field cannot hold; names the field and what it may hold, never the value."""

    key = "meeting.bad_field"


class NothingReleased(SocialMapError):
    """A meeting is shown released figures, and there are none of this number, or none at all."""

    key = "meeting.nothing_released"


class BadStop(SocialMapError):
    """A stop lies within the province of its committee, and shows something."""

    key = "meeting.bad_stop"


@dataclass(frozen=True)
class AskedStop:
    """A stop as it is asked for; `fiscal_year` in พ.ศ., `id` that of one to be kept."""

    area_code: str
    fiscal_year: int
    problem_code: str | None = None
    shows: tuple[str, ...] = SHOWN
    note: str | None = None
    id: UUID | None = None
    draft: bool = False
    """Whether the draft is shown where an approved plan stands too."""


def line_of(field: str, value: str | None, longest: int = LONGEST_NAME) -> str:
    """Return one line of text in its stored form. Raises BadMeetingField, PersonalDataInText."""
    written = clean(value) if value and is_storable(value) else ""
    if not 1 <= len(written) <= longest or any(unicodedata.category(letter) == "Cc" for letter in written):
        raise _bad(field, "line", most=longest)
    check_publishable(written)
    return written


def lines_of(field: str, value: str | None, longest: int = LONGEST_NOTE) -> str | None:
    """Return a text of several lines in its stored form, None for an empty one. Raises as `line_of`."""
    if value is not None and not is_storable(value):
        raise _bad(field, "lines", most=longest)
    lines = [clean(line) for line in (value or "").splitlines()]
    written = "\n".join(lines).strip()
    if len(written) > longest or any(unicodedata.category(letter) == "Cc" for letter in written.replace("\n", "")):
        raise _bad(field, "lines", most=longest)
    check_publishable(written)
    return written or None


def day_of(field: str, value: date) -> date:
    """Return a day that somebody alive can mean. Raises BadMeetingField."""
    if not 1990 <= value.year <= 2200:
        raise _bad(field, "day")
    return value


def number_of(value: int) -> int:
    """Return the number of a meeting within its year. Raises BadMeetingField."""
    if not 1 <= value <= 999:
        raise _bad("number", "number")
    return value


def checked_stops(session: Session, province: str, asked: Sequence[AskedStop]) -> list[dict[str, object]]:
    """Return the rows of an agenda in their order. Raises BadStop, BadMeetingField, PersonalDataInText, AreaNotFound,
    and what get_problem raises.
    """
    if len(asked) > MOST_STOPS:
        raise _bad("stops", "stops", most=MOST_STOPS)
    return [_stop(session, province, position, one) for position, one in enumerate(asked)]


def _stop(session: Session, province: str, position: int, asked: AskedStop) -> dict[str, object]:
    area = get_area(session, asked.area_code)
    shows = [name for name in SHOWN if name in asked.shows]
    if area.code == COUNTRY or area.code[:2] != province or not shows or set(asked.shows) - set(SHOWN):
        raise BadStop(area=area.full_name_th, province=province, allowed=", ".join(SHOWN))
    if not FIRST_YEAR <= asked.fiscal_year <= LAST_YEAR:
        raise _bad("fiscal_year", "year")
    return {
        "id": asked.id,
        "position": position,
        "area_code": area.code,
        "problem_code": get_problem(asked.problem_code).code if asked.problem_code else None,
        "fiscal_year": fiscal_year_start(asked.fiscal_year),
        "shows": shows,
        "note": lines_of("note", asked.note),
        "draft": asked.draft,
    }


def _bad(field: str, allowed: str, **given: object) -> BadMeetingField:
    named, words = text(f"meeting.field.{field}"), text(f"meeting.allowed.{allowed}", **given)
    return BadMeetingField(field_th=named.th, field_en=named.en, allowed_th=words.th, allowed_en=words.en)
