"""The size of a file that is read whole."""

from pathlib import Path

from layers.files.errors import TooLarge
from layers.files.limits import WHOLE


def check_size(path: Path, name: str, limit: int = WHOLE) -> None:
    """Raise TooLarge for a file that would be read whole and is too large for it."""
    if path.stat().st_size > limit:
        raise TooLarge(name=name, limit=limit >> 20)
