"""What the database of the application's tests holds."""

from datetime import date

from geoalchemy2 import WKTElement
from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from boundaries.areas import get_area, list_areas
from boundaries.editions import get_active
from boundaries.messages import Text
from boundaries.models import Area, Edition
from layers.cases import new_id
from layers.demo import load_demo
from layers.models import Asset, Source
from layers.sources import save_source
from tests.demo import load_demo_boundaries
from tests.releases import publish

SCRIPT = "<img src=x onerror=alert(1)></script><script>alert(1)</script>${alert(1)}{{7*7}}"
"""Stands as the name of an area, an asset, a source and an edition: it must come out as text and nothing else."""
HOSTILE = "9903"

PER_YEAR, YEARS = 3000, 2


def load_content(session: Session) -> None:
    """Load the invented province with invented cases, a population and an asset in each subdistrict."""
    load_demo_boundaries(session)
    load_demo(session, PER_YEAR, YEARS)
    _spoil(session)
    publish(session)
    source = save_source(session, "test.assets", Text("ทุนสมมติ", "invented assets"), date(2026, 9, 30), invented=True)
    edition = get_active(session)
    for area in list_areas(session, "subdistrict"):
        session.execute(
            insert(Asset).values(
                province_code=area.code[:2],
                id=new_id(),
                source_id=source,
                external_id=area.code,
                kind="clinic",
                name_th=SCRIPT if area.code == "990101" else f"สถานีอนามัย {get_area(session, area.code).name_th}",
                name_en=None,
                point=WKTElement(f"POINT({area.label_lon} {area.label_lat})", 4326),
                area_code=area.code,
                area_match="inside",
                edition_id=edition.id,
                properties={"phone": "02-000-0000"},
            )
        )


def _spoil(session: Session) -> None:
    """Write a script where a text may stand that maps show."""
    session.execute(update(Area).where(Area.code == HOSTILE).values(name_th=SCRIPT, name_en=SCRIPT))
    session.execute(update(Source).values(name_th=Source.name_th + SCRIPT, name_en=Source.name_en + SCRIPT))
    session.execute(update(Edition).values(citation_th=SCRIPT, citation_en=SCRIPT, licence=SCRIPT))
