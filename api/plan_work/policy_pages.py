"""Policies that plans serve: their list, read by everybody and named by an administrator, and the tags of one plan."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from api.audit import record
from api.auth.asking import Caller
from api.auth.depends import Anybody, signed_in_with
from api.auth.errors import FormBad
from api.auth.forms import Form, Sent
from api.auth.web.pages import HEADERS, PageRoute, page
from api.database import reading, transaction
from api.dependencies import Asking, TextQuery, known_parameters
from api.errors import status_of
from api.plan_work.asked import today_in_bangkok
from api.plan_work.form_operations import number_of
from api.schemas.plans import Year
from boundaries.errors import SocialMapError
from boundaries.messages import Text, text
from layers.dates import fiscal_year, fiscal_year_start
from layers.scope import Scope
from layers.taxonomy import get_problem
from mapping.plan_fields import FIRST_YEAR, LAST_YEAR
from mapping.plan_places import area_or_code
from mapping.policies import (
    THEME_KINDS,
    Theme,
    ThemeKind,
    add_theme,
    dimensions,
    list_themes,
    list_untagged,
    name_theme,
    plans_by_tag,
    remove_theme,
    welfare_systems,
)

router = APIRouter(
    prefix="/policy", route_class=PageRoute, include_in_schema=False, dependencies=[Depends(known_parameters)]
)
SAID = frozenset({"saved", "added", "removed"})
MOST_UNTAGGED = 200
YEARS_BACK, YEARS_AHEAD = 4, 1


Setter = Annotated[Caller, Depends(signed_in_with("settings.write"))]
YearQuery = Annotated[Year | None, Query()]


@dataclass(frozen=True)
class Line:
    """A policy with its tag and the plans of the chosen year that name it."""

    tag: str
    title: Text
    approved: int
    draft: int
    theme: Theme | None = None


@router.get("")
def get_policies(
    request: Request, caller: Anybody, scope: Asking, fiscal_year: YearQuery = None, said: TextQuery = None
) -> Response:
    """Show policies with the plans of a year that name them, and the plans that name none."""
    done = text(f"policy.said.{said}") if said in SAID else None
    return _page(request, caller, scope, fiscal_year, done=done)


@router.post("")
def post_titles(request: Request, setter: Setter, form: Sent, fiscal_year: YearQuery = None) -> Response:
    """Write titles of themes, add one behind those of a kind and year, or take one away that no plan names."""
    try:
        with transaction(request.app.state.engine, setter.scope) as session:
            said, first, count = _change(request, session, form)
            details = {"change": said, "period": f"fy{_year(first)}", "count": count}
            record(session, setter.scope, "policy_change", kind="policy_theme", details=details)
    except SocialMapError as error:
        return _page(request, setter, setter.scope, fiscal_year, error=error)
    back = f"?fiscal_year={fiscal_year}&said={said}" if fiscal_year else f"?said={said}"
    return RedirectResponse(f"/policy{back}", 303, HEADERS)


def _change(request: Request, session: Session, form: Form) -> tuple[str, date, int]:
    """Do what a form asks. Raises FormBad and what the rules of themes raise."""
    if form.get("add"):
        kind, first = _kind(form.get("add")), _first(number_of(form, "year"))
        add_theme(session, first, kind)
        return "added", first, 1
    if form.get("remove"):
        kind, first, number = _named(form.get("remove"))
        with reading(request.app.state.engine, Scope.system("policy.in_use")) as everything:
            remove_theme(session, everything, first, kind, number)
        return "removed", first, 1
    first, count = _first(number_of(form, "year")), 0
    titles = {name: value for name, value in form.pairs if name.startswith(("th-", "en-"))}
    for name, value in titles.items():
        language, _, code = name.partition("-")
        if language == "th":
            kind, own, number = _named(code)
            name_theme(session, own, kind, number, value, titles.get(f"en-{code}", ""))
            count += 1
    return "saved", first, count


def _named(code: str) -> tuple[ThemeKind, date, int]:
    parts = code.split(":")
    if len(parts) != 3 or not all(each.isascii() and each.isdigit() and len(each) <= 4 for each in parts[1:]):
        raise FormBad
    return _kind(parts[0]), _first(int(parts[1])), int(parts[2])


def _kind(words: str) -> ThemeKind:
    for kind in THEME_KINDS:
        if kind == words:
            return kind
    raise FormBad


def _first(year: int) -> date:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise FormBad
    return fiscal_year_start(year)


def _page(
    request: Request,
    caller: Caller | None,
    scope: Scope,
    asked: int | None,
    error: SocialMapError | None = None,
    done: Text | None = None,
) -> Response:
    year = asked or _year(today_in_bangkok())
    first = fiscal_year_start(year)
    with reading(request.app.state.engine, scope) as session:
        shown = _shown(session, scope, first)
    now = _year(today_in_bangkok())
    more = {
        "year": year,
        "years": sorted({year, *range(now - YEARS_BACK, now + YEARS_AHEAD + 1)}, reverse=True),
        "kinds": THEME_KINDS,
        "writes": caller is not None and caller.complete and caller.scope.may("settings.write"),
        "most": MOST_UNTAGGED,
        "problem_of": get_problem,
    }
    status = status_of(error) if error else 200
    return page(request, "policy", caller, status, error.text if error else None, done=done, **shown, **more)


def _shown(session: Session, scope: Scope, first: date) -> dict[str, Any]:
    counted, themes = plans_by_tag(session, scope, first), list_themes(session)
    found = list_untagged(session, scope, first, MOST_UNTAGGED + 1)
    areas = {code: area_or_code(session, code) for code in {one.area_code for one in found[:MOST_UNTAGGED]}}
    by_year: dict[int, list[Line]] = {}
    for theme in themes:
        by_year.setdefault(_year(theme.fiscal_year), []).append(_line(theme.code, theme.title, counted, theme))
    return {
        "themes": by_year,
        "dimensions": [_line(tag, title, counted) for tag, title in dimensions().items()],
        "systems": [_line(tag, title, counted) for tag, title in welfare_systems().items()],
        "untagged": [(one, areas[one.area_code]) for one in found[:MOST_UNTAGGED]],
        "untagged_more": len(found) > MOST_UNTAGGED,
    }


def _line(tag: str, title: Text, counted: dict[str, dict[Any, int]], theme: Theme | None = None) -> Line:
    held = counted.get(tag, {})
    return Line(tag, title, held.get("approved", 0), held.get("draft", 0), theme)


_year = fiscal_year
