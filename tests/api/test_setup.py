"""The set-up scripts: what is there is not installed again, and what was made can be removed."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from api.settings import PROJECT


def run(*command: str | Path, cwd: Path = PROJECT, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(word) for word in command], cwd=cwd, env=os.environ | env, capture_output=True, text=True, check=False
    )


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the set-up's files with nothing installed."""
    for name in (
        "Makefile",
        "pyproject.toml",
        "requirements.lock",
        ".ci",
        "api/web/package.json",
        "api/web/package-lock.json",
    ):
        source, target = PROJECT / name, tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            shutil.copy(source, target)
    return tmp_path


@pytest.fixture
def poor_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for PATH that holds the ordinary tools, but neither Python, npm, apt nor sudo."""
    folder = tmp_path_factory.mktemp("bin")
    tools = "bash cat sed sha256sum cut flock mkdir grep dirname printf rm awk sort comm env id tr find head"
    for name in tools.split(" "):
        found = shutil.which(name)
        if found:
            (folder / name).symlink_to(found)
    return folder


def test_scripts_are_sound() -> None:
    for name in ("setup", "run", "uninstall"):
        path = PROJECT / ".ci" / name
        assert os.access(path, os.X_OK), name
        assert run("bash", "-n", path).stderr == ""


def test_help_lists_every_target() -> None:
    said = run("make", "help").stdout
    for target in ("setup", "demo", "serve", "test", "lint", "proof", "bench", "uninstall"):
        assert f"make {target} " in said


def test_says_what_it_will_install_before_it_needs_anything(checkout: Path, poor_path: Path) -> None:
    done = run(".ci/setup", "--tests", cwd=checkout, PATH=str(poor_path))
    assert done.returncode == 2, done.stderr
    assert "จะติดตั้ง / Will install:" in done.stdout
    for words in ("Python ≥ 3.11", "Python packages (requirements.lock", "Node.js", "Leaflet", "Chromium", "gdal-bin"):
        assert words in done.stdout
    assert "There is no apt here" in done.stderr
    assert not (checkout / ".venv").exists()


def test_an_old_or_broken_python_is_passed_over(checkout: Path, poor_path: Path) -> None:
    for name, body in (("python3", "exit 1"), ("python3.13", "echo no such version >&2; exit 127")):
        (poor_path / name).write_text(f"#!/usr/bin/env bash\n{body}\n")
        (poor_path / name).chmod(0o755)
    done = run(".ci/setup", cwd=checkout, PATH=str(poor_path))
    assert done.returncode == 2
    assert "Python ≥ 3.11 (apt)" in done.stdout


def test_a_machine_that_has_all_is_left_alone(checkout: Path, poor_path: Path) -> None:
    """With the stamps of the present locks nothing is announced, and no installer is reached."""
    shutil.copytree(PROJECT / "api/web/node_modules/leaflet/dist/images", checkout / "api/web/node_modules/x")
    python = checkout / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/usr/bin/env bash\nexit 0\n")
    python.chmod(0o755)
    keys = {
        ".venv/.lock-stamp": "cat requirements.lock",
        ".venv/.project-stamp": "{ cat pyproject.toml; pwd; }",
        "api/web/node_modules/.stamp": "cat api/web/package.json api/web/package-lock.json",
    }
    for stamp, of in keys.items():
        run("bash", "-c", f"{of} | sha256sum | cut -d' ' -f1 > {stamp}", cwd=checkout)
    before = sorted(path for path in checkout.rglob("*"))
    done = run(".ci/setup", cwd=checkout, PATH=str(poor_path))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert sorted(path for path in checkout.rglob("*") if path.name != ".socialmap") == before
    (checkout / "requirements.lock").write_text("other==1\n")
    done = run(".ci/setup", cwd=checkout, PATH=str(poor_path))
    assert "Python packages" in done.stdout


def test_uninstall_removes_what_was_made_and_names_what_stays(checkout: Path) -> None:
    for folder in (".venv", "api/web/node_modules", ".socialmap", "boundaries/__pycache__"):
        (checkout / folder).mkdir(parents=True)
    (checkout / ".socialmap" / "apt-packages").write_text("postgresql-15\npostgresql-15-postgis-3\n")
    (checkout / "kept.txt").write_text("mine")
    done = run(".ci/uninstall", cwd=checkout)
    assert done.returncode == 0, done.stderr
    assert "apt-get remove postgresql-15 postgresql-15-postgis-3" in done.stdout
    assert not any((checkout / name).exists() for name in (".venv", "api/web/node_modules", ".socialmap"))
    assert (checkout / "kept.txt").exists()


def test_run_tells_what_was_skipped_and_keeps_the_exit_code(checkout: Path) -> None:
    (checkout / "Makefile").write_text(
        "test:\n\t@echo 'SKIPPED [2] tests/x.py:3: needs a thing'\n\t@echo '3 passed, 2 skipped in 1s'\n\t@exit 1\n"
    )
    done = run(".ci/run", cwd=checkout)
    assert done.returncode != 0
    summary = done.stdout.split("Skipped tests and why:")[1]
    assert "needs a thing" in summary
    assert "3 passed, 2 skipped" in summary
