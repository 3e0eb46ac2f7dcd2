"""How a Word document is dressed: Sarabun also for complex scripts, Thai as its language, heads of tables repeated.

Word takes font, size and weight of Thai from properties of their own (`cs`, `szCs`, `bCs`): without them Thai is set in
whatever the reader's machine has.
"""

from collections.abc import Sequence
from typing import Any

from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm

from mapping.styles import TOKENS

FONT = "Sarabun"
LANGUAGE = "th-TH"
WIDTH, HEIGHT, MARGIN = 297.0, 210.0, 16.0
"""A4 landscape in mm."""
STYLES = (
    ("Normal", 10.5, False, "ink"), ("Title", 20, True, "ink"), ("Subtitle", 12, False, "ink-2"),
    ("Heading 1", 14, True, "ink"), ("Heading 2", 12, True, "ink"), ("Caption", 9.5, False, "ink-2"),
    ("List Bullet", 10.5, False, "ink"), ("List Bullet 2", 10.5, False, "ink"), ("Header", 9.5, False, "ink-2"),
    ("Footer", 9, False, "ink-2"),
)  # fmt: skip
"""Style, size in pt, weight, colour."""


def dress(document: Any) -> None:
    """Set page, styles and language of a document."""
    section = document.sections[0]
    section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, Mm(WIDTH), Mm(HEIGHT)
    section.left_margin = section.right_margin = section.bottom_margin = Mm(MARGIN)
    section.top_margin, section.header_distance, section.footer_distance = Mm(20), Mm(9), Mm(8)
    for name, size, bold, colour in STYLES:
        _style(document.styles[name], size, colour, bold=bold)
    paragraphs = document.styles["Normal"].element.get_or_add_pPr()
    for name in ("w:autoSpaceDN", "w:autoSpaceDE"):  # no room is put between Thai letters and figures
        mark = OxmlElement(name)
        mark.set(qn("w:val"), "0")
        paragraphs.insert(0, mark)
    defaults = document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    _letters(defaults, 10.5)
    language = document.settings.element.find(qn("w:themeFontLang"))
    if language is not None:
        language.set(qn("w:bidi"), LANGUAGE)
    for name, before, after in (("Heading 1", 14, 4), ("Heading 2", 8, 2), ("Title", 0, 2), ("Subtitle", 0, 6)):
        shape = document.styles[name].paragraph_format
        shape.space_before, shape.space_after, shape.keep_with_next = Mm(before / 2.83), Mm(after / 2.83), True
    for border in document.styles["Title"].element.iter(qn("w:pBdr")):
        border.getparent().remove(border)
        break


def _style(style: Any, size: float, colour: str, *, bold: bool) -> None:
    properties = style.element.get_or_add_rPr()
    for child in list(properties):
        properties.remove(child)
    style.font.name, style.font.bold = FONT, bold
    from docx.shared import Pt, RGBColor

    style.font.size, style.font.color.rgb = Pt(size), RGBColor.from_string(TOKENS[colour].lstrip("#"))
    _letters(properties, size)
    if bold:
        strengthen(properties)


def _letters(properties: Any, size: float) -> None:
    """Give Thai the same font and size as Latin letters, and its language."""
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), FONT)
    for name in ("w:sz", "w:szCs"):
        found = properties.find(qn(name))
        if found is not None:
            properties.remove(found)
        found = OxmlElement(name)
        found.set(qn("w:val"), str(round(size * 2)))
        properties.append(found)
    language = properties.find(qn("w:lang"))
    if language is not None:
        properties.remove(language)
    language = OxmlElement("w:lang")
    for script in ("val", "eastAsia", "bidi"):
        language.set(qn(f"w:{script}"), LANGUAGE)
    properties.append(language)


def strengthen(properties: Any) -> None:
    """Make Thai bold where Latin letters are."""
    found = properties.find(qn("w:b"))
    mark = OxmlElement("w:bCs")
    if found is None:
        properties.append(mark)
    else:
        found.addnext(mark)


def add_run(paragraph: Any, words: str, *, bold: bool = False, size: float = 0.0, colour: str = "") -> None:
    """Write a text in its paragraph's style but for what is given."""
    from docx.shared import Pt, RGBColor

    run = paragraph.add_run(words)
    if bold:
        run.bold = True
    if colour:
        run.font.color.rgb = RGBColor.from_string(TOKENS[colour].lstrip("#"))
    if size:
        run.font.size = Pt(size)
        mark = OxmlElement("w:szCs")
        mark.set(qn("w:val"), str(round(size * 2)))
        run._r.rPr.find(qn("w:sz")).addnext(mark)
    if bold:
        strengthen(run._r.rPr)


def add_table(document: Any, heads: Sequence[str], widths: Sequence[float], rows: int, title: str, alt: str) -> Any:
    """Add an empty table whose first row is its head on every page; rows are never parted between pages."""
    table = document.add_table(rows + 1, len(heads), style="Table Grid")
    table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.LEFT
    properties = table._tbl.tblPr
    for name, words in (("w:tblCaption", title), ("w:tblDescription", alt)):
        mark = OxmlElement(name)
        mark.set(qn("w:val"), words)
        properties.append(mark)
    _borders(properties)
    for place, width in enumerate(widths):
        table.columns[place].width = Mm(width)
    for number, row in enumerate(table.rows):
        marks = row._tr.get_or_add_trPr()
        for name in ("w:cantSplit", *(("w:tblHeader",) if number == 0 else ())):
            marks.append(OxmlElement(name))
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)
            _tight(cell.paragraphs[0])
    for cell, head in zip(table.rows[0].cells, heads, strict=True):
        add_run(cell.paragraphs[0], head, bold=True)
        shade = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", TOKENS["sea"].lstrip("#"))):
            shade.set(qn(f"w:{name}"), value)
        cell._tc.get_or_add_tcPr().append(shade)
    return table


def _tight(paragraph: Any) -> None:
    paragraph.paragraph_format.space_after = paragraph.paragraph_format.space_before = Mm(0.4)


def _borders(properties: Any) -> None:
    """Draw thin lines between rows, and none between columns."""
    made = OxmlElement("w:tblBorders")
    for side, colour in (("top", "ink"), ("bottom", "ink"), ("insideH", "line")):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "6" if colour == "ink" else "4"), ("space", "0")):
            line.set(qn(f"w:{name}"), value)
        line.set(qn("w:color"), TOKENS[colour].lstrip("#"))
        made.append(line)
    for side in ("left", "right", "insideV"):
        line = OxmlElement(f"w:{side}")
        line.set(qn("w:val"), "nil")
        made.append(line)
    order = {"top": 0, "left": 1, "bottom": 2, "right": 3, "insideH": 4, "insideV": 5}
    made[:] = sorted(made, key=lambda one: order[one.tag.split("}")[1]])
    after = next(one for one in properties if one.tag in (qn("w:tblLayout"), qn("w:tblCellMar"), qn("w:tblLook")))
    after.addprevious(made)


def add_field(paragraph: Any, code: str) -> None:
    """Add a field such as the number of the page."""
    for kind, words in (("begin", ""), ("", code), ("end", "")):
        run = paragraph.add_run()
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = words
        run._r.append(mark)
