"""All that is known of the work on one case, as one value: history, what waits, what was given, deadlines."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from layers.agencies import Suggestion, suggested_agencies
from layers.assignments import Assigned, list_assignments
from layers.assistance import Given, current_assistance, list_assistance
from layers.case_closing import Closing, find_closing
from layers.case_steps import Event, list_history, next_statuses
from layers.cases import CaseRecord
from layers.referrals import Sent, list_sent
from layers.taxonomy import REOPENED
from layers.time_limits import Deadline, deadlines_of
from layers.visits import PlannedVisit, list_visits


@dataclass(frozen=True)
class CaseWork:
    """The work on a case, each part oldest first; `next` are the statuses that one step leads to."""

    events: tuple[Event, ...]
    next: tuple[int, ...]
    closing: Closing | None
    """The proposal that waits for somebody else."""
    assignments: tuple[Assigned, ...]
    referrals: tuple[Sent, ...]
    suggested: Suggestion
    visits: tuple[PlannedVisit, ...]
    assistance: tuple[Given, ...]
    deadlines: tuple[Deadline, ...]

    @property
    def current_assistance(self) -> list[Given]:
        """What stands of the help noted, without what was corrected."""
        return current_assistance(self.assistance)

    @property
    def reopened(self) -> int:
        """How many times it was opened again."""
        return sum(one.to_status == REOPENED and one.way == "step" for one in self.events)

    @property
    def actors(self) -> set[UUID]:
        """Everybody who did any of it."""
        found = {one for event in self.events for one in (event.actor_id, event.proposed_by)}
        found |= {one for sent in self.referrals for one in (sent.sent_by, sent.answered_by)}
        found |= {one for visit in self.visits for one in (visit.planned_by, visit.done_by)}
        found |= {one.actor_id for one in self.assignments} | {one.made_by for one in self.assistance}
        found |= {self.closing.proposed_by} if self.closing else set()
        return {one for one in found if one is not None}


def get_case_work(session: Session, case: CaseRecord) -> CaseWork:
    """Return the work on a case that the session read."""
    return CaseWork(
        tuple(list_history(session, case.id)),
        next_statuses(case.values.status),
        find_closing(session, case.id),
        tuple(list_assignments(session, case.id)),
        tuple(list_sent(session, case.id)),
        suggested_agencies(case.values.problem_code),
        tuple(list_visits(session, case.id)),
        tuple(list_assistance(session, case.id)),
        tuple(deadlines_of(session, case.id)),
    )
