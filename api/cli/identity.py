"""Identity data on the command line: keys, rights of the persons concerned, retention, the register of processing.

What a person is searched by is asked for, never taken from the command line: other processes and the shell's history
would see it there.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer
from rich.console import Console
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from api.cli.common import DONE, REJECTED, database, database_url, errors, told, working
from boundaries.messages import Text, text
from layers.scope import Scope

app = typer.Typer(
    no_args_is_help=True,
    help="ข้อมูลระบุตัวบุคคล: กุญแจ สิทธิเจ้าของข้อมูล เก็บรักษา / Identity data: keys, rights, retention",
)
output = Console(highlight=False, markup=False, soft_wrap=True)

Json = Annotated[bool, typer.Option("--json", help="ตอบเป็น JSON / Answer in JSON")]
Case = Annotated[UUID, typer.Argument(metavar="CASE", help="รหัสเรื่อง / Id of the case")]
Reason = Annotated[str, typer.Option(help="เหตุผล ไม่มีข้อมูลส่วนบุคคล / Reason, without personal data")]
READS = frozenset({"identity.read", "identity.read_restricted"})


@app.command("rotate")
def rotate_command(
    forget: Annotated[
        bool,
        typer.Option(
            "--forget-old",
            help="ลบกุญแจหลักเดิม สำเนาสำรองฐานข้อมูลก่อนหน้านี้จะเปิดข้อมูลระบุตัวบุคคลไม่ได้อีก"
            " / Forget older master keys: identity data in earlier backups can then never be opened",
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """เปลี่ยนกุญแจหลัก เรียกซ้ำได้หากหยุดกลางคัน / Change the master key; may be called again when it broke off."""
    from api.identity_rotation import rotate

    with told(as_json), _engine() as engine, working("identity.rotating") as progress:
        done = rotate(engine, forget, told=progress)
    for one in [] if as_json else done.unusable:
        errors.print(f"{one.case_id}: {one.why}")
    words = text("identity.rotated", master=done.master, count=f"{done.keys:,}", unusable=len(done.unusable))
    _say(words, asdict(done), as_json)
    raise typer.Exit(REJECTED if done.unusable else DONE)


@app.command("erase")
def erase(case: Case, reason: Reason, as_json: Json = False) -> None:
    """ลบข้อมูลระบุตัวบุคคล จุด หมายเหตุ และรหัสจากแฟ้ม ยอดรวมคงเดิม / Erase a person, point, notes and file's id; sums stay."""
    from api.identity_use import erase_identity
    from layers.retention import remove_traces

    scope = Scope.system("identity erase")
    with told(as_json), database(reason="identity erase") as session:
        remove_traces(session, case)
        gone = erase_identity(session, scope, case, reason)
    _say(text("identity.erased" if gone else "identity.none", id=case), {"erased": gone}, as_json)


@app.command("correct")
def correct(
    case: Case,
    reason: Reason,
    field: Annotated[list[str], typer.Option(help="ช่องที่จะแก้ ใช้ซ้ำได้ / Field to correct, repeatable")],
    as_json: Json = False,
) -> None:
    """แก้ไขข้อมูลระบุตัวบุคคลบางช่อง ค่าใหม่ถามทีละช่อง ว่างคือลบช่องนั้น / Correct some fields; the new values are asked for."""
    from api.identity_use import correct_identity
    from layers.identity import TEXTS, BadIdentity

    with told(as_json):
        for name in field:
            if name not in TEXTS:
                raise BadIdentity(field=name[:40], allowed=", ".join(TEXTS))
        changes = {name: _typed(f"identity.ask.{name}") or None for name in field}
        scope = replace(Scope.system("identity correct"), permissions=READS | {"identity.write"})
        with _engine() as engine, _session(engine, scope) as session:
            correct_identity(session, scope, case, changes, reason)
    _say(text("identity.corrected", id=case, fields=", ".join(changes)), {"fields": sorted(changes)}, as_json)


@app.command("consent")
def consent(
    case: Case,
    wording: Annotated[str, typer.Option(help="รหัสฉบับของข้อความที่ตกลง / Version of the words agreed to")],
    channel: Annotated[str, typer.Option(help="ช่องทาง เช่น paper / Channel, for example paper")],
    given_by: Annotated[str, typer.Option(help="person หรือ guardian / person or guardian")] = "person",
    on: Annotated[str | None, typer.Option(help="วันที่ให้ ปปปป-ดด-วว ค.ศ. / Date, YYYY-MM-DD")] = None,
    as_json: Json = False,
) -> None:
    """บันทึกความยินยอม / Keep a consent, and print its id."""
    from api.identity_use import give_consent
    from layers.consents import BadConsent

    scope = Scope.system("identity consent")
    with told(as_json), database(reason="identity consent") as session:
        try:
            day = date.fromisoformat(on) if on else date.today()
        except ValueError:
            raise BadConsent from None
        given = {"wording": wording, "channel": channel, "given_by": given_by, "given_on": day}
        made = give_consent(session, scope, case, **given)  # type: ignore[arg-type]
    _say(text("identity.consented", id=made), {"consent": made}, as_json)


@app.command("withdraw")
def withdraw(
    case: Case,
    consent_id: Annotated[UUID, typer.Argument(metavar="CONSENT", help="รหัสความยินยอม / Id of the consent")],
    as_json: Json = False,
) -> None:
    """บันทึกการถอนความยินยอม / Note that a consent was withdrawn."""
    from api.identity_use import take_back_consent

    with told(as_json), database(reason="identity withdraw") as session:
        take_back_consent(session, Scope.system("identity withdraw"), case, consent_id)
    _say(text("identity.withdrawn", id=consent_id), {"withdrawn": consent_id}, as_json)


@app.command("restrict")
def restrict(
    case: Case,
    reason: Reason,
    lift: Annotated[bool, typer.Option("--lift", help="ยกเลิกการระงับ / Lift the restriction")] = False,
    as_json: Json = False,
) -> None:
    """ระงับการใช้ เมื่อกฎหมายห้ามลบ / Restrict where law forbids erasure."""
    from api.identity_use import close_identity, open_identity

    scope = Scope.system("identity restrict")
    with told(as_json), database(reason="identity restrict") as session:
        (open_identity if lift else close_identity)(session, scope, case, reason)
    _say(text("identity.opened" if lift else "identity.closed", id=case), {"restricted": not lift}, as_json)


@app.command("retain")
def retain(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="แสดงอย่างเดียว / Show only")] = False,
    periods: Annotated[Path | None, typer.Option(help="แฟ้มระยะเวลา / File of periods")] = None,
    as_json: Json = False,
) -> None:
    """ทำให้เรื่องที่พ้นระยะเวลาเก็บรักษาไม่ระบุตัวบุคคล ยอดรวมคงเดิม / Make cases beyond their period anonymous; sums stay."""
    from api.retaining import anonymise_due, count_envelopes, destroy_envelopes
    from layers.retention import FILE, list_due, load_envelope_days, load_periods, period_of

    with told(as_json), _engine() as engine, working("identity.retaining") as progress:
        held, days, now = load_periods(periods or FILE), load_envelope_days(periods or FILE), datetime.now(UTC)
        if dry_run:
            with _session(engine, Scope.system("identity retain")) as session:
                due = list_due(session, held, date.today(), limit=1_000_000)
                swept = count_envelopes(session, days, now)
        else:
            due = anonymise_due(engine, held, date.today(), progress)
            swept = destroy_envelopes(engine, days, now)
    unconfirmed = sorted({one.problem_code[:3] for one in due if period_of(held, one.problem_code).confirmed is None})
    if unconfirmed and not as_json:
        words = text("identity.unconfirmed", problems=", ".join(unconfirmed))
        errors.print(f"{words.th} / {words.en}")
    value = {"cases": [asdict(one) for one in due], "done": not dry_run, "unconfirmed": unconfirmed}
    value |= {"envelopes": asdict(swept)}
    said = {"count": f"{len(due):,}", "refused": f"{swept.refused:,}", "unfinished": f"{swept.unfinished:,}"}
    _say(text("identity.due" if dry_run else "identity.retained", **said), value, as_json)


@app.command("access")
def access(
    reason: Reason,
    out: Annotated[Path, typer.Option(help="แฟ้มที่จะเขียน (.json และ .txt) / Files to write")] = Path("subject-access"),
    as_json: Json = False,
) -> None:
    """ส่งออกข้อมูลของบุคคลหนึ่งตามคำขอ ถามเลขประจำตัวหรือชื่อกับโทรศัพท์ / One person's data, for that person."""
    from api.audit import record
    from api.identity_use import identity_keys
    from layers.subject_access import collect, find_person, to_text

    with told(as_json), _engine() as engine:
        asked = _asked()
        scope = replace(Scope.system(reason), permissions=READS)
        with _session(engine, scope) as session:
            keys = identity_keys(session)
            cases = find_person(session, scope, keys, asked)
            found = collect(session, scope, keys, cases)
            details = {"field": sorted(asked), "cases": len(cases), "format": ["json", "txt"]}
            record(session, scope, "subject_access", kind="identity", reason=reason, details=details)
        written = [_write(out.with_suffix(".json"), json.dumps(found, ensure_ascii=False, indent=1))]
        written.append(_write(out.with_suffix(".txt"), to_text(found, date.today())))
    _say(text("identity.accessed", count=len(found)), {"cases": len(found), "files": written}, as_json)


@app.command("register")
def register(
    out: Annotated[Path | None, typer.Option(help="แฟ้มที่จะเขียน / The file to write")] = None, as_json: Json = False
) -> None:
    """บันทึกรายการประมวลผล (ม.39) จากโครงสร้างฐานข้อมูล / The register of processing, from the database's schema."""
    from api.files import write_whole
    from api.processing_register import build_register

    with told(as_json), database(reason="identity register") as session:
        made = build_register(session)
    if out is not None:
        with told(as_json):
            write_whole(out, made.markdown.encode())
    if as_json:
        typer.echo(json.dumps(asdict(made), ensure_ascii=False))
    elif out is None:
        typer.echo(made.markdown)
    raise typer.Exit(REJECTED if made.undescribed else DONE)


def _asked() -> dict[Any, str]:
    """Ask for what the person is searched by; nothing typed is shown on a terminal."""
    asked = {}
    for name in ("national_id", "phone", "name"):
        if value := _typed(f"identity.ask.{name}"):
            asked[name] = value
    return asked


def _typed(key: str) -> str:
    words = text(key)
    return str(
        typer.prompt(f"{words.th} / {words.en}", default="", show_default=False, hide_input=True, err=True)
    ).strip()


def _write(path: Path, content: str) -> str:
    """Write a file that only its owner may read."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(content)
    return str(path)


@contextmanager
def _engine() -> Iterator[Engine]:
    from api.database import make_engine
    from api.settings import Settings

    with database_url(Settings()) as url:
        engine = make_engine(url, pool_size=2)
        try:
            yield engine
        finally:
            engine.dispose()


@contextmanager
def _session(engine: Engine, scope: Scope) -> Iterator[Session]:
    from api.database import transaction

    with transaction(engine, scope) as session:
        yield session


def _say(words: Text, value: object, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(value, ensure_ascii=False, default=str))
    else:
        output.print(words.th)
        output.print(words.en)
