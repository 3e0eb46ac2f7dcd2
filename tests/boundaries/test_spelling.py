"""Spellings that mean the same, and how far damage carries a name away."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from boundaries.spelling import canonical, is_nothing, spellings, views_of


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("เเพร่", "แพร่"),
        ("กาฬสินธ์ุ", "กาฬสินธุ์"),
        ("กระบ่ี", "กระบี่"),
        ("ร้้อยเอ็็ด", "ร้อยเอ็ด"),
        ("ลําปาง", "ลำปาง"),
        ("นํ้าปาด", "น้ำปาด"),
        ("น้ําปาด", "น้ำปาด"),
        ("สมุทร ปรา\u00a0การ", "สมุทรปราการ"),
        ("สงขลา\u200b", "สงขลา"),
        ("พัทลุง*", "พัทลุง"),
        ("Phang-Nga", "phang nga"),
        ("หมู่ ๕", "หมู่5"),
        ("เมืองฯ", "เมือง"),
        ("ราช\u202eบุรี\x00", "ราชบุรี"),
    ],
)
def test_spellings_of_one_name(written: str, same: str) -> None:
    assert canonical(written) == canonical(same)


@pytest.mark.parametrize("pair", [("ปาย", "ปาด"), ("แม่ริม", "แม่จริม"), ("นา", "นาา"), ("ท่าช้าง", "ท่าข้าง")])
def test_names_that_differ_stay_different(pair: tuple[str, str]) -> None:
    assert canonical(pair[0]) != canonical(pair[1])


def test_a_blank_may_have_torn_sara_am_or_stand_between_words() -> None:
    assert canonical("อำนาจเจริญ") in spellings("อ านาจเจริญ")
    assert canonical("ลำปาง") in spellings("ลํ าปาง")
    assert "ลพบุรี" in spellings("ลพบุรี (Lopburi)")


def test_views_lose_more_and_more() -> None:
    assert views_of("ฝั้น") == ("ฝั้น", "ฝัน", "ฝน")
    assert views_of("ดำ") == ("ดำ", "คา", "คา")
    assert views_of("phetchabun") == ("phetchabun", "petcabun", "petcabun")


@pytest.mark.parametrize("text", [None, "", " ", "-", "—", "ไม่ระบุ", "N/A", "NaN", "null", "ไม่ ทราบ"])
def test_nothing(text: str | None) -> None:
    assert is_nothing(text)


@pytest.mark.parametrize("text", ["Nan", "NAN", "น่าน", "เลย"])
def test_something(text: str) -> None:
    assert not is_nothing(text)


@example("ำ่่")
@example("ก่ำ่")
@given(st.text(alphabet=st.sampled_from("กขคดตนมรลเแโใไาะำิีึืุูั็่้๊๋์ํฯ \u200b\u00a0-.A1๑"), max_size=30))
def test_canonical_is_its_own_canonical(text: str) -> None:
    assert canonical(canonical(text)) == canonical(text)


@given(st.text(max_size=50))
def test_any_text_has_forms_and_views(text: str) -> None:
    for form in spellings(text):
        assert views_of(form).canonical == form
