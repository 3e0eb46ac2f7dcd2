"""What plans add up to, what is late and what the country does, as they are answered."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from uuid import UUID

from api.schemas.common import Schema, Words, to_words
from api.schemas.plans import PlanLine
from boundaries.areas import AreaRecord
from boundaries.messages import Text
from layers.dates import fiscal_year
from mapping.mindmaps import SolutionType, WelfareSystem
from mapping.plan_country import CountryPlans
from mapping.plan_fields import StoredStatus
from mapping.plan_work import Overdue, RollUp, Tallies, Tally, sources_by_budget


class WorkStatuses(Schema):
    """Activities by status; late ones are counted as nothing else."""

    draft: int
    planned: int
    doing: int
    done: int
    late: int


class WorkTally(Schema):
    """Plans, those among them with late activities, activities by status, and baht; `unpriced` state no budget."""

    plans: int
    overdue: int
    activities: int
    statuses: WorkStatuses
    budget: float
    unpriced: int


class WorkPlace(Schema):
    """An area's plans with those within it; the area asked for itself stands for its own plans alone."""

    area: str
    name: Words
    approved: WorkTally
    draft: WorkTally


class WorkMoney(Schema):
    """Activities and baht."""

    activities: int
    budget: float


class WorkSource(Schema):
    """A source of budget, None where none is stated."""

    source: str | None
    approved: WorkMoney
    draft: WorkMoney


class Work(Schema):
    """What the plans of an area and of all within it add up to; `without` counts areas below that have none."""

    area: str
    fiscal_year: int
    as_of: date
    approved: WorkTally
    draft: WorkTally
    places: list[WorkPlace]
    sources: list[WorkSource]
    without: int


class OverdueActivity(Schema):
    """An activity of an approved plan whose last day has passed and that is not done."""

    plan: UUID
    part: UUID
    area: str
    area_name: Words
    problem: str
    text: str
    lead: str | None
    status: StoredStatus
    ends_on: date
    days: int


class OverdueActivities(Schema):
    """What is late, the oldest first; `more` where the list ends before it does."""

    as_of: date
    activities: list[OverdueActivity]
    more: bool


def to_work(found: RollUp) -> Work:
    """Turn a roll-up into its public form."""
    return Work(
        area=found.area.code,
        fiscal_year=fiscal_year(found.fiscal_year),
        as_of=found.today,
        approved=_tally(found.whole["approved"]),
        draft=_tally(found.whole["draft"]),
        places=[_place(found.names[code], tallies) for code, tallies in found.places.items()],
        sources=[_source(source, tallies) for source, tallies in sources_by_budget(found.sources)],
        without=found.without,
    )


def to_overdue(found: Iterable[Overdue], today: date, limit: int) -> OverdueActivities:
    """Turn late activities into their public form; one more than `limit` says that there are more."""
    lines = [_overdue(each, today) for each in found]
    return OverdueActivities(as_of=today, activities=lines[:limit], more=len(lines) > limit)


def area_words(area: AreaRecord) -> Words:
    """Return an area's names."""
    return to_words(Text(area.full_name_th, area.name_en or area.code))


def _tally(tally: Tally) -> WorkTally:
    return WorkTally(
        plans=tally.plans,
        overdue=tally.overdue,
        activities=tally.activities,
        statuses=WorkStatuses(**{str(status): many for status, many in tally.statuses.items()}),
        budget=float(tally.budget),
        unpriced=tally.unpriced,
    )


def _place(area: AreaRecord, tallies: Tallies) -> WorkPlace:
    held = {state: _tally(tally) for state, tally in tallies.items()}
    return WorkPlace(area=area.code, name=area_words(area), approved=held["approved"], draft=held["draft"])


def _source(source: str | None, tallies: Tallies) -> WorkSource:
    held = {state: WorkMoney(activities=one.activities, budget=float(one.budget)) for state, one in tallies.items()}
    return WorkSource(source=source, approved=held["approved"], draft=held["draft"])


def _overdue(one: Overdue, today: date) -> OverdueActivity:
    return OverdueActivity(
        plan=one.plan_id,
        part=one.part_id,
        area=one.area.code,
        area_name=area_words(one.area),
        problem=one.problem_code,
        text=one.text,
        lead=one.lead,
        status=one.status,
        ends_on=one.ends_on,
        days=(today - one.ends_on).days,
    )


class CountryCause(Schema):
    """A cause, with the category of its problem and how many provinces and plans name it."""

    category: str
    text: str
    provinces: int
    plans: int


class CountrySolution(CountryCause):
    """A solution with what it costs in baht; `unpriced` counts activities that state no budget."""

    activities: int
    budget: float
    unpriced: int


class CountryKind(Schema):
    """All solutions of one type within one welfare system."""

    type: SolutionType
    welfare_system: WelfareSystem
    solutions: int
    provinces: int
    activities: int
    budget: float
    unpriced: int


class CountryWork(Schema):
    """What approved plans of a fiscal year say, the most widely named first."""

    fiscal_year: int
    plans: int
    provinces: int
    causes: list[CountryCause]
    solutions: list[CountrySolution]
    kinds: list[CountryKind]


class Policy(Schema):
    """A policy that plans may name by its tag."""

    tag: str
    title: Words


class Policies(Schema):
    """All policies: themes, newest year first, dimensions of the provincial strategy, welfare systems."""

    policies: list[Policy]


class UntaggedPlans(Schema):
    """Drafts and approved plans that name no policy; `more` where the list ends before they do."""

    plans: list[PlanLine]
    more: bool


def to_country(found: CountryPlans, fiscal_year: int) -> CountryWork:
    """Turn what the country's plans say into its public form."""
    return CountryWork(
        fiscal_year=fiscal_year,
        plans=found.plans,
        provinces=found.provinces,
        causes=[CountryCause(**asdict(each)) for each in found.causes],
        solutions=[CountrySolution(**asdict(each)) for each in found.solutions],
        kinds=[CountryKind(**asdict(each)) for each in found.kinds],
    )
