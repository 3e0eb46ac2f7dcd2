"""`socialmap plan`: look at the plan of an area, begin a draft, note that a meeting approved it."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from sqlalchemy.orm import Session

from api.cli.common import database, told
from api.cli.recorded import note_plan
from boundaries.areas import get_area
from boundaries.dates import BANGKOK, thai_date
from boundaries.messages import text
from layers.dates import fiscal_year, fiscal_year_start
from layers.scope import Scope
from mapping.mindmaps import MindMap
from mapping.plan_approving import approve as approve_plan
from mapping.plan_making import create_copy, create_from_template
from mapping.plan_mind_map import to_mind_map
from mapping.plans import PlanRecord, get_tree, list_plans

app = typer.Typer(no_args_is_help=True, help="แผนของพื้นที่ / Plans of areas")
output = Console(highlight=False, markup=False, soft_wrap=True)

Area = Annotated[str, typer.Argument(help="รหัสพื้นที่ เช่น 70 หรือ 7001 / Code of the area")]
Problem = Annotated[str | None, typer.Option(help="รหัสปัญหา เช่น P08 / Code of the problem")]
Year = Annotated[int | None, typer.Option(min=2400, max=2743, help="ปีงบประมาณ พ.ศ. / Fiscal year, Buddhist era")]
Json = Annotated[bool, typer.Option("--json", help="ตอบเป็น JSON / Answer in JSON")]


@app.command()
def show(area: Area, problem: Problem = None, year: Year = None, as_json: Json = False) -> None:
    """แสดงแผนของพื้นที่เป็นเค้าโครง / Show the plans of an area as outlines."""
    with told(as_json), database(reason="plan") as session:
        get_area(session, area)
        first = fiscal_year_start(year) if year else None
        found = list_plans(session, _scope(), area=area, problem=problem, fiscal_year=first)
        if as_json:
            typer.echo(json.dumps([_plain(plan) for plan in found], ensure_ascii=False))
            return
        for plan in found:
            for line in _outline(plan, _drawn(session, plan)):
                output.print(line)
        if not found:
            words = text("plan.said.none")
            output.print(words.th)
            output.print(words.en)


@app.command()
def draft(
    area: Area,
    problem: Problem = None,
    year: Year = None,
    copy: Annotated[UUID | None, typer.Option(help="คัดลอกจากแผนนี้ / Copy this plan")] = None,
    as_json: Json = False,
) -> None:
    """เริ่มร่างแผนจากแม่แบบหรือจากแผนอื่น / Begin a draft from a problem's template, or as a copy of another plan."""
    with told(as_json), database(reason="plan") as session:
        first = fiscal_year_start(year or fiscal_year(_today()))
        if copy:
            made = create_copy(session, _scope(), area, copy, first)
        else:
            made = create_from_template(session, _scope(), area, problem or "", first)
        note_plan(session, made, "copy" if copy else "template")
        _say(made, as_json)


@app.command()
def approve(
    plan: Annotated[UUID, typer.Argument(help="รหัสแผน / Id of the plan")],
    meeting: Annotated[str, typer.Option(help="ชื่อการประชุมที่อนุมัติ / The meeting that approved it")],
    day: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="วันที่ ค.ศ. / The day")] = None,
    as_json: Json = False,
) -> None:
    """บันทึกว่าที่ประชุมอนุมัติแผน / Note that a meeting approved a draft; the plan before is superseded."""
    with told(as_json), database(reason="plan") as session:
        made = approve_plan(session, _scope(), plan, meeting, day.date() if day else _today(), _today())
        note_plan(session, made, "approve")
        _say(made, as_json)


def _scope() -> Scope:
    return Scope.system("plan")


def _today() -> date:
    return datetime.now(BANGKOK).date()


def _say(plan: PlanRecord, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(_plain(plan), ensure_ascii=False))
        return
    words = text(f"plan.said.{plan.state}", id=plan.id, year=fiscal_year(plan.fiscal_year), area=plan.area_code)
    output.print(words.th)
    output.print(words.en)


def _plain(plan: PlanRecord) -> dict[str, object]:
    approved = plan.approved_on.isoformat() if plan.approved_on else None
    what = {"id": str(plan.id), "area": plan.area_code, "problem": plan.problem_code, "state": plan.state}
    return what | {"fiscal_year": fiscal_year(plan.fiscal_year), "number": plan.number, "approved_on": approved}


def _drawn(session: Session, plan: PlanRecord) -> MindMap:
    return to_mind_map(plan, get_tree(session, plan), get_area(session, plan.area_code), _today())


def _outline(plan: PlanRecord, mind_map: MindMap) -> Iterator[str]:
    state = text(f"plan.{mind_map.state}").th
    yield f"{plan.id}  {mind_map.area_name}  {plan.problem_code}  {fiscal_year(plan.fiscal_year)}  {state}"
    if plan.approved_on:
        yield f"  {plan.approved_by}, {thai_date(plan.approved_on)}"
    yield f"  {mind_map.title} {mind_map.size}".rstrip()
    yield from (f"    ▸ {words}" for words in mind_map.effects)
    for number, cause in enumerate(mind_map.causes, start=1):
        yield f"    {number}. {cause.text}"
        yield from (f"       – {words}" for words in cause.roots)
    yield f"    ◎ {mind_map.goal}"
    for solution in mind_map.solutions:
        yield f"      {solution.objective}: {solution.text} ({', '.join(map(str, solution.addresses))})"
        for activity in solution.activities:
            facts = (
                activity.lead,
                activity.budget,
                activity.period,
                text(f"mapping.mindmap.status.{activity.status}").th,
            )
            yield f"        • {activity.text} [{' · '.join(fact for fact in facts if fact)}]"
    yield from (f"    + {words}" for words in mind_map.assets)
