"""`socialmap cluster`: the private database of this machine, by hand."""

import json
from typing import Annotated

import typer

from api.cli.common import told
from api.settings import Settings
from boundaries.messages import Text, text

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="ฐานข้อมูลส่วนตัวของเครื่องนี้ / The private database of this machine",
)

AsJson = Annotated[bool, typer.Option("--json", help="ตอบเป็น JSON ให้โปรแกรมอ่าน / Answer as JSON")]


def _print(words: Text) -> None:
    typer.echo(words.th)
    typer.echo(words.en)


@app.command()
def start() -> None:
    """เริ่มและให้ทำงานจนกว่าจะสั่งหยุด / Start it and keep it running until `stop`."""
    from api import cluster

    with told():
        made = cluster.start(Settings().socialmap_home)
    _print(text("cli.cluster.started", path=made.data))


@app.command()
def stop() -> None:
    """หยุด เว้นแต่มีคำสั่งอื่นกำลังใช้ / Stop it, unless a command is using it."""
    from api import cluster

    with told():
        was_running = cluster.stop(Settings().socialmap_home)
    _print(text("cli.cluster.stopped" if was_running else "cli.cluster.was_stopped"))


@app.command()
def status(as_json: AsJson = False) -> None:
    """บอกสถานะ โดยไม่เปลี่ยนสิ่งใด / Tell how it is, changing nothing."""
    from api import cluster

    with told(as_json):
        found = cluster.status(Settings().socialmap_home)
    if as_json:
        said = {"running": found.running, "in_use": found.in_use, "major": found.major, "data": str(found.data)}
        typer.echo(json.dumps(said, ensure_ascii=False))
        return
    if found.major is None:
        _print(text("cli.cluster.absent"))
        return
    key = "cli.cluster.running" if found.running else "cli.cluster.resting"
    _print(text(key, path=found.data, major=found.major))


@app.command()
def url(
    role: Annotated[str, typer.Option(help="app, owner หรือ admin / Role: app, owner or admin")] = "app",
) -> None:
    """พิมพ์ที่อยู่สำหรับเชื่อมต่อ / Print the address to connect to."""
    from api import cluster

    if role not in ("app", "owner", "admin"):
        raise typer.BadParameter("app, owner, admin")
    with told():
        made = cluster.ensure(Settings().socialmap_home)
    typer.echo({"app": made.app_url, "owner": made.owner_url, "admin": made.admin_url}[role])


@app.command()
def destroy(
    yes: Annotated[bool, typer.Option("--yes", help="ยืนยันว่าให้ลบข้อมูลทั้งหมด / Confirm that all data go")] = False,
) -> None:
    """หยุดและลบข้อมูลทั้งหมด / Stop it and remove all its data."""
    from api import cluster

    home = Settings().socialmap_home
    with told():
        if not yes:
            typer.confirm(text("cli.cluster.confirm").th + " / " + text("cli.cluster.confirm").en, abort=True)
        cluster.destroy(home)
    _print(text("cli.cluster.destroyed"))
