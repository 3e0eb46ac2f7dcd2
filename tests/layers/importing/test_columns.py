"""What columns are for is proposed from headings and cells; what is unsure is named, what is missing is said."""

import pytest

from boundaries.messages import catalogue
from layers.files.opening import open_table
from layers.importing.columns import ROLES, Proposal, propose
from layers.importing.recipes import HeadingsMissing, Recipe, read_recipe, write_recipe
from layers.template import COLUMNS
from tests.layers.importing.tables import table
from tests.shared import shared

PLACES = ({"lat", "lon"}, {"x", "y"}, {"position"})


def columns(found: Proposal) -> dict[str, str]:
    """Return role → heading (parts joined by a plus)."""
    return {role: " + ".join(many) for role, many in found.recipe.columns.items()}


@pytest.mark.parametrize("form", ["key", "th", "title"])
def test_the_template_is_understood_completely_and_surely(form: str) -> None:
    header = [getattr(column, form) for column in COLUMNS]
    examples = [column.example for column in COLUMNS]
    filled = propose(table(header, examples, ["99-2569-0002", *examples[1:]]))
    for found in (filled, propose(table(header))):
        roles = ["problem" if column.key == "problem_code" else column.key for column in COLUMNS]
        assert columns(found) == dict(zip(roles, header, strict=True))
        assert (found.unsure, found.missing, found.personal, found.unknown_words) == ((), (), (), {})
        assert set(found.reasons) == set(header)
    assert read_recipe(write_recipe(filled.recipe)) == filled.recipe


def test_a_list_of_an_office() -> None:
    found = propose(
        table(
            ["ลำดับ", "วันที่รับแจ้ง", "ชื่อ-สกุล", "เลขบัตรประชาชน", "โทรศัพท์", "ที่อยู่", "ตำบล", "อำเภอ", "จังหวัด",
             "ประเภทปัญหา", "กลุ่มเป้าหมาย", "สถานะ", "พิกัด"],
            ["1", "5/11/2568", "นายสมมติ ใจสมมุติ", "0000000000001", "081-234-5678", "12/3 ม.4", "ในเมือง", "เมือง", "ราชบุรี",
             "ยากจน", "ผู้สูงอายุ", "ยุติ", "13.52, 99.81"],
            ["2", "6 พ.ย. 68", "น.ส.ทดสอบ ระบบดี", "0000000000019", "0812345679", "1 ม.2", "จอมบึง", "จอมบึง", "ราชบุรี",
             "บ้านพัง", "คนชรา, แปลกหน้า", "รอดูก่อน", "13.53, 99.82"],
        )
    )  # fmt: skip
    assert found.recipe.target == "cases"
    assert columns(found) == {
        "external_id": "ลำดับ",
        "problem": "ประเภทปัญหา",
        "reported_on": "วันที่รับแจ้ง",
        "province_name": "จังหวัด",
        "district_name": "อำเภอ",
        "subdistrict_name": "ตำบล",
        "address": "ที่อยู่",
        "position": "พิกัด",
        "status": "สถานะ",
        "target_groups": "กลุ่มเป้าหมาย",
    }
    assert found.unsure == ("ลำดับ",)  # another number in the next file
    assert found.recipe.dropped == ("ชื่อ-สกุล", "เลขบัตรประชาชน", "โทรศัพท์")
    assert found.unknown_words == {"status": ("รอดูก่อน",), "target_groups": ("แปลกหน้า",)}
    assert not any(value in str(found) for value in ("0000000000019", "สมมติ", "081-234"))


def test_a_person_may_keep_what_looks_personal_and_say_what_words_mean() -> None:
    made = table(["id", "วันที่", "ปัญหา", "โทร"], ["a", "5/11/2568", "1", "1300"], ["b", "6/11/2568", "2", "0812345678"])
    recipe = Recipe(
        "mine",
        "cases",
        {"external_id": ("id",), "reported_on": ("วันที่",), "problem": ("ปัญหา",)},
        words={"problem": {"1": "P08.02"}},
        kept=("โทร",),
    )
    found = propose(made, recipe)
    assert found.recipe == recipe
    assert [one.heading for one in found.personal] == ["โทร"]
    assert found.unknown_words == {"problem": ("2",)}
    with pytest.raises(HeadingsMissing, match="พิกัด"):
        propose(made, Recipe("mine", "cases", {"external_id": ("id",), "position": ("พิกัด",)}))


def test_a_form_of_kobotoolbox() -> None:
    header = ["start", "end", "today", "group_a/problem", "group_a/target", "_location_latitude", "_location_longitude",
              "_location_precision", "_id", "_uuid", "_submission_time"]  # fmt: skip
    row = ["2025-11-05T13:30:00.000+07:00", "2025-11-05T13:40:00.000+07:00", "2025-11-05", "P08.02", "T07", "13.52",
           "99.81", "4.5", "101", "5f0c-1", "2025-11-05T06:41:00"]  # fmt: skip
    found = propose(table(header, row, [*row[:8], "102", "5f0c-2", row[10]]))
    assert columns(found) == {
        "external_id": "_uuid",
        "problem": "group_a/problem",
        "reported_on": "today",
        "lat": "_location_latitude",
        "lon": "_location_longitude",
        "accuracy_m": "_location_precision",
        "target_groups": "group_a/target",
    }
    assert found.unsure == ()
    one = propose(table(["_uuid", "today", "problem", "_location"], ["a", "2025-11-05", "P01", "13.52 99.81 0 5"]))
    assert columns(one)["position"] == "_location"


def test_counts_of_areas() -> None:
    found = propose(
        table(
            ["จังหวัด", "อำเภอ", "ปี", "ประชากร", "ผู้สูงอายุติดเตียง", "จำนวนครัวเรือน", "กลุ่มเปราะบาง · ชาย", "คนพิการ", "ร้อยละ"],
            ["ราชบุรี", "เมืองราชบุรี", "2568", "190,000", "120", "60,000", "7", "300", "5.2"],
            ["ราชบุรี", "จอมบึง", "2568", "60,000", "-", "20,000", "9", "90", "4"],
        )
    )
    assert found.recipe.target == "figures"
    assert columns(found) == {
        "province_name": "จังหวัด",
        "district_name": "อำเภอ",
        "period": "ปี",
        "indicator:households": "จำนวนครัวเรือน",
        "indicator:population": "ประชากร",
    }
    assert found.missing == ()
    assert "P08.02" in found.reasons["ผู้สูงอายุติดเตียง"].en  # cases, which a file of indicators does not bring
    assert "P09" in found.reasons["คนพิการ"].en
    without = propose(table(["จังหวัด", "ประชากร"], ["ราชบุรี", "1"], ["ตาก", "2"]))
    assert without.missing == ("period",)


TALLY = {"ความยากจน": "count:P01.01", "ผู้ป่วยติดเตียง": "count:P08.02", "คนเร่ร่อน": "count:P10.01"}


def test_a_wide_table_of_counts() -> None:
    found = propose(
        table(
            ["ที่", "อำเภอ", "ปีงบประมาณ", *TALLY, "ประชากร", "ผู้มีรายได้น้อย", "ร้อยละความยากจน"],
            ["1", "เมือง", "2568", "37", "๑๒", "-", "41,000", "90", "3"],
            ["2", "บ้านใหม่", "2568", "1,200", "0", "3", "9,000", "80", "4"],
        )
    )
    wanted = {"reported_on": "ปีงบประมาณ", "district_name": "อำเภอ", **{role: word for word, role in TALLY.items()}}
    assert (found.recipe.target, columns(found)) == ("cases", wanted)
    assert found.recipe.fixed == {"bare_year": "fiscal"}
    assert found.unsure == ("คนเร่ร่อน",)  # the problem or the group?
    assert found.missing == ()
    assert found.recipe.tallies
    assert read_recipe(write_recipe(found.recipe)) == found.recipe


@pytest.mark.parametrize(
    ("heading", "unit"),
    [("จำนวน (ราย)", "person"), ("จำนวนครัวเรือน", "household"), ("จำนวน (ครั้ง)", "service"), ("จำนวนเรื่อง", "case")],
)
def test_a_long_table_of_counts(heading: str, unit: str) -> None:
    found = propose(
        table(
            ["ลำดับ", "อำเภอ", "ประเภทปัญหา", "ปี", heading],
            ["1", "เมือง", "ยากจน", "2568", "37"],
            ["2", "เมือง", "ว่างงาน", "2568", "3"],
            ["3", "บ้านใหม่", "ยากจน", "2568", "0"],
        )
    )
    assert columns(found) == {"problem": "ประเภทปัญหา", "reported_on": "ปี", "district_name": "อำเภอ", "cases": heading}
    assert (found.recipe.fixed, found.unsure, found.missing) == ({"counted": unit}, (), ())


@pytest.mark.parametrize(
    ("header", "one", "other"),
    [
        (["id", "อำเภอ", "ปัญหา", "ปี", "จำนวน"], ["a", "เมือง", "ยากจน", "2568", "3"], ["b", "ท่า", "ยากจน", "2568", "3"]),
        (["อำเภอ", "ปัญหา", "วันที่", "จำนวน"], ["เมือง", "ยากจน", "1/2/2568", "3"], ["ท่า", "ยากจน", "1/2/2568", "3"]),
        (["อำเภอ", "ปัญหา", "ปี", "จำนวน"], ["เมือง", "ยากจน", "2568", "3"], ["เมือง", "ยากจน", "2568", "4"]),
        (["อำเภอ", "ปัญหา", "ปี", "จำนวน"], ["เมือง", "ยากจน", "2568", "3.5"], ["ท่า", "ยากจน", "2568", "4.5"]),
        (["อำเภอ", "ปัญหา", "สถานะ", "จำนวน"], ["เมือง", "ยากจน", "ยุติ", "3"], ["ท่า", "ยากจน", "ยุติ", "3"]),
    ],
    ids=["ids", "days", "repeated", "decimals", "status"],
)
def test_a_list_of_cases_is_no_table_of_counts(header: list[str], one: list[str], other: list[str]) -> None:
    found = propose(table(header, one, other))
    assert found.recipe.target == "cases"
    assert not found.recipe.tallies


def test_a_whole_beside_its_parts_and_people_of_a_group_are_told() -> None:
    found = propose(
        table(
            ["อำเภอ", "ปี", "ผู้สูงอายุ", "ผู้ป่วยติดเตียง", "ผู้ติดเตียงทั้งหมด", "แรงงานต่างด้าว"],
            ["เมือง", "2568", "9", "3", "3", "5"],
            ["ท่า", "2568", "8", "2", "2", "6"],
        )
    )
    assert "ผู้สูงอายุ" in found.unsure
    assert "P08.02" in found.reasons["ผู้สูงอายุ"].en
    assert "count:P08.02" in found.recipe.columns


REGISTRATION = (
    "6812|10|กรุงเทพมหานคร|0000|{more}2,500,000|2,900,000|5,400,000|3,200,000|",
    "6812|10|กรุงเทพมหานคร|1001|{more}20,000|21,000|41,000|18,000|",
    "6812|70|ราชบุรี|7001|{more}90,000|91,000|181,000|70,000|",
    "6812|70|ราชบุรี|7099|{more}9,000|9,100|18,100|7,000|",
)


@pytest.mark.parametrize("more", ["", "สำนักทะเบียน|", "สำนักทะเบียน|70010100|ตำบลหน้าเมือง|"])
@pytest.mark.parametrize("encoding", ["utf-8", "cp874"])
def test_the_registration_offices_file(tmp_path, more: str, encoding: str) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "stat.txt"
    path.write_bytes("\r\n".join(row.format(more=more) for row in REGISTRATION).encode(encoding))
    made = open_table(path)
    found = propose(made)
    row = dict(zip(made.header, next(made.rows()).cells, strict=True))
    told = {role: row[many[0]] for role, many in found.recipe.columns.items()}
    assert {role: told[role] for role in ("yymm", "province_code", "district_code")} == {
        "yymm": "6812", "province_code": "10", "district_code": "0000"
    }  # fmt: skip
    assert (told["indicator:population"], told["indicator:households"]) == ("5,400,000", "3,200,000")
    assert ("subdistrict_code" in told) == ("7001" in more)
    assert found.recipe.name == "registration_population"
    assert found.recipe.target == "figures"
    assert found.missing == ()
    assert found.unsure == (found.recipe.columns["district_code"][0],)  # municipalities have rows of their own


def test_codes_under_the_names_of_levels_are_codes() -> None:
    made = table(["id", "จังหวัด", "อำเภอ", "ตำบล"], ["a", "70", "01", "01"], ["b", "70", "02", "03"])
    assert {"province_code", "district_code", "subdistrict_code"} <= set(columns(propose(made)))


def test_months_before_days_are_proved_by_the_column() -> None:
    american = propose(table(["id", "date", "problem"], ["a", "12/25/2025", "P01"], ["b", "11/05/2025", "P01"]))
    assert american.recipe.fixed == {"date_order": "mdy"}
    assert american.unsure == ("date",)
    mixed = propose(table(["id", "date", "problem"], ["a", "12/25/2025", "P01"], ["b", "25/12/2025", "P01"]))
    assert mixed.recipe.fixed == {}
    assert mixed.unsure == ("date",)
    thai = propose(table(["id", "date", "problem"], ["a", "5/12/2568", "P01"], ["b", "25/12/2568", "P01"]))
    assert (thai.recipe.fixed, thai.unsure) == ({}, ())


@pytest.mark.parametrize(
    ("one", "other"), [("5/11/25", "5/11/2568"), ("ปีงบ 68", "2568"), ("ปีงบประมาณ พ.ศ. 2568", "2567")]
)
def test_years_that_may_be_two_are_told(one: str, other: str) -> None:
    found = propose(table(["id", "วันที่แจ้ง", "ปัญหา"], ["a", one, "ยากจน"], ["b", other, "ยากจน"]))
    assert found.unsure == ("วันที่แจ้ง",)


def test_a_fiscal_year_that_says_so_is_no_doubt() -> None:
    found = propose(table(["id", "วันที่แจ้ง", "ปัญหา"], ["a", "ปีงบ 68", "ยากจน"], ["b", "5/11/2568", "ยากจน"]))
    assert (found.unsure, found.recipe.fixed) == ((), {})


@pytest.mark.parametrize("heading", ["ปีงบประมาณ", "ปีงบ", "ปีงบประมาณ พ.ศ.", "fiscal_year", "FY"])
def test_a_heading_says_that_a_year_alone_is_fiscal(heading: str) -> None:
    found = propose(table(["id", heading, "ปัญหา"], ["a", "๒๕๖๘", "ยากจน"], ["b", "2567", "ยากจน"]))
    assert columns(found)["reported_on"] == heading
    assert found.recipe.fixed == {"bare_year": "fiscal"}
    assert found.unsure == ()
    calendar = propose(table(["id", "ปี", "ปัญหา"], ["a", "2568", "ยากจน"], ["b", "2567", "ยากจน"]))
    assert calendar.recipe.fixed == {}
    figures = propose(table(["จังหวัด", heading, "ประชากร"], ["ราชบุรี", "2568", "10"], ["ตาก", "2568", "20"]))
    assert (figures.recipe.target, figures.recipe.fixed) == ("figures", {"bare_year": "fiscal"})


def test_a_date_in_three_columns() -> None:
    found = propose(
        table(["id", "วัน", "เดือน", "ปี", "ปัญหา"], ["a", "5", "พ.ย.", "2568", "ยากจน"], ["b", "6", "12", "2568", "ยากจน"])
    )
    assert columns(found)["reported_on"] == "วัน + เดือน + ปี"
    assert found.missing == ()


@pytest.mark.parametrize(
    ("header", "row", "roles"),
    [
        (["A", "B"], ["13.52", "99.81"], {"lat": "A", "lon": "B"}),
        (["พิกัดบ้าน"], ["๑๓.๕๒, ๙๙.๘๑"], {"position": "พิกัดบ้าน"}),
        (["ข้อมูลอื่น"], ["['99.8','13.5']"], {"position": "ข้อมูลอื่น"}),
        (["X", "Y"], ["613,053", "1,530,567"], {"x": "X", "y": "Y"}),
        (["X", "Y", "Lat", "Long"], ["613053", "1530567", "13.8", "100"], {"lat": "Lat", "lon": "Long"}),
        (
            ["lat", "lon", "geometry_x", "geometry_y"],
            ["1", "2", "99.8", "13.5"],
            {"x": "geometry_x", "y": "geometry_y"},
        ),
        (["ละติจูด", "ลองจิจูด"], ["13°31'12\"N", "99°48'36\"E"], {"lat": "ละติจูด", "lon": "ลองจิจูด"}),
        (["utm_e", "utm_n"], ["613053.1", "1530567.2"], {"x": "utm_e", "y": "utm_n"}),
        (["lat"], ["13.52"], {}),  # half a position is none
    ],
)
def test_positions_under_any_heading(header: list[str], row: list[str], roles: dict[str, str]) -> None:
    found = columns(propose(table(["ref_no", "ปัญหา", *header], ["a", "ยากจน", *row])))
    assert {role: heading for role, heading in found.items() if any(role in way for way in PLACES)} == roles


def test_exchanged_coordinates_are_told_and_not_exchanged() -> None:
    found = propose(table(["id", "latitude", "longitude", "ปัญหา"], ["a", "99.81", "13.52", "ยากจน"]))
    assert columns(found)["lat"] == "latitude"
    assert found.unsure == ("latitude", "longitude")


def test_cells_that_contradict_their_heading_make_it_unsure() -> None:
    found = propose(table(["id", "วันที่", "ปัญหา"], ["a", "ดี", "ยากจน"], ["b", "ไม่ดี", "ยากจน"]))
    assert found.unsure == ("วันที่",)
    same = propose(table(["id", "วันที่", "ปัญหา"], ["a", "5/11/2568", "ยากจน"], ["a", "6/11/2568", "ยากจน"]))
    assert same.unsure == ("id",)


def test_what_is_needed_and_not_there_is_named() -> None:
    assert propose(table(["สี", "ขนาด"], ["แดง", "ใหญ่"])).missing == ("external_id", "problem", "reported_on")
    assert all(f"column.{name}" in catalogue() for name in ("heading", "values", "part_of_heading", "running"))
    assert all(role.title.th and role.title.en for role in ROLES.values())


@pytest.mark.shared
@pytest.mark.parametrize(
    ("file", "recipe"),
    [
        ("cases/low_income_communities.csv", "low_income_communities"),
        ("cases/road_deaths_2021_2025.json", "road_deaths"),
        ("indicators/older_persons_by_province.json", "older_persons_by_province"),
        ("assets/health_facilities_region12.csv", "health_facilities"),
    ],
)
def test_known_files_are_known(file: str, recipe: str) -> None:
    found = propose(open_table(shared(f"data/{file}")))
    assert (found.recipe.name, found.unsure, found.personal, found.unknown_words) == (recipe, (), (), {})


@pytest.mark.shared
@pytest.mark.parametrize("end", [".csv", ".xlsx", ".kml", "_shp.zip"])
def test_hospitals_in_four_formats(end: str) -> None:
    found = propose(open_table(shared(f"data/messy/bangkok_hospitals{end}")))
    assert found.recipe.target == "assets"
    told = columns(found)
    assert {told[role] for role in ("district_code", "address", "title", "kind")} == {
        "dcode",
        "address",
        "name",
        "type",
    }
    assert any(way <= set(told) for way in PLACES)
    assert [one.heading for one in found.personal] == ["tel"]
    assert found.missing == ("external_id",)


@pytest.mark.shared
def test_a_file_that_fits_two_recipes_is_asked_about() -> None:
    found = propose(open_table(shared("data/indicators/population_by_province.json")))
    assert set(found.unsure) == set(found.recipe.headings)
