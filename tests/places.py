"""`socialmap` run as a user runs it, in a home, an output folder and on a port of its own."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import geopandas

from api import cluster
from tests.demo import FILE, PROVINCE

SOCIALMAP = Path(sys.executable).parent / "socialmap"
QUICK = ("--per-year", "300")


@contextmanager
def place(boundaries: Path | None) -> Iterator[dict[str, str]]:
    """The environment of a machine on which nothing was prepared; what it made is removed afterwards."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > 2_000_000_000
    top = Path(tempfile.mkdtemp(prefix="sm-", dir=memory if roomy else None))
    top.chmod(0o755)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "BOUNDARIES")}
    env |= {"SOCIALMAP_HOME": str(top / "home"), "SOCIALMAP_OUTPUT": str(top / "output"), "SOCIALMAP_PORT": str(port)}
    if boundaries:
        env["BOUNDARIES"] = str(boundaries)
    try:
        yield env
    finally:
        cluster.destroy(top / "home")
        shutil.rmtree(top)


def write_province_alone(path: Path) -> Path:
    """Write the outline of the invented province without its districts, as GeoJSON."""
    outline = geopandas.read_file(FILE).union_all()
    names = {"code": [PROVINCE], "name_th": ["สมมติบุรี"], "name_en": ["Sommut Buri"]}
    geopandas.GeoDataFrame(names, geometry=[outline], crs=4326).to_file(path, driver="GeoJSON")
    return path


def run(env: Mapping[str, str], *words: str, limit: int = 300) -> subprocess.CompletedProcess[str]:
    return subprocess.run([SOCIALMAP, *words], env=env, capture_output=True, text=True, check=False, timeout=limit)
