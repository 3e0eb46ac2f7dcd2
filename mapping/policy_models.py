"""The table of policies: themes that an administrator names, by kind and fiscal year."""

from datetime import date

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from boundaries.base import Base
from mapping.models import FIRST_DAY

THEME_KINDS = "'agenda', 'area', 'administration'"


class PolicyTheme(Base):
    """A theme of the ministry's policies; its title is empty until somebody writes it."""

    __tablename__ = "policy_theme"
    __table_args__ = (
        CheckConstraint(f"kind IN ({THEME_KINDS})", name="kind"),
        CheckConstraint(FIRST_DAY, name="fiscal_year"),
        CheckConstraint("order_no BETWEEN 1 AND 99", name="order_no"),
        CheckConstraint("length(title_th) BETWEEN 1 AND 300", name="title_th"),
        CheckConstraint("length(title_en) BETWEEN 1 AND 300", name="title_en"),
    )

    fiscal_year: Mapped[date] = mapped_column(primary_key=True)
    """1 October, its first day."""
    kind: Mapped[str] = mapped_column(String(collation="C"), primary_key=True)
    order_no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    title_th: Mapped[str | None]
    title_en: Mapped[str | None]
