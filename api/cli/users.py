"""Accounts and units on the command line. No password is an argument: an account sets its own by a one-time link."""

import json
from typing import Annotated, Any
from uuid import UUID

import typer
from rich.console import Console
from sqlalchemy import Row
from sqlalchemy.orm import Session

from api.cli.common import database, told
from boundaries.messages import Text, text
from layers.scope import Scope

app = typer.Typer(no_args_is_help=True, help="บัญชีผู้ใช้และหน่วยงาน / Accounts and units")
output = Console(highlight=False, markup=False, soft_wrap=True)

Json = Annotated[bool, typer.Option("--json", help="ตอบเป็น JSON / Answer in JSON")]
Login = Annotated[str, typer.Argument(help="ชื่อเข้าใช้ / Login name")]
Name = Annotated[str | None, typer.Option("--name", help="ชื่อที่แสดง / Name to show")]
UnitKeys = Annotated[list[str] | None, typer.Option("--unit", help="รหัสหน่วยงาน ใช้ซ้ำได้ / Key of a unit, repeatable")]
Areas = Annotated[list[str] | None, typer.Option("--area", help="รหัสพื้นที่ ใช้ซ้ำได้ / Code of an area, repeatable")]
Server = Annotated[str, typer.Option("--server", help="ที่อยู่ของระบบ / Address of the server")]

SERVER = "http://127.0.0.1:8000"
COMMAND = Scope.system("users")
"""Whoever may run commands on the machine of the database is noted as the product itself."""


@app.command("admin")
def make_admin(
    login: Login = "admin",
    name: Name = None,
    another: Annotated[bool, typer.Option("--another", help="แม้มีอยู่แล้ว / Although there is one")] = False,
    server: Server = SERVER,
    as_json: Json = False,
) -> None:
    """สร้างผู้ดูแลระบบคนแรก / Make the first administrator and print a one-time link."""
    from api.auth.accounts import count_admins, create_account
    from api.auth.errors import AdminExists

    with told(as_json), database() as session:
        if count_admins(session) and not another:
            raise AdminExists
        account = create_account(session, COMMAND, login, name or login, "admin")
        address = _link(session, account, server)
    _say_link(login, "admin", address, as_json)


@app.command("create")
def create(
    login: Login,
    role: Annotated[str, typer.Option("--role", help="บทบาท เช่น officer / Role")],
    name: Name = None,
    unit: UnitKeys = None,
    area: Areas = None,
    server: Server = SERVER,
    as_json: Json = False,
) -> None:
    """สร้างบัญชีและรหัสตั้งรหัสผ่าน / Make an account and print its one-time link."""
    from api.auth.accounts import create_account, set_areas, set_units

    with told(as_json), database() as session:
        account = create_account(session, COMMAND, login, name or login, role)
        set_units(session, COMMAND, account, unit or [])
        set_areas(session, COMMAND, account, area or [])
        address = _link(session, account, server)
    _say_link(login, role, address, as_json)


@app.command("list")
def show_list(
    after: Annotated[str, typer.Option("--after", help="เริ่มหลังชื่อนี้ / Begin after this login name")] = "",
    as_json: Json = False,
) -> None:
    """รายชื่อบัญชี / List accounts, a hundred at a time."""
    from api.auth.accounts import list_accounts

    with told(as_json), database() as session:
        found = [_shown(row) for row in list_accounts(session, after)]
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
    elif not found:
        _say(text("users.none"))
    for one in () if as_json else found:
        places = " ".join((*one["units"], *one["areas"]))
        output.print(f"{one['login']:<24} {one['role']:<12} {one['state']:<9} {one['name']}  {places}".rstrip())


@app.command("disable")
def disable(
    login: Login,
    undo: Annotated[bool, typer.Option("--undo", help="เปิดอีกครั้ง / Enable again")] = False,
    as_json: Json = False,
) -> None:
    """ปิดบัญชี การเข้าใช้สิ้นสุดทันที / Disable an account; its sessions and devices end at once."""
    from api.auth.accounts import disable_account, enable_account, get_by_login

    with told(as_json), database() as session:
        account = get_by_login(session, login)
        (enable_account if undo else disable_account)(session, COMMAND, account.id)
    _say(
        text("users.enabled" if undo else "users.disabled", login=login),
        {"login": login, "disabled": not undo},
        as_json,
    )


@app.command("reset")
def reset(
    login: Login,
    server: Server = SERVER,
    as_json: Json = False,
) -> None:
    """รหัสตั้งรหัสผ่านใหม่ / Print a one-time link with which an account sets a new password."""
    from api.auth.accounts import get_by_login

    with told(as_json), database() as session:
        account = get_by_login(session, login)
        address = _link(session, account.id, server)
    _say(text("users.link", login=login, address=address), {"login": login, "link": address}, as_json)


@app.command("clear-factor")
def clear(
    login: Login,
    reason: Annotated[str, typer.Option("--reason", help="เหตุผล ไม่มีข้อมูลส่วนบุคคล / Reason, without personal data")],
    as_json: Json = False,
) -> None:
    """ล้างการยืนยันสองชั้น เมื่อมีผู้ดูแลระบบคนเดียว / Clear a second factor where no second administrator can confirm."""
    from api.auth.accounts import get_by_login
    from api.auth.clearing import clear_factor

    with told(as_json), database() as session:
        clear_factor(session, COMMAND.with_reason(reason), get_by_login(session, login).id)
    _say(text("users.factor_cleared", login=login), {"login": login}, as_json)


@app.command("team")
def team(
    case: Annotated[UUID, typer.Argument(metavar="CASE", help="รหัสเรื่อง / Id of the case")],
    add: Annotated[list[str] | None, typer.Option("--add", help="เพิ่มบัญชี ใช้ซ้ำได้ / Put an account in")] = None,
    remove: Annotated[list[str] | None, typer.Option("--remove", help="นำบัญชีออก ใช้ซ้ำได้ / Take one out")] = None,
    as_json: Json = False,
) -> None:
    """ทีมของเรื่อง: ดู เพิ่ม นำออก / The team of a case: who is in it, put somebody in, take somebody out."""
    from api import teams

    with told(as_json), database() as session:
        for login in add or ():
            teams.add_member(session, COMMAND, case, login)
        for login in remove or ():
            teams.remove_member(session, COMMAND, case, login)
        found = [one.login for one in teams.list_members(session, COMMAND, case)]
    if as_json:
        typer.echo(json.dumps(found))
    else:
        output.print("\n".join(found) or "–")


@app.command("units")
def units(
    create: Annotated[str | None, typer.Option("--create", help="รหัสหน่วยงานใหม่ / Key of a new unit")] = None,
    change: Annotated[str | None, typer.Option("--change", help="เปลี่ยนพื้นที่ของหน่วยงาน / Give a unit other areas")] = None,
    kind: Annotated[str, typer.Option("--kind", help="ประเภท / Kind")] = "office",
    name_th: Annotated[str, typer.Option("--name-th", help="ชื่อไทย / Thai name")] = "",
    name_en: Annotated[str, typer.Option("--name-en", help="ชื่ออังกฤษ / English name")] = "",
    area: Areas = None,
    as_json: Json = False,
) -> None:
    """หน่วยงานและพื้นที่: ดู สร้าง เปลี่ยน / List units with their areas, make one, or change one's areas."""
    from api.auth import units as kept

    with told(as_json), database() as session:
        if create:
            kept.create_unit(session, create, kind, name_th, name_en, area or [])
        elif change:
            kept.set_unit_areas(session, change, area or [])
        found = [dict(row._mapping) for row in kept.list_units(session)]
    if create or change:
        words = text("users.unit_made" if create else "users.unit_changed", unit=create or change)
        return _say(words, {"unit": create or change}, as_json)
    return _list_units(found, as_json)


def _list_units(found: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
    elif not found:
        _say(text("users.no_units"))
    for one in () if as_json else found:
        areas = " ".join(one["areas"] or ())
        output.print(f"{one['key']:<24} {one['kind']:<10} {one['name_th']} / {one['name_en']}  {areas}".rstrip())


def _link(session: Session, account: Any, server: str) -> str:
    from api.auth.keys import Keys
    from api.auth.links import PATH, create_link
    from api.secrets import load_secrets

    code = create_link(session, Keys.of(load_secrets()), COMMAND, account)
    return f"{server.rstrip('/')}{PATH}#{code}"


def _say_link(login: str, role: str, address: str, as_json: bool) -> None:
    value = {"login": login, "role": role, "link": address}
    words = text(f"role.{role}")
    if not as_json:
        _say(text("users.created", login=login, role_th=words.th, role_en=words.en))
    _say(text("users.link", login=login, address=address), value, as_json)


def _shown(row: Row[Any]) -> dict[str, Any]:
    from api.auth.accounts import state_of

    return {
        "id": str(row.id),
        "login": row.login,
        "name": row.name,
        "role": row.role,
        "state": state_of(row),
        "second_factor": row.totp_confirmed_at is not None,
        "units": sorted(row.unit_keys or ()),
        "areas": sorted(row.own_areas),
    }


def _say(words: Text, value: dict[str, Any] | None = None, as_json: bool = False) -> None:
    if as_json:
        typer.echo(json.dumps(value, ensure_ascii=False))
        return
    output.print(words.th)
    output.print(words.en)
