"""The database refuses on its own: plain SQL in the application's role, with and without a signed scope."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from api.database import make_engine, transaction
from api.migrations.policies import OPEN, WITHOUT
from api.scope_setting import SETTING, pads, signed
from api.secrets import load_secrets
from layers.cases import CaseValues, create_case
from layers.scope import Scope
from tests.databases import fresh_database
from tests.demo import load_demo_boundaries
from tests.layers.made import make_source
from tests.scopes import SYSTEM

ME, OTHER = UUID(int=1), UUID(int=2)
OFFICER = Scope(
    "officer",
    "internal",
    frozenset({"9901"}),
    units=frozenset({1}),
    actor_id=ME,
    permissions=frozenset({"case.read", "case.read_team", "case.write"}),
)


@pytest.fixture(scope="module")
def guarded(server: str) -> Iterator[Engine]:
    """Engine with a pool of one on cases of two districts and two units; one is secret."""
    with fresh_database(server) as url:
        engine = make_engine(url, pool_size=1)
        with transaction(engine, SYSTEM) as session:
            load_demo_boundaries(session)
            for key in ("office-99", "home-99"):
                session.execute(
                    text("INSERT INTO unit (key, kind, name_th, name_en) VALUES (:key, 'office', 'สำนักงาน', 'Office')"),
                    {"key": key},
                )
            _make_cases(session)
        yield engine
        engine.dispose()


def _make_cases(session: Session) -> None:
    source = make_source(session)
    for code, problem, unit in (
        ("990101", "P02.01", 1),
        ("990201", "P02.01", 1),
        ("990101", "P02.02", 2),
        ("990101", "P04.01", 1),
        ("990101", "P04.02", 1),
    ):
        case = create_case(session, source, CaseValues(problem, date(2026, 1, 3), stated_code=code))
        session.execute(text('UPDATE "case" SET unit_id = :unit WHERE id = :id'), {"unit": unit, "id": case})
        if problem == "P04.02":
            session.execute(
                text("INSERT INTO case_member (province_code, case_id, actor_id, unit_id) VALUES ('99', :id, :me, 1)"),
                {"id": case, "me": ME},
            )


@contextmanager
def asking(engine: Engine, scope: Scope | None) -> Iterator[Connection]:
    """Give a connection in a transaction of a scope, rolled back at the end."""
    with engine.execution_options(scope=scope).connect() as connection:
        yield connection


def read(connection: Connection) -> list[tuple[str, str, int]]:
    rows = connection.execute(text('SELECT subdistrict_code, problem_code, unit_id FROM "case" ORDER BY 1, 2, 3'))
    return [tuple(row) for row in rows]


def test_nothing_set_reads_nothing(guarded: Engine) -> None:
    with asking(guarded, None) as connection:
        assert read(connection) == []
        connection.execute(text(f"SELECT set_config('{SETTING}', '', true)"))
        assert read(connection) == []


def test_an_officer_reads_own_units_in_own_areas_and_secret_cases_of_own_teams(guarded: Engine) -> None:
    with asking(guarded, OFFICER) as connection:
        assert read(connection) == [("990101", "P02.01", 1), ("990101", "P04.02", 1)]
    with asking(guarded, replace(OFFICER, actor_id=OTHER)) as connection:
        assert read(connection) == [("990101", "P02.01", 1)]
    with asking(guarded, replace(OFFICER, units=frozenset({2}), actor_id=OTHER)) as connection:
        assert read(connection) == [("990101", "P02.02", 2)]
    with asking(guarded, replace(OFFICER, areas=frozenset({"98"}), actor_id=OTHER)) as connection:
        assert read(connection) == []


@pytest.mark.parametrize("scope", [Scope.public(), Scope.committee(), replace(OFFICER, permissions=frozenset())])
def test_others_read_no_case_and_nothing_that_hangs_on_one(guarded: Engine, scope: Scope) -> None:
    with asking(guarded, replace(scope, actor_id=OTHER)) as connection:
        for table in ("case", "case_event", "case_member"):
            assert connection.execute(text(f'SELECT count(*) FROM "{table}"')).scalar_one() == 0


def test_a_scope_that_is_not_signed_or_belongs_to_another_connection_or_time_reads_nothing(guarded: Engine) -> None:
    key = load_secrets().scope
    with asking(guarded, None) as connection:
        backend = connection.connection.driver_connection.info.backend_pid  # type: ignore[union-attr]
        claims = json.dumps({**SYSTEM.claims(), "pid": backend, "until": time.time() + 60})
        good = signed(SYSTEM, key, backend, time.time() + 60)
        forged = [
            claims,
            f"{'0' * 64}.{claims}",
            f"{good[:64]}.{claims}",
            good.replace('"TH"', '"99"'),
            good + " ",
            "x" * 70,
            "'\\",
            signed(SYSTEM, bytes(32), backend, time.time() + 60),
            signed(SYSTEM, pads(key)[0][:32], backend, time.time() + 60),
            signed(SYSTEM, key, backend + 1, time.time() + 60),
            signed(SYSTEM, key, backend, time.time() - 1),
        ]
        for value in forged:
            connection.execute(text(f"SELECT set_config('{SETTING}', :value, true)"), {"value": value})
            assert read(connection) == [], value
        connection.execute(text(f"SELECT set_config('{SETTING}', :value, true)"), {"value": good})
        assert len(read(connection)) == 5


def test_smuggled_sql_widens_nothing(guarded: Engine) -> None:
    """What an injection would try from inside an officer's statement."""
    with asking(guarded, replace(OFFICER, actor_id=OTHER)) as connection:
        for tried in (
            f"SELECT set_config('{SETTING}', replace(current_setting('{SETTING}'), '9901', 'TH'), true)",
            "SET LOCAL row_security = off",
            "SET LOCAL ROLE socialmap_owner",
            "SELECT * FROM scope_key",
            "CREATE OR REPLACE FUNCTION public.scope_is_system() RETURNS boolean LANGUAGE sql AS 'SELECT true'",
            'ALTER TABLE "case" DISABLE ROW LEVEL SECURITY',
            "CREATE TEMPORARY TABLE scope_key (id int, inner_pad bytea, outer_pad bytea)",
            "SET LOCAL search_path = pg_temp, public",
        ):
            kept = connection.begin_nested()
            try:
                connection.execute(text(tried))
                seen = read(connection)
            except ProgrammingError:
                seen = []
            kept.rollback()
            assert seen in ([], [("990101", "P02.01", 1)]), tried


def test_a_pooled_connection_carries_no_scope_on(guarded: Engine) -> None:
    """One connection, asked in turns: what came before is gone, after an error too."""
    for _ in range(3):
        with asking(guarded, SYSTEM) as connection:
            assert len(read(connection)) == 5
        with asking(guarded, None) as connection:
            assert read(connection) == []
        with asking(guarded, SYSTEM) as connection, pytest.raises(ProgrammingError):
            connection.execute(text("SELECT nothing"))
        with asking(guarded, OFFICER) as connection:
            assert len(read(connection)) == 2


def test_an_officer_writes_only_within_own_units_and_areas(guarded: Engine) -> None:
    with asking(guarded, replace(OFFICER, actor_id=OTHER)) as connection:
        changed = connection.execute(text("UPDATE \"case\" SET urgency = 'U4'"))
        assert changed.rowcount == 1
        for stolen in ("unit_id = 2", "province_code = '98', district_code = NULL, subdistrict_code = NULL"):
            with pytest.raises(ProgrammingError, match="row-level security"), connection.begin_nested():
                connection.execute(text(f'UPDATE "case" SET {stolen}'))
        with pytest.raises(ProgrammingError, match="row-level security"), connection.begin_nested():
            connection.execute(
                text(
                    "INSERT INTO case_member (province_code, case_id, actor_id, unit_id)"
                    ' SELECT province_code, id, :me, 1 FROM "case"'
                ),
                {"me": OTHER},
            )


def test_open_tables_are_written_by_the_product_alone(guarded: Engine) -> None:
    with asking(guarded, replace(OFFICER, actor_id=uuid4())) as connection:
        assert connection.execute(text("SELECT count(*) FROM area")).scalar_one() > 3
        assert connection.execute(text("DELETE FROM area")).rowcount == 0
        with pytest.raises(ProgrammingError, match="row-level security"):
            connection.execute(text("UPDATE unit SET name_th = 'x'; INSERT INTO unit_area VALUES (1, 'TH')"))


def test_every_table_has_row_level_security_or_a_reason(guarded: Engine) -> None:
    """A new table fails here until somebody has thought of who may read it."""
    with asking(guarded, None) as connection:
        rows = connection.execute(
            text(
                "SELECT relname, relrowsecurity AND relforcerowsecurity AS forced,"
                " has_table_privilege('socialmap_app', oid, 'INSERT, UPDATE, DELETE') AS written"
                " FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'm', 'v', 'f')"
                " AND relname NOT IN ('geometry_columns', 'geography_columns')"
            )
        ).all()
    assert {row.relname for row in rows if not row.forced} == set(WITHOUT)
    assert [row.relname for row in rows if row.written and not row.forced] == []
    assert set(OPEN) <= {row.relname for row in rows}
