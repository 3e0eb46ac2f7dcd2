"""Resolutions of meetings (มติ): new activities of plans, approvals, things to follow up; closed by later meetings."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Row, Select, func, insert, select, update
from sqlalchemy.orm import Session

from boundaries.errors import SocialMapError
from layers.cases import new_id
from layers.dates import fiscal_year
from layers.scope import SYSTEM, Scope
from mapping.meeting_asking import LONGEST_TEXT, MeetingNotHeld, day_of, line_of
from mapping.meeting_models import Committee, Meeting, Resolution
from mapping.meetings import MeetingRecord, list_stops, lock_meeting
from mapping.plan_approving import approve
from mapping.plan_asking import Operation
from mapping.plan_changes import apply_operations
from mapping.plan_making import create_copy
from mapping.plans import COPY, PlanRecord, get_plan, get_tree, list_plans

ResolutionKind = Literal["activity", "approve", "follow_up"]


class ResolutionNotFound(SocialMapError):
    """The committee has no resolution of this id that could be closed here."""

    key = "meeting.resolution_not_found"


class ResolutionClosed(SocialMapError):
    """A resolution that was closed already."""

    key = "meeting.resolution_closed"


class BadResolution(SocialMapError):
    """A resolution that lacks what its kind needs: a solution, lead agency and day, or a draft of the province."""

    key = "meeting.bad_resolution"


class SolutionNotInDraft(SocialMapError):
    """The approved plan has a draft of its next version that does not hold this solution."""

    key = "meeting.solution_not_in_draft"


class ApprovalNotAllowed(SocialMapError):
    """Only who may approve plans notes that a meeting approved one."""

    key = "meeting.approval_not_allowed"


class ResolutionRefused(SocialMapError):
    """The plan does not take the activity; says why."""

    key = "meeting.refused"


@dataclass(frozen=True)
class AskedResolution:
    """A resolution as it is asked for; `solution` is the part of the plan under which the activity comes."""

    kind: ResolutionKind
    text: str
    plan_id: UUID | None = None
    solution_id: UUID | None = None
    lead: str | None = None
    due_on: date | None = None
    stop_id: UUID | None = None


@dataclass(frozen=True)
class ResolutionRecord:
    """A resolution, numbered within its committee's year (พ.ศ.)."""

    id: UUID
    province_code: str
    meeting_id: UUID
    meeting_number: int
    year: int
    number: int
    stop_id: UUID | None
    text: str
    kind: ResolutionKind
    plan_id: UUID | None
    part_id: UUID | None
    lead: str | None
    due_on: date | None
    closed_words: str | None
    closed_in: UUID | None

    @property
    def label(self) -> str:
        """Number and year: `3/2569`."""
        return f"{self.number}/{self.year}"


def list_resolutions(session: Session, meeting: MeetingRecord) -> list[ResolutionRecord]:
    """List what a meeting resolved, by number."""
    mine = (Resolution.province_code == meeting.province_code, Resolution.meeting_id == meeting.id)
    return _listed(session, _asked().where(*mine).order_by(Resolution.number))


def list_open_before(session: Session, meeting: MeetingRecord) -> list[ResolutionRecord]:
    """List what the committee's earlier meetings resolved that was open when this one began, oldest first."""
    before = (Resolution.year < meeting.year) | ((Resolution.year == meeting.year) & (Meeting.number < meeting.number))
    open_ = Resolution.closed_in.is_(None) | (Resolution.closed_in == meeting.id)
    mine = (Resolution.province_code == meeting.province_code, Resolution.committee_id == meeting.committee_id)
    return _listed(session, _asked().where(*mine, before, open_).order_by(Resolution.year, Resolution.number))


def count_open(session: Session, province_codes: list[str]) -> dict[UUID, int]:
    """Count the open resolutions of meetings, by the meetings' ids."""
    mine = (Resolution.province_code.in_(province_codes), Resolution.closed_in.is_(None))
    asked = select(Resolution.meeting_id, func.count()).where(*mine).group_by(Resolution.meeting_id)
    return {meeting: int(many) for meeting, many in session.execute(asked)}


def add_resolution(
    session: Session, scope: Scope, meeting_id: UUID, asked: AskedResolution, today: date
) -> ResolutionRecord:
    """Note what a meeting that is held resolves, and do it: add the activity to the plan's draft, approve the draft.

    Raises MeetingNotHeld, BadMeetingField, PersonalDataInText, BadResolution, and what the plan's own rules raise.
    """
    meeting = lock_meeting(session, scope, meeting_id)
    if meeting.state != "held":
        raise MeetingNotHeld
    words = line_of("text", asked.text, LONGEST_TEXT)
    lead = line_of("lead", asked.lead) if asked.lead else None
    due = day_of("due_on", asked.due_on) if asked.due_on else None
    if asked.stop_id is not None and asked.stop_id not in {one.id for one in list_stops(session, meeting)}:
        raise BadResolution
    row: dict[str, Any] = {"id": new_id(), "text": words, "lead": lead, "due_on": due, "kind": asked.kind}
    if asked.kind == "activity":
        row |= _activity(session, scope, meeting, asked, row)
    elif asked.kind == "approve":
        row |= _approval(session, scope, meeting, asked, today)
    own = {"meeting_id": meeting.id, "committee_id": meeting.committee_id, "year": meeting.year}
    row |= own | {"province_code": meeting.province_code, "stop_id": asked.stop_id, "created_by": scope.actor_id}
    row["number"] = _next(session, meeting)
    session.execute(insert(Resolution).values(row))
    return next(one for one in list_resolutions(session, meeting) if one.id == row["id"])


def close_resolution(
    session: Session, scope: Scope, meeting_id: UUID, resolution_id: UUID, words: str
) -> ResolutionRecord:
    """Close an earlier resolution, or one of its own, in a meeting that is held, saying what became of it.

    Raises MeetingNotHeld, ResolutionNotFound, ResolutionClosed, BadMeetingField, PersonalDataInText.
    """
    meeting = lock_meeting(session, scope, meeting_id)
    if meeting.state != "held":
        raise MeetingNotHeld
    said = line_of("closed_words", words, LONGEST_TEXT)
    known = {one.id: one for one in (*list_open_before(session, meeting), *list_resolutions(session, meeting))}
    if resolution_id not in known:
        raise ResolutionNotFound
    mine = (Resolution.province_code == meeting.province_code, Resolution.id == resolution_id)
    values = {"closed_words": said, "closed_in": meeting.id, "closed_at": datetime.now(UTC)}
    done = session.execute(update(Resolution).where(*mine, Resolution.closed_in.is_(None)).values(values))
    if done.rowcount != 1:  # type: ignore[attr-defined]
        raise ResolutionClosed
    return _listed(session, _asked().where(*mine))[0]


def _activity(
    session: Session, scope: Scope, meeting: MeetingRecord, asked: AskedResolution, row: dict[str, Any]
) -> dict[str, Any]:
    """Add the activity to the plan's draft, which for an approved plan is a copy of it; say what it is there."""
    if asked.plan_id is None or asked.solution_id is None or row["lead"] is None or row["due_on"] is None:
        raise BadResolution
    plan, solution = _draft_with(session, scope, _own_plan(session, scope, meeting, asked.plan_id), asked.solution_id)
    part = new_id()
    fields = {
        "text": row["text"],
        "lead": row["lead"],
        "ends_on": row["due_on"].isoformat(),
        "fiscal_year": fiscal_year(plan.fiscal_year),
        "status": "planned",
        "note": meeting.name.th,
    }
    origin = f"resolution:{row['id']}"
    adding = Operation(
        part, "add", plan.number, part=part, kind="activity", parent=solution, fields=fields, origin=origin
    )
    (result,) = apply_operations(session, scope, plan.id, [adding]).results
    if result.state != "done":
        assert result.words is not None
        raise ResolutionRefused(reason_th=result.words.th, reason_en=result.words.en)
    return {"plan_id": plan.id, "part_id": part}


def _draft_with(session: Session, scope: Scope, plan: PlanRecord, solution: UUID) -> tuple[PlanRecord, UUID]:
    """Return the draft in which a solution of a plan is worked on, and its id there."""
    part = get_tree(session, plan).parts.get(solution)
    if part is None or part.kind != "solution" or plan.state == "superseded":
        raise BadResolution
    if plan.state == "draft":
        return plan, solution
    same = {"area": plan.area_code, "problem": plan.problem_code, "fiscal_year": plan.fiscal_year}
    drafts = [one for one in list_plans(session, scope, **same) if one.state == "draft"]  # type: ignore[arg-type]
    draft = drafts[0] if drafts else create_copy(session, scope, plan.area_code, plan.id, plan.fiscal_year)
    copied = f"{COPY}{plan.id}/{solution}"
    found = [one.id for one in get_tree(session, draft).parts.values() if one.origin == copied]
    if not found:
        raise SolutionNotInDraft
    return draft, found[0]


def _approval(
    session: Session, scope: Scope, meeting: MeetingRecord, asked: AskedResolution, today: date
) -> dict[str, Any]:
    if asked.plan_id is None:
        raise BadResolution
    if scope.role != SYSTEM and not scope.may("plan.approve"):
        raise ApprovalNotAllowed
    plan = _own_plan(session, scope, meeting, asked.plan_id)
    approve(session, scope, plan.id, meeting.name.th[:200], meeting.held_on, today)
    return {"plan_id": plan.id}


def _own_plan(session: Session, scope: Scope, meeting: MeetingRecord, plan_id: UUID) -> PlanRecord:
    plan = get_plan(session, scope, plan_id)
    if plan.province_code != meeting.province_code:
        raise BadResolution
    return plan


def _next(session: Session, meeting: MeetingRecord) -> int:
    """Return the next number of the committee's year; its row is locked, so that no two get the same."""
    same = (Committee.province_code == meeting.province_code, Committee.id == meeting.committee_id)
    session.execute(select(Committee.id).where(*same).with_for_update())
    counted = (Resolution.province_code == meeting.province_code, Resolution.committee_id == meeting.committee_id)
    asked = select(func.coalesce(func.max(Resolution.number), 0) + 1).where(*counted, Resolution.year == meeting.year)
    return int(session.execute(asked).scalar_one())


def _asked() -> Select[Any]:
    names = [name for name in ResolutionRecord.__dataclass_fields__ if name != "meeting_number"]
    columns = [getattr(Resolution, name) for name in names]
    same = (Meeting.province_code == Resolution.province_code) & (Meeting.id == Resolution.meeting_id)
    return select(*columns, Meeting.number.label("meeting_number")).join(Meeting, same)


def _listed(session: Session, asked: Select[Any]) -> list[ResolutionRecord]:
    rows: list[Row[Any]] = list(session.execute(asked))
    return [ResolutionRecord(**row._mapping) for row in rows]
