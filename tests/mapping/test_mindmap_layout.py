"""Positions of a mind map: nothing overlaps, nothing overflows, no word is cut, every node is there once."""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest

from mapping.mindmap_boxes import Box, Layout, Link
from mapping.mindmap_layout import place, radial, tree
from mapping.mindmap_ways import figures_text
from mapping.mindmaps import Indicator, MindMap
from mapping.thai_text import runs, text_width, wrapped
from tests.mapping.example_a import EXAMPLE_A
from tests.mapping.mindmap_cases import ATTACKS, LONG_NAME, LONG_WORD, TEMPLATES, busy, empty, filled, many, template

PLAIN = {"example A": lambda: EXAMPLE_A, "empty": empty, "many": many, "busy": busy} | {
    code: (lambda code=code: template(code)) for code in TEMPLATES
}
HOSTILE = {
    f"attack {number}": (lambda words=words: filled(words)) for number, words in enumerate((*ATTACKS, LONG_WORD))
}
VIEWPORTS = [(1100, 700), (1360, 750), (1360, 784), (1920, 1080), (2560, 1300), (800, 500)]
cases = pytest.mark.parametrize("make", [*PLAIN.values(), *HOSTILE.values()], ids=[*PLAIN, *HOSTILE])
plain_cases = pytest.mark.parametrize("make", PLAIN.values(), ids=PLAIN)


def overlapping(boxes: tuple[Box, ...], apart: float = 2) -> list[tuple[str, str]]:
    """List pairs of boxes that are less than `apart` px from each other in both directions."""
    return [
        (f"{a.kind} {a.index}", f"{b.kind} {b.index}")
        for number, a in enumerate(boxes)
        for b in boxes[number + 1 :]
        if a.x < b.x + b.w + apart and b.x < a.x + a.w + apart and a.y < b.y + b.h + apart and b.y < a.y + a.h + apart
    ]


def overflowing(layout: Layout) -> list[str]:
    """List lines wider than their box or outside it."""
    found = []
    for box in layout.boxes:
        for line in box.lines():
            width = text_width(line.text, *line.type)
            left = line.x - (width / 2 if line.align == "middle" else 0)
            if left < box.x + 3 or left + width > box.x + box.w - 3 or not box.y < line.y < box.y + box.h:
                found.append(f"{box.kind} {box.index}: {line.text[:60]}")
    return found


def nodes(mind_map: MindMap, kinds: str) -> Counter[tuple[str, str]]:
    """Count the texts of all nodes by kind."""
    found: list[tuple[str, str]] = [("problem", mind_map.title)]
    found += [("effect", words) for words in mind_map.effects]
    found += [("cause", cause.text) for cause in mind_map.causes]
    found += [("root", words) for cause in mind_map.causes for words in cause.roots]
    found += [("goal", mind_map.goal), *(("solution", each.text) for each in mind_map.solutions)]
    found += [("asset", words) for words in mind_map.assets]
    return Counter((kind, "".join(runs(words))) for kind, words in found if kind in kinds.split())


def drawn(layout: Layout) -> Counter[tuple[str, str]]:
    """Count the texts of all boxes by kind; a box's node is its first paragraph."""
    return Counter((box.kind, box.paras[0].wrapped.text) for box in layout.boxes if box.kind != "stamp")


def breaks(layout: Layout) -> Iterator[tuple[str, int]]:
    for box in layout.boxes:
        for para in box.paras:
            for start, _ in para.wrapped.spans[1:]:
                yield para.wrapped.text, start


def run_starts(words: str) -> set[int]:
    place, found = 0, set()
    for run in runs(words):
        found.add(place)
        place += len(run)
    return found


@cases
def test_tree_holds_every_node_once_without_overlap_or_overflow(make) -> None:
    layout = tree(make())
    assert overlapping(layout.boxes, 4) == []
    assert overflowing(layout) == []
    assert drawn(layout) == nodes(make(), "problem effect cause root")
    assert all(box.x >= 0 and box.x + box.w <= layout.width and box.y + box.h <= layout.height for box in layout.boxes)


@cases
@pytest.mark.parametrize("whole", [False, True], ids=["brief", "whole"])
def test_radial_holds_every_node_once_in_every_viewport(make, whole: bool) -> None:
    layout = radial(make(), whole)
    assert drawn(layout) == nodes(make(), "problem effect cause root goal solution asset")
    for width, height in VIEWPORTS:
        placed = place(layout, width, height)
        assert overlapping(placed.layout.boxes) == []
        assert overflowing(placed.layout) == []
        assert all(line.type.size * placed.scale >= 12 for box in placed.layout.boxes for line in box.lines())


@plain_cases
def test_no_word_is_cut(make) -> None:
    for layout in (tree(make()), radial(make()), radial(make(), whole=True)):
        assert [(words, at) for words, at in breaks(layout) if at not in run_starts(words)] == []


@pytest.mark.parametrize("make", [*(lambda code=code: template(code) for code in TEMPLATES), lambda: EXAMPLE_A])
def test_templates_and_example_a_fit_the_smallest_screen_without_scrolling(make) -> None:
    placed = place(radial(make()), 1100, 700 - 34)
    assert placed.layout.width * placed.scale <= 1100.5
    assert placed.layout.height * placed.scale <= 700 - 34 + 0.5


def test_the_radial_leaves_the_corners_of_card_and_close_button_free() -> None:
    for layout in (radial(EXAMPLE_A), radial(EXAMPLE_A, whole=True)):
        for box in layout.boxes:
            assert box.x > 288 or box.y > 160
            assert box.x + box.w < layout.width - 230 or box.y > 60


def test_columns_stay_at_their_edges_and_the_hub_in_the_middle() -> None:
    small, large = (place(radial(EXAMPLE_A), *size).layout for size in ((1100, 700), (1920, 900)))
    for a, b in zip(small.boxes, large.boxes, strict=True):
        if a.kind in ("cause", "root"):
            assert a.x == b.x
        elif a.kind == "solution":
            assert small.width - a.x == pytest.approx(large.width - b.x)
        elif a.kind == "asset":
            assert small.height - a.y == pytest.approx(large.height - b.y)


def test_rows_of_more_than_five_are_split_evenly_and_linked_to_the_problem() -> None:
    layout = tree(many())
    rows = Counter(round(box.y) for box in layout.boxes if box.kind == "cause")
    assert sorted(rows.values()) == [4, 4, 4]
    assert sum(link.kind == "cause" for link in layout.links) == 12
    problem = next(box for box in layout.boxes if box.kind == "problem")
    assert all(tip(link)[1] == problem.y + problem.h + 1 for link in layout.links if link.kind == "cause")
    assert crossings(layout) == []


def tip(link: Link) -> tuple[float, float]:
    return link.points[-1]


def crossings(layout: Layout) -> list[str]:
    """List links that run through the inside of a box."""
    found = []
    for link in layout.links:
        for (x1, y1), (x2, y2) in zip(link.points, link.points[1:], strict=False):
            for box in layout.boxes:
                inside_x = max(min(x1, x2), box.x + 2) < min(max(x1, x2), box.x + box.w - 2) or (
                    x1 == x2 and box.x + 2 < x1 < box.x + box.w - 2
                )
                inside_y = max(min(y1, y2), box.y + 2) < min(max(y1, y2), box.y + box.h - 2) or (
                    y1 == y2 and box.y + 2 < y1 < box.y + box.h - 2
                )
                if inside_x and inside_y:
                    found.append(f"{link.kind} through {box.kind} {box.index}")
    return found


@plain_cases
def test_no_link_of_the_tree_runs_through_a_box(make) -> None:
    assert crossings(tree(make())) == []
    assert crossings(tree(make(), 380)) == []


def test_solutions_carry_tags_facts_and_status() -> None:
    first = next(box for box in radial(EXAMPLE_A).boxes if box.kind == "solution")
    words = {para.role: para.wrapped.text for para in first.paras}
    assert words["tag"] == "แก้สาเหตุที่ 4"
    assert words["objective"].startswith("เพื่อให้ ข้อมูลชุดเดียว")
    facts = [para.wrapped.text for para in first.paras if para.role in ("lead", "fact")]
    assert facts == ["พมจ.", "ร้อยละ 40 → 100", "15,000 บาท", "ต.ค.–ธ.ค. 2568"]
    assert [rule.status for rule in first.rules] == ["done"]


@pytest.mark.parametrize("make", [lambda: EXAMPLE_A, busy, many], ids=["example A", "busy", "many"])
def test_the_whole_radial_leaves_nothing_out_that_is_stated(make) -> None:
    """In the order of a box: who leads and joins, money and time, each indicator with its figures."""
    mind_map = make()
    boxes = [box for box in radial(mind_map, whole=True).boxes if box.kind == "solution"]
    for solution, box in zip(mind_map.solutions, boxes, strict=True):
        said = [para.wrapped.text for para in box.paras]
        assert not any(para.wrapped.cut for para in box.paras)
        for activity in solution.activities:
            stated = [activity.text, activity.lead, f"ร่วมกับ {', '.join(activity.joint)}"]
            stated.append(f"{activity.budget} ({activity.budget_source}) · {activity.period}")
            for indicator in activity.indicators:
                stated += [indicator.name, figures_text(indicator)]
            assert [words for words in stated if words not in said] == []
        assert [rule.status for rule in box.rules] == [activity.status for activity in solution.activities]


def test_the_whole_radial_says_what_is_stated_of_a_half_filled_activity() -> None:
    first = EXAMPLE_A.solutions[0].activities[0]
    bare = replace(first, lead=None, joint=(), budget=None, budget_source="กองทุน", period=None)
    unstated = replace(bare, budget_source=None, indicators=(Indicator("นับได้", "คน", None, None, "neutral"),))
    made = replace(EXAMPLE_A, solutions=(replace(EXAMPLE_A.solutions[0], activities=(bare, unstated)),))
    (box,) = [box for box in radial(made, whole=True).boxes if box.kind == "solution"]
    said = [para.wrapped.text for para in box.paras if para.role in ("lead", "fact")]
    assert said == ["กองทุน", first.indicators[0].name, "ร้อยละ 40 → 100", "นับได้"]
    assert overflowing(radial(made, whole=True)) == []


def test_drafts_carry_their_stamp_and_no_facts() -> None:
    layout = radial(template("P08"))
    assert [box.paras[0].wrapped.text for box in layout.boxes if box.kind == "stamp"] == [
        "ร่างจากแม่แบบ ยังไม่ผ่านการพิจารณา"
    ]
    assert not any(para.role in ("lead", "fact") for box in layout.boxes for para in box.paras)


def test_too_many_activities_are_counted_where_they_are_not_shown() -> None:
    words = [para.wrapped.text for box in radial(busy()).boxes for para in box.paras if para.role == "more"]
    assert words == ["อีก 2 กิจกรรม กดเพื่ออ่าน"] * 4


def test_the_radial_shortens_what_the_tree_holds_whole() -> None:
    mind_map = filled(LONG_NAME)
    assert not any(para.wrapped.cut for box in tree(mind_map).boxes for para in box.paras)
    assert all(para.wrapped.cut for box in radial(mind_map).boxes for para in box.paras if para.role == "cause")


def test_a_hostile_map_is_laid_out_in_time() -> None:
    wrapped.cache_clear()
    start = time.perf_counter()
    tree(filled(LONG_WORD + "ค"))
    radial(filled(LONG_WORD + "ง"))
    assert time.perf_counter() - start < 20
