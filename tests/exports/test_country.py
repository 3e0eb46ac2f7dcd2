"""The whole country with its real boundaries: every format of 7,000 shapes, within a bounded memory."""

import subprocess
import sys
import zipfile
from pathlib import Path
from typing import get_args

import pytest
from lxml import etree
from sqlalchemy import Engine

from api.database import reading
from api.exporting import make_areas
from api.settings import PROJECT
from boundaries.areas import list_codes
from layers.exporting.formats import Format
from layers.scope import Scope
from tests.exports.readers import read

MOST_MEGABYTES = 420
"""Of a process that reads the whole country in full detail and writes it; 270 where nothing but CSV is written."""

WRITING = """
import re, sys
from pathlib import Path
from api.database import make_engine, reading
from api.exporting import make_areas
from api.files import write_by
from layers.exporting.formats import write
from layers.scope import Scope

url, format, path = sys.argv[1:]
with reading(make_engine(url, pool_size=1), Scope.public()) as session:
    content = make_areas(session, None, "subdistrict", "full").content
write_by(Path(path), lambda file: write(content, format, file))
told = Path("/proc/self/status").read_text()  # ru_maxrss would tell of the process that started this one, too
print(int(re.search("VmHWM:[^0-9]+([0-9]+)", told)[1]) // 1024)
"""


@pytest.mark.shared
@pytest.mark.proof
@pytest.mark.parametrize("format", get_args(Format))
def test_all_subdistricts_in_full_detail(thailand_engine: Engine, format: Format, tmp_path: Path) -> None:
    path = tmp_path / f"areas.{format}"
    url = thailand_engine.url.render_as_string(hide_password=False)
    done = subprocess.run(
        [sys.executable, "-c", WRITING, url, format, str(path)], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    print(f"{format}: {path.stat().st_size / 1e6:.1f} MB, {done.stdout.strip()} MB of memory")
    assert int(done.stdout) < MOST_MEGABYTES
    if format == "dictionary.csv":
        return
    with reading(thailand_engine, Scope.public()) as session:
        codes = list_codes(session, "subdistrict").tolist()
    assert codes_in(path) == codes


def codes_in(path: Path) -> list[str]:
    """Read the codes; KML by lxml, for which fastkml takes minutes."""
    if path.suffix not in (".kml", ".kmz"):
        return [str(row["code"]) for row in read(path, "areas")]
    content = zipfile.ZipFile(path).read("doc.kml") if path.suffix == ".kmz" else path.read_bytes()
    cells = etree.fromstring(content, etree.XMLParser(huge_tree=True)).iterfind(".//{*}SimpleData[@name='code']")
    return [cell.text for cell in cells]


@pytest.mark.shared
@pytest.mark.proof
def test_shapes_are_those_of_the_boundaries(thailand_engine: Engine, tmp_path: Path) -> None:
    """Read back by GeoPandas from the package: no vertex moved, all valid."""
    import geopandas
    import shapely

    from layers.exporting.formats import write

    with reading(thailand_engine, Scope.public()) as session:
        content = make_areas(session, "70", "subdistrict", "full").content
    path = tmp_path / "areas.gpkg"
    with path.open("wb") as file:
        write(content, "gpkg", file)
    frame = geopandas.read_file(path, layer="areas")
    assert frame.is_valid.all()
    assert shapely.equals_exact(frame.geometry.to_numpy(), content.shapes).all()
