"""Every way that offices write a day of 1900 to 2100 is read as that day, or refused by name: never as another."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from boundaries.dates import BANGKOK, MONTHS_LONG, MONTHS_SHORT, thai_date
from layers.dates import (
    BadDate,
    OldYear,
    ShortYear,
    WrongWeekday,
    fiscal_year,
    fiscal_year_start,
    parse_date,
    parse_fiscal_year,
    parse_span,
    parse_yymm,
    thai_month,
)

ANY_DAY = st.dates(date(1900, 1, 1), date(2100, 12, 31))
THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
WEEKDAYS = ("จันทร์", "อังคาร", "พุธ", "พฤหัสบดี", "ศุกร์", "เสาร์", "อาทิตย์")
SHORT_WEEKDAYS = ("จ.", "อ.", "พ.", "พฤ.", "ศ.", "ส.", "อา.")
LENIENT = ("มกรา", "กุมภา", "มีนา", "เมษา", "พฤษภา", "มิถุนา", "กรกฎา", "สิงหา", "กันยา", "ตุลา", "พฤศจิกา", "ธันวา")
CLOCKS = ("", " 13.30 น.", " 13:30 น.", " เวลา 13.30 น.", " 00:00:00", " 9:05", " เวลา 08:15:22 น.")


def be(day: date) -> int:
    return day.year + 543


# Each form writes a day in พ.ศ.; the name says how.
IN_BE = {
    "d/m/y": lambda day: f"{day.day}/{day.month}/{be(day)}",
    "dd-mm-y": lambda day: f"{day.day:02}-{day.month:02}-{be(day)}",
    "d.m.y": lambda day: f"{day.day}.{day.month}.{be(day)}",
    "d / m / y": lambda day: f"{day.day} / {day.month} / {be(day)}",
    "three columns": lambda day: f"{day.day} {day.month} {be(day)}",
    "ISO, as spreadsheets store it": lambda day: f"{be(day)}-{day.month:02}-{day.day:02}",
    "together": lambda day: f"{be(day)}{day.month:02}{day.day:02}",
    "together, day first": lambda day: f"{day.day:02}{day.month:02}{be(day)}",
    "as the product writes": thai_date,
    "as the product writes, long": lambda day: thai_date(day, "long"),
    "with พ.ศ.": lambda day: f"{day.day} {MONTHS_LONG[day.month - 1]} พ.ศ. {be(day)}",
    "with พศ": lambda day: f"{day.day} {MONTHS_LONG[day.month - 1]} พศ {be(day)}",
    "letter": lambda day: f"วัน{WEEKDAYS[day.weekday()]}ที่ {day.day} {MONTHS_LONG[day.month - 1]} พ.ศ. {be(day)}",
    "letter, short": lambda day: f"{SHORT_WEEKDAYS[day.weekday()]} {day.day} {MONTHS_SHORT[day.month - 1]} {be(day)}",
    "วันที่ เดือน ปี": lambda day: f"วันที่ {day.day} เดือน{MONTHS_LONG[day.month - 1]} ปี {be(day)}",
    "month without its last dot": lambda day: f"{day.day} {MONTHS_SHORT[day.month - 1][:-1]} {be(day)}",
    "month without dots": lambda day: f"{day.day} {MONTHS_SHORT[day.month - 1].replace('.', '')} {be(day)}",
    "month as it is said": lambda day: f"{day.day} {LENIENT[day.month - 1]} {be(day)}",
    "no blanks": lambda day: f"{day.day}{MONTHS_SHORT[day.month - 1]}{be(day)}",
    "dashes": lambda day: f"{day.day}-{MONTHS_SHORT[day.month - 1]}-{be(day)}",
}
IN_CE = {
    "d/m/y": lambda day: f"{day.day}/{day.month}/{day.year}",
    "ISO": lambda day: day.isoformat(),
    "together": lambda day: f"{day:%Y%m%d}",
    "Thai words": lambda day: f"{day.day} {MONTHS_LONG[day.month - 1]} ค.ศ. {day.year}",
    "English": lambda day: f"{day:%d %B %Y}",
    "English, short": lambda day: f"{day:%d-%b-%Y}",
    "American": lambda day: f"{day:%B} {day.day}, {day.year}",
    "with weekday": lambda day: f"{day:%A, %d %B %Y}",
    "CE behind": lambda day: f"{day:%d %b %Y} CE",
}


@given(day=ANY_DAY, form=st.sampled_from(sorted(IN_CE)), clock=st.sampled_from(CLOCKS), thai=st.booleans())
@example(day=date(2000, 2, 29), form="ISO", clock="", thai=False)
@example(day=date(1900, 1, 1), form="together", clock="", thai=True)
def test_days_in_ce(day: date, form: str, clock: str, thai: bool) -> None:
    written = IN_CE[form](day) + clock
    assert parse_date(written.translate(THAI) if thai else written) == (day, "day")


@given(day=ANY_DAY, form=st.sampled_from(sorted(IN_BE)), clock=st.sampled_from(CLOCKS), thai=st.booleans())
@example(day=date(2024, 2, 29), form="d/m/y", clock="", thai=False)
@example(day=date(1941, 1, 1), form="letter", clock=" 13.30 น.", thai=True)
@example(day=date(1940, 4, 1), form="no blanks", clock="", thai=True)
@example(day=date(1940, 3, 31), form="no blanks", clock="", thai=True)
def test_days_in_be(day: date, form: str, clock: str, thai: bool) -> None:
    """Before 2484 the year began on 1 April: January to March of it may lie in either of two years, and are refused."""
    written = IN_BE[form](day) + clock
    written = written.translate(THAI) if thai else written
    if day < date(1941, 1, 1) and day.month <= 3:
        with pytest.raises(OldYear):
            parse_date(written)
    else:
        assert parse_date(written) == (day, "day")


@given(day=ANY_DAY)
def test_months_and_years(day: date) -> None:
    month, year = day.replace(day=1), day.replace(month=1, day=1)
    for written in (
        f"{day:%Y-%m}",
        f"{day.month}/{day.year}",
        f"{day:%B %Y}",
        f"{MONTHS_LONG[day.month - 1]} ค.ศ. {day.year}",
    ):
        assert parse_date(written) == (month, "month")
    assert parse_date(str(day.year)) == parse_date(f"ค.ศ. {day.year}") == (year, "year")
    if day >= date(1941, 1, 1):
        for written in (
            f"{day.month}/{be(day)}",
            thai_month(day),
            thai_month(day, "long"),
            f"{be(day)}-{day.month:02}",
        ):
            assert parse_date(written) == (month, "month")
        for written in (
            str(be(day)),
            f"พ.ศ. {be(day)}",
            f"ปี {be(day)}",
            f"ปี พ.ศ. {be(day)}".translate(THAI),
            f"{be(day)}.0",
        ):
            assert parse_date(written) == (year, "year")


@given(day=st.dates(date(1957, 1, 1), date(2056, 12, 31)), form=st.sampled_from(("d/m", "word", "letter", "month")))
def test_two_digits_of_a_year(day: date, form: str) -> None:
    """Two digits are พ.ศ. where they can be nothing else; below 43 somebody must say which era."""
    short, name = f"{be(day) % 100:02}", MONTHS_SHORT[day.month - 1]
    written, expected = {
        "d/m": (f"{day.day}/{day.month}/{short}", (day, "day")),
        "word": (f"{day.day} {name} {short}", (day, "day")),
        "letter": (f"{day.day} {MONTHS_LONG[day.month - 1]} พ.ศ. {short}", (day, "day")),
        "month": (f"{name} {short}", (day.replace(day=1), "month")),
    }[form]
    assert parse_date(written, "dmy", "be") == expected
    if int(short) >= 43 or "พ.ศ." in written:
        assert parse_date(written) == expected
    else:
        with pytest.raises(ShortYear):
            parse_date(written)


@given(day=st.dates(date(1970, 1, 1), date(2069, 12, 31)))
def test_two_digits_in_ce_when_it_is_said(day: date) -> None:
    assert parse_date(f"{day.day}/{day.month}/{day:%y}", "dmy", "ce") == (day, "day")
    assert parse_date(f"{day.day} {MONTHS_SHORT[day.month - 1]} ค.ศ. {day:%y}") == (day, "day")


@given(day=ANY_DAY)
def test_month_before_day_only_when_it_is_said(day: date) -> None:
    written = f"{day.month}/{day.day}/{day.year}"
    assert parse_date(written, "mdy") == (day, "day")
    if day.day > 12:
        with pytest.raises(BadDate):
            parse_date(written)
    else:
        assert parse_date(written) == (date(day.year, day.day, day.month), "day")


@given(day=st.dates(date(1950, 1, 1), date(2099, 12, 31)), part=st.sampled_from(("", ".0", ".5625")))
def test_days_that_spreadsheets_count(day: date, part: str) -> None:
    assert parse_date(f"{(day - date(1899, 12, 30)).days}{part}") == (day, "day")


ZONES = [
    timezone(sign * timedelta(hours=hours, minutes=minutes))
    for sign in (1, -1)
    for hours in (0, 7, 11)
    for minutes in (0, 30)
]


@given(moment=st.datetimes(datetime(1941, 1, 3), datetime(2100, 12, 29)), zone=st.sampled_from(ZONES))
def test_moments_with_an_offset_are_days_in_thailand(moment: datetime, zone: timezone) -> None:
    there = moment.replace(tzinfo=zone).astimezone(BANGKOK).date()
    assert parse_date(moment.replace(tzinfo=zone).isoformat()) == (there, "day")
    assert parse_date(moment.strftime("%Y-%m-%dT%H:%M:%SZ")) == (
        moment.replace(tzinfo=UTC).astimezone(BANGKOK).date(),
        "day",
    )


@given(day=ANY_DAY, other=st.integers(1, 6))
def test_a_weekday_that_does_not_fit_is_refused(day: date, other: int) -> None:
    wrong = WEEKDAYS[(day.weekday() + other) % 7]
    with pytest.raises(WrongWeekday):
        parse_date(f"วัน{wrong}ที่ {day.day} {MONTHS_LONG[day.month - 1]} ค.ศ. {day.year}")


FISCAL_FORMS = (
    "ปีงบประมาณ พ.ศ. {be}", "ปีงบประมาณ {be}", "ปีงบ {be}", "งปม. {be}", "งบ {be}", "งบประมาณปี {be}", "FY{be}", "fy {ce}",
    "ประจำปีงบประมาณ {be}", "ปีงบประมาณ ค.ศ. {ce}", "Fiscal year {ce}",
)  # fmt: skip


@given(day=ANY_DAY, form=st.sampled_from(FISCAL_FORMS), digits=st.booleans())
@example(day=date(2024, 2, 29), form="งบ {be}", digits=True)
@example(day=date(1940, 9, 30), form="FY{be}", digits=False)
@example(day=date(2025, 10, 1), form="ปีงบ {be}", digits=False)
def test_a_fiscal_year_is_read_as_such_and_comes_back(day: date, form: str, digits: bool) -> None:
    year = fiscal_year(day)
    written = form.format(be=year, ce=year - 543).translate(THAI if digits else {})
    if "{be}" in form and year < 2484:
        with pytest.raises(OldYear):
            parse_date(written)
        return
    assert parse_fiscal_year(written) == year
    assert parse_date(written) == (fiscal_year_start(year), "fiscal")
    assert fiscal_year(parse_date(written)[0]) == year
    first, last = parse_span(written)
    assert first <= day <= last
    assert (first, last + timedelta(days=1)) == (fiscal_year_start(year), fiscal_year_start(year + 1))


@given(year=st.integers(2484, 2643), digits=st.booleans())
def test_a_year_alone_is_fiscal_only_where_that_is_said(year: int, digits: bool) -> None:
    for written in (str(year), f"พ.ศ. {year}", str(year - 543)):
        written = written.translate(THAI if digits else {})
        assert parse_date(written) == (date(year - 543, 1, 1), "year")
        assert parse_date(written, bare_year="fiscal") == (date(year - 544, 10, 1), "fiscal")
    assert parse_date(f"5/11/{year}", bare_year="fiscal") == (date(year - 543, 11, 5), "day")
    assert parse_date(f"พ.ย. {year}", bare_year="fiscal") == (date(year - 543, 11, 1), "month")


@pytest.mark.parametrize("written", ["ปีงบ 68", "งบ 68", "FY68", "ปีงบประมาณ ๖๘"])
def test_a_short_fiscal_year_is_a_year_of_the_buddhist_era(written: str) -> None:
    assert parse_date(written) == (date(2024, 10, 1), "fiscal")


@given(year=st.integers(2443, 2643))
def test_29_february_is_only_where_the_year_in_ce_is_leap(year: int) -> None:
    common = year - 543
    leap = common % 4 == 0 and (common % 100 != 0 or common % 400 == 0)
    for written in (f"29/2/{year}", f"29 ก.พ. {year}", f"{year}-02-29", f"29/2/{common}"):
        if leap and (year >= 2484 or str(common) in written):
            assert parse_date(written) == (date(common, 2, 29), "day")
        else:
            with pytest.raises(BadDate):
                parse_date(written)


@pytest.mark.parametrize(
    ("written", "error"),
    [
        ("29/2/2568", BadDate),
        ("2568-02-29", BadDate),  # 2568 would be a leap year in ค.ศ.
        ("29 ก.พ. 2400", BadDate),
        ("29/2/2443", OldYear),
        ("พ.ศ. 2480", OldYear),
        ("ก.พ. 2480", OldYear),
        ("พ.ศ. 2025", BadDate),
        ("ค.ศ. 2568", BadDate),
        ("พ.ศ. 2568 ค.ศ. 2025", BadDate),
        ("5-Nov-25", ShortYear),
        ("5/11/25", ShortYear),
        ("ปีงบ 25", ShortYear),
        ("10/25", BadDate),
        ("25", BadDate),
        ("13/13/2568", BadDate),
        ("99999", BadDate),
        ("5/11/2568 25.00 น.", BadDate),
        ("5 พ.ย. 2568 - 7 พ.ย. 2568", BadDate),
    ],
)
def test_what_is_no_date_or_two(written: str, error: type[BadDate]) -> None:
    with pytest.raises(BadDate) as raised:
        parse_span(written)
    assert raised.type is error


@given(words=st.text(alphabet="0123456789/-. พ.ศยคมกนปีงบ๐๕๙tz:+abe", max_size=24))
def test_anything_is_read_or_refused(words: str) -> None:
    try:
        day, precision = parse_date(words)
    except BadDate:
        return
    assert 1900 <= day.year <= 2200
    assert precision == "day" or day.day == 1


def test_the_registration_offices_months() -> None:
    assert [parse_yymm(one) for one in ("6812", "4301")] == [date(2025, 12, 1), date(2000, 1, 1)]
    for wrong in ("6813", "6800", "256812", "68-12", ""):
        with pytest.raises(BadDate):
            parse_yymm(wrong)
