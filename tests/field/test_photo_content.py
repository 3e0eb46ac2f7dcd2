"""What may stand in a photo's file, held against pictures that real encoders wrote."""

import struct
import zlib
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from layers.photo_content import PhotoRefused, check_photo

PICTURE = Image.effect_noise((48, 32), 60).convert("RGB")
TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}


def written(kind: str, **more: Any) -> bytes:
    out = BytesIO()
    PICTURE.save(out, kind, **more)
    return out.getvalue()


def exif() -> Image.Exif:
    made = Image.Exif()
    made[0x010F] = "invented camera"
    made.get_ifd(0x8825)[2] = (13.0, 7.0, 1.0)
    return made


PLAIN = {
    "jpeg": ("JPEG", written("JPEG")),
    "jpeg progressive": ("JPEG", written("JPEG", progressive=True, quality=90)),
    "jpeg with restarts": ("JPEG", written("JPEG", restart_marker_blocks=1)),
    "jpeg with colours": ("JPEG", written("JPEG", icc_profile=b"profile" * 20)),
    "png": ("PNG", written("PNG")),
    "webp": ("WEBP", written("WEBP")),
    "webp lossless": ("WEBP", written("WEBP", lossless=True)),
}


@pytest.mark.parametrize("name", PLAIN)
def test_plain_pictures_pass(name: str) -> None:
    kind, content = PLAIN[name]
    check_photo(content, TYPES[kind])


@pytest.mark.parametrize("name", PLAIN)
def test_a_picture_of_another_type_does_not(name: str) -> None:
    kind, content = PLAIN[name]
    for other in {*TYPES.values(), "image/gif", "text/html"} - {TYPES[kind]}:
        with pytest.raises(PhotoRefused):
            check_photo(content, other)


@pytest.mark.parametrize("name", PLAIN)
def test_nothing_but_the_whole_picture_passes(name: str) -> None:
    kind, content = PLAIN[name]
    for wrong in (content[:-1], content + b"\0", content + b"<script>", content[: len(content) // 2], b"", content[1:]):
        with pytest.raises(PhotoRefused):
            check_photo(wrong, TYPES[kind])


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def with_text() -> PngInfo:
    made = PngInfo()
    made.add_text("place", "13.7 N 100.5 E")
    return made


JPEG, PNG, WEBP = PLAIN["jpeg"][1], PLAIN["png"][1], PLAIN["webp"][1]
LEAKY = {
    "jpeg exif": ("JPEG", written("JPEG", exif=exif())),
    "jpeg comment": ("JPEG", written("JPEG", comment=b"at home")),
    "jpeg xmp": ("JPEG", written("JPEG", xmp=b"<x:xmpmeta/>")),
    "jpeg iptc": ("JPEG", JPEG[:2] + b"\xff\xed\x00\x10Photoshop 3.0\0" + JPEG[2:]),
    "jpeg pictures within": ("JPEG", JPEG[:2] + b"\xff\xe2\x00\x08MPF\0xx" + JPEG[2:]),
    "jpeg exif behind the scan": ("JPEG", JPEG[:-2] + b"\xff\xe1\x00\x08Exif\0\0" + JPEG[-2:]),
    "jpeg twice": ("JPEG", JPEG + JPEG),
    "png text": ("PNG", written("PNG", pnginfo=with_text())),
    "png exif": ("PNG", written("PNG", exif=exif())),
    "png own chunk": ("PNG", PNG[:33] + chunk(b"gpSa", b"13.7") + PNG[33:]),
    "webp exif": ("WEBP", written("WEBP", exif=exif())),
    "webp xmp": ("WEBP", written("WEBP", xmp=b"<x:xmpmeta/>")),
}


@pytest.mark.parametrize("name", LEAKY)
def test_what_tells_more_than_a_picture_does_not_pass(name: str) -> None:
    kind, content = LEAKY[name]
    with pytest.raises(PhotoRefused):
        check_photo(content, TYPES[kind])


def test_a_scan_of_nothing_but_stuffed_bytes_is_read_in_one_go() -> None:
    """A large file must not take a time that grows with the square of its size."""
    import time

    head = JPEG[: JPEG.index(b"\xff\xda") + 14]
    begun = time.perf_counter()
    for filling in (b"\xff\x00" * 1_500_000, b"a" * 3_000_000, b"\xff" * 3_000_000):
        with pytest.raises(PhotoRefused):
            check_photo(head + filling, "image/jpeg")
    assert time.perf_counter() - begun < 8
