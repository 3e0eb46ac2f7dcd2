"""The page around a map: whole, small, the same every time."""

import json
import re
from pathlib import Path

import geopandas
import pytest
import shapely

from boundaries.geometry import generalise, label_points
from mapping.offline import AssetServer, Inline
from mapping.social_map import Page, file_name, render, safe_json
from tests.mapping.maps_by_hand import LIBRARY, full_plan, invented_map, map_of, record
from tests.shared import shared


def value_of(page: Page) -> dict:
    """The JSON that a page's scripts read."""
    return json.loads(re.search(r'id="map-data">(.*?)</script>', page.html, re.S)[1])


def test_the_same_map_gives_the_same_bytes() -> None:
    """Folium's random names are set; a file that did not change need not be written again."""
    assert render(invented_map(5), Inline(LIBRARY)) == render(invented_map(5), Inline(LIBRARY))


def test_the_page_is_thai_can_be_zoomed_and_states_its_policy() -> None:
    """Language, viewport, title, policy."""
    page = render(invented_map(5), Inline(LIBRARY))
    assert page.html.startswith("<!DOCTYPE html>")
    assert '<html lang="th">' in page.html
    assert "user-scalable" not in page.html
    assert "maximum-scale" not in page.html
    assert page.html.count("<title>") == 1
    assert f'http-equiv="Content-Security-Policy" content="{page.csp}"' in page.html
    assert page.html.rstrip().endswith("</html>")


def test_a_served_page_marks_its_inline_parts_with_the_nonce() -> None:
    """And carries no policy of its own: the answer's header does."""
    page = render(invented_map(5), AssetServer(LIBRARY, "abc123"))
    assert 'http-equiv="Content-Security-Policy"' not in page.html
    assert "<script>" not in page.html
    assert "<style>" not in page.html
    assert "'nonce-abc123'" in page.csp
    assert len(page.html) < 120_000


def test_folium_s_lists_are_left_as_they_were() -> None:
    """Another map of the same process keeps its own scripts."""
    import folium

    before = list(folium.Map.default_js)
    render(invented_map(3), Inline(LIBRARY))
    assert folium.Map.default_js == before
    assert before


def test_json_holds_nothing_that_ends_a_script() -> None:
    """Whatever a text is."""
    hostile = "</script><!-- & \u2028 \u2029 ]]>"
    written = safe_json({"a": hostile})
    assert not set(written) & set("<>&\u2028\u2029")
    assert json.loads(written) == {"a": hostile}


def test_a_text_that_looks_like_a_template_is_not_worked_out() -> None:
    """Folium renders what elements write once more; the JSON is not among it."""
    value = value_of(render(invented_map(3, names=lambda _: "{{7*7}}{% raw %}"), Inline(LIBRARY)))
    assert {area["name"] for area in value["areas"]} == {"{{7*7}}{% raw %}"}


def test_links_lead_to_files_beside_it_or_to_addresses_that_keep_the_question() -> None:
    """Drill-down by a link that can be shared."""
    made = invented_map(5)
    beside = value_of(render(made, Inline(LIBRARY, levels=("country", "province", "district"))))
    served = value_of(render(made, AssetServer(LIBRARY, "n")))
    assert beside["areas"][0]["href"] == "9901.html" == file_name("9901")
    assert served["areas"][0]["href"] == "/maps/9901?problem=P08"
    assert value_of(render(made, Inline(LIBRARY)))["areas"][0]["href"] is None
    assert beside["head"]["crumbs"][0] == ["ประเทศไทย", "TH.html"]


def test_every_area_stands_in_the_table_with_its_state_in_words() -> None:
    """The table holds what the map shows, none left out."""
    value = value_of(render(invented_map(10), Inline(LIBRARY)))
    rows = value["table"]["rows"]
    assert [code for code, _ in rows] == [area["code"] for area in value["areas"]]
    assert all(len(row) == len(value["table"]["columns"]) for _, row in rows)
    assert "ปกปิด" in rows[2][1][-1]


def test_a_hidden_number_is_nowhere_in_the_page() -> None:
    """Not in the graph, the circles, the breaks or the words."""
    value = value_of(render(invented_map(10), Inline(LIBRARY)))
    hidden = value["areas"][2]
    assert (hidden["symbol"], hidden["count"], hidden["countText"], hidden["ramp"]) == ("hidden", 0, "", None)
    assert "9903" not in [row["code"] for row in value["overview"]["ranked"]]


def districts(province: str) -> geopandas.GeoDataFrame:
    """The real districts of a province, generalised as the page shows them."""
    frame = geopandas.read_file(
        shared("boundaries/tha_admin.gpkg"), layer="district", where=f"parent_code = '{province}'"
    )
    frame["geometry"] = generalise(frame.geometry.values, 0.002)
    frame["label_lon"], frame["label_lat"] = label_points(frame.geometry.values)
    return frame


def provinces() -> geopandas.GeoDataFrame:
    """The real provinces, generalised as the country's page shows them."""
    frame = geopandas.read_file(shared("boundaries/tha_admin.gpkg"), layer="province")
    frame["geometry"] = shapely.coverage_simplify(frame.geometry.values, 0.012)
    frame["label_lon"], frame["label_lat"] = label_points(frame.geometry.values)
    return frame


def size_of(page: Page) -> float:
    """Bytes of the file in thousands."""
    return len(page.html.encode()) / 1000


@pytest.mark.shared
@pytest.mark.parametrize(("code", "limit"), [("34", 600), ("30", 900), ("10", 900)])
def test_a_province_with_full_plans_stays_small(code: str, limit: int) -> None:
    """Worst of their kind: Ubon's 25 districts, Korat's 32, Bangkok's 50, each with a plan of its own."""
    frame = districts(code)
    plans = {area: full_plan(area, name) for area, name in zip(frame.code, frame.name_th, strict=True)}
    plans[code] = full_plan(code, "ทั้งจังหวัด")
    around = provinces()
    area = record(code, "ทดสอบขนาด", "province")
    page = render(map_of(frame, area, [around[around.code != code]], mind_maps=plans, library=LIBRARY), Inline(LIBRARY))
    assert size_of(page) <= limit
    assert len(value_of(page)["maps"]) == len(frame) + 1


@pytest.mark.shared
def test_the_country_with_77_full_plans_stays_small() -> None:
    """At most 1.5 MB with a plan like example A for every province."""
    frame = provinces()
    plans = {area: full_plan(area, name) for area, name in zip(frame.code, frame.name_th, strict=True)}
    country = record("TH", "ประเทศไทย", "country")
    page = render(map_of(frame, country, [], mind_maps=plans, library=LIBRARY), Inline(LIBRARY))
    assert size_of(page) <= 1500
    assert len(value_of(page)["maps"]) == len(frame)


def test_the_project_holds_every_script_and_style_it_names(tmp_path: Path) -> None:
    """A page cannot be made from a checkout that lacks one."""
    page = render(invented_map(3), Inline(LIBRARY))
    (tmp_path / "map.html").write_text(page.html, "utf-8")
    assert "SocialMap.start" in page.html
    assert "var MindMap" in page.html
