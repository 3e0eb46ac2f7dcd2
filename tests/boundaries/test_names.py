"""One spelling for storing, one key for finding."""

import pytest

from boundaries import names


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("นํ้าปาด", "น้ำปาด"),
        ("น้ําปาด", "น้ำปาด"),
        ("ลําปาง", "ลำปาง"),
        ("บ้าน\u200bโป่ง", "บ้านโป่ง"),
        ("  เมือง\u00a0\u00a0 ราชบุรี ", "เมือง ราชบุรี"),
        ("\ufeffกระบี่", "กระบี่"),
    ],
)
def test_clean(written: str, stored: str) -> None:
    assert names.clean(written) == stored
    assert names.clean(stored) == stored


def test_key_ignores_blanks_digits_case_and_final_paiyannoi() -> None:
    assert names.key("เมืองฯ") == names.key("เมือง")
    assert names.key("หมู่ ๕") == names.key("หมู่5")
    assert names.key("Chon Buri") == names.key("chonburi")


@pytest.mark.parametrize(
    ("written", "bare"),
    [
        ("จังหวัดราชบุรี", "ราชบุรี"),
        ("จ.ราชบุรี", "ราชบุรี"),
        ("อ. จอมบึง", "จอมบึง"),
        ("กิ่งอำเภอบ้านคา", "บ้านคา"),
        ("กทม.", "กรุงเทพมหานคร"),
        ("เมืองราชบุรี", "เมืองราชบุรี"),
        ("บ้านฉาง", "บ้านฉาง"),
        ("เขตพระนคร", "เขตพระนคร"),
        ("จังหวัด", "จังหวัด"),
    ],
)
def test_prefixes_are_cut_only_at_the_start_and_never_wholly(written: str, bare: str) -> None:
    assert names.without_prefix(written) == bare
