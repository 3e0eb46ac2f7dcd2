"""Personal data in columns not meant for it is found by share and told without a value. All persons are invented."""

import pytest

from layers.importing.personal import find_personal_columns

IDS = ["0000000000001", "0-0000-00000-01-9", "๐๐๐๐๐๐๐๐๐๐๐๒๗", "0000000000035"]


def kinds(heading: str, cells: list[str], **meant: tuple[str, ...]) -> tuple[str, ...]:
    found = find_personal_columns((heading,), [(cell,) for cell in cells], meant)  # type: ignore[arg-type]
    return found[0].kinds if found else ()


@pytest.mark.parametrize(
    ("heading", "cells", "kind"),
    [
        ("หมายเหตุ", IDS, "national_id"),
        ("หมายเหตุ", ["ไม่มี", "ตรวจแล้ว", "ผู้แจ้ง 0-0000-00000-01-9"], "national_id"),
        ("ติดต่อ", ["081-234-5678", "0 2345 6789", "๐๘๑๒๓๔๕๖๗๘", "-"], "phone"),
        ("tel", ["0 - 2534-7000"], "phone"),
        ("ผู้ประสบปัญหา", ["นายสมมติ ใจสมมุติ", "น.ส.ทดสอบ ระบบดี", "ด.ช. ตัวอย่าง ทดลอง"], "name"),
        ("ผู้ประสบปัญหา", ["นางสาวทดสอบ", "เด็กหญิงตัวอย่าง"], "name"),
        ("รายละเอียด", ["พบว่า นางสมมติ ใจสมมุติ อยู่ลำพัง", "ไม่มีผู้ดูแล", "บ้านชำรุด"], "name"),
        ("contact", ["Mr. Sample Person", "Mrs Test Case"], "name"),
        ("คำนำหน้าชื่อ", ["นาย", "นาง", "น.ส."], "name"),
        ("title", ["นาย", "นาง", "นางสาว"], "name"),
        ("ชื่อ-สกุล", ["สมมติ ใจสมมุติ"], "name"),
        ("นามสกุล", ["ใจสมมุติ"], "name"),
        ("ที่ตั้ง", ["บ้านเลขที่ 12/3 หมู่ 4", "99/1 หมู่ที่ 2"], "house_number"),
        ("บ้านเลขที่", ["12/3", "7"], "house_number"),
        ("ช่องทาง", ["someone@example.invalid", ""], "email"),
        ("ว.ด.ป. เกิด", ["1/1/2500"], "birth_date"),
        ("ID Line", ["@example"], "line_id"),
    ],
)
def test_what_is_personal(heading: str, cells: list[str], kind: str) -> None:
    assert kind in kinds(heading, cells)


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("อำเภอ", ["นางรอง", "นายายอาม", "นายูง", "นางรอง บุรีรัมย์", "นางแล"]),
        ("ที่ตั้ง", ["พระประแดง สมุทรปราการ", "พระนครศรีอยุธยา"]),
        ("lat", ["13.7563098122", "12.0812345678"]),
        ("lon", ["100.5012345678", "99.8123456789"]),
        ("x", ["613053.118496063165367", "677065.7983"]),
        ("lon", ["99.0000000000019", "99.0000000000027"]),  # decimals that would be valid IDs
        ("พิกัด", ["13.0000000000001, 99.0000000000019"]),
        ("รหัสพื้นที่", ["700101", "990101"]),
        ("เลขที่เรื่อง", ["99-2569-0001", "0123-45-6789-0001"]),
        ("วันที่", ["5/11/2568", "2025-11-05", "45966"]),
        ("ประชากร", ["1,234,567", "5,666,264"]),
        ("รหัสเขตเลือกตั้ง", ["1", "2"]),
        ("ชื่อหน่วยงาน", ["โรงพยาบาลภูมิพลอดุลยเดช", "บ้านพักเด็กและครอบครัว"]),
        ("ปัญหา", ["ยากจน", "ติดเตียง"]),
        ("uuid", ["5f0c0f2e-2b3a-4f0e-9c66-000000000001"]),
    ],
)
def test_what_only_looks_like_it(heading: str, cells: list[str]) -> None:
    assert kinds(heading, cells) == ()


def test_long_numbers_that_are_valid_by_chance_are_no_ids() -> None:
    """One in ten: a column of running numbers is not dropped, a column of real ones is."""
    running = [f"25680000{number:05}" for number in range(200)]
    assert "national_id" not in kinds("เลขอ้างอิง", running)
    assert "national_id" in kinds("เลขอ้างอิง", [*running[:100], *IDS * 25])


def test_an_address_may_hold_house_numbers_but_no_phones() -> None:
    cells = ["12/3 หมู่ 4 ต.ในเมือง", "99/1 หมู่ 2 โทร 081-234-5678"]
    assert kinds("ที่อยู่", cells, ที่อยู่=("house_number",)) == ("phone",)
    assert kinds("ที่อยู่", cells[:1], ที่อยู่=("house_number",)) == ()


def test_no_value_is_ever_told() -> None:
    found = find_personal_columns(("ก",), [(cell,) for cell in [*IDS, "081-234-5678", "นายสมมติ ใจสมมุติ"]])
    told = f"{found!r} {found[0].words}"
    assert found[0].share == pytest.approx(4 / 6)
    assert not any(cell in told for cell in (*IDS, "081", "สมมติ"))
