"""What the pages and answers about work are asked for: an area and a fiscal year, with what stands in for neither."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from fastapi import Depends, Query

from api.dependencies import Asking, CodeQuery
from api.schemas.plans import Year
from boundaries.codes import COUNTRY
from boundaries.dates import BANGKOK
from layers.dates import fiscal_year, fiscal_year_start
from layers.scope import Scope


@dataclass(frozen=True)
class WorkQuery:
    """An area by its code, the first day of a fiscal year, and the day on which it is said what is late."""

    area: str
    first: date
    today: date

    @property
    def year(self) -> int:
        """The fiscal year in พ.ศ."""
        return fiscal_year(self.first)


def asked_work(
    scope: Asking, area: CodeQuery = None, fiscal_year_: Annotated[Year | None, Query(alias="fiscal_year")] = None
) -> WorkQuery:
    """Read what is asked: without an area the asker's own, or the country; without a year the one that runs."""
    today = today_in_bangkok()
    return WorkQuery(area or own_area(scope), fiscal_year_start(fiscal_year_ or fiscal_year(today)), today)


def today_in_bangkok() -> date:
    """Return the day that it is in Thailand."""
    return datetime.now(BANGKOK).date()


def own_area(scope: Scope) -> str:
    """Return the one area that holds all of a scope's, or the country."""
    areas = sorted(scope.areas or ())
    if not areas:
        return COUNTRY
    if len(areas) == 1:
        return areas[0]
    return areas[0][:2] if len({code[:2] for code in areas}) == 1 else COUNTRY


Asked = Annotated[WorkQuery, Depends(asked_work)]
