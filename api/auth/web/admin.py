"""Pages of the administrator: the list of accounts, and one account with its units and areas."""

from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.auth import accounts
from api.auth.asking import Caller
from api.auth.clearing import ask_clearing, confirm_clearing, find_clearing
from api.auth.depends import Admin, KeysHeld
from api.auth.forms import Form, Sent
from api.auth.keys import Keys
from api.auth.links import PATH, create_link
from api.auth.permissions import ROLES
from api.auth.signing_in import AUTH
from api.auth.units import list_units
from api.auth.web.pages import PageRoute, back_to, page
from api.database import transaction
from api.dependencies import PLAIN, known_parameters
from api.errors import status_of
from boundaries.errors import SocialMapError
from layers.scope import Scope

router = APIRouter(
    prefix="/admin/accounts", route_class=PageRoute, include_in_schema=False, dependencies=[Depends(known_parameters)]
)

After = Annotated[str, Query(max_length=100, pattern=PLAIN)]
Said = Annotated[str, Query(max_length=20, pattern=PLAIN)]
ON_A_PAGE = 50


@router.get("")
def get_accounts(request: Request, admin: Admin, after: After = "", said: Said = "") -> Response:
    """List accounts."""
    return _list_page(request, admin, after)


@router.post("")
def post_account(request: Request, admin: Admin, form: Sent, keys: KeysHeld) -> Response:
    """Make an account and show its one-time link once."""
    try:
        with transaction(request.app.state.engine, AUTH) as session:
            account = accounts.create_account(
                session, admin.scope, form.get("login"), form.get("name"), form.get("role")
            )
            _place(session, admin.scope, account, form)
            code = create_link(session, keys, admin.scope, account)
            login = accounts.get_account(session, account).login
    except SocialMapError as error:
        return _list_page(request, admin, "", error, form)
    return _link_page(request, admin, account, login, code)


@router.get("/{account_id}")
def get_account(request: Request, admin: Admin, account_id: UUID, said: Said = "") -> Response:
    """Show one account."""
    return _account_page(request, admin, account_id)


@router.post("/{account_id}")
def post_change(request: Request, admin: Admin, account_id: UUID, form: Sent) -> Response:
    """Give an account another name, role, units or areas."""

    def change(session: Session, by: Scope, account_id: UUID) -> None:
        accounts.change_account(session, by, account_id, form.get("name"), form.get("role"))
        _place(session, by, account_id, form)

    return _doing(request, admin, account_id, change, "saved")


@router.post("/{account_id}/disable")
def post_disable(request: Request, admin: Admin, account_id: UUID) -> Response:
    """Disable an account."""
    return _doing(request, admin, account_id, accounts.disable_account, "disabled")


@router.post("/{account_id}/enable")
def post_enable(request: Request, admin: Admin, account_id: UUID) -> Response:
    """Enable an account again."""
    return _doing(request, admin, account_id, accounts.enable_account, "enabled")


@router.post("/{account_id}/factor")
def post_factor(request: Request, admin: Admin, account_id: UUID) -> Response:
    """Ask that a second factor be cleared; another administrator has to confirm it."""
    return _doing(request, admin, account_id, ask_clearing, "asked")


@router.post("/{account_id}/factor/confirm")
def post_factor_confirmed(request: Request, admin: Admin, account_id: UUID) -> Response:
    """Clear a second factor, as another administrator asked."""
    return _doing(request, admin, account_id, confirm_clearing, "cleared")


@router.post("/{account_id}/link")
def post_link(request: Request, admin: Admin, account_id: UUID, keys: KeysHeld) -> Response:
    """Make a one-time link and show it once."""
    login, code = _made_link(request, keys, admin, account_id)
    return _link_page(request, admin, account_id, login, code)


def _doing(
    request: Request, admin: Caller, account_id: UUID, change: Callable[[Session, Scope, UUID], None], said: str
) -> Response:
    """Change an account and show it; what could not be done stands above it."""
    try:
        with transaction(request.app.state.engine, AUTH) as session:
            change(session, admin.scope, account_id)
    except SocialMapError as error:
        return _account_page(request, admin, account_id, error)
    return back_to(f"/admin/accounts/{account_id}", said)


def _place(session: Session, by: Scope, account_id: UUID, form: Form) -> None:
    accounts.set_units(session, by, account_id, form.all("unit"))
    accounts.set_areas(session, by, account_id, form.words("areas"))


def _made_link(request: Request, keys: Keys, admin: Caller, account_id: UUID) -> tuple[str, str]:
    with transaction(request.app.state.engine, AUTH) as session:
        account = accounts.get_account(session, account_id)
        return account.login, create_link(session, keys, admin.scope, account_id)


def _list_page(
    request: Request, admin: Caller, after: str, error: SocialMapError | None = None, form: Form | None = None
) -> Response:
    with transaction(request.app.state.engine, AUTH) as session:
        found = accounts.list_accounts(session, after, ON_A_PAGE + 1)
        units = list_units(session)
    shown: dict[str, Any] = {
        "accounts": found[:ON_A_PAGE],
        "following": found[ON_A_PAGE - 1].login if len(found) > ON_A_PAGE else None,
        "after": after,
        "units": units,
        "roles": ROLES,
        "form": form or Form([]),
    }
    return page(request, "accounts", admin, status_of(error) if error else 200, error.text if error else None, **shown)


def _account_page(request: Request, admin: Caller, account_id: UUID, error: SocialMapError | None = None) -> Response:
    with transaction(request.app.state.engine, AUTH) as session:
        account, units = accounts.get_account(session, account_id), list_units(session)
        asked = find_clearing(session, account_id)
    shown = {"account": account, "units": units, "roles": ROLES, "asked": asked}
    return page(
        request, "one_account", admin, status_of(error) if error else 200, error.text if error else None, **shown
    )


def _link_page(request: Request, admin: Caller, account_id: UUID, login: str, code: str) -> Response:
    address = f"{request.url.scheme}://{request.headers.get('host', '')}{PATH}#{code}"
    return page(request, "link", admin, account_id=account_id, login=login, address=address, code=code)
