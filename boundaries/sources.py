"""Where boundaries may come from: the four sources in order, their licences, and the credit line of every map."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from boundaries.dates import thai_date
from boundaries.editions import EditionRecord
from boundaries.messages import Text, text
from boundaries.yaml_files import read_yaml

if TYPE_CHECKING:
    from boundaries.importing import Provenance

CHECKSUM_SHOWN = 12
"""Characters of a checksum that a credit line shows."""
STATED = ("name", "licence", "citation_th", "citation_en", "reference_date")
"""What a user may state about a file; the rest is found out."""

Key = Literal["file", "default", "release", "outlines"]


@dataclass(frozen=True)
class Source:
    """One place that boundaries may come from."""

    key: Key
    order: int
    title: Text
    how: Text
    name: str
    detail: Literal["full", "light", "outline"]
    licence: str
    citation: Text
    reference_date: date | None
    checksum: str | None
    modified: bool


def list_sources() -> tuple[Source, ...]:
    """Return the sources in the order in which they are tried."""
    return tuple(
        Source(
            key=cast(Key, key),
            order=order,
            title=Text(**entry["title"]),
            how=Text(**entry["how"]),
            name=entry["name"],
            detail=entry["detail"],
            licence=entry["licence"],
            citation=Text(**entry["citation"]),
            reference_date=entry.get("reference_date"),
            checksum=entry.get("checksum"),
            modified=entry.get("modified", False),
        )
        for order, (key, entry) in enumerate(entries().items(), start=1)
    )


@cache
def entries() -> Mapping[str, Any]:
    """Return the table of sources as it is written."""
    table: Mapping[str, Any] = read_yaml(Path(__file__).with_name("sources.yaml"))
    return table


def get_source(key: Key) -> Source:
    """Return one source."""
    return next(source for source in list_sources() if source.key == key)


def provenance_of(path: Path, key: Key) -> "Provenance":
    """Say where a file comes from: a file we know by its checksum keeps its licence however it was named."""
    from boundaries.importing import checksum_of

    return _provenance(path.name, key, checksum_of([path]))


def stated_values(path: Path, provenance: "Provenance") -> dict[str, Any]:
    """Return what a provenance tells about a file beyond what we know or assume of it: what the user stated."""
    assumed = _provenance(path.name, provenance.source_key, provenance.checksum)
    told = {field: getattr(provenance, field) for field in STATED}
    return {field: value for field, value in told.items() if value != getattr(assumed, field)}


def _provenance(name: str, key: Key, checksum: str) -> "Provenance":
    from boundaries.importing import Provenance

    known = next((source for source in list_sources() if source.checksum == checksum), None)
    source = known or get_source("file")
    return Provenance(
        source_key=key,
        name=source.name if known else name,
        detail=source.detail,
        licence=source.licence,
        citation_th=source.citation.th,
        citation_en=source.citation.en,
        reference_date=source.reference_date,
        checksum=checksum,
        modified=source.modified,
    )


def credit(edition: EditionRecord, *, generalised: bool = True) -> Text:
    """Return the one line on every map: citation, licence, what was changed, date, how coarse it is, checksum.

    Of shapes in the edition's full detail it is not said that they were generalised.
    """
    thai, english = (" · ".join(_credit_parts(edition, language, generalised)) for language in ("th", "en"))
    return Text(thai, english)


def _credit_parts(edition: EditionRecord, language: str, generalised: bool) -> Iterator[str]:
    citation = edition.citation_th if language == "th" else edition.citation_en
    named = getattr(text("sources.credit", citation=citation, licence=edition.licence), language)
    if edition.modified or generalised:
        named += " " + getattr(text("sources.modified" if edition.modified else "sources.generalised"), language)
    yield named
    if edition.reference_date:
        day = edition.reference_date
        yield getattr(text("sources.dated", day_th=thai_date(day), day_en=day.isoformat()), language)
    if edition.detail != "full":
        yield getattr(text(f"sources.{edition.detail}"), language)
    if edition.checksum:
        yield getattr(text("sources.checksum", start=edition.checksum[:CHECKSUM_SHOWN]), language)


def missing_levels(edition: EditionRecord) -> Text | None:
    """Say plainly which levels an edition lacks and how to add them; None when it has all."""
    if edition.levels[-1] == "subdistrict":
        return None
    return text(f"sources.only_{edition.levels[-1]}")
