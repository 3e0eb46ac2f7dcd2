"""Device tokens: what a phone in the field sends with each request. Bound to areas, revocable, told once.

From each token follows a send key, one way: it may bring sealed envelopes in and nothing else, and outlives the token,
so that nothing written on a phone is lost when its owner's leave to read ends.
"""

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, bindparam, select, update
from sqlalchemy.orm import Session

from api.auth.audited import note_change
from api.auth.errors import AreasNotOwn, DevicesMany, NotSignedIn
from api.auth.keys import new_token, token_hash
from api.auth.models import Account, DeviceToken
from api.auth.scopes import within
from api.auth.sessions import SEEN_EVERY, standing_columns
from api.auth.words import checked_areas, checked_name
from boundaries.prepared import prepared, sql_of
from layers.cases import new_id
from layers.scope import Scope

LASTS = timedelta(days=180)
LONGEST_NAME, KEPT = 80, 20


@dataclass(frozen=True)
class Enrolled:
    """A device that was let in, with what is told once."""

    id: UUID
    name: str
    areas: list[str]
    token: str = field(repr=False)
    send_key: str = field(repr=False)


def send_key_of(token: str) -> str:
    """Return the key that follows from a device's token and leads back to nothing."""
    return base64.urlsafe_b64encode(hashlib.sha256(f"socialmap send\0{token}".encode()).digest()).decode().rstrip("=")


def create_device(session: Session, scope: Scope, name: str, areas: Iterable[str]) -> str:
    """Make a token for a device within own areas. Raises AreasBad, AreasNotOwn, NameBad, DevicesMany."""
    return enrol_device(session, scope, name, areas).token


def enrol_device(session: Session, scope: Scope, name: str, areas: Iterable[str]) -> Enrolled:
    """Do so, and return all that is told of it. Raises what create_device raises."""
    token, now, wanted = new_token(), datetime.now(UTC), checked_areas(areas)
    if scope.actor_id is None:
        raise NotSignedIn
    own = ("TH",) if scope.areas is None else tuple(scope.areas)
    if not wanted or not all(any(within(code, area) for area in own) for code in wanted):
        raise AreasNotOwn(areas=", ".join(sorted(own)[:20]) or "–")
    if len(list_devices(session, scope.actor_id)) >= KEPT:
        raise DevicesMany(limit=KEPT)
    made = DeviceToken(
        token_hash=token_hash(token),
        id=new_id(),
        account_id=scope.actor_id,
        name=checked_name(name, LONGEST_NAME),
        areas=wanted,
        created_at=now,
        expires_at=now + LASTS,
        send_hash=token_hash(send_key_of(token)),
    )
    session.add(made)
    session.flush()
    note_change(session, scope, scope.actor_id, "device", areas=wanted)
    return Enrolled(made.id, made.name, wanted, token, send_key_of(token))


def find_sender(session: Session, send_key: str) -> Row[Any] | None:
    """Return the device and account behind a send key, whatever became of them since; None for an unknown key."""
    return prepared(session, _sender(), {"hash": token_hash(send_key)}).one_or_none()


def find_device_of(session: Session, device_id: UUID) -> Row[Any]:
    """Return the same of a device by its id."""
    return session.execute(_sending().where(DeviceToken.id == device_id)).one()


@cache
def _sender() -> str:
    return sql_of(_sending().where(DeviceToken.send_hash == bindparam("hash")))


def _sending() -> Select[Any]:
    return select(
        DeviceToken.id.label("device_id"),
        DeviceToken.areas,
        DeviceToken.revoked_at,
        DeviceToken.expires_at,
        Account.disabled_at,
        *standing_columns(),
    ).join(Account, Account.id == DeviceToken.account_id)


def find_device(session: Session, token: str) -> Row[Any] | None:
    """Return the account behind a device's token, with the device's areas; note that it was used."""
    now = datetime.now(UTC)
    asked = (
        select(DeviceToken.id.label("device_id"), DeviceToken.areas, DeviceToken.last_used_at, *standing_columns())
        .join(Account, Account.id == DeviceToken.account_id)
        .where(
            DeviceToken.token_hash == token_hash(token),
            DeviceToken.revoked_at.is_(None),
            DeviceToken.expires_at > now,
            Account.disabled_at.is_(None),
        )
    )
    found = session.execute(asked).one_or_none()
    if found is not None and (found.last_used_at is None or found.last_used_at < now - SEEN_EVERY):
        session.execute(update(DeviceToken).where(DeviceToken.id == found.device_id).values(last_used_at=now))
    return found


def list_devices(session: Session, account_id: UUID) -> list[DeviceToken]:
    """List the devices of an account that may still ask, the newest first."""
    asked = select(DeviceToken).where(
        DeviceToken.account_id == account_id,
        DeviceToken.revoked_at.is_(None),
        DeviceToken.expires_at > datetime.now(UTC),
    )
    return list(session.scalars(asked.order_by(DeviceToken.created_at.desc()).limit(KEPT)))


def revoke_device(session: Session, account_id: UUID, device_id: UUID) -> None:
    """Let one device of an account in no more; one of another account is left alone."""
    mine = (DeviceToken.account_id == account_id, DeviceToken.id == device_id)
    _revoke(session, *mine)


def revoke_devices(session: Session, account_id: UUID) -> None:
    """Let no device of an account in any more."""
    _revoke(session, DeviceToken.account_id == account_id)


def _revoke(session: Session, *which: Any) -> None:
    asked = update(DeviceToken).where(*which, DeviceToken.revoked_at.is_(None))
    session.execute(asked.values(revoked_at=datetime.now(UTC)))
