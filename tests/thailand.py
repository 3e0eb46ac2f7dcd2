"""The real boundaries in a database of their own, loaded once a run for every test that needs them."""

import secrets
from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.pool import NullPool

from api.database import make_engine, transaction
from api.migrations.run import upgrade
from boundaries import editions
from boundaries.importing import Provenance, checksum_of, import_edition
from tests.shared import shared

FILE = "boundaries/tha_admin.gpkg"


@pytest.fixture(scope="session")
def thailand_engine(server: str) -> Iterator[Engine]:
    """Engine of the application role on a database with all Thailand active; tests roll back what they write."""
    path = shared(FILE)
    name = f"test_thailand_{secrets.token_hex(4)}"
    admin = create_engine(server, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}" OWNER socialmap_owner'))
    url = make_url(server).set(database=name)
    with create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("CREATE EXTENSION postgis"))
        connection.execute(text("GRANT ALL ON SCHEMA public TO socialmap_owner"))
    upgrade(url.set(username="socialmap_owner", password=None).render_as_string(hide_password=False))
    app = url.set(username="socialmap_app", password=None).render_as_string(hide_password=False)
    engine = make_engine(app, pool_size=5)
    try:
        with transaction(engine) as session:
            made = import_edition(session, path, provenance())
            assert editions.check(session, made.edition_id).passed
            editions.activate(session, made.edition_id)
        yield engine
    finally:
        engine.dispose()
        with admin.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))


def provenance() -> Provenance:
    """Return what the known sources would say about the file, fixed for tests."""
    return Provenance(
        source_key="default",
        name="Thailand",
        detail="full",
        licence="CC BY-IGO",
        citation_th="กรมแผนที่ทหาร / OCHA",
        citation_en="Royal Thai Survey Department / OCHA",
        reference_date=date(2022, 1, 22),
        checksum=checksum_of([shared(FILE)]),
    )
