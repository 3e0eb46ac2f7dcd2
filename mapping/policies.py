"""Policies that plans serve: themes with titles of an administrator's, fixed lists, and the tags that name them.

A tag is `agenda:2560:1` (kind, fiscal year and number of a theme), `dim:3` (one of nine dimensions of the provincial
strategy) or `welfare:social_service` (one of four welfare systems).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from sqlalchemy import ColumnElement, Select, cast, delete, func, insert, literal, select, true, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from boundaries.errors import SocialMapError
from boundaries.messages import Text, text
from boundaries.names import clean
from layers.dates import fiscal_year as be_year
from layers.personal_text import check_publishable, is_storable
from layers.scope import Scope
from mapping.mindmaps import WelfareSystem
from mapping.models import Plan, PlanPart
from mapping.plan_work import STATES, WorkState
from mapping.plans import PlanRecord, readable
from mapping.policy_models import PolicyTheme

ThemeKind = Literal["agenda", "area", "administration"]
THEME_KINDS: tuple[ThemeKind, ...] = get_args(ThemeKind)
SYSTEMS: tuple[WelfareSystem, ...] = get_args(WelfareSystem)
DIMENSIONS = 9
MOST_THEMES = 99
LONGEST_TITLE = 300
TAGS = "policy_tags"
TAGGED = ("problem", "solution")
"""Kinds of parts that hold tags."""


class UnknownTag(SocialMapError):
    """A tag that names no theme, dimension or system."""

    key = "policy.unknown_tag"


class BadTitle(SocialMapError):
    """A title that is too long or cannot be stored."""

    key = "policy.bad_title"


class ThemeNotFound(SocialMapError):
    """No theme has this kind, year and number."""

    key = "policy.theme_not_found"


class ThemesFull(SocialMapError):
    """A kind has as many themes of a year as it may."""

    key = "policy.themes_full"


class ThemeInUse(SocialMapError):
    """A theme that plans name is not taken away."""

    key = "policy.theme_in_use"


@dataclass(frozen=True)
class Theme:
    """A theme; its titles are None until somebody writes them."""

    fiscal_year: date
    kind: ThemeKind
    order_no: int
    title_th: str | None
    title_en: str | None

    @property
    def code(self) -> str:
        """The tag that names it."""
        return f"{self.kind}:{be_year(self.fiscal_year)}:{self.order_no}"

    @property
    def title(self) -> Text:
        """What it is called; by its number while nobody has written it."""
        unnamed = text("policy.unnamed", number=self.order_no)
        return Text(self.title_th or unnamed.th, self.title_en or self.title_th or unnamed.en)


def list_themes(session: Session, fiscal_year: date | None = None) -> list[Theme]:
    """List the themes of a year, or of all, newest year first, by kind and number."""
    columns = [getattr(PolicyTheme, name) for name in Theme.__dataclass_fields__]
    asked = select(*columns)
    if fiscal_year is not None:
        asked = asked.where(PolicyTheme.fiscal_year == fiscal_year)
    found = [Theme(**row._mapping) for row in session.execute(asked)]
    return sorted(found, key=lambda one: (-one.fiscal_year.year, THEME_KINDS.index(one.kind), one.order_no))


def dimensions() -> Mapping[str, Text]:
    """Return the nine dimensions of the provincial strategy by their tags."""
    return {f"dim:{number}": text(f"policy.dim.{number}") for number in range(1, DIMENSIONS + 1)}


def welfare_systems() -> Mapping[str, Text]:
    """Return the four welfare systems by their tags."""
    return {f"welfare:{system}": text(f"policy.welfare.{system}") for system in SYSTEMS}


def tag_titles(session: Session) -> dict[str, Text]:
    """Return every tag that may be used with what it means."""
    themes = {theme.code: theme.title for theme in list_themes(session)}
    return {**themes, **dimensions(), **welfare_systems()}


def check_tags(session: Session, tags: Iterable[str]) -> None:
    """Raise UnknownTag for the first tag that names nothing."""
    wanted = list(tags)
    known = tag_titles(session) if wanted else {}
    for tag in wanted:
        if tag not in known:
            raise UnknownTag(tag=tag)


def name_theme(session: Session, fiscal_year: date, kind: ThemeKind, order_no: int, th: str, en: str) -> None:
    """Write the titles of a theme; an empty one takes its title away. Raises BadTitle, ThemeNotFound."""
    titles = {"title_th": _title(th), "title_en": _title(en)}
    mine = (PolicyTheme.fiscal_year == fiscal_year, PolicyTheme.kind == kind, PolicyTheme.order_no == order_no)
    if not session.execute(update(PolicyTheme).where(*mine).values(titles).returning(PolicyTheme.order_no)).all():
        raise ThemeNotFound


def add_theme(session: Session, fiscal_year: date, kind: ThemeKind) -> Theme:
    """Add a theme without titles behind those of its kind and year. Raises ThemesFull."""
    here = (PolicyTheme.fiscal_year == fiscal_year, PolicyTheme.kind == kind)
    number = (session.scalar(select(func.max(PolicyTheme.order_no)).where(*here)) or 0) + 1
    if number > MOST_THEMES:
        raise ThemesFull(most=MOST_THEMES)
    session.execute(insert(PolicyTheme).values(fiscal_year=fiscal_year, kind=kind, order_no=number))
    return Theme(fiscal_year, kind, number, None, None)


def remove_theme(session: Session, everything: Session, fiscal_year: date, kind: ThemeKind, order_no: int) -> None:
    """Take away a theme that no plan names; `everything` sees all plans. Raises ThemeNotFound, ThemeInUse."""
    tag = Theme(fiscal_year, kind, order_no, None, None).code
    holds = PlanPart.fields[TAGS].contains([tag])
    if everything.scalar(select(PlanPart.id).where(PlanPart.kind.in_(TAGGED), holds).limit(1)):
        raise ThemeInUse(tag=tag)
    mine = (PolicyTheme.fiscal_year == fiscal_year, PolicyTheme.kind == kind, PolicyTheme.order_no == order_no)
    if not session.execute(delete(PolicyTheme).where(*mine).returning(PolicyTheme.order_no)).all():
        raise ThemeNotFound


def plans_by_tag(session: Session, scope: Scope, fiscal_year: date) -> dict[str, dict[WorkState, int]]:
    """Count the plans of a year that the reader may see by the tags that they name, approved ones and drafts apart."""
    tag = func.jsonb_array_elements_text(PlanPart.fields[TAGS]).table_valued("value").lateral("tag")
    asked = (
        select(tag.c.value, Plan.state, func.count(Plan.id.distinct()))
        .join(PlanPart, (PlanPart.province_code == Plan.province_code) & (PlanPart.plan_id == Plan.id))
        .join(tag, true())
        .where(readable(scope), Plan.fiscal_year == fiscal_year, Plan.state.in_(STATES), *_tagged())
        .group_by(tag.c.value, Plan.state)
    )
    found: dict[str, dict[WorkState, int]] = {}
    for value, state, many in session.execute(asked):
        found.setdefault(value, {"approved": 0, "draft": 0})[state] = many
    return found


def list_untagged(session: Session, scope: Scope, fiscal_year: date, limit: int) -> list[PlanRecord]:
    """List drafts and approved plans of a year that name no policy at all, as the reader may see them."""
    of_plan = (PlanPart.province_code == Plan.province_code, PlanPart.plan_id == Plan.id)
    named: Select[tuple[int]] = select(1).where(*of_plan, *_tagged())
    asked = (
        select(*(getattr(Plan, name) for name in PlanRecord.__dataclass_fields__))
        .where(readable(scope), Plan.fiscal_year == fiscal_year, Plan.state.in_(STATES), ~named.exists())
        .order_by(Plan.area_code, Plan.problem_code, Plan.state)
        .limit(limit)
    )
    return [PlanRecord(**row._mapping) for row in session.execute(asked)]


def _tagged() -> tuple[ColumnElement[bool], ...]:
    tags = PlanPart.fields[TAGS]
    return (
        PlanPart.kind.in_(TAGGED),
        PlanPart.removed.is_(None),
        func.jsonb_typeof(tags) == "array",
        tags != cast(literal("[]"), JSONB),
    )


def _title(words: str) -> str | None:
    cleaned = clean(words) if is_storable(words) else None
    if cleaned is None or len(cleaned) > LONGEST_TITLE:
        raise BadTitle(long=LONGEST_TITLE)
    check_publishable(cleaned)
    return cleaned or None
