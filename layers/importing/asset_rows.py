"""Rows of a file into assets: service units and other social capital at places."""

from collections.abc import Mapping, Sequence

import numpy as np

from boundaries.errors import SocialMapError
from layers.assets import AssetValues
from layers.cases import check_external_id
from layers.files.table import Row
from layers.importing import case_values
from layers.importing.case_rows import Areas
from layers.importing.placing import Placer
from layers.importing.recipes import Recipe, fill
from layers.importing.reports import RefusedRow
from layers.importing.role_cells import RoleCells
from layers.importing.tally import Fault, Tally, UndecidedName, UndecidedWord
from layers.personal_text import check_publishable
from layers.places import UNKNOWN

LONGEST = 300
"""So many characters has a name, kind or property at most."""


def read_assets(
    rows: Sequence[Row], cells: RoleCells, placer: Placer, recipe: Recipe, areas: Areas, tally: Tally
) -> list[AssetValues]:
    """Return the assets of all rows that can be taken; `tally` tells of the others."""
    columns: dict[str, list[str]] = {}

    def column(role: str) -> list[str]:
        if role not in columns:
            columns[role] = cells.column(role, rows)
        return columns[role]

    faults: list[Fault | None] = [None] * len(rows)
    numbers = [row.number for row in rows]
    placed, _ = placer.place(numbers, column, faults, recipe.lenient, tally)
    roles = [role for role in recipe.columns if cells.has(role)]
    found, seen = [], set()
    for place, row in enumerate(rows):
        try:
            if (fault := faults[place]) is not None:
                raise fault
            if np.isnan(placed.lats[place]):
                raise case_values.lacking("position")
            code = placed.areas.area_code[place]
            if areas is not None and not any(code.startswith(area) for area in areas):
                raise RefusedRow("row.foreign_area", code=code)
            one = _asset(row, {role: column(role)[place] for role in roles}, recipe)
            if one[0] in seen:
                raise RefusedRow("row.repeated", value=one[0])
        except (SocialMapError, UndecidedName, UndecidedWord) as error:
            tally.fault(row.number, error)
            continue
        seen.add(one[0])
        lat, lon = float(placed.lats[place]), float(placed.lons[place])
        found.append(AssetValues(*one[:3], lat, lon, *one[3:]))
        match = str(placed.areas.area_match[place])
        tally.matches[match] += 1
        tally.areas[placed.areas.district_code[place] or placed.areas.province_code[place] or UNKNOWN] += 1
        tally.see([row.number], [lat], [lon], [match])
    return found


def _asset(row: Row, words: Mapping[str, str], recipe: Recipe) -> tuple[str, str, str, str | None, dict[str, str]]:
    """Read the texts of one asset: id, kind, name, English name, properties."""
    external_id = _text("external_id", row, words, recipe) or case_values.derived_id(
        [words.get(role, "") for role in ("title", "kind", "lat", "lon", "position", "x", "y")]
    )
    check_external_id(external_id)
    kind = case_values.required(_text("kind", row, words, recipe), "kind")
    title = case_values.required(_text("title", row, words, recipe), "title")
    more = {role.partition(":")[2]: cell for role, cell in words.items() if role.startswith("property:") and cell}
    for value in (kind, title, words.get("title_en") or "", *more.values()):
        if len(value) > LONGEST:
            raise RefusedRow("row.long_text", start=value[:20], limit=LONGEST)
        check_publishable(value)  # assets are open to everybody
    return external_id, kind, title, words.get("title_en") or None, more


def _text(role: str, row: Row, words: Mapping[str, str], recipe: Recipe) -> str:
    """Return a role's cell, or what its fixed text or pattern makes of the row."""
    own = recipe.words.get(role, {})
    if role in words:
        return own.get(words[role], words[role])
    return fill(recipe.fixed.get(role, ""), row.number, words, own)
