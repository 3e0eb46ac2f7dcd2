"""How long steps may take and when offices are closed: read at the desk, changed by who may change settings."""

from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from api import case_work
from api.auth.asking import Caller
from api.auth.depends import SignedIn, signed_in_with
from api.auth.errors import FormBad, NotAllowed
from api.auth.forms import Form, Sent
from api.auth.web.pages import PageRoute, back_to, page
from api.database import reading, transaction
from api.dependencies import TextQuery, known_parameters
from api.desk.shown import known_words
from api.errors import status_of
from api.plan_work.asked import today_in_bangkok
from boundaries import names
from boundaries.dates import MONTHS_SHORT, thai_date
from boundaries.errors import SocialMapError
from boundaries.messages import text
from layers.date_reading import BadDate, parse_date
from layers.scope import Scope
from layers.taxonomy import urgencies
from layers.time_limits import (
    MOST_DAYS,
    MOST_HOURS,
    URGENCIES,
    ClosedDay,
    Limit,
    limited_steps,
    list_holidays,
    list_limits,
    yearly_holidays,
)

router = APIRouter(
    prefix="/desk/limits", route_class=PageRoute, include_in_schema=False, dependencies=[Depends(known_parameters)]
)
SAID = frozenset({"limits", "holiday", "workday"})
COLUMNS = tuple(reversed(URGENCIES))
"""The most urgent first."""
FAR = timedelta(days=3660)
"""Holidays are entered for years that people plan in; one a century away is a slip."""


class LimitUnread(SocialMapError):
    """What stands in a field of the table is no limit."""

    key = "desk.limits.unread"


class HolidayUnread(SocialMapError):
    """What stands in the field of a holiday is no day."""

    key = "desk.limits.day_unread"


class HolidayFar(SocialMapError):
    """A holiday in a year that nobody plans in."""

    key = "desk.limits.day_far"


def get_viewer(caller: SignedIn) -> Caller:
    """Give who works at the desk or changes settings. Raises NotSignedIn, NotAllowed."""
    if not (caller.scope.may("case.read") or caller.scope.may("settings.write")):
        raise NotAllowed(permission="case.read")
    return caller


Viewer = Annotated[Caller, Depends(get_viewer)]
Setter = Annotated[Caller, Depends(signed_in_with("settings.write"))]


@router.get("")
def get_limits(request: Request, viewer: Viewer, said: TextQuery = None) -> Response:
    """Show the limits of all steps, the holidays that were entered and those of every year."""
    return limits_page(request, viewer, said=said)


@router.post("")
def post_limits(request: Request, setter: Setter, form: Sent) -> Response:
    """Save all limits, add a holiday or take one away; what was refused is told where it was typed, and stays."""
    try:
        with transaction(request.app.state.engine, setter.scope) as session:
            said = _change(session, setter.scope, form)
    except SocialMapError as error:
        return limits_page(request, setter, error, form)
    return back_to("/desk/limits", said)


def limits_page(
    request: Request,
    caller: Caller,
    error: SocialMapError | None = None,
    form: Form | None = None,
    said: str | None = None,
) -> Response:
    """Make the page."""
    with reading(request.app.state.engine, caller.scope) as session:
        limits = {(one.step, one.urgency): one for one in list_limits(session)}
        holidays = list_holidays(session)
    shown: dict[str, Any] = {
        "steps": limited_steps(),
        "columns": COLUMNS,
        "limits": limits,
        "typed": _typed(limits, form),
        "holidays": holidays,
        "yearly": [_day_of_year(one) for one in yearly_holidays()],
        "writes": caller.scope.may("settings.write"),
        "form": form or Form([]),
    }
    status, words = (status_of(error), error.text) if error else (200, None)
    done = text(f"desk.said.{said}") if said in SAID and error is None else None
    return page(request, "desk_limits", caller, status, words, done=done, **shown, **known_words())


def _change(session: Session, scope: Scope, form: Form) -> str:
    do, _, day = form.get("do").partition(":")
    if do == "limits":
        wanted = [_limit(form, step, urgency) for step in limited_steps() for urgency in COLUMNS]
        case_work.change_limits(session, scope, wanted)
        return "limits"
    if do == "add":
        titles = (form.get("title_th"), form.get("title_en"))
        case_work.add_holiday(session, scope, ClosedDay(_holiday(form.get("day")), *titles))
        return "holiday"
    if do != "remove":
        raise FormBad
    try:
        case_work.remove_holiday(session, scope, date.fromisoformat(day))
    except ValueError:
        raise FormBad from None
    return "workday"


def _limit(form: Form, step: str, urgency: str) -> Limit:
    written, unit = names.key(form.get(f"n-{step}-{urgency}")[:40]), form.get(f"u-{step}-{urgency}")
    if not written:
        return Limit(step, urgency)
    most = {"hours": MOST_HOURS, "days": MOST_DAYS}.get(unit)
    if most is None:
        raise FormBad
    if not (written.isascii() and written.isdecimal() and len(written) < 6 and 1 <= int(written) <= most):
        title, level = limited_steps()[step], urgencies()[urgency]
        words = {"step_th": title.th, "step_en": title.en, "urgency_th": level.th, "urgency_en": level.en}
        raise LimitUnread(**words, hours=MOST_HOURS, days=MOST_DAYS)
    return Limit(step, urgency, **{"hours" if unit == "hours" else "working_days": int(written)})


def _holiday(written: str) -> date:
    try:
        day, precision = parse_date(written[:60])
    except BadDate:
        raise HolidayUnread from None
    if precision != "day":
        raise HolidayUnread
    first, last = today_in_bangkok() - FAR, today_in_bangkok() + FAR
    if not first <= day <= last:
        raise HolidayFar(first=thai_date(first), last=thai_date(last))
    return day


def _typed(limits: dict[tuple[str, str], Limit], form: Form | None) -> dict[tuple[str, str], tuple[str, str]]:
    """Return number and unit of each field: what was typed where a form was refused, else what is held."""
    if form is not None and form.get("do") == "limits":
        return {(step, one): (form.get(f"n-{step}-{one}")[:40], form.get(f"u-{step}-{one}")) for step, one in limits}
    return {
        key: (str(one.hours or one.working_days or ""), "hours" if one.hours else "days") for key, one in limits.items()
    }


def _day_of_year(month_day: str) -> str:
    month, _, day = month_day.partition("-")
    return f"{int(day)} {MONTHS_SHORT[int(month) - 1]}"
