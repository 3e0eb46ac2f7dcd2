"""What endpoints are given: a session that reads, the scope of the one who asks, and checked parameters."""

from collections.abc import Awaitable, Callable, Iterator
from typing import Annotated

from fastapi import Depends, Path, Query, Request
from fastapi.dependencies.models import Dependant
from sqlalchemy.orm import Session

from api.auth.asking import Caller, get_caller, scope_for, stranger_of
from api.auth.errors import NotAllowed, NotSignedIn
from api.cache import AreaCache
from api.database import reading, transaction
from api.errors import ParameterRepeated, ParameterUnknown, shortened
from boundaries.codes import Level
from layers.scope import Scope

MAX_CODE, MAX_TEXT = 16, 200


# These wait for nothing: as plain functions each would cost a request one more turn of a thread.
async def get_scope(request: Request, caller: Annotated[Caller | None, Depends(get_caller)]) -> Scope:
    """Say what the one who asks may see: an account's scope, a stranger's for anybody else."""
    return scope_for(caller, stranger_of(request))


def require(permission: str) -> Callable[[Scope], Awaitable[Scope]]:
    """Make a dependency that lets only those through who hold a permission; it gives their scope.

    It raises NotSignedIn for strangers and NotAllowed for everybody else.
    """

    async def allowed(scope: Annotated[Scope, Depends(get_scope)]) -> Scope:
        if not scope.may(permission):
            raise NotAllowed(permission=permission) if scope.actor_id else NotSignedIn
        return scope

    return allowed


def get_session(request: Request, scope: Annotated[Scope, Depends(get_scope)]) -> Iterator[Session]:
    """Give a session that only reads, from one snapshot and within the scope; it ends before the answer is sent."""
    with reading(request.app.state.engine, scope) as session:
        yield session


def get_writing_session(request: Request, scope: Annotated[Scope, Depends(get_scope)]) -> Iterator[Session]:
    """Give a session that writes within the scope, committed before the answer is sent."""
    with transaction(request.app.state.engine, scope) as session:
        yield session


def get_areas(request: Request) -> AreaCache:
    """Give what the process has prepared of areas."""
    cache: AreaCache = request.app.state.areas
    return cache


def known_parameters(request: Request) -> None:
    """Refuse query parameters that the address does not have, and repeated ones, naming those allowed."""
    allowed = sorted(parameter_names(request.scope["route"].dependant))
    seen = [name for name, _ in request.query_params.multi_items()]
    for name in seen:
        if name not in allowed:
            raise ParameterUnknown(name=shortened(name), allowed=", ".join(allowed) or "–")
        if seen.count(name) > 1:
            raise ParameterRepeated(name=name)


def parameter_names(dependant: Dependant) -> set[str]:
    """Collect the names of all query parameters an endpoint and its dependencies take."""
    names = {field.alias for field in dependant.query_params}
    return names.union(*(parameter_names(inner) for inner in dependant.dependencies))


WriteSession = Annotated[Session, Depends(get_writing_session, scope="function")]
ReadSession = Annotated[Session, Depends(get_session, scope="function")]
Asking = Annotated[Scope, Depends(get_scope)]
Areas = Annotated[AreaCache, Depends(get_areas)]

# No control characters: PostgreSQL refuses NUL and a log line must stay one line.
PLAIN = r"^[^\x00-\x1f\x7f]*$"
CodePath = Annotated[str, Path(max_length=200)]
CodeQuery = Annotated[str | None, Query(max_length=MAX_CODE, pattern=PLAIN)]
TextQuery = Annotated[str | None, Query(max_length=MAX_TEXT, pattern=PLAIN)]
LevelQuery = Annotated[Level | None, Query()]
