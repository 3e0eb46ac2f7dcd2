"""Real troublesome files of the whole country, sent by the page: read, previewed and drawn; nothing is written."""

import json
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text

from api.auth.units import create_unit
from api.database import transaction
from api.settings import Settings
from tests.access.world import make_person, new_client
from tests.auth.conftest import signed_in
from tests.imports_page.conftest import Place, fields
from tests.scopes import SYSTEM
from tests.shared import shared

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def country(thailand_engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """The application over the boundaries of Thailand, with a head whose areas are all of it."""
    from api.app import create_app

    home = tmp_path_factory.mktemp("home")
    address = thailand_engine.url.render_as_string(hide_password=False)
    app = create_app(Settings(database_url=address, socialmap_home=home))
    app.state.works.patience = 600  # a slow machine shows the same pages as a quick one
    with transaction(app.state.engine, SYSTEM) as session:
        create_unit(session, "office-th-page", "office", "หน่วยงานสมมติ", "Invented", ["TH"])
    someone = make_person(app, "page-head", "head", ("office-th-page",), ())
    client = new_client(app)
    client.headers["X-CSRF-Token"] = signed_in(client, someone)
    yield Place(app, home, {"head": someone}, {"head": client})
    with transaction(app.state.engine, SYSTEM) as session:
        session.execute(text("DELETE FROM account WHERE id = :id"), {"id": someone.id})
        session.execute(text("DELETE FROM unit WHERE key = 'office-th-page'"))
    app.state.engine.dispose()


FILES = {
    "messy/bangkok_hospitals.csv": ("assets", 121),
    "messy/bangkok_hospitals.kml": ("assets", 121),
    "messy/bangkok_hospitals.xlsx": ("assets", 121),
    "messy/bangkok_hospitals_shp.zip": ("assets", 121),
    "messy/health_regions_cp874.zip": None,
    "messy/province_name_variants.csv": ("figures", 79),
    "messy/villages_utm47n_as_geojson.geojson": ("assets", 1043),
    "messy/districts_utf8_no_ldid.dbf": None,
    "cases/low_income_communities.csv": ("cases", 1588),
    "cases/road_deaths_2021_2025.json": ("cases", 11931),
}
"""What each file's rows are, and how many; None for those that lack what no case can do without."""


@pytest.mark.parametrize("name", FILES)
def test_each_real_file_is_read_and_previewed_or_told_what_it_lacks(country: Place, name: str) -> None:
    path, client = shared(f"data/{name}"), country.clients["head"]
    at = country.sent("head", path.read_bytes(), path.name)
    answer = client.post(f"{at}/columns", data=fields(client.get(at).text))
    expected = FILES[name]
    if expected is None:
        assert answer.status_code == 400
        assert "ยังไม่รู้ว่าคอลัมน์ใดคือ" in answer.text
    else:
        assert answer.status_code == 303
        shown = json.loads(next(one for one in country.kept() if one.name == "preview.json").read_text("utf-8"))
        assert (shown["target"], shown["rows"]) == expected
        page = client.get(f"{at}/preview").text
        assert ('<svg class="map"' in page) == (shown["target"] != "figures")
        assert page.count("<use ") <= 2_000
    assert client.post(f"{at}/cancel").status_code == 303
    assert country.kept() == []
