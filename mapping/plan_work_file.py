"""What plans add up to as a file: a line for each area, state, source of budget and status, to be added up at will."""

from sqlalchemy.orm import Session

from boundaries.editions import get_active
from boundaries.messages import Text, text
from layers.dates import fiscal_year
from layers.exporting.areas import boundary_credit
from layers.exporting.content import About, Column, Content, Value, check_size, shapes_array
from layers.periods import parse_period
from layers.scope import Scope
from mapping.plan_work import RollUp, WorkRow

COLUMNS = (
    Column("code"), Column("name_th"), Column("name_en"), Column("fiscal_year", "whole"), Column("plan_state"),
    Column("plan_state_th"), Column("budget_source"), Column("work_status"), Column("work_status_th"),
    Column("activities", "whole"), Column("budget_baht", "number"), Column("unpriced", "whole"),
    Column("as_of", "date"),
)  # fmt: skip


def work_content(session: Session, scope: Scope, found: RollUp) -> Content:
    """Collect the lines of a roll-up; they have no shapes. Raises ExportLarge."""
    check_size(len(found.rows))
    year = fiscal_year(found.fiscal_year)
    period = parse_period(f"fy{year}")
    names = {"area_th": found.area.full_name_th, "area_en": found.area.name_en or found.area.code}
    return Content(
        name="plan-work",
        about=About(
            title=text("plan.work.file_title", year=year, **names),
            audience=scope.audience,
            as_of=found.today,
            sources=(),
            boundaries=boundary_credit(get_active(session)),
            period=Text(period.th(), period.en()),
            notes=(text("plan.work.counted"), text("plan.work.own_area")),
        ),
        columns=COLUMNS,
        rows=tuple(_line(found, row, year) for row in found.rows),
        shapes=shapes_array([None] * len(found.rows)),
        shape_kind="Point",
        key="code",
    )


def _line(found: RollUp, row: WorkRow, year: int) -> tuple[Value, ...]:
    area = found.names[row.code]
    said = (row.state, text(f"plan.work.state.{row.state}").th, row.source)
    status = (row.status, text(f"mapping.mindmap.status.{row.status}").th)
    names = (row.code, area.full_name_th, area.name_en, year)
    return (*names, *said, *status, row.activities, float(row.budget), row.unpriced, found.today)
