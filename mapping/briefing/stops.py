"""The stops of a meeting with all that is shown of them: figures of its release for the committee, maps, mind maps."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from boundaries.areas import AreaRecord, get_area
from layers.dates import fiscal_year
from layers.filters import Filter
from layers.periods import fiscal_period
from layers.scope import Scope
from layers.taxonomy import get_problem
from mapping.area_map import AreaMap, build_area_map
from mapping.meetings import MeetingRecord, StopRecord, list_stops
from mapping.mindmaps import MindMap
from mapping.offline import Library
from mapping.plan_mind_map import to_mind_map
from mapping.plans import get_tree, plans_of_areas
from mapping.sheet.ground import Ground, read_ground


@dataclass(frozen=True)
class ShownStop:
    """A stop: the map it is shown on with its code there, its mind map where the reader is shown one."""

    record: StopRecord
    area: AreaRecord
    area_map: AreaMap
    ground: Ground
    mind_map: MindMap | None

    @property
    def name(self) -> str:
        """The full name of the area, with its province for one within it."""
        around = self.area_map.area.full_name_th if self.area.level != "province" else ""
        return f"{self.area.full_name_th} {around}".strip()


def build_stops(
    session: Session, scope: Scope, meeting: MeetingRecord, *, library: Library | None = None, today: date
) -> list[ShownStop]:
    """Build the stops of a meeting; `session` reads with the scope given.

    Figures are those of the meeting's release for the committee, whoever looks. A mind map is the plan that the reader
    may see: staff show the draft that they put before the meeting.
    """
    figures = replace(Scope.committee(), release=meeting.release_id)
    maps: dict[tuple[object, ...], tuple[AreaMap, Ground]] = {}
    made = []
    for stop in list_stops(session, meeting):
        area = get_area(session, stop.area_code)
        # What is published is of categories of problems; a plan may be of one kind within.
        category = get_problem(stop.problem_code).category if stop.problem_code else None
        asked = Filter(category, fiscal_period(fiscal_year(stop.fiscal_year)))
        around = _shown_on(session, area)
        key = (around.code, asked.problem, asked.period)
        if key not in maps:
            maps[key] = _map(session, figures, around, asked, library, today)
        area_map, ground = maps[key]
        mind_map = _mind_map(
            session, scope, area, replace(asked, problem=stop.problem_code), area_map, today, stop.draft
        )
        made.append(ShownStop(stop, area, area_map, ground, mind_map))
    return made


def _map(
    session: Session, figures: Scope, area: AreaRecord, asked: Filter, library: Library | None, today: date
) -> tuple[AreaMap, Ground]:
    given: dict[str, Any] = {"filter": asked, "library": library, "today": today}
    area_map = build_area_map(session, figures, area.code, **given)
    return area_map, read_ground(session, area_map.level, area.code, library)


def _shown_on(session: Session, area: AreaRecord) -> AreaRecord:
    """Return the area on whose map a stop is shown: a province on its own, others on that of the area they lie in."""
    return area if area.level == "province" else get_area(session, str(area.parent_code))


def _mind_map(
    session: Session, scope: Scope, area: AreaRecord, asked: Filter, area_map: AreaMap, today: date, draft: bool
) -> MindMap | None:
    """Return the plan that the reader may see, approved before draft or, where asked for, the other way round.

    Without one it is the template's draft.

    An approved one is that of the map, which was read for the committee; what staff are shown beside the texts of a
    draft is theirs alone and not read here.
    """
    held = area_map.mind_maps.get(area.code)
    found = plans_of_areas(session, scope, [area.code], asked.period.fiscal_years(), asked.problem)
    if not found:
        own = held is None or held.state == "template" or asked.problem in (None, held.problem_code)
        return held if own else None
    first = "draft" if draft else "approved"
    plan = min(found, key=lambda one: (one.state != first, one.problem_code != asked.problem, one.problem_code))
    if held is not None and plan.state == "approved" and held.problem_code == plan.problem_code:
        return held
    return to_mind_map(plan, get_tree(session, plan), area, today)
