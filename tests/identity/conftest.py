"""A database with two cases of the invented province, secrets of its own, and people who may read identities or not."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine, text

from api.database import transaction
from layers.cases import CaseValues, create_case
from layers.identity import IdentityValues
from layers.scope import Scope
from tests.demo import INSIDE, load_demo_boundaries
from tests.guarded import application, owning, secrets
from tests.layers.made import make_source
from tests.scopes import SYSTEM

__all__ = ["secrets"]

ME = UUID(int=1)
OFFICER = Scope(
    "officer",
    "internal",
    frozenset({"9901"}),
    units=frozenset({1}),
    actor_id=ME,
    permissions=frozenset(
        {"case.read", "case.read_team", "case.write", "identity.read", "identity.write", "identity.erase"}
    ),
)
CLERK = replace(OFFICER, permissions=OFFICER.permissions - {"identity.read", "identity.write", "identity.erase"})
KEEPER = replace(SYSTEM, permissions=frozenset({"identity.read", "identity.write", "identity.read_restricted"}))
PERSON = IdentityValues(
    name="นางสาวสมมติ ไม่มีจริงเลย",
    national_id="0-0000-00000-02-7",
    phone="๐๘๙-๐๐๐-๐๐๒๗",
    address="บ้านเลขที่ 999/27 หมู่ 9",
    lat=13.987654321,
    lon=100.123456789,
    photo="photo-27",
    guardian="นายผู้ปกครอง สมมติยิ่ง",
    note="บันทึกลับสมมติยี่สิบเจ็ด",
)


@dataclass(frozen=True)
class Made:
    """The database and its cases: of the officer's unit and area, of another unit, and secret of a team of ME."""

    engine: Engine
    own: UUID
    foreign: UUID
    secret: UUID


@pytest.fixture
def made(server: str, secrets: Path) -> Iterator[Made]:
    """The cases, in a database of their own."""
    with application(server, pool_size=5) as engine:
        with transaction(engine, SYSTEM) as session:
            load_demo_boundaries(session)
            for key in ("office-99", "home-99"):
                session.execute(
                    text("INSERT INTO unit (key, kind, name_th, name_en) VALUES (:key, 'office', 'สำนักงาน', 'Office')"),
                    {"key": key},
                )
            source = make_source(session)
            lat, lon = INSIDE
            cases = []
            for problem, unit in (("P02.01", 1), ("P02.01", 2), ("P04.02", 1)):
                values = CaseValues(problem, date(2026, 1, 3), lat=lat, lon=lon, target_groups=("T07",))
                case = create_case(session, source, values, f"outside-{len(cases)}")
                session.execute(text('UPDATE "case" SET unit_id = :unit WHERE id = :id'), {"unit": unit, "id": case})
                cases.append(case)
            session.execute(
                text("INSERT INTO case_member (province_code, case_id, actor_id, unit_id) VALUES ('99', :id, :me, 1)"),
                {"id": cases[2], "me": ME},
            )
        yield Made(engine, *cases)


@pytest.fixture
def owner(made: Made, server: str) -> Iterator[Engine]:
    """Engine that no policy holds."""
    with owning(server, made.engine) as engine:
        yield engine
