"""The team of a case over HTTP."""

from collections.abc import Iterable
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from api.teams import Member


class TeamMember(BaseModel):
    """Somebody of a team."""

    model_config = ConfigDict(extra="forbid")

    login: str
    joined_at: datetime


class Team(BaseModel):
    """Who works on a case, by login name."""

    model_config = ConfigDict(extra="forbid")

    members: list[TeamMember]


def to_team(members: Iterable[Member]) -> Team:
    """List a team."""
    return Team(members=[TeamMember(login=one.login, joined_at=one.joined_at) for one in members])
