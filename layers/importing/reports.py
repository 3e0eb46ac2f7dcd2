"""What an import tells: rows taken, refused or waiting for a person, repairs that would help, and where cases fall."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from boundaries.errors import SocialMapError
from boundaries.matching import Candidate, Named
from boundaries.messages import Text

KEPT = 1_000
"""So many refused rows are kept one by one; all are counted, and all are written to a file where one is asked for."""


class RefusedRow(SocialMapError):
    """A row that cannot become a record; `key` says why."""

    def __init__(self, key: str, **params: object) -> None:
        self.key = key
        super().__init__(**params)


@dataclass(frozen=True)
class Refused:
    """A row that was not taken, by its number in the file, why, and the name of the reason."""

    row: int
    key: str
    reason: Text


@dataclass(frozen=True)
class NameToDecide:
    """A name that no area was surely found for, with how many rows bear it and the first of them."""

    named: Named
    rows: int
    first_row: int
    candidates: tuple[Candidate, ...]
    why: Text | None


@dataclass(frozen=True)
class WordToDecide:
    """A word that stands for no code of the taxonomy that we know, with how many rows bear it."""

    role: str
    word: str
    rows: int
    first_row: int
    candidates: tuple[str, ...]


@dataclass(frozen=True)
class Repair:
    """Another way to read coordinates that puts rows into the areas they state; offered, never taken by itself."""

    name: str
    words: Text
    rows: int
    first_row: int


@dataclass(frozen=True)
class PointSeen:
    """A point of the preview: row number and degrees (EPSG:4326), with how its area was found."""

    row: int
    lat: float
    lon: float
    match: str


@dataclass(frozen=True)
class ImportReport:
    """What became of a file's rows. `written` is False when nothing was kept: a dry run, or rows not taken."""

    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: tuple[Refused, ...] = ()
    """The first `KEPT` refused rows."""
    refused_rows: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)
    """Refused rows by the name of the reason."""
    names: tuple[NameToDecide, ...] = ()
    words: tuple[WordToDecide, ...] = ()
    waiting_rows: int = 0
    """Rows that wait for a name or a word to be decided; not taken."""
    repairs: tuple[Repair, ...] = ()
    repaired_rows: int = 0
    """Rows whose coordinates were read in a way that a person accepted."""
    left_out: Mapping[str, int] = field(default_factory=dict)
    """Rows that are no record, by kind: total, footnote, repeated_header."""
    hidden_rows: int = 0
    """Rows that the workbook hides; they are taken like others."""
    matches: Mapping[str, int] = field(default_factory=dict)
    """Accepted rows by how their place was found: inside, nearest, stated, conflict, outside."""
    cases: int = 0
    """How many cases the accepted rows stand for: one each, or the numbers of a table of counts."""
    areas: Mapping[str, int] = field(default_factory=dict)
    """Accepted cases by the code of their district, of their province where no more is known, 00 without any."""
    points: tuple[PointSeen, ...] = ()
    """Some of the accepted points, spread over the file."""
    without_area: int = 0
    linked_rows: int = 0
    """Rows that mean a case which a phone had brought; they are linked to it and make no second one."""
    doubles: tuple[tuple[int, str], ...] = ()
    """Rows that look like a case of another source: the same problem, day and place; told, never refused."""
    doubled_rows: int = 0
    gone: tuple[str, ...] = ()
    """Some of the external ids that the source brought before and this file lacks; they stay."""
    gone_rows: int = 0
    not_renewed: tuple[str, ...] = ()
    """Some of those that this file holds in rows that were not taken; they stay as they were before."""
    not_renewed_rows: int = 0
    status_kept: tuple[str, ...] = ()
    """Some of the ids whose stated status no steps lead to; the rest of the row is taken."""
    status_kept_rows: int = 0
    uncounted_rows: int = 0
    """Rows that state a status which is no case: they come in, and no figure counts them."""
    written: bool = False
    run_id: int | None = None

    @property
    def good(self) -> bool:
        """Say whether every row that holds a record could be taken."""
        return not (self.refused_rows or self.waiting_rows)
