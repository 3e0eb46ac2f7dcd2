"""Bringing files in on the command line: `import` itself, and `imports`, which lists, undoes and settles names."""

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from api.cli import import_names
from api.cli.common import DONE, FAILED, REJECTED, database, errors, fail, told, working
from api.cli.import_words import Json, output, say, say_file, say_report
from api.cli.recorded import note_import, note_undo
from api.files import write_whole
from boundaries.errors import SocialMapError
from boundaries.messages import Text, text
from layers.files.table import Asked
from layers.importing import (
    Asking,
    ImportReport,
    Recipe,
    checksum_of,
    import_table,
    named_source,
    open_file,
    propose,
    source_of,
)
from layers.importing.recipes import get_recipe, list_recipes, read_recipe, write_recipe
from layers.importing.refused_file import RefusedFile
from layers.importing.said import Said


class GuessedCrs(SocialMapError):
    """A file whose coordinate system follows from its numbers alone is not brought in before a person confirmed it."""

    key = "import.crs_guessed"


app = typer.Typer(no_args_is_help=True, help="การนำเข้า: แบบ รายการ ยกเลิก ชื่อพื้นที่ / Imports: template, list, undo, names")


def import_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="แฟ้มที่จะนำเข้า / The file")],
    recipe: Annotated[str | None, typer.Option(help="ชื่อหรือแฟ้มของวิธีอ่าน / Name or file of a recipe")] = None,
    target: Annotated[str | None, typer.Option(help="cases · figures · assets")] = None,
    column: Annotated[
        list[str] | None, typer.Option("--column", help="ROLE=หัวคอลัมน์ ใช้ซ้ำได้ / ROLE=HEADING, repeatable")
    ] = None,
    fix: Annotated[
        list[str] | None, typer.Option("--fix", help="ROLE=ค่าเดียวทุกแถว / ROLE=one value for all rows")
    ] = None,
    word: Annotated[list[str] | None, typer.Option("--word", help="ROLE:คำในแฟ้ม=รหัส / ROLE:WORD=CODE")] = None,
    drop: Annotated[list[str] | None, typer.Option("--drop", help="หัวคอลัมน์ที่ไม่นำเข้า / Heading to leave out")] = None,
    keep: Annotated[
        list[str] | None,
        typer.Option("--keep", help="หัวคอลัมน์ที่ยอมให้นำเข้าแม้ดูเป็นข้อมูลส่วนบุคคล / Heading to keep though it looks personal"),
    ] = None,
    repair: Annotated[
        list[str] | None, typer.Option("--repair", help="วิธีแก้พิกัดที่ยอมรับ / Accepted repair of positions")
    ] = None,
    source: Annotated[str | None, typer.Option(help="ชื่อแหล่งข้อมูล / Name of the source")] = None,
    period: Annotated[str | None, typer.Option(help="ปีของแฟ้มที่ไม่ระบุปี / Year of a file that states none")] = None,
    encoding: Annotated[str | None, typer.Option(help="รหัสอักขระ / Encoding")] = None,
    separator: Annotated[str | None, typer.Option(help="ตัวคั่น / Separator")] = None,
    sheet: Annotated[str | None, typer.Option(help="แผ่นงาน / Sheet")] = None,
    layer: Annotated[str | None, typer.Option(help="ชั้นข้อมูล / Layer")] = None,
    inside: Annotated[str | None, typer.Option(help="แฟ้มใดใน ZIP / Which file of a zip")] = None,
    header: Annotated[str | None, typer.Option(help="แถวหัวตาราง เช่น 3 หรือ 3-4 / Rows of the header")] = None,
    crs: Annotated[str | None, typer.Option(help="ระบบพิกัด เช่น EPSG:32647 / CRS")] = None,
    keep_good: Annotated[
        bool, typer.Option("--keep-good", help="บันทึกแถวที่ถูกต้องแม้มีแถวที่รับไม่ได้ / Save good rows beside refused ones")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="ตรวจอย่างเดียว ไม่บันทึก / Check only, save nothing")] = False,
    refused: Annotated[
        Path | None, typer.Option(help="เขียนแถวที่ไม่รับลงแฟ้ม CSV / Write rows that were not taken to a CSV")
    ] = None,
    save_recipe: Annotated[Path | None, typer.Option(help="บันทึกวิธีอ่านเป็นแฟ้ม / Save how it was read")] = None,
    as_json: Json = False,
) -> None:
    """นำแฟ้มใด ๆ เข้า ซ้ำได้โดยไม่เกิดซ้ำ / Bring any file in; doing it again adds nothing."""
    with told(as_json):
        places = {"sheet": sheet, "layer": layer, "inside": inside}
        asked = Asked(encoding=encoding, separator=separator, **places, header_rows=_rows(header), crs=crs)
        base = _recipe(recipe)
        table, proposal = open_file(file, base, _over(base, asked))
        said = Said(target, column or (), fix or (), word or (), drop or (), keep or (), repair or (), period)
        made = said.over(proposal.recipe)
        if made != proposal.recipe:
            proposal = propose(table, made)
        made = replace(proposal.recipe, asked=_over(proposal.recipe, asked))
        if not as_json:
            say_file(errors, table, proposal)
        if save_recipe:
            write_whole(save_recipe, write_recipe(made).encode())
        if table.detected.crs_guessed and not dry_run:
            raise GuessedCrs(crs=table.detected.crs)
        owner = named_source(source) if source else source_of(made, table)
        kept = RefusedFile(table, made.dropped)
        with database() as session, working("import.working") as progress:
            asking = Asking(
                keep_good=keep_good,
                dry_run=dry_run,
                checksum=checksum_of(file),
                progress=progress,
                told=kept.tell if refused else None,
            )
            report = import_table(session, table, made, owner, asking)
            if report.written:
                note_import(session, owner.key, made.target, report)
        if refused:
            write_whole(refused, kept.content)
    if as_json:
        typer.echo(json.dumps(asdict(report), ensure_ascii=False, default=str))
    else:
        say_report(output, errors, made.target, report)
    _leave(report, taken=report.written or (dry_run and keep_good), as_json=as_json)


def _leave(report: ImportReport, taken: bool, as_json: bool) -> NoReturn:
    """Leave with the exit code of what became of the rows; those that were not taken are an error unless allowed."""
    if report.good or taken:
        raise typer.Exit(DONE if report.good else REJECTED)
    if not as_json:
        fail(text("error.rows_rejected", count=report.refused_rows + report.waiting_rows))
    raise typer.Exit(FAILED)


def _recipe(name: str | None) -> Recipe | None:
    if name is None:
        return None
    path = Path(name)
    return read_recipe(path) if path.suffix in (".yaml", ".yml") or path.exists() else get_recipe(name)


def _over(recipe: Recipe | None, asked: Asked) -> Asked:
    """Put what was asked for on this run over what the recipe says."""
    base = recipe.asked if recipe else Asked()
    return replace(base, **{name: value for name, value in vars(asked).items() if value is not None})


def _rows(header: str | None) -> tuple[int, int] | None:
    if header is None:
        return None
    first, _, last = header.partition("-")
    if not (first.isdigit() and (not last or last.isdigit())):
        raise typer.BadParameter(header, param_hint="--header")
    return int(first), int(last or first)


@app.command("template")
def template(
    out: Annotated[Path, typer.Option(help="แฟ้ม XLSX ที่จะเขียน / The XLSX to write")] = Path("cases.xlsx"),
    as_json: Json = False,
) -> None:
    """เขียนแบบนำเข้าพร้อมคำอธิบายและรหัส / Write the template with its explanation and all codes."""
    from layers.template import build_template

    with told(as_json):
        size = write_whole(out, build_template())
    say(Text(str(out), ""), {"path": str(out), "bytes": size}, as_json)


@app.command("recipes")
def recipes(as_json: Json = False) -> None:
    """วิธีอ่านแฟ้มที่มีอยู่แล้ว / Recipes that are built in."""
    found = [
        {"name": one.name, "target": one.target, "th": one.source.th if one.source else ""} for one in list_recipes()
    ]
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
    else:
        for one in found:
            output.print(f"{one['name']}  {one['target']}  {one['th']}")


@app.command("list")
def list_command(
    area: Annotated[str | None, typer.Option(help="รหัสจังหวัด / Code of a province")] = None, as_json: Json = False
) -> None:
    """รายการนำเข้า ใหม่สุดก่อน / Imports, newest first."""
    from layers.importing.runs import list_runs

    with told(as_json), database(reason="imports list") as session:
        found = list_runs(session, area)
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, default=str))
        return
    for one in found:
        state = text("import.state_undone" if one.undone_at else "import.state_done")
        counts = " ".join(f"{key} {value:,}" for key, value in one.counts.items())
        output.print(f"{one.id}  {one.made_at:%Y-%m-%d %H:%M}  {one.source.th}  {one.file_name}  {counts}  {state.th}")


@app.command("undo")
def undo(
    run: Annotated[int, typer.Argument(metavar="ID", help="เลขที่การนำเข้า / Number of the import")],
    worked_on: Annotated[
        bool, typer.Option("--worked-on", help="แม้มีผู้ทำงานกับเรื่องเหล่านี้แล้ว / Although cases were worked on since")
    ] = False,
    as_json: Json = False,
) -> None:
    """ยกเลิกการนำเข้าทั้งแฟ้ม / Undo an import whole."""
    from layers.importing.runs import undo_run

    with told(as_json), database(reason="imports undo") as session:
        undone = undo_run(session, run, worked_on=worked_on)
        note_undo(session, run, undone)
    words = text("import.undone", id=run, removed=f"{undone.removed:,}", restored=f"{undone.restored:,}")
    say(words, asdict(undone), as_json)


app.command("name")(import_names.settle_name)
app.command("names")(import_names.names)
app.command("forget")(import_names.forget)
