"""The notebooks run from the first cell to the last, on the invented province."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.pool import NullPool

from api.database import make_engine, transaction
from api.migrations.run import upgrade
from api.settings import PROJECT
from layers.demo import load_demo
from tests.demo import load_demo_boundaries
from tests.releases import publish
from tests.scopes import SYSTEM

NOTEBOOKS = sorted((PROJECT / "notebooks").glob("*.ipynb"))
SAID = {
    "01_first_map": ("จังหวัดสมมติบุรี", "99.html"),
    "02_bring_a_file_in": (
        "csv cp874",
        "อ.ไม่มีที่นี่",
        "(9, 1, {'total': 1}",
        "(True, 9, 0",
        "Undone(removed=9, restored=0)",
    ),
}
"""What each notebook must have shown."""


@pytest.fixture
def filled_database(server: str) -> Iterator[str]:
    """Application URL of a database of its own: a notebook runs in another process and sees only what is committed."""
    name = f"test_{secrets.token_hex(6)}"
    admin = create_engine(server, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}" OWNER socialmap_owner'))
    url = make_url(server).set(database=name)
    with create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("CREATE EXTENSION postgis"))
    owner, app = (
        url.set(username=role, password=None).render_as_string(hide_password=False)
        for role in ("socialmap_owner", "socialmap_app")
    )
    upgrade(owner)
    engine = make_engine(app, pool_size=1)
    with transaction(engine, SYSTEM) as session:
        load_demo_boundaries(session)
        load_demo(session, per_year=2000, years=1)
        publish(session)
    engine.dispose()
    yield app
    with admin.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_runs(path: Path, filled_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", filled_database)
    monkeypatch.setenv("SOCIALMAP_OUTPUT", str(tmp_path))
    monkeypatch.setenv("PROVINCE", "99")
    notebook = nbformat.read(path, as_version=4)
    assert not any(cell.get("outputs") for cell in notebook.cells), "outputs are not committed"
    NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": PROJECT}}).execute()
    said = "".join(
        str(part.get("data", {}).get("text/plain", "") or part.get("text", ""))
        for cell in notebook.cells
        for part in cell.get("outputs", [])
    )
    missing = [words for words in SAID[path.stem] if words not in said]
    assert missing == [], said
    if path.stem == "01_first_map":
        assert "สมมติบุรี" in (tmp_path / "99.html").read_text("utf-8")


def test_every_notebook_is_looked_at() -> None:
    assert [path.stem for path in NOTEBOOKS] == list(SAID)
