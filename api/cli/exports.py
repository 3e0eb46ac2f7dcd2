"""`socialmap export`: a layer as a file for other programs and offices."""

import json
import re
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal, cast, get_args

import typer

from api.cli.common import database, errors, told, working
from api.files import write_by
from api.settings import Settings
from boundaries.areas import Detail
from boundaries.codes import COUNTRY
from boundaries.errors import SocialMapError
from boundaries.messages import text
from layers.exporting.formats import FORMATS, Format, write
from layers.scope import Scope

Layer = Literal["areas", "figures", "indicators", "assets", "cases"]
LayerLevel = Literal["province", "district", "subdistrict"]
Measure = Literal["count", "rate", "weight"]
EXACT = ("figures", "cases")
"""Layers that hold more for the office than for others."""
OPTIONS: dict[str, tuple[str, ...]] = {
    "areas": ("level", "detail"),
    "figures": ("level", "problem", "target_group", "period", "measure"),
    "indicators": ("level", "indicator", "period"),
    "assets": ("kind",),
    "cases": ("problem", "status"),
}
NEWEST_CE = 2200
"""Years beyond are of พ.ศ.: no period lies so far ahead."""
FORMAT_NAMES = cast("tuple[Format, ...]", get_args(Format))


class ReasonMissing(SocialMapError):
    """Exact figures or cases were to be written without saying why."""

    key = "error.export_reason"


class FormatUnknown(SocialMapError):
    """A format that no writer makes."""

    key = "error.export_format"


class OptionForeign(SocialMapError):
    """An option that the layer does not have."""

    key = "error.export_layer"


def write_export(
    layer: Annotated[Layer, typer.Argument(help="ชั้นข้อมูล / Layer")],
    area: Annotated[str, typer.Option(help="รหัสพื้นที่ / Area code")] = COUNTRY,
    level: Annotated[LayerLevel | None, typer.Option(help="ระดับพื้นที่ในแฟ้ม / Level of the areas")] = None,
    problem: Annotated[str | None, typer.Option(help="ปัญหา เช่น P02 / Problem")] = None,
    target_group: Annotated[str | None, typer.Option(help="กลุ่มเป้าหมาย เช่น T05 / Target group")] = None,
    period: Annotated[str | None, typer.Option(help="2569 (ปีงบประมาณ) fy2569 หรือ 2026-01 / Period")] = None,
    measure: Annotated[Measure | None, typer.Option(help="อัตรา จำนวน หรือน้ำหนัก / Rate, count or weight")] = None,
    indicator: Annotated[str | None, typer.Option(help="ตัวชี้วัด เช่น population / Indicator")] = None,
    kind: Annotated[str | None, typer.Option(help="ประเภทของทุนทางสังคม / Kind of assets")] = None,
    status: Annotated[int | None, typer.Option(help="สถานะของเรื่อง / Status of cases")] = None,
    detail: Annotated[Detail | None, typer.Option(help="ความละเอียดของเส้นเขต / Detail of boundaries")] = None,
    format: Annotated[str | None, typer.Option(help="รูปแบบแฟ้ม / Format: " + " ".join(FORMAT_NAMES))] = None,
    out: Annotated[Path | None, typer.Option(help="แฟ้มที่จะเขียน / File to write")] = None,
    internal: Annotated[
        bool, typer.Option("--internal", help="ตัวเลขจริงหรือรายเรื่อง ต้องมี --reason / Exact, with --reason")
    ] = False,
    reason: Annotated[str | None, typer.Option(help="เหตุผล บันทึกไว้ / Why, on record")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="ตอบเป็น JSON ให้โปรแกรมอ่าน / Answer as JSON")] = False,
) -> None:
    """ส่งออกชั้นข้อมูลเป็นแฟ้ม ตัวเลขสำหรับคณะกรรมการเว้นแต่ระบุเหตุผล / Write a layer; the committee's figures without a reason."""
    given: dict[str, Any] = {
        "level": level,
        "problem": problem,
        "target_group": target_group,
        "period": _period(period),
    }
    given |= {"measure": measure, "indicator": indicator, "kind": kind, "status": status, "detail": detail}
    with told(as_json):
        wanted, options = _format(format, out), _options(layer, given)
        scope = _scope(layer, internal, reason)
        with working("cli.export.working"):
            made = _make(layer, scope, area, options, wanted)
            paths = _write(made, wanted, out)
    size = paths[0].stat().st_size
    if as_json:
        said = {"path": str(paths[0]), "bytes": size, "rows": len(made.content.rows)}
        dictionary = {"dictionary": str(paths[1])} if len(paths) > 1 else {}
        typer.echo(json.dumps(said | {"audience": made.content.about.audience} | dictionary))
        return
    for path in paths:
        rows = f"{len(made.content.rows):,}"
        words = text("cli.export.written", path=path, rows=rows, size=f"{path.stat().st_size / 1000:,.0f} kB")
        errors.print(words.th)
        errors.print(words.en)


def _make(layer: str, scope: Scope, area: str, options: dict[str, Any], format: Format) -> Any:
    """Collect the content and put its export on record, committed before any file appears."""
    from api import exporting

    with database(reason="export", recorded=False) as session:
        if layer == "areas":
            made = exporting.make_areas(session, area, options["level"], options["detail"] or "full")
        elif layer == "figures":
            made = exporting.make_figures(session, scope, within=area, **options)
        elif layer == "indicators":
            made = exporting.make_indicators(session, scope, within=area, **options)
        elif layer == "assets":
            made = exporting.make_assets(session, area, **options)
        else:  # whoever uses the command line is in no case's team
            made = exporting.make_cases(session, area, **options, secret=False)
        by = Scope.system(scope.reason or "export")
        exporting.note_export(session, by, made, format, scope.reason)
    return made


def _write(made: Any, format: Format, out: Path | None) -> list[Path]:
    """Write the file and, beside a table for spreadsheets, its dictionary, which comes first."""
    path = out or Settings().socialmap_output / f"{made.file_name}.{format}"
    written = [(format, path)]
    if format == "csv":
        written.append(("dictionary.csv", path.with_name(f"{path.stem}.dictionary.csv")))
    for one, place in reversed(written):
        write_by(place, partial(write, made.content, one))
    return [place for _, place in written]


def _scope(layer: str, internal: bool, reason: str | None) -> Scope:
    """Return for whom the file is: the committee, or with a reason the office itself. ReasonMissing."""
    said = (reason or "").strip()
    if (internal and not said) or (layer == "cases" and not internal):
        raise ReasonMissing
    if internal and layer in EXACT:
        return Scope.system(said)
    return Scope.committee()


def _format(named: str | None, out: Path | None) -> Format:
    wanted = named or (out.name.partition(".")[2] if out else "")
    by_ending = next((one for one in FORMAT_NAMES if out and not named and out.name.endswith(f".{one}")), None)
    found = by_ending if by_ending else next((one for one in FORMAT_NAMES if one == wanted), None)
    if found is None:
        raise FormatUnknown(format=wanted or "–", allowed=", ".join(FORMATS))
    return found


def _options(layer: str, given: dict[str, Any]) -> dict[str, Any]:
    allowed = OPTIONS[layer]
    for name, value in given.items():
        if value is not None and name not in allowed:
            shown = ", ".join(f"--{one.replace('_', '-')}" for one in ("area", *allowed))
            raise OptionForeign(layer=layer, option=f"--{name.replace('_', '-')}", allowed=shown)
    return {name: given[name] for name in allowed}


def _period(written: str | None) -> str | None:
    """Read a bare year of พ.ศ. as the fiscal year that offices mean by it."""
    if written and re.fullmatch(r"\d{4}", written) and int(written) > NEWEST_CE:
        return f"fy{written}"
    return written
