"""A tiny invented province, code 99, that lies in the sea: 3 districts, 7 subdistricts, two islands."""

from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from boundaries import editions
from boundaries.importing import Provenance, checksum_of, import_edition

FILE = Path(__file__).with_name("sommut_buri.geojson")
PROVINCE, CAPITAL = "99", "9901"
INSIDE = (11.00, 100.68)
"""Latitude and longitude of a place in subdistrict 990101."""

PROVENANCE = Provenance(
    source_key="file",
    name="สมมติบุรี",
    detail="full",
    licence="CC0-1.0",
    citation_th="จังหวัดสมมติสำหรับการทดสอบ",
    citation_en="An invented province for tests",
    reference_date=date(2026, 1, 1),
    checksum=checksum_of([FILE]),
)


def load_demo_boundaries(session: Session) -> int:
    """Load the invented province, check it and make it the active edition; return its number."""
    edition_id = import_edition(session, FILE, PROVENANCE).edition_id
    assert editions.check(session, edition_id).passed
    editions.activate(session, edition_id)
    return edition_id
