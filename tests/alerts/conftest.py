"""Two invented provinces, units, people, cases, and the outside world on this machine."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from api.alerts.hooks import create_webhook
from api.alerts.models import AlertAddress
from api.alerts.sealing import AlertKeys, load_alert_keys, seal
from api.alerts.sending import Round, send_waiting
from api.alerts.ways import Mail, Ways
from api.auth.units import create_unit
from api.database import transaction
from api.settings import Settings
from layers.cases import CaseValues, create_case
from layers.outbox import enqueue
from tests.access.world import join, load_places, make_person, new_client
from tests.alerts.sinks import HERE, HookSink, MailSink, Trust, hook_sink, mail_sink, make_trust
from tests.auth.conftest import Person, signed_in
from tests.databases import fresh_database
from tests.layers.made import make_source
from tests.scopes import SYSTEM

PEOPLE = {
    "head": ("head", ("office-99",), ()),
    "officer": ("officer", ("office-99",), ("9901",)),
    "next": ("officer", ("office-99",), ("9902",)),
    "team": ("case_team", ("office-99",), ()),
    "partner": ("partner", ("office-99",), ()),
    "far": ("head", ("office-98",), ()),
    "admin": ("admin", (), ()),
}
CASES = {"open": ("990101", "P02.01"), "other": ("990201", "P02.01"), "secret": ("990101", "P04.01")}


@dataclass(frozen=True)
class Office:
    """The application, people with browsers of their own, cases, and units."""

    app: FastAPI
    url: str
    people: dict[str, Person]
    clients: dict[str, TestClient]
    cases: dict[str, UUID]
    units: dict[str, int]
    keys: AlertKeys

    def tell(self, kind: str, key: str, case: str | None = "open", **given: object) -> None:
        """Put an alert into the outbox as the product."""
        with transaction(self.app.state.engine, SYSTEM) as session:
            case_id = self.cases[case] if case else None
            enqueue(session, kind, key=key, province="99", case_id=case_id, **given)  # type: ignore[arg-type]

    def send(self, ways: Ways) -> Round:
        """Do what is due."""
        return send_waiting(self.app.state.engine, ways, self.keys)

    def rows(self, asked: str, **given: object) -> list[tuple[object, ...]]:
        """Ask the database as the product."""
        with transaction(self.app.state.engine, SYSTEM) as session:
            return [tuple(row) for row in session.execute(text(asked), given)]

    def told(self, channel: str = "app") -> dict[str, list[str]]:
        """Return who was told over a way, by the key of each alert."""
        names = {one.id: who for who, one in self.people.items()}
        asked = (
            "SELECT key, d.account_id FROM alert LEFT JOIN alert_delivery d ON d.alert_id = alert.id"
            " AND d.channel = :channel"
        )
        found: dict[str, list[str]] = {}
        for key, account in self.rows(asked, channel=channel):
            found.setdefault(str(key), []).extend([names[account]] if account else [])  # type: ignore[index]
        return {key: sorted(names) for key, names in found.items()}

    def later(self) -> None:
        """Let the time pass until everything is due again."""
        with transaction(self.app.state.engine, SYSTEM) as session:
            session.execute(text("UPDATE alert_delivery SET next_at = now() - interval '1 second'"))

    def give_address(self, who: str, address: str) -> None:
        """Give somebody an address that is proven."""
        account, now = self.people[who].id, datetime.now(UTC)
        sealed = seal(self.keys.addresses, account, address)
        values = {"account_id": account, "sealed": sealed, "asked_at": now, "confirmed_at": now}
        with transaction(self.app.state.engine, SYSTEM) as session:
            session.execute(insert(AlertAddress), values)

    def give_webhook(self, sink: HookSink, unit: str = "office-99", path: str = "/hook") -> str:
        """Give a unit a webhook that leads to a sink; return its secret."""
        with transaction(self.app.state.engine, SYSTEM) as session:
            return create_webhook(session, self.keys, SYSTEM, unit, f"https://{HERE}:{sink.port}{path}")


@pytest.fixture(scope="session")
def office(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The application on a database of its own."""
    from api.app import create_app

    home = tmp_path_factory.mktemp("home")
    with fresh_database(server) as url:
        app = create_app(Settings(database_url=url, socialmap_home=home))
        with transaction(app.state.engine, SYSTEM) as session:
            load_places(session, home)
            for province in ("99", "98"):
                create_unit(session, f"office-{province}", "office", f"หน่วยงานสมมติ {province}", "Invented", [province])
            units = dict(tuple(row) for row in session.execute(text("SELECT key, id FROM unit")))
            cases = _cases(session, units["office-99"])
        people = {who: make_person(app, f"{who}-one", *place) for who, place in PEOPLE.items()}
        with transaction(app.state.engine, SYSTEM) as session:
            join(session, cases["secret"], people["team"].id)
        clients = {who: new_client(app) for who in people}
        for who, client in clients.items():
            client.headers["X-CSRF-Token"] = signed_in(client, people[who])
        yield Office(app, url, people, clients, cases, units, load_alert_keys())
        app.state.engine.dispose()


def _cases(session: Session, unit: int) -> dict[str, UUID]:
    source, made = make_source(session), {}
    for name, (code, problem) in CASES.items():
        values = CaseValues(problem, date(2026, 1, 3), stated_code=code, urgency="U3")
        made[name] = create_case(session, source, values)
        session.execute(text('UPDATE "case" SET unit_id = :unit WHERE id = :id'), {"unit": unit, "id": made[name]})
    return made


@pytest.fixture(autouse=True)
def tidy(office: Office) -> Iterator[None]:
    """Take away what a test made."""
    yield
    with transaction(office.app.state.engine, SYSTEM) as session:
        for table in ("alert", "webhook", "alert_address"):
            session.execute(text(f"DELETE FROM {table}"))
        session.execute(text("UPDATE account SET disabled_at = NULL"))


@pytest.fixture(scope="session")
def trust(tmp_path_factory: pytest.TempPathFactory) -> Trust:
    """An authority of this run."""
    return make_trust(tmp_path_factory.mktemp("trust"))


@pytest.fixture
def mails() -> Iterator[MailSink]:
    """A mail server of this machine."""
    with mail_sink() as sink:
        yield sink


@pytest.fixture
def hooks(trust: Trust) -> Iterator[HookSink]:
    """A receiver of webhooks."""
    with hook_sink(trust) as sink:
        yield sink


@pytest.fixture
def ways(mails: MailSink, trust: Trust) -> Ways:
    """Ways to both, within this machine."""
    mail = Mail(HERE, mails.port, "none", "alerts@map.example.org")
    return Ways("https://map.example.org", mail, private=True, authorities=trust.authority)


@pytest.fixture
def public(ways: Ways) -> Ways:
    """The same, where webhooks may reach public addresses only, as they do unless the settings say otherwise."""
    return replace(ways, private=False)
