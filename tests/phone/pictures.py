"""Photos as a phone's camera writes them: large, with the place, the time and the phone's model inside."""

import random
from pathlib import Path

from PIL import Image

SIDEWAYS = 6
"""EXIF's orientation of a picture that was taken upright and stored on its side."""


def camera_photo(path: Path, size: tuple[int, int] = (2400, 1800), seed: int = 1, orientation: int = SIDEWAYS) -> Path:
    """Write a JPEG of coarse noise with EXIF of position, model and orientation."""
    noise = random.Random(seed)
    small = Image.frombytes("RGB", (24, 18), noise.randbytes(24 * 18 * 3))
    exif = Image.Exif()
    exif[0x0110], exif[0x0112], exif[0x0132] = "Telephone 7", orientation, "2026:11:22 09:30:00"
    place = exif.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (11.0, 0.0, 0.0), "E", (100.0, 40.0, 48.0)
    small.resize(size).save(path, quality=85, exif=exif, comment=b"secret comment")
    return path
