"""Tables of the boundaries ring: editions, their areas, and the shapes that maps draw."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from geoalchemy2 import Geometry
from sqlalchemy import CheckConstraint, DateTime, ForeignKey, ForeignKeyConstraint, Identity, Index, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from boundaries.base import Base


class Edition(Base):
    """A dated set of boundaries; at most one is active."""

    __tablename__ = "edition"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'checked', 'active', 'retired')", name="state"),
        CheckConstraint("detail IN ('full', 'light', 'outline')", name="detail"),
        CheckConstraint("lowest_level IN ('province', 'district', 'subdistrict')", name="lowest_level"),
        Index("uq_edition_active", "state", unique=True, postgresql_where=text("state = 'active'")),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    name: Mapped[str]
    state: Mapped[str]
    source_key: Mapped[str]
    detail: Mapped[str]
    lowest_level: Mapped[str]
    licence: Mapped[str]
    citation_th: Mapped[str]
    citation_en: Mapped[str]
    reference_date: Mapped[date | None]
    checksum: Mapped[str]
    modified: Mapped[bool]
    report: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    activated_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Area(Base):
    """One area of one edition, the country itself included, with its true shape."""

    __tablename__ = "area"
    __table_args__ = (
        CheckConstraint("level IN ('country', 'province', 'district', 'subdistrict')", name="level"),
        CheckConstraint(r"code ~ '^(TH|\d{2}|\d{4}|\d{6})$'", name="code"),
        Index("ix_area_edition_id_level", "edition_id", "level", "code"),
        Index("ix_area_geom", "geom", postgresql_using="gist"),
        Index("ix_area_name_key", "edition_id", "name_key", postgresql_ops={"name_key": "text_pattern_ops"}),
    )

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    level: Mapped[str]
    parent_code: Mapped[str | None]
    name_th: Mapped[str]
    name_en: Mapped[str]
    name_key: Mapped[str]
    kind: Mapped[str]
    label_lon: Mapped[float]
    label_lat: Mapped[float]
    geom: Mapped[Any] = mapped_column(Geometry("MULTIPOLYGON", srid=4326, spatial_index=False))


class AreaShape(Base):
    """The generalised shape of an area for maps of one detail: one coverage per detail."""

    __tablename__ = "area_shape"
    __table_args__ = (
        CheckConstraint("detail IN ('country', 'province')", name="detail"),
        ForeignKeyConstraint(["edition_id", "code"], ["area.edition_id", "area.code"], ondelete="CASCADE"),
    )

    edition_id: Mapped[int] = mapped_column(primary_key=True)
    detail: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    geom: Mapped[Any] = mapped_column(Geometry("MULTIPOLYGON", srid=4326, spatial_index=False))


class AreaAlias(Base):
    """What a person decided that a name means, for the next file that writes it so."""

    __tablename__ = "area_alias"
    __table_args__ = (
        CheckConstraint("level IN ('province', 'district', 'subdistrict')", name="level"),
        CheckConstraint("length(name_key) BETWEEN 1 AND 100 AND name_key !~ '[[:cntrl:]]'", name="name_key"),
        CheckConstraint("length(context_key) <= 200 AND context_key !~ '[[:cntrl:]]'", name="context_key"),
        CheckConstraint(r"code ~ '^(\d{2}|\d{4}|\d{6})$'", name="code"),
    )

    level: Mapped[str] = mapped_column(primary_key=True)
    name_key: Mapped[str] = mapped_column(primary_key=True)
    context_key: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str]
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
