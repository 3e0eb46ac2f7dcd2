"""What the templates of the desk write: names of areas, problems and statuses, and marks of urgencies."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from markupsafe import Markup
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from api.plan_work.asked import today_in_bangkok
from boundaries.areas import find_areas
from boundaries.codes import COUNTRY
from boundaries.dates import BANGKOK
from boundaries.messages import Text, text
from layers.agencies import agencies
from layers.cases import CaseRecord
from layers.referrals import FOLLOWS
from layers.taxonomy import (
    CLOSED,
    ENDED,
    MERGED,
    REFERRED,
    assistance_kinds,
    close_reasons,
    get_problem,
    get_target_group,
    statuses,
    urgencies,
    welfare_systems,
)
from layers.time_limits import limited_steps
from mapping.case_map_svg import urgency_mark


def known_words() -> dict[str, Any]:
    """Return what the templates of the desk call."""
    return {
        "problem_of": get_problem,
        "group_of": get_target_group,
        "statuses": statuses(),
        "urgencies": urgencies(),
        "close_reasons": close_reasons(),
        "ended": ENDED,
        "CLOSED": CLOSED,
        "MERGED": MERGED,
        "REFERRED": REFERRED,
        "agencies": agencies(),
        "follows": FOLLOWS,
        "welfare_systems": welfare_systems(),
        "assistance_kinds": assistance_kinds(),
        "step_name": step_name,
        "is_late": is_late,
        "mark": mark,
        "waited": waited,
        "short_id": short_id,
    }


def mark(code: str) -> Markup:
    """Return an urgency's mark, markup of ours."""
    return Markup(urgency_mark(code))  # noqa: S704


def short_id(case_id: UUID) -> str:
    """Return the last letters of an id, by which people speak of a case."""
    return case_id.hex[-6:].upper()


def step_name(step: str) -> str:
    """Return the name of a step that has a time limit, in Thai."""
    return limited_steps()[step].th if step in limited_steps() else text("desk.visit").th


def is_late(deadline: datetime) -> bool:
    """Say whether a deadline is over."""
    return deadline < datetime.now(BANGKOK)


def waited(since: date | datetime) -> int:
    """Return for how many days something has waited, by the days of Thailand."""
    day = since.astimezone(BANGKOK).date() if isinstance(since, datetime) else since
    return max((today_in_bangkok() - day).days, 0)


def area_names(session: Session, codes: Iterable[str | None]) -> Mapping[str, Text]:
    """Return the name of each area with that of its district; a code that is unknown names itself."""
    wanted = {code for code in codes if code}
    found = find_areas(session, wanted | {code[:4] for code in wanted if len(code) > 4})
    names = {}
    for code in wanted:
        one, above = found.get(code), found.get(code[:4]) if len(code) > 4 else None
        if one is None:
            names[code] = text("desk.area_unknown") if code == "00" else Text(code, code)
        else:
            th = f"{one.full_name_th} {above.full_name_th}" if above else one.full_name_th
            names[code] = Text(th, f"{one.name_en}, {above.name_en}" if above else one.name_en)
    return names


def account_names(session: Session, ids: Iterable[UUID | None]) -> Mapping[UUID, str]:
    """Return the names of accounts. The session is the product's own: staff do not read accounts."""
    asked = sql("SELECT id, name FROM account WHERE id = ANY (:ids)")
    return {row.id: row.name for row in session.execute(asked, {"ids": [one for one in set(ids) if one]})}


def list_serving(session: Session, case: CaseRecord) -> list[Any]:
    """Return id, name and kind of the units that serve one of a case's areas."""
    codes = [case.province_code, case.district_code, case.subdistrict_code, case.values.village_code, COUNTRY]
    return list(session.execute(_SERVING, {"codes": [code for code in codes if code]}))


_SERVING = sql(
    "SELECT u.id, u.name_th, u.name_en, u.kind FROM unit AS u WHERE EXISTS (SELECT FROM unit_area AS a"
    " WHERE a.unit_id = u.id AND a.area_code = ANY (:codes)) ORDER BY u.key"
)
