"""The audit on the command line: whether its chain is whole, and what it holds."""

import json
from collections import Counter
from dataclasses import asdict
from datetime import UTC, date
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Console

from api.cli.common import DONE, REJECTED, database, errors, told, working
from boundaries.messages import Text, text

app = typer.Typer(no_args_is_help=True, help="บันทึกการใช้งาน: ตรวจ แสดง / Audit: verify, list")
output = Console(highlight=False, markup=False, soft_wrap=True)

Json = Annotated[bool, typer.Option("--json", help="ตอบเป็น JSON / Answer in JSON")]
SHOWN = 20
"""Faults that are shown; the rest are counted."""


@app.command("verify")
def verify(as_json: Json = False) -> None:
    """ตรวจว่าไม่มีรายการถูกแก้ ลบ แทรก สลับ หรือตัดท้าย / Whether an entry was changed, removed, inserted, moved or cut off.

    รหัสออก 0 ครบถ้วน · 1 พบความผิดปกติ · 2 ตรวจไม่ได้ / Exit codes: 0 whole, 1 faults, 2 could not be checked.
    """
    from api.audit_anchor import list_anchored, read_anchor, tell_head
    from api.audit_check import Check, chain_of
    from api.secrets import load_secrets

    kinds: Counter[str] = Counter()
    shown: list[dict[str, Any]] = []
    # It adds nothing to what it examines: a chain that is not whole stays as it was found.
    with told(as_json), database(reason="audit verify", recorded=False) as session, working("audit.checking"):
        name = session.get_bind().engine.url.database or ""
        # Before the entries are read: what is anchored meanwhile would look like a cut-off end.
        chain = chain_of(session)
        anchored = read_anchor(name, chain)
        check = Check(session, load_secrets().audit, anchored, name, list_anchored(chain))
        for fault in check.faults():
            kinds[fault.kind] += 1
            if len(shown) < SHOWN:
                shown.append(asdict(fault))
                _complain(fault.kind, fault.first, fault.last, as_json)
        if check.head is not None and not kinds:
            tell_head(check.head)
    value = {"entries": check.count, "faults": shown, "found": dict(kinds)}
    faults = sum(kinds.values())
    words = text("audit.broken", count=f"{check.count:,}", faults=faults) if faults else None
    _say(words or text("audit.whole", count=f"{check.count:,}"), value, as_json)
    raise typer.Exit(REJECTED if faults else DONE)


@app.command("list")
def list_command(
    first: Annotated[str | None, typer.Option("--from", metavar="YYYY-MM-DD", help="ตั้งแต่วัน / From day")] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="YYYY-MM-DD", help="ถึงวัน / To day")] = None,
    action: Annotated[str | None, typer.Option(help="การกระทำ / Action")] = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="จำนวนสูงสุด / At most")] = 100,
    as_json: Json = False,
) -> None:
    """แสดงรายการใหม่สุดก่อน การดูนี้ถูกบันทึกด้วย / Show entries, newest first; looking is recorded too."""
    from api.audit import DETAILS, UnknownAction, record
    from api.audit_check import list_entries
    from layers.scope import Scope

    with told(as_json), database(reason="audit list") as session:
        if action is not None and action not in DETAILS:
            raise UnknownAction(allowed=", ".join(DETAILS))
        rows = list_entries(session, _day(first), _day(last), action, limit)
        record(session, Scope.system("audit list"), "list", kind="audit_entry", details={"count": len(rows)})
    if as_json:
        typer.echo(json.dumps([_plain(row._mapping) for row in rows], ensure_ascii=False, default=str))
        return
    for row in rows:
        at = row.at.astimezone(ZoneInfo("Asia/Bangkok")).strftime("%Y-%m-%d %H:%M:%S")
        what = " ".join(str(part) for part in (row.kind, row.object_id or "", json.dumps(row.details)) if part)
        output.print(
            f"{row.number} {at} {row.role} {row.actor_id or '-'} {row.action} {what} {row.reason or ''}".rstrip()
        )
    if not rows:
        _say(text("audit.none"), [], as_json)


def _day(value: str | None) -> date | None:
    from layers.dates import parse_date

    return parse_date(value)[0] if value else None


def _plain(row: Any) -> dict[str, Any]:
    at = row["at"].astimezone(UTC).isoformat()
    return {**row, "at": at, "hash": bytes(row["hash"]).hex()}


def _complain(kind: str, first: int, last: int, as_json: bool) -> None:
    if not as_json:
        words = text(f"audit.{kind}", first=first, last=last)
        errors.print(f"{words.th} / {words.en}")


def _say(words: Text, value: object, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(value, ensure_ascii=False, default=str))
    else:
        output.print(words.th)
        output.print(words.en)
