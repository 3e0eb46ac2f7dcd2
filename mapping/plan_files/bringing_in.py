"""A plan that was read from a file as a new draft of an area; parts keep their ids where these are of our kind."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from boundaries.errors import SocialMapError
from boundaries.messages import Text, text
from layers.cases import new_id
from layers.dates import fiscal_year, fiscal_year_start
from layers.scope import Scope
from mapping.plan_asking import Step
from mapping.plan_fields import OF_ONE_AREA
from mapping.plan_files.values import FilePart, PlanFile
from mapping.plan_making import Made, added, create_from_steps
from mapping.plans import PlanRecord

FILE = "file:"
"""How the origin of a plan that came from a file begins."""


@dataclass(frozen=True)
class Brought:
    """A plan made of a file, and what its sender is told."""

    plan: PlanRecord
    parts: int
    notes: tuple[Text, ...]
    changes: Mapping[str, int] | None = None
    """Of a draft that was there before: how many parts were added, set, moved, removed, restored, linked, unlinked."""


class NoTarget(SocialMapError):
    """Neither the file nor whoever brings it in says of which area and problem it is."""

    key = "plan_files.no_target"


def target_of(
    file: PlanFile, area: str | None, problem: str | None, year: int | None, this_year: int
) -> tuple[str, str, date]:
    """Return area, problem and first day of the fiscal year: as asked for, else as the file says. Raises NoTarget."""
    code, of = area or file.about.area, problem or file.about.problem
    if not code or not of:
        raise NoTarget
    return code, of, fiscal_year_start(year or file.about.fiscal_year or this_year)


def create_from_file(
    session: Session,
    scope: Scope,
    area_code: str,
    problem_code: str,
    year: date,
    file: PlanFile,
    format: str,
    *,
    keep: bool = True,
) -> Brought:
    """Make a draft of what a file says; not to `keep` it tells what would come of it and leaves nothing.

    Where the file is of another area or year, what it says of that one alone is left out, as a copy leaves it out.
    Raises what insert_plan raises.
    """
    fit, notes = fitting(file, area_code, problem_code, year)
    with session.begin_nested() as held:
        origin = f"{FILE}{format}"
        steps = _steps(fit, None if format == "json" else origin)
        made = create_from_steps(session, scope, area_code, problem_code, year, steps, origin)
        if not keep:
            held.rollback()
    return Brought(made, len(fit.parts), (*file.notes, *notes))


def fitting(file: PlanFile, area: str, problem: str, year: date) -> tuple[PlanFile, list[Text]]:
    """Return what of a file fits a plan of an area, problem and year, and what is told about the rest."""
    about, notes = file.about, []
    other = about.area not in (None, area) or about.fiscal_year not in (None, fiscal_year(year))
    if other:
        count = sum(name in OF_ONE_AREA for part in file.parts for name in part.fields)
        parts = tuple(replace(part, fields=_general(part)) for part in file.parts)
        file = replace(file, parts=parts)
        if count:
            notes.append(text("plan_files.told.other_area", count=count))
    if about.problem not in (None, problem):
        notes.append(text("plan_files.told.other_problem", problem=about.problem))
    return file, notes


def _general(part: FilePart) -> dict[str, object]:
    return {name: value for name, value in part.fields.items() if name not in OF_ONE_AREA}


def _steps(file: PlanFile, origin: str | None) -> Iterator[Made]:
    ids = {part.id: own_id(part.id) for part in file.parts}
    for part in file.parts:
        parent = ids[part.parent] if part.parent is not None else None
        yield added(part.kind, parent, part.fields, part.origin or origin, ids[part.id])
    for link in file.links:
        start = ids[link.part]
        yield start, Step("link", start, new={"to": str(ids[link.to]), "kind": link.kind})


def own_id(name: str) -> UUID:
    """Return an id of our own spelling as it is, and a new one for any other name."""
    try:
        found = UUID(name)
    except ValueError:
        return new_id()
    return found if str(found) == name else new_id()
