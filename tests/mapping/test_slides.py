"""Slides: read back by another library, measured anew, the same figures as the map, hostile texts, the same bytes."""

import io
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pptx import Presentation

from mapping.area_map import AreaMap
from mapping.legends import number
from mapping.mindmaps import MindMap
from mapping.slides.deck import Slides, draw, lay_slides
from mapping.slides.stop_slides import Stop
from mapping.thai_text import normalise
from tests.api.test_maps import needs_libraries
from tests.mapping.documents_by_hand import HOSTILE, invented_parts, invented_slides, with_texts
from tests.mapping.example_a import EXAMPLE_A
from tests.mapping.sheets_by_hand import PRINTED, all_province_codes, real_parts
from tests.office import overfull

pytestmark = needs_libraries
PLAN = replace(EXAMPLE_A, area_code="99", area_name="จังหวัดสมมุติบุรี")
NAMESPACE = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def opened(made: Slides) -> Any:
    return Presentation(io.BytesIO(made.pptx()))


def titles(deck: Any) -> list[str]:
    return [slide.shapes.title.text_frame.text.replace("\v", "") for slide in deck.slides]


def texts(slide: Any) -> list[str]:
    """Every text of a slide, cells among them, lines joined."""
    found = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    for shape in slide.shapes:
        if getattr(shape, "has_table", False):
            found += [cell.text_frame.text for row in shape.table.rows for cell in row.cells]
    return [words.replace("\v", "").replace("\n", " ") for words in found]


@pytest.fixture(scope="module")
def deck() -> Any:
    return opened(invented_slides(10, stops=("9901", "9902", "9903")))


def test_a_deck_opens_with_map_tree_figures_plan_and_stops(deck: Any) -> None:
    """One slide each for what fits one, in the order of a meeting; 16:9; every slide has a title of its own."""
    assert (deck.slide_width, deck.slide_height) == (12_192_000, 6_858_000)
    found = titles(deck)
    assert len(found) == len(set(found)) == 7
    starts = ["แผนที่สังคมและผังความคิด", "ผังความคิด: ", "ตัวเลขราย", "ตารางแผนปฏิบัติการ"]
    starts += ["อำเภอสมมติ1 ", "อำเภอตัวอย่าง2 ", "อำเภอบ้านสาธิต3 "]
    assert all(title.startswith(start) for title, start in zip(found, starts, strict=True)), found
    assert list(overfull(deck)) == []


@pytest.mark.parametrize(("count", "measure"), [(3, "rate"), (50, "rate"), (10, "count")])
def test_nothing_leaves_its_box_whatever_the_map(count: int, measure: str) -> None:
    """Few areas, many over several slides, counts as circles."""
    made = opened(invented_slides(count, measure=measure, stops=("9901",)))
    assert list(overfull(made)) == []
    names = {shape.name for shape in invented_parts(count, measure)[0].shapes}
    written = {words for slide in made.slides for words in texts(slide)}
    assert names <= written


def test_the_table_tells_what_the_map_was_given(deck: Any) -> None:
    """The same number of cases and rate for every area, and hidden ones without a number."""
    area_map, _ = invented_parts(10)
    names = {shape.code: shape.name for shape in area_map.shapes}
    table = next(shape.table for shape in deck.slides[2].shapes if getattr(shape, "has_table", False))
    rows = {cells[1]: cells for cells in ([cell.text_frame.text for cell in row.cells] for row in table.rows)}
    states = set()
    for code, name in names.items():
        figure, cells = area_map.figure(code), rows[name]
        states.add(figure.state)
        if figure.cases is None:
            assert not any(part.isdigit() for part in cells[2].replace("<5", ""))
            assert cells[4] == cells[5] == "–"
        else:
            assert cells[2] == number(figure.cases)
        if figure.value is not None:
            assert cells[4].rstrip("†") == number(figure.value)
    assert {"ok", "zero", "unstable", "hidden", "no_data", "left_out"} <= states


def test_thai_is_set_as_thai_everywhere(deck: Any) -> None:
    """Each run names its language and a font for complex scripts; the theme's own are Sarabun too."""
    runs = [run for slide in deck.slides for run in slide._element.iter(f"{NAMESPACE}rPr")]
    assert len(runs) > 200
    for properties in runs:
        assert properties.get("lang") == "th-TH"
        assert properties.find(f"{NAMESPACE}cs").get("typeface") == "Sarabun"
    theme = next(part.target_part for part in deck.slide_master.part.rels.values() if part.reltype.endswith("/theme"))
    assert theme.blob.count(b'cs typeface="Sarabun"') == 2


def test_pictures_and_tables_are_told_and_sources_stand_in_the_notes(deck: Any) -> None:
    """Alternative texts name the area; what only looks is marked as decoration."""
    for place, slide in enumerate(deck.slides):
        notes = slide.notes_slide.notes_text_frame.text
        assert "ตัวอย่างที่แต่งขึ้น" in notes
        assert "เอกสารสำหรับคณะกรรมการ" in notes
        for shape in slide.shapes:
            named = next(element for element in shape._element.iter() if element.tag.endswith("}cNvPr"))
            silent = not shape.has_text_frame or not shape.text_frame.text.strip()
            if shape.shape_type == 13 or getattr(shape, "has_table", False):
                assert named.get("descr"), (place, shape.name)
            elif silent and shape.name != "legend swatch":
                assert any(element.tag.endswith("}decorative") for element in named.iter()), (place, shape.name)
    assert "เส้นขอบหนาคือ" in next(
        shape._element.nvPicPr.cNvPr.get("descr") for shape in deck.slides[4].shapes if shape.name == "map"
    )


def test_drafts_are_stamped_and_plans_are_not(deck: Any) -> None:
    """On every slide that shows a mind map; boxes of a draft are dashed."""
    stamp = "ร่างจากแม่แบบ ยังไม่ผ่านการพิจารณา"
    for place, slide in enumerate(deck.slides):
        assert (stamp in texts(slide)) == (place in (1, 3, 4, 5)), place
    assert b"prstDash" in deck.slides[1].part.blob
    plan = opened(invented_slides(10, mind_map=PLAN))
    assert not any(stamp in texts(slide) for slide in plan.slides)
    assert b"prstDash" not in plan.slides[1].part.blob
    assert list(overfull(plan)) == []


def test_the_public_sees_no_draft() -> None:
    """Map and figures only."""
    made = opened(invented_slides(10, public=True, stops=("9901",)))
    assert len(made.slides) == 3
    assert not any("ร่าง" in words for slide in made.slides for words in texts(slide))
    assert "เผยแพร่ได้" in texts(made.slides[0])


def test_hostile_texts_stay_text_and_fit() -> None:
    """In every place of a mind map: what looks like code is text, and what has no end is parted between letters."""
    made = opened(invented_slides(10, mind_map=with_texts(PLAN, HOSTILE), stops=("9901",)))
    assert list(overfull(made)) == []
    written = " ".join(each for slide in made.slides for each in texts(slide)).replace(" ", "")
    assert [each for each in HOSTILE if normalise(each).replace(" ", "") not in written] == []


def test_long_plans_and_trees_go_on_over_slides() -> None:
    """No row is lost, none is cut; a mind map that no slide holds becomes a list."""
    long: MindMap = replace(PLAN, solutions=PLAN.solutions * 8, causes=PLAN.causes * 5, effects=PLAN.effects * 6)
    made = opened(invented_slides(10, mind_map=long, stops=("9901",)))
    assert list(overfull(made)) == []
    written = " ".join(words for slide in made.slides for words in texts(slide)).replace(" ", "")
    for solution in long.solutions:
        assert written.count(normalise(solution.objective).replace(" ", "")) >= 2 * 8
    assert any("(2/" in title for title in titles(made))
    high = replace(
        PLAN, goal="เป้าหมาย " * 40, causes=(replace(PLAN.causes[0], text="สาเหตุยืดยาว " * 250), *PLAN.causes[1:])
    )
    assert list(overfull(opened(invented_slides(10, mind_map=high)))) == []


def test_the_same_deck_has_the_same_bytes() -> None:
    """But for the time of printing, which stands in the core as well."""
    first = invented_slides(10, stops=("9901",)).pptx()
    assert invented_slides(10, stops=("9901",)).pptx() == first
    later = invented_slides(10, stops=("9901",), printed_at=PRINTED + timedelta(hours=1)).pptx()
    assert later != first
    core = Presentation(io.BytesIO(first)).core_properties
    assert core.created == core.modified == PRINTED.replace(tzinfo=None)
    assert "สมมุติบุรี" in core.title


@pytest.mark.shared
def test_a_real_province_fits_with_its_numbers_explained() -> None:
    """The fifty districts of the capital: numbers on the map, each in the table with its name."""
    made, area_map = _real("10")
    assert list(overfull(made)) == []
    written = [texts(slide) for slide in made.slides]
    assert any("เลขบนแผนที่" in words for words in written[0])
    tables = {words for slide in written[2:4] for words in slide}
    assert {shape.name for shape in area_map.shapes} <= tables


@pytest.mark.shared
@pytest.mark.proof
def test_all_provinces_and_the_country_fit() -> None:
    """Every deck of the country, with the first district of each province as a stop."""
    wrong = {}
    for code in (*all_province_codes(), "TH"):
        made, area_map = _real(code)
        found = list(overfull(made))
        names = {shape.name for shape in area_map.shapes} - {words for slide in made.slides for words in texts(slide)}
        if found or names:
            wrong[code] = (found, names)
    assert wrong == {}


def _real(code: str) -> tuple[Any, AreaMap]:
    area_map, ground, drawn = draw(*real_parts(code))
    stops = () if code == "TH" else (Stop(area_map, ground, drawn, next(iter(area_map.names))),)
    return opened(lay_slides(area_map, drawn, stops, PRINTED)), area_map
