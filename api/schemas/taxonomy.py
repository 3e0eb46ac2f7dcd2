"""The taxonomies as they are answered."""

from api.schemas.common import Schema, Words
from layers import taxonomy


class Problem(Schema):
    """A category or subtype of social problems."""

    code: str
    id: str
    title: Words
    short_th: str
    sensitivity: str
    map: str
    colour: str
    glyph: str
    denominator: str
    direction: str
    lead_agencies: list[str]
    counted: str


class TargetGroup(Schema):
    """A group of people that welfare is meant for."""

    code: str
    id: str
    title: Words
    definition: str


class Urgency(Schema):
    """How soon a case needs a person."""

    code: str
    id: str
    title: Words
    colour: str


class Status(Schema):
    """A step of a case's way; figures count cases of those that `counts`."""

    code: int
    id: str
    title: Words
    counts: bool


class Taxonomy(Schema):
    """All taxonomies; they have one version."""

    version: str
    problems: list[Problem]
    target_groups: list[TargetGroup]
    urgencies: list[Urgency]
    statuses: list[Status]


def to_taxonomy() -> Taxonomy:
    """Collect the taxonomies in their public form."""
    return Taxonomy(
        version=taxonomy.version(),
        problems=[to_problem(each) for each in taxonomy.problems().values()],
        target_groups=[
            TargetGroup(code=each.code, id=each.id, title=Words(th=each.th, en=each.en), definition=each.definition)
            for each in taxonomy.target_groups().values()
        ],
        urgencies=[
            Urgency(code=each.code, id=each.id, title=Words(th=each.th, en=each.en), colour=each.colour)
            for each in taxonomy.urgencies().values()
        ],
        statuses=[
            Status(code=each.code, id=each.id, title=Words(th=each.th, en=each.en), counts=each.counts)
            for each in taxonomy.statuses().values()
        ],
    )


def to_problem(problem: taxonomy.Problem) -> Problem:
    """Turn a problem into its public form."""
    return Problem(
        code=problem.code,
        id=problem.id,
        title=Words(th=problem.th, en=problem.en),
        short_th=problem.short_th,
        sensitivity=problem.sensitivity,
        map=problem.map,
        colour=problem.colour,
        glyph=problem.glyph,
        denominator=problem.denominator,
        direction=problem.direction,
        lead_agencies=list(problem.lead_agencies),
        counted=problem.counted,
    )
