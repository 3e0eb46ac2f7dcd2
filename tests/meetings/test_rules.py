"""The rules of meetings: who prepares, when what may change, numbers, one release, what the database itself refuses."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from api.database import transaction
from boundaries.errors import SocialMapError
from layers.personal_text import PersonalDataInText
from layers.scope import Scope
from mapping import meeting_asking as asking
from mapping import resolutions as rules
from mapping.briefing.stops import build_stops
from mapping.follow_ups import follow, list_follow_ups
from mapping.meeting_asking import AskedStop
from mapping.meeting_facts import delete_meeting, update_facts
from mapping.meetings import (
    MeetingRecord,
    create_meeting,
    find_earlier,
    get_meeting,
    list_meetings,
    list_stops,
    set_agenda,
    set_state,
)
from mapping.plan_approving import approve
from mapping.plan_asking import Operation
from mapping.plan_changes import apply_operations
from mapping.plan_making import create_copy
from mapping.plans import PlanRecord, get_plan, get_tree
from mapping.resolutions import (
    AskedResolution,
    add_resolution,
    close_resolution,
    list_resolutions,
)
from tests.meetings.conftest import COMMITTEE, DAY, TODAY, Office, scope
from tests.scopes import SYSTEM

HEAD = scope("head", "99", actor=UUID(int=7))
STOPS = [AskedStop("9901", 2569, "P08.01"), AskedStop("99", 2569, None, ("figures",), "บรรทัดหนึ่ง\nบรรทัดสอง")]


class Undone(Exception):
    """Ends a test's transaction."""


@pytest.fixture
def head(office: Office) -> Iterator[Session]:
    """A session of the head of province 99, rolled back after the test."""
    yield from _session(office, HEAD)


def _session(office: Office, who: Scope) -> Iterator[Session]:
    try:
        with transaction(office.app.state.engine, who) as session:
            yield session
            raise Undone
    except Undone:
        pass


def meet(session: Session, who: Scope = HEAD, day: date = DAY, **more: Any) -> MeetingRecord:
    return create_meeting(session, who, "99", COMMITTEE, day, "ห้องประชุม", **more)


def held(session: Session, day: date = DAY) -> MeetingRecord:
    made = meet(session, day=day)
    set_agenda(session, HEAD, made.id, STOPS)
    return set_state(session, HEAD, made.id, "held", TODAY)


def solution_of(session: Session, plan: PlanRecord) -> UUID:
    return next(one.id for one in get_tree(session, plan).parts.values() if one.kind == "solution")


def test_numbers_run_within_a_year_and_a_committee(head: Session) -> None:
    first, second = meet(head), meet(head)
    assert [one.number for one in (first, second)] == [1, 2]
    assert (first.year, first.name.th) == (2569, f"{COMMITTEE} ครั้งที่ 1/2569")
    assert meet(head, day=date(2027, 1, 5)).number == 1
    assert create_meeting(head, HEAD, "99", "คณะอื่น", DAY, "ห้อง").number == 1
    with pytest.raises(asking.MeetingExists):
        meet(head, number=2)
    assert find_earlier(head, HEAD, second) == first
    assert find_earlier(head, HEAD, first) is None


def test_an_agenda_is_kept_in_order_until_the_meeting_begins(head: Session) -> None:
    meeting = meet(head)
    with pytest.raises(asking.BadMeetingStep):
        set_state(head, HEAD, meeting.id, "closed", TODAY)
    one, two = set_agenda(head, HEAD, meeting.id, STOPS)
    assert (two.note, two.shows) == ("บรรทัดหนึ่ง\nบรรทัดสอง", ("figures",))
    turned = [AskedStop("99", 2569, None, ("map",), None, two.id), AskedStop("9901", 2569, "P08.01", id=one.id)]
    assert [stop.id for stop in set_agenda(head, HEAD, meeting.id, turned)] == [two.id, one.id]
    moved = update_facts(head, HEAD, meeting.id, date(2026, 11, 21), "ที่ใหม่", meeting.release_id)
    assert (moved.held_on, moved.place) == (date(2026, 11, 21), "ที่ใหม่")
    assert set_state(head, HEAD, meeting.id, "held", TODAY).state == "held"
    for late in (
        lambda: set_agenda(head, HEAD, meeting.id, []),
        lambda: update_facts(head, HEAD, meeting.id, DAY, "x", 1),
    ):
        with pytest.raises(asking.MeetingNotPrepared):
            late()
    assert set_state(head, HEAD, meeting.id, "closed", TODAY).state == "closed"
    with pytest.raises(asking.BadMeetingStep):
        set_state(head, HEAD, meeting.id, "held", TODAY)


def test_a_prepared_meeting_is_renamed_counted_anew_and_deleted(head: Session) -> None:
    one, two = meet(head), meet(head)
    facts = (DAY, "ห้องประชุม", one.release_id)
    with pytest.raises(asking.MeetingExists):
        update_facts(head, HEAD, two.id, *facts, number=one.number)
    moved = update_facts(head, HEAD, two.id, *facts, "คณะทำงานชุดใหม่", 7)
    assert (moved.committee, moved.number) == ("คณะทำงานชุดใหม่", 7)
    assert get_meeting(head, HEAD, one.id).committee == COMMITTEE, "a committee with other meetings keeps its name"
    again = update_facts(head, HEAD, two.id, *facts, "คณะทำงานชุดใหม่เอี่ยม")
    assert (again.committee_id, again.committee, again.number) == (moved.committee_id, "คณะทำงานชุดใหม่เอี่ยม", 7)
    back = update_facts(head, HEAD, two.id, *facts, COMMITTEE)
    assert (back.committee_id, back.number) == (one.committee_id, 7)
    with pytest.raises(asking.BadMeetingField):
        update_facts(head, HEAD, two.id, *facts, "ก" * 201)
    set_agenda(head, HEAD, two.id, STOPS)
    assert delete_meeting(head, HEAD, two.id).number == 7
    with pytest.raises(asking.MeetingNotFound):
        get_meeting(head, HEAD, two.id)
    left = "SELECT count(*) FROM meeting_stop WHERE meeting_id = :id"
    assert head.execute(text(left), {"id": two.id}).scalar_one() == 0
    set_agenda(head, HEAD, one.id, STOPS)
    set_state(head, HEAD, one.id, "held", TODAY)
    with pytest.raises(asking.MeetingNotPrepared):
        delete_meeting(head, HEAD, one.id)
    assert head.execute(text("DELETE FROM meeting WHERE id = :id"), {"id": one.id}).rowcount == 0  # type: ignore[attr-defined]
    assert get_meeting(head, HEAD, one.id).state == "held"


def test_a_stop_shows_the_draft_where_that_is_asked_for(head: Session, office: Office) -> None:
    """To staff; who may not see drafts is shown the approved plan."""
    revision = create_copy(head, HEAD, office.approved.area_code, office.approved.id, office.approved.fiscal_year)
    root = get_tree(head, revision).root
    apply_operations(head, HEAD, revision.id, [Operation(uuid4(), "set", 0, root.id, field="text", value="หัวข้อของร่าง")])
    meeting = meet(head)
    code, problem = office.approved.area_code, office.approved.problem_code
    stops = set_agenda(
        head, HEAD, meeting.id, [AskedStop(code, 2569, problem), AskedStop(code, 2569, problem, draft=True)]
    )
    assert [one.draft for one in stops] == [False, True]
    shown = [one.mind_map for one in build_stops(head, HEAD, meeting, today=TODAY)]
    assert [one.plan_id for one in shown if one] == [office.approved.id, revision.id]
    member = scope("oversight", "99", audience="committee")
    assert [one.mind_map.plan_id for one in build_stops(head, member, meeting, today=TODAY) if one.mind_map] == [
        office.approved.id,
        office.approved.id,
    ]


def test_a_meeting_does_not_begin_before_its_day(head: Session) -> None:
    meeting = meet(head, day=date(2026, 12, 1))
    with pytest.raises(asking.BadMeetingStep):
        set_state(head, HEAD, meeting.id, "held", TODAY)


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"committee": ""}, asking.BadMeetingField),
        ({"committee": "ก" * 201}, asking.BadMeetingField),
        ({"committee": "ก\0ข"}, asking.BadMeetingField),
        ({"place": "โทร 081 234 5678"}, PersonalDataInText),
        ({"held_on": date(1, 1, 1)}, asking.BadMeetingField),
        ({"number": 0}, asking.BadMeetingField),
        ({"release_id": 9999}, asking.NothingReleased),
        ({"release_id": 10**12}, asking.NothingReleased),
        ({"area_code": "TH"}, asking.BadMeetingArea),
        ({"area_code": "98"}, asking.MeetingReadOnly),
    ],
)
def test_bad_facts_are_refused(head: Session, given: dict[str, Any], error: type[SocialMapError]) -> None:
    usual = {"area_code": "99", "committee": COMMITTEE, "held_on": DAY, "place": "ห้อง"}
    with pytest.raises(error):
        create_meeting(head, HEAD, **{**usual, **given})
    assert list_meetings(head, HEAD) == []


@pytest.mark.parametrize(
    "stop",
    [
        AskedStop("98", 2569), AskedStop("TH", 2569), AskedStop("7777", 2569), AskedStop("99", 2026),
        AskedStop("99", 2569, "P99"), AskedStop("99", 2569, None, ()), AskedStop("99", 2569, None, ("map", "x")),
        AskedStop("99", 2569, None, ("map",), "ก" * 2001), AskedStop("99", 2569, None, ("map",), "เลขที่ 12/3 หมู่ 4"),
    ],
)  # fmt: skip
def test_bad_stops_are_refused(head: Session, stop: AskedStop) -> None:
    meeting = meet(head)
    with pytest.raises(SocialMapError):
        set_agenda(head, HEAD, meeting.id, [STOPS[0], stop])
    assert list_stops(head, meeting) == []
    with pytest.raises(asking.BadMeetingField):
        set_agenda(head, HEAD, meeting.id, STOPS[:1] * 41)


def test_a_new_activity_comes_into_the_draft_and_an_approved_plan_gets_a_draft_of_its_next_version(
    head: Session, office: Office
) -> None:
    meeting = held(head)
    solution = solution_of(head, office.approved)
    asked = AskedResolution(
        "activity", "ตั้งศูนย์เยี่ยมบ้านประจำตำบล", office.approved.id, solution, "อบต.", date(2026, 12, 31)
    )
    first = add_resolution(head, HEAD, meeting.id, asked, TODAY)
    again = add_resolution(head, HEAD, meeting.id, asked, TODAY)
    assert (first.label, again.label, first.plan_id) == ("1/2569", "2/2569", again.plan_id)
    draft = get_plan(head, HEAD, first.plan_id)  # type: ignore[arg-type]
    assert (draft.state, draft.area_code, draft.origin) == ("draft", "9901", f"plan:{office.approved.id}")
    part = get_tree(head, draft).parts[first.part_id]  # type: ignore[index]
    assert {name: part.fields[name] for name in ("text", "lead", "ends_on", "status")} == {
        "text": asked.text, "lead": "อบต.", "ends_on": "2026-12-31", "status": "planned",
    }  # fmt: skip
    assert (part.origin, part.fields["note"]) == (f"resolution:{first.id}", meeting.name.th)
    assert get_plan(head, HEAD, office.approved.id).state == "approved"
    with pytest.raises(rules.BadResolution):
        add_resolution(head, HEAD, meeting.id, AskedResolution("activity", "ก", office.approved.id), TODAY)


def test_a_meeting_approves_a_draft_and_what_became_of_all_is_told_in_the_next(head: Session, office: Office) -> None:
    meeting = held(head)
    copy = create_copy(head, HEAD, "9901", office.approved.id, office.approved.fiscal_year)
    day = date(2026, 11, 21)
    asked = AskedResolution("activity", "เยี่ยมครบทุกบ้าน", copy.id, solution_of(head, copy), "พมจ.", day)
    activity = add_resolution(head, HEAD, meeting.id, asked, TODAY)
    one = Operation(uuid4(), "add", get_plan(head, HEAD, copy.id).number, kind="indicator", parent=activity.part_id)
    named = Operation(**{**one.__dict__, "fields": {"text": "บ้านที่เยี่ยม", "unit": "หลัง"}})
    assert apply_operations(head, HEAD, copy.id, [named]).results[0].state == "done"
    approval = AskedResolution("approve", "เห็นชอบแผนฉบับแก้ไข", copy.id)
    approved = add_resolution(head, HEAD, meeting.id, approval, TODAY)
    follow_up = add_resolution(head, HEAD, meeting.id, AskedResolution("follow_up", "ให้ พมจ. ติดตาม", due_on=DAY), TODAY)
    plan = get_plan(head, HEAD, copy.id)
    assert (plan.state, plan.approved_by, plan.approved_on) == ("approved", meeting.name.th, DAY)
    assert get_plan(head, HEAD, office.approved.id).state == "superseded"
    set_state(head, HEAD, meeting.id, "closed", TODAY)
    following = held(head)
    told = {one.resolution.id: (one.became.th, one.late) for one in list_follow_ups(head, HEAD, following, TODAY)}
    assert told == {
        activity.id: ("กิจกรรมล่าช้า (แผนอนุมัติแล้ว 20 พ.ย. 2569)", True),
        approved.id: ("แผนอนุมัติแล้ว 20 พ.ย. 2569", False),
        follow_up.id: ("เลยกำหนดแล้ว", True),
    }
    closed = close_resolution(head, HEAD, following.id, follow_up.id, "รายงานแล้ว")
    assert follow(head, HEAD, [closed], TODAY)[0].became.th == "ปิดแล้ว: รายงานแล้ว"
    with pytest.raises(rules.ResolutionClosed):
        close_resolution(head, HEAD, following.id, follow_up.id, "อีกครั้ง")
    set_state(head, HEAD, following.id, "closed", TODAY)
    third = held(head)
    assert {one.resolution.id for one in list_follow_ups(head, HEAD, third, TODAY)} == {activity.id, approved.id}
    assert [one.number for one in list_resolutions(head, meeting)] == [1, 2, 3]


def test_an_activity_is_followed_into_the_plans_next_version(head: Session, office: Office) -> None:
    meeting = held(head)
    solution = solution_of(head, office.draft)
    asked = AskedResolution("activity", "เปิดตลาดนัดอาชีพ", office.draft.id, solution, "อบจ.", date(2027, 1, 31))
    made = add_resolution(head, HEAD, meeting.id, asked, TODAY)
    tree = get_tree(head, office.draft)
    number = get_plan(head, HEAD, office.draft.id).number
    done = [
        Operation(uuid4(), "set", number, part.id, field=name, value=value)
        for part in tree.parts.values()
        if part.kind == "activity"
        for name, value in {"lead": "พมจ.", "ends_on": "2027-01-31"}.items()
    ]
    adding = Operation(
        uuid4(), "add", number, kind="indicator", parent=made.part_id, fields={"text": "ตลาด", "unit": "แห่ง"}
    )
    assert {one.state for one in apply_operations(head, HEAD, office.draft.id, [*done, adding]).results} <= {
        "done",
        "same",
    }
    approve(head, HEAD, office.draft.id, "ประชุม", DAY, TODAY)
    copy = create_copy(head, HEAD, "99", office.draft.id, office.draft.fiscal_year)
    copied = next(one for one in get_tree(head, copy).parts.values() if one.text == asked.text)
    started = Operation(uuid4(), "set", copy.number, copied.id, field="status", value="done")
    assert apply_operations(head, HEAD, copy.id, [started]).results[0].state == "done"
    assert follow(head, HEAD, [made], TODAY)[0].became.th == "กิจกรรมตามแผน (แผนอนุมัติแล้ว 20 พ.ย. 2569)"
    approve(head, HEAD, copy.id, "ประชุม", DAY, TODAY)
    (told,) = follow(head, HEAD, [made], TODAY)
    assert (told.became.th, told.plan.id if told.plan else None) == ("กิจกรรมเสร็จแล้ว (แผนอนุมัติแล้ว 20 พ.ย. 2569)", copy.id)


def test_resolutions_need_a_meeting_that_is_held_and_whoever_may(head: Session, office: Office) -> None:
    meeting = meet(head)
    with pytest.raises(asking.MeetingNotHeld):
        add_resolution(head, HEAD, meeting.id, AskedResolution("follow_up", "ติดตาม"), TODAY)
    set_agenda(head, HEAD, meeting.id, STOPS)
    set_state(head, HEAD, meeting.id, "held", TODAY)
    for bad, error in (
        (AskedResolution("follow_up", ""), asking.BadMeetingField),
        (AskedResolution("follow_up", "โทร 081 234 5678"), PersonalDataInText),
        (AskedResolution("follow_up", "ก", stop_id=uuid4()), rules.BadResolution),
        (AskedResolution("approve", "เห็นชอบ"), rules.BadResolution),
        (AskedResolution("activity", "ทำ", office.draft.id, uuid4(), "พมจ.", DAY), rules.BadResolution),
    ):
        with pytest.raises(error):
            add_resolution(head, HEAD, meeting.id, bad, TODAY)
    officer = scope("officer", "99")
    with pytest.raises(rules.ApprovalNotAllowed):
        add_resolution(head, officer, meeting.id, AskedResolution("approve", "เห็นชอบ", office.draft.id), TODAY)
    with pytest.raises(rules.ResolutionNotFound):
        close_resolution(head, HEAD, meeting.id, uuid4(), "ไม่มี")
    assert list_resolutions(head, meeting) == []


def test_the_database_itself_keeps_others_out(office: Office) -> None:
    """Row-level security: another province's head, a member of the committee, a partner, with SQL of their own."""
    with transaction(office.app.state.engine, SYSTEM) as session:
        meeting = meet(session, SYSTEM)
        set_agenda(session, SYSTEM, meeting.id, STOPS)
    readers = {
        "head": HEAD,
        "district": scope("officer", "9901"),
        "member": scope("oversight", "99", audience="committee"),
        "far": scope("head", "98"),
        "partner": scope("partner", "99"),
        "public": Scope.public(),
    }
    counts = {}
    for name, who in readers.items():
        for session in _session(office, who):
            asked = ", ".join(f"(SELECT count(*) FROM {table})" for table in ("committee", "meeting", "meeting_stop"))
            counts[name] = tuple(session.execute(text(f"SELECT {asked}")).one())
    assert counts == {name: (1, 1, 2) if name in ("head", "district", "member") else (0, 0, 0) for name in readers}
    row = "VALUES ('99', gen_random_uuid(), '99', 'ลวง')"
    insert = text(f"INSERT INTO committee (province_code, id, area_code, name) {row}")
    for who in (readers["member"], readers["far"], readers["district"]):
        for session in _session(office, who):
            assert session.execute(text("UPDATE meeting SET place = 'x'")).rowcount == 0  # type: ignore[attr-defined]
            with pytest.raises(DBAPIError):
                session.execute(insert)
            session.rollback()
    for session in _session(office, HEAD):
        set_state(session, HEAD, meeting.id, "held", TODAY)
        assert session.execute(text("DELETE FROM meeting_stop")).rowcount == 0  # type: ignore[attr-defined]
        set_state(session, HEAD, meeting.id, "closed", TODAY)
        undo = "UPDATE meeting SET state = 'prepared', held_at = NULL, closed_at = NULL"
        assert session.execute(text(undo)).rowcount == 0  # type: ignore[attr-defined]


def test_figures_stay_those_of_the_meetings_release(office: Office) -> None:
    """A later release changes what others see and not what this meeting was shown."""
    from dataclasses import replace

    from layers.aggregation import figures, list_periods
    from layers.area_cells import Wanted
    from layers.area_figures import area_figures
    from layers.filters import Filter
    from layers.periods import fiscal_period
    from tests.layers.made import make_source, many
    from tests.releases import publish

    asked, beside = Filter("P08", fiscal_period(2569)), Wanted("9901", "P08", "count", date(2025, 10, 1))
    for session in _session(office, SYSTEM):
        meeting = meet(session, SYSTEM)
        pinned = replace(Scope.committee(), release=meeting.release_id)
        before = figures(session, pinned, "cases", "district", "99", asked, "count")
        beside_before = area_figures(session, pinned, [beside], datetime.now(UTC))[beside].figure.cases
        many(session, make_source(session, "later"), 400, "9901", problem_code="P08.01", reported_on=date(2026, 1, 15))
        made = publish(session)
        assert made is not None
        assert made.id > meeting.release_id
        now = figures(session, Scope.committee(), "cases", "district", "99", asked, "count")
        then = figures(session, pinned, "cases", "district", "99", asked, "count")
        assert now.get("9901").cases == (before.get("9901").cases or 0) + 400
        assert (
            area_figures(session, Scope.committee(), [beside], datetime.now(UTC))[beside].figure.cases
            == now.get("9901").cases
        )
        assert area_figures(session, pinned, [beside], datetime.now(UTC))[beside].figure.cases == beside_before
        assert [one.cases for one in then.rows()] == [one.cases for one in before.rows()]
        assert (then.as_of, then.released_at) == (before.as_of, before.released_at)
        nothing = replace(Scope.committee(), release=0)
        assert list_periods(session, nothing) == []
        assert get_meeting(session, SYSTEM, meeting.id).release_id == meeting.release_id


def test_at_once_no_two_get_the_same_number(office: Office) -> None:
    """Four officers begin a new committee's meeting, then four note a resolution of one meeting, each by themselves."""

    def prepare(_: int) -> int:
        with transaction(office.app.state.engine, HEAD) as session:
            return create_meeting(session, HEAD, "99", "คณะกรรมการใหม่", DAY, "ห้อง").number

    def resolve(number: int) -> int:
        with transaction(office.app.state.engine, HEAD) as session:
            asked = AskedResolution("follow_up", f"เรื่องที่ {number}")
            return add_resolution(session, HEAD, meeting.id, asked, TODAY).number

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(prepare, range(4))) == [1, 2, 3, 4]
        with transaction(office.app.state.engine, HEAD) as session:
            meeting = list_meetings(session, HEAD)[0]
            set_state(session, HEAD, meeting.id, "held", TODAY)
        assert sorted(pool.map(resolve, range(4))) == [1, 2, 3, 4]
