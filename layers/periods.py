"""Periods that figures are asked for: a month, a run of months, a fiscal year, a calendar year."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from boundaries.dates import BE, thai_date
from boundaries.errors import SocialMapError
from layers.dates import (
    FIRST_BE_YEAR,
    MONTHS_EN,
    english_date,
    fiscal_year,
    fiscal_year_start,
    month_end,
    thai_month,
)

Kind = Literal["month", "months", "fy", "year"]


class BadPeriod(SocialMapError):
    """A period that cannot be read."""

    key = "error.bad_period"


@dataclass(frozen=True, order=True)
class Period:
    """A run of whole months; `first` and `last` are both inside it. `code` is what `parse_period` reads."""

    first: date
    last: date
    kind: Kind
    code: str

    @property
    def months(self) -> int:
        """How many months it has."""
        return (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1

    def th(self) -> str:
        """Name it in Thai: `ปีงบประมาณ 2569 (1 ต.ค. 2568 – 30 ก.ย. 2569)`."""
        if self.kind == "fy":
            return f"ปีงบประมาณ {fiscal_year(self.last)} ({self.th_range()})"
        if self.kind == "year":
            return f"พ.ศ. {self.first.year + BE} ({self.th_range()})"
        if self.kind == "month":
            return thai_month(self.first, "long")
        return f"{thai_month(self.first)} – {thai_month(self.last)}"

    def en(self) -> str:
        """Name it in English: `fiscal year 2569 BE (1 Oct 2025 – 30 Sep 2026)`."""
        if self.kind == "fy":
            return f"fiscal year {fiscal_year(self.last)} BE ({self.en_range()})"
        if self.kind == "year":
            return f"calendar year {self.first.year}"
        first = f"{MONTHS_EN[self.first.month - 1]} {self.first.year}"
        return first if self.kind == "month" else f"{first} – {MONTHS_EN[self.last.month - 1]} {self.last.year}"

    def th_range(self) -> str:
        """Write its first and last day in พ.ศ."""
        return f"{thai_date(self.first)} – {thai_date(self.last)}"

    def en_range(self) -> str:
        """Write its first and last day in ค.ศ."""
        return f"{english_date(self.first)} – {english_date(self.last)}"

    def clipped(self, as_of: date) -> tuple[str, int]:
        """Name it in Thai as far as the data go, with the number of whole months passed in it by `as_of`."""
        if as_of >= self.last:
            return self.th(), self.months
        if as_of < self.first:
            return f"{self.th()} ยังไม่มีข้อมูล (ข้อมูลถึง {thai_date(as_of)})", 0
        whole = as_of == month_end(as_of)
        passed = (as_of.year - self.first.year) * 12 + as_of.month - self.first.month + (1 if whole else 0)
        name = f"ปีงบประมาณ {fiscal_year(self.last)}" if self.kind == "fy" else self.th().split(" (")[0]
        return f"{name} เพียง {thai_date(self.first)} – {thai_date(as_of)} ({passed} จาก {self.months} เดือน)", passed

    def calendar_years(self) -> tuple[date, ...]:
        """Return 1 January of each calendar year that it touches."""
        return tuple(date(year, 1, 1) for year in range(self.first.year, self.last.year + 1))

    def fiscal_years(self) -> tuple[date, ...]:
        """Return 1 October of each fiscal year that it touches."""
        years = range(fiscal_year(self.first), fiscal_year(self.last) + 1)
        return tuple(fiscal_year_start(year) for year in years)


def parse_period(text: str) -> Period:
    """Read `2026-01`, `2025-10/2026-04`, `2026` (all ค.ศ.) or `fy2569` (พ.ศ.); raise BadPeriod."""
    cleaned = text.strip().lower()
    if found := re.fullmatch(r"fy(\d{4})", cleaned):
        return fiscal_period(int(found[1]), text)
    if found := re.fullmatch(r"(\d{4})", cleaned):
        year = _year(found[1], text)
        return Period(date(year, 1, 1), date(year, 12, 31), "year", cleaned)
    if found := re.fullmatch(r"(\d{4})-(\d{2})", cleaned):
        first = _month(found[1], found[2], text)
        return Period(first, month_end(first), "month", cleaned)
    if found := re.fullmatch(r"(\d{4})-(\d{2})/(\d{4})-(\d{2})", cleaned):
        first, last = _month(found[1], found[2], text), _month(found[3], found[4], text)
        if first > last:
            raise BadPeriod(value=text)
        return Period(first, month_end(last), "months", cleaned)
    raise BadPeriod(value=text)


def fiscal_period(year: int, text: str | None = None) -> Period:
    """Return a fiscal year given in พ.ศ."""
    if not FIRST_BE_YEAR <= year <= 2743:
        raise BadPeriod(value=text or year)
    first = fiscal_year_start(year)
    return Period(first, date(first.year + 1, 9, 30), "fy", f"fy{year}")


def _year(word: str, text: str) -> int:
    year = int(word)
    if not 1900 <= year <= 2200:
        raise BadPeriod(value=text)
    return year


def _month(year: str, month: str, text: str) -> date:
    try:
        return date(_year(year, text), int(month), 1)
    except ValueError:
        raise BadPeriod(value=text) from None
