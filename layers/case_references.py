"""References of agencies to cases that phones brought: a row of a file that means such a case makes no second one.

Whoever enters a case in the field may state the number under which an agency knows it. When the agency's own file comes
in, its row is linked to the case; the case stays as it is.
"""

from sqlalchemy import text
from sqlalchemy.orm import Session

from layers.captures import SOURCE


def take_links(session: Session, source_id: int) -> int:
    """Take the staged rows out that mean a case of a phone in their province; return how many. `keep_links` keeps them.

    A row whose case the source brought before stays: it renews that one.
    """
    session.execute(text(_TABLE))
    taken = session.execute(text(_TAKE), {"source_id": source_id, "field": SOURCE})
    return int(taken.rowcount)  # type: ignore[attr-defined]


def keep_links(session: Session, source_id: int, run_id: int) -> None:
    """Write the links down that were taken, as those of an import."""
    session.execute(text(_KEEP), {"source_id": source_id, "run_id": run_id})


def drop_links(session: Session, run_id: int) -> None:
    """Take the links of an import back."""
    session.execute(text("DELETE FROM case_reference WHERE import_run_id = :run_id"), {"run_id": run_id})


_TABLE = """
DROP TABLE IF EXISTS pg_temp.staged_link;
CREATE TEMPORARY TABLE staged_link (province_code text NOT NULL, case_id uuid NOT NULL, external_id text NOT NULL)
ON COMMIT DROP"""
_TAKE = """
WITH taken AS (
    DELETE FROM staged_case s USING "case" c, source f
    WHERE f.key = :field AND f.id <> :source_id AND c.source_id = f.id AND c.external_id = s.external_id
      AND c.province_code = s.province_code AND c.external_id <> c.id::text AND s.cases = 1
      AND NOT EXISTS (SELECT FROM "case" own WHERE own.source_id = :source_id AND own.external_id = s.external_id)
    RETURNING c.province_code, c.id, s.external_id)
INSERT INTO staged_link SELECT * FROM taken"""
_KEEP = """
INSERT INTO case_reference (province_code, case_id, source_id, external_id, import_run_id)
SELECT province_code, case_id, :source_id, external_id, :run_id FROM staged_link
ON CONFLICT DO NOTHING"""
