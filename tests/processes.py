"""Other programs as a whole: how long one runs, and how much memory all its processes took at their peaks."""

import re
import resource
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PAUSE = 0.03
"""Seconds between two looks at the processes; each keeps its own peak, so only the last look at one matters."""


@dataclass(frozen=True)
class Cost:
    """Seconds from start to end, the sum of the peaks of all processes in MB, seconds of computing."""

    seconds: float
    megabytes: float
    computing: float = 0.0


def watched(command: Sequence[str], env: Mapping[str, str] | None = None) -> Cost:
    """Run a program to its end and return its cost; it must end well."""
    begun, used = time.perf_counter(), _computed()
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peaks: dict[int, float] = {}
    while process.poll() is None:
        _note(peaks, process.pid)
        time.sleep(PAUSE)
    seconds = time.perf_counter() - begun
    assert process.returncode == 0, command
    return Cost(seconds, sum(peaks.values()), _computed() - used)


def _computed() -> float:
    """Return the seconds that ended processes below this one have computed."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def peak_of(pid: int, *, itself: bool = True) -> float:
    """Return the sum of the peaks of a running process and all below it, in MB; without `itself` of those below."""
    peaks: dict[int, float] = {}
    _note(peaks, pid)
    return sum(peak for one, peak in peaks.items() if itself or one != pid)


def _note(peaks: dict[int, float], root: int) -> None:
    """Note the peaks of a process and those below it; looking must cost next to nothing."""
    wanted = [root]
    while wanted:
        pid = wanted.pop()
        try:
            told = Path(f"/proc/{pid}/status").read_text()
            below = [each.read_text() for each in Path(f"/proc/{pid}/task").glob("*/children")]
        except OSError:  # it has just ended
            continue
        found = re.search(r"VmHWM:\s+(\d+) kB", told)
        peaks[pid] = max(peaks.get(pid, 0.0), int(found[1]) / 1000 if found else 0.0)
        wanted += [int(each) for line in below for each in line.split()]
