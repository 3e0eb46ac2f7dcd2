"""What the forms of a meeting's page send, as the rules know it."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from api.auth.errors import FormBad
from api.auth.forms import Form
from boundaries.messages import text
from layers.date_reading import BadDate, parse_date
from layers.dates import fiscal_year
from mapping.meeting_asking import AskedStop, BadMeetingField
from mapping.meetings import StopRecord
from mapping.resolutions import AskedResolution, ResolutionKind

KINDS: dict[str, ResolutionKind] = {"activity": "activity", "approve": "approve", "follow_up": "follow_up"}


def said_day(form: Form, name: str) -> date:
    """Read a whole day as people write it, in พ.ศ. Raises BadMeetingField."""
    try:
        day, precision = parse_date(form.get(name)[:60])
    except BadDate:
        raise _bad(name, "day") from None
    if precision != "day":
        raise _bad(name, "day")
    return day


def said_number(form: Form, name: str) -> int | None:
    """Read a whole number, None for an empty field. Raises BadMeetingField."""
    written = form.get(name).strip()
    if not written:
        return None
    if not written.isdecimal() or len(written) > 9:
        raise _bad(name, "whole")
    return int(written)


def said_id(form: Form, name: str) -> UUID | None:
    """Read an id, None for an empty field. Raises FormBad."""
    return _id(form.get(name)) if form.get(name) else None


def said_stop(form: Form) -> AskedStop:
    """Read a stop. Raises BadMeetingField."""
    year = said_number(form, "fiscal_year")
    if year is None:
        raise _bad("fiscal_year", "year")
    more = (
        form.get("problem") or None,
        tuple(form.all("shows")),
        form.get("note"),
        said_id(form, "stop"),
        form.get("draft") == "yes",
    )
    return AskedStop(form.get("area"), year, *more)


def said_resolution(form: Form) -> AskedResolution:
    """Read a resolution; its target is a plan, or a plan and a solution of it. Raises FormBad, BadMeetingField."""
    kind = KINDS.get(form.get("kind"))
    if kind is None:
        raise FormBad
    plan, _, solution = form.get("target").partition(" ") if kind != "follow_up" else ("", "", "")
    return AskedResolution(
        kind=kind,
        text=form.get("text"),
        plan_id=_id(plan) if plan else None,
        solution_id=_id(solution) if solution else None,
        lead=form.get("lead").strip() or None,
        due_on=said_day(form, "due_on") if form.get("due_on").strip() else None,
        stop_id=said_id(form, "stop"),
    )


def kept(stops: Sequence[StopRecord]) -> list[AskedStop]:
    """Return stops as they would be asked for again."""
    return [
        AskedStop(one.area_code, fiscal_year(one.fiscal_year), one.problem_code, one.shows, one.note, one.id, one.draft)
        for one in stops
    ]


def changed(stops: Sequence[StopRecord], stop: UUID, form: Form) -> list[AskedStop]:
    """Return the agenda after one stop was moved, taken away or changed, as the button says. Raises FormBad."""
    asked = kept(stops)
    at = next((place for place, one in enumerate(asked) if one.id == stop), None)
    if at is None:
        raise FormBad
    button = form.get("do")
    if button == "remove":
        return asked[:at] + asked[at + 1 :]
    if button == "save":
        return [*asked[:at], _with_id(said_stop(form), stop), *asked[at + 1 :]]
    to = {"up": at - 1, "down": at + 1}.get(button, -1)
    if 0 <= to < len(asked):
        asked[at], asked[to] = asked[to], asked[at]
    return asked


def _with_id(stop: AskedStop, own: UUID) -> AskedStop:
    return AskedStop(stop.area_code, stop.fiscal_year, stop.problem_code, stop.shows, stop.note, own, stop.draft)


def _id(written: str) -> UUID:
    try:
        return UUID(written[:60])
    except ValueError:
        raise FormBad from None


def _bad(field: str, allowed: str) -> BadMeetingField:
    named, words = text(f"meeting.field.{field}"), text(f"meeting.allowed.{allowed}")
    return BadMeetingField(field_th=named.th, field_en=named.en, allowed_th=words.th, allowed_en=words.en)
