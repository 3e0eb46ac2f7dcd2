"""Cases on the command line: the template, and bringing files in."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from api.cli.common import DONE, FAILED, REJECTED, database, errors, fail, told, working
from api.cli.recorded import note_import, note_rows
from api.files import write_whole
from boundaries.messages import Text, text
from layers.adapters import ADAPTERS, Loaded, import_as
from layers.importing import ImportReport, import_cases, named_source
from layers.template import build_template

app = typer.Typer(no_args_is_help=True, help="เรื่อง: แบบนำเข้า นำเข้า / Cases: template, import")
output = Console(highlight=False, markup=False, soft_wrap=True)

Json = Annotated[bool, typer.Option("--json", help="ตอบเป็น JSON / Answer in JSON")]
SHOWN = 20
"""Rejected rows that are shown; --json gives all."""


@app.command("template")
def template(
    out: Annotated[Path, typer.Option(help="แฟ้ม XLSX ที่จะเขียน / The XLSX to write")] = Path("cases.xlsx"),
    as_json: Json = False,
) -> None:
    """เขียนแบบนำเข้าพร้อมคำอธิบายและรหัส / Write the template with its explanation and all codes."""
    with told(as_json):
        size = write_whole(out, build_template())
    if as_json:
        typer.echo(json.dumps({"path": str(out), "bytes": size}, ensure_ascii=False))
    else:
        output.print(str(out))


@app.command("import")
def import_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="แฟ้ม CSV หรือ XLSX / The CSV or XLSX")],
    source: Annotated[str | None, typer.Option(help="ชื่อแหล่งข้อมูล / Name of the source")] = None,
    adapter: Annotated[
        str | None, typer.Option("--as", help=f"แฟ้มแบบอื่น / Another kind of file: {', '.join(ADAPTERS)}")
    ] = None,
    period: Annotated[str | None, typer.Option(help="ปีของแฟ้มที่ไม่ระบุปี / Year of a file that states none")] = None,
    keep_good: Annotated[
        bool, typer.Option("--keep-good", help="บันทึกแถวที่ถูกต้องแม้มีแถวที่รับไม่ได้ / Save good rows beside rejected ones")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="ตรวจอย่างเดียว ไม่บันทึก / Check only, save nothing")] = False,
    as_json: Json = False,
) -> None:
    """นำเรื่องเข้าจากแฟ้ม ซ้ำได้โดยไม่เกิดเรื่องซ้ำ / Bring cases in from a file; doing it again adds nothing."""
    with told(as_json):
        report: ImportReport | Loaded
        with database() as session, working("import.working") as progress:
            options = {"keep_good": keep_good, "dry_run": dry_run}
            if adapter:
                report = import_as(session, file, adapter, period=period, progress=progress, **options)
                source = adapter
            else:
                named = named_source(source) if source else None
                report = import_cases(session, file, named, progress=progress, **options)
            if isinstance(report, ImportReport):
                note_import(session, source, report)
            elif not dry_run:
                note_rows(session, report.kind, adapter or "", report.rows)
    if isinstance(report, Loaded):
        _say(text(f"import.{report.kind}", count=report.rows), asdict(report), as_json)
        raise typer.Exit(DONE)
    _tell(report, as_json)
    if report.rejected and not (keep_good and (report.written or dry_run)):
        if not as_json:
            fail(text("error.rows_rejected", count=len(report.rejected)))
        raise typer.Exit(FAILED)
    raise typer.Exit(REJECTED if report.rejected else DONE)


def _tell(report: ImportReport, as_json: bool) -> None:
    if not as_json:
        for one in report.rejected[:SHOWN]:
            errors.print(f"{one.row}: {one.reason.th} / {one.reason.en}")
        if len(report.rejected) > SHOWN:
            errors.print(f"… {len(report.rejected) - SHOWN:,}")
        for match, count in report.matches.items():
            output.print(f"{match}: {count:,}")
    words = text(
        "import.cases" if report.written else "import.nothing",
        rows=f"{report.rows:,}",
        new=f"{report.new:,}",
        changed=f"{report.changed:,}",
        unchanged=f"{report.unchanged:,}",
        rejected=f"{len(report.rejected):,}",
    )
    _say(words, asdict(report), as_json)


def _say(words: Text, value: object, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(value, ensure_ascii=False, default=str))
    else:
        output.print(words.th)
        output.print(words.en)
