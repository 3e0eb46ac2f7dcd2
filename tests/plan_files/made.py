"""Plans that files are made of, without any database, and how two are compared."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID, uuid5

from hypothesis import strategies as st

from layers.personal_text import find_personal
from mapping.plan_examples import Name, example, steps_of_example
from mapping.plan_fields import FIELDS, PARENTS, Kind, Value
from mapping.plan_files.field_texts import CHOICES
from mapping.plan_files.taking_out import to_plan_file
from mapping.plan_files.values import About, FileLink, FilePart, PlanFile
from mapping.plan_making import Made
from mapping.plan_tree import Change, Tree, replay
from mapping.plans import PlanRecord

NAMES = UUID("0190a000-0000-7000-8000-000000000000")
YEAR = date(2025, 10, 1)


def tree_of(steps: Iterable[Made]) -> Tree:
    return replay(
        Change(number, part, step.action, part, step.field, step.old, step.new, 0)
        for number, (part, step) in enumerate(steps, start=1)
    )


def stored(area: str = "7004", problem: str = "P08.01", origin: str = "example:a") -> PlanRecord:
    moment = datetime(2026, 1, 15, tzinfo=UTC)
    approved = ("approved", "คณะกรรมการสมมติ", date(2026, 1, 15))
    return PlanRecord(uuid5(NAMES, area), area, problem, YEAR, *approved, origin, 9, None, moment)  # type: ignore[arg-type]


def plan_of(name: Name) -> PlanFile:
    content = example(name)
    return to_plan_file(stored(), tree_of(steps_of_example(content, f"example:{name}")), work=True)


def told(plan: PlanFile) -> tuple[object, ...]:
    """Return what a plan says, whatever its parts are called and wherever they came from."""
    numbers = {part.id: place for place, part in enumerate(plan.parts)}
    parts = [(part.kind, numbers.get(part.parent or ""), dict(part.fields)) for part in plan.parts]
    links = sorted((numbers[link.part], numbers[link.to], link.kind) for link in plan.links)
    return plan.about.area, plan.about.problem, plan.about.fiscal_year, parts, links


def only_causes_addressed(plan: PlanFile) -> PlanFile:
    """Return a plan without the links that an outline cannot hold."""
    return replace(plan, links=tuple(link for link in plan.links if link.kind == "addresses"))


def _storable(words: str) -> bool:
    return bool(words.strip()) and not find_personal(words)


NASTY = (
    "<script>alert(1)</script>", "]]>", "&amp; &lt;b&gt;", "*x*: y", "**ก**", "# หัวข้อ #", "- ข้อ", "สาเหตุ: ซ้อน",
    "สาเหตุ", "งบประมาณ (บาท): 5", "\\* \\\\", "a -- b --> c <!-- d -->", "=HYPERLINK(1)", "`x`", "[x](y)", "__ก__",
    "น้ำ ๓ แห่ง", "1. 2) ก", "{\"a\": 1}", "[ ] งาน", "หมายเหตุ: ก: ข", "\ufffd", "~ ^ $x$ ${7*7} {{7*7}}",
    "'\"", "A: B: C",
)  # fmt: skip
LETTERS = st.characters(codec="utf-8", categories=["L", "N", "P", "S", "M"], exclude_characters="\ufffe\uffff\u0e4d")


def texts(longest: int = 60) -> st.SearchStrategy[str]:
    words = st.one_of(st.sampled_from(NASTY), st.text(LETTERS, min_size=1, max_size=longest))
    return words.map(cleaned).filter(_storable)


def cleaned(words: str) -> str:
    from boundaries.names import clean

    return clean(words)


VALUES: dict[str, st.SearchStrategy[Value]] = {
    "joint": st.lists(texts(), max_size=4, unique=True),
    "policy_tags": st.lists(st.sampled_from(["dim:1", "dim:2", "dim:3"]), max_size=3, unique=True),
    "budget": st.one_of(st.integers(0, 10**10), st.integers(1, 10**9).map(lambda n: n / 4)),
    "fiscal_year": st.integers(2400, 2743),
    "starts_on": st.sampled_from(["2025-10-01", "2026-01-31"]),
    "ends_on": st.sampled_from(["2026-01-31", "2026-09-30"]),
    "asset_id": st.uuids().map(str),
    **{name: st.integers(1, 5) for name in FIELDS["problem"] if name.startswith("score_")},
    **{name: st.sampled_from(allowed) for name, allowed in CHOICES.items()},
}


@st.composite
def plans(draw: st.DrawFn) -> PlanFile:
    """Any plan of up to 14 parts with any of the fields and texts that mean something to some format."""
    from mapping.plan_fields import checked_fields

    parts: list[FilePart] = []
    for place in range(draw(st.integers(1, 14))):
        fitting = [
            (kind, part.id)
            for part in parts
            for kind, above in PARENTS.items()
            if part.kind in above and not (kind == "goal" and any(each.kind == "goal" for each in parts))
        ]
        kind, parent = draw(st.sampled_from(fitting)) if place else ("problem", None)
        chosen = draw(st.sets(st.sampled_from([name for name in FIELDS[kind] if name != "filter"]), max_size=5))
        fields = {name: draw(VALUES.get(name, texts())) for name in sorted(chosen | {"text"})}
        parts.append(FilePart(str(uuid5(NAMES, str(place))), kind, parent, checked_fields(kind, fields)))
    ordered = list(_from_the_top(parts))
    return PlanFile(About("9901", "P02", 2569), tuple(ordered), tuple(sorted(draw(_links(ordered)))))


def _from_the_top(parts: list[FilePart], parent: str | None = None) -> Iterable[FilePart]:
    for part in parts:
        if part.parent == parent:
            yield part
            yield from _from_the_top(parts, part.id)


def _links(parts: list[FilePart]) -> st.SearchStrategy[set[FileLink]]:
    solving: list[tuple[FilePart, FilePart]] = [
        (one, two) for one in parts for two in parts if (one.kind, two.kind) == ("solution", "cause")
    ]
    pairs = [(one, two) for one in parts for two in parts if one.id != two.id]
    found = [FileLink(one.id, two.id, "addresses") for one, two in solving]
    found += [FileLink(one.id, two.id, "relates") for one, two in pairs]
    return st.sets(st.sampled_from(found), max_size=4) if found else st.just(set())


ALL_KINDS: tuple[Kind, ...] = tuple(PARENTS)
