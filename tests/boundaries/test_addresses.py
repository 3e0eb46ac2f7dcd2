"""Names inside addresses as people write them."""

import pytest

from boundaries.addresses import find_names, has_words_of_level
from boundaries.codes import Level

KNOWN: dict[Level, set[str]] = {
    "province": {"ราชบุรี", "กรุงเทพมหานคร", "Ratchaburi"},
    "district": {"จอมบึง", "เมือง", "เมืองราชบุรี", "เมือง ราชบุรี", "สายไหม", "Chom Bueng"},
    "subdistrict": {"ดอนตะโก", "ดอน ตะโก", "คลองถนน", "จอมบึง", "ด่านทับตะโก"},
}


def known(level: Level, text: str) -> bool:
    """Know the names above and nothing else."""
    return text in KNOWN[level]


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("171 ถ.พหลโยธิน แขวงคลองถนน เขตสายไหม กทม.10220", ("กทม.", "สายไหม", "คลองถนน")),
        ("171 แขวงคลองถนน เขตสายไหม กรุงเทพฯ 10220", ("กรุงเทพฯ", "สายไหม", "คลองถนน")),
        ("แขวงคลองถนน เขตสายไหม ก.ท.ม.", ("ก.ท.ม.", "สายไหม", "คลองถนน")),
        ("12/3 ม.5 ต.ดอนตะโก อ.เมือง จ.ราชบุรี 70000", ("ราชบุรี", "เมือง", "ดอนตะโก")),
        ("12/3 ม.5 ต. ดอน ตะโก อ. เมือง จ. ราชบุรี ๗๐๐๐๐", ("ราชบุรี", "เมือง", "ดอน ตะโก")),
        ("หมู่ 5 ตำบลดอนตะโกอำเภอเมืองราชบุรีจังหวัดราชบุรี", ("ราชบุรี", "เมืองราชบุรี", "ดอนตะโก")),
        ("ต.จอมบึง อ.จอมบึง ราชบุรี 70150", ("ราชบุรี", "จอมบึง", "จอมบึง")),
        ("99 จอมบึง จอมบึง ราชบุรี 70150", ("ราชบุรี", "จอมบึง", "จอมบึง")),
        ("Chom Bueng, Ratchaburi 70150", ("Ratchaburi", "Chom Bueng", None)),
        ("อ.จอมบึง จ.ราชบุรี โทร. 032-000000", ("ราชบุรี", "จอมบึง", None)),
        ("อ.จอมบึง (ใกล้ตลาด) จ.ราชบุรี ประเทศไทย", ("ราชบุรี", "จอมบึง", None)),
        ("ต.ที่ไม่รู้จัก อ.จอมบึง", (None, "จอมบึง", "ที่ไม่รู้จัก")),
        ("ถนนราชบุรี", (None, None, None)),
        ("ราชบุรี", (None, None, None)),
        ("ใกล้วัด", (None, None, None)),
        ("", (None, None, None)),
        ("นอกเขต", (None, None, None)),
    ],
)
def test_names(address: str, names: tuple[str | None, str | None, str | None]) -> None:
    found = find_names(address, known)
    assert (found.get("province"), found.get("district"), found.get("subdistrict")) == names


@pytest.mark.parametrize(("text", "whole"), [("อ.เมือง จ.ราชบุรี", True), ("อ.เมือง", False), ("ราชบุรี", False)])
def test_a_column_may_hold_a_whole_address(text: str, whole: bool) -> None:
    assert has_words_of_level(text) == whole


def test_only_the_end_of_a_long_text_is_read() -> None:
    assert find_names("อ.ไกล " * 10_000 + "อ.จอมบึง จ.ราชบุรี", known) == {"district": "จอมบึง", "province": "ราชบุรี"}
