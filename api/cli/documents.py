"""`socialmap slides`, `document` and `picture`: an area's map, figures and plan in files that others work on."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from sqlalchemy.orm import Session

from api.cli.common import database, errors, told, working
from api.cli.maps import AsJson, PeriodText, Problem
from api.cli.print_options import Internal, Logo, MeasureOption, Office, PrintedAt, Reason
from api.files import write_whole
from api.printing import make_document, make_picture, make_slides, moment, read_logo, scope_of
from api.settings import Settings
from boundaries.messages import text
from layers.scope import Scope

Code = Annotated[str, typer.Argument(help="รหัสพื้นที่ TH จังหวัด หรืออำเภอ / Area code: TH, a province or a district")]
Out = Annotated[Path | None, typer.Option(help="แฟ้มที่จะเขียน / File to write")]


@dataclass(frozen=True)
class Asked:
    """What all three commands are asked for."""

    code: str
    path: Path
    as_json: bool
    internal: bool
    reason: str | None
    logo: Path | None
    printed_at: datetime | None
    options: dict[str, Any]


def write_slides(
    code: Code,
    out: Out = None,
    stops: Annotated[
        str | None, typer.Option(help="จุดนำเสนอ รหัสคั่นด้วยจุลภาค / Stops of a briefing: codes with commas between")
    ] = None,
    problem: Problem = None,
    period: PeriodText = None,
    measure: MeasureOption = None,
    internal: Internal = False,
    reason: Reason = None,
    office: Office = None,
    logo: Logo = None,
    printed_at: PrintedAt = None,
    as_json: AsJson = False,
) -> None:
    """เขียนสไลด์แผนที่ ผังความคิด ตัวเลข แผน และจุดนำเสนอ / Write map, mind map, figures, plan and stops as PPTX."""
    codes = [each.strip() for each in (stops or "").split(",") if each.strip()]
    options = {"measure": measure, "office": office, "stops": codes}
    asked = _asked(code, out, "pptx", as_json, internal, reason, logo, printed_at, options)

    def make(session: Session, scope: Scope, more: dict[str, Any]) -> bytes:
        return make_slides(session, scope, code, problem, period, **more).pptx()

    _write(asked, "slides", make)


def write_document(
    code: Code,
    out: Out = None,
    format: Annotated[Literal["docx", "xlsx"], typer.Option(help="ชนิดแฟ้ม / Format")] = "docx",
    problem: Problem = None,
    period: PeriodText = None,
    measure: MeasureOption = None,
    internal: Internal = False,
    reason: Reason = None,
    office: Office = None,
    logo: Logo = None,
    printed_at: PrintedAt = None,
    as_json: AsJson = False,
) -> None:
    """เขียนตัวเลขและตารางแผนปฏิบัติการเป็น DOCX หรือ XLSX / Write figures and action plan as DOCX or XLSX."""
    options = {"measure": measure, "office": office}
    asked = _asked(code, out, format, as_json, internal, reason, logo, printed_at, options)

    def make(session: Session, scope: Scope, more: dict[str, Any]) -> bytes:
        made = make_document(session, scope, code, format, problem, period, **more)
        return made.docx() if format == "docx" else made.xlsx()

    _write(asked, "document", make)


def write_picture(
    code: Code,
    out: Out = None,
    format: Annotated[Literal["png", "svg"], typer.Option(help="ชนิดแฟ้ม / Format")] = "png",
    size: Annotated[str, typer.Option(help="ขนาดเป็นพิกเซล กว้างxสูง / Size in pixels, width x height")] = "1920x1080",
    problem: Problem = None,
    period: PeriodText = None,
    measure: MeasureOption = None,
    internal: Internal = False,
    reason: Reason = None,
    office: Office = None,
    logo: Logo = None,
    printed_at: PrintedAt = None,
    as_json: AsJson = False,
) -> None:
    """วาดแผนที่เป็นภาพ PNG หรือ SVG / Draw the map as a picture, PNG or SVG."""
    options = {"measure": measure, "office": office}
    asked = _asked(code, out, format, as_json, internal, reason, logo, printed_at, options)

    def make(session: Session, scope: Scope, more: dict[str, Any]) -> bytes:
        width, height = parse_size(size)
        given = {**more, "width": width, "height": height}
        made = make_picture(session, scope, code, format, problem, period, **given)
        return made.png() if format == "png" else made.svg()

    _write(asked, "picture", make)


def parse_size(written: str) -> tuple[int, int]:
    """Read a size such as 1920x1080. Raises BadPictureSize."""
    from mapping.pictures import LEAST, MOST, BadPictureSize, check_size

    found = re.fullmatch(r"\s*(\d{1,5})\s*[x×*]\s*(\d{1,5})\s*", written, re.IGNORECASE | re.ASCII)
    if found is None:
        raise BadPictureSize(size=written[:40], least=LEAST, most=MOST)
    width, height = int(found[1]), int(found[2])
    check_size(width, height)
    return width, height


def _asked(
    code: str,
    out: Path | None,
    ending: str,
    as_json: bool,
    internal: bool,
    reason: str | None,
    logo: Path | None,
    printed_at: datetime | None,
    options: dict[str, Any],
) -> Asked:
    path = out or Settings().socialmap_output / f"{code}.{ending}"
    return Asked(code, path, as_json, internal, reason, logo, printed_at, options)


def _write(asked: Asked, kind: str, make: Callable[[Session, Scope, dict[str, Any]], bytes]) -> None:
    """Make a file and write it whole or not at all, then say what was written."""
    with told(asked.as_json):
        scope = scope_of(asked.internal, asked.reason)
        picture = read_logo(asked.logo) if asked.logo else None
        more = {**asked.options, "logo": picture, "printed_at": moment(asked.printed_at)}
        # The entry of the audit is committed before the file appears: what is printed is on record.
        with working(f"cli.{kind}.working"), database(Settings(), reason=kind, recorded=False) as session:
            content = make(session, scope, more)
        size = write_whole(asked.path, content)
    if asked.as_json:
        typer.echo(json.dumps({"path": str(asked.path), "bytes": size}))
        return
    words = text("cli.document.written", path=asked.path, size=f"{size / 1000:,.0f} kB")
    errors.print(words.th)
    errors.print(words.en)
