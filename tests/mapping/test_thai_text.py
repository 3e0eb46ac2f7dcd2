"""Thai text in a box: runs that no line break cuts, widths, wrapping."""

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapping.sarabun import FOLDER, MissingFont, load_metrics
from mapping.thai_text import marked, normalise, runs, text_width, wrap, wrapped
from mapping.thai_words import segment
from tests.mapping.mindmap_cases import LONG_NAME, LONG_WORD

THAI = "กขคงจชดตทนบปผพมยรลวสหอะาำิีึืุูเแโใไ่้๊๋์็ๆฯ"
texts = st.text(
    alphabet=st.one_of(st.sampled_from(THAI + "012 .,()/–→%“”\u200b\u00a0ab"), st.characters()), max_size=120
)

TOGETHER = [
    ("ผู้ดูแล 15 คน มา", "15 คน "),
    ("ซ่อมบ้าน 8 หลัง", "8 หลัง"),
    ("จ่าย 320,000 บาท แล้ว", "320,000 บาท "),
    ("เยี่ยมเดือนละ 2 ครั้ง ทุกบ้าน", "เดือนละ 2 ครั้ง "),
    ("อายุ 3–18 ปี", "อายุ 3–18 ปี"),
    ("ภายใน 30 ก.ย. 2569", "ภายใน 30 ก.ย. 2569"),
    ("เมื่อ 12 พฤศจิกายน 2568", "12 พฤศจิกายน 2568"),
    ("ของ รพ.สต. และ อบต.", "รพ.สต. "),
    ("แจ้งพมจ.และอปท.", "พมจ."),
    ("เดือน ส.ค. นี้", "ส.ค. "),
    ("เด็กและเยาวชน", "และเยาวชน"),
    ("รพ.สต. และ พมจ.", "และ พมจ."),
    ("งานต่าง ๆ", "ต่าง ๆ"),
    ("จัดทำ Care plan ทุกราย", "Care plan "),
    ("ร้อยละ 5.2 ของคน", "ร้อยละ 5.2 "),
    ("จาก 22 → 90", "22 → 90"),
    ("ที่ ต.บ้านสาธิต", "ต.บ้านสาธิต"),
    ("พ.ศ. 2546", "พ.ศ. 2546"),
]
NEGATED = ["ไม่ปลอดภัย", "ไม่รู้", "ไม่เคยได้รับ", "ไร้บ้าน", "ห้ามเข้า", "ไม่ใช่ข้อสรุป"]
WORDS = [
    ("ที่ทำงานในราคาที่จ่ายไหว", "ราคา"),
    ("บาดเจ็บจากโครงสร้างบ้านชำรุด", "โครงสร้าง"),
    ("อาการทรุดลง", "อาการ"),
    ("ก่อนเดินทางได้หรือไม่", "เดินทาง"),
    ("รู้เท่าทันการล่อลวง", "รู้เท่าทัน"),
    ("ผู้สูงอายุอยู่ลำพัง", "ผู้สูงอายุ"),
]


@given(texts)
@settings(max_examples=300, deadline=None)
def test_runs_lose_and_change_nothing(words: str) -> None:
    assert "".join(runs(words)) == normalise(words)
    assert marked(words).replace("\u200b", "").replace("\u00a0", " ") == normalise(words)


@given(texts, st.integers(30, 300))
@settings(max_examples=200, deadline=None)
def test_lines_hold_the_text_within_the_limit(words: str, limit: int) -> None:
    lines = wrap(words, limit, 13)
    assert "".join(lines).replace(" ", "") == normalise(words).replace(" ", "")
    assert all(text_width(line, 13) <= limit for line in lines)


@pytest.mark.parametrize(("words", "run"), TOGETHER)
def test_what_belongs_together_is_one_run(words: str, run: str) -> None:
    assert any(run in each for each in runs(words)), runs(words)


@pytest.mark.parametrize("words", NEGATED)
def test_negation_stays_with_its_verb(words: str) -> None:
    assert len(runs(words)) == 1


@pytest.mark.parametrize(("stretch", "word"), WORDS)
def test_words_end_where_a_reader_ends_them(stretch: str, word: str) -> None:
    assert word in segment(stretch)
    assert "".join(segment(stretch)) == stretch


def test_normalise_composes_am_and_drops_what_is_not_seen() -> None:
    assert normalise("น\u0e4d\u0e49\u0e32 ห้องน\u0e49\u0e4d\u0e32") == "น้ำ ห้องน้\u0e33"
    assert normalise(" ก\u200bข\ufeff\u00a0\t ค\u0000\n") == "กข ค"
    assert normalise("๑๒ ﬁ ½") == "๑๒ ﬁ ½", "compatibility forms are left alone"


def test_a_line_breaks_only_after_a_run_and_lines_are_even() -> None:
    words = "บุตรหลานวัยแรงงานย้ายไปทำงานต่างจังหวัด"
    assert wrap(words, 125, 13, 600) == ["บุตรหลาน", "วัยแรงงานย้ายไป", "ทำงานต่างจังหวัด"]
    assert wrap("ก ข", 500, 13) == ["ก ข"]
    assert wrap("", 100, 13) == []


@pytest.mark.parametrize("words", [LONG_NAME, LONG_WORD, "ไม่" * 1000, "เ" * 3000, "า" * 3000, "่" * 3000, "x" * 3000])
def test_three_thousand_letters_are_cut_in_time_and_fit(words: str) -> None:
    start = time.perf_counter()
    lines = wrap(words, 112.5, 13, 600)
    assert time.perf_counter() - start < 3
    assert "".join(lines) == normalise(words)
    assert all(text_width(line, 13, 600) <= 112.5 for line in lines)


def test_a_cut_text_ends_with_an_ellipsis_within_the_limit() -> None:
    shown = wrapped(LONG_NAME, 120, 13, 400, 3)
    assert shown.cut
    assert len(shown.lines) == 3
    assert shown.lines[-1].endswith("…")
    assert text_width(shown.lines[-1], 13) <= 120
    assert not wrapped("สั้น", 120, 13, 400, 3).cut


def test_widths_are_those_of_the_font() -> None:
    assert text_width("ก่", 10) == text_width("ก", 10), "marks have no width"
    assert text_width("กำ", 10) > text_width("ก", 10)
    assert text_width("ผู้สูงอายุ", 10, 700) > text_width("ผู้สูงอายุ", 10, 400)
    assert text_width("→", 10) > text_width("m", 10), "a letter the font lacks counts as wide"


def test_a_missing_font_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingFont, match="sarabun"):
        load_metrics(tmp_path)
    assert load_metrics(FOLDER) is load_metrics(FOLDER)
