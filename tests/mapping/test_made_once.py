"""What is made once a machine: whole or not at all, also for two at a time, in a folder that may not be there."""

import errno
import multiprocessing
import os
import signal
import time
from functools import partial
from pathlib import Path

import pytest

from mapping.made_once import made_once


def write(count: list[int] | None, place: Path) -> None:
    if count is not None:
        count.append(1)
    (place / "one.txt").write_text("one", "utf-8")
    (place / "two.txt").write_text("two", "utf-8")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source.txt"
    path.write_text("first", "utf-8")
    return path


def test_it_is_made_once_and_anew_for_another_source(tmp_path: Path, source: Path) -> None:
    """The checksum of the source is its name; what others run as may read it."""
    count: list[int] = []
    folder = tmp_path / "below" / "kept"
    first = made_once("thing", [source], partial(write, count), folder=folder)
    assert made_once("thing", [source], partial(write, count), folder=folder) == first
    assert [path.name for path in sorted(first.iterdir())] == ["one.txt", "two.txt"]
    assert oct(first.stat().st_mode)[-3:] == "755"
    source.write_text("second", "utf-8")
    assert made_once("thing", [source], partial(write, count), folder=folder) != first
    assert len(count) == 2
    assert len(list(folder.iterdir())) == 2


def test_a_folder_that_cannot_be_written_costs_time_and_nothing_else(tmp_path: Path, source: Path) -> None:
    """It lasts as long as the process, made once in it."""
    count: list[int] = []
    (tmp_path / "file").write_text("no folder", "utf-8")
    folder = tmp_path / "file" / "kept"
    first = made_once("thing", [source], partial(write, count), folder=folder)
    assert (first / "two.txt").read_text("utf-8") == "two"
    assert made_once("thing", [source], partial(write, count), folder=folder) == first
    assert count == [1]


def test_a_full_disk_and_a_failure_leave_nothing_behind(tmp_path: Path, source: Path) -> None:
    """A full disk is gone around; what the maker raises of itself reaches the caller."""
    folder, tries = tmp_path / "kept", []

    def full(place: Path) -> None:
        tries.append(place)
        (place / "one.txt").write_text("part", "utf-8")
        if folder in place.parents:
            raise OSError(errno.ENOSPC, "full")

    made = made_once("thing", [source], full, folder=folder)
    assert folder not in made.parents
    assert (made / "one.txt").exists()
    assert len(tries) == 2
    assert list(folder.iterdir()) == []

    def broken(place: Path) -> None:
        (place / "one.txt").write_text("part", "utf-8")
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        made_once("other", [source], broken, folder=folder)
    assert list(folder.iterdir()) == []


def slow(place: Path) -> None:
    (place / "one.txt").write_text("one", "utf-8")
    time.sleep(0.3)
    (place / "two.txt").write_text("two", "utf-8")


def make_slowly(folder: Path, source: Path) -> None:
    made = made_once("thing", [source], slow, folder=folder)
    assert folder in made.parents
    assert (made / "two.txt").read_text("utf-8") == "two"


def test_two_at_a_time_and_one_that_is_killed(tmp_path: Path, source: Path) -> None:
    """Both find it whole; what a killed one began is never taken for it."""
    context, folder = multiprocessing.get_context("fork"), tmp_path / "kept"
    killed = context.Process(target=make_slowly, args=(folder, source))
    killed.start()
    while not any(folder.glob(".begun-*/one.txt")):
        time.sleep(0.005)
    os.kill(killed.pid or 0, signal.SIGKILL)
    killed.join()
    assert not list(folder.glob("thing-*"))
    both = [context.Process(target=make_slowly, args=(folder, source)) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert [one.exitcode for one in both] == [0, 0]
    assert len(list(folder.glob("thing-*"))) == 1
