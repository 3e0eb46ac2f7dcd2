"""Reading releases: the newest printed labels of a table, and which fiscal years have any."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
from sqlalchemy import text
from sqlalchemy.orm import Session

from boundaries.areas import ACTIVE_KEY, codes_of
from boundaries.codes import COUNTRY, Level, level_of
from boundaries.messages import Text
from layers.counts import Codes
from layers.dates import fiscal_year
from layers.disclosure import UNPRINTED
from layers.labels import Labels
from layers.periods import Period, fiscal_period
from layers.release_tables import UNKNOWN, Reader
from layers.scope import Audience


@dataclass(frozen=True)
class Released:
    """What the newest release prints: labels in the order of `codes`, the parent area's as the last.

    `unknown` is the label of cases of unknown place. The release's day and sources are None and empty without one.
    """

    codes: Codes
    labels: Labels
    unknown: int
    as_of: date | None
    released_at: datetime | None
    sources: tuple[Mapping[str, Any], ...]

    @property
    def source_names(self) -> tuple[Text, ...]:
        """Name its sources, each once."""
        return tuple(dict.fromkeys(Text(one["name_th"], one["name_en"]) for one in self.sources))


def reader_of(audience: Audience) -> Reader:
    """Return whose tables an audience reads: partners read those of the public."""
    return "committee" if audience in ("internal", "committee") else "public"


_NEWEST = """
SELECT {columns} FROM release_table
WHERE audience = :reader AND level = :{level} AND period = :period AND key = :key
      AND (CAST(:newest AS int) IS NULL OR release_id <= :newest) ORDER BY release_id DESC LIMIT 1
"""
_LABELS = text(f"""
SELECT {ACTIVE_KEY}, own.areas, own.labels, above.total, release.as_of, release.released_at, release.sources
FROM (SELECT true) AS one
     LEFT JOIN ({_NEWEST.format(columns="release_id, areas, labels", level="level")}) AS own ON true
     LEFT JOIN ({_NEWEST.format(columns="release_id, labels[array_position(areas, :whole)] AS total", level="above")})
          AS above ON true
     LEFT JOIN release ON release.id = coalesce(own.release_id, above.release_id)
""")  # noqa: S608  (own names)


def read_released(
    session: Session,
    reader: Reader,
    level: Level,
    within: str | None,
    key: str,
    period: Period,
    newest: int | None = None,
) -> Released:
    """Read the newest labels of a table and of the area around it, of releases up to `newest`."""
    around = within or COUNTRY
    above = "province" if level_of(around) in ("country", "province") else "district"
    params = {"reader": reader, "level": level, "above": above, "whole": around, "period": period.first, "key": key}
    params["newest"] = newest
    row = session.execute(_LABELS, params).one()
    codes = codes_of(session, row.edition, level, within)
    found = dict(zip(row.areas or (), row.labels or (), strict=True))
    total = UNPRINTED if row.total is None else row.total
    own = list(map(found.get, codes.tolist()))
    if None in own:
        own = [UNPRINTED if label is None else label for label in own]
    return Released(
        codes=codes,
        labels=np.array([*own, total], dtype=np.int64),
        unknown=found.get(UNKNOWN, 0) if around == COUNTRY else 0,
        as_of=row.as_of,
        released_at=row.released_at,
        sources=tuple(row.sources or ()),
    )


def list_released(session: Session, reader: Reader, level: Level, newest: int | None = None) -> list[Period]:
    """Return the fiscal years that releases print at a level (of subdistricts: their districts), newest first."""
    known: Level = "province" if level in ("country", "province") else "district"
    rows = session.execute(
        text(
            "SELECT DISTINCT period FROM release_table WHERE audience = :reader AND level = :level"
            " AND (CAST(:newest AS int) IS NULL OR release_id <= :newest) ORDER BY period DESC"
        ),
        {"reader": reader, "level": known, "newest": newest},
    )
    return [fiscal_period(fiscal_year(row.period)) for row in rows]
