"""Compact JSON of mind maps: complete, small, shared where drafts are alike."""

import json
from itertools import pairwise
from typing import Any

import pytest

from mapping.mindmap_json import TextTable, compact
from mapping.mindmap_layout import radial, tree
from mapping.mindmaps import MindMap
from tests.mapping.example_a import EXAMPLE_A
from tests.mapping.mindmap_cases import ATTACKS, TEMPLATES, empty, filled, many, template, variant


def size(value: Any) -> int:
    """Return the bytes of a value as a page holds it."""
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def together(mind_maps: list[MindMap]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    texts = TextTable()
    items = [compact(mind_map, texts) for mind_map in mind_maps]
    return texts.to_json(), items


def lines(texts: dict[str, Any], item: dict[str, Any], view: str) -> list[tuple[str, list[str]]]:
    """Read a layout back as the page does: (kind, drawn lines) of every paragraph."""
    found = []
    for box in texts["l"][item[view]][2]:
        for _, slot, _, _, *starts in box[6]:
            words = texts["t"][item["t"][slot]].replace("\u200b", "").encode("utf-16-le")
            end = -starts.pop() if starts and starts[-1] < 0 else None
            edges = [0, *starts, end if end is not None else len(words) // 2]
            drawn = [words[2 * a : 2 * b].decode("utf-16-le").strip() for a, b in pairwise(edges)]
            found.append((texts["k"][box[0]], [*drawn[:-1], drawn[-1] + ("…" if end is not None else "")]))
    return found


@pytest.mark.parametrize(
    "mind_map", [EXAMPLE_A, empty(), many(), filled(ATTACKS[0]), filled("😀 บ้าน" * 30), filled(ATTACKS[3])]
)
def test_the_page_reads_the_lines_that_were_laid_out(mind_map: MindMap) -> None:
    texts, (item,) = together([mind_map])
    views = {"tree": tree(mind_map), "radial": radial(mind_map)}
    if mind_map.state == "template":
        assert "whole" not in item, "the page of the country holds many drafts, and what they ask stands beside them"
    else:
        views["whole"] = radial(mind_map, whole=True)
    for view, layout in views.items():
        assert lines(texts, item, view) == [
            (box.kind, para.wrapped.lines) for box in layout.boxes for para in box.paras
        ]


@pytest.mark.parametrize(("number", "limit"), [(50, 455_000), (77, 750_000)])
def test_different_mind_maps_as_large_as_example_a_stay_small(number: int, limit: int) -> None:
    texts, items = together([variant(each) for each in range(number)])
    total = size(texts) + size(items)
    print(f"{number} different mind maps: {total:,} bytes, {total // number:,} each")
    assert len(texts["t"]) > number * 25, "the variants must not share their sentences"
    assert total <= limit


def test_drafts_of_one_template_share_layout_and_texts() -> None:
    alone, (one,) = together([template("P08")])
    texts, items = together([template("P08")] * 77)
    print(f"77 equal drafts: {size(texts) + size(items):,} bytes; one: {size(alone) + size(one):,}")
    assert texts == alone
    assert all(item == one for item in items)
    assert size(items) < 77 * 500


def test_drafts_that_differ_in_their_figures_share_all_but_one_text() -> None:
    first, second = (template("P08"), template("P08"))
    second = type(second)(**{**second.__dict__, "size": second.size.replace("135", "240")})
    texts, (a, b) = together([first, second])
    assert (a["tree"], a["radial"], a["plan"]) == (b["tree"], b["radial"], b["plan"])
    assert sum(x != y for x, y in zip(a["t"], b["t"], strict=True)) == 1
    assert len(texts["t"]) == len(set(texts["t"]))


def test_all_sixteen_templates_stay_small() -> None:
    texts, items = together([template(code) for code in TEMPLATES])
    total = size(texts) + size(items)
    print(f"16 templates: {total:,} bytes")
    assert total <= 200_000


def test_the_plan_holds_every_activity() -> None:
    texts, (item,) = together([EXAMPLE_A])

    def read(slot: int) -> str:
        return "" if slot < 0 else texts["t"][item["t"][slot]].replace("\u200b", "")

    solutions = texts["l"][item["plan"]][5]
    assert [read(each[1]) for each in solutions] == [each.text for each in EXAMPLE_A.solutions]
    assert [each[3] for each in solutions] == [list(each.addresses) for each in EXAMPLE_A.solutions]
    words, lead, joint, indicators, budget, source, period, status = solutions[1][4][0]
    assert (read(lead), read(joint), read(budget)) == ("อบต.", "อพม., อสม., ชมรมผู้สูงอายุ", "92,000 บาท")
    assert (read(source), read(period), texts["st"][status]) == ("กองทุนสวัสดิการสังคม", "ม.ค.–ก.ย. 2569", "doing")
    assert [[read(slot) for slot in pair] for pair in indicators] == [["ผู้สูงอายุที่ได้รับการเยี่ยมครบ", "ร้อยละ 22 → 90"]]
    assert read(words).startswith("จับคู่ อพม./อสม.")


def test_what_a_draft_leaves_open_is_marked() -> None:
    texts, (item,) = together([template("P08")])
    activity = texts["l"][item["plan"]][5][0][4][0]
    assert item["draft"] == 1
    assert activity[1] == activity[4] == activity[6] == -1
    assert texts["st"][activity[7]] == "draft"
    assert texts["w"]["stamp"] == "ร่างจากแม่แบบ ยังไม่ผ่านการพิจารณา"
