"""Words of offices find our codes; a word that is none of ours, or means several things, is never given one."""

import pytest
import yaml

from layers import taxonomy
from layers.importing.words import OFFICE_WORDS, find_code, find_codes, find_problem, find_target_groups, look_up

TWICE = ("ถูกทอดทิ้ง", "other")
"""Titles that stand for two things: children are abandoned too, and there are other disasters."""


def test_every_code_and_title_of_ours_finds_itself() -> None:
    for section, role in (("problems", "problem"), ("target_groups", "target_groups"), ("urgencies", "urgency")):
        for code, one in getattr(taxonomy, section)().items():
            for word in (code, code.lower(), one.th, one.en, f"{code} {one.th}", f" {one.th} "):
                if word.strip().lower() not in TWICE:
                    assert find_code(role, word).code == code, word
    for number, status in taxonomy.statuses().items():
        assert find_code("status", str(number)).code == find_code("status", status.th).code == str(number)
    for reason, words in taxonomy.close_reasons().items():
        assert find_code("close_reason", words.th).code == reason
    for unit, words in taxonomy.units().items():
        assert find_code("counted", words.th).code == unit


def test_office_words_name_codes_that_there_are() -> None:
    content = yaml.safe_load(OFFICE_WORDS.read_text("utf-8"))
    ours = {
        "problems": set(taxonomy.problems()),
        "target_groups": set(taxonomy.target_groups()),
        "urgencies": set(taxonomy.urgencies()),
        "statuses": {str(one) for one in taxonomy.statuses()},
        "close_reasons": set(taxonomy.close_reasons()),
        "units": set(taxonomy.units()),
    }
    for section, words in content.items():
        if section.startswith("ambiguous_"):
            for codes in words.values():
                assert set(codes) <= ours[section.removeprefix("ambiguous_")]
                assert len(codes) > 1
        else:
            assert set(words) <= ours[section]


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("ยากจน", "P01.01"),
        ("ปัญหายาเสพติด", "P13.01"),
        ("ผู้สูงอายุติดเตียง", "P08.02"),
        ("ความรุนแรงในครอบครัว", "P04"),
        ("เร่ร่อน/ขอทาน", "P10"),
        ("น้ําท่วม", "P15.01"),  # ำ in its two parts
        ("น้ำ\u200bท่วม", "P15.01"),
        ("อื่น ๆ", "P16"),
        ("อื่นๆ", "P16"),
        ("p2", "P02"),
        ("P02.03 ชุมชนแออัด", "P02.03"),
        ("Bedridden", "P08.02"),
        ("ว่างงาน", "P01.02"),
        ("ปัญหาด้านที่อยู่อาศัย", "P02"),
    ],
)
def test_usual_words(word: str, code: str) -> None:
    assert find_problem(word).code == code


@pytest.mark.parametrize(
    ("word", "among"),
    [
        ("เด็กและเยาวชน", {"P05", "P06"}),
        ("สุขภาพ/อุบัติเหตุ", {"P12", "P15"}),
        ("ถูกทอดทิ้ง", {"P05.01", "P08.04"}),
        ("ทำร้ายร่างกาย", {"P04.01", "P04.04"}),
        ("ติดเตี้ยง", {"P08.02"}),
        ("คนพิการ ติดเตียง", {"P08.02", "P09"}),
    ],
)
def test_what_is_unsure_gets_candidates_and_no_code(word: str, among: set[str]) -> None:
    found = find_problem(word)
    assert found.code is None
    assert among <= set(found.candidates)
    assert len(found.candidates) <= 8


@pytest.mark.parametrize("word", ["บริการ", "บัตรประชาชน", "ผู้ช่วยคนพิการ", "สูง", "xyz", "", "P99", "P02.99", "ทดสอบ"])
def test_halves_of_phrases_and_strange_words_are_no_code(word: str) -> None:
    assert all(find_code(role, word).code is None for role in ("problem", "urgency", "status"))


def test_several_words_in_a_cell() -> None:
    assert [match.code for _, match in find_target_groups("T07, T16")] == ["T07", "T16"]
    assert [match.code for _, match in find_target_groups("T07 T16")] == ["T07", "T16"]
    assert [match.code for _, match in find_target_groups("ผู้สูงอายุ; คนพิการ, xyz")] == ["T07", "T08", None]
    assert find_target_groups("พ่อ/แม่เลี้ยงเดี่ยว")[0][1].code == "T05"
    assert find_target_groups("ผู้ด้อยโอกาส")[0][1].code is None
    assert find_target_groups("") == []


def test_a_files_own_words_come_first_and_may_mean_nothing() -> None:
    own = {"1": "P08.02", "ผู้สูงอายุ": "P08.01", "ไม่มี": ""}
    assert look_up("problem", "1", own).code == "P08.02"
    assert look_up("problem", " ผู้สูงอายุ ", own).code == "P08.01"
    assert look_up("problem", "ไม่มี", own).code == ""
    assert look_up("problem", "ยากจน", own).code == "P01.01"
    assert find_problem("1").code is None
    assert [match.code for _, match in find_codes("target_groups", "ก, T08", {"ก": "T07"})] == ["T07", "T08"]
