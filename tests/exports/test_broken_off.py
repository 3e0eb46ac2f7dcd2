"""Writes that end too soon: no room, a killed process. A whole file stands under the name, or the old one, or none."""

import os
import resource
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import get_args

import pytest

from api.files import FileFull, write_by
from api.settings import PROJECT
from layers.exporting.formats import Format, write
from tests.exports.made import named
from tests.small_disk import small_disk


@pytest.mark.parametrize("format", get_args(Format))
def test_a_full_disk_leaves_the_old_file(tmp_path: Path, format: Format) -> None:
    """A limit on the size of files stands for the disk: the kernel refuses the write in either case."""
    path = tmp_path / f"x.{format}"
    path.write_bytes(b"old")
    made, held = named(*(f"ชื่อ {place} {place**7}" for place in range(300))), resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (900, held[1]))
    try:
        with pytest.raises(FileFull):
            write_by(path, partial(write, made, format))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, held)
    assert path.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


def test_a_full_tmpfs_leaves_nothing(tmp_path: Path) -> None:
    """A real disk of 64 kB."""
    disk = tmp_path / "disk"
    with small_disk(disk, 64):
        with pytest.raises(FileFull):
            write_by(disk / "x.gpkg", lambda file: [file.write(b"x" * 10_000) for _ in range(100)])
        assert list(disk.iterdir()) == []
        assert write_by(disk / "x.gpkg", lambda file: file.write(b"x" * 10_000)) == 10_000


WAITING = """
import sys, time
from pathlib import Path
from api.files import write_by

def slowly(file):
    file.write(b"half")
    file.flush()
    print("writing", flush=True)
    time.sleep(60)

write_by(Path(sys.argv[1]), slowly)
"""


def test_a_killed_write_leaves_no_file_and_the_next_one_clears_up(tmp_path: Path) -> None:
    """What a process that still lives is writing is left alone."""
    path = tmp_path / "figures [1].gpkg"
    begun = [
        subprocess.Popen([sys.executable, "-c", WAITING, str(path)], cwd=PROJECT, stdout=subprocess.PIPE)
        for _ in range(2)
    ]
    try:
        for one in begun:
            assert one.stdout is not None
            assert one.stdout.readline() == b"writing\n"
        assert len(list(tmp_path.iterdir())) == 2
        begun[0].send_signal(signal.SIGKILL)
        begun[0].wait()
        assert not path.exists()
        assert write_by(path, lambda file: file.write(b"whole")) == 5
        assert path.read_bytes() == b"whole"
        assert len(list(tmp_path.iterdir())) == 2  # the file, and the part of the one that lives
    finally:
        for one in begun:
            one.kill()
            one.communicate()
    assert write_by(path, lambda file: file.write(b"again")) == 5
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


SENDING = """
import sys, time
from pathlib import Path
from api.made_files import answer_file

def slowly(file):
    file.write(b"half")
    file.flush()
    print("writing", flush=True)
    time.sleep(60)

answer_file(Path(sys.argv[1]), "x.gpkg", "x/y", slowly, {})
"""


def test_a_killed_worker_leaves_nothing_of_what_it_was_to_send(tmp_path: Path) -> None:
    """The file has no name to begin with: its room is free as soon as the process is gone."""
    begun = subprocess.Popen([sys.executable, "-c", SENDING, str(tmp_path)], cwd=PROJECT, stdout=subprocess.PIPE)
    try:
        assert begun.stdout is not None
        assert begun.stdout.readline() == b"writing\n"
        assert list(tmp_path.iterdir()) == []
    finally:
        begun.kill()
        begun.communicate()
    assert list(tmp_path.iterdir()) == []


def test_a_device_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE) as reader:
        time.sleep(0.05)
        write_by(pipe, lambda file: file.write(b"rows"))
        assert reader.stdout is not None
        assert reader.stdout.read() == b"rows"
    assert pipe.is_fifo()
