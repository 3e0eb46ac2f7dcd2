"""Cases in a file, for those who may read them: what was stated of a case, nothing of whom it concerns.

Which cases is decided by the database, for the scope of its session. The exact place stays behind: a file cannot be
called back when somebody is to be forgotten. A point stands for the finest area known.
"""

from datetime import date

import shapely
from sqlalchemy.orm import Session

from boundaries.areas import AreaRecord, get_area, list_areas, list_levels
from boundaries.codes import COUNTRY
from boundaries.editions import get_active
from boundaries.messages import Text
from boundaries.messages import text as message
from layers.case_lists import CaseLine, list_cases
from layers.exporting.areas import area_names, boundary_credit
from layers.exporting.content import MOST_ROWS, About, Column, Content, Value, check_size, shapes_array
from layers.taxonomy import get_problem, statuses

COLUMNS = (
    Column("id"), Column("problem"), Column("problem_th"), Column("problem_en"), Column("status", "whole"),
    Column("status_th"), Column("status_en"), Column("urgency"), Column("sensitivity"),
    Column("reported_on", "date"), Column("date_precision"), Column("stands_for", "whole"), Column("province_code"),
    Column("district_code"), Column("subdistrict_code"), Column("area_th"),
)  # fmt: skip
"""The white list: whatever else is known of a case does not leave this way."""


def cases_content(
    session: Session,
    today: date,
    within: str,
    *,
    problem: str | None = None,
    status: int | None = None,
    secret: bool = True,
) -> Content:
    """Collect the cases that the session may read, newest first; those of level L3 only where `secret`.

    Raises AreaNotFound, ExportLarge.
    """
    area = get_area(session, within)
    found = list_cases(session, within=area.code, problem=problem, status=status, limit=MOST_ROWS + 1)
    check_size(len(found))
    kept = [one for one in found if secret or one.sensitivity != "L3"]
    places = _places(session, within)
    edition = get_active(session)
    return Content(
        name="cases",
        about=About(
            title=message("export.title.cases", **area_names(area)),
            audience="internal",
            as_of=today,
            sources=(),
            boundaries=boundary_credit(edition),
            notes=(message("export.note.cases"), message("export.note.place"), message("export.note.internal")),
        ),
        columns=COLUMNS,
        rows=tuple(_row(one, places) for one in kept),
        shapes=shapes_array([_point(places.get(one.area_code)) for one in kept]),
        shape_kind="Point",
        key="id",
    )


def _places(session: Session, within: str) -> dict[str, AreaRecord]:
    around = None if within == COUNTRY else within[:2]
    return {area.code: area for level in list_levels(session) for area in list_areas(session, level, around)}


def _point(area: AreaRecord | None) -> shapely.Point | None:
    return shapely.Point(area.label_lon, area.label_lat) if area else None


def _row(one: CaseLine, places: dict[str, AreaRecord]) -> tuple[Value, ...]:
    problem, status = get_problem(one.problem_code), statuses()[one.status]
    words, area = Text(status.th, status.en), places.get(one.area_code)
    return (
        str(one.id),
        one.problem_code,
        problem.th,
        problem.en,
        one.status,
        words.th,
        words.en,
        one.urgency,
        one.sensitivity,
        one.reported_on,
        one.date_precision,
        one.cases,
        one.province_code,
        one.district_code,
        one.subdistrict_code,
        area.full_name_th if area else None,
    )
