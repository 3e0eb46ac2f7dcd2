"""`socialmap demo`: from an empty machine to maps of the whole country, served and as files."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from sqlalchemy import Engine
from sqlalchemy import text as sql

from api import output_folder
from api.cli.common import errors, told
from api.cli.recorded import note_load, note_plan, note_release
from api.cluster_use import leaving_in_order
from api.map_writers import MapWork, write_maps, writing
from api.settings import Settings
from boundaries.areas import AreaRecord, get_area
from boundaries.messages import Text, text
from layers.scope import Scope
from mapping.offline import Library
from mapping.social_map import file_name

app = typer.Typer(rich_markup_mode=None)

FIRST = "70"
"""The province whose map is written before all others."""
YEARS = 5
"""Fiscal years of invented cases."""


@app.command()
def demo(
    serve: Annotated[bool, typer.Option(help="เปิดเว็บเมื่อพร้อม / Serve when ready")] = True,
    per_year: Annotated[int, typer.Option(min=1, help="จำนวนกรณีสมมติต่อปี / Invented cases a year")] = 150_000,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="ช่องทาง / Port")] = None,
    boundaries: Annotated[
        Path | None, typer.Option(help="ใช้แฟ้มเขตนี้แทนชุดที่ใช้อยู่ / Use these boundaries instead of those in use")
    ] = None,
    remove_output: Annotated[bool, typer.Option("--remove-output", hidden=True)] = False,
) -> None:
    """เตรียมฐานข้อมูล เขตการปกครอง และกรณีสมมติ เขียนแผนที่ทุกจังหวัด แล้วเปิดเว็บ / Prepare all, write all maps, serve."""
    settings = Settings()
    with told():
        if remove_output:
            _remove_output(settings)
            return
        try:
            with leaving_in_order():
                _demo(settings, serve, per_year, port, boundaries)
        except KeyboardInterrupt:
            _tell("demo.stopped")


def _demo(settings: Settings, serve: bool, per_year: int, port: int | None, boundaries: Path | None) -> None:
    from api.database import make_engine

    began = time.monotonic()
    with _addresses(settings) as (app_url, owner_url):
        if owner_url:
            _migrate(owner_url)
        engine = make_engine(app_url, pool_size=2)
        # The newest year alone is enough for a first map; the years before it follow.
        if any((_load_boundaries(settings, engine, boundaries), _load_cases(engine, per_year, years=1))):
            _load_plans(engine)
            _analyze(owner_url)
            _release(engine)
            _write_first(*_plan(settings, engine, app_url))
        if _load_cases(engine, per_year, years=YEARS):
            _analyze(owner_url)
        _load_plans(engine)
        _release(engine)
        work, due, first = _plan(settings, engine, app_url)
        engine.dispose()
        _write_first(work, due, first)
        with writing(work, due, _say_written) as wait:
            if serve:
                shown = {"database_url": app_url, "socialmap_anonymous": "committee"}
                _serve(settings.model_copy(update=shown), port, began, first)
                return
            wait()
        _tell("demo.done", path=work.folder / output_folder.INDEX, seconds=_seconds(began))


def _say_written(count: int, seconds: float, failures: list[Text]) -> None:
    for words in failures:
        _print(words.th, words.en)
    _tell("demo.written", count=count, seconds=f"{seconds:.0f}")


@contextmanager
def _addresses(settings: Settings) -> Iterator[tuple[str, str | None]]:
    """Give the addresses of the application and of the owner; a database that was set is used as it is."""
    if settings.database_url:
        yield settings.database_url, settings.owner_database_url
        return
    from api.cluster import running

    with _step("demo.step.cluster") as starting, running(settings.socialmap_home) as cluster:
        starting()
        yield cluster.app_url, cluster.owner_url


@contextmanager
def _step(key: str) -> Iterator[Callable[[], None]]:
    """Show a step while it lasts and its time afterwards. Calling what is given ends it before the block does."""
    words, began = text(key), time.monotonic()
    line = f"{words.th} / {words.en}"
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    bar = Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal)
    bar.add_task(line)
    ended = False

    def end() -> None:
        nonlocal ended
        if not ended:
            ended = True
            bar.stop()
            _print(f"  {_seconds(began):>6} s  {line}")

    bar.start()
    try:
        yield end
        end()
    finally:
        bar.stop()


def _print(*lines: str) -> None:
    for line in lines:
        errors.print(line, soft_wrap=True)


def _print_below(texts: Iterable[Text]) -> None:
    """Print what belongs to a step under its words."""
    for words in texts:
        _print(f"            {words.th}", f"            {words.en}")


def _migrate(owner_url: str) -> None:
    from api.migrations.run import upgrade

    with _step("demo.step.tables"):
        upgrade(owner_url)


def _load_boundaries(settings: Settings, engine: Engine, file: Path | None) -> bool:
    """Load boundaries unless a set is in use, or another `file` is asked for; return whether that was done."""
    from api.cli.loads import load_texts, say_source
    from api.database import reading, transaction
    from boundaries import editions, fetching, loading, sources
    from layers.cases import retag

    report = None
    with _step("demo.step.boundaries"):
        with reading(engine, Scope.system("demo")) as session:
            found = edition = editions.find_active(session)
        if edition is None or file:
            downloads = settings.socialmap_home / "downloads"
            obtained = fetching.obtain(downloads, file=file, default=settings.boundaries, say=say_source)
            with transaction(engine, Scope.system("demo")) as session:
                report = loading.load(session, obtained, retag=retag)
                note_load(session, report)
            edition = report.edition
    if report:
        _print_below(load_texts(report))
    _print_below([sources.credit(edition)])
    if "district" not in edition.levels:
        _tell("demo.provinces_only")
    return edition != found


def _load_cases(engine: Engine, per_year: int, years: int) -> bool:
    """Load the invented cases of the newest years unless they are there; return whether that was done."""
    from api.database import transaction
    from layers.demo import load_demo

    with _step("demo.step.cases"), transaction(engine, Scope.system("demo")) as session:
        return load_demo(session, per_year=per_year, years=years).loaded


def _release(engine: Engine) -> None:
    """Publish what has not been released yet; what is unchanged costs a second or two a year."""
    from api.database import transaction
    from layers.releases import make_release

    with _step("demo.step.release"), transaction(engine, Scope.system("demo")) as session:
        note_release(session, make_release(session, today=date.today()))


def _load_plans(engine: Engine) -> None:
    """Make the two worked examples approved plans of two districts, unless they have such plans."""
    from api.database import transaction
    from mapping.plan_examples import load_examples

    with _step("demo.step.plans"), transaction(engine, Scope.system("demo")) as session:
        for plan in load_examples(session, Scope.system("demo"), date.today()):
            note_plan(session, plan, "example")


def _analyze(owner_url: str | None) -> None:
    """Let the database count what it got: its own daemon comes only after a minute. Only the owner may ask for it."""
    if owner_url is None:
        return
    from api.database import make_engine, transaction

    with _step("demo.step.analyze"), transaction(make_engine(owner_url, pool_size=1), Scope.system("demo")) as session:
        session.execute(sql("ANALYZE"))


def _plan(settings: Settings, engine: Engine, app_url: str) -> tuple[MapWork, list[str], AreaRecord]:
    """Return the work, the maps that are due, and the area to draw first: the country where nothing else has a map."""
    from api.cli.maps import list_map_codes
    from api.database import reading

    with _step("demo.step.plan"), reading(engine, Scope.system("demo")) as session:
        codes = list_map_codes(session)
        made_from = output_folder.fingerprint(session)
        areas = {code: get_area(session, code) for code in codes}
    library = Library(settings.socialmap_web_library)
    output_folder.write_index(settings.socialmap_output, list(areas.values()), library)
    work = MapWork(app_url, settings.socialmap_output, settings.socialmap_web_library, made_from)
    due = output_folder.missing(work.folder, made_from, codes)
    return work, due, areas[FIRST if FIRST in areas else codes[-1]]


def _write_first(work: MapWork, due: list[str], first: AreaRecord) -> None:
    """Write one map at once, so that there is something to look at while the others come."""
    if first.code not in due:
        return
    with _step("demo.step.first"):
        write_maps(work, [first.code])
    due.remove(first.code)
    _tell("demo.first", path=work.folder / file_name(first.code))


def _serve(settings: Settings, port: int | None, began: float, first: AreaRecord) -> None:
    from api import logging
    from api.cli.serve import PortRefused, listen, run_server

    logging.configure("WARNING")
    wanted = settings.socialmap_port if port is None else port
    try:
        listen(settings.socialmap_host, wanted).close()
    except PortRefused:
        _tell("demo.port_taken", port=wanted)
        wanted = 0
    run_server(settings, port=wanted, ready=lambda address: _say_open(address, settings, began, first))


def _say_open(address: str, settings: Settings, began: float, first: AreaRecord) -> None:
    index = settings.socialmap_output / output_folder.INDEX
    key = "demo.serving_country" if first.level == "country" else "demo.serving"
    named = {"code": first.code, "name_th": first.short_name_th, "name_en": first.name_en}
    _tell(key, address=address, path=index, seconds=_seconds(began), **named)
    _tell("demo.committee")


def _remove_output(settings: Settings) -> None:
    left = output_folder.remove(settings.socialmap_output)
    if left:
        _tell("demo.output_left", path=settings.socialmap_output, count=len(left))


def _tell(key: str, **params: object) -> None:
    words = text(key, **params)
    _print(words.th, words.en)


def _seconds(began: float) -> str:
    return f"{time.monotonic() - began:.1f}"
