"""Who sits at the desk, and what its pages are asked for."""

from collections.abc import Container
from typing import Annotated

from fastapi import Depends
from sqlalchemy.orm import Session

from api.auth.asking import Caller
from api.auth.depends import signed_in_with
from api.dependencies import CodeQuery
from api.errors import ParameterBad, shortened
from api.plan_work.asked import own_area
from boundaries.areas import AreaRecord, find_areas, get_area, list_areas
from boundaries.codes import COUNTRY, level_of
from layers.desk import QueueAsked
from layers.scope import Scope
from layers.taxonomy import get_problem, statuses, urgencies

MOST_PAGES = 400


Reader = Annotated[Caller, Depends(signed_in_with("case.read"))]
Writer = Annotated[Caller, Depends(signed_in_with("case.write"))]
Assigner = Annotated[Caller, Depends(signed_in_with("case.assign"))]


def asked_queue(
    reader: Reader,
    area: CodeQuery = None,
    urgency: CodeQuery = None,
    status: CodeQuery = None,
    problem: CodeQuery = None,
    page: CodeQuery = None,
) -> QueueAsked:
    """Read what of the queue is asked for; a field of a form that is left empty asks for all. Raises ParameterBad."""
    return QueueAsked(
        within=area or own_area(reader.scope),
        urgency=_one_of("urgency", urgency, urgencies()),
        status=_number("status", status, statuses()),
        problem=get_problem(problem).code if problem else None,
        page=asked_page(page),
    )


Asked = Annotated[QueueAsked, Depends(asked_queue)]


def asked_page(page: str | None) -> int:
    """Read the number of a page, 1 without. Raises ParameterBad."""
    return _number("page", page, range(1, MOST_PAGES + 1)) or 1


def area_options(session: Session, scope: Scope, code: str) -> list[AreaRecord]:
    """List the areas that a form offers: the asker's own, those in them, and what lies around the one chosen."""
    tops = sorted(scope.areas or ()) or [COUNTRY]
    found = [get_area(session, COUNTRY)] if COUNTRY in tops else list(find_areas(session, tops).values())
    inner: list[AreaRecord] = []
    for top in tops:
        inner += _below(session, top)
    if level_of(code) in ("district", "subdistrict"):
        inner += list_areas(session, "subdistrict", code[:4])
    elif level_of(code) == "province":
        inner += list_areas(session, "district", code)
    offered = {one.code: one for one in [*found, *inner] if scope.covers(one.code) or one.code in tops}
    if code not in offered:
        offered[code] = get_area(session, code)
    return sorted(offered.values(), key=lambda one: "" if one.code == COUNTRY else one.code)


def _below(session: Session, code: str) -> list[AreaRecord]:
    below = {"country": "province", "province": "district", "district": "subdistrict"}.get(level_of(code))
    return list_areas(session, below, code) if below else []  # type: ignore[arg-type]


def _one_of(name: str, value: str | None, allowed: Container[str]) -> str | None:
    if not value:
        return None
    if value not in allowed:
        raise ParameterBad(name=name, value=shortened(value), allowed=", ".join(allowed))  # type: ignore[arg-type]
    return value


def _number(name: str, value: str | None, allowed: Container[int]) -> int | None:
    if not value:
        return None
    if not value.isdecimal() or int(value) not in allowed:
        numbers = sorted(allowed)  # type: ignore[call-overload]
        raise ParameterBad(name=name, value=shortened(value), allowed=f"{numbers[0]} – {numbers[-1]}")
    return int(value)
