"""What is made once a machine from the project's own libraries, because each process would need seconds for it.

It lies beside those libraries, under the checksum of all it was made of: another source is another folder.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "api" / "web" / "node_modules" / ".socialmap"
Make = Callable[[Path], None]


def made_once(name: str, sources: Iterable[Path], make: Make, *, folder: Path = FOLDER) -> Path:
    """Return a folder that `make` has filled from `sources`, made now where it is not there yet.

    It appears whole or not at all, whoever else makes it at the same time. Where `folder` cannot be written or its
    disk is full, it lasts as long as the process. Raises what `make` raises.
    """
    checksum = hashlib.sha256()
    for source in sources:
        checksum.update(source.read_bytes())
    place = folder / f"{name}-{checksum.hexdigest()[:20]}"
    if os.access(place, os.R_OK | os.X_OK):
        return place
    try:
        return _kept(place, make)
    except OSError:
        return _passing(place, make)


def installed(package: str) -> Path:
    """Return the first file of a package, which states its version, without importing it."""
    found = find_spec(package)
    assert found is not None
    assert found.origin is not None
    return Path(found.origin)


def _kept(place: Path, make: Make) -> Path:
    """Make it beside its place, then put it there in one step."""
    place.parent.mkdir(parents=True, exist_ok=True)
    begun = Path(tempfile.mkdtemp(prefix=".begun-", dir=place.parent))
    try:
        make(begun)
        for path in begun.iterdir():
            _flush(path)
        begun.chmod(0o755)  # whoever may run the project may read it
        try:
            begun.rename(place)
        except OSError:
            if not os.access(place, os.R_OK | os.X_OK):  # else another process was first
                raise
    finally:
        shutil.rmtree(begun, ignore_errors=True)
    return place


def _flush(path: Path) -> None:
    """Bring a file to the disk, so that a broken-off machine does not leave an empty one under its name."""
    path.chmod(0o644)
    with path.open("rb") as file:
        os.fsync(file.fileno())


_PASSING: dict[Path, "tempfile.TemporaryDirectory[str]"] = {}
"""What this process made for itself alone; removed when it ends."""


def _passing(place: Path, make: Make) -> Path:
    if place not in _PASSING:
        made = tempfile.TemporaryDirectory(prefix=f"{place.name}-")
        make(Path(made.name))
        _PASSING[place] = made
    return Path(_PASSING[place].name)
