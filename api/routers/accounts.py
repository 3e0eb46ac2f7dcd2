"""Accounts for administrators, for programs and scripts. Pages for people: `api/auth/web`."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from api.auth import accounts
from api.auth.clearing import ask_clearing, confirm_clearing
from api.auth.depends import Admin, KeysHeld, Writing
from api.auth.links import PATH, create_link
from api.auth.units import list_units
from api.dependencies import PLAIN, known_parameters
from api.schemas.accounts import (
    AccountPage,
    AccountState,
    ChangedAccount,
    MadeLink,
    NewAccount,
    Units,
    to_account,
    to_unit,
)

router = APIRouter(prefix="/api/v1", tags=["accounts"], dependencies=[Depends(known_parameters)])


@router.get("/accounts")
def get_accounts(
    session: Writing,
    admin: Admin,
    after: Annotated[str, Query(max_length=100, pattern=PLAIN)] = "",
    limit: Annotated[int, Query(ge=1, le=accounts.PAGE)] = accounts.PAGE,
) -> AccountPage:
    """รายชื่อบัญชี / Accounts by login name."""
    found = accounts.list_accounts(session, after, limit)
    following = found[-1].login if len(found) == limit else None
    return AccountPage(accounts=[to_account(row) for row in found], next=following)


@router.post("/accounts", status_code=201)
def post_account(session: Writing, admin: Admin, keys: KeysHeld, given: NewAccount) -> MadeLink:
    """เพิ่มบัญชี / Make an account; the answer holds its one-time code."""
    account = accounts.create_account(session, admin.scope, given.login, given.name, given.role)
    accounts.set_units(session, admin.scope, account, given.units)
    accounts.set_areas(session, admin.scope, account, given.areas)
    return MadeLink(account=account, code=create_link(session, keys, admin.scope, account), path=PATH)


@router.get("/accounts/{account_id}")
def get_account(session: Writing, admin: Admin, account_id: UUID) -> AccountState:
    """บัญชีหนึ่ง / One account."""
    return to_account(accounts.get_account(session, account_id))


@router.patch("/accounts/{account_id}")
def patch_account(session: Writing, admin: Admin, account_id: UUID, given: ChangedAccount) -> AccountState:
    """แก้ไขบัญชี / Give an account another name, role, units or areas."""
    held = accounts.get_account(session, account_id)
    if given.name is not None or given.role is not None:
        accounts.change_account(session, admin.scope, account_id, given.name or held.name, given.role or held.role)
    if given.units is not None:
        accounts.set_units(session, admin.scope, account_id, given.units)
    if given.areas is not None:
        accounts.set_areas(session, admin.scope, account_id, given.areas)
    return to_account(accounts.get_account(session, account_id))


@router.post("/accounts/{account_id}/disable", status_code=204)
def post_disable(session: Writing, admin: Admin, account_id: UUID) -> Response:
    """ปิดบัญชี / Disable an account; its sessions and devices end at once."""
    accounts.disable_account(session, admin.scope, account_id)
    return Response(status_code=204)


@router.post("/accounts/{account_id}/enable", status_code=204)
def post_enable(session: Writing, admin: Admin, account_id: UUID) -> Response:
    """เปิดบัญชี / Let a disabled account in again."""
    accounts.enable_account(session, admin.scope, account_id)
    return Response(status_code=204)


@router.post("/accounts/{account_id}/factor", status_code=204)
def post_factor(session: Writing, admin: Admin, account_id: UUID) -> Response:
    """ขอล้างการยืนยันสองชั้น / Ask that a second factor be cleared; another administrator has to confirm it."""
    ask_clearing(session, admin.scope, account_id)
    return Response(status_code=204)


@router.post("/accounts/{account_id}/factor/confirm", status_code=204)
def post_factor_confirmed(session: Writing, admin: Admin, account_id: UUID) -> Response:
    """ยืนยันการล้างการยืนยันสองชั้น / Clear a second factor, as another administrator asked."""
    confirm_clearing(session, admin.scope, account_id)
    return Response(status_code=204)


@router.post("/accounts/{account_id}/link", status_code=201)
def post_link(session: Writing, admin: Admin, keys: KeysHeld, account_id: UUID) -> MadeLink:
    """ออกรหัสตั้งรหัสผ่าน / Make a one-time code; earlier ones are void, the second factor stays."""
    accounts.get_account(session, account_id)
    code = create_link(session, keys, admin.scope, account_id)
    return MadeLink(account=account_id, code=code, path=PATH)


@router.get("/units")
def get_units(session: Writing, admin: Admin) -> Units:
    """หน่วยงาน / Units with the areas they serve."""
    return Units(units=[to_unit(row) for row in list_units(session)])
