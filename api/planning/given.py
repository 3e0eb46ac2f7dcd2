"""What the page of a plan is given as one JSON value: the plan, who may do what, the rules of its parts, the words."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, get_args

from fastapi import FastAPI, Request
from sqlalchemy.orm import Session

from api.auth.asking import Caller
from api.auth.depends import csrf_of
from api.schemas.plans import WholePlan
from boundaries.areas import list_areas
from boundaries.dates import BANGKOK, MONTHS_SHORT
from boundaries.messages import catalogue
from layers.assets import list_assets
from layers.scope import Scope
from layers.taxonomy import problems
from mapping.mindmaps import Direction, SolutionType, WelfareSystem
from mapping.plan_fields import FIELDS, PARENTS, SCORES, StoredStatus
from mapping.plans import PlanRecord, sees_work

API = "/api/v1/plans"
MOST_ASSETS = 500
"""Assets of a plan's area that are offered."""
WORDS = (
    "plan.page.", "plan.kind.", "plan.letter.", "plan.field.", "plan.fieldhint.", "plan.choice.", "plan.origin.",
    "plan.state.", "plan.bad_parent", "plan.goal_taken", "plan.root_stays", "mapping.mindmap.status.late",
)  # fmt: skip
"""How the keys begin whose sentences the page's script says."""
CHOICES: Mapping[str, tuple[str, ...]] = {
    "type": get_args(SolutionType),
    "welfare_system": get_args(WelfareSystem),
    "status": get_args(StoredStatus),
    "direction": get_args(Direction),
}
CONTROLS: Mapping[str, str] = {
    **dict.fromkeys(("text", "note", "size", "evidence"), "text"),
    **dict.fromkeys(("lead", "budget_source", "unit", "baseline", "target", "actual"), "short"),
    "joint": "list",
    **dict.fromkeys(("starts_on", "ends_on"), "day"),
    **dict.fromkeys(("budget", "fiscal_year"), "number"),
    **dict.fromkeys(SCORES, "score"),
    **dict.fromkeys(CHOICES, "choice"),
    "filter": "filter",
    "asset_id": "asset",
}
"""The control of each field; a field without one is not on the form: policies are chosen on a page of their own."""


def page_value(
    request: Request,
    session: Session,
    scope: Scope,
    caller: Caller | None,
    plan: PlanRecord,
    whole: WholePlan,
) -> dict[str, Any]:
    """Return everything that the page's script is told, as JSON values."""
    return {
        "plan": whole.model_dump(mode="json"),
        "api": f"{API}/{plan.id}",
        "account": str(caller.id) if caller else "",
        "csrf": csrf_of(request, caller.token if caller else None),
        "may": rights(scope, plan),
        "events": _has(request.app, "/events"),
        "bindings": _has(request.app, "/bindings"),
        "today": datetime.now(BANGKOK).date().isoformat(),
        "months": MONTHS_SHORT,
        "parents": PARENTS,
        "fields": {kind: list(fields) for kind, fields in FIELDS.items()},
        "controls": CONTROLS,
        "choices": CHOICES,
        "problems": [
            ("", catalogue()["plan.page.own_problem"].th),
            *((one.code, one.short_th) for one in problems().values()),
        ],
        "assets": [[str(one.id), one.name_th] for one in list_assets(session, plan.area_code)[:MOST_ASSETS]],
        "areas": {area.code: area.full_name_th for area in list_areas(session, "province")} | _near(session, plan),
        "words": _words(WORDS),
    }


def rights(scope: Scope, plan: PlanRecord) -> dict[str, bool]:
    """Say what somebody may do with a plan, as its routes decide it."""
    own = plan.state == "draft" and scope.covers(plan.area_code)
    edit = own and scope.may("plan.write")
    approve = own and scope.may("plan.approve")
    return {"edit": edit, "branch": edit, "approve": approve, "history": sees_work(scope, plan)}


def _near(session: Session, plan: PlanRecord) -> dict[str, str]:
    return {area.code: area.full_name_th for area in list_areas(session, "district", plan.province_code)}


def _has(app: FastAPI, ending: str) -> bool:
    """Say whether the interface has an address of a plan with this ending; the page does without what there is not."""
    return f"{API}/{{plan_id}}{ending}" in app.openapi()["paths"]


def _words(begins: tuple[str, ...]) -> dict[str, dict[str, str]]:
    return {key: {"th": words.th, "en": words.en} for key, words in catalogue().items() if key.startswith(begins)}
