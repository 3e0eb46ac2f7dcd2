"""`socialmap release`: publish the tables that others than the office itself read, once they survive the attack."""

import json
from dataclasses import asdict
from datetime import date
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from api.cli.common import DONE, REJECTED, database, errors, told, working
from api.cli.recorded import note_release
from boundaries.dates import thai_date
from boundaries.messages import text
from layers.periods import Period, parse_period
from layers.releases import Kept, Made, list_releases, make_release

app = typer.Typer(no_args_is_help=True, help="ชุดตัวเลขที่เผยแพร่ / Published sets of figures")
output = Console(highlight=False, markup=False, soft_wrap=True)

Json = Annotated[bool, typer.Option("--json", help="ตอบเป็น JSON / Answer in JSON")]


@app.command("make")
def make(
    periods: Annotated[list[str] | None, typer.Argument(help="ปีงบประมาณ เช่น fy2569 / Fiscal years")] = None,
    as_json: Json = False,
) -> None:
    """ทดสอบย้อนหาแล้วเผยแพร่ / Attack the tables, keep back what could be found out, and publish; all years by default."""
    with told(as_json), database(reason="release") as session, working("release.attacking"):
        wanted: list[Period] | None = [parse_period(one) for one in periods] if periods else None
        made = make_release(session, today=date.today(), periods=wanted)
        note_release(session, made)
    if made is None:
        _say("release.unchanged", {"release": None}, as_json)
        raise typer.Exit(REJECTED)
    if as_json:
        typer.echo(json.dumps(asdict(made), ensure_ascii=False))
    else:
        print_made(made)


@app.command("list")
def list_(as_json: Json = False) -> None:
    """ชุดที่เผยแพร่แล้ว / What was released, newest first."""
    with told(as_json), database(reason="release") as session:
        found = list_releases(session)
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, default=str))
        raise typer.Exit(DONE)
    for one in found:
        output.print(f"{one.id}  {thai_date(one.released_at.date())}  {', '.join(one.periods)}")


def print_made(made: Made) -> None:
    """Print the attacker's table: cells, what is shown and hidden, what was narrowed and recovered before and after."""
    words = text("release.made", number=made.id)
    output.print(words.th)
    output.print(words.en)
    shown = Table(*(text(f"release.column.{name}").th for name in COLUMNS))
    for one in made.kept:
        attack = made.attacks[f"{one.period}.{one.reader}"]
        found = (attack[name] for name in ("narrowed", "recovered", "left_recovered"))
        shown.add_row(*map(str, (*row_of(one), *found)))
    errors.print(shown)


COLUMNS = ("period", "reader", "level", "cells", "shown", "hidden", "withheld", "share", "narrowed", "before", "after")


def row_of(one: Kept) -> tuple[str | int, ...]:
    """Return what a line says of one reader and level."""
    level = text(f"level.{one.level}").th
    reader = text(f"audience.{one.reader}").th
    return one.period, reader, level, one.cells, one.shown, one.hidden, one.withheld, f"{one.share:.0%}"


def _say(key: str, value: object, as_json: bool) -> None:
    words = text(key)
    if as_json:
        typer.echo(json.dumps(value))
    else:
        output.print(words.th)
        output.print(words.en)
