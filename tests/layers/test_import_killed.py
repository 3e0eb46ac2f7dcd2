"""Imports that are cut off at any moment: the database holds all of the file or none of it."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from api import cluster
from api.cluster import Cluster
from api.cluster_programs import postmaster
from api.database import make_engine, transaction
from api.migrations.run import upgrade
from layers import rollups
from tests.clusters import empty_home
from tests.demo import load_demo_boundaries
from tests.layers.test_importing import GOOD, write_csv
from tests.scopes import SYSTEM

ROWS = 12_000
PROGRAM = "from api.cli import main; main()"
WORKING = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'socialmap_app' AND state <> 'idle'"


@pytest.fixture(scope="module")
def server() -> Iterator[Cluster]:
    """A cluster of its own: its server is killed here."""
    with empty_home() as home:
        made = cluster.start(home)
        upgrade(made.owner_url)
        engine = make_engine(made.app_url, pool_size=1)
        with transaction(engine, SYSTEM) as session:
            load_demo_boundaries(session)
        engine.dispose()
        yield made
        cluster.stop(home)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file whose import takes a second or two."""
    rows = [GOOD | {"external_id": str(number), "target_groups": "T07"} for number in range(ROWS)]
    return write_csv(tmp_path_factory.mktemp("killed") / "many.csv", rows)


def start(url: str, file: Path) -> "subprocess.Popen[bytes]":
    """Start the import as a process of its own."""
    env = os.environ | {"DATABASE_URL": url}
    command = [sys.executable, "-c", PROGRAM, "import", str(file)]
    return subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def wait_for_work(server: Cluster, process: "subprocess.Popen[bytes]") -> None:
    """Wait until the import speaks to the database; bounded."""
    with create_engine(server.admin_url, poolclass=NullPool, isolation_level="AUTOCOMMIT").connect() as connection:
        for _ in range(3_000):
            if connection.execute(text(WORKING)).scalar_one() or process.poll() is not None:
                return
            time.sleep(0.01)
    raise AssertionError("the import never began")


def kill_postgres(server: Cluster) -> None:
    """Kill the server as a power cut does, and start it again: it recovers what was committed."""
    number = postmaster(server.data)
    assert number is not None
    os.kill(number, signal.SIGKILL)
    cluster.start(server.home)


def check_all_or_none(server: Cluster, file: Path, seed: int) -> bool:
    """Cut an import off at a random moment; return whether it was done before."""
    process = start(server.app_url, file)
    try:
        wait_for_work(server, process)
        time.sleep(random.Random(seed).random() * 1.5)
        if seed % 2:
            kill_postgres(server)
        else:
            process.send_signal(signal.SIGKILL)
    finally:
        process.kill()
        process.wait(timeout=60)
    engine = make_engine(server.app_url, pool_size=1)
    with transaction(engine, SYSTEM) as session:
        cases = int(session.execute(text('SELECT count(*) FROM "case"')).scalar_one())
        runs = int(session.execute(text("SELECT count(*) FROM import_run")).scalar_one())
        assert rollups.check(session) == []
        assert (cases, runs) in ((0, 0), (ROWS, 1))
        if cases:  # the next one finds an empty database again
            session.execute(text('DELETE FROM "case"'))
            for table in ("case_count", "case_count_by_group", "import_run"):
                session.execute(text(f"DELETE FROM {table}"))
    engine.dispose()
    return cases > 0


@pytest.mark.parametrize("seeds", [range(3), pytest.param(range(3, 23), marks=pytest.mark.proof)], ids=("3", "20"))
def test_an_import_that_is_cut_off_leaves_all_or_nothing(server: Cluster, file: Path, seeds: range) -> None:
    done = [check_all_or_none(server, file, seed) for seed in seeds]
    assert not all(done), "no import was cut off in time"
    print(f"\n{len(done)} imports cut off: {done.count(False)} left nothing, {done.count(True)} were done before")
    whole = start(server.app_url, file)
    assert whole.wait(timeout=120) == 0
