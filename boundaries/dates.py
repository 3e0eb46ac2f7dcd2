"""How a day is written for people: months in Thai, years in พ.ศ. = ค.ศ. + 543."""

from datetime import date
from typing import Literal
from zoneinfo import ZoneInfo

BE = 543
BANGKOK = ZoneInfo("Asia/Bangkok")

MONTHS_LONG = (
    "มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน",
    "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม",
)  # fmt: skip
MONTHS_SHORT = (
    "ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.",
)  # fmt: skip


def thai_date(day: date, style: Literal["short", "long"] = "short") -> str:
    """Write a date in พ.ศ.: `5 พ.ย. 2568` or `5 พฤศจิกายน 2568`."""
    months = MONTHS_LONG if style == "long" else MONTHS_SHORT
    return f"{day.day} {months[day.month - 1]} {day.year + BE}"
