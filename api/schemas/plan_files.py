"""Plans as files, as they are asked for and answered."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.common import Schema, Words, to_words
from api.schemas.plans import Code, PlanLine, Year, to_plan_line
from boundaries.messages import Text
from mapping.plan_files.bringing_in import Brought
from mapping.plan_files.formats import Format


class Target(BaseModel):
    """Where a file's plan goes; what is not given, the file says itself. The fiscal year is in พ.ศ."""

    model_config = ConfigDict(extra="ignore")

    area: Code | None = None
    problem: Code | None = None
    fiscal_year: Year | None = None
    format: Annotated[str, Field(max_length=20)] | None = None
    into: UUID | None = None
    """A draft that is changed to what the file says; area, problem and year are then its own."""
    take_away: bool = False
    dry_run: bool = False


class PlanFileLine(Schema):
    """One file of a plan, and what of the plan it cannot hold."""

    format: Format
    media_type: str
    name: str
    lacks: list[Words]


class PlanFiles(Schema):
    """The files that a plan may be had as."""

    files: list[PlanFileLine]


class PlanFileTaken(Schema):
    """What came of a file: the draft, none where it was only checked, the file's number of parts, and what is told.

    `changes` of a draft that was there before: how many parts were added (`add`), `set`, `move`, `remove`, `restore`,
    and how many links it has more (`link`) and fewer (`unlink`).
    """

    plan: PlanLine | None
    parts: int
    changes: dict[str, int] | None
    notes: list[Words]


def to_plan_file_line(format: Format, media_type: str, name: str, lacks: list[Text]) -> PlanFileLine:
    """Return one file in its public form."""
    return PlanFileLine(format=format, media_type=media_type, name=name, lacks=[to_words(each) for each in lacks])


def to_plan_file_taken(brought: Brought, *, kept: bool) -> PlanFileTaken:
    """Return what came of a file in its public form."""
    notes = [to_words(each) for each in brought.notes]
    plan, changes = to_plan_line(brought.plan) if kept else None, brought.changes
    return PlanFileTaken(
        plan=plan, parts=brought.parts, changes=None if changes is None else dict(changes), notes=notes
    )
