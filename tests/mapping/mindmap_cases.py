"""Mind maps that are hard to lay out, all invented."""

from dataclasses import replace

from boundaries.areas import AreaRecord
from boundaries.messages import text
from layers.taxonomy import problems
from mapping.mindmaps import Activity, Cause, Indicator, MindMap, Solution
from mapping.templates import draft
from tests.mapping.example_a import EXAMPLE_A

LONG_NAME = "บ้านหนองน้ำใสไหลเย็น" * 150
"""3,000 letters without a space."""
LONG_WORD = "กข" * 1500
"""3,000 letters that hold no word at all."""
ATTACKS = ("<img src=x onerror=alert(1)>", "</script><script>alert(1)</script>", "${alert(1)}", LONG_NAME)
AREA = AreaRecord("9901", "district", "99", "สมมติ", "Sommut", "district", 100.0, 14.0)
TEMPLATES = tuple(f"P{number:02}" for number in range(1, 17))


def template(code: str) -> MindMap:
    """Return the draft that an invented district gets; a secret problem's without figures."""
    secret = problems()[code].sensitivity == "L3"
    return draft(code, AREA, "" if secret else "135 เรื่อง (455 ต่อประชากร 100,000 คน) จำนวนจากแผนที่ ไม่ใช่ข้อสรุปของทีม")


def filled(words: str) -> MindMap:
    """Return a draft with the same words in every text field."""
    indicator = Indicator(words, words, words, words, "neutral")
    activity = Activity(words, words, (words, words), (indicator,), words, words, words, "late")
    solution = Solution(words, words, (1, 2), "prevent", "social_service", (activity,))
    return MindMap(
        "9901", words, "P08", words, words, "template", text("mapping.template.stamp"),
        (words, words), (Cause(words, (words,)), Cause(words, ())), words, (solution,), (words, words),
    )  # fmt: skip


def empty() -> MindMap:
    """Return a mind map that has a problem and a goal and nothing else."""
    return replace(EXAMPLE_A, size="", effects=(), causes=(), solutions=(), assets=())


def many() -> MindMap:
    """Return a mind map with twelve causes, each with one to three roots, eleven effects and nine solutions."""
    words = [cause.text for cause in EXAMPLE_A.causes]
    causes = tuple(
        Cause(f"{words[n % 4]} {n + 1}", tuple(f"เหตุที่ {k + 1}" for k in range(1 + n % 3))) for n in range(12)
    )
    effects = tuple(f"{EXAMPLE_A.effects[n % 5]} {n + 1}" for n in range(11))
    solutions = tuple(replace(EXAMPLE_A.solutions[n % 4], addresses=(n + 1, 12)) for n in range(9))
    return replace(EXAMPLE_A, causes=causes, effects=effects, solutions=solutions, assets=EXAMPLE_A.assets * 3)


def busy() -> MindMap:
    """Return example A with three activities in every solution."""
    solutions = tuple(replace(each, activities=each.activities * 3) for each in EXAMPLE_A.solutions)
    return replace(EXAMPLE_A, solutions=solutions)


def variant(number: int) -> MindMap:
    """Return a mind map as large as example A none of whose sentences stands in another variant.

    Agencies, budgets' sources and periods repeat, as they do in real plans.
    """

    def own(words: str) -> str:
        letters = "กขคงจชซณดตถทธนบปผพฟภมยรลวศษสหอ"
        return f"{words[: len(words) // 2]}{letters[number % 30]}{letters[number // 30]}{words[len(words) // 2 + 2 :]}"

    def changed(activity: Activity) -> Activity:
        indicators = tuple(replace(each, name=own(each.name)) for each in activity.indicators)
        return replace(activity, text=own(activity.text), indicators=indicators)

    return replace(
        EXAMPLE_A,
        title=own(EXAMPLE_A.title),
        size=own(EXAMPLE_A.size),
        effects=tuple(map(own, EXAMPLE_A.effects)),
        causes=tuple(Cause(own(each.text), tuple(map(own, each.roots))) for each in EXAMPLE_A.causes),
        goal=own(EXAMPLE_A.goal),
        solutions=tuple(
            replace(
                each,
                objective=own(each.objective),
                text=own(each.text),
                activities=tuple(map(changed, each.activities)),
            )
            for each in EXAMPLE_A.solutions
        ),
        assets=tuple(map(own, EXAMPLE_A.assets)),
    )
