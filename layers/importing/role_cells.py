"""The cells of a file by what they mean: the columns of each role, joined where several carry it, or a fixed value."""

from collections.abc import Mapping, Sequence

from layers.files.table import FileTable, Row
from layers.importing.recipes import Recipe
from layers.importing.roles import AREA_ROLES, get_role, required_roles
from layers.template import MissingColumns

CODE_PARTS = ("province_code", "district_code", "subdistrict_code", "village_code")


class RoleCells:
    """Where each role of a recipe stands in a file; raises MissingColumns for headings that the file lacks."""

    def __init__(self, table: FileTable, recipe: Recipe) -> None:
        place = {heading: number for number, heading in enumerate(table.header)}
        wanted = [heading for headings in recipe.columns.values() for heading in headings]
        missing = [heading for heading in dict.fromkeys(wanted) if heading not in place]
        if missing:
            raise MissingColumns(columns=", ".join(missing))
        dropped = set(recipe.dropped)
        self._places: Mapping[str, tuple[int, ...]] = {
            role: kept
            for role, headings in recipe.columns.items()
            if (kept := tuple(place[heading] for heading in headings if heading not in dropped))
        }
        self._fixed = recipe.fixed
        self._check_required(recipe)

    def _check_required(self, recipe: Recipe) -> None:
        """Raise MissingColumns for what no row could do without; an id can be made of what a row says."""
        optional = {
            "external_id",
            *(("reported_on",) if recipe.period else ()),
            *(("problem",) if recipe.counts else ()),
        }
        needed = [role for role in required_roles(recipe.target) if role not in optional and not self.has(role)]
        if recipe.tallies and not any(map(self.has, AREA_ROLES)):
            needed.append("area_code")
        if needed:
            raise MissingColumns(columns=", ".join(f"{get_role(role).title.th} ({role})" for role in needed))

    def has(self, role: str) -> bool:
        """Say whether the recipe tells where the role stands or what it is."""
        return role in self._places or role in self._fixed

    def roles(self, prefix: str) -> list[str]:
        """Return the roles that begin so: `indicator:`."""
        return [role for role in self._places if role.startswith(prefix)]

    def column(self, role: str, rows: Sequence[Row]) -> list[str]:
        """Return a role's text of each row, '' where there is none; several columns are joined with a blank."""
        places = self._places.get(role)
        if places is None:
            return [self._fixed.get(role, "")] * len(rows)
        if len(places) == 1:
            at = places[0]
            return [row.cells[at] for row in rows]
        return [" ".join(part for at in places if (part := row.cells[at])) for row in rows]
