"""Where the real boundaries and data lie; tests that need them are skipped with a message where they do not."""

import os
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("SOCIALMAP_SHARED", Path(__file__).resolve().parent.parent.parent / "shared"))


def shared(relative: str) -> Path:
    """Return a path below the shared folder, or skip the test."""
    path = SHARED / relative
    if not path.exists():
        pytest.skip(f"needs {relative} below SOCIALMAP_SHARED (default: ../shared beside the project)")
    return path
