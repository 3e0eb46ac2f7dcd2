"""`socialmap sheet`: a printed page of the country or a province, as PDF."""

import json
from pathlib import Path
from typing import Annotated

import typer

from api.cli.common import database, errors, told, working
from api.cli.maps import PeriodText, Problem
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
from api.files import write_whole
from api.printing import make_sheet, moment, read_logo, scope_of
from api.settings import Settings
from boundaries.messages import text


def write_sheet(
    code: Annotated[str, typer.Argument(help="รหัสพื้นที่ TH หรือรหัสจังหวัด 2 หลัก / Area code: TH or a province")],
    out: Annotated[Path | None, typer.Option(help="แฟ้มที่จะเขียน / File to write")] = None,
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
    as_json: Annotated[bool, typer.Option("--json", help="ตอบเป็น JSON ให้โปรแกรมอ่าน / Answer as JSON")] = False,
) -> None:
    """พิมพ์แผนที่กับผังความคิดของประเทศหรือจังหวัดลงแผ่นเดียว / Print map and mind map of an area as PDF."""
    from mapping.sheet.paper import to_paper

    settings = Settings()
    path = out or settings.socialmap_output / f"{code}-{paper.upper()}.pdf"
    with told(as_json):
        scope, sheet_paper = scope_of(internal, reason), to_paper(paper, orientation, thai_digits)
        options = {"paper": sheet_paper, "printed_at": moment(printed_at), "measure": measure, "office": office}
        picture = read_logo(logo) if logo else None
        # The entry of the audit is committed before the file appears: what is printed is on record.
        with working("cli.sheet.working"), database(settings, reason="sheet", recorded=False) as session:
            made = make_sheet(session, scope, code, problem, period, logo=picture, **options)
            content = made.pdf()
        size = write_whole(path, content)
    if as_json:
        typer.echo(json.dumps({"path": str(path), "bytes": size, "pages": len(made.pages)}))
        return
    words = text("cli.sheet.written", path=path, size=f"{size / 1000:,.0f} kB", pages=len(made.pages))
    errors.print(words.th)
    errors.print(words.en)
