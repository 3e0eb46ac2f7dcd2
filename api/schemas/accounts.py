"""Accounts, sessions, devices and units over HTTP. A secret stands in no answer but the one that makes it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from api.auth.asking import Caller
from api.auth.models import AccountSession, DeviceToken

Word = Annotated[str, Field(max_length=200)]
Code = Annotated[str, Field(max_length=16)]
Secret = Annotated[SecretStr, Field(max_length=400)]
"""What is secret is not repeated when it does not parse."""


class Closed(BaseModel):
    """Members that are not named are refused."""

    model_config = ConfigDict(extra="forbid")


class SignIn(Closed):
    """Name and password."""

    login: Word
    password: Secret


class GivenCode(Closed):
    """A code of the second factor, or a recovery code."""

    code: Secret


class NewDevice(Closed):
    """A device to be let in."""

    name: Word
    areas: Annotated[list[Code], Field(max_length=100)]


class NewAccount(Closed):
    """An account to be made."""

    login: Word
    name: Word
    role: Word
    units: Annotated[list[Word], Field(max_length=500)] = []
    areas: Annotated[list[Code], Field(max_length=500)] = []


class ChangedAccount(Closed):
    """What is to be different; a member that is missing stays as it is."""

    name: Word | None = None
    role: Word | None = None
    units: Annotated[list[Word], Field(max_length=500)] | None = None
    areas: Annotated[list[Code], Field(max_length=500)] | None = None


class SessionState(Closed):
    """Who is signed in, how far, and the word that changing requests send along as `X-CSRF-Token`."""

    signed_in: bool
    stage: str | None = None
    login: str | None = None
    name: str | None = None
    role: str | None = None
    audience: str
    areas: list[str] | None
    permissions: list[str]
    csrf: str | None = None


class Begun(Closed):
    """How far a sign-in is, and the word for changing requests; the session's cookie comes along in a header."""

    stage: str
    csrf: str


class OpenSession(Closed):
    """A session of one's own."""

    id: UUID
    agent: str
    created_at: datetime
    last_seen_at: datetime
    this: bool


class OpenSessions(Closed):
    """One's own sessions, the newest first."""

    sessions: list[OpenSession]


class Device(Closed):
    """A device of one's own."""

    id: UUID
    name: str
    areas: list[str]
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime


class Devices(Closed):
    """One's own devices, the newest first."""

    devices: list[Device]


class MadeDevice(Closed):
    """The token of a new device, told once."""

    token: str


class MadeLink(Closed):
    """A one-time code, told once; `path` is to be put behind the server's address."""

    account: UUID
    code: str
    path: str


class AccountState(Closed):
    """An account as its administrator sees it."""

    id: UUID
    login: str
    name: str
    role: str
    units: list[str]
    areas: list[str]
    second_factor: bool
    disabled_at: datetime | None
    password_changed_at: datetime | None
    created_at: datetime


class AccountPage(Closed):
    """Accounts by login name; `next` is the value of `after` for the following page."""

    accounts: list[AccountState]
    next: str | None


class UnitState(Closed):
    """A unit and the areas it serves."""

    key: str
    kind: str
    name_th: str
    name_en: str
    areas: list[str]


class Units(Closed):
    """All units by key."""

    units: list[UnitState]


def to_state(caller: Caller | None, scope: Any, csrf: str | None) -> SessionState:
    """Say who is signed in."""
    areas = None if scope.areas is None else sorted(scope.areas)
    known = {"audience": scope.audience, "areas": areas, "permissions": sorted(scope.permissions), "csrf": csrf}
    if caller is None:
        return SessionState(signed_in=False, **known)
    about = {"stage": caller.stage, "login": caller.login, "name": caller.name, "role": caller.role}
    return SessionState(signed_in=caller.complete, **about, **known)


def to_sessions(found: Iterable[AccountSession], this: UUID | None) -> OpenSessions:
    """List sessions, saying which one asks."""
    return OpenSessions(
        sessions=[
            OpenSession(
                id=one.id,
                agent=one.agent,
                created_at=one.created_at,
                last_seen_at=one.last_seen_at,
                this=one.id == this,
            )
            for one in found
        ]
    )


def to_devices(found: Iterable[DeviceToken]) -> Devices:
    """List devices without their tokens, of which only hashes are kept."""
    names = Device.model_fields
    return Devices(devices=[Device(**{name: getattr(one, name) for name in names}) for one in found])


def to_account(row: Any) -> AccountState:
    """Show an account without anything secret."""
    return AccountState(
        id=row.id,
        login=row.login,
        name=row.name,
        role=row.role,
        units=sorted(row.unit_keys or ()),
        areas=sorted(row.own_areas),
        second_factor=row.totp_confirmed_at is not None,
        disabled_at=row.disabled_at,
        password_changed_at=row.password_changed_at,
        created_at=row.created_at,
    )


def to_unit(row: Any) -> UnitState:
    """Show a unit."""
    return UnitState(
        key=row.key, kind=row.kind, name_th=row.name_th, name_en=row.name_en, areas=sorted(row.areas or ())
    )
