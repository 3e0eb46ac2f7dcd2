"""Invented cases for tests: places of province 99 and a source of their own."""

from datetime import date

from sqlalchemy.orm import Session

from boundaries.messages import Text
from layers.case_batches import Batch, write_batch
from layers.cases import CaseValues, new_id, sensitivity_of
from layers.sources import save_source

AS_OF = date(2026, 9, 30)


def make_source(session: Session, key: str = "test") -> int:
    """Save an invented source."""
    return save_source(session, key, Text("ตัวอย่างสมมติ", "invented example"), AS_OF, invented=True)


def make_batch(rows: list[tuple[str, CaseValues, tuple[str, str | None, str | None]]]) -> Batch:
    """Make a batch of (external id, values, areas) without points."""
    values = [one for _, one, _ in rows]
    return {
        "id": [new_id() for _ in rows],
        "external_id": [external for external, _, _ in rows],
        "problem_code": [one.problem_code for one in values],
        "urgency": [one.urgency for one in values],
        "status": [None for _ in values],
        "close_reason": [None for _ in values],
        "sensitivity": [sensitivity_of(one.problem_code, one.target_groups, ()) for one in values],
        "reported_on": [one.reported_on for one in values],
        "date_precision": [one.date_precision for one in values],
        "cases": [one.cases for one in values],
        "weight": [one.weight for one in values],
        "counted": [one.counted for one in values],
        "lon": [None for _ in values],
        "lat": [None for _ in values],
        "accuracy_m": [None for _ in values],
        "stated_code": [areas[2] or areas[1] or areas[0] for _, _, areas in rows],
        "village_code": [None for _ in values],
        "province_code": [areas[0] for _, _, areas in rows],
        "district_code": [areas[1] for _, _, areas in rows],
        "subdistrict_code": [areas[2] for _, _, areas in rows],
        "area_match": ["stated" for _ in values],
        "target_groups": [tuple(sorted(set(one.target_groups))) for one in values],
        "secondary_problems": [one.secondary_problems for one in values],
    }


def many(session: Session, source: int, count: int, code: str | None, **values: object) -> None:
    """Write `count` equal cases at a stated code."""
    stated = {"problem_code": "P08", "reported_on": date(2026, 1, 15), **values}
    one = CaseValues(**stated)  # type: ignore[arg-type]
    code = code or "00"
    areas = (code[:2], code[:4] if len(code) >= 4 else None, code if len(code) == 6 else None)
    tag = str(new_id())
    write_batch(session, source, [make_batch([(f"{tag}-{number}", one, areas) for number in range(count)])])
