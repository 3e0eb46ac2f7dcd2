"""What may stand in the file of a photo: the picture, and nothing that tells of a place, a camera or a person.

Files are read by their structure and never decoded: what is not known to be harmless is refused. Nothing is altered.
"""

import re
import struct
from collections.abc import Callable, Iterator, Mapping

from boundaries.errors import SocialMapError


class PhotoRefused(SocialMapError):
    """A photo that is no JPEG, PNG or WebP as it says, or holds more than a picture (EXIF, XMP, text)."""

    key = "error.photo_refused"


def check_photo(content: bytes, media_type: str) -> None:
    """Raise PhotoRefused unless the content is a whole picture of this type and nothing else."""
    check = _CHECKS.get(media_type)
    try:
        if check is None or not check(content):
            raise PhotoRefused
    except (struct.error, IndexError):
        raise PhotoRefused from None


_APP0, _APP2, _APP14, _APPS, _COMMENT = 0xE0, 0xE2, 0xEE, range(0xE0, 0xF0), 0xFE
_SCAN, _END, _FRAMES = 0xDA, 0xD9, {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_STARTS = {_APP0: (b"JFIF\0",), _APP2: (b"ICC_PROFILE\0",), _APP14: (b"Adobe",)}


def _is_jpeg(content: bytes) -> bool:
    if content[:2] != b"\xff\xd8":
        return False
    framed = False
    for marker, body in _segments(content):
        if marker == _COMMENT or (marker in _APPS and not body.startswith(_STARTS.get(marker, (b"\0never",)))):
            return False
        framed |= marker in _FRAMES
        if marker == _END:
            return framed and body == b""  # what follows the end is no picture
    return False


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the marker and body of each segment; with the end comes what stands behind it."""
    at = 2
    while True:
        if content[at] != 0xFF:
            raise IndexError
        while content[at] == 0xFF:
            at += 1
        marker = content[at]
        at += 1
        if marker == _END:
            yield marker, content[at:]
            return
        (length,) = struct.unpack(">H", content[at : at + 2])
        if length < 2 or at + length > len(content):
            raise IndexError
        yield marker, content[at + 2 : at + length]
        at += length
        if marker == _SCAN:
            at = _after_scan(content, at)


_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
"""A marker that ends a scan; stuffed bytes and restarts belong to it."""


def _after_scan(content: bytes, at: int) -> int:
    """Return where the next marker stands."""
    found = _MARKER.search(content, at)
    return found.start() if found else len(content)


_PNG = frozenset(
    (
        b"IHDR",
        b"PLTE",
        b"IDAT",
        b"IEND",
        b"tRNS",
        b"gAMA",
        b"cHRM",
        b"sRGB",
        b"iCCP",
        b"sBIT",
        b"bKGD",
        b"pHYs",
        b"cICP",
    )
)


def _is_png(content: bytes) -> bool:
    at, found = 8, []
    if content[:8] != b"\x89PNG\r\n\x1a\n":
        return False
    while at < len(content):
        (length,) = struct.unpack(">I", content[at : at + 4])
        found.append(content[at + 4 : at + 8])
        at += 12 + length
        if found[-1] == b"IEND":
            break
    return at == len(content) and found[0] == b"IHDR" and b"IDAT" in found and found[-1] == b"IEND" and {*found} <= _PNG


_WEBP = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ICCP"))


def _is_webp(content: bytes) -> bool:
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP":
        return False
    (size,) = struct.unpack("<I", content[4:8])
    at, found = 12, []
    while at < len(content):
        (length,) = struct.unpack("<I", content[at + 4 : at + 8])
        found.append(content[at : at + 4])
        at += 8 + length + length % 2
    whole = at == len(content) == size + 8
    return whole and bool({b"VP8 ", b"VP8L"} & {*found}) and {*found} <= _WEBP


_CHECKS: Mapping[str, Callable[[bytes], bool]] = {
    "image/jpeg": _is_jpeg,
    "image/png": _is_png,
    "image/webp": _is_webp,
}
