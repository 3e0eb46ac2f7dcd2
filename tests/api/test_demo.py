"""`socialmap demo` from nothing to serving, run as a user runs it, in a home and on a port of its own."""

import json
import os
import re
import signal
import socket
import subprocess
import threading
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from api import cluster
from api.cluster_programs import postmaster
from tests.demo import FILE
from tests.places import QUICK, SOCIALMAP, place, run, write_province_alone
from tests.shared import shared


@pytest.fixture(scope="module")
def env() -> Iterator[dict[str, str]]:
    """A place on which the demo of the invented province ran once."""
    with place(FILE) as env:
        done = run(env, "demo", "--no-serve", *QUICK)
        assert done.returncode == 0, done.stderr
        yield env


@contextmanager
def serving(env: Mapping[str, str], *options: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Run the demo until it says, within 30 s, where it serves; give the address. Ctrl-C must end it well.

    Every map that it names must be there.
    """
    process = subprocess.Popen([SOCIALMAP, "demo", *options], env=env, stderr=subprocess.PIPE, text=True)
    killer = threading.Timer(30, process.kill)
    killer.start()
    said = []
    assert process.stderr
    for line in process.stderr:
        said.append(line)
        if found := re.search(r"Open (http://127\.0\.0\.1:\d+)/maps/TH", line):
            break
    else:
        raise AssertionError("".join(said))
    killer.cancel()
    try:
        for named in re.findall(r"http://\S+/maps/\w+", line):
            get(named)
        yield found.group(1), process
        process.send_signal(signal.SIGINT)
        _, rest = process.communicate(timeout=60)
        assert process.returncode == 0, rest
    finally:
        # Asked first, so that a failing test leaves no cluster behind.
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(30)
        process.kill()


def get(address: str) -> str:
    with urllib.request.urlopen(address, timeout=60) as answer:
        assert answer.status == 200
        return answer.read().decode()


def state(env: Mapping[str, str]) -> dict[str, tuple[bytes, int]]:
    """Name, content and time of every file in the output folder."""
    return {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in Path(env["SOCIALMAP_OUTPUT"]).iterdir()}


def test_writes_the_country_and_every_province(env: dict[str, str]) -> None:
    files = state(env)
    assert set(files) == {"TH.html", "99.html", "index.html", "manifest.json"}
    assert "สมมติบุรี" in files["99.html"][0].decode()
    assert '<a href="99.html">' in files["index.html"][0].decode()
    assert not cluster.status(Path(env["SOCIALMAP_HOME"])).running


def test_second_run_serves_soon_changes_nothing_and_leaves_nothing_behind(env: dict[str, str]) -> None:
    before = state(env)
    with serving(env, *QUICK) as (address, _):
        assert address.endswith(":" + env["SOCIALMAP_PORT"])
        assert "สมมติบุรี" in get(address + "/maps/99")
        get(address + "/maps/TH")
    assert state(env) == before
    assert not cluster.status(Path(env["SOCIALMAP_HOME"])).running
    assert processes_of(env) == []


def processes_of(env: Mapping[str, str]) -> list[str]:
    """Processes that were started with this place's environment."""
    mark, found = f"SOCIALMAP_HOME={env['SOCIALMAP_HOME']}", []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (entry / "environ").read_bytes().decode("utf-8", "replace").split("\0"):
                found.append((entry / "cmdline").read_text())
        except OSError:
            continue
    return [words for words in found if words]


def test_recovers_after_kill_and_takes_another_port(env: dict[str, str]) -> None:
    home = Path(env["SOCIALMAP_HOME"])
    with serving(env, *QUICK) as (_, process):
        pid = postmaster(cluster.status(home).data)
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        process.terminate()
        process.wait(60)
        assert process.returncode == 128 + signal.SIGTERM
        process.returncode = 0  # asked for
    assert not cluster.status(home).running
    assert processes_of(env) == []
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", int(env["SOCIALMAP_PORT"])))
        taken.listen()
        with serving(env, *QUICK) as (address, _):
            assert not address.endswith(":" + env["SOCIALMAP_PORT"])
            assert "สมมติบุรี" in get(address + "/maps/99")


def test_a_map_that_was_lost_or_changed_is_written_again(env: dict[str, str]) -> None:
    before = state(env)
    folder = Path(env["SOCIALMAP_OUTPUT"])
    (folder / "99.html").write_text("spoilt")
    (folder / "index.html").unlink()
    assert run(env, "demo", "--no-serve", *QUICK).returncode == 0
    after = state(env)
    assert {name: content for name, (content, _) in after.items()} == {
        name: content for name, (content, _) in before.items()
    }
    assert after["TH.html"] == before["TH.html"], "a map that was current was written again"


def write_exchanged(path: Path) -> Path:
    """Write the invented province with two subdistricts of different districts in each other's place."""
    whole = json.loads(FILE.read_text("utf-8"))
    by_code = {each["properties"]["code"]: each for each in whole["features"]}
    one, other = by_code["990101"], by_code["990201"]
    one["geometry"], other["geometry"] = other["geometry"], one["geometry"]
    path.write_text(json.dumps(whole), "utf-8")
    return path


def test_other_boundaries_are_told_with_the_cases_they_move(env: dict[str, str], tmp_path: Path) -> None:
    before = state(env)
    changed = run(env, "demo", "--no-serve", *QUICK, "--boundaries", str(write_exchanged(tmp_path / "other.geojson")))
    assert changed.returncode == 0, changed.stderr
    after = state(env)
    assert "is active now" in changed.stderr
    assert moved(changed.stderr) > 0
    assert "990101 → 990201" in changed.stderr
    assert all(after[name][1] != before[name][1] for name in ("TH.html", "99.html")), "an old map was kept"
    assert after["99.html"][0] != before["99.html"][0]
    back = run(env, "demo", "--no-serve", *QUICK, "--boundaries", str(FILE))
    assert (back.returncode, moved(back.stderr)) == (0, moved(changed.stderr)), back.stderr
    assert state(env)["99.html"][0] == before["99.html"][0]


def moved(said: str) -> int:
    """The number of cases that are said to have moved, once in English and once in Thai."""
    english = re.search(r"([\d,]+) of [\d,]+ cases moved", said)
    thai = re.search(r"ย้ายรหัสพื้นที่ ([\d,]+) จาก", said)
    assert english, said
    assert thai, said
    assert english.group(1) == thai.group(1)
    return int(english.group(1).replace(",", ""))


def test_sources_that_fail_are_told_as_they_are_tried(tmp_path: Path) -> None:
    """No file where one was named, and a machine without a network: three sources, each with its reason."""
    closed = "http://127.0.0.1:9"
    alone = {
        "http_proxy": closed,
        "https_proxy": closed,
        "npm_config_registry": closed,
        "npm_config_fetch_retries": "0",
    }
    with place(tmp_path / "none.geojson") as env:
        failed = run(env | alone, "demo", "--no-serve", *QUICK)
    assert failed.returncode == 2
    assert failed.stderr.count(" / Trying: ") == failed.stderr.count(" / Not available: ") == 3
    assert failed.stderr.index("none.geojson: no such file") < failed.stderr.rindex("Trying: ")


def test_a_province_alone_gives_the_map_of_the_country(tmp_path: Path) -> None:
    """Boundaries without districts: nothing is drawn of the province, and nothing leads there."""
    with place(write_province_alone(tmp_path / "province.geojson")) as env:
        done = run(env, "demo", "--no-serve", *QUICK)
        assert done.returncode == 0, done.stderr
        assert "ยังไม่มีอำเภอและตำบล" in done.stderr
        assert "districts and subdistricts are missing" in done.stderr
        files = state(env)
        assert set(files) == {"TH.html", "index.html", "manifest.json"}
        assert "สมมติบุรี" in files["TH.html"][0].decode()
        assert "99.html" not in files["TH.html"][0].decode() + files["index.html"][0].decode()
        with serving(env, *QUICK) as (address, _):
            page = get(address + "/maps/TH")
            assert "สมมติบุรี" in page
            assert "/maps/99" not in page
        assert state(env) == files
        folder = tmp_path / "maps"
        every = run(env, "maps", "--all", "--out", str(folder))
        assert (every.returncode, [path.name for path in folder.iterdir()]) == (0, ["TH.html"]), every.stderr


def test_output_is_removed_but_for_files_of_others(env: dict[str, str]) -> None:
    folder = Path(env["SOCIALMAP_OUTPUT"])
    (folder / "mine.txt").write_text("kept")
    done = run(env, "demo", "--remove-output")
    assert (done.returncode, [path.name for path in folder.iterdir()]) == (0, ["mine.txt"])
    assert "1 other files" in done.stderr


@pytest.mark.proof
@pytest.mark.shared
def test_the_whole_country_with_all_its_cases() -> None:
    """From nothing: the first map before serving, and at the end the country and all 77 provinces."""
    with place(shared("boundaries/tha_admin.gpkg")) as env:
        done = subprocess.run([SOCIALMAP, "demo", "--no-serve"], env=env, check=False, timeout=1800)
        assert done.returncode == 0
        files = state(env)
        assert len(files) == 1 + 77 + len(("index.html", "manifest.json"))
        assert "BY-IGO" in files["70.html"][0].decode()
        with serving(env) as (address, _):
            assert "เมืองราชบุรี" in get(address + "/maps/70")
        assert state(env) == files
