"""The data dictionary that goes with every file: what each column means, and what is told about all rows."""

from collections.abc import Iterator
from dataclasses import dataclass

from boundaries.messages import text as message
from layers.exporting.content import Content

HEADINGS = ("part", "name", "kind", "title_th", "title_en", "meaning_th", "meaning_en")


@dataclass(frozen=True)
class Entry:
    """One line: a column with its meaning, or a fact about the file with its words."""

    part: str
    name: str
    kind: str
    title_th: str
    title_en: str
    meaning_th: str
    meaning_en: str

    def values(self) -> tuple[str, ...]:
        """Return its cells, in the order of HEADINGS."""
        return tuple(getattr(self, name) for name in HEADINGS)


def entries(content: Content) -> Iterator[Entry]:
    """Give the facts about the file, its columns, then the entries of its legend."""
    for name, words in content.about.facts():
        title = message(f"export.fact.{name}")
        yield Entry("about", name, "text", title.th, title.en, words.th, words.en)
    for column in content.columns:
        title, meaning = column.title, column.meaning
        yield Entry("column", column.name, column.kind, title.th, title.en, meaning.th, meaning.en)
    for fill in content.style.fills if content.style else ():
        yield Entry("legend", fill.colour, "text", fill.label.th, fill.label.en, fill.label.th, fill.label.en)
