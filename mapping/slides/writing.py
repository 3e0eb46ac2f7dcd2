"""How shapes and Thai text are put on slides: complex-script fonts, language, lines broken before any program can cut.

All lengths are in mm, all sizes of type in pt. What a screen reader should pass over is marked as decoration.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from lxml import etree
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_CONNECTOR, MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Emu, Mm, Pt

from mapping.sheet.paper import PT
from mapping.styles import TOKENS
from mapping.thai_text import normalise

FONT = "Sarabun"
LANGUAGE = "th-TH"
LINE = 1.32
"""Height of a line in sizes of its type, as Sarabun asks for."""
DECORATION = "http://schemas.microsoft.com/office/drawing/2017/decorative"
DECORATIVE = "{C183D7F6-B498-43B3-948B-1728B52AA6E4}"
"""The name under which Office keeps that a shape is decoration."""
SLIDE = (Emu(12_192_000), Emu(6_858_000))
"""Width and height of a slide of 16:9, to the unit as presentation programs have it."""
Align = Literal["left", "center", "right"]
Box = tuple[float, float, float, float]
"""Left, top, width, height."""
ALIGNS = {"left": PP_ALIGN.LEFT, "center": PP_ALIGN.CENTER, "right": PP_ALIGN.RIGHT}
ANCHORS = {"top": MSO_ANCHOR.TOP, "middle": MSO_ANCHOR.MIDDLE, "bottom": MSO_ANCHOR.BOTTOM}


@dataclass(frozen=True)
class Words:
    """Lines of one type that belong together as a paragraph."""

    lines: Sequence[str]
    size: float
    bold: bool = False
    colour: str = TOKENS["ink"]
    lead: str = ""
    """A letter or number before the first line, the lines indented by it."""
    indent: float = 0.0


@dataclass(frozen=True)
class Look:
    """How a box is drawn and where its text stands in it; an empty colour draws nothing."""

    fill: str = ""
    edge: str = ""
    line: float = 1.0
    dashed: bool = False
    round: float = 0.0
    align: Align = "left"
    anchor: Literal["top", "middle", "bottom"] = "top"
    inset: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    """Left, top, right, bottom."""


PLAIN = Look()


def new_deck() -> Any:
    """Return an empty presentation of 16:9 whose own fonts are Sarabun."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = SLIDE
    for page in (deck.slide_master, *deck.slide_layouts):
        for shape in page.shapes:  # the template is 4:3, and of the same height
            shape.left, shape.width = round(shape.left * 4 / 3), round(shape.width * 4 / 3)
    theme = next(part.target_part for part in deck.slide_master.part.rels.values() if part.reltype.endswith("/theme"))
    root = etree.fromstring(theme.blob)
    for fonts in (*root.iter(qn("a:majorFont")), *root.iter(qn("a:minorFont"))):
        for script in ("latin", "ea", "cs"):
            fonts.find(qn(f"a:{script}")).set("typeface", FONT)
    theme._blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return deck


def rgb(colour: str) -> RGBColor:
    """Return a colour of the tokens as presentations have it."""
    return RGBColor.from_string(colour.lstrip("#").upper())


def put_words(slide: Any, box: Box, words: Sequence[Words], name: str, look: Look = PLAIN) -> Any:
    """Put text into a box of its own and return the shape."""
    if look.fill or look.edge:
        kind = MSO_SHAPE.ROUNDED_RECTANGLE if look.round else MSO_SHAPE.RECTANGLE
        shape = slide.shapes.add_shape(kind, *_emu(box))
        if look.round:
            shape.adjustments[0] = min(look.round / min(box[2], box[3]), 0.5)
        dress(shape, look)
    else:
        shape = slide.shapes.add_textbox(*_emu(box))
    shape.name = name
    fill_frame(shape.text_frame, words, look)
    return shape


def dress(shape: Any, look: Look) -> None:
    """Give a shape its fill and outline, and no shadow of the theme."""
    for style in shape._element.findall(qn("p:style")):
        shape._element.remove(style)  # an empty list of effects is not enough for every program
    if look.fill:
        shape.fill.solid()
        shape.fill.fore_color.rgb = rgb(look.fill)
    else:
        shape.fill.background()
    if not look.edge:
        shape.line.fill.background()
        return
    shape.line.color.rgb, shape.line.width = rgb(look.edge), Pt(look.line)
    if look.dashed:
        dash(shape.line._get_or_add_ln())


def dash(line: Any) -> None:
    """Make a line dashed."""
    made = etree.SubElement(line, qn("a:prstDash"))
    made.set("val", "dash")


def fill_frame(frame: Any, words: Sequence[Words], look: Look) -> None:
    """Write paragraphs into a frame of text; their lines are broken already."""
    frame.word_wrap = True  # without it LibreOffice centres every box
    frame.margin_left, frame.margin_top, frame.margin_right, frame.margin_bottom = (Mm(side) for side in look.inset)
    frame.vertical_anchor = ANCHORS[look.anchor]
    for place, each in enumerate(words):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        write(paragraph, each, look.align)


def write(paragraph: Any, words: Words, align: Align) -> None:
    """Write one paragraph: its lines parted by line breaks, so that it is read and edited as one."""
    paragraph.alignment = ALIGNS[align]
    # so many points, not a share: programs disagree on the height of Sarabun's lines
    paragraph.line_spacing = Pt(round(words.size * LINE, 1))
    if words.indent:
        properties = paragraph._p.get_or_add_pPr()
        properties.set("marL", str(Mm(words.indent)))
        properties.set("indent", str(-Mm(words.indent) if words.lead else 0))
    if words.lead:
        _run(paragraph, words.lead + "\t", words, bold=True)
    for place, line in enumerate(words.lines):
        if place:
            paragraph.add_line_break()
        _run(paragraph, line, words, bold=words.bold)
    # an empty paragraph would be as high as the template's type
    end = paragraph._p._add_endParaRPr() if paragraph._p.find(qn("a:endParaRPr")) is None else paragraph._p.endParaRPr
    end.set("lang", LANGUAGE)
    end.set("sz", str(round(words.size * 100)))


def _run(paragraph: Any, text: str, words: Words, *, bold: bool) -> None:
    run = paragraph.add_run()
    run.text = text
    font = run.font
    font.size, font.bold, font.name, font.color.rgb = Pt(words.size), bold, FONT, rgb(words.colour)
    properties = run._r.get_or_add_rPr()
    properties.set("lang", LANGUAGE)
    for script in ("a:ea", "a:cs"):  # Thai is a complex script: without it the theme's font is taken
        etree.SubElement(properties, qn(script)).set("typeface", FONT)


def bar(slide: Any, box: Box, colour: str) -> None:
    """Draw a filled rectangle that says nothing."""
    shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *_emu(box))
    dress(shape, Look(fill=colour))
    decorate(shape)


def circle(
    slide: Any, x: float, y: float, radius: float, look: Look, words: Sequence[Words] = (), name: str = ""
) -> Any:
    """Draw a circle around its middle, with words in it or as decoration."""
    box = (x - radius, y - radius, 2 * radius, 2 * radius)
    shape = slide.shapes.add_shape(MSO_SHAPE.OVAL, *_emu(box))
    dress(shape, look)
    if words:
        shape.name = name
        fill_frame(shape.text_frame, words, look)
    else:
        decorate(shape)
    return shape


def path(slide: Any, points: Sequence[tuple[float, float]], colour: str, *, dashed: bool = False) -> None:
    """Draw a line through points with an arrow's head at the last one."""
    corners = [(Mm(x), Mm(y)) for x, y in points]
    builder = slide.shapes.build_freeform(*corners[0], scale=1.0)
    builder.add_line_segments(corners[1:], close=False)
    shape = builder.convert_to_shape()
    dress(shape, Look(edge=colour, line=1.25, dashed=dashed))
    _head(shape.line._get_or_add_ln())
    decorate(shape)


def joined(slide: Any, one: Any, other: Any, sides: tuple[int, int], colour: str) -> None:
    """Join two shapes by a line that follows them when they are moved; sides count from the top against the clock."""
    line = slide.shapes.add_connector(MSO_CONNECTOR.STRAIGHT, 0, 0, 0, 0)
    line.begin_connect(one, sides[0])
    line.end_connect(other, sides[1])
    for style in line._element.findall(qn("p:style")):
        line._element.remove(style)
    line.line.color.rgb, line.line.width = rgb(colour), Pt(1.25)
    _head(line.line._get_or_add_ln())
    decorate(line)


def _head(line: Any) -> None:
    etree.SubElement(line, qn("a:tailEnd")).set("type", "triangle")


def picture(slide: Any, content: bytes, box: Box, alt: str, name: str) -> None:
    """Put a picture at its place; `alt` tells it to those who cannot see it."""
    import io

    shape = slide.shapes.add_picture(io.BytesIO(content), *_emu(box))
    shape.name = name
    tell(shape._element.nvPicPr.cNvPr, alt)


def tell(named: Any, alt: str) -> None:
    """Give a picture or table its alternative text."""
    named.set("descr", normalise(alt))


def decorate(shape: Any) -> None:
    """Mark a shape as decoration."""
    named = next(shape._element.iter(qn("p:cNvPr")))
    extensions = etree.SubElement(named, qn("a:extLst"))
    entry = etree.SubElement(extensions, qn("a:ext"), uri=DECORATIVE)
    etree.SubElement(entry, f"{{{DECORATION}}}decorative", val="1", nsmap={"adec": DECORATION})


def height_of(words: Sequence[Words]) -> float:
    """Return the height that paragraphs take."""
    return sum(len(each.lines) * each.size * LINE * PT for each in words)


def _emu(box: Box) -> tuple[Any, ...]:
    return tuple(Mm(side) for side in box)
