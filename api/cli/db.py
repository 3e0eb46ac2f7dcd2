"""The database on the command line: its shape, and whether the rollups say what the cases say."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated

import typer
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from rich.console import Console

from api.cli.common import DONE, REJECTED, database, errors, fail, told, working
from api.migrations.run import config, upgrade
from api.settings import Settings
from boundaries.messages import Text, text

app = typer.Typer(no_args_is_help=True, help="ฐานข้อมูล: ปรับรุ่น ตรวจยอดรวม / Database: migrate, check the sums")
output = Console(highlight=False, markup=False, soft_wrap=True)

Json = Annotated[bool, typer.Option("--json", help="ตอบเป็น JSON / Answer in JSON")]


@app.command("migrate")
def migrate(as_json: Json = False) -> None:
    """ปรับฐานข้อมูลให้เป็นรุ่นล่าสุด / Bring the database to the newest shape."""
    with told(as_json), _owner_url(as_json) as url:
        changed = upgrade(url)
    _say(text("db.migrated" if changed else "db.newest"), {"changed": changed}, as_json)


@app.command("status")
def status(as_json: Json = False) -> None:
    """ฐานข้อมูลเป็นรุ่นใด / Which shape the database has, and which is the newest."""
    with told(as_json), database(migrate=False) as session:
        present = MigrationContext.configure(session.connection()).get_current_revision()
    newest = ScriptDirectory.from_config(config()).get_current_head()
    value = {"present": present, "newest": newest}
    _say(text("db.status", present=present or "-", newest=newest), value, as_json)
    raise typer.Exit(DONE if present == newest else REJECTED)


@app.command("check")
def check(
    rebuild: Annotated[bool, typer.Option("--rebuild", help="สร้างยอดรวมใหม่จากเรื่อง / Build the sums anew")] = False,
    as_json: Json = False,
) -> None:
    """ยอดรวมตรงกับเรื่องหรือไม่ / Whether the rollups say what the cases say; exit code 1 when they do not."""
    from api.field.checking import check_envelopes
    from layers import rollups

    with told(as_json), database() as session:
        made = None
        if rebuild:
            with working("db.rebuilding"):
                made = rollups.rebuild(session)
        with working("db.checking"):
            found = rollups.check(session)
            wrong = check_envelopes(session)
    for broken in [] if as_json else wrong:
        errors.print(text("db.envelope", id=broken.id, rule=broken.rule).en)
    if not as_json:
        for one in found:
            errors.print(f"{one.table} {one.cell}: {one.kept} ≠ {one.counted}")
    words = text("db.differs", count=len(found)) if found else text("db.agrees")
    told_of = {"differences": [asdict(one) for one in found], "envelopes": [asdict(one) for one in wrong]}
    _say(words, told_of | {"rebuilt_cells": made}, as_json)
    raise typer.Exit(REJECTED if found or wrong else DONE)


@contextmanager
def _owner_url(as_json: bool) -> Iterator[str]:
    """Give the address that migrations connect to, the private cluster's when none is set."""
    settings = Settings()
    if settings.owner_database_url:
        yield settings.owner_database_url
        return
    if settings.database_url:
        fail(text("db.no_owner"), as_json, code="db.no_owner")
    from api.cluster import running

    with running(settings.socialmap_home) as cluster:
        yield cluster.owner_url


def _say(words: Text, value: object, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(value, ensure_ascii=False, default=str))
    else:
        output.print(words.th)
        output.print(words.en)
