"""What every slide has around its content: title, subject, stamps, office, small print, number, notes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree
from pptx.oxml.ns import qn

from boundaries.messages import text
from mapping.area_map import AreaMap
from mapping.mindmaps import MindMap
from mapping.screen import Screen
from mapping.sheet import words as said
from mapping.sheet.pages import SheetFull
from mapping.sheet.paper import PT
from mapping.sheet.parts import Imprint
from mapping.slides.writing import LINE, Box, Look, Words, bar, picture, put_words
from mapping.styles import TOKENS

HEAD, BELOW_HEAD = 26.0, 3.6
"""Where the rule under the title stands, and how far below it the content begins."""
FOOT, SHORT_FOOT, ABOVE_FOOT = 6.0, 8.8, 2.2
"""From the edge to the small print, its greatest height but on slides of maps, and from there to the content."""
LEAST = 5.0
"""The smallest type that a text is tried in."""
LOGO = (16.0, 14.0)
IMPRINT = (78.0, 140.0)
"""Least and greatest width of office and time of printing, in mm."""
TITLE_ONLY = 5
"""The template's layout that holds a title and nothing else."""


@dataclass(frozen=True)
class Stamp:
    """A framed word at the top of a slide."""

    words: str
    colour: str
    filled: bool = False
    dashed: bool = False


@dataclass(frozen=True)
class Show:
    """A presentation that is being made."""

    deck: Any
    paper: Screen
    imprint: Imprint
    logo: bytes | None = None


@dataclass(frozen=True)
class Opened:
    """A slide with its frame, and where its content may begin and end."""

    slide: Any
    top: float
    bottom: float

    @property
    def height(self) -> float:
        """Room for the content."""
        return self.bottom - self.top


def content_room(paper: Screen) -> float:
    """Return the height that content has on every slide with a short foot."""
    return paper.height - HEAD - BELOW_HEAD - FOOT - SHORT_FOOT - ABOVE_FOOT


def fitted(
    paper: Screen, words: str, room: float, high: float, size: float, *, bold: bool = False, colour: str = TOKENS["ink"]
) -> Words:
    """Return a text in the largest type, at most `size`, in which it fits a width and a height. Raises SheetFull."""
    tried = size
    while tried >= LEAST:
        lines = paper.lines(words, room, tried, 700 if bold else 400)
        if len(lines) * tried * LINE * PT <= high + 0.01:
            return Words(lines, tried, bold, colour)
        tried -= 0.5
    raise SheetFull(part=words[:40], need=f"{len(lines) * LEAST * LINE * PT:.0f}", room=f"{high:.0f}")


def stamps_of(area_map: AreaMap, mind_map: MindMap | None = None) -> list[Stamp]:
    """Return the stamps of a slide: invented figures, the audience, and that a mind map is a draft."""
    audience = area_map.figures.audience
    found = [Stamp(text("page.invented").th, TOKENS["late"], filled=True)] if area_map.figures.invented else []
    found.append(Stamp(said.audience_stamp(area_map), TOKENS["ink"], filled=audience == "internal"))
    if mind_map is not None and mind_map.stamp is not None:
        found.append(Stamp(mind_map.stamp.th, TOKENS["late"], dashed=True))
    return found


def open_slide(show: Show, area_map: AreaMap, title: str, stamps: Sequence[Stamp], *, whole: bool = False) -> Opened:
    """Add a slide with its frame; with `whole` its foot holds all of the small print."""
    paper, slide = show.paper, show.deck.slides.add_slide(show.deck.slide_layouts[TITLE_ONLY])
    left = paper.margin
    if show.logo:
        picture(slide, show.logo, (left, 8.0, *LOGO), text("slides.alt.logo").th, "logo")
        left += LOGO[0] + 3
    stamped, imprinted = _right(show, slide, stamps)
    room = stamped - 6 - left
    head = fitted(paper, title, room, 12.0, paper.sizes["title"], bold=True)
    _title(slide, (left, 6.0, room, 12.0), head)
    room = imprinted - 4 - left
    words = fitted(paper, said.subject(area_map), room, 7.0, paper.sizes["subtitle"], colour=TOKENS["ink-2"])
    put_words(slide, (left, 18.0, room, 7.0), [words], "subject", Look(anchor="middle"))
    bar(slide, (paper.margin, HEAD, paper.width - 2 * paper.margin, 0.8), TOKENS["ink"])
    bottom = _foot(show, slide, area_map, whole=whole)
    _note(show, slide, area_map, title, stamps)
    return Opened(slide, HEAD + BELOW_HEAD, bottom - ABOVE_FOOT)


def _title(slide: Any, box: Box, head: Words) -> None:
    """Fill the slide's own title, by which programs list slides and screen readers name them."""
    from pptx.util import Mm

    from mapping.slides.writing import fill_frame

    shape = slide.shapes.title
    shape.left, shape.top, shape.width, shape.height = (Mm(side) for side in box)
    fill_frame(shape.text_frame, [head], Look(anchor="middle"))


def _right(show: Show, slide: Any, stamps: Sequence[Stamp]) -> tuple[float, float]:
    """Put stamps, and under them office and time, at the right of the head; return where each of the two begins."""
    paper, size = show.paper, 10.5
    x = edge = paper.width - paper.margin
    for each in reversed(stamps):
        wide = paper.width_of(each.words, size, 700) * 1.05 + 5
        x -= wide
        fill, ink = (each.colour, TOKENS["paper"]) if each.filled else (TOKENS["paper"], each.colour)
        look = Look(fill, each.colour, 1.2, each.dashed, 0.8, "center", "middle")
        put_words(slide, (x, 7.0, wide, 7.2), [Words([paper.words(each.words)], size, True, ink)], "stamp", look)
        x -= 1.8
    note, size = paper.sizes["note"], 10.0
    room = min(max(paper.width_of(show.imprint.office, size, 700) * 1.05, IMPRINT[0]), IMPRINT[1])
    office = fitted(paper, show.imprint.office, room, 6.6, size, bold=True)
    printed = fitted(paper, said.printed_line(show.imprint.printed_at), room, 4.5, note, colour=TOKENS["ink-2"])
    put_words(slide, (edge - room, 14.5, room, 6.6), [office], "office", Look(align="right", anchor="middle"))
    put_words(slide, (edge - room, 20.9, room, 4.6), [printed], "printed", Look(align="right", anchor="middle"))
    return x + 1.8, edge - room


def _foot(show: Show, slide: Any, area_map: AreaMap, *, whole: bool) -> float:
    """Put the small print and the slide's number under everything; return where the foot begins."""
    paper = show.paper
    room, low = paper.width - 2 * paper.margin - 14, paper.height - FOOT
    words = said.small_print(area_map) if whole else area_map.notes[0] if area_map.notes else ""
    small = fitted(paper, words, room, 16.0 if whole else SHORT_FOOT, paper.sizes["note"] - 0.5, colour=TOKENS["ink-2"])
    high = max(len(small.lines), 1) * small.size * LINE * PT
    top = low - high
    put_words(slide, (paper.margin, top, room, high), [small], "small print")
    box = (paper.width - paper.margin - 12, low - 5.0, 12.0, 5.0)
    shape = put_words(slide, box, [Words([""], 9, colour=TOKENS["ink-2"])], "number", Look(align="right"))
    _number(shape)
    return top


def _number(shape: Any) -> None:
    """Let a box show its slide's number, whatever becomes of the order."""
    run = next(shape._element.iter(qn("a:r")))
    field = etree.Element(qn("a:fld"), id="{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}", type="slidenum")
    field.extend(list(run))
    field.find(qn("a:t")).text = "‹#›"
    run.getparent().replace(run, field)


def _note(show: Show, slide: Any, area_map: AreaMap, title: str, stamps: Sequence[Stamp]) -> None:
    """Write sources and all that a speaker may be asked into the notes."""
    words = text(
        "slides.notes",
        title=title,
        subject=said.subject(area_map),
        stamps=" · ".join(each.words for each in stamps),
        said=said.headline(area_map),
        small=said.small_print(area_map),
        office=show.imprint.office,
        printed=said.printed_line(show.imprint.printed_at),
    ).th
    frame = slide.notes_slide.notes_text_frame
    for place, line in enumerate(words.split("\n")):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        run = paragraph.add_run()
        run.text = show.paper.words(line)
        run._r.get_or_add_rPr().set("lang", "th-TH")
