"""A file that was sent becomes a draft of the area, problem and year asked for, or changes a draft that is there."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Engine

from api.database import transaction
from api.plan_files.making import note_brought
from api.planning.noting import note_plan_change
from boundaries.dates import BANGKOK
from layers.dates import fiscal_year
from layers.scope import Scope
from mapping.plan_files.bringing_in import Brought, create_from_file, target_of
from mapping.plan_files.formats import Format
from mapping.plan_files.updating import update_from_file
from mapping.plan_files.values import PlanFile


def this_year() -> int:
    """Return the fiscal year of today in พ.ศ."""
    return fiscal_year(datetime.now(BANGKOK).date())


def take(
    engine: Engine,
    scope: Scope,
    file: PlanFile,
    format: Format,
    *,
    area: str | None,
    problem: str | None,
    year: int | None,
    keep: bool,
) -> Brought:
    """Make a draft of a file on behalf of somebody, on record; not to `keep` it leaves nothing.

    Raises what create_from_file raises.
    """
    target = target_of(file, area, problem, year, this_year())
    with transaction(engine, scope) as session:
        brought = create_from_file(session, scope, *target, file, format, keep=keep)
        if keep:
            note_brought(session, scope, brought.plan, brought.parts)
    return brought


def take_into(
    engine: Engine, scope: Scope, plan_id: UUID, file: PlanFile, format: Format, *, take_away: bool, keep: bool
) -> Brought:
    """Change a draft to what a file says on behalf of somebody, on record; not to `keep` it leaves nothing.

    Raises what update_from_file raises.
    """
    with transaction(engine, scope) as session:
        brought = update_from_file(session, scope, plan_id, file, format, take_away=take_away, keep=keep)
        done = sum((brought.changes or {}).values())
        if keep and done:
            note_plan_change(session, scope, brought.plan, "file", done)
    return brought
