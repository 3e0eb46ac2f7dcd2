"""`socialmap alerts`: send what waits, put overdue cases into the outbox, show how sending goes, try again."""

import json
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.console import Console
from sqlalchemy import Engine

from api.cli.common import database, database_url, errors, told
from api.settings import Settings
from boundaries.messages import Text, text

app = typer.Typer(no_args_is_help=True, help="การแจ้งเตือน: ส่ง เรื่องเลยกำหนด ส่งอีกครั้ง / Alerts: send, overdue, try again")
output = Console(highlight=False, markup=False, soft_wrap=True)
Json = Annotated[bool, typer.Option("--json", help="ตอบเป็น JSON / Answer in JSON")]


@app.command("run")
def run(
    once: Annotated[bool, typer.Option("--once", help="ส่งที่ถึงเวลาแล้วจบ / Send what is due, then end")] = False,
    as_json: Json = False,
) -> None:
    """ส่งการแจ้งเตือนจนกด Ctrl-C / Send alerts until Ctrl-C; any number of senders may run at once."""
    from api.alerts.sealing import load_alert_keys
    from api.alerts.ways import read_ways
    from api.alerts.worker import run_once, work

    settings = Settings()
    with told(as_json), _engine(settings) as engine:
        ways, keys = read_ways(settings), load_alert_keys()
        if once:
            done = run_once(engine, ways, keys)
            _say(text("cli.alerts.round", **asdict(done)), asdict(done), as_json)
            return
        over = threading.Event()
        signal.signal(signal.SIGTERM, lambda *_: over.set())
        signal.signal(signal.SIGINT, lambda *_: over.set())
        words = text("cli.alerts.running")
        errors.print(f"{words.th} / {words.en}")
        work(engine, ways, keys, over)


@app.command("due")
def due(as_json: Json = False) -> None:
    """ใส่เรื่องที่เลยกำหนด ไม่มีทีม หรือรอตรวจรับ ลงคิว / Put overdue, teamless and quarantined cases into the outbox."""
    from api.alerts.worker import look_around

    settings = Settings()
    with told(as_json), _engine(settings) as engine:
        count = look_around(engine)
    _say(text("cli.alerts.due", count=count), {"noticed": count}, as_json)


@app.command("list")
def list_command(as_json: Json = False) -> None:
    """แสดงสถานะการส่งและเหตุที่ส่งไม่ได้ / Show how many were sent, wait or were given up, and why."""
    from api.alerts.sending import count_by_state, list_failures

    with told(as_json), database(reason="alerts list") as session:
        counts, failures = count_by_state(session), list_failures(session)
    if as_json:
        typer.echo(json.dumps({"counts": counts, "failures": failures}))
        return
    for channel, state, count in counts:
        words, way = text(f"alerts.admin.{state}"), text(f"alerts.admin.channel.{channel}")
        output.print(f"{way.th} / {way.en} · {words.th} / {words.en}: {count}")
    for channel, why, state, count in failures:
        words = text(f"alerts.admin.{state}")
        output.print(f"{channel} · {why} · {words.th} / {words.en}: {count}")


@app.command("retry")
def retry(as_json: Json = False) -> None:
    """ส่งรายการที่เลิกส่งอีกครั้ง / Try again what was given up."""
    from api.alerts.sending import retry_given_up

    with told(as_json), database(reason="alerts retry") as session:
        count = retry_given_up(session)
    _say(text("cli.alerts.retried", count=count), {"retried": count}, as_json)


@contextmanager
def _engine(settings: Settings) -> Iterator[Engine]:
    from api.database import make_engine

    with database_url(settings) as url:
        engine = make_engine(url, pool_size=2)
        try:
            yield engine
        finally:
            engine.dispose()


def _say(words: Text, value: Any, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(value))
    else:
        output.print(words.th)
        output.print(words.en)
