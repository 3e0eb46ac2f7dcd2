"""Files that wait to be brought in: each in a private folder, bound to an account, a day old at most."""

import errno
import fcntl
import json
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

from api.imports.errors import DiskFull, ImportBusy, UploadNotFound

FOLDER = "uploads"
DAY = 86_400
RECEIVING = 3_600
"""Seconds that a folder without a state may have: its file is still on its way."""
MOST = 5
"""So many files of one account wait at most; the oldest makes room."""
WAIT = 600
"""Seconds that a second request about the same file waits for the first."""
ID = re.compile(r"[0-9a-f]{32}")
FILE, STATE, LOOK, PREVIEW, MAP, REFUSED, LOCK = (
    "file", "state.json", "look.json", "preview.json", "map.svg", "refused.csv", "lock",
)  # fmt: skip


@dataclass(frozen=True)
class Upload:
    """What is known of one file and how far it has come."""

    id: str
    account: str
    home: str
    """Province that the import is for, TH for the whole country."""
    name: str
    size: int
    checksum: str
    made_at: float
    source: str = ""
    recipe: str = ""
    """The recipe that the file was sent with, YAML."""
    preview: int = 0
    """Number of the newest preview; 0 where there is none, or an older one no longer holds."""
    previews: int = 0
    run_id: int | None = None
    """The import that the file became; then the file is gone."""
    not_taken: int = 0
    """Rows that this import did not take, kept beside it."""


class Uploads:
    """The private folder. What is not the asking account's is not found."""

    def __init__(self, home: Path) -> None:
        self._folder = home / FOLDER

    def place(self, upload: Upload, name: str = FILE) -> Path:
        """Return where a part of an upload lies."""
        return self._folder / upload.id / name

    def new_folder(self) -> Path:
        """Make the folder of a file that arrives. Raises DiskFull."""
        with full_told():
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._folder.chmod(0o700)
            made = self._folder / secrets.token_hex(16)
            made.mkdir(mode=0o700)
        return made

    def find(self, upload_id: str, account: UUID) -> Upload:
        """Return an upload of an account. Raises UploadNotFound."""
        found = self._read(upload_id)
        if found is None or found.account != str(account) or found.made_at < time.time() - DAY:
            raise UploadNotFound
        return found

    def save(self, upload: Upload, **changed: Any) -> Upload:
        """Write an upload's state, with changes."""
        made = replace(upload, **changed)
        self.write(made, STATE, json.dumps(asdict(made), ensure_ascii=False).encode())
        return made

    def write(self, upload: Upload, name: str, content: bytes) -> None:
        """Write a part of an upload, readable by nobody else. Raises DiskFull."""
        target = self.place(upload, name)
        part = target.with_name(f".{name}.{secrets.token_hex(4)}")
        try:
            with full_told(), open_private(part) as file:
                file.write(content)
                file.flush()
            part.replace(target)
        except FileNotFoundError:  # cancelled meanwhile
            raise UploadNotFound from None
        finally:
            part.unlink(missing_ok=True)

    def write_json(self, upload: Upload, name: str, content: Any) -> None:
        """Write a part as JSON. Raises DiskFull."""
        self.write(upload, name, json.dumps(content, ensure_ascii=False).encode("utf-8", "replace"))

    def read(self, upload: Upload, name: str) -> bytes | None:
        """Return a part of an upload, None where there is none."""
        try:
            return self.place(upload, name).read_bytes()
        except OSError:
            return None

    def read_json(self, upload: Upload, name: str) -> Any:
        """Return a part that is JSON. Raises UploadNotFound when it is gone."""
        content = self.read(upload, name)
        if content is None:
            raise UploadNotFound
        return json.loads(content)

    def list(self, account: UUID) -> list[Upload]:
        """Return the files of an account that wait, newest first."""
        found = [one for one in self._all() if one.account == str(account) and one.run_id is None]
        return sorted(found, key=lambda one: -one.made_at)

    def remove(self, upload: Upload) -> None:
        """Take an upload away."""
        shutil.rmtree(self._folder / upload.id, ignore_errors=True)

    def finish(self, upload: Upload, run_id: int, refused: bytes = b"", not_taken: int = 0) -> None:
        """Take the file and all that was made of it away; what stays says which import it became.

        Rows that were not taken stay for as long as a file does, to be mended, where the disk has room for them.
        """
        for name in (FILE, LOOK, PREVIEW, MAP, REFUSED):
            self.place(upload, name).unlink(missing_ok=True)
        made = self.save(upload, run_id=run_id, name="", source="", recipe="", preview=0, not_taken=not_taken)
        if refused:
            with suppress(DiskFull):
                self.write(made, REFUSED, refused)

    def find_of_run(self, run_id: int, account: UUID) -> Upload | None:
        """Return what stays of the file that somebody made an import of, for a day; None when nothing does."""
        since = time.time() - DAY
        mine = (one for one in self._all() if one.account == str(account) and one.made_at >= since)
        return next((one for one in mine if one.run_id == run_id), None)

    def sweep(self) -> None:
        """Take away what is older than a day, what never arrived, and what one account has too much of."""
        now, kept = time.time(), dict[str, int]()
        known = {one.id: one for one in sorted(self._all(), key=lambda one: -one.made_at)}
        for one in known.values():
            kept[one.account] = kept.get(one.account, 0) + (one.run_id is None)
            if one.made_at < now - DAY or kept[one.account] > MOST:
                self.remove(one)
        with suppress(OSError):
            for folder in self._folder.iterdir():
                if folder.name not in known and folder.stat().st_mtime < now - RECEIVING:
                    shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def held(self, upload: Upload) -> Iterator[Upload]:
        """Work on an upload alone; give its state as the one before left it. Raises UploadNotFound, ImportBusy."""
        try:
            handle = os.open(self.place(upload, LOCK), os.O_CREAT | os.O_RDWR, 0o600)
        except FileNotFoundError:
            raise UploadNotFound from None
        try:
            _lock(handle)
            yield self.find(upload.id, UUID(upload.account))
        finally:
            os.close(handle)

    def _all(self) -> Iterator[Upload]:
        with suppress(OSError):
            for folder in self._folder.iterdir():
                found = self._read(folder.name)
                if found is not None:
                    yield found

    def _read(self, upload_id: str) -> Upload | None:
        if not ID.fullmatch(upload_id):
            return None
        with suppress(OSError, ValueError, TypeError):
            found = Upload(**json.loads((self._folder / upload_id / STATE).read_text("utf-8")))
            return found if found.id == upload_id else None
        return None


def open_private(path: Path) -> Any:
    """Open a new file that nobody else may read, to be written."""
    return os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb")


@contextmanager
def full_told() -> Iterator[None]:
    """Say DiskFull instead of the operating system's error."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise DiskFull from error
        raise


def _lock(handle: int) -> None:
    give_up = time.monotonic() + WAIT
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > give_up:
                raise ImportBusy from None
            time.sleep(0.05)
        else:
            return
