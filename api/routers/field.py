"""Field capture for phones: enrolment, the key to seal to, sealed envelopes, own areas and open cases."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID
from weakref import WeakKeyDictionary

from fastapi import APIRouter, Depends, Header, Query, Request
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response

from api.answers import answer
from api.auth.asking import Caller
from api.auth.depends import Anybody, SignedIn, Writing
from api.auth.devices import enrol_device
from api.auth.errors import NotAllowed, NotSignedIn
from api.dependencies import ReadSession, known_parameters
from api.errors import problem
from api.field.errors import BodyBroken, EnvelopeGap
from api.field.opening import public_key
from api.field.receiving import Part, Receipt, receive, state_of
from api.field.sending import areas_json, own_cases
from api.schemas.field import CaptureKey, EnvelopeState, FieldAreas, FieldCases, MadePhone, NewPhone, to_key, to_phone
from api.secrets import load_secrets
from layers.captures import SENDING

router = APIRouter(prefix="/api/v1/field", tags=["field"], dependencies=[Depends(known_parameters)])

SEND_KEY = "Socialmap-Send-Key"
SendKey = Annotated[str, Header(alias=SEND_KEY, max_length=100)]
Whole = Annotated[int, Query(ge=1, le=2**31 - 1)]


def get_phone_owner(caller: Anybody) -> Caller:
    """Give who works in the field, by a phone's token or a session. Raises NotSignedIn, NotAllowed."""
    if caller is None or not caller.complete:
        raise NotSignedIn
    if not any(caller.scope.may(one) for one in SENDING):
        raise NotAllowed(permission=SENDING[0])
    return caller


async def get_body(request: Request) -> bytes:
    """Read the body whole. Raises BodyBroken when it broke off: half of it is of no use."""
    try:
        return await request.body()
    except ClientDisconnect:
        raise BodyBroken from None


AT_ONCE = 4
"""Envelopes that are filed at a time; when hundreds of phones come back, pages still find threads and connections."""
_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


async def take_turn(_: Annotated[bytes, Depends(get_body)]) -> AsyncIterator[None]:
    """Wait for a turn without holding a thread, once the body is there: a slow phone keeps nobody waiting."""
    async with _turns.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE)):
        yield


Owner = Annotated[Caller, Depends(get_phone_owner)]


@router.get("/key")
def get_key() -> CaptureKey:
    """กุญแจสาธารณะ / The key that phones seal to; anybody may ask."""
    return to_key(*public_key(load_secrets()))


@router.post("/phones", status_code=201)
def post_phone(session: Writing, caller: SignedIn, given: NewPhone) -> MadePhone:
    """เพิ่มโทรศัพท์ / Let a phone in; its token and send key are told here and nowhere else."""
    if not any(caller.scope.may(one) for one in SENDING):
        raise NotAllowed(permission=SENDING[0])
    own = ("TH",) if caller.scope.areas is None else caller.scope.areas
    return to_phone(enrol_device(session, caller.scope, given.name, own if given.areas is None else given.areas))


@router.put("/envelopes/{envelope_id}", response_model=EnvelopeState, status_code=201)
def put_envelope(
    request: Request,
    envelope_id: UUID,
    sha256: Annotated[str, Query(pattern=r"^[0-9a-f]{64}$")],
    total: Whole,
    body: Annotated[bytes, Depends(get_body)],
    _: Annotated[None, Depends(take_turn)],
    send_key: SendKey = "",
    offset: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
) -> Response:
    """ส่งซองปิดผนึก / Bring in a sealed envelope, or a part of one, any number of times; nothing is refused for what
    it holds."""
    part = Part(envelope_id, offset, total, bytes.fromhex(sha256), body)
    try:
        receipt = receive(request.app.state.engine, send_key, part)
    except EnvelopeGap as gap:
        received = int(str(gap.params["received"]))
        return problem(409, gap.key.removeprefix("error."), gap.text, received=received)
    return JSONResponse(to_envelope(receipt).model_dump(), 201 if receipt.fresh else 200)


@router.get("/envelopes/{envelope_id}")
def get_envelope(request: Request, envelope_id: UUID, send_key: SendKey = "") -> EnvelopeState:
    """สถานะของซอง / How far an envelope of your account is."""
    return to_envelope(state_of(request.app.state.engine, send_key, envelope_id))


@router.get("/areas", response_model=FieldAreas)
def get_areas(request: Request, session: ReadSession, caller: Owner) -> Response:
    """พื้นที่ของโทรศัพท์ / The phone's own areas with outlines, for a map without network."""
    return answer(request, areas_json(session, caller.scope), "application/json")


@router.get("/cases")
def get_cases(session: ReadSession, caller: Owner) -> FieldCases:
    """เรื่องที่ยังไม่ยุติ / Own open cases, none of them secret, nothing of the person."""
    return own_cases(session, caller.scope)


def to_envelope(receipt: Receipt) -> EnvelopeState:
    """Tell a phone how far an envelope is."""
    return EnvelopeState(
        state=receipt.state,
        received=receipt.received,
        total=receipt.total,
        revoked=receipt.revoked,
    )
