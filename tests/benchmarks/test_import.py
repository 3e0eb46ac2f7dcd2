"""A million rows of a file end to end, by the command, against a bare COPY of the same rows into one table."""

import csv
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import psycopg2
import pytest
from sqlalchemy import make_url
from sqlalchemy.orm import Session

from api.database import make_engine, transaction
from boundaries.areas import at_points, list_areas, load_index
from boundaries.fetching import Obtained
from boundaries.loading import load
from boundaries.sources import provenance_of
from layers import taxonomy
from layers.importing.words import find_problem
from tests.benchmarks.test_at_points import NUMBER, points_like_people
from tests.databases import fresh_database
from tests.scopes import SYSTEM
from tests.shared import shared
from tests.thailand import FILE

PROGRAM = """
import sys
from pathlib import Path
from api.cli import main
try:
    main()
finally:
    told = Path("/proc/self/status").read_text()  # ru_maxrss would tell of the process that started this one, too
    Path(sys.argv[-1] + ".memory").write_text(told.split("VmHWM:")[1].split()[0])
"""
HEADER = ("เลขที่เรื่อง", "ปัญหา", "วันที่รับแจ้ง", "ละติจูด", "ลองจิจูด", "จังหวัด", "อำเภอ", "กลุ่มเป้าหมาย")


def write_file(session: Session, path: Path) -> None:
    """Write rows as an office has them: words and names instead of codes, dates in พ.ศ."""
    index = load_index(session)
    lats, lons = points_like_people(index)
    rng = np.random.default_rng(2569)
    problems = [one for one in taxonomy.problems().values() if find_problem(one.th).code == one.code]
    words = [problems[place].th for place in rng.integers(0, len(problems), NUMBER)]
    days = rng.integers(1, 29, NUMBER), rng.integers(1, 13, NUMBER), rng.integers(2565, 2569, NUMBER)
    names = {one.code: one.name_th for level in ("province", "district") for one in list_areas(session, level)}
    codes = at_points(index, lats, lons).district_code
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for row, (lat, lon, word, day, month, year, code) in enumerate(
            zip(lats, lons, words, *days, codes, strict=True)
        ):
            place = (names[code[:2]], names[code]) if code else ("", "")  # at sea
            writer.writerow((f"{row:07}", word, f"{day}/{month}/{year}", f"{lat:.6f}", f"{lon:.6f}", *place, "T15"))


def bare_copy(url: str, path: Path) -> float:
    """Return the seconds that PostgreSQL takes for the same rows as text in one plain table."""
    connection = psycopg2.connect(make_url(url).set(drivername="postgresql").render_as_string(hide_password=False))
    with connection, connection.cursor() as cursor, path.open("rb") as file:
        cursor.execute("CREATE TEMPORARY TABLE bare (a text, b text, c text, d text, e text, f text, g text, h text)")
        begun = time.perf_counter()
        cursor.copy_expert("COPY bare FROM STDIN WITH (FORMAT csv, HEADER)", file)
        seconds = time.perf_counter() - begun
    connection.close()
    return seconds


def by_command(url: str, path: Path) -> tuple[float, float]:
    """Return the seconds and the greatest memory (MB) of the command."""
    env = os.environ | {"DATABASE_URL": url}
    begun = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", PROGRAM, "import", str(path)], env=env)
    assert process.wait() == 0
    return time.perf_counter() - begun, int(Path(f"{path}.memory").read_text()) / 1024


@pytest.mark.bench
@pytest.mark.shared
def test_a_million_rows(server: str, tmp_path: Path) -> None:
    path = tmp_path / "million.csv"
    boundaries = shared(FILE)
    with fresh_database(server) as url:
        engine = make_engine(url, pool_size=1)
        with transaction(engine, SYSTEM) as session:
            load(session, Obtained(boundaries, provenance_of(boundaries, "default")))
            write_file(session, path)
        engine.dispose()
        bare = bare_copy(url, path)
        seconds, memory = by_command(url, path)
    print(
        f"\nimport of {NUMBER:,} rows: {seconds:.0f} s ({NUMBER / seconds:,.0f} rows/s), bare COPY {bare:.1f} s,"
        f" ratio {seconds / bare:.0f}, at most {memory:,.0f} MB"
    )
