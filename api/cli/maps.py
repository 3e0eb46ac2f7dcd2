"""`socialmap map` and `socialmap maps`: maps as single files that need no network."""

import json
import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from sqlalchemy.orm import Session

from api.cli.common import database, database_url, errors, told
from api.database import make_engine, reading
from api.files import write_whole
from api.printing import chosen_filter
from api.settings import Settings
from boundaries.areas import list_areas, list_levels
from boundaries.codes import COUNTRY
from boundaries.errors import SocialMapError
from boundaries.messages import text
from layers.classification import Method
from layers.scope import Scope
from mapping.area_map import build_area_map
from mapping.legends import parse_breaks
from mapping.offline import Inline, Library

Measure = Literal["count", "rate"]
Report = Callable[[int, int, Path], None]
"""Told after each map: how many are done, of how many, and the newest file."""


class MapFailed(SocialMapError):
    """One of several maps could not be made; the others that were finished stay."""

    key = "error.map_failed"


def write_map(
    session: Session,
    library: Library,
    code: str,
    path: Path,
    problem: str | None = None,
    period: str | None = None,
    measure: Measure | None = None,
    *,
    siblings: frozenset[str] | None = None,
    **classes: Any,
) -> int:
    """Write the map of one area as one file and return its size in bytes; whole or not at all.

    It links to the files of `siblings`, by default those that lie in its folder.
    `classes` are the method, breaks and fill_counts of `build_area_map`.
    """
    from mapping.social_map import render

    beside = list_beside(path.parent) if siblings is None else siblings
    chosen = chosen_filter(session, problem, period)
    area_map = build_area_map(
        session, Scope.committee(), code, filter=chosen, measure=measure, library=library, **classes
    )
    return write_whole(path, render(area_map, Inline(library, siblings=beside)).html.encode())


def list_beside(folder: Path) -> frozenset[str]:
    """Return the codes whose maps lie in a folder."""
    return frozenset(path.stem for path in folder.glob("*.html"))


def list_map_codes(session: Session) -> list[str]:
    """Return the areas that get a file of their own, the country first; provinces only where they have districts."""
    from mapping.social_map import map_levels

    if "province" not in map_levels(list_levels(session)):
        return [COUNTRY]
    return [COUNTRY, *(area.code for area in list_areas(session, "province"))]


def write_all_maps(
    database_url: str,
    folder: Path,
    library: Library,
    *,
    codes: Sequence[str] | None = None,
    jobs: int = 1,
    report: Report | None = None,
    **options: Any,
) -> list[Path]:
    """Write the maps of the country and all provinces (or of `codes`) into a folder and return their paths.

    `options` are those of `write_map`. Raises MapFailed for the first that cannot be made.
    """
    from mapping.social_map import file_name

    engine = make_engine(database_url, pool_size=1)
    with reading(engine, Scope.committee()) as session:
        wanted = list(codes or list_map_codes(session))
        paths = {code: folder / file_name(code) for code in wanted}
    # What is written with it may be linked to; what lies there already only where no whole set is made anew.
    options["siblings"] = frozenset(wanted) | (list_beside(folder) if codes else frozenset())
    if jobs == 1:
        with reading(engine, Scope.committee()) as session:
            _tell(((code, _try(session, library, code, paths[code], options)) for code in wanted), paths, report)
    else:
        with _workers(min(jobs, len(wanted)), database_url, library) as pool:
            tasks = [(code, paths[code], options) for code in wanted]
            _tell(zip(wanted, pool.map(_in_worker, tasks), strict=True), paths, report)
    engine.dispose()
    return list(paths.values())


def _tell(results: Any, paths: dict[str, Path], report: Report | None) -> None:
    for done, (code, failure) in enumerate(results, start=1):
        if failure is not None:
            raise MapFailed(code=code, th=failure[0], en=failure[1])
        if report:
            report(done, len(paths), paths[code])


Failure = tuple[str, str] | None
"""What went wrong in Thai and English: errors of ours do not travel between processes."""


def _try(session: Session, library: Library, code: str, path: Path, options: dict[str, Any]) -> Failure:
    try:
        write_map(session, library, code, path, **options)
    except SocialMapError as error:
        return error.text.th, error.text.en
    return None


_here: dict[str, Any] = {}
"""What a worker process keeps between maps: its engine and the web library."""


@contextmanager
def _workers(jobs: int, database_url: str, library: Library) -> Iterator[ProcessPoolExecutor]:
    # Fresh processes: a forked one would share the parent's database connections.
    fresh = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(jobs, mp_context=fresh, initializer=_begin, initargs=(database_url, library))
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _begin(database_url: str, library: Library) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends its workers
    _here.update(engine=make_engine(database_url, pool_size=1), library=library)


def _in_worker(task: tuple[str, Path, dict[str, Any]]) -> Failure:
    with reading(_here["engine"], Scope.committee()) as session:
        return _try(session, _here["library"], *task)


Problem = Annotated[str | None, typer.Option(help="ปัญหา เช่น P02 หรือ P02.03 / Problem")]
PeriodText = Annotated[str | None, typer.Option(help="ช่วงเวลา เช่น fy2569 หรือ 2026-01 / Period")]
AsJson = Annotated[bool, typer.Option("--json", help="ตอบเป็น JSON ให้โปรแกรมอ่าน / Answer as JSON")]


def write_one(
    code: Annotated[str, typer.Argument(help="รหัสพื้นที่ TH หรือรหัสจังหวัด 2 หลัก / Area code: TH or a province")],
    out: Annotated[Path | None, typer.Option(help="แฟ้มที่จะเขียน / File to write")] = None,
    problem: Problem = None,
    period: PeriodText = None,
    measure: Annotated[Measure | None, typer.Option(help="อัตราหรือจำนวน / Rate or count")] = None,
    method: Annotated[Method | None, typer.Option(help="วิธีแบ่งชั้นค่า / How classes are made")] = None,
    breaks: Annotated[
        str | None, typer.Option(help="เกณฑ์ของวิธี fixed เช่น 10,20,30 / Breaks of the method fixed")
    ] = None,
    fill: Annotated[bool, typer.Option("--fill", help="ระบายสีพื้นที่ตามจำนวน / Fill areas by counts too")] = False,
    as_json: AsJson = False,
) -> None:
    """เขียนแผนที่ของพื้นที่หนึ่งเป็นแฟ้ม HTML เดียวที่เปิดได้โดยไม่ต้องต่อเครือข่าย / Write the map of one area as one HTML file."""
    from mapping.social_map import file_name

    settings = Settings()
    path = out or settings.socialmap_output / file_name(code)
    with told(as_json), database(settings) as session:
        classes: dict[str, Any] = {
            "method": method,
            "breaks": parse_breaks(breaks) if breaks is not None else (),
            "fill_counts": fill,
        }
        library = Library(settings.socialmap_web_library)
        size = write_map(session, library, code, path, problem, period, measure, **classes)
    if as_json:
        typer.echo(json.dumps({"path": str(path), "bytes": size}))
        return
    words = text("cli.map.written", path=path, size=f"{size / 1000:,.0f} kB")
    errors.print(words.th)
    errors.print(words.en)


def write_many(
    every: Annotated[bool, typer.Option("--all", help="ประเทศและทุกจังหวัด / The country and all provinces")] = False,
    code: Annotated[list[str] | None, typer.Option(help="เฉพาะพื้นที่นี้ ใช้ซ้ำได้ / Only this area; may be repeated")] = None,
    out: Annotated[Path | None, typer.Option(help="โฟลเดอร์ที่จะเขียน / Folder to write into")] = None,
    jobs: Annotated[int, typer.Option(min=1, max=64, help="จำนวนงานพร้อมกัน / Processes at once")] = 1,
    problem: Problem = None,
    period: PeriodText = None,
    as_json: AsJson = False,
) -> None:
    """เขียนแผนที่ประเทศและทุกจังหวัด แฟ้มละหนึ่งพื้นที่ / Write the maps of the country and all provinces, one file each."""
    if every == bool(code):
        raise typer.BadParameter("--all / --code")
    settings = Settings()
    folder = out or settings.socialmap_output
    with told(as_json), database_url(settings) as url, _progress(not as_json) as report:
        paths = write_all_maps(
            url,
            folder,
            Library(settings.socialmap_web_library),
            codes=code,
            jobs=jobs,
            report=report,
            problem=problem,
            period=period,
        )
    if as_json:
        typer.echo(json.dumps([{"path": str(path), "bytes": path.stat().st_size} for path in paths]))
        return
    words = text("cli.maps.written", count=len(paths), path=folder)
    errors.print(words.th)
    errors.print(words.en)


@contextmanager
def _progress(shown: bool) -> Iterator[Report | None]:
    if not shown:
        yield None
        return
    from rich.progress import Progress

    with Progress(console=errors) as bar:
        task = bar.add_task("แผนที่ / maps", total=None)
        yield lambda done, of, path: bar.update(task, completed=done, total=of, description=path.name)
