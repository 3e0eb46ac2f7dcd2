"""Cases of the invented province at any status, and people of its units who work on them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from api.database import make_engine, transaction
from layers.cases import CaseValues, create_case
from layers.scope import Scope
from tests.databases import fresh_database
from tests.demo import INSIDE, load_demo_boundaries
from tests.guarded import owning
from tests.layers.made import make_source
from tests.scopes import SYSTEM

OFFICER = Scope(
    "officer",
    "internal",
    frozenset({"9901"}),
    units=frozenset({1}),
    actor_id=UUID(int=1),
    permissions=frozenset({"case.read", "case.read_team", "case.write"}),
)
COLLEAGUE = replace(OFFICER, actor_id=UUID(int=2))
HEAD = replace(
    OFFICER, role="head", areas=frozenset({"99"}), actor_id=UUID(int=3),
    permissions=OFFICER.permissions | {"case.assign"},
)  # fmt: skip
ELSEWHERE = replace(OFFICER, units=frozenset({2}), actor_id=UUID(int=4))
READER = replace(OFFICER, role="lao_officer", actor_id=UUID(int=5), permissions=frozenset({"case.read"}))
PARTNER = replace(
    OFFICER, role="partner", audience="partner", units=frozenset({4}), actor_id=UUID(int=6),
    permissions=frozenset({"referral.answer"}),
)  # fmt: skip
UNITS = (
    ("office-99", "office", "99"),
    ("home-99", "home", "99"),
    ("lao-9902", "lao", "9902"),
    ("police", "partner", "99"),
)


@dataclass(frozen=True)
class Place:
    """The database of the application, the same as its owner sees it, and a way to make cases."""

    engine: Engine
    owner: Engine
    source: int

    def case(self, status: int = 10, problem: str = "P02.01", unit: int | None = 1, **more: object) -> UUID:
        """Make a case as a file would bring it."""
        lat, lon = INSIDE
        reason = "goal_met" if status == 80 else None
        stated = {"lat": lat, "lon": lon, "status": status, "close_reason": reason} | more
        with transaction(self.engine, SYSTEM) as session:
            made = create_case(session, self.source, CaseValues(problem, date(2026, 1, 3), **stated))  # type: ignore[arg-type]
            session.execute(text('UPDATE "case" SET unit_id = :unit WHERE id = :id'), {"unit": unit, "id": made})
        return made

    def join(self, case: UUID, *actors: UUID | None) -> None:
        """Put people into the team of a case."""
        with transaction(self.engine, SYSTEM) as session:
            for actor in actors:
                session.execute(
                    text(
                        "INSERT INTO case_member (province_code, case_id, actor_id, unit_id)"
                        ' SELECT province_code, id, :actor, unit_id FROM "case" WHERE id = :case'
                    ),
                    {"case": case, "actor": actor},
                )

    def status(self, case: UUID) -> int:
        with transaction(self.engine, SYSTEM) as session:
            return int(session.execute(text('SELECT status FROM "case" WHERE id = :id'), {"id": case}).scalar_one())


def make_units(session: Session) -> None:
    """Make the units, numbered from 1."""
    for key, kind, area in UNITS:
        told = {"key": key, "kind": kind, "area": area}
        session.execute(
            text("INSERT INTO unit (key, kind, name_th, name_en) VALUES (:key, :kind, 'หน่วยงานสมมติ', :key)"), told
        )
        session.execute(
            text("INSERT INTO unit_area (unit_id, area_code) SELECT id, :area FROM unit WHERE key = :key"), told
        )


@pytest.fixture(scope="module")
def place(server: str) -> Iterator[Place]:
    """A database with the units; each test makes the cases that it needs."""
    with fresh_database(server) as url:
        engine = make_engine(url, pool_size=3)
        with transaction(engine, SYSTEM) as session:
            load_demo_boundaries(session)
            make_units(session)
            source = make_source(session)
        with owning(server, engine) as owner:
            yield Place(engine, owner, source)
        engine.dispose()
