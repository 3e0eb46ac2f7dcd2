"""`socialmap sheet`: a printed page of the country or a province, as PDF."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from sqlalchemy.orm import Session

from api.cli.common import database, errors, told, working
from api.cli.maps import Measure, PeriodText, Problem, chosen_filter
from api.files import write_whole
from api.settings import Settings
from boundaries.errors import SocialMapError
from boundaries.messages import text
from layers.scope import Scope

if TYPE_CHECKING:
    from mapping.sheet.sheet import Sheet

MOST_LOGO = 2_000_000
"""Bytes of a logo; a larger picture is none."""


class ReasonMissing(SocialMapError):
    """Exact figures were to be printed without saying why."""

    key = "error.sheet_reason"


class BadLogo(SocialMapError):
    """A logo that is no PNG or too large."""

    key = "error.sheet_logo"


def scope_of(internal: bool, reason: str | None) -> Scope:
    """Return for whom a sheet is printed: the committee, or with a reason the office itself. ReasonMissing."""
    if not internal:
        return Scope.committee()
    if not (reason or "").strip():
        raise ReasonMissing
    return Scope.system(str(reason).strip())


def make_sheet(
    session: Session, scope: Scope, code: str, problem: str | None, period: str | None, **options: Any
) -> "Sheet":
    """Build a sheet and put its printing on record; `options` are those of `build_sheet`, paper and time among them."""
    from api.audit import record
    from mapping.offline import Library
    from mapping.sheet.sheet import build_sheet

    chosen = chosen_filter(session, problem, period)
    library = Library(Settings().socialmap_web_library)
    paper, printed_at = options.pop("paper"), options.pop("printed_at")
    made = build_sheet(session, scope, code, paper, printed_at, filter=chosen, library=library, **options)
    told_of = {
        "format": "pdf",
        "audience": scope.audience,
        "pages": len(made.pages),
        "area": code,
        "level": made.area_map.level,
        "problem": chosen.problem,
        "period": chosen.period.code,
    }
    by = Scope.system(scope.reason or "sheet")
    record(session, by, "print", kind="sheet", object_id=code, reason=scope.reason, details=told_of)
    return made


def write_sheet(
    code: Annotated[str, typer.Argument(help="รหัสพื้นที่ TH หรือรหัสจังหวัด 2 หลัก / Area code: TH or a province")],
    out: Annotated[Path | None, typer.Option(help="แฟ้มที่จะเขียน / File to write")] = None,
    paper: Annotated[str, typer.Option(help="กระดาษ A4 A3 A1 หรือ A0 / Paper")] = "A3",
    orientation: Annotated[
        Literal["landscape", "portrait"], typer.Option(help="แนวนอนหรือแนวตั้ง / Orientation")
    ] = "landscape",
    problem: Problem = None,
    period: PeriodText = None,
    measure: Annotated[Measure | None, typer.Option(help="อัตราหรือจำนวน / Rate or count")] = None,
    thai_digits: Annotated[bool, typer.Option("--thai-digits", help="เลขไทย / Thai digits")] = False,
    internal: Annotated[
        bool, typer.Option("--internal", help="ตัวเลขจริง ใช้ภายในราชการ ต้องมี --reason / Exact figures, with --reason")
    ] = False,
    reason: Annotated[str | None, typer.Option(help="เหตุผลที่ใช้ตัวเลขจริง บันทึกไว้ / Why, on record")] = None,
    office: Annotated[str | None, typer.Option(help="ชื่อหน่วยงานบนแผ่น / Name of the office")] = None,
    logo: Annotated[Path | None, typer.Option(help="ตราหน่วยงาน PNG / Logo, a PNG")] = None,
    printed_at: Annotated[
        datetime | None, typer.Option(help="เวลาพิมพ์ที่แสดง (เวลาไทยถ้าไม่ระบุเขต) / Time of printing to show")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="ตอบเป็น JSON ให้โปรแกรมอ่าน / Answer as JSON")] = False,
) -> None:
    """พิมพ์แผนที่กับผังความคิดของประเทศหรือจังหวัดลงแผ่นเดียว / Print map and mind map of an area as PDF."""
    from mapping.sheet.paper import to_paper

    settings = Settings()
    path = out or settings.socialmap_output / f"{code}-{paper.upper()}.pdf"
    with told(as_json):
        scope, sheet_paper = scope_of(internal, reason), to_paper(paper, orientation, thai_digits)
        options = {"paper": sheet_paper, "printed_at": _moment(printed_at), "measure": measure, "office": office}
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


def read_logo(path: Path) -> bytes:
    """Read a PNG. Raises BadLogo."""
    if path.stat().st_size > MOST_LOGO:
        raise BadLogo(path=str(path))
    content = path.read_bytes()
    if not content.startswith(b"\x89PNG\r\n\x1a\n"):
        raise BadLogo(path=str(path))
    return content


def _moment(stated: datetime | None) -> datetime:
    from boundaries.dates import BANGKOK

    if stated is None:
        return datetime.now(UTC).replace(microsecond=0)
    return stated if stated.tzinfo else stated.replace(tzinfo=BANGKOK)
