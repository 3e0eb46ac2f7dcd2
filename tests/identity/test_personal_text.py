"""Personal data in free text is found however it is typed, and ordinary sentences of the office pass."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.personal_text import PersonalDataInText, check_publishable, find_personal, is_national_id

THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")


def with_check_digit(first: str) -> str:
    return next(first + str(last) for last in range(10) if is_national_id(first + str(last)))


INVENTED = st.integers(0, 10**11 - 1).map(lambda number: with_check_digit(f"0{number:011}"))
SEPARATORS = st.sampled_from(["", "", "", " ", "-", "\u200b", "\u2060", "\u00ad", "–", "\u00a0", " - "])
WORDS = st.sampled_from(["", "นางสาวสมมติ", "เลขประจำตัว ", "(", "a", "ปี 2568 งบ ", "ที่อยู่:"])


@st.composite
def typed(draw: st.DrawFn, numbers: st.SearchStrategy[str]) -> tuple[str, str, str]:
    """A number with anything between its digits, Thai or not, and words around it."""
    number = draw(numbers)
    written = number[0] + "".join(draw(SEPARATORS) + digit for digit in number[1:])
    if draw(st.booleans()):
        written = written.translate(THAI)
    return draw(WORDS), written, draw(st.sampled_from(["", " ", "ค่ะ", ".", ", ", ")", "\n"]))


@settings(max_examples=300, deadline=None)
@given(typed(INVENTED))
def test_national_ids_are_found_however_they_are_typed(parts: tuple[str, str, str]) -> None:
    before, written, after = parts
    text = before + written + after
    spans = [(one.start, one.end) for one in find_personal(text) if one.kind == "national_id"]
    assert (len(before), len(before) + len(written)) in spans


PHONES = st.one_of(
    st.from_regex(r"0[689][0-9]{8}", fullmatch=True),
    st.from_regex(r"0[2-7][0-9]{7}", fullmatch=True),
)


@settings(max_examples=300, deadline=None)
@given(PHONES, st.sampled_from(["", " ", "-", "\u200b", "–"]), st.integers(0, 3), st.booleans())
def test_phone_numbers_are_found(number: str, separator: str, shape: int, thai: bool) -> None:
    cuts = [(3, 6), (2, 6), (1, 5), (3, 3)][shape]
    written = separator.join(part for part in (number[: cuts[0]], number[cuts[0] : cuts[1]], number[cuts[1] :]) if part)
    text = f"โทร {written.translate(THAI) if thai else written} ได้ทุกวัน"
    assert "phone" in {one.kind for one in find_personal(text)}


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    for one in find_personal(text):
        assert 0 <= one.start < one.end <= len(text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("บ้านเลขที่ 12", "house_number"),
        ("บ้านเลขที่๑๒/๓", "house_number"),
        ("เลขที่ 12/3 หมู่ 4 ตำบลสมมุติ", "house_number"),
        ("เลขที่ 45 ถนนสมมติ", "house_number"),
        ("อยู่ที่ 12/3 ม.4 ต.สมมุติ", "house_number"),
        ("อยู่ 7 ม.4 ตำบลสมมุติใต้", "house_number"),
        ("99 หมู่ที่ 4", "house_number"),
        ("House no. 12/3", "house_number"),
        ("12/3 Moo 4", "house_number"),
        ("ที่อยู่เลขที่ 8/15", "house_number"),
        ("ติดต่อ somying@example.org", "email"),
        ("ติดต่อ som.ying @ example.co.th", "email"),
        ("LINE ID: somying_99", "line_id"),
        ("ไลน์ไอดี somying99", "line_id"),
        ("ไลน์: @somying", "line_id"),
        ("line.me/ti/p/xyz", "line_id"),
        ("+66 81 234 5678", "phone"),
        ("+66 (0)2 123 4567", "phone"),
        ("02-123-4567 ต่อ 12", "phone"),
        ("0-2123-4567", "phone"),
    ],
)
def test_other_kinds_are_found(text: str, kind: str) -> None:
    assert kind in {one.kind for one in find_personal(text)}


ORDINARY = """
โครงการซ่อมแซมบ้านผู้สูงอายุ งบประมาณ 1,250,000 บาท ปีงบประมาณ 2569
งบประมาณปี 2566 2567 2568 2569 รวม 12,500,000.50 บาท
จำนวน 1234567890123 บาท
รหัสตำบล 700101 700102 700103 อำเภอ 7001 จังหวัด 70
ระหว่างวันที่ 05-11-2568 ถึง 06-11-2568 เวลา 09.00-16.30 น.
วันที่ 05/11/2568 10 คน
โทรสายด่วน 1300 หรือ 1479 ได้ตลอด 24 ชั่วโมง
คำสั่งเลขที่ 12/2568 ลงวันที่ 3 มกราคม 2568
หนังสือเลขที่ พม 0201/1234
หมู่ 4 ตำบลสมมุติ อำเภอตัวอย่าง
ครอบคลุม 12 หมู่บ้าน 4 ตำบล
ดำเนินการ 12 หมู่ 4 ตำบล รวม 350 ครัวเรือน
ถนนยาว 120 ม. 4 สาย กว้าง 6 ม.
ตามมาตรา 24(4) พ.ร.บ. พ.ศ. 2562 ม.24
ร้อยละ 12.5 ของครัวเรือน 0.812345678 ต่อประชากร
ประชากร 65 ปีขึ้นไป 13,456,789 คน
ข้อ 1.2.3.4.5.6.7.8.9 ของแผน
ปีงบประมาณ พ.ศ. ๒๕๖๘–๒๕๖๙ จำนวน ๑๒ โครงการ
พิกัด 13.756331, 100.501762
The hot line: 1300; the outline: draft 2 of the plan 2568-2570
เส้นทาง line 2 ของรถโดยสาร
พื้นที่ 12 ไร่ 3 งาน 45 ตารางวา
ฉบับที่ 3/2568 หน้า 12/34
""".strip().splitlines()


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_sentences_pass(text: str) -> None:
    assert find_personal(text) == []
    check_publishable(text)


def test_the_error_tells_the_kind_and_never_the_value() -> None:
    with pytest.raises(PersonalDataInText) as told:
        check_publishable("เลข ๐-๐๐๐๐-๐๐๐๐๐-๐๒-๗ โทร 081-234-5678")
    words = str(told.value) + repr(told.value)
    assert "national ID" in words
    assert "หมายเลขโทรศัพท์" in words
    assert not any(letter.isdigit() for letter in words)


def test_check_digits() -> None:
    right, wrong = ("0000000000001", "0000000000019", "0000000000027"), ("0000000000028", "000000000001")
    assert [one for one in (*right, *wrong) if is_national_id(one)] == list(right)
