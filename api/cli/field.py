"""Field capture on the command line: the key that phones seal to, and what was set apart of what they sent."""

import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console

from api.cli.common import database, told
from boundaries.messages import Text, text
from layers.scope import Scope

app = typer.Typer(no_args_is_help=True, help="ข้อมูลจากพื้นที่: กุญแจของโทรศัพท์ ซองที่ถูกกัก / Field capture: keys, quarantine")
output = Console(highlight=False, markup=False, soft_wrap=True)

Json = Annotated[bool, typer.Option("--json", help="ตอบเป็น JSON / Answer in JSON")]


@app.command("rotate")
def rotate(as_json: Json = False) -> None:
    """ออกกุญแจใหม่ให้โทรศัพท์ปิดผนึก กุญแจเดิมยังเปิดได้ / A new key for phones to seal to; older ones still open."""
    from api.field.keys import rotate_captures

    with told(as_json), database(reason="field rotate", recorded=False) as session:
        name = rotate_captures(session, Scope.system("field rotate"))
    _say(text("field.rotated", name=name), {"capture": name}, as_json)


@app.command("forget")
def forget(as_json: Json = False) -> None:
    """ลบกุญแจเดิม ซองที่ยังอยู่ในโทรศัพท์และปิดผนึกด้วยกุญแจเดิมจะเปิดไม่ได้อีก / Forget older keys: what phones still hold sealed to
    them never opens again."""
    from api.field.keys import forget_captures

    with told(as_json), database(reason="field forget", recorded=False) as session:
        gone = forget_captures(session, Scope.system("field forget"))
    _say(text("field.forgotten", count=len(gone)), {"forgotten": gone}, as_json)


@app.command("quarantine")
def quarantine(as_json: Json = False) -> None:
    """ซองที่รอผู้ประสานงานตัดสิน / Envelopes that a coordinator has to decide on."""
    from api.field.quarantine import list_quarantine

    with told(as_json), database(reason="field quarantine") as session:
        found = list_quarantine(session, Scope.system("field quarantine"))
    if as_json:
        typer.echo(json.dumps({"envelopes": [asdict(one) for one in found]}, ensure_ascii=False, default=str))
        return
    for one in found:
        why = text(f"field.why.{one.why}") if one.why else text(f"field.state.{one.state}")
        output.print(f"{one.id} {one.received_at:%Y-%m-%d %H:%M} {one.kind or '-'} {one.login}: {why.th} / {why.en}")
    _say(text("field.quarantined", count=len(found)), {}, False)


def _say(words: Text, value: object, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(value, ensure_ascii=False))
    else:
        output.print(words.th)
        output.print(words.en)
