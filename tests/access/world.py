"""Two invented provinces, their offices, people of every role, and cases that are each somebody's and others' not."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from api.alerts.hooks import create_webhook
from api.alerts.sealing import load_alert_keys
from api.alerts.spreading import spread_one
from api.auth.accounts import create_account, set_areas, set_units
from api.auth.devices import create_device
from api.auth.keys import Keys, forgery_token
from api.auth.links import create_link, use_link
from api.auth.models import AccountSession
from api.auth.second_factor import enrolment_secret
from api.auth.sessions import end_token, start_session
from api.auth.units import create_unit
from api.database import transaction
from api.identity_use import write_identity
from api.prints.jobs import create_job, move
from api.secrets import load_secrets
from boundaries import editions
from boundaries.importing import import_edition
from boundaries.messages import Text
from layers.cases import CaseValues, create_case, new_id
from layers.demo import load_demo
from layers.importing.runs import create_run
from layers.outbox import enqueue
from layers.scope import Scope
from layers.sources import save_source
from mapping.meetings import create_meeting
from mapping.offline import Library, served_assets
from mapping.plan_approving import approve
from mapping.plan_examples import example, load_example, steps_of_example
from mapping.plan_making import create_from_steps, create_from_template
from mapping.plans import get_tree
from tests.auth.conftest import BASE, PASSWORD, Person, signed_in
from tests.demo import FILE, INSIDE, PROVENANCE
from tests.identity.planted import person as planted
from tests.layers.made import make_source
from tests.releases import publish
from tests.scopes import SYSTEM

FAR = 0.9
"""Degrees between the two provinces: the second one is the first, moved east and renamed."""
PER_YEAR = 3000
COOKIE = "__Host-socialmap"
CLAIMING = replace(SYSTEM, permissions=frozenset({"identity.write"}))

UNITS = (
    ("office-99", "office", ["99"]),
    ("home-99", "home", ["99"]),
    ("lao-9901", "lao", ["990101", "990102"]),
    ("office-98", "office", ["98"]),
)
PEOPLE: Mapping[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "partner": ("partner", ("office-99",), ("9901",)),
    "lao_officer": ("lao_officer", ("lao-9901",), ("990101",)),
    "volunteer": ("volunteer", (), ("990102",)),
    "officer": ("officer", ("office-99",), ("9901",)),
    "case_team": ("case_team", ("office-99",), ("9901",)),
    "head": ("head", ("office-99",), ()),
    "oversight": ("oversight", ("office-99",), ()),
    "admin": ("admin", (), ()),
    "auditor": ("auditor", (), ()),
    "officer_98": ("officer", ("office-98",), ()),
}
"""Who asks: role, units, own areas. The last one is a colleague in the other province."""
ASKING = ("anonymous", *PEOPLE)
UNGUARDED = frozenset({"oversight", "auditor"})
"""Roles that sign in with a password alone."""
CASES: Mapping[str, tuple[str, str, str | None]] = {
    "own": ("990101", "P02.01", "office-99"),
    "next_area": ("990201", "P02.01", "office-99"),
    "next_unit": ("990101", "P02.01", "home-99"),
    "far_area": ("980101", "P02.01", "office-99"),
    "far": ("980101", "P02.01", "office-98"),
    "secret": ("990101", "P04.01", "office-99"),
    "far_secret": ("980101", "P04.01", "office-98"),
    "local": ("990101", "P02.02", "lao-9901"),
    "next_local": ("990102", "P02.02", "lao-9901"),
    "nobodys": ("990101", "P02.02", None),
    "sent": ("990102", "P02.01", None),
    "sent_by_other": ("990102", "P02.01", None),
}
"""Subdistrict, problem and unit of each case; P04 is secret. `sent` is the volunteer's."""
REACH: Mapping[str, frozenset[str]] = {
    "lao_officer": frozenset({"local"}),
    "volunteer": frozenset({"sent"}),
    "officer": frozenset({"own"}),
    "case_team": frozenset({"own", "secret"}),
    "head": frozenset({"own", "next_area"}),
    "officer_98": frozenset({"far"}),
}
"""Which cases each reads; all others none."""
PERSONS = {name: planted(number) for number, name in enumerate(("own", "far", "secret"))}
TEAM = {"case_team": "secret", "officer_98": "far_secret"}


@dataclass(frozen=True)
class World:
    """The application, the ids of its cases, and who is signed in with which word for changing requests."""

    app: FastAPI
    cases: dict[str, UUID]
    people: dict[str, Person]
    clients: dict[str, TestClient]
    ids: dict[str, str]
    """Further ids by name: sessions, devices and assets of one's own and of others."""
    sessions: list[dict[str, Any]]
    """The rows of the sessions of all who are signed in."""

    def case_names(self, ids: list[str]) -> list[str]:
        """Return the names of cases, in order of name; an id that is none of them stays an id."""
        names = {str(one): name for name, one in self.cases.items()}
        return sorted(names.get(one, one) for one in ids)

    def stranger(self) -> TestClient:
        """Return a browser without cookies."""
        return new_client(self.app)

    def foreign(self, who: str, shown: str, asked: str = "") -> list[str]:
        """Return what of cases beyond somebody's reach shows; the id that was asked for may be repeated."""
        found = []
        for name, case in self.cases.items():
            if name in REACH.get(who, ()):
                continue
            one = PERSONS.get(name)
            signs = [one.name, one.national_id, one.phone, one.note] if one else []
            if who != "auditor":  # reads which cases were looked at, and nothing of them
                signs.append(str(case))
            found += [f"{name}: {sign}" for sign in signs if sign and sign != asked and sign in shown]
        return found

    @contextmanager
    def again(self, who: str) -> Iterator[TestClient]:
        """Give a further browser in which somebody is signed in, and whose session may be ended."""
        if who == "anonymous":
            yield self.stranger()
            return
        with transaction(self.app.state.engine, SYSTEM) as session:
            token = start_session(session, self.people[who].id, "full", "again")
        yield with_token(self.app, token)
        with transaction(self.app.state.engine, SYSTEM) as session:
            end_token(session, token)

    @property
    def named(self) -> dict[str, str]:
        """The ids that requests of the matrix name: of cases and of other things."""
        return {**self.ids, **{name: str(one) for name, one in self.cases.items()}}

    def put_back(self) -> None:
        """Take away what requests made, and give back the sessions and devices that they ended."""
        kept = {"people": [one.id for one in self.people.values()]}
        devices = {"devices": [UUID(one) for name, one in self.ids.items() if name.startswith("device_")]}
        with transaction(self.app.state.engine, SYSTEM) as session:
            session.execute(text("DELETE FROM account WHERE NOT id = ANY(:people)"), kept)
            session.execute(text("DELETE FROM device_token WHERE NOT id = ANY(:devices)"), devices)
            session.execute(text("DELETE FROM address_attempt"))
            session.execute(text("UPDATE import_run SET undone_at = NULL, undone_by = NULL"))
            session.execute(text("UPDATE print_job SET state = 'done'"))
            session.execute(text("DELETE FROM sign_in_attempt"))
            session.execute(text("UPDATE alert_delivery SET read_at = NULL"))
            session.execute(text("DELETE FROM webhook WHERE id <> :webhook"), {"webhook": UUID(self.ids["webhook"])})
            session.execute(text("DELETE FROM factor_request"))
            session.execute(text("DELETE FROM case_member"))
            for who, name in TEAM.items():
                join(session, self.cases[name], self.people[who].id)
            session.execute(text("UPDATE account SET failed_count = 0, locked_until = NULL, disabled_at = NULL"))
            session.execute(text("UPDATE device_token SET revoked_at = NULL"))
            kept_sessions = {"sessions": [one["id"] for one in self.sessions]}
            session.execute(text("DELETE FROM account_session WHERE NOT id = ANY(:sessions)"), kept_sessions)
            session.execute(insert(AccountSession).on_conflict_do_nothing(), self.sessions)


def new_client(app: FastAPI) -> TestClient:
    """Make a browser over TLS that follows no redirects."""
    return TestClient(app, base_url=BASE, follow_redirects=False, raise_server_exceptions=False)


def with_token(app: FastAPI, token: str) -> TestClient:
    """Make a browser that holds a session's cookie and word."""
    client = new_client(app)
    client.cookies.set(COOKIE, token, domain="localhost.local")
    client.headers["X-CSRF-Token"] = forgery_token(Keys.of(load_secrets()), token)
    return client


def load_places(session: Session, folder: Path) -> None:
    """Load the invented province and its double in the east."""
    held = json.loads(FILE.read_text("utf-8"))
    moved = json.loads(json.dumps(held["features"]))
    for one in moved:
        said = one["properties"]
        said["code"] = "98" + said["code"][2:]
        for name in said:
            if name.endswith("_th"):
                said[name] = f"แดนต่าง{said[name]}"
            elif name.endswith("_en"):
                said[name] = f"Daen Tang {said[name]}"
        for part in one["geometry"]["coordinates"]:
            for ring in part:
                ring[:] = [[round(lon + FAR, 6), lat] for lon, lat in ring]
    path = folder / "two.geojson"
    path.write_text(json.dumps({**held, "features": [*held["features"], *moved]}, ensure_ascii=False), "utf-8")
    edition = import_edition(session, path, replace(PROVENANCE, name="สองจังหวัดสมมติ")).edition_id
    assert editions.check(session, edition).passed
    editions.activate(session, edition)


def load_cases(session: Session) -> dict[str, UUID]:
    """Make the cases, each at a place of its own, and a person for each of three."""
    source, made = make_source(session), {}
    units = dict(tuple(row) for row in session.execute(text("SELECT key, id FROM unit")))
    for number, (name, (code, problem, unit)) in enumerate(CASES.items()):
        lat, lon = INSIDE[0] + number / 1000, INSIDE[1] + (FAR if code.startswith("98") else 0)
        point = {"lat": lat, "lon": lon} if code.endswith("0101") else {"stated_code": code}
        case = create_case(session, source, CaseValues(problem, date(2026, 1, 3), **point))  # type: ignore[arg-type]
        told = {"unit": units.get(unit), "id": case}
        session.execute(text('UPDATE "case" SET unit_id = :unit WHERE id = :id'), told)
        made[name] = case
    return made


def plant_persons(session: Session, cases: Mapping[str, UUID]) -> None:
    """Give three cases a person."""
    for name, one in PERSONS.items():
        write_identity(session, CLAIMING, cases[name], one)


def make_person(app: FastAPI, login: str, role: str, units: tuple[str, ...], areas: tuple[str, ...]) -> Person:
    """Make an account with a password and, where its role needs one, a second factor, as `tests/auth` does."""
    engine, keys = app.state.engine, Keys.of(load_secrets())
    with transaction(engine, SYSTEM) as session:
        account = create_account(session, SYSTEM, login, f"คนสมมติ {login}", role)
        set_units(session, SYSTEM, account, units)
        set_areas(session, SYSTEM, account, areas)
        code = create_link(session, keys, SYSTEM, account)
    use_link(engine, keys, code, PASSWORD, PASSWORD, "192.0.2.1")
    if role in UNGUARDED:
        return Person(account, login, None)
    with transaction(engine, SYSTEM) as session:
        secret = enrolment_secret(session, keys, account)
        session.execute(text("UPDATE account SET totp_confirmed_at = now() WHERE id = :id"), {"id": account})
    return Person(account, login, secret)


def join(session: Session, case: UUID, account: UUID) -> None:
    """Put somebody into the team of a case of their own unit."""
    session.execute(
        text(
            "INSERT INTO case_member (province_code, case_id, actor_id, unit_id)"
            ' SELECT province_code, id, :actor, unit_id FROM "case" WHERE id = :case'
        ),
        {"case": case, "actor": account},
    )


def build(app: FastAPI, folder: Path) -> World:
    """Make everything and sign everybody in, with the second factor where the role has one."""
    engine = app.state.engine
    with transaction(engine, SYSTEM) as session:
        load_places(session, folder)
        load_demo(session, PER_YEAR, 1)
        for key, kind, areas in UNITS:
            create_unit(session, key, kind, f"หน่วยงานสมมติ {key}", f"Invented {key}", areas)
        cases = load_cases(session)
        publish(session)
        ids = _assets(session) | _imports(session) | _plans(session) | _meetings(session)
    with transaction(engine, CLAIMING) as session:
        plant_persons(session, cases)
    people = {who: make_person(app, f"{who.replace('_', '-')}-one", *place) for who, place in PEOPLE.items()}
    with transaction(engine, SYSTEM) as session:
        for who, name in TEAM.items():
            join(session, cases[name], people[who].id)
        for name, whom in (("sent", people["volunteer"].id), ("sent_by_other", new_id())):
            told = {"id": cases[name], "by": whom}
            session.execute(text('UPDATE "case" SET created_by = :by WHERE id = :id'), told)
    clients = {"anonymous": new_client(app)}
    for who, someone in people.items():
        clients[who] = new_client(app)
        clients[who].headers["X-CSRF-Token"] = signed_in(clients[who], someone)
    people["spare"] = make_person(app, "spare-one", "officer", ("office-98",), ())
    ids |= (
        _print_jobs(app, people)
        | _alerts(app, people, cases)
        | _sessions(app, people)
        | {"account": str(people["spare"].id), "asset_file": _asset_file(app)}
    )
    with transaction(engine, SYSTEM) as session:
        kept = [dict(row._mapping) for row in session.execute(select(AccountSession.__table__))]
    return World(app, cases, people, clients, ids, kept)


def _assets(session: Session) -> dict[str, str]:
    source = save_source(session, "test.assets", Text("ทุนสมมติ", "invented assets"), date(2026, 9, 30), invented=True)
    made = {}
    for code, lon in (("990101", INSIDE[1]), ("980101", INSIDE[1] + FAR)):
        row: dict[str, Any] = {"id": new_id(), "source": source, "code": code, "province": code[:2], "lon": lon}
        session.execute(
            text(
                "INSERT INTO asset (province_code, id, source_id, external_id, kind, name_th, point, area_code,"
                " area_match, edition_id, properties) SELECT :province, :id, :source, :code, 'clinic', 'สถานีสมมติ',"
                " ST_SetSRID(ST_MakePoint(:lon, :lat), 4326), :code, 'inside', edition.id, '{}'::jsonb"
                " FROM edition WHERE state = 'active'"
            ),
            row | {"lat": INSIDE[0]},
        )
        made[f"asset_{code[:2]}"] = str(row["id"])
    return made


def _imports(session: Session) -> dict[str, str]:
    """Note an import of each province, of a source of its own; they made nothing."""
    made = {}
    for province in ("98", "99"):
        name = Text(f"แหล่งสมมติ {province}", f"invented source {province}")
        source = save_source(session, f"p{province}.file.invented", name, date(2026, 9, 30), invented=True)
        values = {"target": "cases", "area_code": province, "file_name": "แฟ้มสมมติ.csv", "checksum": ""}
        more = {"recipe": "name: invented\ntarget: cases\n", "actor_id": None}
        made[f"run_{province}"] = str(create_run(session, source, values | more))
    return made


def _print_jobs(app: FastAPI, people: Mapping[str, Person]) -> dict[str, str]:
    """Note a print job of each of two officers; their files are gone."""
    made = {}
    with transaction(app.state.engine, SYSTEM) as session:
        for who in ("officer", "officer_98"):
            job = new_id()
            values = {"state": "waiting", "area_code": "99", "form": "pdf", "audience": "committee", "total": 1}
            create_job(
                session, values | {"id": job, "actor_id": people[who].id, "wanted": {"code": "99"}, "server": job}
            )
            move(session, job, "done", size=1, pages=1)
            made[f"job_{who}"] = str(job)
    return made


def _alerts(app: FastAPI, people: Mapping[str, Person], cases: Mapping[str, UUID]) -> dict[str, str]:
    """Tell two officers of a case each and a head that a secret one needs a team; note a webhook."""
    engine, made = app.state.engine, {}
    with transaction(engine, SYSTEM) as session:
        units = dict(tuple(row) for row in session.execute(text("SELECT key, id FROM unit")))
        for who, name in (("officer", "own"), ("officer_98", "far")):
            told = {"province": name_province(name), "account_id": people[who].id, "case_id": cases[name]}
            enqueue(session, "assigned", key=f"alert_{who}", **told)  # type: ignore[arg-type]
        unit = units["office-99"]
        enqueue(session, "team_needed", key="alert_head", province="99", unit_id=unit, case_id=cases["secret"])
        while spread_one(session, mail=False):
            pass
        for row in session.execute(text("SELECT key, id FROM alert")):
            made[row.key] = str(row.id)
        create_webhook(session, load_alert_keys(), SYSTEM, "office-99", "https://hooks.example.org/invented")
        made["webhook"] = str(session.scalar(text("SELECT id FROM webhook")))
    return made


def name_province(name: str) -> str:
    """Return the province of a case by its name."""
    return CASES[name][0][:2]


def _plans(session: Session) -> dict[str, str]:
    """Make a draft of each province, an approved plan, and an approved one of a secret problem."""
    year, today = date(2025, 10, 1), date(2026, 1, 3)
    drafts = {code[:2]: create_from_template(session, SYSTEM, code, "P02", year) for code in ("9901", "9801")}
    open_ = load_example(session, SYSTEM, "b", "9901", today)
    copied = steps_of_example(example("b"), "example:b")
    secret = create_from_steps(session, SYSTEM, "9901", "P04", year, copied, "example:b")
    approve(session, SYSTEM, secret.id, "การประชุมสมมติ", today, today)
    made = {"plan_draft": drafts["99"], "plan_98": drafts["98"], "plan_approved": open_, "plan_secret": secret}
    root = get_tree(session, drafts["99"]).root.id
    roots = {"plan_root": str(root), "plan_root_approved": str(get_tree(session, open_).root.id)}
    return {name: str(plan.id) for name, plan in made.items()} | roots


def _meetings(session: Session) -> dict[str, str]:
    """Prepare a meeting of a district's committee in each province, without any stop yet."""
    made = {}
    for code in ("9901", "9801"):
        facts = ("คณะกรรมการสมมติ", date(2026, 1, 3), "ห้องประชุมสมมติ")
        made[f"meeting_{code[:2]}"] = str(create_meeting(session, SYSTEM, code, *facts).id)
    return made


def _asset_file(app: FastAPI) -> str:
    return next(iter(served_assets(Library(app.state.settings.socialmap_web_library))))


def _sessions(app: FastAPI, people: Mapping[str, Person]) -> dict[str, str]:
    """Give two officers and one more who asks for nothing a device; note the ids of all sessions and devices."""
    found: dict[str, str] = {}
    with transaction(app.state.engine, SYSTEM) as session:
        start_session(session, people["spare"].id, "full", "spare")
        for who, area in (("officer", "9901"), ("officer_98", "98"), ("spare", "98")):
            scope = Scope("officer", "internal", frozenset({area}), actor_id=people[who].id)
            create_device(session, scope, f"แท็บเล็ต {who}", [area])
        for kind, table in (("session", "account_session"), ("device", "device_token")):
            held = dict(tuple(row) for row in session.execute(text(f"SELECT account_id, id FROM {table}")))
            found |= {f"{kind}_{who}": str(held[one.id]) for who, one in people.items() if one.id in held}
    return found
