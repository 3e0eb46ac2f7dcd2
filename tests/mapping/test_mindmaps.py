"""The rules that every mind map keeps."""

import re
from dataclasses import replace

import pytest

from boundaries.messages import Text
from mapping.mindmaps import BadMindMap, MindMap, check, faults
from mapping.plan_fields import FIELDS, SCORES, BadField, UnknownField, checked
from mapping.plan_words import field_words, place_words
from tests.mapping.example_a import EXAMPLE_A


def with_first_solution(**changes: object) -> MindMap:
    """Example A with its first solution changed."""
    first, *others = EXAMPLE_A.solutions
    return replace(EXAMPLE_A, solutions=(replace(first, **changes), *others))


def with_first_activity(**changes: object) -> MindMap:
    """Example A with its first activity changed."""
    activity = replace(EXAMPLE_A.solutions[0].activities[0], **changes)
    return with_first_solution(activities=(activity,))


def test_the_example_is_sound() -> None:
    assert faults(EXAMPLE_A) == ()
    assert check(EXAMPLE_A) is EXAMPLE_A


@pytest.mark.parametrize(
    ("mind_map", "place", "words"),
    [
        (with_first_solution(addresses=()), "solutions.1.addresses", "at least one cause"),
        (with_first_solution(addresses=(0,)), "solutions.1.addresses", "between 1 and 4"),
        (with_first_solution(addresses=(1, 5)), "solutions.1.addresses", "between 1 and 4"),
        (with_first_solution(type="cure"), "solutions.1.type", "prevent, protect, remedy, develop"),
        (with_first_solution(welfare_system="charity"), "solutions.1.welfare_system", "social partnership"),
        (with_first_solution(text=" "), "solutions.1.text", "must not be empty"),
        (with_first_activity(indicators=()), "solutions.1.activities.1.indicators", "at least one indicator"),
        (with_first_activity(lead=""), "solutions.1.activities.1.lead", "must not be empty"),
        (replace(EXAMPLE_A, goal=""), "goal", "must not be empty"),
        (replace(EXAMPLE_A, effects=("ขาดยา", "")), "effects.2", "must not be empty"),
    ],
)
def test_a_broken_rule_is_named_with_its_place(mind_map: MindMap, place: str, words: str) -> None:
    (fault,) = faults(mind_map)
    assert fault.place == place
    assert words in fault.rule.en
    with pytest.raises(BadMindMap) as raised:
        check(mind_map)
    assert place_words(place).th in raised.value.text.th
    assert place_words(place).en in raised.value.text.en
    assert not re.search(r"[a-z_]+\.\d", raised.value.text.th), "the words of programs are not those of people"
    assert words in raised.value.text.en


def test_what_the_team_has_not_decided_is_no_fault() -> None:
    assert faults(with_first_activity(lead=None, joint=(), budget=None, budget_source=None, period=None)) == ()
    assert faults(replace(EXAMPLE_A, size="")) == ()


def test_sentences_name_fields_and_places_as_people_do() -> None:
    assert place_words("solutions.2.addresses") == Text("แนวทางแก้ไขที่ 2 สาเหตุที่แก้", "solution 2, causes addressed")
    assert place_words("solutions.1.activities.3.lead").th == "แนวทางแก้ไขที่ 1 กิจกรรมที่ 3 หน่วยงานหลัก"
    assert place_words("causes.4.roots.1") == Text("สาเหตุที่ 4 รากเหตุที่ 1", "cause 4, root cause 1")
    named = {name for fields in FIELDS.values() for name in fields}
    assert {name for name in named if field_words(name).th == name} == set()
    with pytest.raises(BadField) as raised:
        checked("activity", "budget", -1)
    assert "งบประมาณ (บาท)" in raised.value.text.th
    assert "Budget" in raised.value.text.en
    with pytest.raises(BadField) as raised:
        checked("solution", "type", "x")
    assert "ป้องกัน, คุ้มครอง, แก้ไขฟื้นฟู, พัฒนา" in raised.value.text.th
    with pytest.raises(UnknownField) as unknown:
        checked("problem", "budget", 1)
    assert "คะแนนความรุนแรง" in unknown.value.text.th
    assert not any(name in unknown.value.text.th for name in (*SCORES, "policy_tags"))
