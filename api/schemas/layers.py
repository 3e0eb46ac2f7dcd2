"""Layers as they are answered: what can be asked for, in which measures, levels and periods."""

from typing import Literal

from api.schemas.common import Schema, Words
from api.schemas.figures import Period
from boundaries.codes import Level


class LayerProblem(Schema):
    """A problem that the layer of cases can be narrowed to."""

    code: str
    title: Words
    sensitivity: str
    denominator: str


class Denominator(Schema):
    """What rates are taken of."""

    id: str
    title: Words
    unit: Words


class Layer(Schema):
    """Something that can be drawn. `href` is where it is read."""

    id: str
    kind: Literal["cases", "indicator", "assets"]
    title: Words
    unit: Words | None
    measures: list[Literal["count", "rate", "weight", "value"]]
    levels: list[Level]
    periods: list[Period]
    problems: list[LayerProblem]
    denominators: list[Denominator]
    href: str


class Layers(Schema):
    """All layers."""

    layers: list[Layer]
