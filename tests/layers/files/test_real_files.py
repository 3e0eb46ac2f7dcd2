"""The real files of publishers: every one of the shared folder is read, and read right."""

from collections import Counter
from pathlib import Path

import pytest

from layers.files.opening import open_table
from layers.files.table import GEOMETRY_X, GEOMETRY_Y, Asked, FileTable, Row
from tests.layers.files.test_opening import note_keys
from tests.shared import shared

pytestmark = pytest.mark.shared

POINTS_INSIDE = "file.point_inside"
FILES = (
    # file, kind, encoding, columns, data rows, CRS, a heading, what its first row says, notes
    ("assets/health_facilities_region12.csv", "csv", "utf-8", 11, 896, None, "lon", "100.632597", ()),
    ("cases/low_income_communities.csv", "csv", "utf-8", 13, 1588, None, "AMP_CODE_1", "06", ()),
    ("cases/road_deaths_2021_2025.json", "geojson", "utf-8", 5, 11931, "EPSG:4326", GEOMETRY_Y, "17.29726", ()),
    ("indicators/older_persons_by_province.json", "json", "utf-8", 8, 77, None, ">60", "1158176", ()),
    ("indicators/population_by_province.json", "json", "utf-8", 11, 77, None, "population", "7699175", ()),
    ("messy/bangkok_hospitals.csv", "csv", "utf-8", 8, 121, None, "dcode", "1042", ()),
    ("messy/bangkok_hospitals.xlsx", "xlsx", None, 8, 121, None, "num_bed", "700", ()),
    ("messy/bangkok_hospitals.kml", "kml", "utf-8", 10, 121, "EPSG:4326", "x", "674848.512", ()),
    ("messy/bangkok_hospitals_shp.zip", "shp", "utf-8", 10, 121, "EPSG:4326", "dcode", "1042", ()),
    ("messy/districts_utf8_no_ldid.dbf", "dbf", "utf-8", 6, 926, None, "AMP_NAMT", "พระนคร", ()),
    (
        "messy/health_regions_cp874.zip", "shp", "cp874", 21, 68, "EPSG:32647", "HC_AREA", "พื้นที่บริการศูนย์ 60",
        ("file.cpg_other", POINTS_INSIDE),
    ),
    ("messy/province_name_variants.csv", "csv", "utf-8", 11, 79, None, "Name(in Thai)", "กรุงเทพมหานคร", ()),
    (
        "messy/villages_utm47n_as_geojson.geojson", "geojson", "utf-8", 7, 1043, "EPSG:32647", "lm_name_t",
        "สถานีบริการน้ำมันพีที", ("file.crs_contradicted",),
    ),
)  # fmt: skip
HOSPITALS = ("bangkok_hospitals.csv", "bangkok_hospitals.xlsx", "bangkok_hospitals.kml", "bangkok_hospitals_shp.zip")


def column(table: FileTable, rows: list[Row], heading: str) -> list[str]:
    place = table.header.index(heading)
    return [row.cells[place] for row in rows]


@pytest.mark.parametrize("expected", FILES, ids=lambda one: one[0])
def test_real_file_is_read(
    expected: tuple[str, str, str | None, int, int, str | None, str, str, tuple[str, ...]],
) -> None:
    name, kind, encoding, columns, count, crs, heading, value, notes = expected
    table = open_table(shared(f"data/{name}"))
    rows = list(table.rows())
    found = table.detected
    assert (found.kind, found.encoding, found.crs) == (kind, encoding, crs)
    assert len(table.header) == columns
    assert Counter(row.kind for row in rows) == {"data": count}
    assert column(table, rows, heading)[0] == value
    assert note_keys(table) == notes


def test_every_real_file_stands_in_the_table() -> None:
    folder = shared("data")
    there = {path.relative_to(folder).as_posix() for path in folder.glob("*/*") if path.suffix != ".cpg"}
    assert there == {one[0] for one in FILES}


def test_the_four_formats_hold_the_same_hospitals() -> None:
    found = {}
    for name in HOSPITALS:
        table = open_table(shared(f"data/messy/{name}"))
        rows = list(table.rows())
        lon, lat = (GEOMETRY_X, GEOMETRY_Y) if GEOMETRY_X in table.header else ("lon", "lat")
        points = zip(column(table, rows, lon), column(table, rows, lat), strict=True)
        places = [(round(float(x), 6), round(float(y), 6)) for x, y in points]
        words = zip(*(column(table, rows, heading) for heading in ("name", "dcode", "address", "num_bed")), strict=True)
        found[name] = Counter(zip(places, (tuple(map(one_blank, one)) for one in words), strict=True))
    assert {name: sum(places.values()) for name, places in found.items()} == dict.fromkeys(HOSPITALS, 121)
    for name in HOSPITALS[1:]:
        assert found[name] == found[HOSPITALS[0]], name


def one_blank(words: str) -> str:
    """KML and Excel do not agree on how many blanks stand between two words."""
    return " ".join(words.split())


def test_letters_of_the_old_shapefile_are_thai() -> None:
    table = open_table(shared("data/messy/health_regions_cp874.zip"))
    names = column(table, list(table.rows()), "HC_AREA")
    assert all(name.startswith("พื้นที่บริการศูน") for name in names)
    misread = open_table(shared("data/messy/health_regions_cp874.zip"), Asked(encoding="latin-1"))
    assert not any("ศูนย์" in name for name in column(misread, list(misread.rows()), "HC_AREA"))


def test_a_dbf_without_its_cpg_is_still_read_right(tmp_path: Path) -> None:
    alone = tmp_path / "districts.dbf"
    alone.write_bytes(shared("data/messy/districts_utf8_no_ldid.dbf").read_bytes())
    table = open_table(alone)
    assert column(table, list(table.rows()), "AMP_NAMT")[0] == "พระนคร"
    assert note_keys(table) == ("file.cpg_missing",)


def test_metres_become_degrees_nowhere() -> None:
    table = open_table(shared("data/messy/villages_utm47n_as_geojson.geojson"))
    rows = list(table.rows())
    assert float(column(table, rows, GEOMETRY_X)[0]) == pytest.approx(613053.118496)
    assert open_table(
        shared("data/messy/villages_utm47n_as_geojson.geojson"), Asked(crs="EPSG:24047")
    ).detected.crs == ("EPSG:24047")
