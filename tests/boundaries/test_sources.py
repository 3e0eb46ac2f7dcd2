"""Every source has its licence, citation and checksum, and every map its credit line."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.orm import Session

from boundaries.editions import get_active
from boundaries.sources import credit, list_sources, missing_levels, provenance_of
from tests import demo
from tests.shared import shared


def test_sources_in_their_order() -> None:
    known = list_sources()
    assert [(source.order, source.key) for source in known] == [
        (1, "file"), (2, "default"), (3, "release"), (4, "outlines"),
    ]  # fmt: skip
    for source in known:
        assert source.licence
        assert source.citation.th
        assert source.citation.en
        assert source.how.th
    assert all(len(source.checksum or "") == 64 for source in known[1:])
    assert "does not document" in known[3].citation.en
    assert "Apache-2.0" in known[3].licence


@pytest.mark.shared
def test_a_known_file_keeps_its_licence_however_it_is_named() -> None:
    known = provenance_of(shared("boundaries/tha_admin.gpkg"), "file")
    assert (known.source_key, known.licence, known.reference_date) == ("file", "CC BY-IGO", date(2022, 1, 22))
    assert known.modified


def test_an_unknown_file_claims_nothing() -> None:
    unknown = provenance_of(demo.FILE, "file")
    assert (unknown.name, unknown.reference_date) == (demo.FILE.name, None)
    assert "not stated" in unknown.licence


def test_credit_line(demo_session: Session) -> None:
    edition = get_active(demo_session)
    checksum = demo.PROVENANCE.checksum[:12]
    assert credit(edition).th == (
        "เขตการปกครอง: จังหวัดสมมติสำหรับการทดสอบ (CC0-1.0) ย่อรายละเอียดเส้นเขตเพื่อแสดงผล"
        f" · ข้อมูล ณ 1 ม.ค. 2569 · sha256 {checksum}"
    )
    changed = replace(edition, modified=True, licence="CC BY-IGO", reference_date=date(2022, 1, 22))
    assert "(CC BY-IGO) ดัดแปลงแล้ว · ข้อมูล ณ 22 ม.ค. 2565 · " in credit(changed).th
    assert credit(changed).en.endswith(f"(CC BY-IGO) modified · as of 2022-01-22 · sha256 {checksum}")
    assert "overview only" in credit(replace(edition, detail="light")).en


def test_the_credit_line_is_silent_about_what_is_not_known(demo_session: Session) -> None:
    unknown = replace(get_active(demo_session), reference_date=None, checksum="")
    assert credit(unknown).th.endswith("(CC0-1.0) ย่อรายละเอียดเส้นเขตเพื่อแสดงผล")
    assert credit(unknown).en.endswith("outlines generalised for display")


def test_missing_levels_are_said_plainly(demo_session: Session) -> None:
    edition = get_active(demo_session)
    assert missing_levels(edition) is None
    only_provinces = missing_levels(replace(edition, levels=("province",)))
    assert only_provinces is not None
    assert "ไม่มีอำเภอ" in only_provinces.th
    assert "--file" in only_provinces.en
    assert "subdistricts are missing" in missing_levels(replace(edition, levels=("province", "district"))).en  # type: ignore[union-attr]
