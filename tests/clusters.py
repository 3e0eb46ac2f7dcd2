"""Private clusters in throw-away folders."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from api import cluster


@contextmanager
def empty_home() -> Iterator[Path]:
    """A folder that every system user may enter, with a short path; its cluster is destroyed afterwards.

    In memory where there is room: making a cluster waits for a slow disk many times.
    """
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > 2_000_000_000
    top = Path(tempfile.mkdtemp(prefix="sm-", dir=memory if roomy else None))
    top.chmod(0o755)
    home = top / "checkout" / ".socialmap"
    try:
        yield home
    finally:
        cluster.destroy(home)
        shutil.rmtree(top)
