"""Templates are sound, different from each other, and promise nothing that a team has not decided."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from sqlalchemy.orm import Session

from boundaries.areas import AreaRecord, list_areas
from layers.periods import parse_period
from layers.scope import Scope
from layers.taxonomy import categories, get_problem
from mapping.mindmaps import faults
from mapping.templates import BadTemplate, SensitiveDraft, draft, drafts, templates

AREA = AreaRecord("9901", "district", "99", "เมืองสมมติบุรี", "Mueang Sommut Buri", "district", 100.6, 11.0)
QUESTION = re.compile(r"หรือไม่$|หรือยัง$|อย่างไร|เพราะเหตุใด|เพราะอะไร|อะไร|ใด|ไหน|ใคร|ทำไม")
LAW = re.compile(r"พ\.?\s?ร\.?\s?บ|มาตรา|ระเบียบ|กฎกระทรวง|ประกาศ")
SECRET = [code for code in categories() if get_problem(code).sensitivity == "L3"]


def texts(content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (kind, text) of all that a template says."""
    yield from (("effect", words) for words in content["effects"])
    yield "goal", content["goal"]
    for cause in content["causes"]:
        yield "cause", cause["text"]
        yield from (("root", words) for words in cause["roots"])
    for solution in content["solutions"]:
        yield "objective", solution["objective"]
        yield "solution", solution["text"]
        for activity in solution["activities"]:
            yield "activity", activity["text"]
            yield from (("indicator", indicator["name"]) for indicator in activity["indicators"])
    yield from (("asset", words) for words in content["assets"])


@pytest.mark.parametrize("code", categories())
def test_a_template_is_whole(code: str) -> None:
    made = draft(code, AREA, "")
    assert faults(made) == ()
    assert made.state == "template"
    assert made.stamp is not None
    assert made.stamp.th == "ร่างจากแม่แบบ ยังไม่ผ่านการพิจารณา"
    assert len(made.effects) >= 3
    assert len(made.causes) >= 4
    assert all(cause.roots for cause in made.causes)
    assert len(made.solutions) >= 4
    assert all(solution.activities for solution in made.solutions)
    addressed = {number for solution in made.solutions for number in solution.addresses}
    assert addressed == set(range(1, len(made.causes) + 1)), "a cause that no solution addresses"
    assert len({solution.type for solution in made.solutions}) >= 2


@pytest.mark.parametrize("code", categories())
def test_causes_are_questions_to_the_team(code: str) -> None:
    said = [words for kind, words in texts(templates()[code]) if kind in ("cause", "root")]
    assert [words for words in said if not QUESTION.search(words)] == []


@pytest.mark.parametrize("code", categories())
def test_a_template_names_no_figure_date_or_law(code: str) -> None:
    for kind, words in texts(templates()[code]):
        assert not re.search(r"\d|[๐-๙]", words), (kind, words)
        assert not LAW.search(words), (kind, words)
        assert not re.search("[​‌‍⁠]|ํา", words), (kind, words)


@pytest.mark.parametrize("code", categories())
def test_nothing_is_decided_for_the_team(code: str) -> None:
    for solution in draft(code, AREA, "").solutions:
        for activity in solution.activities:
            assert (activity.lead, activity.budget, activity.period, activity.status) == (None, None, None, "draft")
            assert all(one.base is None and one.target is None for one in activity.indicators)


def test_no_two_templates_say_the_same() -> None:
    kinds = ("effect", "cause", "root", "objective", "solution", "activity")
    said = Counter(words for content in templates().values() for kind, words in texts(content) if kind in kinds)
    assert [words for words, times in said.items() if times > 1] == []


def test_the_title_says_reported_and_the_area_is_named() -> None:
    made = draft("P08", AREA, "135 เรื่อง")
    assert made.title.endswith("ที่ได้รับแจ้ง")
    assert made.area_name == "อำเภอเมืองสมมติบุรี"
    assert made.size == "135 เรื่อง"


@pytest.mark.parametrize("code", SECRET)
def test_a_secret_problem_never_names_an_area_or_its_count(code: str) -> None:
    with pytest.raises(SensitiveDraft):
        draft(code, AREA, "135 เรื่อง")
    made = draft(code, AREA, "")
    assert AREA.name_th not in f"{made.area_name} {made.title} {made.size}"


def test_a_faulty_template_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    (tmp_path / "P01.yaml").write_text("problem: P01\neffects: []\n", "utf-8")
    monkeypatch.setattr("mapping.templates.FOLDER", tmp_path)
    templates.cache_clear()
    with pytest.raises(BadTemplate, match=r"P01\.yaml.*causes"):
        templates()
    templates.cache_clear()


def test_every_area_has_a_draft_though_nothing_was_reported(demo_session: Session) -> None:
    made = drafts(demo_session, Scope.committee(), "district", "99", parse_period("fy2569"))
    assert set(made) == {area.code for area in list_areas(demo_session, "district", "99")}
    assert all(one.problem_code == "P01" and "เด่น" in one.size for one in made.values())


def test_a_stated_problem_is_drafted_for_all_areas(demo_session: Session) -> None:
    made = drafts(demo_session, Scope.committee(), "district", "99", parse_period("fy2569"), problem="P04")
    assert {one.problem_code for one in made.values()} == {"P04"}
    assert {one.size for one in made.values()} == {""}
