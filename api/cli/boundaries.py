"""Boundaries on the command line: load, list, check, activate, sources, at, tag."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from sqlalchemy.orm import Session

from api.cli.common import DONE, REJECTED, database, errors, told
from api.cli.loads import SHOWN, counted_text, edition_texts, levels_of, load_texts, moved_texts, say_source
from api.cli.recorded import note_boundaries, note_load
from api.settings import Settings
from boundaries import areas, editions, fetching, loading, sources, tagging
from boundaries.checks import Check
from boundaries.columns import parse_columns
from boundaries.messages import Text, text

app = typer.Typer(no_args_is_help=True, help="เขตการปกครอง: นำเข้า ตรวจ ค้นหา / Boundaries: load, check, look up")
output = Console(highlight=False, markup=False, soft_wrap=True)

Json = Annotated[bool, typer.Option("--json", help="ตอบเป็น JSON / Answer in JSON")]


@app.command("at")
def at_command(
    lat: Annotated[float, typer.Option(help="ละติจูด องศา / Latitude in degrees")],
    lon: Annotated[float, typer.Option(help="ลองจิจูด องศา / Longitude in degrees")],
    as_json: Json = False,
) -> None:
    """ตำแหน่งนี้อยู่ตำบล อำเภอ จังหวัดใด / Which subdistrict, district and province a point lies in."""
    with told(as_json), database() as session:
        found = areas.at_point(session, lat, lon)
        codes = [code for code in (found.subdistrict_code, found.district_code, found.province_code) if code]
        records = [areas.get_area(session, code) for code in codes]
        edition = editions.get_active(session)
    if as_json:
        named = {f"{record.level}_th": record.full_name_th for record in records}
        _json(asdict(found) | named | {"edition": edition.id})
        return
    match = text(f"areas.match.{found.area_match}", metres=round(found.distance_m or 0))
    for record in records:
        output.print(f"{record.code}  {record.full_name_th}  {record.name_en}")
    _print(match)
    _print(sources.credit(edition))


@app.command("tag")
def tag_command(
    source: Annotated[Path, typer.Argument(metavar="POINTS.CSV", help="ไฟล์ CSV ที่มีพิกัด / A CSV with coordinates")],
    out: Annotated[Path, typer.Option(help="ไฟล์ผลลัพธ์ / The file to write")],
    lat: Annotated[str | None, typer.Option(help="ชื่อคอลัมน์ละติจูด / Column of latitudes")] = None,
    lon: Annotated[str | None, typer.Option(help="ชื่อคอลัมน์ลองจิจูด / Column of longitudes")] = None,
    check_district: Annotated[
        str | None,
        typer.Option(
            metavar="COLUMN[+COLUMN]",
            help="คอลัมน์รหัสอำเภอในไฟล์ เพื่อแสดงแถวที่ไม่ตรง ต่อสองคอลัมน์ด้วย + / "
            "The file's own district code: lists rows that disagree; join two-digit parts by +",
        ),
    ] = None,
    check_province: Annotated[
        str | None,
        typer.Option(metavar="COLUMN", help="คอลัมน์รหัสจังหวัดในไฟล์ / The file's own province code"),
    ] = None,
    as_json: Json = False,
) -> None:
    """เติมรหัสตำบล อำเภอ จังหวัดให้ CSV / Add area codes to any CSV. Exit code 1 when rows were unusable."""
    with told(as_json):
        with database() as session:
            index = areas.load_index(session)
        with _steps(as_json) as step:
            report = tagging.tag_file(
                index,
                source,
                out,
                lat=lat,
                lon=lon,
                check_district=check_district,
                check_province=check_province,
                progress=lambda rows: step(f"{rows:,}"),
            )
    if as_json:
        _json(report.to_json() | {"out": str(out)})
    else:
        _print_tagged(report)
    raise typer.Exit(REJECTED if report.unusable else DONE)


@app.command("load")
def load_command(
    file: Annotated[Path | None, typer.Option(help="GeoPackage, GeoJSON, Shapefile (หรือ .zip / or zipped)")] = None,
    columns: Annotated[
        str | None,
        typer.Option(help="คอลัมน์ เช่น / columns such as code=ADM3_PCODE,name_th=ADM3_TH,name_en=ADM3_EN"),
    ] = None,
    name: Annotated[str | None, typer.Option(help="ชื่อชุด / Name of the edition")] = None,
    licence: Annotated[str | None, typer.Option(help="สัญญาอนุญาตของไฟล์ / Licence of the file")] = None,
    citation: Annotated[str | None, typer.Option(help="ที่มาของไฟล์ / Where the file comes from")] = None,
    dated: Annotated[str | None, typer.Option("--date", help="วันที่ของข้อมูล ค.ศ. / Date of the data, YYYY-MM-DD")] = None,
    draft: Annotated[bool, typer.Option("--draft", help="เก็บเป็นร่าง ยังไม่ใช้ / Store as a draft only")] = False,
    release_url: Annotated[str | None, typer.Option(help="ที่อยู่สำรองของชุดย่อ / Base URL of the light release")] = None,
    npm: Annotated[str | None, typer.Option(help="โปรแกรม npm / The npm program")] = None,
    as_json: Json = False,
) -> None:
    """นำเข้า ตรวจ แล้วใช้งาน จากแหล่งแรกที่ใช้ได้ / Load from the first source that works, check and activate."""
    settings = Settings()
    with told(as_json):
        stated = parse_columns(columns) if columns else None
        obtained = fetching.obtain(
            settings.socialmap_home / "downloads",
            file=file,
            default=settings.boundaries,
            release_url=release_url,
            npm=npm,
            say=lambda key, step: None if as_json else say_source(key, step),
        )
        changed = {"name": name, "licence": licence, "citation_th": citation, "citation_en": citation}
        given: dict[str, Any] = {key: value for key, value in changed.items() if value}
        if dated:
            given["reference_date"] = _date(dated)
        obtained = replace(obtained, provenance=replace(obtained.provenance, **given))
        with _steps(as_json) as step, database(settings) as session:
            report = loading.load(
                session,
                obtained,
                columns=stated,
                draft=draft,
                retag=move_cases,
                progress=lambda key: step(_both(text(f"loading.step.{key}"))),
            )
            note_load(session, report)
    if as_json:
        _json(_loaded_json(report, obtained))
    else:
        _print_all(load_texts(report))
        _print_all(edition_texts(report.edition))
    raise typer.Exit(REJECTED if report.check and not report.check.passed else DONE)


@app.command("list")
def list_command(as_json: Json = False) -> None:
    """ชุดเขตการปกครองทั้งหมด / All editions."""
    with told(as_json), database() as session:
        found = editions.list_editions(session)
    if as_json:
        _json([asdict(edition) for edition in found])
        return
    for edition in found:
        levels = "/".join(text(f"areas.level.{level}").th for level in edition.levels)
        output.print(f"{edition.id:>4}  {edition.state:<8} {edition.detail:<8} {edition.name}  {levels}")


@app.command("check")
def check_command(edition: Annotated[int, typer.Argument(help="หมายเลขชุด / Edition")], as_json: Json = False) -> None:
    """ตรวจชุดก่อนใช้งาน / Check an edition. Exit code 1 when errors were found."""
    with told(as_json), database() as session:
        found = editions.check(session, edition)
        note_boundaries(session, edition, "checked" if found.passed else "rejected")
    if as_json:
        _json(found.to_json())
    else:
        key = "checks.passed" if found.passed else "checks.not_passed"
        _print(counted_text(key, found.counts, id=edition))
        _print_findings(found)
    raise typer.Exit(DONE if found.passed else REJECTED)


@app.command("activate")
def activate_command(
    edition: Annotated[int, typer.Argument(help="หมายเลขชุด / Edition")], as_json: Json = False
) -> None:
    """ใช้งานชุดที่ผ่านการตรวจ และย้ายรหัสของกรณีตามไป / Activate a checked edition; cases are tagged anew."""
    with told(as_json), _steps(as_json) as step, database() as session:
        step(_both(text("loading.step.activate")))
        report = editions.activate(session, edition, move_cases)
        if report.previous_id != edition:
            note_boundaries(session, edition, "active", cases=getattr(report.retagged, "moved", None))
    if as_json:
        _json(asdict(report.edition) | {"previous_id": report.previous_id, "retagged": _value(report.retagged)})
        return
    active = report.edition
    _print(counted_text("loading.active", levels_of(active), id=active.id, name=active.name))
    _print_all(moved_texts(report.retagged))


@app.command("sources")
def sources_command(as_json: Json = False) -> None:
    """แหล่งเขตการปกครองตามลำดับที่ลอง / The sources in the order they are tried: licence, date, citation, checksum."""
    known = sources.list_sources()
    if as_json:
        _json([asdict(source) for source in known])
        return
    for source in known:
        output.print(f"{source.order}. {source.title.th} / {source.title.en}")
        for line in (source.how.th, source.how.en, source.citation.th, source.citation.en, source.licence):
            output.print(f"   {line}")
        output.print(f"   {source.reference_date or '—'}  sha256 {source.checksum or '—'}")


def move_cases(session: Session, edition_id: int) -> Any:
    """Move the cases along with the boundaries; loaded late, so that help and lookups stay quick."""
    from layers.cases import retag

    return retag(session, edition_id)


@contextmanager
def _steps(quiet: bool) -> Iterator[Any]:
    """Show what is being done and for how long, on the error stream, so that the output stays clean."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=errors, transient=True, disable=quiet) as progress:
        task = progress.add_task("")
        yield lambda words: progress.update(task, description=words)


def _date(given: str) -> date:
    try:
        return date.fromisoformat(given)
    except ValueError as error:
        raise typer.BadParameter(given, param_hint="--date") from error


def _loaded_json(report: loading.LoadReport, obtained: fetching.Obtained) -> dict[str, Any]:
    missing = sources.missing_levels(report.edition)
    return {
        "edition": asdict(report.edition),
        "imported": asdict(report.imported) if report.imported else None,
        "check": report.check.to_json() if report.check else None,
        "retagged": _value(report.activation.retagged) if report.activation else None,
        "attempts": [asdict(attempt) for attempt in obtained.attempts],
        "missing": asdict(missing) if missing else None,
    }


def _print_findings(check: Check) -> None:
    _print_all(finding.text for finding in check.findings)


def _print_tagged(report: tagging.TagReport) -> None:
    matches = {match: report.matches[match] for match in ("inside", "nearest", "outside", tagging.UNUSABLE)}
    _print(text("tagging.summary", rows=report.rows, **matches))
    for bad in report.unusable[:SHOWN]:
        reason = text(f"tagging.reason.{bad.reason}")
        values = {"line": bad.line, "lat": bad.lat, "lon": bad.lon}
        thai, english = (
            text("tagging.line", reason=reason.th, **values),
            text("tagging.line", reason=reason.en, **values),
        )
        _print(Text(th=thai.th, en=english.en))
    _print_rest(len(report.unusable))
    for level, compared in report.compared.items():
        chosen = [each for each in report.disagreements if each.level == level]
        _print(text(f"tagging.disagreements.{level}", number=len(chosen), compared=compared))
        for each in chosen[:SHOWN]:
            _print(text("tagging.disagreement", **(asdict(each) | {"found": each.found or "—"})))
        _print_rest(len(chosen))


def _print_rest(number: int) -> None:
    if number > SHOWN:
        output.print(f"… (+{number - SHOWN}) --json")


def _both(words: Text) -> str:
    return f"{words.th} / {words.en}"


def _print(words: Text) -> None:
    output.print(words.th)
    output.print(words.en)


def _print_all(texts: Iterable[Text]) -> None:
    for words in texts:
        _print(words)


def _json(value: object) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, default=_plain))


def _value(report: Any) -> Any:
    return asdict(report) if is_dataclass(report) and not isinstance(report, type) else report


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else str(value)
