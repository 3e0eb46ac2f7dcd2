"""Dates as they stand in files, read: พ.ศ. and ค.ศ., words and numbers, whole and coarse; what is unsure is refused."""

import re
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from boundaries.dates import BE
from boundaries.errors import SocialMapError
from layers.date_words import MONTHS, WEEKDAYS

FIRST_BE_YEAR = 2400
"""A year from here on is พ.ศ.; spreadsheets store such dates as if they were ค.ศ."""
FIRST_SURE_BE_YEAR = 2484
"""From here on years begin on 1 January; before, on 1 April, and files count both ways: January to March are unsure."""
SHORT_YEARS_FROM = 43
"""Two digits from here on are พ.ศ. (68 is 2568); below they may be ค.ศ. as well: 25 is 2525 or 2025."""

BANGKOK_MINUTES = 7 * 60
"""Thailand is seven hours ahead of UTC, in summer and winter."""

THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")

Precision = Literal["day", "month", "year", "fiscal"]
"""How much of a date is known; `fiscal` is a fiscal year, given as its first day, 1 October."""
BareYear = Literal["calendar", "fiscal"]
"""What a year is that stands alone and says nothing of itself."""
Order = Literal["dmy", "mdy"]
Era = Literal["be", "ce"]


class BadDate(SocialMapError):
    """A date that cannot be read."""

    key = "error.bad_date"


class ShortYear(BadDate):
    """A two-digit year that may be พ.ศ. or ค.ศ."""

    key = "error.short_year"


class OldYear(BadDate):
    """A year in พ.ศ. before 2484, or January to March of one: files mean one of two years by it."""

    key = "error.old_year"


class WrongWeekday(BadDate):
    """A date beside a weekday that it did not fall on."""

    key = "error.wrong_weekday"


def to_ce(year: int) -> int:
    """Return a year in ค.ศ.: from 2400 on it was พ.ศ.; raise BadDate when neither fits."""
    if year >= FIRST_BE_YEAR:
        year -= BE
    if not 1900 <= year <= 2200:
        raise BadDate(value=year)
    return year


def fiscal_year_start(year: int) -> date:
    """Return 1 October, the first day of a fiscal year given in พ.ศ."""
    return date(year - BE - 1, 10, 1)


@lru_cache(maxsize=1 << 16)
def parse_date(
    value: str, order: Order = "dmy", short_years: Era | None = None, bare_year: BareYear = "calendar"
) -> tuple[date, Precision]:
    """Read a date, month, year or fiscal year, in พ.ศ. or ค.ศ., Thai or Western digits; say how precise it is.

    Understood: `5/11/2568`, `5/11/68`, `2568-11-05`, `2025-11-05T13:30:00+07:00`, `วันพุธที่ 5 พฤศจิกายน พ.ศ. 2568`,
    `5 พ.ย. 68 เวลา 13.30 น.`, `Nov 5, 2025`, `25681105`, `45966` (a spreadsheet's day), `พ.ย. 2568`, `11/2568`, `2568`,
    `ปีงบประมาณ 2568`, `งบ 68`, `FY2568`. A coarse date is given as its first day. Day comes before month unless `order`
    says otherwise; `short_years` says what two digits are where that is unsure, `bare_year` whether a year alone is a
    fiscal one. Raises BadDate; ShortYear, OldYear, WrongWeekday of it.
    """
    cleaned = clean(value)
    if found := _DAY_FIRST.fullmatch(cleaned):
        first, second, year = found.groups()
        day, month = (first, second) if order == "dmy" else (second, first)
        return _made(value, year, int(month), int(day), short=short_years), "day"
    if year := parse_fiscal_year(value, short_years):
        return fiscal_year_start(year), "fiscal"
    day, precision = _read_words(cleaned, value, order, short_years)
    if precision == "year" and bare_year == "fiscal":
        return fiscal_year_start(day.year + BE), "fiscal"
    return day, precision


def parse_fiscal_year(value: str, short_years: Era | None = None) -> int | None:
    """Read `ปีงบประมาณ พ.ศ. 2568`, `ปีงบ 68` or `FY2025` as a fiscal year in พ.ศ.; None for what is none.

    Raises ShortYear, OldYear, and BadDate for years that are out of reach.
    """
    found = FISCAL.fullmatch(clean(value))
    if not found:
        return None
    year = int(found["year"])
    era: Era | None = "be" if found["be"] else "ce" if found["ce"] else None
    if len(found["year"]) == 2:
        year, era = whole_year(year, era or short_years, value)
    if era and (year >= FIRST_BE_YEAR) != (era == "be"):
        raise BadDate(value=value)
    if FIRST_BE_YEAR <= year < FIRST_SURE_BE_YEAR:
        raise OldYear(value=value)
    return to_ce(year) + BE


def parse_yymm(value: str) -> date:
    """Read the registration office's year and month, `6812` for December 2568, as the month's first day."""
    found = re.fullmatch(r"(\d\d)(0[1-9]|1[0-2])", clean(value))
    if not found:
        raise BadDate(value=value)
    return date(2500 + int(found[1]) - BE, int(found[2]), 1)


def clean(value: str) -> str:
    """Return a date's text in lower case with ASCII digits, single blanks and no hidden characters."""
    return " ".join(_HIDDEN.sub("", value).translate(THAI_DIGITS).lower().split())


def _read_words(cleaned: str, value: str, order: Order, short_years: Era | None) -> tuple[date, Precision]:
    """Take time, weekday and era off, read what remains, and hold it against what was taken off."""
    rest, offset = _without_time(cleaned)
    if rest != cleaned and not offset:
        return parse_date(rest, order, short_years)  # there are fewer days than moments: they come out of the cache
    rest, weekday = _without_weekday(rest)
    rest, era = _without_era(rest, value)
    day, precision = _read_parts(_FILLER.sub("", rest).strip(), value, order, era, short_years)
    if offset and precision == "day":
        day = _in_bangkok(day, offset)
    if weekday is not None and precision == "day" and day.weekday() != weekday:
        raise WrongWeekday(value=value)
    return day, precision


def _without_time(text: str) -> tuple[str, "re.Match[str] | None"]:
    """Take a time off the end; return it when it says how far from UTC it is."""
    found = _TIME.search(text)
    if not found:
        return text, None
    return text[: found.start()].rstrip(" ,"), found if found["offset"] else None


def _in_bangkok(day: date, time: "re.Match[str]") -> date:
    """Return the day in Thailand of a moment told with its offset: forms are sent with times in UTC."""
    offset = time["offset"].replace(":", "")
    ahead = 0 if offset == "z" else int(offset[:3]) * 60 + int(offset[0] + (offset[3:] or "0"))
    minutes = int(time["hour"]) * 60 + int(time["minute"]) - ahead + BANGKOK_MINUTES
    return day + timedelta(days=minutes // 1440)


def _without_weekday(text: str) -> tuple[str, int | None]:
    text = _ON_DAY.sub("", text)
    found = _WEEKDAY.match(text)
    return (text[found.end() :], WEEKDAYS[found["day"].replace(".", "")]) if found else (text, None)


def _without_era(text: str, value: str) -> tuple[str, Era | None]:
    found = list(_ERA.finditer(text))
    if not found:
        return text, None
    if len(found) > 1:
        raise BadDate(value=value)
    era: Era = "be" if found[0]["be"] or found[0]["be_after"] else "ce"
    return (text[: found[0].start()] + " " + text[found[0].end() :]).strip(), era


def _read_parts(text: str, value: str, order: Order, era: Era | None, short: Era | None) -> tuple[date, Precision]:
    """Read day, month and year by the one form that fits whole."""
    text = " ".join(text.split())
    if found := _SERIAL.fullmatch(text):
        return _of_serial(int(found[1]), value), "day"
    for pattern, names in _FORMS:
        if found := pattern.fullmatch(text):
            parts = dict(zip(names, found.groups(), strict=True))
            if order == "mdy" and pattern is _DAY_FIRST:
                parts["d"], parts["m"] = parts["m"], parts["d"]
            return _of_parts(parts, value, era, short)
    raise BadDate(value=value)


def _of_parts(parts: dict[str, str], value: str, era: Era | None, short: Era | None) -> tuple[date, Precision]:
    month = _month(parts["m"], value) if "m" in parts else None
    day = int(parts["d"]) if "d" in parts else None
    made = _made(value, parts["y"], month, day, era, short)
    return made, "day" if day is not None else "month" if month is not None else "year"


def _of_serial(days: int, value: str) -> date:
    """Read a spreadsheet's count of days, 1950 to 2099: other five digits are no dates."""
    if not 18264 <= days <= 73050:
        raise BadDate(value=value)
    return date(1899, 12, 30) + timedelta(days=days)


def _month(word: str, value: str) -> int:
    """Read a month's number or word; raise BadDate."""
    if word.isdigit():
        return int(word)
    try:
        return MONTHS[word.replace(".", "")]
    except KeyError:
        raise BadDate(value=value) from None


def _made(
    value: str, year: str, month: int | None, day: int | None, era: Era | None = None, short: Era | None = None
) -> date:
    """Make the first day of what was read; refuse years that may be two, and days that there are not."""
    number = int(year)
    if len(year) == 2:
        number, era = whole_year(number, era or short, value)
    is_be = number >= FIRST_BE_YEAR
    if era and is_be != (era == "be"):
        raise BadDate(value=value)
    if 1900 + BE <= number < FIRST_SURE_BE_YEAR and (month is None or month <= 3):
        raise OldYear(value=value)
    try:
        return date(to_ce(number), 1 if month is None else month, 1 if day is None else day)
    except (ValueError, BadDate):
        raise BadDate(value=value) from None


def whole_year(number: int, era: Era | None, value: str) -> tuple[int, Era]:
    """Return a two-digit year whole with its era; raise ShortYear below SHORT_YEARS_FROM when nobody said which."""
    if era == "ce":
        return number + (2000 if number < 70 else 1900), "ce"
    if era is None and number < SHORT_YEARS_FROM:
        raise ShortYear(value=value, be=2500 + number, ce=2000 + number)
    return number + 2500, "be"


_HIDDEN = re.compile("[\u200b-\u200f\u2060\ufeff]")
_DAY_FIRST = re.compile(r"(\d{1,2})(?: ?[-/.] ?| )(\d{1,2})(?: ?[-/.] ?| )(\d{4}|\d{2})", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})(?: ?[-/.] ?| )(\d{1,2})(?: ?[-/.] ?| )(\d{1,2})", re.ASCII)
_TOGETHER = re.compile(r"((?:19|2[0-6])\d\d)(0[1-9]|1[0-2])(\d\d)", re.ASCII)
_TOGETHER_DAY_FIRST = re.compile(r"(\d\d)(\d\d)((?:19|2[0-6])\d\d)", re.ASCII)
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?", re.ASCII)
_YEAR_MONTH = re.compile(r"(\d{4}) ?[-/] ?(\d{1,2})", re.ASCII)
_MONTH_YEAR = re.compile(r"(\d{1,2}) ?[-/ ] ?(\d{4}|3[2-9]|[4-9]\d)", re.ASCII)
_YEAR = re.compile(r"(\d{4}|3[2-9]|[4-9]\d)(?:\.0+)?", re.ASCII)
_WORD = r"([ก-๙.]{2,}|[a-z.]{3,})"
_DAY_WORD = re.compile(rf"(\d{{1,2}}) ?[-/.,]? ?{_WORD} ?[-/.,]? ?(\d{{4}}|\d{{2}})", re.ASCII)
_WORD_DAY = re.compile(r"([a-z.]{3,}) ?(\d{1,2})(?:st|nd|rd|th)?,? (\d{4})", re.ASCII)
_MONTH_WORD = re.compile(rf"{_WORD} ?[-/.,]? ?(\d{{4}}|\d{{2}})", re.ASCII)
_TIME = re.compile(
    r"(?:t| ?เวลา ?|,? at | )(?P<hour>[01]?\d|2[0-3])[:.](?P<minute>[0-5]\d)(?:[:.][0-5]\d(?:\.\d+)?)?"
    r" ?(?:น\.?|นาฬิกา|[ap]m)? ?(?P<offset>z|[+-]\d\d(?::?\d\d)?)?$",
    re.ASCII,
)
_ON_DAY = re.compile(r"^(?:เมื่อ ?)?วัน ?ที่ ?")
_FILLER = re.compile(r"(?:เดือน|ปี) ?")
_WEEKDAY = re.compile(
    r"(?:วัน ?)?(?P<day>จันทร์|อังคาร|พุธ|พฤหัสบดี|พฤหัส|ศุกร์|เสาร์|อาทิตย์|(?:อา|พฤ|[จอพศส])\.(?= ?\d)"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tue|wed|thu|fri|sat|sun)(?![a-z])\.? ?(?:ที่)? ?,? ?"
)
_ERA = re.compile(
    r"(?<![a-z])(?:(?P<be>พุทธศักราช|พ\. ?ศ\.?|พศ\.?|b\.?e\.?)|(?P<ce>คริสต์?ศักราช|ค\. ?ศ\.?|คศ\.?|a\.?d\.?|c\.?e\.?))"
    r"(?= ?\d)|(?<=\d) ?(?:(?P<be_after>b\.?e\.?)|(?P<ce_after>a\.?d\.?|c\.?e\.?))$"
)
FISCAL = re.compile(
    r"(?:ประจำ ?)?(?:ปี ?(?:งบประมาณ|งบ|งปม\.?)|(?:งบประมาณ|งบ|งปม\.?)(?: ?ประจำ)?(?: ?ปี)?|fiscal year|f\.?y\.?) ?"
    r"(?:(?P<be>พ\. ?ศ\.?|พศ\.?)|(?P<ce>ค\. ?ศ\.?|คศ\.?))? ?(?P<year>\d{4}|\d{2})(?:\.0+)?",
    re.ASCII,
)
"""A fiscal year, as a whole text."""
_FORMS = (
    (_DAY_FIRST, "dmy"), (_YEAR_FIRST, "ymd"), (_TOGETHER, "ymd"), (_TOGETHER_DAY_FIRST, "dmy"), (_YEAR_MONTH, "ym"),
    (_MONTH_YEAR, "my"), (_YEAR, "y"), (_DAY_WORD, "dmy"), (_WORD_DAY, "mdy"), (_MONTH_WORD, "my"),
)  # fmt: skip
