"""What endpoints about accounts are given: who asks, the keys, a session that writes, where a request is from."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from api.auth.asking import Caller, get_caller, keys_of
from api.auth.cookies import cookie_token
from api.auth.errors import NotAllowed, NotSignedIn
from api.auth.forgery import forgery_token
from api.auth.keys import Keys
from api.auth.signing_in import AUTH, Client
from api.database import transaction


def get_client(request: Request) -> Client:
    """Say where a request comes from."""
    address = request.client.host if request.client else ""
    return Client(address, request.headers.get("user-agent", ""), cookie_token(request))


def get_signed_in(caller: Annotated[Caller | None, Depends(get_caller)]) -> Caller:
    """Give who is signed in on a browser. Raises NotSignedIn, also for devices: they have no account to look after."""
    if caller is None or not caller.complete or caller.session_id is None:
        raise NotSignedIn
    return caller


@cache
def signed_in_with(permission: str) -> Callable[[Caller], Caller]:
    """Make a dependency that gives who is signed in on a browser and holds a permission.

    It raises NotSignedIn, and NotAllowed for everybody else. `api.dependencies.require` is for devices as well.
    """

    def allowed(caller: SignedIn) -> Caller:
        if not caller.scope.may(permission):
            raise NotAllowed(permission=permission)
        return caller

    return allowed


def get_writing(request: Request) -> Iterator[Session]:
    """Give a session of the product itself, committed before the answer is sent.

    The tables of accounts are written by nobody else: what the caller may was decided before.
    """
    with transaction(request.app.state.engine, AUTH) as session:
        yield session


def csrf_of(request: Request, token: str | None) -> str:
    """Return the word that the pages of a session send along; empty where there is no session."""
    return forgery_token(keys_of(request), token) if token else ""


Anybody = Annotated[Caller | None, Depends(get_caller)]
SignedIn = Annotated[Caller, Depends(get_signed_in)]
Admin = Annotated[Caller, Depends(signed_in_with("account.manage"))]
Writing = Annotated[Session, Depends(get_writing, scope="function")]
KeysHeld = Annotated[Keys, Depends(keys_of)]
From = Annotated[Client, Depends(get_client)]
