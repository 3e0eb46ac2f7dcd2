"""What a row says of its area in words, and what these words were found to mean."""

from dataclasses import dataclass
from typing import Literal

from boundaries.messages import Text


@dataclass(frozen=True)
class Named:
    """What a row says of its area: raw text of its columns, None where it has none.

    `address` is free text in which names may stand; `code` is a stated code, taken as context and never as an answer.
    """

    province: str | None = None
    district: str | None = None
    subdistrict: str | None = None
    address: str | None = None
    code: str | None = None


@dataclass(frozen=True)
class Candidate:
    """An area that may be meant: its code, full Thai path (อำเภอจอมบึง จังหวัดราชบุรี) and likeness from 0 to 100."""

    code: str
    name: str
    score: float


@dataclass(frozen=True)
class Match:
    """What was found: a code only when it is sure; else the candidates, best first, and why a person must decide.

    `nothing` means that the row names no area at all.
    """

    code: str | None
    state: Literal["sure", "review", "nothing"]
    score: float
    candidates: tuple[Candidate, ...] = ()
    why: Text | None = None
