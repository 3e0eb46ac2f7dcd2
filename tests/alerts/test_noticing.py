"""What is put into the outbox when something is done with a case, and what nobody does."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from api.alerts.noticing import NEWS, notice_all
from api.alerts.spreading import spread_one
from api.alerts.ways import Ways
from api.auth.devices import create_device
from api.auth.permissions import PERMISSIONS
from api.database import transaction
from api.teams import add_member, remove_member
from layers.assignments import assign_unit
from layers.case_closing import decline_closing, propose_closing
from layers.cases import CaseValues, create_case
from layers.referrals import answer_received, send_referral
from layers.scope import Scope
from tests.alerts.conftest import PEOPLE, Office
from tests.layers.made import make_source
from tests.scopes import SYSTEM

EVIDENCE = "เยี่ยมแล้ว อยู่ได้ด้วยตนเอง"


def scope_of(office: Office, who: str) -> Scope:
    role, units, areas = PEOPLE[who]
    held = frozenset(office.units[one] for one in units)
    given = Scope(role, "internal", frozenset(areas or ("99",)), units=held, actor_id=office.people[who].id)
    return replace(given, permissions=PERMISSIONS[role])


@pytest.fixture
def case(office: Office) -> Iterator[Callable[..., UUID]]:
    """Make cases of office-99 that this test alone works on."""
    made: list[UUID] = []

    def make(status: int = 10, problem: str = "P02.01", urgency: str = "U3") -> UUID:
        with transaction(office.app.state.engine, SYSTEM) as session:
            values = CaseValues(problem, datetime.now(UTC).date(), stated_code="990101", urgency=urgency, status=status)
            one = create_case(session, make_source(session), values)
            told = {"unit": office.units["office-99"], "id": one}
            session.execute(text('UPDATE "case" SET unit_id = :unit WHERE id = :id'), told)
        made.append(one)
        return one

    yield make
    owner = create_engine(make_url(office.url).set(username="socialmap_owner"), poolclass=NullPool)
    with owner.begin() as connection:
        for table in ("case", "case_event"):
            connection.execute(text(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY'))
        connection.execute(text('DELETE FROM "case" WHERE id = ANY(:made)'), {"made": made})
        for table in ("case", "case_event"):
            connection.execute(text(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY'))
    owner.dispose()


def entered(office: Office, case: UUID, ago: timedelta) -> None:
    """Move the moment at which a case came in."""
    with transaction(office.app.state.engine, SYSTEM) as session:
        told = {"at": datetime.now(UTC) - ago, "id": case}
        session.execute(text('UPDATE "case" SET recorded_at = :at WHERE id = :id'), told)


def notice(office: Office) -> int:
    with transaction(office.app.state.engine, SYSTEM) as session:
        return notice_all(session, datetime.now(UTC))


def alerts(office: Office) -> list[tuple[object, ...]]:
    return office.rows("SELECT kind, account_id, unit_id, caused_by FROM alert ORDER BY made_at, kind")


def test_who_is_put_into_a_team_is_told_and_nobody_else(office: Office, ways: Ways, case: Callable[..., UUID]) -> None:
    secret = case(problem="P04.01")
    head = scope_of(office, "head")
    with transaction(office.app.state.engine, SYSTEM) as session:
        for _ in range(2):  # the second time changes nothing
            add_member(session, head, secret, "team-one")
    office.send(ways)
    assert list(office.told().values()) == [["team"]]
    with transaction(office.app.state.engine, SYSTEM) as session:
        remove_member(session, head, secret, "team-one")
        add_member(session, head, secret, "team-one")
    office.send(ways)
    assert list(office.told().values()) == [["team"], ["team"]]


def test_a_case_that_is_given_to_another_unit_is_told_there(
    office: Office, ways: Ways, case: Callable[..., UUID]
) -> None:
    one = case()
    with transaction(office.app.state.engine, SYSTEM) as session:
        told = {"unit": office.units["office-98"], "id": one}
        session.execute(text("INSERT INTO unit_area (unit_id, area_code) VALUES (:unit, '99')"), {"unit": told["unit"]})
        assert assign_unit(session, scope_of(office, "head"), one, office.units["office-98"])
        assert not assign_unit(session, SYSTEM, one, office.units["office-98"])
    try:
        office.send(ways)
        assert list(office.told().values()) == [["far"]]
    finally:
        with transaction(office.app.state.engine, SYSTEM) as session:
            session.execute(text("DELETE FROM unit_area WHERE unit_id = :unit AND area_code = '99'"), told)


def test_a_referral_is_told_to_the_agency_and_its_answer_to_who_sent_it(
    office: Office, ways: Ways, case: Callable[..., UUID]
) -> None:
    one, officer, far = case(status=50), scope_of(office, "officer"), office.units["office-98"]
    with transaction(office.app.state.engine, SYSTEM) as session:
        session.execute(text("INSERT INTO unit_area (unit_id, area_code) VALUES (:unit, '99')"), {"unit": far})
    try:
        with transaction(office.app.state.engine, officer) as session:
            sent = send_referral(session, officer, one, "pmj", far, "กรุณารับ")
        office.send(ways)
        assert list(office.told().values()) == [["far"]]
        with transaction(office.app.state.engine, SYSTEM) as session:
            answer_received(session, scope_of(office, "far"), sent, "accepted")
        office.send(ways)
    finally:
        with transaction(office.app.state.engine, SYSTEM) as session:
            session.execute(text("DELETE FROM unit_area WHERE unit_id = :unit AND area_code = '99'"), {"unit": far})
    assert sorted(office.told().values()) == [["far"], ["officer"]]
    assert [row[0] for row in office.rows("SELECT params ->> 'outcome' FROM alert WHERE kind = 'returned'")] == [
        "accepted"
    ]


def test_a_proposed_closing_is_told_to_those_who_may_confirm_it(
    office: Office, ways: Ways, case: Callable[..., UUID]
) -> None:
    one, officer = case(status=70), scope_of(office, "officer")
    with transaction(office.app.state.engine, officer) as session:
        propose_closing(session, officer, one, "goal_met", EVIDENCE)
    office.send(ways)
    assert list(office.told().values()) == [["head", "team"]], "not to who proposed it"
    with transaction(office.app.state.engine, scope_of(office, "head")) as session:
        decline_closing(session, scope_of(office, "head"), one)


def test_no_words_of_the_work_stand_in_the_outbox(office: Office, case: Callable[..., UUID]) -> None:
    one, officer = case(status=70), scope_of(office, "officer")
    with transaction(office.app.state.engine, officer) as session:
        propose_closing(session, officer, one, "goal_met", EVIDENCE)
    [(row,)] = office.rows("SELECT alert::text FROM alert")
    assert "เยี่ยม" not in str(row)
    assert "goal_met" not in str(row)


def test_what_is_overdue_is_told_once_for_each_limit(office: Office, ways: Ways, case: Callable[..., UUID]) -> None:
    late, fresh, old = case(urgency="U4"), case(urgency="U4"), case(urgency="U4")
    entered(office, late, timedelta(hours=2))
    entered(office, old, NEWS + timedelta(hours=2))
    assert notice(office) == 1
    assert notice(office) == 0
    [(kind, case_id, params)] = office.rows("SELECT kind, case_id, params FROM alert")
    assert (kind, case_id, params["limit"]) == ("overdue", late, "ack")  # type: ignore[index]
    office.send(ways)
    assert list(office.told().values()) == [["head", "officer", "team"]]
    entered(office, fresh, timedelta(hours=3))
    assert notice(office) == 1
    assert {row[1] for row in office.rows("SELECT kind, case_id FROM alert")} == {late, fresh}


def test_a_secret_case_without_a_team_is_told_to_who_may_name_one(
    office: Office, ways: Ways, case: Callable[..., UUID]
) -> None:
    one, _ = case(problem="P04.01", urgency="U2"), case(urgency="U2")
    assert notice(office) == 1
    assert notice(office) == 0
    office.send(ways)
    assert office.told() == {f"team_needed:{one}:{office.units['office-99']}": ["head"]}


def test_one_that_has_a_team_is_not_told(office: Office, case: Callable[..., UUID]) -> None:
    one = case(problem="P04.01", urgency="U2")
    with transaction(office.app.state.engine, SYSTEM) as session:
        add_member(session, SYSTEM, one, "team-one")
    assert notice(office) == 0


def test_what_a_phone_sent_and_was_set_apart_is_told_once_a_day(office: Office) -> None:
    with Session(office.app.state.engine.execution_options(scope=SYSTEM)) as session:  # nothing of it is kept
        create_device(session, scope_of(office, "officer"), "แท็บเล็ต", ["9901"])
        device = session.execute(text("SELECT id, account_id FROM device_token")).one()
        for _ in range(3):
            _set_apart(session, device.id, device.account_id)
        assert notice_all(session, datetime.now(UTC)) == 1
        _set_apart(session, device.id, device.account_id)
        assert notice_all(session, datetime.now(UTC)) == 0
        assert spread_one(session, mail=False)
        told = session.execute(text("SELECT account_id FROM alert_delivery")).scalars().all()
    assert told == [office.people["head"].id]


def _set_apart(session: Session, device: UUID, account: UUID) -> None:
    session.execute(
        text(
            "INSERT INTO field_envelope"
            " (id, given_id, sha256, device_id, account_id, total, received, state, why, sealed)"
            " VALUES (:id, :id, :sha, :device, :account, 4, 4, 'quarantined', 'revoked', 'abcd')"
        ).bindparams(id=uuid4(), device=device, account=account, sha=uuid4().bytes * 2)
    )
