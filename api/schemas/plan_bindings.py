"""Figures of a plan's parts as they are answered."""

from datetime import datetime
from uuid import UUID

from api.schemas.common import Schema, Words, to_words
from api.schemas.figures import Row, to_row
from boundaries.areas import AreaRecord
from layers.trends import Direction
from mapping import plan_bindings


class Binding(Schema):
    """The figure of one part; `live` says that it is read from what is recorded now, else it is of a release.

    `as_of` is the moment it was read or released, null where nothing is released yet.
    """

    part: UUID
    figure: Row
    words: Words
    trend: Direction
    trend_words: Words
    reliable: bool
    live: bool
    as_of: datetime | None


class Bindings(Schema):
    """The figures of all parts of a plan that are bound to one."""

    bindings: list[Binding]


def to_bindings(found: plan_bindings.Bindings, area: AreaRecord) -> Bindings:
    """Turn the bindings of a plan of an area into their public form."""
    return Bindings(bindings=[_binding(each, area) for each in found.values()])


def _binding(each: plan_bindings.Binding, area: AreaRecord) -> Binding:
    found = each.found
    return Binding(
        part=each.part_id,
        figure=to_row(found.figure, {area.code: area}),
        words=to_words(each.words),
        trend=found.trend.direction,
        trend_words=to_words(each.trend_words),
        reliable=found.reliable,
        live=found.live,
        as_of=found.as_of,
    )
