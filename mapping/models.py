"""Tables of the mapping ring: plans, their parts and links, and every change ever made to them.

Keys begin with `province_code`, as those of cases. That a plan has one root, no cycle and no part under a kind it does
not belong to is declared: a part names its parent together with the parent's kind and depth, its own depth is the
parent's plus one, and no depth goes beyond a limit, so that parts in a circle would have to be deeper than themselves.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Numeric,
    String,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from boundaries.base import Base

CodeText = String(collation="C")
AREA = r"^\d{2}(\d{2}(\d{2}(\d{2})?)?)?$"
PROBLEM = r"^P(0[1-9]|1[0-6])(\.\d{2})?$"
OF_PLAN = ("province_code", "plan_id")
ONE_PLAN = ("province_code", "area_code", "problem_code", "fiscal_year")
FIRST_DAY = "extract(month FROM fiscal_year) = 10 AND extract(day FROM fiscal_year) = 1"
DEEPEST, MOST_PARTS, MOST_SIBLINGS, MOST_LINKS = 12, 2000, 200, 1000
PAIRS = (
    "kind = 'problem' AND parent_kind IS NULL",
    "kind IN ('effect', 'cause') AND parent_kind IN ('problem', kind)",
    "kind = 'goal' AND parent_kind = 'problem'",
    "kind = 'objective' AND parent_kind = 'goal'",
    "kind = 'solution' AND parent_kind = 'objective'",
    "kind = 'asset' AND parent_kind IN ('problem', 'solution')",
    "kind = 'activity' AND parent_kind = 'solution'",
    "kind = 'indicator' AND parent_kind = 'activity'",
)
ALLOWED = " OR ".join(f"({pair})" for pair in PAIRS)
WHOLE = "(parent_id IS NULL) = (parent_kind IS NULL) AND (parent_id IS NULL) = (parent_depth IS NULL)"
TEXT = "coalesce(jsonb_typeof(fields -> 'text') = 'string' AND length(fields ->> 'text') BETWEEN 1 AND 1000, false)"
DAY = "(fields ->> 'ends_on')"
"""A JSON text; `make_date` of its parts is the same whatever a session's date style, as a generated column must be."""
ENDS_ON = f"make_date(substr({DAY}, 1, 4)::int, substr({DAY}, 6, 2)::int, substr({DAY}, 9, 2)::int)"
PERIOD = "coalesce((fields ->> 'ends_on') COLLATE \"C\" >= (fields ->> 'starts_on') COLLATE \"C\", true)"
"""Days as 2026-01-31 are in the order of their texts."""
ACTIONS = "'add', 'set', 'move', 'remove', 'restore', 'link', 'unlink', 'approve', 'supersede'"


class Plan(Base):
    """What a team means to do about a problem of an area in a fiscal year; `number` is that of its newest change."""

    __tablename__ = "plan"
    __table_args__ = (
        CheckConstraint(f"area_code ~ '{AREA}' AND province_code = substr(area_code, 1, 2)", name="area_code"),
        CheckConstraint(f"problem_code ~ '{PROBLEM}'", name="problem_code"),
        CheckConstraint("sensitivity IN ('L1', 'L2', 'L3')", name="sensitivity"),
        CheckConstraint(FIRST_DAY, name="fiscal_year"),
        CheckConstraint("state IN ('draft', 'approved', 'superseded')", name="state"),
        CheckConstraint("(state = 'draft') = (approved_by IS NULL)", name="approved_by"),
        CheckConstraint("(approved_by IS NULL) = (approved_on IS NULL)", name="approved_on"),
        CheckConstraint("length(approved_by) BETWEEN 1 AND 200", name="approved_by_length"),
        CheckConstraint("number >= 0", name="number"),
        Index("uq_plan_draft", *ONE_PLAN, unique=True, postgresql_where=text("state = 'draft'")),
        Index("uq_plan_approved", *ONE_PLAN, unique=True, postgresql_where=text("state = 'approved'")),
        Index("ix_plan_id", "id"),
    )

    province_code: Mapped[str] = mapped_column(CodeText, primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    area_code: Mapped[str] = mapped_column(CodeText)
    problem_code: Mapped[str] = mapped_column(CodeText)
    sensitivity: Mapped[str]
    fiscal_year: Mapped[date]
    """1 October, its first day."""
    state: Mapped[str] = mapped_column(server_default="draft")
    approved_by: Mapped[str | None]
    """The meeting that approved it, by name."""
    approved_on: Mapped[date | None]
    origin: Mapped[str]
    """`template:P08`, or `plan:` and the id of the plan it was copied from."""
    number: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class PlanPart(Base):
    """One part of a plan: the problem, an effect, a cause … an indicator. What was taken away stays, marked."""

    __tablename__ = "plan_part"
    __table_args__ = (
        ForeignKeyConstraint(
            ["province_code", "plan_id"], ["plan.province_code", "plan.id"], ondelete="CASCADE", onupdate="CASCADE"
        ),
        UniqueConstraint("province_code", "plan_id", "id", "kind", "depth", name="uq_plan_part_place"),
        ForeignKeyConstraint(
            ["province_code", "plan_id", "parent_id", "parent_kind", "parent_depth"],
            [f"plan_part.{name}" for name in ("province_code", "plan_id", "id", "kind", "depth")],
            onupdate="CASCADE",
            name="fk_plan_part_parent",
        ),
        CheckConstraint(ALLOWED, name="parent_kind"),
        CheckConstraint(WHOLE, name="parent"),
        CheckConstraint(f"depth <= {DEEPEST}", name="depth"),
        CheckConstraint(f"position >= 0 AND position < {MOST_SIBLINGS}", name="position"),
        CheckConstraint(f"ordinal >= 0 AND ordinal < {MOST_PARTS}", name="ordinal"),
        CheckConstraint(TEXT, name="text"),
        CheckConstraint("length(fields::text) <= 20000", name="fields"),
        CheckConstraint(PERIOD, name="period"),
        # At a transaction's end: parts that change places hold the same one in between.
        UniqueConstraint(
            *OF_PLAN, "parent_id", "position", name="uq_plan_part_position", deferrable=True, initially="DEFERRED"
        ),
        Index("uq_plan_part_root", "province_code", "plan_id", unique=True, postgresql_where=text("parent_id IS NULL")),
        Index("uq_plan_part_goal", "province_code", "plan_id", unique=True, postgresql_where=text("kind = 'goal'")),
        Index("uq_plan_part_ordinal", "province_code", "plan_id", "ordinal", unique=True),
        Index("ix_plan_part_parent", "province_code", "plan_id", "parent_id"),
    )

    province_code: Mapped[str] = mapped_column(CodeText, primary_key=True)
    plan_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    parent_id: Mapped[UUID | None]
    parent_kind: Mapped[str | None]
    parent_depth: Mapped[int | None]
    depth: Mapped[int] = mapped_column(Computed("coalesce(parent_depth + 1, 0)", persisted=True))
    position: Mapped[int]
    """Place among the parts under the same parent, from 0; its bound bounds their number."""
    ordinal: Mapped[int]
    """How many parts the plan had before this one; its bound bounds their number."""
    fields: Mapped[dict[str, Any]] = mapped_column(JSONB)
    versions: Mapped[dict[str, int]] = mapped_column(JSONB)
    """The number of the change that last set each field."""
    kept: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'::jsonb"))
    """Values of a field that lost a race, until somebody settles it."""
    removed: Mapped[int | None] = mapped_column(BigInteger)
    """The number of the change that took it away."""
    origin: Mapped[str | None]
    budget: Mapped[Decimal | None] = mapped_column(Numeric, Computed("(fields ->> 'budget')::numeric", persisted=True))
    status: Mapped[str | None] = mapped_column(String, Computed("fields ->> 'status'", persisted=True))
    ends_on: Mapped[date | None] = mapped_column(Computed(ENDS_ON, persisted=True))


class PlanLink(Base):
    """A link across a plan's tree: a solution addresses a cause, or one part relates to another of the same plan."""

    __tablename__ = "plan_link"
    __table_args__ = (
        ForeignKeyConstraint(
            ["province_code", "plan_id", "from_id"],
            ["plan_part.province_code", "plan_part.plan_id", "plan_part.id"],
            ondelete="CASCADE",
            onupdate="CASCADE",
            name="fk_plan_link_from",
        ),
        ForeignKeyConstraint(
            ["province_code", "plan_id", "to_id"],
            ["plan_part.province_code", "plan_part.plan_id", "plan_part.id"],
            ondelete="CASCADE",
            onupdate="CASCADE",
            name="fk_plan_link_to",
        ),
        CheckConstraint("kind IN ('addresses', 'relates')", name="kind"),
        CheckConstraint("from_id <> to_id", name="ends"),
        CheckConstraint(f"place >= 0 AND place < {MOST_LINKS}", name="place"),
        UniqueConstraint(*OF_PLAN, "place", name="uq_plan_link_place"),
        Index("ix_plan_link_to", "province_code", "plan_id", "to_id"),
    )

    province_code: Mapped[str] = mapped_column(CodeText, primary_key=True)
    plan_id: Mapped[UUID] = mapped_column(primary_key=True)
    from_id: Mapped[UUID] = mapped_column(primary_key=True)
    to_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[int]
    """The lowest that no other link of the plan has; its bound bounds their number."""


class PlanChange(Base):
    """One change of a plan, never altered: the state at any number follows from the changes up to it."""

    __tablename__ = "plan_change"
    __table_args__ = (
        ForeignKeyConstraint(
            ["province_code", "plan_id"], ["plan.province_code", "plan.id"], ondelete="CASCADE", onupdate="CASCADE"
        ),
        UniqueConstraint("province_code", "plan_id", "operation_id"),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint(f"action IN ({ACTIONS})", name="action"),
        CheckConstraint("base >= 0 AND base < number", name="base"),
    )

    province_code: Mapped[str] = mapped_column(CodeText, primary_key=True)
    plan_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    operation_id: Mapped[UUID]
    """Made by the editor's program: what is sent twice is done once."""
    actor_id: Mapped[UUID | None]
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    action: Mapped[str]
    part_id: Mapped[UUID | None]
    field: Mapped[str | None]
    old: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    new: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    base: Mapped[int] = mapped_column(BigInteger)
    clashed: Mapped[bool] = mapped_column(server_default=text("false"))
