"""No illegal change of status passes through any door: the ring, SQL of the application's role, SQL of the owner."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from api.database import transaction
from boundaries.errors import SocialMapError
from layers import taxonomy
from layers.case_closing import confirm_closing, decline_closing, propose_closing
from layers.case_steps import take_back_merge, take_step
from layers.cases import change_status
from layers.scope import Scope
from tests.case_work.conftest import COLLEAGUE, HEAD, OFFICER, Place
from tests.scopes import SYSTEM

STATUSES = tuple(taxonomy.statuses())
PEOPLE = (OFFICER, COLLEAGUE)
REASON = "หลักฐานสมมติ"


class Act(NamedTuple):
    """One attempt: the door, who, where to, and how an attempt in SQL is malformed."""

    door: str
    who: int
    wanted: int
    legal: bool
    way: str
    number: int
    source: int | None
    changed: bool
    told: bool
    stranger: int

    def to(self, status: int) -> int:
        """Return the status that is asked for: one that a step leads to, or any."""
        allowed = taxonomy.statuses()[status].next if self.legal else STATUSES
        return (allowed or STATUSES)[self.wanted % len(allowed or STATUSES)]


DOORS = ("ring", "propose", "confirm", "decline", "unmerge", "product", "app", "app", "system", "owner", "owner_role")
ACTS = st.builds(
    Act,
    st.sampled_from(DOORS),
    st.integers(0, 1),
    st.integers(0, 14),
    st.sampled_from([True, True, False]),
    st.sampled_from(["step", "step", "step", "stated", "undo", "unmerge", "magic"]),
    st.sampled_from([1, 1, 1, 1, -1, 0, 2]),
    st.sampled_from([None, None, None, *STATUSES[:3]]),
    st.sampled_from([True, True, True, False]),
    st.sampled_from([True, True, True, False]),
    st.sampled_from([0, 0, 0, 1]),
)
"""`number` is added to that of the last event, `source` is a status stated instead of the true one. Most attempts are
well-formed but for one thing, so that what should pass does."""


def then(first: str, second: str, wanted: int, who: int, other: int) -> tuple[Act, Act]:
    """Return two acts of which the second stands on the first."""
    same = (wanted, True, "step", 1, None, True, True, 0)
    return Act(first, who, *same), Act(second, other, *same)


PAIRS = st.builds(
    lambda pair, *rest: then(*pair, *rest),
    st.sampled_from([("propose", "confirm"), ("ring", "unmerge"), ("propose", "app")]),
    st.integers(1, 3),
    st.integers(0, 1),
    st.integers(0, 1),
)
SINGLES = ACTS.map(lambda one: (one,))
SEQUENCES = st.lists(st.one_of(SINGLES, SINGLES, SINGLES, PAIRS), min_size=5, max_size=9).map(
    lambda found: [act for part in found for act in part]
)

EVENT = text(
    "INSERT INTO case_event (province_code, case_id, id, number, from_status, to_status, way, actor_id, proposed_by,"
    " closing_id) VALUES (:province, :case, :id, :number, :old, :new, :way, :actor, :proposer, :closing)"
)
CHANGE = text('UPDATE "case" SET status = :new, last_event = :number, close_reason = NULL WHERE id = :case')
STATE = text('SELECT province_code, status, last_event FROM "case" WHERE id = :case')
LOG = text(
    "SELECT number, from_status, to_status, way, actor_id, proposed_by FROM case_event"
    " WHERE case_id = :case ORDER BY number"
)


def sql(connection: Connection, case: UUID, act: Act, state: Any) -> None:
    """Write an event and change the status, or one of the two, as malformed as the act says."""
    number, to = state.last_event + act.number, act.to(state.status)
    closing = connection.execute(
        text("SELECT id, proposed_by FROM case_closing WHERE case_id = :case ORDER BY proposed_at DESC LIMIT 1"),
        {"case": case},
    ).one_or_none()
    row = {
        "province": state.province_code, "case": case, "id": uuid4(), "number": number,
        "old": state.status if act.source is None else act.source, "new": to, "way": act.way,
        "actor": PEOPLE[(act.who + act.stranger) % 2].actor_id,
        "proposer": closing.proposed_by if closing and to == 80 else None,
        "closing": closing.id if closing and to == 80 else None,
    }  # fmt: skip
    if act.told:
        connection.execute(EVENT, row)
    if act.changed:
        connection.execute(CHANGE, {"new": to, "number": number if act.told else state.last_event, "case": case})


def held(session: Session, case: UUID) -> int:
    return int(session.execute(STATE, {"case": case}).one().status)


RING: dict[str, Callable[[Any, Scope, UUID, Act], object]] = {
    "ring": lambda session, scope, case, act: take_step(session, scope, case, act.to(held(session, case)), note="x"),
    "propose": lambda session, scope, case, act: propose_closing(session, scope, case, "moved", REASON),
    "confirm": lambda session, scope, case, act: confirm_closing(session, scope, case),
    "decline": lambda session, scope, case, act: decline_closing(session, scope, case),
    "unmerge": lambda session, scope, case, act: take_back_merge(session, scope, case),
}
"""What people do."""


def attempt(place: Place, case: UUID, act: Act) -> None:
    """Try an act in a transaction of its own; what is refused leaves nothing behind."""
    scope = SYSTEM if act.door in ("product", "system") else PEOPLE[act.who]
    try:
        if act.door in ("owner", "owner_role"):
            with place.owner.begin() as connection:
                state = connection.execute(STATE, {"case": case}).one()
                if act.door == "owner_role":  # who owns the tables is held by their policies too
                    connection.execute(text("SET LOCAL ROLE socialmap_owner"))
                sql(connection, case, act, state)
            return
        with transaction(place.engine, scope) as session:
            if act.door in RING:
                RING[act.door](session, scope, case, act)
            elif act.door == "product":
                change_status(session, case, act.to(held(session, case)), actor_id=scope.actor_id)
            else:
                connection = session.connection()
                sql(connection, case, act, connection.execute(STATE, {"case": case}).one())
    except (SocialMapError, DBAPIError):
        pass


def check(place: Place, case: UUID, began: int) -> list[Any]:
    """Return the log, which tells every change from the first status on; each is one that its way allows."""
    steps = {(old, new) for old, one in taxonomy.statuses().items() for new in one.next}
    with place.owner.connect() as connection:
        state = connection.execute(STATE, {"case": case}).one()
        log = connection.execute(LOG, {"case": case}).all()
    assert [one.number for one in log] == list(range(1, len(log) + 1))
    assert state.last_event == len(log)
    assert [began, *(one.to_status for one in log)] == [*(one.from_status for one in log), state.status]
    for one in log:
        pair = (one.from_status, one.to_status)
        if one.way == "step":
            assert pair in steps
            assert one.to_status != 80 or one.proposed_by not in (None, one.actor_id)
        elif one.way == "unmerge":
            assert pair in {(90, 10), (90, 20), (90, 30)}
        elif one.way == "stated":
            assert pair[1] in reached(pair[0])
        else:
            assert one.way == "undo"
    return list(log)


def reached(status: int) -> set[int]:
    found: set[int] = set()
    waiting = [status]
    while waiting:
        new = set(taxonomy.statuses()[waiting.pop()].next) - found
        found |= new
        waiting += new
    return found


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(began=st.sampled_from((10, 10, 20, 30, 50, 70, 80, 90)), acts=SEQUENCES)
def test_no_illegal_change_passes_through_any_door(place: Place, began: int, acts: list[Act]) -> None:
    """Many doors one after another; what people get through is a step of their own."""
    case = place.case(began)
    known = 0
    for act in acts:
        attempt(place, case, act)
        log = check(place, case, began)
        assert len(log) - known in (0, 1)
        if len(log) > known and act.door in (*RING, "app"):
            assert log[-1].way in ("step", "unmerge")
            assert log[-1].actor_id == PEOPLE[act.who].actor_id
        known = len(log)


@pytest.mark.parametrize(
    ("began", "doors", "reached"),
    [
        (10, ("ring",), 20),
        (10, ("app",), 20),
        (10, ("system",), 20),
        (10, ("owner",), 20),
        (10, ("owner_role",), 10),
        (10, ("product",), 20),
        (70, ("propose", "confirm"), 80),
        (70, ("propose", "decline"), 70),
    ],
)
def test_each_door_lets_a_right_step_through(place: Place, began: int, doors: tuple[str, ...], reached: int) -> None:
    """What the search tries is refused for what is wrong with it, and not because it could never pass."""
    case = place.case(began)
    for who, door in enumerate(doors):
        attempt(place, case, Act(door, who, 0, True, "step", 1, None, True, True, 0))
    check(place, case, began)
    assert place.status(case) == reached


@contextmanager
def refused(place: Place, scope: Scope, says: str) -> Iterator[Connection]:
    """Give a transaction of a scope whose work the database must refuse."""
    with pytest.raises(DBAPIError, match=says), transaction(place.engine, scope) as session:
        yield session.connection()


def numbered(case: UUID, number: int = 1, **more: object) -> dict[str, object]:
    row = {"province": "99", "case": case, "id": uuid4(), "number": number, "way": "step", "actor": OFFICER.actor_id}
    return row | {"proposer": None, "closing": None} | more


def test_a_status_changed_without_its_event_is_refused(place: Place) -> None:
    case = place.case(10)
    for scope in (OFFICER, SYSTEM):
        with refused(place, scope, "with its event alone") as connection:
            connection.execute(text('UPDATE "case" SET status = 20 WHERE id = :case'), {"case": case})
    with pytest.raises(DBAPIError, match="with its event alone"), place.owner.begin() as connection:
        connection.execute(text('UPDATE "case" SET status = 20, last_event = 1 WHERE id = :case'), {"case": case})


def test_an_event_is_used_once_and_none_stands_without_its_change(place: Place) -> None:
    case = place.case(30)
    with refused(place, OFFICER, "an event without its change") as connection:
        connection.execute(EVENT, numbered(case, old=30, new=35))
    with transaction(place.engine, OFFICER) as session:
        for to in (35, 30, 35, 30):
            take_step(session, OFFICER, case, to)
    for back in (0, 1, 2, 3):  # the log holds this very step already
        with refused(place, OFFICER, "with its event alone") as connection:
            asked = text('UPDATE "case" SET status = 35, last_event = :back WHERE id = :case')
            connection.execute(asked, {"case": case, "back": back})


def test_a_table_of_the_same_name_is_not_read_in_place_of_the_log(place: Place) -> None:
    case = place.case(10)
    with refused(place, OFFICER, "with its event alone") as connection:
        connection.execute(text("CREATE TEMPORARY TABLE case_event (LIKE public.case_event INCLUDING DEFAULTS)"))
        connection.execute(EVENT, numbered(case, old=10, new=80, way="step"))
        connection.execute(text('UPDATE "case" SET status = 80, last_event = 1 WHERE id = :case'), {"case": case})


def test_one_person_closes_nothing_in_sql(place: Place) -> None:
    case = place.case(70)
    with transaction(place.engine, OFFICER) as session:
        closing = propose_closing(session, OFFICER, case, "goal_met", REASON)
    mine = {"old": 70, "new": 80, "closing": closing}
    with refused(place, OFFICER, "two_persons|row-level security") as connection:
        connection.execute(EVENT, numbered(case, **mine, proposer=OFFICER.actor_id))
    with refused(place, OFFICER, "fk_case_event_closing|row-level security") as connection:
        connection.execute(EVENT, numbered(case, **mine, proposer=COLLEAGUE.actor_id))
    with refused(place, OFFICER, "row-level security") as connection:  # as if the colleague had done it
        connection.execute(EVENT, numbered(case, **mine, proposer=OFFICER.actor_id, actor=COLLEAGUE.actor_id))
    with refused(place, OFFICER, "row-level security") as connection:
        connection.execute(
            text("UPDATE case_closing SET state = 'confirmed', decided_by = :by, decided_at = now() WHERE id = :id"),
            {"by": COLLEAGUE.actor_id, "id": closing},
        )
    with refused(place, OFFICER, "two_persons") as connection:
        connection.execute(
            text("UPDATE case_closing SET state = 'confirmed', decided_by = :by, decided_at = now() WHERE id = :id"),
            {"by": OFFICER.actor_id, "id": closing},
        )
    with refused(place, COLLEAGUE, "row-level security") as connection:  # it is not confirmed yet
        connection.execute(EVENT, numbered(case, **mine, proposer=OFFICER.actor_id, actor=COLLEAGUE.actor_id))
    with refused(place, COLLEAGUE, "row-level security") as connection:
        connection.execute(
            text(
                "INSERT INTO case_closing (province_code, case_id, id, reason, evidence, proposed_by)"
                " VALUES ('99', :case, :id, 'moved', 'หลักฐานสมมติ', :by)"
            ),
            {"case": place.case(70), "id": uuid4(), "by": OFFICER.actor_id},
        )
    assert place.status(case) == 70


@pytest.mark.parametrize("way", ["stated", "undo"])
def test_people_state_nothing_and_undo_nothing(place: Place, way: str) -> None:
    case = place.case(10)
    with refused(place, HEAD, "row-level security") as connection:
        connection.execute(EVENT, numbered(case, old=10, new=80, way=way, actor=HEAD.actor_id))


def test_a_new_case_of_a_person_is_reported_and_nothing_else(place: Place) -> None:
    """Only a file or the product brings cases that are further on."""
    copied = (
        "INSERT INTO \"case\" SELECT (jsonb_populate_record(c, jsonb_build_object('id', :new, 'external_id', :new,"
        " 'status', :status, 'created_by', :by, 'last_event', :last))).* FROM \"case\" c WHERE id = :old"
    )
    old = place.case(10)
    asked = {"old": old, "new": str(uuid4()), "by": OFFICER.actor_id, "last": 0}
    for status, last in ((50, 0), (10, 3)):
        with refused(place, OFFICER, "row-level security") as connection:
            connection.execute(text(copied), asked | {"status": status, "last": last})
    with pytest.raises(DBAPIError, match="ck_case_first_status"), place.owner.begin() as connection:
        connection.execute(text(copied), asked | {"status": 50})
    with transaction(place.engine, OFFICER) as session:
        session.execute(text(copied), asked | {"status": 10})


def test_the_table_of_steps_cannot_be_changed_by_the_application(place: Place) -> None:
    for asked in (
        "INSERT INTO case_step VALUES (10, 80, 'step')",
        "UPDATE case_step SET way = 'step'",
        "DELETE FROM case_step",
    ):
        with refused(place, SYSTEM, "permission denied") as connection:
            connection.execute(text(asked))
