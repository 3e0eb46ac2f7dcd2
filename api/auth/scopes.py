"""From an account to the scope it asks with."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from api.auth.permissions import AUDIENCES, DEVICE, EXPLICIT, PERMISSIONS
from boundaries.codes import COUNTRY
from layers.scope import Scope


@dataclass(frozen=True)
class Standing:
    """What decides an account's scope: its role, its units, their areas, and the areas stated for itself."""

    id: UUID
    role: str
    units: frozenset[int] = frozenset()
    unit_areas: frozenset[str] = frozenset()
    own_areas: frozenset[str] = frozenset()


def scope_of(account: Standing) -> Scope:
    """Build the scope of an account: its units' areas together, narrowed by those stated for itself.

    Local officers and volunteers have stated areas only; none stated is none.
    """
    areas = account.unit_areas
    if account.role in EXPLICIT:
        areas = common(areas, account.own_areas) if account.units else account.own_areas
    elif account.own_areas:
        areas = common(areas, account.own_areas)
    return Scope(
        account.role,
        AUDIENCES[account.role],
        None if COUNTRY in areas else areas,
        units=account.units,
        actor_id=account.id,
        permissions=PERMISSIONS[account.role],
    )


def device_scope(whole: Scope, areas: Iterable[str]) -> Scope:
    """Return what a device of an account may: less of it, in the device's areas that are still the account's."""
    own = frozenset({COUNTRY}) if whole.areas is None else whole.areas
    kept = common(own, frozenset(areas))
    return replace(
        whole,
        audience="committee" if whole.audience == "internal" else whole.audience,
        areas=None if COUNTRY in kept else kept,
        permissions=whole.permissions & DEVICE,
    )


def common(some: frozenset[str], others: frozenset[str]) -> frozenset[str]:
    """Return the areas that two sets share, by code: of an area and one within it, the one within."""
    inner = {one for one in some if any(within(one, other) for other in others)}
    return frozenset(inner | {other for other in others if any(within(other, one) for one in some)})


def within(code: str, area: str) -> bool:
    """Say whether an area is, or lies in, another; everything lies in the country."""
    return area == COUNTRY or code.startswith(area)
