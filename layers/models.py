"""Tables of the layers ring: cases and what hangs on them, rollups, indicators, assets.

Keys of cases and of all that hangs on them hold `province_code` ('00' when unknown), so that they can be
partitioned or distributed by province without changing a query. Two triggers alone, in the migration of case work, tie
a case's status to its events.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from geoalchemy2 import Geometry
from sqlalchemy import (
    CheckConstraint,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    Numeric,
    String,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from boundaries.base import Base

PROVINCE = r"^\d{2}$"
CODE = r"^\d{2}(\d{2}(\d{2})?)?$"
PROBLEM = r"^P(0[1-9]|1[0-6])(\.\d{2})?$"
STATUSES = "10, 20, 30, 35, 40, 45, 50, 55, 60, 70, 80, 81, 90, 91, 92"
COUNTED = "'case', 'person', 'household', 'service'"
GROUPS = ", ".join(f"'T{number:02}'" for number in (*range(1, 21), 99))
MATCHES = "'inside', 'nearest', 'stated', 'conflict', 'outside'"
UNIT_KINDS = "'office', 'home', 'homeless', 'settlement', 'centre', 'lao', 'partner', 'other'"
"""พมจ., บ้านพักเด็กและครอบครัว, ศูนย์คุ้มครองคนไร้ที่พึ่ง, นิคมสร้างตนเอง, other centres, local authorities, partner agencies."""
CodeText = String(collation="C")
"""Codes compare by their characters: cheaper than a language's order, and prefixes can use an index."""


class Source(Base):
    """Where cases, observations or assets come from; every figure names its sources."""

    __tablename__ = "source"
    __table_args__ = (CheckConstraint("key ~ '^[a-z0-9][a-z0-9_.-]*$'", name="key"),)

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    name_th: Mapped[str]
    name_en: Mapped[str]
    licence: Mapped[str | None]
    as_of: Mapped[date]
    invented: Mapped[bool] = mapped_column(server_default=text("false"))
    has_cases: Mapped[bool] = mapped_column(server_default=text("false"))
    """Whether it ever brought a case; kept with the rollups."""


class ImportRun(Base):
    """One file that was brought in: by whom, when, how it was read, and what became of its rows."""

    __tablename__ = "import_run"
    __table_args__ = (
        CheckConstraint("target IN ('cases', 'figures', 'assets')", name="target"),
        CheckConstraint(r"area_code ~ '^(TH|\d{2})$'", name="area_code"),
        CheckConstraint("length(file_name) <= 255", name="file_name"),
        Index("ix_import_run_source_id", "source_id", "id"),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"))
    target: Mapped[str]
    area_code: Mapped[str] = mapped_column(CodeText)
    """The province whose staff brought it, TH for who serves the country."""
    file_name: Mapped[str]
    checksum: Mapped[str]
    recipe: Mapped[str]
    """How the file was read, as YAML."""
    counts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    actor_id: Mapped[UUID | None]
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    undone_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    undone_by: Mapped[UUID | None]


class Case(Base):
    """One record of a social problem; not a person. A tally row stands for several, of which no more is known."""

    __tablename__ = "case"
    __table_args__ = (
        UniqueConstraint("source_id", "external_id", "province_code"),
        CheckConstraint(f"province_code ~ '{PROVINCE}'", name="province_code"),
        CheckConstraint(r"district_code ~ '^\d{4}$' AND left(district_code, 2) = province_code", name="district_code"),
        CheckConstraint(
            r"subdistrict_code IS NULL"
            r" OR (subdistrict_code ~ '^\d{6}$' AND coalesce(left(subdistrict_code, 4) = district_code, false))",
            name="subdistrict_code",
        ),
        CheckConstraint(f"stated_code ~ '{CODE}'", name="stated_code"),
        CheckConstraint(r"village_code ~ '^\d{8}$'", name="village_code"),
        CheckConstraint(f"problem_code ~ '{PROBLEM}'", name="problem_code"),
        CheckConstraint("urgency IN ('U1', 'U2', 'U3', 'U4')", name="urgency"),
        CheckConstraint(f"status IN ({STATUSES})", name="status"),
        CheckConstraint("close_reason IS NULL OR status = 80", name="close_reason"),
        CheckConstraint("status = 10 OR created_by IS NULL OR last_event > 0", name="first_status"),
        CheckConstraint("sensitivity IN ('L0', 'L1', 'L2', 'L3')", name="sensitivity"),
        CheckConstraint("date_precision IN ('day', 'month', 'year', 'fiscal')", name="date_precision"),
        CheckConstraint(
            "date_precision = 'day' OR (extract(day FROM reported_on) = 1 AND (date_precision = 'month'"
            " OR extract(month FROM reported_on) = CASE date_precision WHEN 'fiscal' THEN 10 ELSE 1 END))",
            name="reported_on",
        ),
        CheckConstraint(f"area_match IN ({MATCHES})", name="area_match"),
        CheckConstraint("(point IS NULL) = (area_match = 'stated')", name="point_match"),
        CheckConstraint("accuracy_m IS NULL OR (point IS NOT NULL AND accuracy_m >= 0)", name="accuracy_m"),
        CheckConstraint("cases >= 0", name="cases"),
        CheckConstraint("cases = 1 OR point IS NULL", name="tally"),
        CheckConstraint("weight >= 0", name="weight"),
        CheckConstraint(f"counted IN ({COUNTED})", name="counted"),
        CheckConstraint(f"target_groups <@ ARRAY[{GROUPS}]::varchar[]", name="target_groups"),
        CheckConstraint(
            "cardinality(secondary_problems) <= 3 AND problem_code <> ALL (secondary_problems)",
            name="secondary_problems",
        ),
        Index("ix_case_unit_id", "unit_id", postgresql_where=text("unit_id IS NOT NULL")),
        Index("ix_case_created_by", "created_by", postgresql_where=text("created_by IS NOT NULL")),
        Index("ix_case_id", "id"),
    )

    province_code: Mapped[str] = mapped_column(CodeText, primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"))
    external_id: Mapped[str]
    problem_code: Mapped[str] = mapped_column(CodeText)
    urgency: Mapped[str]
    status: Mapped[int]
    close_reason: Mapped[str | None]
    last_event: Mapped[int] = mapped_column(server_default=text("0"))
    """The number of its newest event, 0 for none: a status changes only together with it, by the next event's step."""
    sensitivity: Mapped[str]
    reported_on: Mapped[date]
    date_precision: Mapped[str]
    """What is known of the date: `reported_on` is the day, or the first day of the month, year or fiscal year."""
    cases: Mapped[int] = mapped_column(server_default=text("1"))
    """How many cases the row stands for: one, or the number in a cell of a table of counts (a tally row)."""
    weight: Mapped[Decimal] = mapped_column(Numeric(14, 3))
    counted: Mapped[str]
    target_groups: Mapped[list[str]] = mapped_column(ARRAY(CodeText))
    """They overlap. An array and not a table: a bulk load would spend most of its time on the keys between the two."""
    secondary_problems: Mapped[list[str]] = mapped_column(ARRAY(CodeText))
    """At most three, never counted."""
    point: Mapped[Any] = mapped_column(Geometry("POINT", srid=4326, spatial_index=False), nullable=True)
    accuracy_m: Mapped[float | None]
    stated_code: Mapped[str | None] = mapped_column(CodeText)
    village_code: Mapped[str | None] = mapped_column(CodeText)
    district_code: Mapped[str | None] = mapped_column(CodeText)
    subdistrict_code: Mapped[str | None] = mapped_column(CodeText)
    area_match: Mapped[str]
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    created_by: Mapped[UUID | None]
    import_run_id: Mapped[int | None] = mapped_column(ForeignKey("import_run.id"))
    """The import that made it, None for one that was entered."""
    record_key: Mapped[float] = mapped_column(server_default=text("random()"))
    """A random number of its own, for methods that perturb a cell by the records in it."""


class Unit(Base):
    """An office that cases are assigned to. Which areas it serves is data: `unit_area`, many to many."""

    __tablename__ = "unit"
    __table_args__ = (
        CheckConstraint("key ~ '^[a-z0-9][a-z0-9_.-]*$'", name="key"),
        CheckConstraint(f"kind IN ({UNIT_KINDS})", name="kind"),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    name_th: Mapped[str]
    name_en: Mapped[str]


class UnitArea(Base):
    """An area that a unit serves: a province, district, subdistrict, village, or TH."""

    __tablename__ = "unit_area"
    __table_args__ = (CheckConstraint(r"area_code ~ '^(TH|\d{2}|\d{4}|\d{6}|\d{8})$'", name="area_code"),)

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", ondelete="CASCADE"), primary_key=True)
    area_code: Mapped[str] = mapped_column(CodeText, primary_key=True)


class CaseMember(Base):
    """Somebody of a case's team; a case of level L3 is for its team alone."""

    __tablename__ = "case_member"
    __table_args__ = (
        ForeignKeyConstraint(
            ["province_code", "case_id"], ["case.province_code", "case.id"], ondelete="CASCADE", onupdate="CASCADE"
        ),
    )

    province_code: Mapped[str] = mapped_column(CodeText, primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    actor_id: Mapped[UUID] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    joined_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class CaseEvent(Base):
    """A change of a case's status; rows are only ever added. The first status is the first row's `from_status`.

    `way` says what allows it: a `step` of somebody, what a file `stated`, an import's `undo`, or `unmerge`. A step that
    closes was proposed by somebody else.
    """

    __tablename__ = "case_event"
    __table_args__ = (
        ForeignKeyConstraint(
            ["province_code", "case_id"], ["case.province_code", "case.id"], ondelete="CASCADE", onupdate="CASCADE"
        ),
        ForeignKeyConstraint(
            ["from_status", "to_status", "way"],
            ["case_step.from_status", "case_step.to_status", "case_step.way"],
            name="fk_case_event_step",
        ),
        ForeignKeyConstraint(
            ["province_code", "case_id", "closing_id", "proposed_by"],
            ["case_closing.province_code", "case_closing.case_id", "case_closing.id", "case_closing.proposed_by"],
            name="fk_case_event_closing",
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
        CheckConstraint(f"from_status IN ({STATUSES})", name="from_status"),
        CheckConstraint(f"to_status IN ({STATUSES})", name="to_status"),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint(
            "way <> 'step' OR to_status <> 80 OR coalesce(closing_id IS NOT NULL AND proposed_by <> actor_id, false)",
            name="two_persons",
        ),
        UniqueConstraint("province_code", "case_id", "number", name="uq_case_event_number"),
        UniqueConstraint("province_code", "case_id", "closing_id", name="uq_case_event_closing"),
    )

    province_code: Mapped[str] = mapped_column(CodeText, primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int]
    happened_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    from_status: Mapped[int]
    to_status: Mapped[int]
    way: Mapped[str] = mapped_column(CodeText, server_default="step")
    actor_id: Mapped[UUID | None]
    note: Mapped[str | None]
    evidence: Mapped[str | None]
    proposed_by: Mapped[UUID | None]
    closing_id: Mapped[UUID | None]


class CaseCount(Base):
    """How many cases a cell has: area × main problem × period. `area_code` is the finest code known, '00' if none.

    A row of level `district` may bear a province's code: cases of that province whose district is not known.
    """

    __tablename__ = "case_count"
    __table_args__ = (
        CheckConstraint("level IN ('province', 'district', 'subdistrict')", name="level"),
        CheckConstraint("grain IN ('month', 'fy', 'year', 'year_only', 'fy_only')", name="grain"),
    )

    level: Mapped[str] = mapped_column(CodeText, primary_key=True)
    grain: Mapped[str] = mapped_column(CodeText, primary_key=True)
    period: Mapped[date] = mapped_column(primary_key=True)
    problem_code: Mapped[str] = mapped_column(CodeText, primary_key=True)
    province_code: Mapped[str] = mapped_column(CodeText, primary_key=True)
    area_code: Mapped[str] = mapped_column(CodeText, primary_key=True)
    source_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    counted: Mapped[str] = mapped_column(CodeText, primary_key=True)
    cases: Mapped[int]
    weight: Mapped[Decimal] = mapped_column(Numeric)


class CaseCountByGroup(Base):
    """The same cells for each target group. A case may stand in several: rows of different groups are never summed."""

    __tablename__ = "case_count_by_group"
    __table_args__ = (
        CheckConstraint("level IN ('province', 'district')", name="level"),
        CheckConstraint("grain IN ('fy', 'year', 'year_only', 'fy_only')", name="grain"),
    )

    level: Mapped[str] = mapped_column(CodeText, primary_key=True)
    grain: Mapped[str] = mapped_column(CodeText, primary_key=True)
    period: Mapped[date] = mapped_column(primary_key=True)
    target_group: Mapped[str] = mapped_column(CodeText, primary_key=True)
    problem_code: Mapped[str] = mapped_column(CodeText, primary_key=True)
    province_code: Mapped[str] = mapped_column(CodeText, primary_key=True)
    area_code: Mapped[str] = mapped_column(CodeText, primary_key=True)
    source_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    counted: Mapped[str] = mapped_column(CodeText, primary_key=True)
    cases: Mapped[int]
    weight: Mapped[Decimal] = mapped_column(Numeric)


class Release(Base):
    """A dated set of published tables; once released it never changes."""

    __tablename__ = "release"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'released')", name="state"),
        CheckConstraint("(state = 'released') = (released_at IS NOT NULL)", name="released_at"),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    state: Mapped[str]
    as_of: Mapped[date]
    sources: Mapped[list[Any]] = mapped_column(JSONB)
    """What figures tell of their sources, as they were on that day."""
    report: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    """What the attack found and what is kept, by audience."""
    made_by: Mapped[UUID | None]
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    released_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class ReleaseTable(Base):
    """One published table: the printed labels of all areas of a level, for a fiscal year and one key.

    The key is a problem, a target group, or `all` for the problems that are not secret. A label is the printed number,
    or a negative code that says why there is none.
    """

    __tablename__ = "release_table"
    __table_args__ = (
        CheckConstraint("audience IN ('committee', 'public')", name="audience"),
        CheckConstraint("level IN ('province', 'district')", name="level"),
        CheckConstraint("cardinality(areas) = cardinality(labels)", name="labels"),
        Index("ix_release_table_newest", "audience", "level", "period", "key", "release_id"),
    )

    release_id: Mapped[int] = mapped_column(ForeignKey("release.id", ondelete="CASCADE"), primary_key=True)
    audience: Mapped[str] = mapped_column(CodeText, primary_key=True)
    level: Mapped[str] = mapped_column(CodeText, primary_key=True)
    period: Mapped[date] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(CodeText, primary_key=True)
    areas: Mapped[list[str]] = mapped_column(ARRAY(CodeText))
    labels: Mapped[list[int]] = mapped_column(ARRAY(Integer))


class Indicator(Base):
    """A defined measure of areas that somebody observed."""

    __tablename__ = "indicator"
    __table_args__ = (
        CheckConstraint("kind IN ('count', 'share')", name="kind"),
        CheckConstraint("direction IN ('worse', 'better', 'neutral')", name="direction"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    name_th: Mapped[str]
    name_en: Mapped[str]
    unit_th: Mapped[str]
    unit_en: Mapped[str]
    kind: Mapped[str]
    direction: Mapped[str]


class Observation(Base):
    """An indicator's value for one area and period; a period without days means that the source states no year."""

    __tablename__ = "observation"
    __table_args__ = (
        UniqueConstraint(
            "indicator_id", "source_id", "area_code", "first_day", "last_day", postgresql_nulls_not_distinct=True
        ),
        CheckConstraint(r"area_code ~ '^(TH|\d{2}|\d{4}|\d{6})$'", name="area_code"),
        CheckConstraint("level IN ('country', 'province', 'district', 'subdistrict')", name="level"),
        CheckConstraint("(first_day IS NULL) = (last_day IS NULL) AND first_day <= last_day", name="days"),
        Index("ix_observation_lookup", "indicator_id", "level", "last_day", "source_id", "area_code"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    indicator_id: Mapped[str] = mapped_column(ForeignKey("indicator.id"))
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"))
    level: Mapped[str] = mapped_column(CodeText)
    area_code: Mapped[str] = mapped_column(CodeText)
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    value: Mapped[float]
    numerator: Mapped[float | None]
    denominator: Mapped[float | None]


class Asset(Base):
    """A service unit or other social capital (ทุนทางสังคม) at a place; open to everybody."""

    __tablename__ = "asset"
    __table_args__ = (
        UniqueConstraint("source_id", "external_id", "province_code"),
        CheckConstraint(f"province_code ~ '{PROVINCE}'", name="province_code"),
        CheckConstraint(f"area_code ~ '{CODE}' AND left(area_code, 2) = province_code", name="area_code"),
        CheckConstraint(f"area_match IN ({MATCHES})", name="area_match"),
        Index("ix_asset_point", "point", postgresql_using="gist"),
    )

    province_code: Mapped[str] = mapped_column(CodeText, primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"))
    external_id: Mapped[str]
    kind: Mapped[str]
    name_th: Mapped[str]
    name_en: Mapped[str | None]
    point: Mapped[Any] = mapped_column(Geometry("POINT", srid=4326, spatial_index=False))
    area_code: Mapped[str] = mapped_column(CodeText)
    area_match: Mapped[str]
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    properties: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
