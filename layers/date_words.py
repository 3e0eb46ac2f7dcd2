"""Words that dates are written with: months and weekdays in Thai and English, whole and as offices shorten them."""

from boundaries.dates import MONTHS_LONG, MONTHS_SHORT

MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTHS_EN_LONG = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_MISSPELT = {
    "กุมภาพันธ": 2, "กุมพาพันธ์": 2, "พฤกษภาคม": 5, "พฤษาคม": 5, "มิถุนายม": 6, "กรกฏาคม": 7, "กรกฏา": 7, "สิงหคม": 8,
    "พฤษจิกายน": 11, "พฤศจิกายม": 11, "พฤจิกายน": 11, "ธันวา": 12, "ธันวามคม": 12, "sept": 9,
}  # fmt: skip
_WEEKDAYS_TH = ("จันทร์", "อังคาร", "พุธ", "พฤหัสบดี", "ศุกร์", "เสาร์", "อาทิตย์")
_WEEKDAYS_SHORT = ("จ", "อ", "พ", "พฤ", "ศ", "ส", "อา")
_WEEKDAYS_EN = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _stem(month: str) -> str:
    """Return a month without the ending that says how many days it has: มกรา, กุมภา, เมษา."""
    for ending in ("พันธ์", "คม", "ยน"):
        month = month.removesuffix(ending)
    return month


MONTHS: dict[str, int] = {
    **{word: number for number, word in enumerate(MONTHS_LONG, start=1)},
    **{word.replace(".", ""): number for number, word in enumerate(MONTHS_SHORT, start=1)},
    **{_stem(word): number for number, word in enumerate(MONTHS_LONG, start=1)},
    **{word: number for number, word in enumerate(_MONTHS_EN_LONG, start=1)},
    **{word.lower(): number for number, word in enumerate(MONTHS_EN, start=1)},
    **_MISSPELT,
}
"""Months by their word in lower case without dots."""

WEEKDAYS: dict[str, int] = {
    **{word: number for number, word in enumerate(_WEEKDAYS_TH)},
    **{word: number for number, word in enumerate(_WEEKDAYS_SHORT)},
    **{word: number for number, word in enumerate(_WEEKDAYS_EN)},
    **{word[:3]: number for number, word in enumerate(_WEEKDAYS_EN)},
    "พฤหัส": 3,
}
"""Weekdays by their word in lower case without dots, Monday 0."""
