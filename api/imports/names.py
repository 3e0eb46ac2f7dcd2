"""Names that persons decided and that are remembered: listed and forgotten, those of one's own provinces."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.audit import record
from api.auth.web.pages import PageRoute, back_to, page
from api.database import transaction
from api.dependencies import known_parameters
from api.imports.caller import Importer
from api.imports.errors import NameNotFound
from api.imports.runs import Said, done_words
from api.imports.working import product, provinces_of
from api.routers.audit import logins_of
from boundaries.gazetteer import load_gazetteer
from boundaries.matching import AliasRecord, delete_alias, list_aliases
from layers.scope import Scope

PAGE = "/imports/names"
SHOWN = 500

router = APIRouter(
    prefix=PAGE, route_class=PageRoute, include_in_schema=False, dependencies=[Depends(known_parameters)]
)


@dataclass(frozen=True)
class KnownName:
    """A decision as the page shows it."""

    id: str
    level: str
    name: str
    above: str
    code: str
    area: str
    actor_id: UUID | None
    decided_at: datetime


@router.get("")
def get_names(request: Request, importer: Importer, said: Said = "") -> Response:
    """List the names that are remembered for one's provinces, newest first."""
    engine = request.app.state.engine
    with transaction(engine, product(importer)) as session:
        found = own_names(session, importer.scope)
        names = known_names(session, found[:SHOWN])
    shown: dict[str, Any] = {"names": names, "more": len(found) - len(names)}
    logins = logins_of(engine, names)  # type: ignore[arg-type]
    return page(request, "import_names", importer, 200, None, done=done_words(said), logins=logins, **shown)


@router.post("/{name_id}/forget")
def post_forget(request: Request, importer: Importer, name_id: str) -> Response:
    """Forget what a name means, on record. Raises NameNotFound, for others' as for none."""
    with transaction(request.app.state.engine, product(importer)) as session:
        found = next((one for one in own_names(session, importer.scope) if one.key.id == name_id), None)
        if found is None or not delete_alias(session, found.key):
            raise NameNotFound
        note_forgotten(session, importer.scope, found)
    return back_to(PAGE, "forgotten")


def own_names(session: Session, scope: Scope) -> list[AliasRecord]:
    """Return the decisions that are somebody's to see and forget: those about areas of their provinces.

    A name with nothing stated above it is that of whoever has the whole country.
    """
    found = list_aliases(session)
    if scope.areas is None:
        return found
    provinces = provinces_of(scope)
    return [one for one in found if one.key.has_context and one.code[:2] in provinces]


def known_names(session: Session, found: list[AliasRecord]) -> list[KnownName]:
    """Return decisions with the names of their areas."""
    gazetteer = load_gazetteer(session)
    return [
        KnownName(
            one.key.id,
            one.key.level,
            one.key.name,
            " ".join(filter(None, reversed(one.key.context.split("/")))),
            one.code,
            gazetteer.path(one.code) if one.code in gazetteer.areas else "–",
            one.decided_by,
            one.decided_at,
        )
        for one in found
    ]


def note_forgotten(session: Session, by: Scope, one: AliasRecord) -> None:
    """Record that a name was forgotten: its area's code, never the name itself."""
    record(session, by, "import", kind="name_forgotten", object_id=one.key.id, details={"area": one.code})
