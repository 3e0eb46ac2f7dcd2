"""The skeleton of a meeting's minutes as a Word file: the five items of a Thai committee's agenda, portrait A4.

What the product knows stands in it: figures of each stop, what earlier meetings resolved, and what this one did.
"""

import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm

from boundaries.dates import thai_date
from boundaries.messages import text
from mapping.briefing.show import Show, follow_up_row
from mapping.briefing.steps import facts, stop_title
from mapping.briefing.stops import ShownStop
from mapping.documents.styles import add_field, add_run, add_table, dress
from mapping.documents.words import plain
from mapping.meetings import MeetingRecord
from mapping.packing import packed
from mapping.resolutions import ResolutionRecord
from mapping.sheet import words as said

WIDTH, HEIGHT, LEFT, RIGHT = 210.0, 297.0, 30.0, 20.0
"""A4 portrait in mm, with the margins of Thai official letters."""
ROOM = WIDTH - LEFT - RIGHT
SHARES = (17, 45, 32, 36)
BLANKS = 3
"""Lines to be filled in by hand under a heading of persons."""


def write_minutes(
    show: Show, earlier: MeetingRecord | None, resolutions: Sequence[ResolutionRecord], written_at: datetime
) -> bytes:
    """Return the minutes as DOCX; the same meeting and time give the same bytes."""
    document = Document()
    dress(document)
    _portrait(document)
    _edges(document, show)
    _opening(document, show.meeting)
    _item(document, 1)
    _blank(document, 2)
    _adopting(document, earlier)
    _arising(document, show)
    _considered(document, show, resolutions)
    _item(document, 5)
    _resolved(document, [one for one in resolutions if one.stop_id is None])
    _ending(document)
    _describe(document.core_properties, show, written_at)
    made = io.BytesIO()
    document.save(made)
    return packed(made.getvalue(), written_at)


def _portrait(document: Any) -> None:
    section = document.sections[0]
    section.orientation, section.page_width, section.page_height = WD_ORIENT.PORTRAIT, Mm(WIDTH), Mm(HEIGHT)
    section.left_margin, section.right_margin = Mm(LEFT), Mm(RIGHT)
    section.top_margin = section.bottom_margin = Mm(22)


def _edges(document: Any, show: Show) -> None:
    """Put for whom it is and that it is a draft above, the page's number below every page."""
    section = document.sections[0]
    invented = any(stop.area_map.figures.invented for stop in show.stops)
    stamps = [text("minutes.stamp").th, *show.stamps, *([text("page.invented").th] if invented else [])]
    add_run(section.header.paragraphs[0], " · ".join(stamps), bold=True, colour="late")
    foot = section.footer.paragraphs[0]
    add_run(foot, f"{plain(show.meeting.name.th)} · {text('minutes.page').th} ")
    add_field(foot, "PAGE")


def _opening(document: Any, meeting: MeetingRecord) -> None:
    heads = (
        ("minutes.title", {"committee": meeting.committee}),
        ("minutes.number", {"number": meeting.number, "year": meeting.year}),
        ("minutes.when", {"day": thai_date(meeting.held_on, "long")}),
        ("minutes.place", {"place": meeting.place}),
    )
    for key, given in heads:
        line = document.add_paragraph(style="Title" if key == "minutes.title" else "Subtitle")
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        add_run(line, plain(text(key, **given).th), bold=key != "minutes.place")
    for key in ("minutes.present", "minutes.absent", "minutes.attending"):
        add_run(document.add_paragraph(style="Heading 2"), text(key).th)
        for number in range(1, BLANKS + 1):
            add_run(document.add_paragraph(), f"{number}. {'.' * 90}")
    add_run(document.add_paragraph(), text("minutes.begun").th, bold=True)


def _item(document: Any, number: int) -> None:
    words = text("minutes.item", number=number, words=text(f"meeting.agenda.{number}").th).th
    add_run(document.add_paragraph(style="Heading 1"), words)


def _blank(document: Any, lines: int) -> None:
    for _ in range(lines):
        add_run(document.add_paragraph(), "." * 110, colour="ink-2")


def _adopting(document: Any, earlier: MeetingRecord | None) -> None:
    _item(document, 2)
    words = text("minutes.adopt_none").th
    if earlier is not None:
        day = thai_date(earlier.held_on, "long")
        words = text("minutes.adopt", number=earlier.number, year=earlier.year, day=day).th
    add_run(document.add_paragraph(), plain(words))
    _line(document, text("minutes.resolved").th, "." * 70)


def _arising(document: Any, show: Show) -> None:
    _item(document, 3)
    rows = [follow_up_row(one) for one in show.follow_ups]
    if not rows:
        add_run(document.add_paragraph(), text("minutes.nothing").th)
        return
    heads = [text(f"meeting.{name}").th for name in ("resolution", "text", "lead_due", "became")]
    widths = [ROOM * share / sum(SHARES) for share in SHARES]
    title = text("meeting.agenda.3").th
    alt = text("slides.alt.table", title=title, rows=len(rows)).th
    table = add_table(document, heads, widths, len(rows), title, alt)
    for target, (*cells, late) in zip(table.rows[1:], rows, strict=True):
        for place, (cell, words) in enumerate(zip(target.cells, cells, strict=True)):
            alarm = late and place == len(cells) - 1
            add_run(cell.paragraphs[0], plain(str(words)), bold=alarm, colour="late" if alarm else "")


def _considered(document: Any, show: Show, resolutions: Iterable[ResolutionRecord]) -> None:
    _item(document, 4)
    if not show.stops:
        add_run(document.add_paragraph(), text("minutes.nothing").th)
    held = list(resolutions)
    for number, stop in enumerate(show.stops, start=1):
        head = document.add_paragraph(style="Heading 2")
        add_run(head, plain(f"4.{number} {stop.name}: {stop_title(stop)}"))
        _stop(document, stop)
        _resolved(document, [one for one in held if one.stop_id == stop.record.id])


def _stop(document: Any, stop: ShownStop) -> None:
    """Write what a stop showed: its note, figures, causes and solutions."""
    for words in (stop.record.note or "").split("\n"):
        if words:
            add_run(document.add_paragraph(), plain(words))
    _lead(document, text("minutes.figures").th)
    told = [f"{one.big} {one.unit} {one.words}" for one in facts(stop)]
    _bullets(document, [*told, said.subject(stop.area_map)])
    mind_map = stop.mind_map
    if mind_map is None or "mind_map" not in stop.record.shows:
        return
    stamp = f" ({mind_map.stamp.th})" if mind_map.stamp is not None else ""
    problem = text("minutes.problem", words=f"{mind_map.title} {mind_map.size}".strip()).th
    _lead(document, plain(problem + stamp))
    for key, nodes in (("causes", mind_map.causes), ("solutions", mind_map.solutions)):
        _lead(document, text(f"minutes.{key}").th)
        _bullets(document, [one.text for one in nodes])


def _lead(document: Any, words: str) -> None:
    """Write a bold line that stays with what follows."""
    line = document.add_paragraph()
    line.paragraph_format.keep_with_next = True
    line.paragraph_format.space_after = Mm(0.8)
    add_run(line, words, bold=True)


def _bullets(document: Any, lines: Iterable[str]) -> None:
    for words in lines:
        line = document.add_paragraph(style="List Bullet")
        line.paragraph_format.space_after = Mm(0.6)
        add_run(line, plain(" ".join(words.split())))


def _resolved(document: Any, resolutions: Sequence[ResolutionRecord]) -> None:
    """Write what was resolved, or room for it."""
    if not resolutions:
        _line(document, text("minutes.resolved").th, "." * 70)
        return
    add_run(document.add_paragraph(), text("minutes.resolved").th, bold=True, colour="solution")
    for one in resolutions:
        add_run(
            document.add_paragraph(), plain(text("minutes.resolution", label=one.label, text=one.text).th), bold=True
        )
        more = [text("minutes.lead", lead=one.lead).th] if one.lead else []
        more += [text("minutes.due", day=thai_date(one.due_on, "long")).th] if one.due_on else []
        add_run(document.add_paragraph(), plain(" · ".join([text(f"meeting.kind.{one.kind}").th, *more])))


def _line(document: Any, name: str, words: str) -> None:
    paragraph = document.add_paragraph()
    add_run(paragraph, f"{name} ", bold=True, colour="solution")
    add_run(paragraph, words)


def _ending(document: Any) -> None:
    add_run(document.add_paragraph(), "")
    add_run(document.add_paragraph(), text("minutes.ended").th, bold=True)
    for key in ("minutes.taker", "minutes.checker"):
        for words in (f"({'.' * 50})", text(key).th):
            line = document.add_paragraph()
            line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            add_run(line, words)


def _describe(core: Any, show: Show, written_at: datetime) -> None:
    core.title = core.subject = plain(show.meeting.name.th)[:255]
    core.author = core.last_modified_by = plain(show.meeting.committee)[:255]
    core.keywords, core.comments = text("slides.keywords").th, ""
    core.category, core.language = show.stamps[0], "th-TH"
    core.created = core.modified = written_at.astimezone(UTC).replace(tzinfo=None)
    core.revision = 1
