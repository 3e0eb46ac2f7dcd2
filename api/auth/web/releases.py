"""The page of releases: what was published when, how much of it is hidden, and making one of a complete year."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.auth.asking import Caller
from api.auth.depends import signed_in_with
from api.auth.forms import Sent
from api.auth.models import Account
from api.auth.web.pages import PageRoute, back_to, page
from api.database import transaction
from api.dependencies import PLAIN, known_parameters
from api.errors import status_of
from api.releasing import AT_WORK, ReleaseYear, Releasing, complete_years
from boundaries.errors import SocialMapError
from layers.dates import fiscal_year
from layers.models import Release
from layers.periods import Period, parse_period
from layers.releases import ReleaseRecord, list_releases

router = APIRouter(
    prefix="/releases", route_class=PageRoute, include_in_schema=False, dependencies=[Depends(known_parameters)]
)

SHOWN = 20
Said = Annotated[str, Query(max_length=20, pattern=PLAIN)]


Releaser = Annotated[Caller, Depends(signed_in_with("release.make"))]


@dataclass(frozen=True)
class Line:
    """What one reader is shown of one year at one level, and what the last attack could compute of it."""

    year: str
    reader: str
    level: str
    cells: int
    shown: int
    hidden: int
    withheld: int
    recovered: int


@router.get("")
def get_page(request: Request, caller: Releaser, said: Said = "") -> Response:
    """List the releases, newest first."""
    return _page(request, caller)


@router.post("")
def post_release(request: Request, caller: Releaser, form: Sent) -> Response:
    """Begin to release a complete year; the page tells how it goes."""
    held: Releasing = request.app.state.releasing
    today = date.today()
    try:
        with transaction(request.app.state.engine, AT_WORK) as session:
            years = {one.code: one for one in complete_years(session, today)}
        if form.get("year") not in years:
            raise ReleaseYear
        held.start(caller.scope, years[form.get("year")], today)
    except SocialMapError as error:
        return _page(request, caller, error)
    return back_to("/releases")


def lines_of(one: ReleaseRecord) -> list[Line]:
    """Return the lines of a release's report."""
    attacks = one.report.get("attacks", {})
    found = []
    for kept in one.report.get("kept", ()):
        attack = attacks.get(f"{kept['period']}.{kept['reader']}", {})
        numbers = {name: kept[name] for name in ("reader", "level", "cells", "shown", "hidden", "withheld")}
        found.append(
            Line(
                _year_of(parse_period(kept["period"])),
                recovered=attack.get("left_recovered", 0),
                **numbers,
            )
        )
    return found


def _page(request: Request, caller: Caller, error: SocialMapError | None = None) -> Response:
    held: Releasing = request.app.state.releasing
    with transaction(request.app.state.engine, AT_WORK) as session:
        releases = list_releases(session, SHOWN)
        years = complete_years(session, date.today())
        makers = _makers(session, [one.id for one in releases])
    shown: dict[str, Any] = {
        "releases": [(one, lines_of(one), makers.get(one.id)) for one in releases],
        "years": years,
        "run": held.run,
        "year_of": _year_of,
    }
    return page(request, "releases", caller, status_of(error) if error else 200, error.text if error else None, **shown)


def _year_of(period: Period) -> str:
    return str(fiscal_year(period.last))


def _makers(session: Session, numbers: list[int]) -> dict[int, str]:
    asked = select(Release.id, Account.login).join(Account, Account.id == Release.made_by)
    return {row.id: row.login for row in session.execute(asked.where(Release.id.in_(numbers)))}
