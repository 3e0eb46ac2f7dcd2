"""Forms with files, however the network cuts them."""

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise
from typing import Any

import pytest
from fastapi import Request
from hypothesis import given, settings
from hypothesis import strategies as st

from api.auth.errors import FormBad
from api.multipart import LONGEST_HEAD, MOST_PARTS, Incoming

MARK = "----x-7"


def body(*parts: tuple[str, str | None, bytes]) -> bytes:
    """Write a form as a browser does."""
    made = b""
    for name, file_name, content in parts:
        more = f'; filename="{file_name}"\r\nContent-Type: text/csv' if file_name is not None else ""
        made += f'--{MARK}\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'.encode() + content + b"\r\n"
    return made + f"--{MARK}--\r\n".encode()


def read(whole: bytes, cuts: list[int]) -> tuple[dict[str, str], list[tuple[str, str | None, bytes]]]:
    """Read a form that arrives in pieces."""
    places = [0, *sorted(cut % (len(whole) + 1) for cut in cuts), len(whole)]
    pieces = [whole[start:end] for start, end in pairwise(places)]

    async def receive() -> dict[str, Any]:
        more = bool(pieces)
        return {"type": "http.request", "body": pieces.pop(0) if more else b"", "more_body": bool(pieces)}

    async def all_of(content: AsyncIterator[bytes]) -> bytes:
        return b"".join([piece async for piece in content])

    async def go() -> tuple[dict[str, str], list[tuple[str, str | None, bytes]]]:
        kind = f"multipart/form-data; boundary={MARK}".encode()
        request = Request({"type": "http", "method": "POST", "headers": [(b"content-type", kind)]}, receive)
        parts, files = Incoming(request), []
        while part := await parts.file():
            files.append((part.name, part.file_name, await all_of(parts.content())))
        return parts.fields, files

    return asyncio.run(go())


@settings(max_examples=200, deadline=None)
@given(
    content=st.one_of(
        st.binary(max_size=300), st.sampled_from([b"", b"\r\n", f"\r\n--{MARK[:-1]}".encode(), b"\r\n--"])
    ),
    cuts=st.lists(st.integers(0, 2000), max_size=12),
)
def test_what_is_sent_arrives_wherever_it_is_cut(content: bytes, cuts: list[int]) -> None:
    whole = body(("csrf", None, b"word"), ("file", "แฟ้ม.csv", content), ("like", None, b"7"))
    fields, files = read(whole, cuts)
    assert files == [("file", "แฟ้ม.csv", content)]
    assert fields == {"csrf": "word", "like": "7"}


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"--other\r\n\r\n",
        body(("a", None, b"1"))[:-9],
        f"--{MARK}\r\nContent-Disposition: form-data\r\n\r\nx\r\n--{MARK}--".encode(),
        f"--{MARK}xx".encode(),
        f"--{MARK}\r\n{'h' * (LONGEST_HEAD + 10)}".encode(),
        body(*[("a", None, b"1")] * (MOST_PARTS + 1)),
        body(("long", None, b"x" * 10_000)),
    ],
)
def test_what_is_no_form_is_refused(broken: bytes) -> None:
    with pytest.raises(FormBad):
        read(broken, [])
