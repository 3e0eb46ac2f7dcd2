"""A print read from an address: the names are those of the map's own page."""

from typing import Annotated, Literal

from fastapi import Query

from api.dependencies import PLAIN, CodePath, CodeQuery, TextQuery
from api.prints.wanted import Measure, Wanted
from boundaries.areas import AreaNotFound
from boundaries.codes import BadCode, level_of
from layers.classification import Method

MOST_OFFICE = 120
"""Letters of an office's name."""


def asked(
    code: CodePath,
    paper: Annotated[str, Query(max_length=4, pattern=PLAIN)] = "A3",
    orientation: Annotated[Literal["landscape", "portrait"], Query()] = "landscape",
    thai_digits: Annotated[bool, Query()] = False,
    problem: CodeQuery = None,
    period: TextQuery = None,
    measure: Annotated[Measure | None, Query()] = None,
    method: Annotated[Method | None, Query()] = None,
    breaks: TextQuery = None,
    fill: Annotated[bool, Query()] = False,
    office: Annotated[str | None, Query(max_length=MOST_OFFICE, pattern=PLAIN)] = None,
    logo: Annotated[bool, Query()] = False,
) -> Wanted:
    """Read a print from an address; empty fields are what is usual. Raises AreaNotFound, BadPaper, BadBreaks."""
    try:
        level_of(code)
    except BadCode as wrong:
        raise AreaNotFound(code=code[:80]) from wrong
    named = " ".join((office or "").split()) or None
    wanted = Wanted(
        code, paper.upper(), orientation, thai_digits, problem or None, period or None, measure, method,
        breaks or None, fill, named, logo,
    )  # fmt: skip
    wanted.to_paper()
    wanted.classes()
    return wanted
