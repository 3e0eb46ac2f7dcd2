"""From a file to a draft: levels joined upward, shapes mended, neighbours sharing their edges."""

from collections.abc import Callable
from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely
from geopandas import GeoDataFrame
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from boundaries import editions
from boundaries.areas import get_area, list_areas, list_shapes
from boundaries.importing import ImportReport, Provenance, import_edition, kind_of, province_names
from boundaries.models import Area, Edition
from boundaries.reading import CodesTwice, NoShape
from boundaries.sources import provenance_of
from tests import demo


@pytest.fixture
def frame() -> GeoDataFrame:
    """The invented province as a table."""
    return geopandas.read_file(demo.FILE)


def imported(session: Session, frame: GeoDataFrame, folder: Path) -> ImportReport:
    """Import a table by way of a file."""
    path = folder / "areas.gpkg"
    frame.to_file(path, layer="subdistrict")
    return import_edition(session, path, provenance_of(path, "file"))


def test_lowest_level_alone_is_joined_upward(session: Session, frame: GeoDataFrame, tmp_path: Path) -> None:
    report = imported(session, frame, tmp_path)
    assert report.counts == {"province": 1, "district": 3, "subdistrict": 7}
    assert (report.mended, report.cleaned) == ((), False)
    assert get_area(session, "9903", report.edition_id).name_th == "เกาะลองทำ"
    assert get_area(session, "99", report.edition_id).name_en == "Sommut Buri"
    edition = editions.get_edition(session, report.edition_id)
    assert (edition.state, edition.levels, edition.modified) == (
        "draft",
        ("province", "district", "subdistrict"),
        False,
    )


def test_each_level_may_have_a_layer_of_its_own(session: Session, frame: GeoDataFrame, tmp_path: Path) -> None:
    path = tmp_path / "areas.gpkg"
    lowest = frame[["code", "name_th", "name_en", "geometry"]]
    lowest.to_file(path, layer="subdistrict")
    for digits, layer in ((4, "district"), (2, "province")):
        above = lowest.dissolve(lowest["code"].str[:digits])[["geometry"]].rename_axis("code").reset_index()
        # Outlines of another hand: the levels must share their edges all the same.
        above.geometry = shapely.simplify(above.geometry.values, 0.01)
        above["name_th"] = "ชื่อ " + above["code"]
        above.to_file(path, layer=layer)
    report = import_edition(session, path, provenance_of(path, "file"))
    assert get_area(session, "9901", report.edition_id).name_th == "ชื่อ 9901"
    districts = list_shapes(session, "district", detail="full", edition_id=report.edition_id)
    subdistricts = list_shapes(session, "subdistrict", detail="full", edition_id=report.edition_id)
    assert shapely.equals(
        shapely.coverage_union_all(districts.geometry.values), shapely.coverage_union_all(subdistricts.geometry.values)
    )


def test_invalid_shapes_are_mended_and_named(session: Session, frame: GeoDataFrame, tmp_path: Path) -> None:
    frame.loc[6, "geometry"] = shapely.Polygon([(101.2, 11.3), (101.3, 11.4), (101.3, 11.3), (101.2, 11.4)])
    report = imported(session, frame, tmp_path)
    assert report.mended == ("990302",)
    assert editions.check(session, report.edition_id).passed
    assert editions.get_edition(session, report.edition_id).modified


def test_gaps_and_overlaps_are_cleaned(session: Session, frame: GeoDataFrame, tmp_path: Path) -> None:
    shapes = frame.geometry.values
    moved = shapely.transform(shapes[1], lambda xy: xy + np.array([0.00004, 0]))
    frame.loc[1, "geometry"] = moved
    assert not shapely.coverage_is_valid(frame.geometry.values)
    report = imported(session, frame, tmp_path)
    assert report.cleaned
    assert editions.check(session, report.edition_id).passed
    for level in ("district", "subdistrict"):
        drawn = list_shapes(session, level, detail="full", edition_id=report.edition_id)  # type: ignore[arg-type]
        assert shapely.coverage_is_valid(drawn.geometry.values)
    after = list_shapes(session, "subdistrict", detail="full", edition_id=report.edition_id).geometry.values
    assert np.allclose(shapely.area(after).sum(), shapely.area(shapes).sum(), rtol=1e-4)


def test_a_sound_coverage_is_left_as_it_is(session: Session, frame: GeoDataFrame, tmp_path: Path) -> None:
    report = imported(session, frame, tmp_path)
    stored = list_shapes(session, "subdistrict", detail="full", edition_id=report.edition_id).geometry.values
    assert shapely.equals(stored, frame.sort_values("code").geometry.values).all()


def test_nothing_is_stored_when_a_file_is_refused(session: Session, frame: GeoDataFrame, tmp_path: Path) -> None:
    frame.loc[1, "code"] = "990101"
    with pytest.raises(CodesTwice):
        imported(session, frame, tmp_path)
    assert session.scalar(select(func.count()).select_from(Edition)) == 0
    assert session.scalar(select(func.count()).select_from(Area)) == 0


def line(frame: GeoDataFrame) -> None:
    """Put a line beside the polygons."""
    frame.loc[1, "geometry"] = shapely.LineString([(100.6, 11.0), (100.7, 11.1)])


def flat(frame: GeoDataFrame) -> None:
    """Put in a polygon that has no area: it goes to a place and back."""
    frame.loc[1, "geometry"] = shapely.Polygon([(100.6, 11.0), (100.7, 11.1), (100.6, 11.0), (100.6, 11.0)])


def twin(frame: GeoDataFrame) -> None:
    """Give two codes the same shape."""
    frame.loc[1, "geometry"] = frame.loc[0, "geometry"]


@pytest.mark.parametrize("spoil", [line, flat, twin])
def test_areas_of_which_no_shape_is_left_are_refused(
    session: Session, frame: GeoDataFrame, tmp_path: Path, spoil: Callable[[GeoDataFrame], None]
) -> None:
    spoil(frame)
    with pytest.raises(NoShape) as caught:
        imported(session, frame, tmp_path)
    assert caught.value.params["codes"] == "990102"
    assert "ไม่มีรูปร่าง" in caught.value.text.th
    assert "no shape" in caught.value.text.en
    assert session.scalar(select(func.count()).select_from(Edition)) == 0
    assert session.scalar(select(func.count()).select_from(Area)) == 0


@pytest.mark.parametrize(
    "shape",
    [
        shapely.LineString([(102, 10), (102.1, 10.1)]),
        shapely.Polygon([(102, 10), (102.1, 10.1), (102, 10), (102, 10)]),
    ],
)
def test_a_district_without_subdistricts_needs_a_shape_too(
    session: Session, frame: GeoDataFrame, tmp_path: Path, shape: shapely.Geometry
) -> None:
    path = tmp_path / "areas.gpkg"
    frame[["code", "geometry"]].to_file(path, layer="subdistrict")
    above = GeoDataFrame({"code": ["9901", "9899"]}, geometry=[frame.loc[0, "geometry"], shape], crs=4326)
    above.to_file(path, layer="district")
    with pytest.raises(NoShape, match="9899"):
        import_edition(session, path, provenance_of(path, "file"))
    assert session.scalar(select(func.count()).select_from(Edition)) == 0


def test_areas_without_names_keep_their_code(session: Session, frame: GeoDataFrame, tmp_path: Path) -> None:
    report = imported(session, frame[["code", "geometry"]], tmp_path)
    assert {area.name_th for area in list_areas(session, "district", edition_id=report.edition_id)} == {
        "9901", "9902", "9903",
    }  # fmt: skip
    kinds = [finding.kind for finding in editions.check(session, report.edition_id).findings]
    assert "nameless" in kinds


def test_names_given_apart_are_preferred(session: Session) -> None:
    report = import_edition(session, demo.FILE, demo.PROVENANCE, extra_names={"9902": ("ท่าใหม่", "Tha Mai")})
    assert get_area(session, "9902", report.edition_id).name_th == "ท่าใหม่"


def test_names_with_tabs_and_backslashes_survive(session: Session, frame: GeoDataFrame, tmp_path: Path) -> None:
    frame.loc[0, "name_th"] = r"ใน\N เมือง<img onerror=x>"
    report = imported(session, frame, tmp_path)
    assert get_area(session, "990101", report.edition_id).name_th == r"ใน\N เมือง<img onerror=x>"


def test_kinds_and_known_provinces() -> None:
    assert [kind_of(code) for code in ("TH", "10", "1001", "100101", "99")] == [
        "country", "bangkok", "khet", "khwaeng", "province",
    ]  # fmt: skip
    assert len(province_names()) == 77
    assert province_names()["70"] == ("ราชบุรี", "Ratchaburi")


def test_provenance_travels_with_the_edition(session: Session) -> None:
    made = import_edition(session, demo.FILE, demo.PROVENANCE)
    found = editions.get_edition(session, made.edition_id)
    kept = {name: getattr(found, name) for name in Provenance.__dataclass_fields__ if name != "modified"}
    assert kept == {name: getattr(demo.PROVENANCE, name) for name in kept}
