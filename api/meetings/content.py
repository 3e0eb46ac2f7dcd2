"""What the pages of meetings show: the list with its form, and one meeting with all that may be done to it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from boundaries.areas import get_area, list_areas
from boundaries.codes import COUNTRY
from boundaries.dates import BANGKOK, BE
from boundaries.messages import text
from layers.aggregation import newest_period
from layers.dates import fiscal_year
from layers.releases import ReleaseRecord, list_releases
from layers.scope import Scope
from layers.taxonomy import get_problem, problems
from mapping.follow_ups import follow, list_follow_ups
from mapping.meeting_models import Committee
from mapping.meetings import MeetingRecord, StopRecord, list_meetings, list_stops, writes
from mapping.plans import PlanRecord, list_plans, trees
from mapping.resolutions import count_open, list_resolutions

MOST_MEETINGS, MOST_RELEASES = 200, 50
Option = tuple[str, str]


@dataclass(frozen=True)
class Target:
    """A plan that a resolution may be about: its name, and what may be chosen of it."""

    name: str
    options: tuple[Option, ...]


def today() -> date:
    """Return the day in Thailand."""
    return datetime.now(BANGKOK).date()


def written_day(day: date | None) -> str:
    """Write a day as the forms take it."""
    return f"{day.day}/{day.month}/{day.year + BE}" if day else ""


def list_content(session: Session, scope: Scope) -> dict[str, Any]:
    """Return what the list of meetings shows."""
    found = list_meetings(session, scope, limit=MOST_MEETINGS)
    provinces = sorted({one.province_code for one in found})
    areas = _areas_of(session, scope)
    return {
        "meetings": found,
        "open": count_open(session, provinces),
        "names": {one.area_code: get_area(session, one.area_code).full_name_th for one in found},
        "writes": scope.may("meeting.write") and bool(areas),
        "areas": areas,
        "committees": list(session.execute(select(Committee.name).distinct().order_by(Committee.name)).scalars()),
        "releases": _releases(session),
    }


def _releases(session: Session) -> list[ReleaseRecord]:
    return list_releases(session, MOST_RELEASES)


def _areas_of(session: Session, scope: Scope) -> list[Option]:
    """Return the areas whose committees somebody may call, each with the districts within it."""
    if not scope.may("meeting.write"):
        return []
    if scope.areas is None:
        return [(one.code, one.full_name_th) for one in list_areas(session, "province", None)]
    found: dict[str, str] = {}
    for code in sorted(scope.areas):
        if code == COUNTRY:
            continue
        area = get_area(session, code)
        found[area.code] = area.full_name_th
        if area.level == "province":
            found |= {one.code: one.full_name_th for one in list_areas(session, "district", area.code)}
    return list(found.items())


def meeting_content(session: Session, scope: Scope, meeting: MeetingRecord) -> dict[str, Any]:
    """Return what the page of a meeting shows."""
    stops, writer = list_stops(session, meeting), writes(scope, meeting.area_code)
    resolutions = follow(session, scope, list_resolutions(session, meeting), today())
    prepared, held = writer and meeting.state == "prepared", writer and meeting.state == "held"
    areas = _areas_in(session, meeting.area_code) if prepared else []
    known = dict(areas) | {one.area_code: get_area(session, one.area_code).full_name_th for one in stops}
    return {
        "meeting": meeting,
        "area": get_area(session, meeting.area_code),
        "writer": writer,
        "prepared": prepared,
        "held": held,
        "may_begin": prepared and bool(stops) and meeting.held_on <= today(),
        "stops": [(one, known[one.area_code], problem_name(one), fiscal_year(one.fiscal_year)) for one in stops],
        "resolutions": resolutions,
        "follow_ups": list_follow_ups(session, scope, meeting, today()),
        "areas": areas,
        "problems": [(code, f"{code} {one.short_th}") for code, one in problems().items()] if prepared else [],
        "releases": _releases(session) if prepared else [],
        "targets": _targets(session, scope, stops) if held else [],
        "year": _newest_year(session, meeting) if prepared else None,
        "written_day": written_day,
    }


def _newest_year(session: Session, meeting: MeetingRecord) -> int:
    """Return the newest fiscal year that the meeting's release has figures of."""
    return fiscal_year(newest_period(session, replace(Scope.committee(), release=meeting.release_id)).first)


def problem_name(stop: StopRecord) -> str:
    """Name the problem of a stop."""
    return get_problem(stop.problem_code).short_th if stop.problem_code else text("meeting.all_problems").th


def _areas_in(session: Session, code: str) -> list[Option]:
    """Return the area's province with its districts and subdistricts, each under what it lies in."""
    province = get_area(session, code[:2])
    districts = list_areas(session, "district", province.code)
    found = [province, *districts, *list_areas(session, "subdistrict", province.code)]
    depth = {"province": "", "district": "\u2003", "subdistrict": "\u2003\u2003"}
    return [(one.code, f"{depth[one.level]}{one.full_name_th}") for one in sorted(found, key=lambda one: one.code)]


def _targets(session: Session, scope: Scope, stops: Iterable[StopRecord]) -> list[Target]:
    """Return the plans of the agenda's areas that a resolution may be about; drafts stand for what they revise."""
    codes = dict.fromkeys([one.area_code for one in stops])
    found = [plan for code in codes for plan in list_plans(session, scope, area=code) if plan.state != "superseded"]
    drafted = {_what(plan) for plan in found if plan.state == "draft"}
    offered = [plan for plan in found if plan.state == "draft" or _what(plan) not in drafted]
    held = trees(session, offered)
    targets = []
    for plan in offered:
        whole = [(str(plan.id), text("meetings.whole_draft").th)] if plan.state == "draft" else []
        tree = held[plan.id]
        solutions = [one for one in tree.walk(tree.root.id, "goal", "objective", "solution") if one.kind == "solution"]
        options = [*whole, *((f"{plan.id} {one.id}", one.text) for one in solutions)]
        targets.append(Target(_plan_name(session, plan), tuple(options)))
    return targets


def _what(plan: PlanRecord) -> tuple[str, str, date]:
    return plan.area_code, plan.problem_code, plan.fiscal_year


def _plan_name(session: Session, plan: PlanRecord) -> str:
    area, problem = get_area(session, plan.area_code).full_name_th, get_problem(plan.problem_code).short_th
    return f"{area} · {problem} · {fiscal_year(plan.fiscal_year)} · {text(f'plan.{plan.state}').th}"
