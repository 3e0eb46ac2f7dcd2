"""Boundary files of many kinds are understood; damaged and mistaken ones are refused in clear words."""

import shutil
import zipfile
from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely
from geopandas import GeoDataFrame

from boundaries.columns import ColumnMissing
from boundaries.errors import SocialMapError
from boundaries.reading import (
    AxesSwapped,
    BadCodes,
    CodesTwice,
    Metres,
    MixedLevels,
    NoPolygons,
    NoShape,
    NotThailand,
    UnreadableBoundaries,
    read_layers,
)
from tests import demo
from tests.shared import shared


@pytest.fixture
def frame() -> GeoDataFrame:
    """The invented province as a table."""
    return geopandas.read_file(demo.FILE)


def saved(frame: GeoDataFrame, path: Path, **options: object) -> Path:
    """Write a table in the format that the suffix names."""
    frame.to_file(path, **options)
    return path


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".shp"])
def test_formats(frame: GeoDataFrame, tmp_path: Path, suffix: str) -> None:
    short = frame.drop(columns=["district_th", "district_en", "province_th", "province_en"])
    tables = read_layers(
        saved(short, tmp_path / f"areas{suffix}", **({"encoding": "utf-8"} if suffix == ".shp" else {}))
    )
    assert list(tables) == ["subdistrict"]
    assert tables["subdistrict"].rows["name_th"].tolist()[0] == "ในเมืองสมมติ"


def test_zipped_shapefile_in_a_folder_in_cp874(frame: GeoDataFrame, tmp_path: Path) -> None:
    """As old Thai Windows programs write it, with the .cpg that GDAL does not honour."""
    saved(frame[["code", "name_th", "geometry"]], tmp_path / "tambon.shp", encoding="cp874")
    (tmp_path / "tambon.cpg").write_text("OEM 874")
    packed = tmp_path / "packed.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for part in tmp_path.glob("tambon.*"):
            archive.write(part, f"ขอบเขต/{part.name}")
    assert read_layers(packed)["subdistrict"].rows["name_th"].tolist()[1] == "ตลาดใหม่สมมติ"


def test_one_layer_per_level_with_hdx_columns(frame: GeoDataFrame, tmp_path: Path) -> None:
    path = tmp_path / "tha_adm.gpkg"
    for digits in (1, 2, 3):
        layer = frame.dissolve(frame["code"].str[: 2 * digits]).reset_index(drop=True)
        layer[f"ADM{digits}_PCODE"] = "TH" + layer["code"].str[: 2 * digits]
        layer[f"ADM{digits}_TH"] = layer["name_th"]
        layer[[f"ADM{digits}_PCODE", f"ADM{digits}_TH", "geometry"]].to_file(path, layer=f"tha_admbnda_adm{digits}")
    tables = read_layers(path)
    assert {level: len(table.rows) for level, table in tables.items()} == {
        "province": 1,
        "district": 3,
        "subdistrict": 7,
    }
    assert tables["district"].rows["code"].tolist() == ["9901", "9902", "9903"]


def test_stated_columns(frame: GeoDataFrame, tmp_path: Path) -> None:
    path = saved(frame.rename(columns={"code": "รหัส", "name_th": "ชื่อ"}), tmp_path / "a.geojson")
    with pytest.raises(ColumnMissing):
        read_layers(path)
    table = read_layers(path, {"code": "รหัส", "name_th": "ชื่อ"})["subdistrict"]
    assert table.rows["name_th"].tolist()[0] == "ในเมืองสมมติ"


def test_utm_with_its_crs_is_brought_to_degrees(frame: GeoDataFrame, tmp_path: Path) -> None:
    table = read_layers(saved(frame.to_crs(32647), tmp_path / "utm.gpkg"))["subdistrict"]
    assert table.rows.total_bounds == pytest.approx(frame.total_bounds, abs=1e-9)


def test_the_old_datum_is_left_by_the_three_parameters_that_all_agree_on(frame: GeoDataFrame, tmp_path: Path) -> None:
    """EPSG:1304. What PROJ prefers lies 190 m beside it; the file's place is known from the same figures by hand."""
    helmert = "+proj=utm +zone=47 +ellps=evrst30 +towgs84=210,814,289 +units=m"
    old = frame.to_crs(helmert).set_crs(24047, allow_override=True)
    table = read_layers(saved(old, tmp_path / "old.gpkg"))["subdistrict"]
    ordered = frame.sort_values("code", ignore_index=True)
    off = shapely.hausdorff_distance(np.asarray(table.rows.geometry), np.asarray(ordered.geometry))
    assert off.max() < 2e-6  # 20 cm


@pytest.mark.parametrize(
    ("codes", "error", "named"),
    [
        (["990101", "990102", "990103", "x1", "990202", "990301", "990302"], BadCodes, "x1"),
        (["990101", "990102", "990102", "990201", "990202", "990301", "990302"], CodesTwice, "990102"),
        (["990101", "990102", "990103", "9902", "990202", "990301", "990302"], MixedLevels, "9902"),
        (["", "990102", "990103", "990201", "990202", "990301", "990302"], BadCodes, "no area codes"),
    ],
)
def test_codes_that_cannot_be(
    frame: GeoDataFrame, tmp_path: Path, codes: list[str], error: type[SocialMapError], named: str
) -> None:
    frame["code"] = codes
    with pytest.raises(error, match=named):
        read_layers(saved(frame, tmp_path / "a.geojson"))


def test_numbers_and_pads_are_read_as_codes(frame: GeoDataFrame, tmp_path: Path) -> None:
    frame["code"] = frame["code"].astype(int)
    assert read_layers(saved(frame, tmp_path / "a.gpkg"))["subdistrict"].rows["code"].iloc[0] == "990101"
    frame["code"] = frame["code"].astype(str) + "00"
    assert read_layers(saved(frame, tmp_path / "b.gpkg"))["subdistrict"].rows["code"].iloc[0] == "990101"


def test_metres_taken_for_degrees(frame: GeoDataFrame, tmp_path: Path) -> None:
    metres = frame.to_crs(32647).set_crs(4326, allow_override=True)
    with pytest.raises(Metres, match="EPSG:32647"):
        read_layers(saved(metres, tmp_path / "a.geojson"))


def test_swapped_axes(frame: GeoDataFrame, tmp_path: Path) -> None:
    frame.geometry = shapely.transform(frame.geometry.values, lambda xy: xy[:, ::-1])
    with pytest.raises(AxesSwapped, match="swapped"):
        read_layers(saved(frame, tmp_path / "a.geojson"))


def test_places_elsewhere_are_named(frame: GeoDataFrame, tmp_path: Path) -> None:
    frame.loc[6, "geometry"] = shapely.box(139, 35, 140, 36)
    with pytest.raises(NotThailand, match=r"outside Thailand: 990302"):
        read_layers(saved(frame, tmp_path / "a.geojson"))


def test_areas_without_shape_are_named(frame: GeoDataFrame, tmp_path: Path) -> None:
    frame.loc[2, "geometry"] = None
    with pytest.raises(NoShape, match="990103"):
        read_layers(saved(frame, tmp_path / "a.gpkg"))


def test_points_are_no_areas(frame: GeoDataFrame, tmp_path: Path) -> None:
    frame.geometry = shapely.centroid(frame.geometry.values)
    with pytest.raises(NoPolygons):
        read_layers(saved(frame, tmp_path / "a.gpkg"))


@pytest.mark.parametrize(
    "name", ["missing.gpkg", "text.gpkg", "text.geojson", "text.zip", "empty.gpkg", "empty.geojson"]
)
def test_files_that_are_something_else(tmp_path: Path, name: str) -> None:
    if not name.startswith("missing"):
        (tmp_path / name).write_text("" if name.startswith("empty") else "this is no map\n" * 99)
    with pytest.raises(UnreadableBoundaries, match=r"\.gpkg, \.geojson"):
        read_layers(tmp_path / name)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_truncated_geopackage(frame: GeoDataFrame, tmp_path: Path, share: float) -> None:
    path = saved(geopandas.pd.concat([frame] * 50, ignore_index=True).assign(code="990101"), tmp_path / "whole.gpkg")
    cut = tmp_path / "cut.gpkg"
    cut.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    with pytest.raises(UnreadableBoundaries, match="cut short"):
        read_layers(cut)


def test_truncated_geojson(tmp_path: Path) -> None:
    cut = tmp_path / "cut.geojson"
    cut.write_text(demo.FILE.read_text("utf-8")[:1500], "utf-8")
    with pytest.raises(UnreadableBoundaries):
        read_layers(cut)


@pytest.mark.shared
def test_truncated_real_file(tmp_path: Path) -> None:
    cut = tmp_path / "cut.gpkg"
    with shared("boundaries/tha_admin.gpkg").open("rb") as whole, cut.open("wb") as part:
        shutil.copyfileobj(whole, part)
        part.truncate(20_000_000)
    with pytest.raises(UnreadableBoundaries):
        read_layers(cut)


@pytest.mark.shared
def test_metres_in_a_real_geojson() -> None:
    with pytest.raises(SocialMapError):
        read_layers(shared("data/messy/villages_utm47n_as_geojson.geojson"))
