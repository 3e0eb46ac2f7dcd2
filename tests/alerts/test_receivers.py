"""Who is told of what: the account named, those of a unit whom it concerns, and of a secret case its team alone."""

import pytest
from sqlalchemy import text

from api.alerts.ways import Ways
from api.database import transaction
from tests.access.world import join
from tests.alerts.conftest import Office
from tests.scopes import SYSTEM

TOLD = [
    # kind, case, named account, unit, who is told
    ("assigned", "open", "officer", None, ["officer"]),
    ("assigned", "open", None, "office-99", ["head", "officer", "team"]),
    ("assigned", "other", None, "office-99", ["head", "next", "team"]),
    ("assigned", "open", "partner", "office-99", ["head", "officer", "partner", "team"]),
    ("assigned", "open", None, "office-98", []),
    ("assigned", "secret", None, "office-99", ["team"]),
    ("assigned", "secret", "officer", None, []),
    ("assigned", "secret", "team", "office-99", ["team"]),
    ("overdue", "secret", None, "office-99", ["team"]),
    ("team_needed", "secret", None, "office-99", ["head"]),
    ("team_needed", "secret", None, "office-98", ["far"]),
    ("quarantined", None, None, "office-99", ["head"]),
    ("closing_proposed", "open", None, "office-99", ["head", "officer", "team"]),
    ("returned", "open", "next", None, ["next"]),
]


@pytest.mark.parametrize(("kind", "case", "named", "unit", "told"), TOLD)
def test_each_is_told_to_those_whom_it_concerns(
    office: Office, ways: Ways, kind: str, case: str | None, named: str | None, unit: str | None, told: list[str]
) -> None:
    account = office.people[named].id if named else None
    office.tell(kind, "one", case, account_id=account, unit_id=office.units[unit] if unit else None)
    office.send(ways)
    assert office.told() == {"one": told}


def test_who_did_it_is_not_told(office: Office, ways: Ways) -> None:
    by = office.people["officer"].id
    office.tell("closing_proposed", "one", unit_id=office.units["office-99"], caused_by=by)
    office.tell("assigned", "two", account_id=by, caused_by=by)
    office.send(ways)
    assert office.told() == {"one": ["head", "team"], "two": []}


def test_a_disabled_account_is_told_nothing_even_of_what_waits(office: Office, ways: Ways, mails: object) -> None:
    office.give_address("officer", "officer@example.org")
    office.tell("assigned", "before", account_id=office.people["officer"].id)
    from api.alerts.sending import spread_next

    spread_next(office.app.state.engine, ways)
    with transaction(office.app.state.engine, SYSTEM) as session:
        session.execute(text("UPDATE account SET disabled_at = now() WHERE login = 'officer-one'"))
    office.tell("assigned", "after", account_id=office.people["officer"].id)
    office.send(ways)
    assert office.told() == {"after": [], "before": ["officer"]}
    assert office.rows("SELECT state FROM alert_delivery WHERE channel = 'email'") == [("dropped",)]
    assert mails.taken == []  # type: ignore[attr-defined]


def test_who_left_the_team_is_told_nothing_of_what_waits(office: Office, ways: Ways, mails: object) -> None:
    office.give_address("team", "team@example.org")
    office.tell("assigned", "one", "secret", account_id=office.people["team"].id)
    from api.alerts.sending import spread_next

    spread_next(office.app.state.engine, ways)
    member = {"case": office.cases["secret"]}
    with transaction(office.app.state.engine, SYSTEM) as session:
        session.execute(text("DELETE FROM case_member WHERE case_id = :case"), member)
    try:
        office.send(ways)
    finally:
        with transaction(office.app.state.engine, SYSTEM) as session:
            join(session, office.cases["secret"], office.people["team"].id)
    assert office.rows("SELECT state FROM alert_delivery WHERE channel = 'email'") == [("dropped",)]
    assert mails.taken == []  # type: ignore[attr-defined]


def test_an_alert_that_cannot_be_spread_stands_in_nobodys_way(
    office: Office, ways: Ways, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A kind that nothing says the receivers of, as after going back to an older version."""
    from api.alerts import receivers

    office.tell("overdue", "first", unit_id=office.units["office-99"])
    office.tell("assigned", "second", unit_id=office.units["office-99"])
    kept = {kind: needed for kind, needed in receivers.NEEDED.items() if kind != "overdue"}
    monkeypatch.setattr(receivers, "NEEDED", kept)
    office.send(ways)
    assert office.told() == {"first": [], "second": ["head", "officer", "team"]}
    assert "KeyError" in caplog.text
