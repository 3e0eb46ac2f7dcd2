"""`socialmap mindmap`: an area's plan as a file of another program, and such a file as a new draft."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console

from api.cli.common import DONE, REJECTED, database, told
from api.files import write_whole
from api.settings import Settings
from boundaries.dates import BANGKOK
from boundaries.messages import Text, text
from layers.dates import fiscal_year, fiscal_year_start
from layers.scope import Scope
from mapping.plan_files.errors import PlanFileLarge
from mapping.plan_files.values import LARGEST, MEGABYTE

app = typer.Typer(no_args_is_help=True, help="ผังความคิดเป็นแฟ้ม / Mind maps as files")
output = Console(highlight=False, markup=False, soft_wrap=True)

Problem = Annotated[str | None, typer.Option(help="รหัสปัญหา เช่น P08 / Code of the problem")]
Year = Annotated[
    int | None, typer.Option("--fiscal-year", min=2400, max=2743, help="ปีงบประมาณ พ.ศ. / Fiscal year, Buddhist era")
]
FormatName = Annotated[str | None, typer.Option(help="json mm opml md xmind")]
Json = Annotated[bool, typer.Option("--json", help="ตอบเป็น JSON / Answer in JSON")]


@app.command("export")
def write_file(
    area: Annotated[str, typer.Argument(help="รหัสพื้นที่ เช่น 70 หรือ 7001 / Code of the area")],
    problem: Problem = None,
    year: Year = None,
    format: FormatName = None,
    out: Annotated[Path | None, typer.Option(help="แฟ้มที่จะเขียน / File to write")] = None,
    draft: Annotated[bool, typer.Option("--draft", help="เอาร่าง แม้มีแผนที่อนุมัติแล้ว / The draft")] = False,
    as_json: Json = False,
) -> None:
    """เขียนแผนของพื้นที่เป็นแฟ้ม / Write an area's plan, the approved one first, and tell what the file cannot hold."""
    from api.plan_files.making import choose_plan, make_file, note_file
    from mapping.plan_files.formats import format_of, get_format

    with told(as_json):
        chosen = format_of(out.name) if out and not format else get_format(format or "json")
        with database(reason="export", recorded=False) as session:
            scope = Scope.system("export")
            plan = choose_plan(session, scope, area, problem, fiscal_year_start(year or _this_year()), draft=draft)
            made = make_file(session, scope, plan, chosen)
            note_file(session, scope, plan, made)
        path = out or Settings().socialmap_output / made.name  # on record before any file appears
        write_whole(path, made.content)
    if as_json:
        said = {"path": str(path), "bytes": len(made.content), "parts": made.parts, "plan": str(plan.id)}
        typer.echo(json.dumps(said | {"lacks": _plain(made.lacks)}, ensure_ascii=False))
        return
    words = text("plan_files.said.written", path=path, parts=made.parts, bytes=f"{len(made.content):,}")
    _say(words)
    for each in made.lacks:
        _say(text("plan_files.said.lacks", what_th=each.th, what_en=each.en))


@app.command("import")
def read_file(
    file: Annotated[Path, typer.Argument(help="แฟ้มแผน / File of a plan")],
    area: Annotated[str | None, typer.Option(help="รหัสพื้นที่ / Code of the area")] = None,
    problem: Problem = None,
    year: Year = None,
    format: FormatName = None,
    into: Annotated[UUID | None, typer.Option(help="ร่างแผนที่จะใส่ / Draft to bring it into")] = None,
    take_away: Annotated[
        bool, typer.Option("--take-away", help="นำส่วนที่แฟ้มไม่มีออก / Take away parts that the file does not have")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="ตรวจอย่างเดียว ไม่บันทึก / Check, write nothing")] = False,
    as_json: Json = False,
) -> None:
    """ทำร่างแผนจากแฟ้ม / Make a new draft of a file; area, problem and year are the file's own where not given.

    --into changes a draft that is there already to what the file says.
    """
    if into:
        _read_into(file, into, format, take_away=take_away, keep=not dry_run, as_json=as_json)
        return
    from api.plan_files.making import note_brought
    from mapping.plan_files.bringing_in import create_from_file, target_of
    from mapping.plan_files.formats import format_of, get_format, read_plan_file

    with told(as_json):
        chosen = get_format(format) if format else format_of(file.name)
        found = read_plan_file(file.name, _content(file), chosen)
        code, of, first = target_of(found, area, problem, year, _this_year())
        with database(reason="plan") as session:
            scope = Scope.system("plan")
            brought = create_from_file(session, scope, code, of, first, found, chosen, keep=not dry_run)
            if not dry_run:
                note_brought(session, scope, brought.plan, brought.parts)
    state = "checked" if dry_run else "brought"
    if as_json:
        plan = {} if dry_run else {"plan": str(brought.plan.id)}
        said = {"state": state, "area": code, "problem": of, "fiscal_year": fiscal_year(first)}
        typer.echo(
            json.dumps(said | plan | {"parts": brought.parts, "notes": _plain(brought.notes)}, ensure_ascii=False)
        )
    else:
        _say(text(f"plan_files.said.{state}", parts=brought.parts, id=brought.plan.id, area=code))
        for each in brought.notes:
            _say(each)
    raise typer.Exit(REJECTED if brought.notes else DONE)


def _read_into(file: Path, plan_id: UUID, format: str | None, *, take_away: bool, keep: bool, as_json: bool) -> None:
    from api.planning.noting import note_plan_change
    from mapping.plan_files.formats import format_of, get_format, read_plan_file
    from mapping.plan_files.updating import update_from_file

    with told(as_json):
        chosen = get_format(format) if format else format_of(file.name)
        found = read_plan_file(file.name, _content(file), chosen)
        with database(reason="plan") as session:
            scope = Scope.system("plan")
            made = update_from_file(session, scope, plan_id, found, chosen, take_away=take_away, keep=keep)
            changes = dict(made.changes or {})
            if keep and any(changes.values()):
                note_plan_change(session, scope, made.plan, "file", sum(changes.values()))
    state = "updated" if keep else "would_update"
    if as_json:
        said = {"state": state, "plan": str(plan_id), "parts": made.parts, "changes": changes}
        typer.echo(json.dumps(said | {"notes": _plain(made.notes)}, ensure_ascii=False))
    else:
        for each in (text(f"plan_files.said.{state}", id=plan_id), text("plan_files.changes", **changes), *made.notes):
            _say(each)
    raise typer.Exit(REJECTED if made.notes else DONE)


def _content(path: Path) -> bytes:
    """Return what a file holds; one that is too large is not read."""
    with path.open("rb") as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise PlanFileLarge(name=path.name, limit=LARGEST // MEGABYTE)
    return content


def _this_year() -> int:
    return fiscal_year(datetime.now(BANGKOK).date())


def _say(words: Text) -> None:
    output.print(words.th)
    output.print(words.en)


def _plain(words: tuple[Text, ...]) -> list[dict[str, str]]:
    return [{"th": each.th, "en": each.en} for each in words]
