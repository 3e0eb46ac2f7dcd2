"""`socialmap sheets`: the sheets of all districts of a province or all provinces, as one PDF, a ZIP or a folder."""

import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from api.cli.common import database_url, errors, fail, told
from api.cli.maps import AsJson, PeriodText, Problem
from api.cli.print_options import (
    Internal,
    Logo,
    MeasureOption,
    Office,
    Orientation,
    Paper,
    PrintedAt,
    Reason,
    ThaiDigits,
)
from api.printing import moment, read_logo, scope_of
from api.settings import Settings
from boundaries.codes import COUNTRY
from boundaries.messages import text


def write_sheets(
    code: Annotated[str, typer.Argument(help="รหัสจังหวัด 2 หลัก หรือ TH / A province's code, or TH")],
    out: Annotated[Path, typer.Option(help="แฟ้ม .pdf หรือ .zip หรือโฟลเดอร์ / A .pdf, a .zip, or a folder")],
    districts: Annotated[bool, typer.Option("--districts", help="ทุกอำเภอของจังหวัด / Every district")] = False,
    provinces: Annotated[bool, typer.Option("--provinces", help="ทุกจังหวัด (TH) / Every province")] = False,
    paper: Paper = "A3",
    orientation: Orientation = "landscape",
    problem: Problem = None,
    period: PeriodText = None,
    measure: MeasureOption = None,
    thai_digits: ThaiDigits = False,
    internal: Internal = False,
    reason: Reason = None,
    office: Office = None,
    logo: Logo = None,
    printed_at: PrintedAt = None,
    as_json: AsJson = False,
) -> None:
    """พิมพ์ทุกอำเภอของจังหวัด หรือทุกจังหวัด ในคำสั่งเดียว / Print every district of a province, or every province, at once."""
    if (code == COUNTRY) != provinces or (code != COUNTRY) != districts:
        fail(text("cli.prints.which"), as_json, "cli.prints.which")
    with told(as_json):
        from api.prints.batch import Batch
        from api.prints.wanted import Wanted

        wanted = Wanted(code, paper.upper(), orientation, thai_digits, problem, period, measure, office=office)
        wanted.to_paper()
        scope, picture = scope_of(internal, reason), read_logo(logo) if logo else None
        found = _write(Settings(), Batch((), wanted, scope, moment(printed_at), picture), out)
    if as_json:
        typer.echo(json.dumps({"path": str(out), **found}))
        return
    words = text("cli.prints.written", path=out, **found)
    errors.print(words.th)
    errors.print(words.en)


def _write(settings: Settings, asked: Any, out: Path) -> dict[str, int]:
    """Write to a part beside the target; it takes the name when all is on record."""
    from dataclasses import replace

    from api.database import make_engine, reading
    from api.prints.batch import WRITERS, parts_of, write_folder
    from mapping.offline import Library

    form = out.suffix.lower().removeprefix(".")
    writer = WRITERS.get(form, write_folder)
    library = Library(settings.socialmap_web_library)
    with database_url(settings) as url, _part_of(out) as part:
        engine = make_engine(url, pool_size=1)
        try:
            with reading(engine, asked.scope) as session:
                batch = replace(asked, codes=parts_of(session, asked.wanted.code))
            with _bar() as report:
                printed = writer(engine, batch, part, library, report)
            _note(engine, batch, printed, form if form in WRITERS else "folder")
            _take(part, out)
        finally:
            engine.dispose()
    return {"sheets": len(batch.codes), "pages": printed.pages}


@contextmanager
def _part_of(out: Path) -> Iterator[Path]:
    """Give a new name beside the target; whatever lies there at the end is taken away."""
    from api.prints.folder import full_told

    part = out.with_name(f".{out.name}.{secrets.token_hex(4)}.part")
    with full_told():
        out.parent.mkdir(parents=True, exist_ok=True)
        try:
            yield part
        finally:
            shutil.rmtree(part, ignore_errors=True)
            part.unlink(missing_ok=True)


def _take(part: Path, out: Path) -> None:
    """Give the part its name; files of a folder take the places of those of the same name."""
    if not part.is_dir():
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.replace(out)
        return
    out.mkdir(parents=True, exist_ok=True)
    for one in sorted(part.iterdir()):
        one.replace(out / one.name)


@contextmanager
def _bar() -> Iterator[Callable[[int, int], None]]:
    words = text("cli.prints.working")
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as shown:
        task = shown.add_task(f"{words.th} / {words.en}", total=None)
        yield lambda done, total: shown.update(task, completed=done, total=total)


def _note(engine: Any, batch: Any, printed: Any, form: str) -> None:
    """Put the printing on record before its files appear."""
    from api.audit import record
    from api.database import transaction
    from layers.scope import Scope

    details = {
        "area": batch.wanted.code,
        "problem": batch.wanted.problem,
        "count": len(batch.codes),
        "format": form,
        **vars(printed),
    }
    given = {name: value for name, value in details.items() if value is not None}
    by = Scope.system(batch.scope.reason or "sheets")
    with transaction(engine, by) as session:
        record(session, by, "print", kind="sheets", object_id=batch.wanted.code, details=given)
