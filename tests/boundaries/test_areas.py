"""Areas of the active edition: one, many, by name, and their shapes."""

import pytest
import shapely
from sqlalchemy.orm import Session

from boundaries.areas import AreaNotFound, bounds_of, get_area, list_areas, list_levels, list_shapes, search
from boundaries.codes import BadCode
from boundaries.editions import EditionNotFound, NoActiveEdition


def test_get_area(demo_session: Session) -> None:
    area = get_area(demo_session, "9902")
    assert (area.level, area.parent_code, area.kind) == ("district", "99", "district")
    assert (area.full_name_th, area.short_name_th, area.name_en) == ("อำเภอท่าตัวอย่าง", "ท่าตัวอย่าง", "Tha Tua Yang")
    assert get_area(demo_session, "TH").name_th == "ประเทศไทย"


def test_no_such_area(demo_session: Session) -> None:
    with pytest.raises(AreaNotFound, match="9909"):
        get_area(demo_session, "9909")
    with pytest.raises(AreaNotFound, match="70"):
        bounds_of(demo_session, "70")
    with pytest.raises(BadCode):
        get_area(demo_session, "'; drop table area; --")


def test_without_an_edition_every_question_says_so(session: Session) -> None:
    for ask in (
        lambda: get_area(session, "70"),
        lambda: list_areas(session, "province"),
        lambda: list_shapes(session, "province"),
        lambda: list_levels(session),
        lambda: bounds_of(session, "70"),
    ):
        with pytest.raises(NoActiveEdition, match="socialmap boundaries load"):
            ask()
    with pytest.raises(EditionNotFound):
        list_areas(session, "province", edition_id=999)


def test_list_areas_by_code_and_within(demo_session: Session) -> None:
    assert [area.code for area in list_areas(demo_session, "district")] == ["9901", "9902", "9903"]
    assert [area.code for area in list_areas(demo_session, "subdistrict", "9902")] == ["990201", "990202"]
    assert len(list_areas(demo_session, "subdistrict", "TH")) == 7
    assert list_areas(demo_session, "district", "70") == []
    assert list_levels(demo_session) == ("province", "district", "subdistrict")


def test_names_are_in_dictionary_order(demo_session: Session) -> None:
    # Code points would put เกาะ and เขา, which start with a vowel sign, behind ท่า.
    named = [area.name_th for area in list_areas(demo_session, "subdistrict", order="name")]
    assert named == ["เกาะลองทำ", "เขาลองทำ", "ตลาดใหม่สมมติ", "ท่าตัวอย่าง", "ในเมืองสมมติ", "บ้านหัวทุ่ง", "หนองแบบ"]


def test_search(demo_session: Session) -> None:
    assert [area.code for area in search(demo_session, "อำเภอท่าตัวอย่าง")] == ["9902", "990201"]
    assert [area.code for area in search(demo_session, "ko long")] == ["9903", "990302"]
    assert [area.code for area in search(demo_session, "ลองทํา", level="district")] == ["9903"]
    assert search(demo_session, "100%_") == []
    assert search(demo_session, "  ") == []


@pytest.mark.parametrize("detail", ["country", "province", "full"])
def test_levels_share_their_edges_at_every_detail(demo_session: Session, detail: str) -> None:
    provinces = list_shapes(demo_session, "province", detail=detail)  # type: ignore[arg-type]
    districts = list_shapes(demo_session, "district", detail=detail)  # type: ignore[arg-type]
    assert shapely.coverage_is_valid(districts.geometry.values)
    assert shapely.equals(shapely.coverage_union_all(districts.geometry.values), provinces.geometry.values[0])
    assert provinces.crs == districts.crs == "EPSG:4326"
    assert list(districts.columns) == [
        "code", "parent_code", "name_th", "name_en", "label_lon", "label_lat", "geometry",
    ]  # fmt: skip


def test_bounds_and_label_point(demo_session: Session) -> None:
    west, south, east, north = bounds_of(demo_session, "990302")
    assert (west, south, east, north) == pytest.approx((101.16, 11.29, 101.255, 11.35))
    area = get_area(demo_session, "990302")
    # On the larger of its two islands.
    assert area.label_lon < 101.22


def test_an_older_edition_can_be_drawn(demo_session: Session) -> None:
    from tests.demo import load_demo_boundaries

    older = list_shapes(demo_session, "district").shape
    newer = load_demo_boundaries(demo_session)
    assert list_shapes(demo_session, "district", edition_id=newer - 1).shape == older
    assert [area.code for area in list_areas(demo_session, "province", edition_id=newer - 1)] == ["99"]


@pytest.mark.shared
def test_words_of_level_in_bangkok_and_elsewhere(thailand: Session) -> None:
    full = {code: get_area(thailand, code).full_name_th for code in ("10", "1001", "100101", "70", "7001", "700101")}
    assert full == {
        "10": "กรุงเทพมหานคร",
        "1001": "เขตพระนคร",
        "100101": "แขวงพระบรมมหาราชวัง",
        "70": "จังหวัดราชบุรี",
        "7001": "อำเภอเมืองราชบุรี",
        "700101": "ตำบลหน้าเมือง",
    }


@pytest.mark.shared
def test_the_whole_country(thailand: Session) -> None:
    assert len(list_areas(thailand, "province")) == 77
    assert len(list_areas(thailand, "district")) == 928
    assert [area.name_th for area in search(thailand, "เฉลิมพระเกียรติ", level="district")] == ["เฉลิมพระเกียรติ"] * 5
    assert len(list_areas(thailand, "district", "70")) == 10
    light = list_shapes(thailand, "province", detail="country")
    full = list_shapes(thailand, "province", detail="full")
    assert shapely.get_num_coordinates(light.geometry.values).sum() < 20_000
    assert shapely.get_num_coordinates(full.geometry.values).sum() > 100_000
    assert shapely.coverage_is_valid(light.geometry.values)
    labels = shapely.points(full.label_lon, full.label_lat)
    assert shapely.contains(full.geometry.values, labels).all()
