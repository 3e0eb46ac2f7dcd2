"""A form with files (`multipart/form-data`, RFC 7578), read as the browser sends it: never whole in memory."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

from fastapi import Request

from api.auth.errors import FormBad

TYPE = "multipart/form-data"
MOST_PARTS = 20
LONGEST_HEAD = 8_192
LONGEST_FIELD = 2_000
"""Bytes of a part's headers, and of a field that is no file."""


@dataclass(frozen=True)
class Part:
    """One part: the name of its field, and of the file where it is one."""

    name: str
    file_name: str | None


class Incoming:
    """The parts of one request, each to be read before the next."""

    def __init__(self, request: Request) -> None:
        boundary = re.search(r'boundary="?([^";,\s]{1,70})', request.headers.get("content-type", ""))
        if boundary is None:
            raise FormBad
        self._mark = b"\r\n--" + boundary[1].encode("ascii", "ignore")
        self._held = bytearray(b"\r\n")
        self._stream = request.stream()
        self._parts = 0
        self.fields: dict[str, str] = {}
        """Fields that are no files, as far as the body was read."""
        self._waiting: Part | None = None

    async def field(self, name: str) -> str:
        """Return a field that stands before the first file, '' when it does not. Raises FormBad."""
        while name not in self.fields and self._waiting is None:
            part = await self._next()
            if part is None:
                break
            if part.file_name is None:
                self.fields.setdefault(part.name, (await self.whole(LONGEST_FIELD)).decode("utf-8", "replace"))
            else:
                self._waiting = part
        return self.fields.get(name, "")

    async def file(self) -> Part | None:
        """Go to the next file, keep the fields before it; None at the end. Raises FormBad."""
        await self.field("")
        part, self._waiting = self._waiting, None
        return part

    async def whole(self, limit: int) -> bytes:
        """Return the content of a part that must be small. Raises FormBad."""
        found = bytearray()
        async for piece in self.content():
            found += piece
            if len(found) > limit:
                raise FormBad
        return bytes(found)

    async def content(self) -> AsyncIterator[bytes]:
        """Give the content of the part, piece by piece. Raises FormBad when the body ends within it."""
        while True:
            end = self._held.find(self._mark)
            sure = end if end >= 0 else max(0, len(self._held) - len(self._mark) + 1)
            if sure:
                yield bytes(self._held[:sure])
                del self._held[:sure]
            if end >= 0:
                return
            await self._more()

    async def _next(self) -> Part | None:
        """Go to the next part; None after the last."""
        async for _ in self.content():
            pass
        while len(self._held) < len(self._mark) + 2:
            await self._more()
        after = bytes(self._held[len(self._mark) : len(self._mark) + 2])
        if after == b"--":
            return None
        self._parts += 1
        if after != b"\r\n" or self._parts > MOST_PARTS:
            raise FormBad
        del self._held[: len(self._mark)]
        return _part(await self._head())

    async def _head(self) -> str:
        while (end := self._held.find(b"\r\n\r\n")) < 0:
            if len(self._held) > LONGEST_HEAD:
                raise FormBad
            await self._more()
        head = bytes(self._held[:end]).decode("utf-8", "replace")
        del self._held[: end + 4]
        return head

    async def _more(self) -> None:
        async for piece in self._stream:
            if piece:
                self._held += piece
                return
        raise FormBad


def _part(head: str) -> Part:
    said = re.search(r"^content-disposition:\s*form-data\s*;(.*)$", head, re.IGNORECASE | re.MULTILINE)
    found = {
        key.lower(): value for key, value in re.findall(r'\b(name|filename)="([^"\r\n]*)"', said[1] if said else "")
    }
    if "name" not in found:
        raise FormBad
    return Part(found["name"], found.get("filename"))


def is_multipart(request: Request) -> bool:
    """Say whether a request's body is a form with files."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower() == TYPE


def incoming(request: Request) -> Incoming:
    """Give the parts of a request; whoever asks again goes on where reading has come to. Raises FormBad."""
    held: Incoming | None = getattr(request.state, "incoming", None)
    if held is None:
        held = request.state.incoming = Incoming(request)
    return held
