"""A file on its way in: written to the private folder piece by piece, within the limit, or not kept at all."""

import asyncio
import hashlib
import shutil
import time
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from fastapi import Request
from fastapi.concurrency import run_in_threadpool

from api.imports.errors import DiskFull, ImportBusy, NoFile, UploadLarge
from api.imports.uploads import FILE, Upload, Uploads, full_told, open_private
from api.multipart import Incoming
from api.settings import Settings
from layers.importing.recipe_text import LARGEST

UPLOAD = "/imports"
MEGABYTE = 1_000_000
HEARD_OUT = 4
"""So many times the limit is read and thrown away, for a browser tells its user nothing before it has sent all."""
AT_ONCE = 4
"""Files that are on their way at the same time: a slow one must not keep others from the whole product."""
LONGEST_NAME = 200
PIECE = 1_048_576

_turns = asyncio.Semaphore(AT_ONCE)


def body_limit(settings: Settings) -> int:
    """Return how many bytes the body of an upload may have before it is not looked at."""
    return HEARD_OUT * file_limit(settings)


def file_limit(settings: Settings) -> int:
    """Return how many bytes a file may have."""
    return settings.socialmap_import_mb * MEGABYTE


async def receive(request: Request, parts: Incoming, uploads: Uploads, account: UUID) -> tuple[Upload, str]:
    """Keep the file of a form; return it with the recipe's text that came along, '' without.

    Raises NoFile, UploadLarge, DiskFull, FormBad, ImportBusy.
    """
    if _turns.locked():
        raise ImportBusy
    async with _turns:
        folder = await run_in_threadpool(uploads.new_folder)
        try:
            return await _receive(request, parts, uploads, folder, account)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise


async def _receive(
    request: Request, parts: Incoming, uploads: Uploads, folder: Path, account: UUID
) -> tuple[Upload, str]:
    limit = file_limit(request.app.state.settings)
    name, size, checksum, recipe = "", 0, "", b""
    while part := await parts.file():
        if part.name == "recipe_file":
            recipe = await parts.whole(LARGEST + 1)
        elif part.name == "file" and part.file_name and not name:
            name = plain_name(part.file_name)
            size, checksum = await _keep(parts, folder / FILE, limit)
    if not name:
        raise NoFile
    made = Upload(folder.name, str(account), parts.fields.get("home", ""), name, size, checksum, time.time())
    return made, recipe.decode("utf-8-sig", "replace")


async def _keep(parts: Incoming, path: Path, limit: int) -> tuple[int, str]:
    """Write a file as it comes; one that is too large, or finds the disk full, is heard out and not kept."""
    size, digest, held, full = 0, hashlib.sha256(), bytearray(), False
    with full_told(), open_private(path) as file:
        async for piece in parts.content():
            size += len(piece)
            if size > limit or full:
                held.clear()
                continue
            held += piece
            if len(held) >= PIECE:
                digest.update(held)
                full = not await run_in_threadpool(_written, file, bytes(held))
                held.clear()
        digest.update(held)
        file.write(held)
    if full:
        raise DiskFull
    if size > limit:
        raise UploadLarge(limit=limit // MEGABYTE)
    return size, digest.hexdigest()


def _written(file: BinaryIO, content: bytes) -> bool:
    """Write; say whether there was room."""
    try:
        with full_told():
            file.write(content)
    except DiskFull:
        return False
    return True


def plain_name(given: str) -> str:
    """Return what the user calls the file: without folders and characters that show nothing."""
    last = given.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(letter for letter in last if letter.isprintable())[-LONGEST_NAME:].strip() or "file"
