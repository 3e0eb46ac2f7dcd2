"""How a load of boundaries is told, whichever command asked for it: each source that is tried, and what came of it."""

from collections.abc import Iterator, Mapping
from typing import Any

from api.cli.common import errors
from boundaries import sources
from boundaries.editions import EditionRecord
from boundaries.loading import LoadReport
from boundaries.messages import Text, text
from boundaries.reading import shortened

SHOWN = 20
"""Lines of a long list that are shown."""


def say_source(key: sources.Key, step: str) -> None:
    """Tell on the error stream that a source is tried or why it failed; what `fetching.obtain` calls."""
    if step == "try":
        title = sources.get_source(key).title
        words = Text(text("loading.try", title=title.th).th, text("loading.try", title=title.en).en)
    else:
        words = text("loading.failed", reason=step)
    errors.print(f"{words.th} / {words.en}")


def load_texts(report: LoadReport) -> Iterator[Text]:
    """Say what a load did: the edition, what was mended, what the checks found, and which cases moved."""
    edition, imported = report.edition, report.imported
    if imported is None and report.activation is None:
        yield text("loading.already", id=edition.id, name=edition.name)
    else:
        key = "loading.active" if report.activation else "loading.draft"
        counts: Mapping[str, int | None] = imported.counts if imported else levels_of(edition)
        yield counted_text(key, counts, id=edition.id, name=edition.name)
    if imported and imported.mended:
        yield text("loading.mended", codes=shortened(list(imported.mended)))
    if imported and imported.cleaned:
        yield text("loading.cleaned")
    if report.check:
        yield from (finding.text for finding in report.check.findings)
    if report.activation:
        yield from moved_texts(report.activation.retagged)


def moved_texts(report: Any) -> Iterator[Text]:
    """Say which cases moved with the boundaries; nothing when `report` is None: there was no edition before."""
    if report is None:
        return
    yield text("loading.moved", moved=report.moved, cases=report.cases)
    for old, new, cases in report.moves[:SHOWN]:
        yield text("loading.move", old=old, new=new, cases=cases)
    if len(report.moves) > SHOWN:
        yield text("cli.more", count=len(report.moves) - SHOWN)
    if report.unresolved:
        yield text("loading.unresolved", codes=shortened([code for code, _ in report.unresolved]))


def edition_texts(edition: EditionRecord) -> Iterator[Text]:
    """Say which levels an edition lacks and whose it is."""
    missing = sources.missing_levels(edition)
    if missing:
        yield missing
    yield sources.credit(edition)


def counted_text(key: str, numbers: Mapping[str, int | None], **params: object) -> Text:
    """Return a sentence with levels and their numbers, each language in its own words."""
    named = {level: text(f"areas.level.{level}") for level in numbers}
    shown = {level: "" if number is None else f" {number:,}" for level, number in numbers.items()}
    thai = ", ".join(named[level].th + shown[level] for level in numbers)
    english = ", ".join(named[level].en + shown[level] for level in numbers)
    return Text(th=text(key, **params, counts=thai).th, en=text(key, **params, counts=english).en)


def levels_of(edition: EditionRecord) -> dict[str, int | None]:
    """Return an edition's levels for `counted_text`, where their numbers are not at hand."""
    return dict.fromkeys(edition.levels)
