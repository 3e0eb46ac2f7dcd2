"""Signing in and out, one's own sessions and devices, for programs and scripts. Pages for people: `api/auth/web`."""

from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.responses import JSONResponse, Response

from api.auth.asking import scope_for, stranger_of
from api.auth.cookies import give_cookie, take_cookie
from api.auth.depends import Anybody, From, KeysHeld, SignedIn, Writing, csrf_of
from api.auth.devices import create_device, list_devices, revoke_device
from api.auth.sessions import end_session, end_sessions, list_sessions
from api.auth.signing_in import Started, give_code, sign_in, sign_out
from api.dependencies import known_parameters
from api.schemas.accounts import (
    Begun,
    Devices,
    GivenCode,
    MadeDevice,
    NewDevice,
    OpenSessions,
    SessionState,
    SignIn,
    to_devices,
    to_sessions,
    to_state,
)

router = APIRouter(prefix="/api/v1", tags=["sessions"], dependencies=[Depends(known_parameters)])
NOTHING = 204


@router.get("/session")
def get_session_state(request: Request, caller: Anybody) -> SessionState:
    """ผู้ที่เข้าใช้อยู่ / Who is signed in, with what scope; anybody may ask."""
    scope = scope_for(caller, stranger_of(request))
    return to_state(caller, scope, csrf_of(request, caller.token if caller else None) or None)


@router.post("/session", response_model=Begun)
def post_session(request: Request, given: SignIn, keys: KeysHeld, client: From) -> Response:
    """เข้าใช้ระบบ / Sign in; `stage` says whether a second factor is still to be given."""
    started = sign_in(request.app.state.engine, keys, given.login, given.password.get_secret_value(), client)
    return _begun(request, started)


@router.post("/session/code", response_model=Begun)
def post_code(request: Request, given: GivenCode, keys: KeysHeld, client: From) -> Response:
    """ยืนยันสองชั้น / Give the code of the second factor."""
    return _begun(request, give_code(request.app.state.engine, keys, given.code.get_secret_value(), client))


@router.delete("/session", status_code=NOTHING)
def delete_session(request: Request, client: From) -> Response:
    """ออกจากระบบ / Sign out."""
    if client.token:
        sign_out(request.app.state.engine, client.token)
    answer = Response(status_code=NOTHING)
    take_cookie(answer)
    return answer


@router.get("/sessions")
def get_sessions(session: Writing, caller: SignedIn) -> OpenSessions:
    """เครื่องที่เข้าใช้อยู่ / One's own sessions."""
    return to_sessions(list_sessions(session, caller.id), caller.session_id)


@router.delete("/sessions", status_code=NOTHING)
def delete_other_sessions(session: Writing, caller: SignedIn) -> Response:
    """สิ้นสุดเครื่องอื่นทั้งหมด / End all other sessions of one's own."""
    end_sessions(session, caller.id, keep=caller.session_id)
    return Response(status_code=NOTHING)


@router.delete("/sessions/{session_id}", status_code=NOTHING)
def delete_one_session(session: Writing, caller: SignedIn, session_id: UUID) -> Response:
    """สิ้นสุดเครื่องหนึ่ง / End one session of one's own; another's is left alone without saying so."""
    end_session(session, caller.id, session_id)
    return Response(status_code=NOTHING)


@router.get("/devices")
def get_devices(session: Writing, caller: SignedIn) -> Devices:
    """อุปกรณ์ของฉัน / One's own devices."""
    return to_devices(list_devices(session, caller.id))


@router.post("/devices", status_code=201)
def post_device(session: Writing, caller: SignedIn, given: NewDevice) -> MadeDevice:
    """เพิ่มอุปกรณ์ / Let a device in; its token is told here and nowhere else."""
    return MadeDevice(token=create_device(session, caller.scope, given.name, given.areas))


@router.delete("/devices/{device_id}", status_code=NOTHING)
def delete_device(session: Writing, caller: SignedIn, device_id: UUID) -> Response:
    """ยกเลิกอุปกรณ์ / Revoke a device of one's own; another's is left alone without saying so."""
    revoke_device(session, caller.id, device_id)
    return Response(status_code=NOTHING)


def _begun(request: Request, started: Started) -> Response:
    answer = JSONResponse({"stage": started.stage, "csrf": csrf_of(request, started.token)})
    give_cookie(answer, started.token)
    return answer
