"""The fiscal year whose plans a page opens at."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from boundaries.areas import AreaRecord
from layers.scope import Scope
from mapping.models import Plan
from mapping.plan_work import WorkState, within
from mapping.plans import readable


def year_with_plans(
    session: Session, scope: Scope, area: AreaRecord, running: date, states: Sequence[WorkState]
) -> date:
    """Return the first day of `running` where an area's plans stand in it, else of the newest year that has some.

    Of the plans that the reader may see, in the area and within it; `running` where there is none at all.
    """
    found = set(
        session.execute(
            select(Plan.fiscal_year).distinct().where(readable(scope), Plan.state.in_(states), within(area))
        ).scalars()
    )
    return running if running in found else max(found, default=running)
