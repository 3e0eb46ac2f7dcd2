"""A plan's file on its way in: heard out, kept up to the limit of a plan, and read."""

import asyncio
from dataclasses import dataclass

from fastapi import Request

from api.imports.errors import ImportBusy
from api.imports.receiving import AT_ONCE, plain_name
from api.multipart import incoming, is_multipart
from boundaries.errors import SocialMapError
from mapping.plan_files.errors import PlanFileLarge
from mapping.plan_files.formats import LONGEST_NAME
from mapping.plan_files.values import LARGEST, MEGABYTE

HEARD_OUT = 4 * LARGEST
"""Bytes of a body that is listened to: a browser tells its user nothing before it has sent all."""


class NoPlanFile(SocialMapError):
    """A request without a file."""

    key = "plan_files.no_file"


_turns = asyncio.Semaphore(AT_ONCE)


@dataclass(frozen=True)
class Sent:
    """A file that was sent, by its name, and the fields of the form that it came with."""

    name: str
    content: bytes
    fields: dict[str, str]


async def receive(request: Request) -> Sent:
    """Return the file of a form. Raises NoPlanFile, PlanFileLarge, ImportBusy, FormBad."""
    if not is_multipart(request):
        raise NoPlanFile
    if _turns.locked():
        raise ImportBusy
    async with _turns:
        return await _receive(request)


async def _receive(request: Request) -> Sent:
    parts = incoming(request)
    name, content = "", bytearray()
    while part := await parts.file():
        taken = part.name == "file" and bool(part.file_name) and not name
        name = plain_name(part.file_name or "") if taken else name
        async for piece in parts.content():
            if taken and len(content) <= LARGEST:
                content += piece
    if not name:
        raise NoPlanFile
    if len(content) > LARGEST:
        raise PlanFileLarge(name=name[-LONGEST_NAME:], limit=LARGEST // MEGABYTE)
    return Sent(name, bytes(content), parts.fields)
