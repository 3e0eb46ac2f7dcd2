"""Our own YAML files, read by the C parser: ten times as fast as the one in Python, which each start waited for."""

from pathlib import Path
from typing import Any

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(path: Path) -> Any:
    """Return what a file holds: mappings, sequences, texts, numbers, dates."""
    return yaml.load(path.read_text("utf-8"), Loader=_LOADER)  # noqa: S506  (a safe loader, whichever it is)
