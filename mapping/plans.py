"""Plans of areas: what a team means to do about a problem in a fiscal year: read, locked, added.

Who may see which plan is said twice: by the policies of the database and by `readable`, so that a page made for one
audience by a session of the product itself shows no more than that audience may see.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, false, func, insert, or_, select, true, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from boundaries.areas import get_area
from boundaries.codes import COUNTRY
from boundaries.errors import SocialMapError
from layers.cases import new_id
from layers.scope import SYSTEM, Scope
from layers.taxonomy import get_problem
from mapping.models import Plan, PlanLink, PlanPart
from mapping.plan_tree import Kept, Link, Part, Tree

StoredState = Literal["draft", "approved", "superseded"]
COPY = "plan:"
TEMPLATE = "template:"
"""How a plan's origin begins."""
CHANNEL = "socialmap_plan"
"""Where the database tells whoever listens that a plan was changed: `<id> <number of its newest change>`."""


class PlanNotFound(SocialMapError):
    """No plan has this id, or none that the reader may see."""

    key = "plan.not_found"


class PlanExists(SocialMapError):
    """The area has a draft for this problem and fiscal year already."""

    key = "plan.exists"


class PlanReadOnly(SocialMapError):
    """A plan of an area that is not the writer's own."""

    key = "plan.read_only"


class PlanNotDraft(SocialMapError):
    """An approved or superseded plan is not changed: a revision is a new draft copied from it."""

    key = "plan.not_draft"


class HistoryClosed(SocialMapError):
    """Who changed what in a plan is told to the staff of its area alone."""

    key = "plan.history_closed"


class BadPlanArea(SocialMapError):
    """A plan is one of a province, district, subdistrict or village."""

    key = "plan.bad_area"


@dataclass(frozen=True)
class PlanRecord:
    """A plan without its parts; `number` is that of its newest change."""

    id: UUID
    area_code: str
    problem_code: str
    fiscal_year: date
    state: StoredState
    approved_by: str | None
    approved_on: date | None
    origin: str
    number: int
    created_by: UUID | None
    created_at: datetime

    @property
    def province_code(self) -> str:
        """The first column of every key."""
        return self.area_code[:2]


_COLUMNS = tuple(getattr(Plan, name) for name in PlanRecord.__dataclass_fields__)


def readable(scope: Scope) -> ColumnElement[bool]:
    """Return the condition under which a plan is shown to a reader, as the database's policies have it.

    The office's staff: all plans of their areas and of those above. Anybody: approved ones, but those of secret
    problems (L3) staff and committees of the area alone.
    """
    if scope.role == SYSTEM:
        return true()
    near = _near(scope)
    in_work = near if scope.audience == "internal" and scope.may("plan.read") else false()
    secret = near if scope.audience in ("internal", "committee") else false()
    return or_(in_work, and_(Plan.state == "approved", or_(Plan.sensitivity != "L3", secret)))


def _near(scope: Scope) -> ColumnElement[bool]:
    """Say whether a plan's area is one of the scope's, lies in one or above one."""
    if scope.areas is None:
        return true()
    inside = [Plan.area_code.startswith(code, autoescape=True) for code in scope.areas]
    above = [code[:length] for code in scope.areas for length in (2, 4, 6, 8) if len(code) >= length]
    return or_(false(), *inside, Plan.area_code.in_(above))


def list_plans(
    session: Session,
    scope: Scope,
    *,
    area: str | None = None,
    problem: str | None = None,
    fiscal_year: date | None = None,
    limit: int | None = None,
) -> list[PlanRecord]:
    """List the plans that the reader may see, newest fiscal year first, at most `limit` of them."""
    asked = select(*_COLUMNS).where(readable(scope))
    for column, value in ((Plan.area_code, area), (Plan.problem_code, problem), (Plan.fiscal_year, fiscal_year)):
        if value is not None:
            asked = asked.where(column == value)
    order = (Plan.fiscal_year.desc(), Plan.area_code, Plan.problem_code, Plan.state, Plan.created_at.desc())
    return [_record(row) for row in session.execute(asked.order_by(*order).limit(limit))]


def get_plan(session: Session, scope: Scope, plan_id: UUID) -> PlanRecord:
    """Return a plan, or raise PlanNotFound."""
    row = session.execute(select(*_COLUMNS).where(Plan.id == plan_id, readable(scope))).one_or_none()
    if row is None:
        raise PlanNotFound(id=plan_id)
    return _record(row)


def sees_work(scope: Scope, plan: PlanRecord) -> bool:
    """Say whether the reader is shown how a plan came about: its history, what was taken away, what lost a race."""
    if scope.role == SYSTEM or scope.areas is None:
        return scope.role == SYSTEM or (scope.audience == "internal" and scope.may("plan.read"))
    near = scope.covers(plan.area_code) or any(code.startswith(plan.area_code) for code in scope.areas)
    return near and scope.audience == "internal" and scope.may("plan.read")


def lock_draft(session: Session, scope: Scope, plan_id: UUID) -> PlanRecord:
    """Return a draft that nobody else changes until the transaction ends.

    Raises PlanNotFound, PlanReadOnly where the area is not the writer's own, PlanNotDraft.
    """
    found = get_plan(session, scope, plan_id)
    own = scope.role == SYSTEM or scope.covers(found.area_code)
    asked = select(*_COLUMNS).where(Plan.province_code == found.province_code, Plan.id == plan_id)
    row = session.execute(asked.with_for_update()).one_or_none() if own else None
    # A state that changed since is that of the row as it is now: it was locked after whoever changed it.
    state = row.state if row is not None else get_plan(session, scope, plan_id).state
    if state != "draft":
        raise PlanNotDraft(id=plan_id)
    if row is None:
        raise PlanReadOnly(id=plan_id)
    return _record(row)


def trees(session: Session, plans: Iterable[PlanRecord]) -> dict[UUID, Tree]:
    """Read the parts and links of plans, by the plans' ids, in two statements."""
    made = {plan.id: Tree(number=plan.number) for plan in plans}
    if not made:
        return made
    provinces = sorted({plan.province_code for plan in plans})
    of = (PlanPart.province_code.in_(provinces), PlanPart.plan_id.in_(made))
    order = (PlanPart.plan_id, PlanPart.parent_id, PlanPart.position, PlanPart.ordinal)
    for row in session.execute(select(PlanPart.__table__).where(*of).order_by(*order)):
        tree = made[row.plan_id]
        tree.parts[row.id] = _part(row)
        if row.parent_id is not None:
            tree.children.setdefault(row.parent_id, []).append(row.id)
    links = select(PlanLink.__table__).where(PlanLink.province_code.in_(provinces), PlanLink.plan_id.in_(made))
    for row in session.execute(links):
        made[row.plan_id].links.add(Link(row.from_id, row.to_id, row.kind))
    return made


def get_tree(session: Session, plan: PlanRecord) -> Tree:
    """Read the parts and links of one plan."""
    return trees(session, [plan])[plan.id]


def plans_of_areas(
    session: Session, scope: Scope, codes: Sequence[str], years: Sequence[date], problem: str | None = None
) -> list[PlanRecord]:
    """List drafts and approved plans of areas and fiscal years in one statement; of a problem with its subtypes."""
    asked = select(*_COLUMNS).where(
        readable(scope),
        Plan.province_code.in_(sorted({code[:2] for code in codes if code != COUNTRY})),
        Plan.area_code.in_(codes),
        Plan.fiscal_year.in_(years),
        Plan.state != "superseded",
    )
    if problem is not None:
        asked = asked.where(
            or_(Plan.problem_code == problem, Plan.problem_code.startswith(f"{problem}.", autoescape=True))
        )
    order = (Plan.area_code, Plan.fiscal_year.desc(), Plan.state, Plan.approved_on.desc(), Plan.problem_code)
    return [_record(row) for row in session.execute(asked.order_by(*order))]


def insert_plan(
    session: Session, scope: Scope, area_code: str, problem_code: str, fiscal_year: date, origin: str
) -> PlanRecord:
    """Add an empty draft. Raises AreaNotFound, BadPlanArea, PlanReadOnly, PlanExists, and what get_problem raises."""
    area, problem = get_area(session, area_code), get_problem(problem_code)
    if area.code == COUNTRY:
        raise BadPlanArea(area=area.full_name_th)
    if scope.role != SYSTEM and not scope.covers(area.code):
        raise PlanReadOnly(id=area.code)
    row = {
        "province_code": area.code[:2],
        "id": new_id(),
        "area_code": area.code,
        "problem_code": problem.code,
        "sensitivity": problem.sensitivity,
        "fiscal_year": fiscal_year,
        "origin": origin,
        "created_by": scope.actor_id,
    }
    try:
        with session.begin_nested():
            made = session.execute(insert(Plan).values(row).returning(*_COLUMNS)).one()
    except IntegrityError as error:
        name = getattr(getattr(error.orig, "diag", None), "constraint_name", "")
        if name != "uq_plan_draft":
            raise
        raise PlanExists(area=area.full_name_th, problem=problem.short_th) from None
    return _record(made)


def set_number(session: Session, plan: PlanRecord, number: int) -> None:
    """Note the number of a plan's newest change; whoever listens is told when the transaction is committed."""
    if number == plan.number:
        return
    mine = (Plan.province_code == plan.province_code, Plan.id == plan.id)
    session.execute(update(Plan).where(*mine).values(number=number))
    session.execute(select(func.pg_notify(CHANNEL, f"{plan.id} {number}")))


def _record(row: Row[Any]) -> PlanRecord:
    return PlanRecord(**row._mapping)


def _part(row: Row[Any]) -> Part:
    kept: Mapping[str, list[dict[str, Any]]] = row.kept
    return Part(
        id=row.id,
        kind=row.kind,
        parent_id=row.parent_id,
        ordinal=row.ordinal,
        fields=row.fields,
        versions=row.versions,
        kept={name: tuple(Kept(one["value"], one["number"]) for one in held) for name, held in kept.items()},
        removed=row.removed,
        origin=row.origin,
    )
