"""What may stand in the outbox, who may put it there, and what the database shows of it to whom."""

from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from api.auth.permissions import PERMISSIONS
from api.database import transaction
from layers.outbox import PARAMS, AlertRefused, enqueue
from layers.scope import Scope
from tests.alerts.conftest import PEOPLE, Office
from tests.scopes import SYSTEM


def scope_of(office: Office, who: str) -> Scope:
    """Return a scope as somebody's account gives it."""
    role, units, areas = PEOPLE[who]
    held = frozenset(office.units[one] for one in units)
    given = Scope(role, "internal", frozenset(areas or ("99",)), units=held, actor_id=office.people[who].id)
    return replace(given, permissions=PERMISSIONS[role])


def test_the_same_key_twice_is_one_alert(office: Office) -> None:
    for _ in range(3):
        office.tell("assigned", "case:1", account_id=office.people["officer"].id)
    office.tell("assigned", "case:2", account_id=office.people["officer"].id)
    assert office.rows("SELECT key FROM alert ORDER BY key") == [("case:1",), ("case:2",)]


def test_what_is_rolled_back_is_never_told(office: Office) -> None:
    with transaction(office.app.state.engine, SYSTEM) as session:
        enqueue(session, "assigned", key="case:1", province="99", account_id=office.people["officer"].id)
        session.rollback()
    assert office.rows("SELECT count(*) FROM alert") == [(0,)]


@pytest.mark.parametrize(
    "given",
    [
        {"params": {"name": "x"}},
        {"params": {"to": "นางสมมติ ใจดี"}},
        {"params": {"to": "0123456789012"}},
        {"params": {"to": "a" * 41}},
        {"params": {"to": "x\ny"}},
        {"params": {"to": ""}},
        {"key": "ใจดี"},
        {"key": "x" * 201},
        {"key": ""},
        {"key": "x\n"},
        {"account_id": None},
    ],
    ids=str,
)
def test_words_long_numbers_and_nobody_are_refused(session: Session, office: Office, given: dict[str, object]) -> None:
    """Where a person's name or number could slip in, nothing but short codes may stand."""
    usual = {"key": "x", "province": "99", "account_id": office.people["officer"].id, "params": {"to": "team"}}
    with pytest.raises(AlertRefused) as refused:
        enqueue(session, "assigned", **{**usual, **given})  # type: ignore[arg-type]
    assert "ใจดี" not in str(refused.value)
    assert "0123456789012" not in str(refused.value)


def test_each_kind_has_its_list_of_codes() -> None:
    from layers.alert_models import KINDS

    assert set(PARAMS) == set(KINDS)
    assert not {name for names in PARAMS.values() for name in names} & {"name", "problem", "count", "note", "place"}


@pytest.mark.parametrize("who", ["officer", "head", "partner"])
def test_whoever_does_something_can_put_its_alert_there_and_read_none(office: Office, who: str) -> None:
    scope = scope_of(office, who)
    with transaction(office.app.state.engine, scope) as session:
        for _ in range(2):
            enqueue(session, "assigned", key=f"by:{who}", province="99", account_id=office.people["officer"].id)
        assert session.execute(text("SELECT key FROM alert")).all() == []
    assert office.rows("SELECT key FROM alert") == [(f"by:{who}",)]


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO alert (province_code, id, key, kind, unit_id, spread_at)"
        " SELECT '99', gen_random_uuid(), 'x', 'assigned', id, now() FROM unit LIMIT 1",
        "INSERT INTO alert_delivery (province_code, id, alert_id, channel, account_id, state)"
        " SELECT province_code, gen_random_uuid(), id, 'app', account_id, 'sent' FROM alert",
        "INSERT INTO webhook (id, unit_id, host, sealed) SELECT gen_random_uuid(), id, 'x', 'x' FROM unit LIMIT 1",
        "INSERT INTO alert_address (account_id, sealed, asked_at) SELECT scope_actor(), 'x', now()",
    ],
)
def test_nobody_but_the_product_decides_who_is_told(office: Office, ways: object, statement: str) -> None:
    office.tell("assigned", "own", account_id=office.people["officer"].id)
    office.send(ways)  # type: ignore[arg-type]
    scope = scope_of(office, "officer")
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction(office.app.state.engine, scope) as session,
    ):
        session.execute(text(statement))


def test_an_account_reads_its_own_alerts_and_changes_none(office: Office, ways: object) -> None:
    for who in ("officer", "head"):
        office.tell("assigned", f"of:{who}", account_id=office.people[who].id)
    office.give_address("head", "head@example.org")
    office.send(ways)  # type: ignore[arg-type]
    with transaction(office.app.state.engine, scope_of(office, "officer")) as session:
        assert session.execute(text("SELECT key FROM alert")).all() == [("of:officer",)]
        assert session.scalar(text("SELECT count(*) FROM alert_delivery")) == 1
        assert session.scalar(text("SELECT count(*) FROM alert_address")) == 0
        for change in ("UPDATE alert_delivery SET read_at = now()", "DELETE FROM alert", "DELETE FROM alert_delivery"):
            assert session.execute(text(change)).rowcount == 0  # type: ignore[attr-defined]


def test_with_its_case_goes_its_alert_and_it_moves_along(office: Office, ways: object) -> None:
    office.tell("assigned", "open", account_id=office.people["officer"].id)
    office.send(ways)  # type: ignore[arg-type]
    session = Session(office.app.state.engine.execution_options(scope=SYSTEM))
    with session:  # nothing of it is kept
        case = {"id": office.cases["open"]}
        moved = "UPDATE \"case\" SET province_code = '98', district_code = '9801', stated_code = '9801',"
        session.execute(text(moved + " subdistrict_code = NULL WHERE id = :id"), case)
        assert session.execute(text("SELECT province_code FROM alert_delivery")).all() == [("98",)]
        session.execute(text('DELETE FROM "case" WHERE id = :id'), case)
        assert session.scalar(text("SELECT count(*) FROM alert")) == 0
        assert session.scalar(text("SELECT count(*) FROM alert_delivery")) == 0
