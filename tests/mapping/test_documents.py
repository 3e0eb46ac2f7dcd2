"""Documents: read back by other libraries, the same figures as the map, hostile texts stay text, the same bytes."""

import io
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from openpyxl import load_workbook

from mapping.legends import number
from mapping.thai_text import normalise
from tests.api.test_maps import needs_libraries
from tests.mapping.documents_by_hand import (
    HOSTILE,
    invented_document,
    invented_parts,
    invented_picture,
    invented_slides,
    with_texts,
)
from tests.mapping.example_a import EXAMPLE_A
from tests.mapping.sheets_by_hand import PRINTED
from tests.office import fonts_of, needs_office, pages_of, to_pdfs

pytestmark = needs_libraries
PLAN = replace(EXAMPLE_A, area_code="99", area_name="จังหวัดสมมุติบุรี")
STAMP = "ร่างจากแม่แบบ ยังไม่ผ่านการพิจารณา"


def document(content: bytes) -> Any:
    return Document(io.BytesIO(content))


def workbook(content: bytes) -> Any:
    return load_workbook(io.BytesIO(content))


def words_of(opened: Any) -> str:
    cells = [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in opened.paragraphs] + cells)


def test_a_word_file_has_headings_repeated_heads_and_thai_letters() -> None:
    """Real styles, landscape A4, heads of tables marked, alternative texts, complex-script font, size and language."""
    opened = document(invented_document().docx())
    styles = [paragraph.style.name for paragraph in opened.paragraphs if paragraph.text]
    assert styles.count("Title") == 1
    assert styles.count("Heading 1") == 4
    section = opened.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (297, 210)
    figures, plan = opened.tables
    for table in (figures, plan):
        assert [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows][:2] == [True, False]
        assert table._tbl.tblPr.find(qn("w:tblDescription")).get(qn("w:val"))
    for style in ("Normal", "Heading 1", "Title"):
        properties = opened.styles[style].element.rPr
        assert properties.find(qn("w:rFonts")).get(qn("w:cs")) == "Sarabun"
        assert properties.find(qn("w:szCs")).get(qn("w:val")) == properties.find(qn("w:sz")).get(qn("w:val"))
        assert properties.find(qn("w:lang")).get(qn("w:bidi")) == "th-TH"
    assert "เส้นประ" not in opened.inline_shapes[0]._inline.docPr.get("descr")
    assert "จังหวัดสมมุติบุรี" in opened.inline_shapes[0]._inline.docPr.get("descr")
    assert STAMP in section.header.paragraphs[0].text
    assert len(plan.rows) == 1 + sum(len(one.activities) for one in invented_parts()[0].mind_maps["99"].solutions)


def test_figures_are_those_of_the_map_in_both_files() -> None:
    """The same numbers, hidden ones as words, codes as text, heads frozen, the whole in the last row."""
    area_map, _ = invented_parts()
    made = invented_document()
    rows = {row.cells[0].text: [cell.text for cell in row.cells] for row in document(made.docx()).tables[0].rows}
    sheet = workbook(made.xlsx()).worksheets[0]
    cells = {row[0].value: row for row in sheet.iter_rows()}
    assert sheet.freeze_panes == "C2"
    for code in area_map.names:
        figure, written, row = area_map.figure(code), rows[code], cells[code]
        assert row[0].data_type == "s"
        assert row[0].number_format == "@"
        assert row[4].value == pytest.approx(figure.value)
        assert row[5].value == pytest.approx(figure.low)
        if figure.cases is None:
            assert row[2].data_type == "s"
            assert not any(isinstance(cell.value, int | float) for cell in (row[2], *row[4:7]))
            assert written[2] == row[2].value == "<5"
            assert written[4:7] == ["–", "–", "–"]
        else:
            assert row[2].value == figure.cases
            assert row[2].number_format == "#,##0"
            assert written[2] == number(figure.cases)
    whole = area_map.figures.total
    assert [cell.value for cell in cells["99"]][2:5] == [
        whole.cases, whole.denominator, pytest.approx(whole.value)
    ]  # fmt: skip


def test_the_workbook_says_where_everything_comes_from() -> None:
    """Sources, denominator, audience, state of the plan, what remarks mean; printed in landscape with stamps above."""
    book = workbook(invented_document().xlsx())
    assert len(book.worksheets) == 3
    said = {row[0].value: row[1].value for row in book.worksheets[2].iter_rows()}
    assert said["สถานะแผน"] == STAMP
    assert said["ผู้รับ"] == "เอกสารสำหรับคณะกรรมการ"
    assert said["แหล่งข้อมูล"] == "ตัวอย่างที่แต่งขึ้น"
    plan = book.worksheets[1]
    assert STAMP in plan.oddHeader.right.text
    assert plan.print_title_rows == "$1:$1"
    indicators = sum(
        len(activity.indicators) for one in invented_parts()[0].mind_maps["99"].solutions for activity in one.activities
    )
    assert plan.max_row == 1 + indicators


def test_hostile_texts_stay_text() -> None:
    """No formula, no broken XML, nothing lost but what no file may hold."""
    made = invented_document(mind_map=with_texts(PLAN, HOSTILE), office="=1+1 & <สำนักงาน>\x00")
    book = workbook(made.xlsx())
    values = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in values} == {"s", "n"}
    formulas = [cell for cell in values if str(cell.value).startswith("=")]
    assert formulas
    assert all(cell.quotePrefix for cell in formulas)
    written = "\n".join(str(cell.value) for cell in values)
    for words in (words_of(document(made.docx())), written):
        assert [each for each in HOSTILE if normalise(each) not in words] == []
        assert "=1+1 & <สำนักงาน>" in words


def test_the_public_gets_figures_alone() -> None:
    """No draft, no plan, no stamp of one."""
    made = invented_document(public=True)
    opened = document(made.docx())
    assert len(opened.tables) == 1
    assert "ร่าง" not in words_of(opened) + opened.sections[0].header.paragraphs[0].text
    assert [sheet.title for sheet in workbook(made.xlsx()).worksheets] == ["ตัวเลข", "ที่มาและคำอธิบาย"]


def test_the_same_document_has_the_same_bytes() -> None:
    """But for the time of making, which is also the core's."""
    first = invented_document()
    again = invented_document()
    assert (first.docx(), first.xlsx()) == (again.docx(), again.xlsx())
    assert invented_document(printed_at=PRINTED + timedelta(days=1)).xlsx() != first.xlsx()
    assert document(first.docx()).core_properties.modified.replace(tzinfo=None) == PRINTED.replace(tzinfo=None)
    assert workbook(first.xlsx()).properties.modified == PRINTED.replace(tzinfo=None)


@needs_office
def test_libreoffice_opens_all_of_them_and_shows_every_name(tmp_path: Path) -> None:
    """As PDF: the pages expected, in Sarabun, with title, names and figures; hostile files open as well."""
    hostile, made = with_texts(PLAN, HOSTILE), invented_document()
    files = {
        "slides.pptx": invented_slides(stops=("9901",)).pptx(),
        "document.docx": made.docx(),
        "book.xlsx": made.xlsx(),
        "hostile.pptx": invented_slides(mind_map=hostile).pptx(),
        "hostile_book.xlsx": invented_document(mind_map=hostile).xlsx(),
        "hostile_document.docx": invented_document(mind_map=hostile).docx(),
    }
    paths = [tmp_path / name for name in files]
    for path, content in zip(paths, files.values(), strict=True):
        path.write_bytes(content)
    area_map, _ = invented_parts()
    pdfs = to_pdfs(paths, tmp_path)
    shown = [pages_of(pdf) for pdf in pdfs]
    assert [len(pages) for pages in shown[:3]] == [5, 5, 3]
    for pdf, pages in zip(pdfs[:3], shown[:3], strict=True):
        assert "Sarabun" in fonts_of(pdf)
        words = "\n".join(pages)
        lines = [line.replace(" ", "") for line in words.split("\n")]
        for code, name in area_map.names.items():
            figure, short = area_map.figure(code), name.removeprefix("อำเภอ")
            cases = "<5" if figure.cases is None else number(figure.cases)
            assert any(short in line and cases in line.split(short, 1)[1] for line in lines), (pdf.name, name, cases)
        for said in ("จังหวัดสมมุติบุรี", "เอกสารสำหรับคณะกรรมการ", STAMP):
            assert said in words, (pdf.name, said)
    for pages in shown[3:]:
        words = "\n".join(pages)
        assert "=cmd()" in words
        assert "alert(1)" in words


@pytest.mark.parametrize("size", [(1920, 1080), (1080, 1920), (7680, 640)])
def test_pictures_have_exactly_their_size(size: tuple[int, int]) -> None:
    """To the pixel; what cannot be drawn is told."""
    from PIL import Image

    from mapping.sheet.pages import SheetFull
    from mapping.sheet.placing import NoRoom

    try:
        made = invented_picture(10, width=size[0], height=size[1])
    except (SheetFull, NoRoom):
        assert size == (7680, 640)
        return
    with Image.open(io.BytesIO(made.png())) as picture:
        assert picture.size == size


def test_an_svg_holds_outlines_and_says_what_it_shows() -> None:
    """One root of the stated size, no text that a viewer could set wrongly, names and figures in its description."""
    from xml.etree import ElementTree

    made = invented_picture(10)
    content = made.svg()
    assert invented_picture(10).svg() == content
    root = ElementTree.fromstring(content)
    space = "{http://www.w3.org/2000/svg}"
    assert (root.get("width"), root.get("height"), root.get("role")) == ("1920", "1080", "img")
    assert list(root.iter(f"{space}text")) == []
    assert root.find(f"{space}title").text == made.area_map.title
    said = root.find(f"{space}desc").text
    for code, name in made.area_map.names.items():
        figure = made.area_map.figure(code)
        assert name in said
        if figure.state == "hidden":
            assert f"{name}: <5" in said


@pytest.mark.parametrize("count", [3, 10, 40])
def test_pictures_are_sound(count: int) -> None:
    """No overlap on them, every area named on the map or in its key, all blocks within the page."""
    from mapping.sheet.canvas import Canvas

    made = invented_picture(count)
    blocks = [block for block in made.page.blocks if isinstance(block.content, Canvas)]
    assert [list(block.content.overlaps()) for block in blocks] == [[] for _ in blocks]  # type: ignore[union-attr]
    written = {text.text for block in blocks for text in block.content.texts}  # type: ignore[union-attr]
    for block in made.page.blocks:
        if not isinstance(block.content, Canvas):
            written |= {"".join(cell["lines"]) for row in block.content.rows for cell in row}
    for shape in made.area_map.shapes:
        spot = next(spot for spot in made.drawn.spots if spot.label.code == shape.code)
        whole = "".join(words for words, _, _ in spot.lines)
        assert shape.name in written or shape.name in whole
