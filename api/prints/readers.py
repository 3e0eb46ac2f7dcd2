"""For whom a sheet is: as whom figures are read, and who may have exact ones."""

from api.auth.errors import NotAllowed, NotSignedIn
from api.prints.errors import AreaNotOwn, AudienceBad, ReasonAsked
from layers.personal_text import check_publishable
from layers.scope import Audience, Scope

EXACT = "internal"


def usual_audience(scope: Scope) -> Audience:
    """Return for whom somebody's sheets are: what they see themselves, but for the committee where that is exact."""
    return "committee" if scope.audience == EXACT else scope.audience


def reader(audience: Audience) -> Scope:
    """Return as whom figures for an audience are read: nobody in particular, so that all get the same sheet."""
    return Scope(audience, audience)


def may_have_exact(scope: Scope, code: str) -> bool:
    """Say whether somebody may print exact figures of an area."""
    return scope.audience == EXACT and scope.may("figure.exact") and scope.covers(code)


def exact_scope(scope: Scope, code: str, reason: str) -> Scope:
    """Return the scope of a sheet of exact figures. Raises NotSignedIn, NotAllowed, AreaNotOwn, ReasonAsked."""
    if not (scope.audience == EXACT and scope.may("figure.exact")):
        raise NotAllowed(permission="figure.exact") if scope.actor_id else NotSignedIn
    if not scope.covers(code):
        raise AreaNotOwn(code=code)
    if not reason.strip():
        raise ReasonAsked
    check_publishable(reason)  # it will stand in the audit for good
    return scope.with_reason(reason.strip())


def check_audience(scope: Scope, asked: str | None) -> None:
    """Refuse an audience that an address cannot have. Raises AudienceBad, ReasonAsked and what `exact_scope` raises."""
    if asked == EXACT:
        if not (scope.audience == EXACT and scope.may("figure.exact")):
            raise NotAllowed(permission="figure.exact") if scope.actor_id else NotSignedIn
        raise ReasonAsked
    if asked and asked != usual_audience(scope):
        raise AudienceBad(asked=asked, allowed=usual_audience(scope))
