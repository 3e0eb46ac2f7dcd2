"""Loading twice is the same as loading once; what fails its checks changes nothing."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import geopandas
import pytest
import shapely
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from api.database import transaction
from boundaries import editions
from boundaries.editions import ChecksFailed
from boundaries.fetching import Obtained
from boundaries.loading import load
from boundaries.models import Edition
from boundaries.sources import provenance_of
from tests import demo
from tests.scopes import SYSTEM


def obtained(path: Path = demo.FILE) -> Obtained:
    """Stand for a file that a source gave."""
    return Obtained(path, provenance_of(path, "file"))


def restated(file: Obtained, **values: object) -> Obtained:
    """Stand for a user who states something about a file."""
    return replace(file, provenance=replace(file.provenance, **values))  # type: ignore[arg-type]


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """Two provinces, one of which has districts and no subdistrict."""
    frame = geopandas.read_file(demo.FILE)[["code", "name_th", "geometry"]]
    path = tmp_path / "broken.gpkg"
    frame.to_file(path, layer="subdistrict")
    lone = geopandas.GeoDataFrame(
        {"code": ["9899"], "name_th": ["ไร้ตำบล"]}, geometry=[shapely.box(102, 10, 102.1, 10.1)]
    )
    lone.set_crs(4326).to_file(path, layer="district")
    return path


def test_twice_is_once(session: Session) -> None:
    steps: list[str] = []
    first = load(session, obtained(), progress=steps.append)
    assert steps == ["read", "repair", "generalise", "store", "check", "activate"]
    again = load(session, obtained(), progress=steps.append)
    assert (again.edition, again.imported, again.activation) == (first.edition, None, None)
    assert len(steps) == 6
    assert session.scalar(select(func.count()).select_from(Edition)) == 1


def test_a_retired_edition_comes_back_without_reading_it(session: Session, tmp_path: Path) -> None:
    first = load(session, obtained())
    other = tmp_path / "other.geojson"
    other.write_text(demo.FILE.read_text("utf-8").replace("ท่าตัวอย่าง", "ท่าอื่น"), "utf-8")
    second = load(session, obtained(other))
    assert editions.get_active(session).id == second.edition.id != first.edition.id
    back = load(session, obtained())
    assert (back.edition.id, back.imported) == (first.edition.id, None)


def test_what_is_stated_about_a_file_that_is_here_is_kept(session: Session, tmp_path: Path) -> None:
    first = load(session, obtained()).edition
    stated = {
        "name": "สมมติบุรี",
        "licence": "CC0-1.0",
        "citation_th": "สมมติ",
        "citation_en": "invented",
        "reference_date": date(2026, 1, 1),
    }
    again = load(session, restated(obtained(), **stated))
    assert (again.edition, again.imported, again.activation) == (replace(first, **stated), None, None)  # type: ignore[arg-type]
    assert editions.get_active(session) == again.edition
    once_more = load(session, restated(obtained(), licence="CC BY 4.0"))
    assert once_more.edition == replace(again.edition, licence="CC BY 4.0")
    # Nothing is stated, and the copy's own name is no statement.
    copy = tmp_path / "copy.geojson"
    copy.write_bytes(demo.FILE.read_bytes())
    assert load(session, obtained(copy)).edition == once_more.edition
    assert session.scalar(select(func.count()).select_from(Edition)) == 1


def test_a_retired_edition_takes_what_is_stated(session: Session, tmp_path: Path) -> None:
    first = load(session, obtained()).edition
    other = tmp_path / "other.geojson"
    other.write_text(demo.FILE.read_text("utf-8").replace("ท่าตัวอย่าง", "ท่าอื่น"), "utf-8")
    second = load(session, obtained(other)).edition
    back = load(session, restated(obtained(), licence="CC0-1.0"))
    assert back.edition == replace(first, licence="CC0-1.0")
    assert editions.get_edition(session, second.id) == replace(second, state="retired")


def test_a_draft_is_stored_and_not_used(session: Session, broken: Path) -> None:
    report = load(session, obtained(broken), draft=True)
    assert report.check is not None
    assert not report.check.passed
    assert ("9899",) in [finding.codes for finding in report.check.findings]
    assert editions.find_active(session) is None


def test_failing_checks_leave_nothing_behind(own_engine: Engine, broken: Path) -> None:
    with transaction(own_engine, SYSTEM) as session:
        load(session, obtained())
    with pytest.raises(ChecksFailed, match="9899"), transaction(own_engine, SYSTEM) as session:
        load(session, obtained(broken))
    with transaction(own_engine, SYSTEM) as session:
        assert [edition.name for edition in editions.list_editions(session)] == [demo.FILE.name]
        assert editions.get_active(session).checksum == demo.PROVENANCE.checksum


def test_columns_are_handed_on(session: Session, tmp_path: Path) -> None:
    renamed = geopandas.read_file(demo.FILE).rename(columns={"code": "รหัส"})
    path = tmp_path / "a.geojson"
    renamed.to_file(path)
    assert load(session, obtained(path), columns={"code": "รหัส"}).edition.state == "active"
