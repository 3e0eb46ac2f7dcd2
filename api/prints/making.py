"""From what is asked to finished files: read within the database, set without it, told to the audit."""

import hashlib
from datetime import UTC, datetime
from typing import Any

from fastapi import Request
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from api.answers import etag
from api.audit import record
from api.database import reading, transaction
from api.prints.kinds import Kind, build, contents, get_kind
from api.prints.press import Made, Press
from api.prints.readers import reader, usual_audience
from api.prints.wanted import Wanted
from boundaries.dates import BANGKOK
from boundaries.editions import get_active
from boundaries.sources import credit
from layers.scope import Scope
from mapping.offline import Library

_STATE = text("""
SELECT (SELECT coalesce(max(id), 0) FROM release WHERE state = 'released') AS release,
       (SELECT count(*) FROM observation) AS observations,
       (SELECT sum(hashtextextended(o::text, 0)::numeric) FROM observation o) AS observed,
       (SELECT sum(hashtextextended(s::text, 0)::numeric) FROM source s) AS sources,
       (SELECT count(*) FROM asset) AS assets
""")


def state_of(session: Session) -> str:
    """Return a checksum of what published sheets are made from: boundaries, the newest release, open statistics."""
    edition, row = get_active(session), session.execute(_STATE).one()
    return hashlib.sha256(f"{edition.id} {edition.checksum} {credit(edition)} {tuple(row)}".encode()).hexdigest()


def make(
    engine: Engine,
    scope: Scope,
    wanted: Wanted,
    kind: Kind,
    library: Library,
    *,
    printed_at: datetime | None = None,
    logo: bytes | None = None,
    tag: str = "",
) -> Made:
    """Build a print as a scope may see it and set it; the connection goes back before it is set."""
    at = printed_at or datetime.now(UTC).replace(second=0, microsecond=0)
    options: dict[str, Any] = {"library": library, "office": wanted.office, "logo": logo, **wanted.classes()}
    with reading(engine, scope) as session:
        options["filter"] = wanted.filter(session, scope)
        paper = (wanted.to_paper(),) if kind.paper else ()
        built = build(kind, session, scope, wanted.code, *paper, at, **options)
    files = contents(kind, built)
    pages = max(len(content) for content in files.values())
    return Made(files, pages, told_of(built, wanted, options["filter"].period.code, scope), tag)


def told_of(built: Any, wanted: Wanted, period: str, scope: Scope) -> dict[str, str | int | None]:
    """Return what the audit is told of a print; the audience is that of its figures."""
    shown = getattr(built, "area_map", None)
    return {
        "audience": shown.figures.audience if shown else scope.audience,
        "area": wanted.code,
        "level": shown.level if shown else None,
        "problem": wanted.problem,
        "period": period,
    }


def note(engine: Engine, scope: Scope, made: Made, kind: str) -> None:
    """Record that somebody was handed a print; of strangers there is nobody to name."""
    if scope.actor_id is None:
        return
    details = {name: value for name, value in made.told.items() if value is not None}
    with transaction(engine, scope) as session:
        more = {"format": kind, "pages": made.pages}
        record(session, scope, "print", kind="sheet", object_id=str(made.told["area"]), details=details | more)


class Prints:
    """The prints of one application: what makes them, and as whom."""

    def __init__(self, request: Request) -> None:
        self.engine: Engine = request.app.state.engine
        self.press: Press = request.app.state.press
        self.library = Library(request.app.state.settings.socialmap_web_library)

    def tag_of(self, scope: Scope, wanted: Wanted, logo: bytes | None) -> str:
        """Return the tag of a published print: what it is made from, how it was asked for, for whom, on which day."""
        audience, today = usual_audience(scope), datetime.now(BANGKOK).date().isoformat()
        with reading(self.engine, reader(audience)) as session:
            state = state_of(session)
        mark = hashlib.sha256(logo).hexdigest() if logo else ""
        return etag(state, audience, today, wanted.code, wanted.query(), mark)

    def published(self, scope: Scope, wanted: Wanted, kind_name: str, logo: bytes | None, tag: str) -> Made:
        """Return a print for the usual reader, as it is kept or made now."""
        kind, audience = get_kind(kind_name), usual_audience(scope)

        def now() -> Made:
            return make(self.engine, reader(audience), wanted, kind, self.library, logo=logo, tag=tag)

        return self.press.get(f"{audience} {kind.builder} {tag}", now)

    def exact(self, scope: Scope, wanted: Wanted, kind_name: str, logo: bytes | None) -> Made:
        """Return a print of exact figures; it is kept nowhere, and on record before it is handed out."""
        kind = get_kind(kind_name)
        made = self.press.alone(lambda: make(self.engine, scope, wanted, kind, self.library, logo=logo))
        note(self.engine, scope, made, kind_name)
        return made
