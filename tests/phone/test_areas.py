"""The outlines that a phone takes along: its own areas, those around them, and how much that is."""

import json
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
import shapely
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from api.field.sending import areas_json
from boundaries.areas import list_areas
from tests.scopes import SYSTEM

MOST = 150_000


def told(session: Session, *codes: str) -> tuple[dict[str, dict[str, Any]], int]:
    """Return what a phone of these areas is told, by code, and its size in bytes."""
    body = areas_json(session, replace(SYSTEM, areas=codes))
    return {one["code"]: one for one in json.loads(body)["areas"]}, len(body)


def shapes(areas: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {code: shapely.from_geojson(json.dumps(one["geometry"])) for code, one in areas.items() if one["geometry"]}


def whole(areas: dict[str, dict[str, Any]], own: str) -> None:
    """Neighbours share their edges, and every area can be named up to its province."""
    # Rounding may lay an edge on another: nothing to be seen, but no shape that can be computed with.
    finest = {code: shapely.make_valid(shape) for code, shape in shapes(areas).items() if len(code) == 6}
    for one, other in combinations(finest, 2):
        assert shapely.intersection(finest[one], finest[other]).area < 1e-6, (one, other)
    for code in areas:
        for above in range(2, len(code), 2):
            assert code[:above] in areas
    assert any(not code.startswith(own) for code in finest)


def test_a_subdistrict_lies_among_its_neighbours(demo_session: Session) -> None:
    areas, size = told(demo_session, "990101")
    around = {code for code in areas if len(code) == 6} - {"990101"}
    assert "990102" in around
    assert "990301" not in around  # an island, far away
    assert areas["9901"]["geometry"]
    assert areas["9901"]["name_th"]
    whole(areas, "990101")
    print(f"\na subdistrict: {size:,} bytes")
    assert size <= MOST


def test_areas_beside_each_other_keep_one_edge(demo_session: Session) -> None:
    areas, size = told(demo_session, "990101", "990102")
    both = shapes(areas)
    assert both["990101"].touches(both["990102"])
    print(f"\ntwo subdistricts: {size:,} bytes")
    assert told(demo_session, "990199")[0] == {}  # an account may name what the active boundaries do not have
    country, _ = told(demo_session, "TH")
    assert "99" in country
    assert size <= MOST


@pytest.mark.proof
def test_real_districts_are_small_enough(thailand_engine: Engine) -> None:
    """Every district of four provinces, among them islands, mountains and Bangkok; and a subdistrict at a border."""
    sizes = {}
    with Session(thailand_engine.execution_options(scope=SYSTEM)) as session:
        for province in ("10", "58", "70", "83"):
            for district in list_areas(session, "district", province):
                areas, sizes[district.code] = told(session, district.code)
                whole(areas, district.code)
        whole(told(session, "700101")[0], "700101")
        province, size = told(session, "70")
    largest = max(sizes, key=lambda code: sizes[code])
    middle = sorted(sizes.values())[len(sizes) // 2]
    print(f"\n{len(sizes)} districts: half below {middle:,}, largest {largest} {sizes[largest]:,}; a province {size:,}")
    assert sizes[largest] <= MOST
    assert len(province) > 100
