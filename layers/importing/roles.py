"""Roles: what a column of a file can be for us. A recipe says which headings carry which role."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from boundaries.errors import SocialMapError
from boundaries.messages import Text
from layers import taxonomy

Target = Literal["cases", "figures", "assets"]
"""What the rows become: cases, figures of areas (counts and indicators), or assets."""
TARGETS: tuple[Target, ...] = ("cases", "figures", "assets")

ALL: frozenset[Target] = frozenset(TARGETS)
CASES: frozenset[Target] = frozenset({"cases"})
FIGURES: frozenset[Target] = frozenset({"figures"})
ASSETS: frozenset[Target] = frozenset({"assets"})
POINTS: frozenset[Target] = CASES | ASSETS


class UnknownRole(SocialMapError):
    """A role that no column can have, or not in this kind of file."""

    key = "recipe.unknown_role"


@dataclass(frozen=True)
class Role:
    """One role. `several`: more than one heading may carry it; `settled`: it is stated for the file, never a column."""

    name: str
    title: Text
    targets: frozenset[Target]
    required: frozenset[Target] = frozenset()
    several: bool = False
    settled: bool = False


def _role(name: str, th: str, en: str, targets: frozenset[Target], **more: object) -> Role:
    return Role(name, Text(th, en), targets, **more)  # type: ignore[arg-type]


ROLES: Mapping[str, Role] = MappingProxyType(
    {
        role.name: role
        for role in (
            _role("external_id", "เลขที่เรื่อง", "case number", POINTS, required=POINTS),
            _role("problem", "ปัญหา", "problem", CASES, required=CASES),
            _role("reported_on", "วันที่รับแจ้ง", "date reported", CASES, required=CASES, several=True),
            _role("area_code", "รหัสพื้นที่", "area code", ALL),
            _role("province_code", "รหัสจังหวัด", "province code", ALL),
            _role("district_code", "รหัสอำเภอ/เขต", "district code", ALL),
            _role("subdistrict_code", "รหัสตำบล/แขวง", "subdistrict code", ALL),
            _role("village_code", "รหัสหมู่บ้าน", "village code", ALL),
            _role("province_name", "จังหวัด", "province", ALL),
            _role("district_name", "อำเภอ/เขต", "district", ALL),
            _role("subdistrict_name", "ตำบล/แขวง", "subdistrict", ALL),
            _role("village_name", "หมู่บ้าน/ชุมชน", "village", POINTS),
            _role("address", "ที่อยู่", "address", ALL, several=True),
            _role("lat", "ละติจูด", "latitude", POINTS),
            _role("lon", "ลองจิจูด", "longitude", POINTS),
            _role("position", "พิกัด (ช่องเดียว)", "position (one text)", POINTS),
            _role("x", "พิกัด X (ตะวันออก)", "X (easting)", POINTS),
            _role("y", "พิกัด Y (เหนือ)", "Y (northing)", POINTS),
            _role("accuracy_m", "ความคลาดเคลื่อน (เมตร)", "accuracy in metres", CASES),
            _role("urgency", "ความเร่งด่วน", "urgency", CASES),
            _role("status", "สถานะ", "status", CASES),
            _role("cases", "จำนวนเรื่องในแถว (ตารางยอดรวม)", "number of cases in the row (table of counts)", CASES),
            _role("close_reason", "เหตุที่ยุติ", "reason for closing", CASES),
            _role("target_groups", "กลุ่มเป้าหมาย", "target groups", CASES, several=True),
            _role("secondary_problems", "ปัญหารอง", "secondary problems", CASES, several=True),
            _role("weight", "น้ำหนัก", "weight", CASES),
            _role("counted", "หน่วยนับ (ของน้ำหนักหรือจำนวนเรื่อง)", "unit (of the weight or number)", CASES),
            _role("title", "ชื่อ", "name", ASSETS, required=ASSETS),
            _role("title_en", "ชื่อภาษาอังกฤษ", "English name", ASSETS),
            _role("kind", "ประเภท", "kind", ASSETS, required=ASSETS),
            _role("period", "ปีหรือช่วงเวลา", "year or period", FIGURES),
            _role("yymm", "ปีเดือน พ.ศ. สองหลัก (6812)", "two-digit BE year and month (6812)", FIGURES),
            _role("date_order", "ลำดับวันเดือน", "order of day and month", ALL, settled=True),
            _role("short_years", "ปีสองหลักเป็น", "two-digit years are", ALL, settled=True),
            _role("bare_year", "ปีที่เขียนเพียงตัวเลขเป็น", "a year alone is", CASES | FIGURES, settled=True),
        )
    }
)
"""All roles without a part of their own."""

PREFIXES: Mapping[str, tuple[Text, frozenset[Target]]] = MappingProxyType(
    {
        "count": (Text("จำนวน", "count"), CASES),
        "indicator": (Text("ตัวชี้วัด", "indicator"), FIGURES),
        "property": (Text("คุณสมบัติ", "property"), ASSETS),
    }
)
"""Roles with a part of their own: count:P08, indicator:population, property:beds."""
COUNT = "count:"
"""Begins the role of a column that holds numbers of cases of one problem, in a table of counts."""

AREA_ROLES = (
    "area_code", "province_code", "district_code", "subdistrict_code", "village_code",
    "province_name", "district_name", "subdistrict_name", "address",
)  # fmt: skip
"""Roles that say where, by code or name; figures need one of them."""

POSITION_ROLES = ("lat", "lon", "position", "x", "y")

TALLY_ROLES = (
    *AREA_ROLES, "village_name", "problem", "reported_on", "cases", "counted", "target_groups", "urgency", "status",
    "date_order", "short_years", "bare_year",
)  # fmt: skip
"""Roles that a table of counts can have beside its counts; all others are about single cases."""


def get_role(name: str) -> Role:
    """Return a role by name, such as `problem` or `count:P08`; raise UnknownRole."""
    if name in ROLES:
        return ROLES[name]
    prefix, colon, part = name.partition(":")
    if not colon or prefix not in PREFIXES or not part.strip():
        raise UnknownRole(role=name, allowed=", ".join((*ROLES, *(f"{one}:…" for one in PREFIXES))))
    title, targets = PREFIXES[prefix]
    problem = taxonomy.problems().get(part) if prefix == "count" else None
    if problem:
        return Role(name, Text(f"{title.th}เรื่อง: {problem.th} ({part})", f"{title.en}: {problem.en} ({part})"), targets)
    return Role(name, Text(f"{title.th} {part}", f"{title.en} {part}"), targets)


def choices(name: str) -> tuple[str, ...] | None:
    """Return the values that a role allows, None when they are not listed."""
    prefix, _, _ = name.partition(":")
    return {
        "problem": tuple(taxonomy.problems()),
        "secondary_problems": tuple(taxonomy.problems()),
        "target_groups": tuple(taxonomy.target_groups()),
        "urgency": tuple(taxonomy.urgencies()),
        "status": tuple(str(one) for one in taxonomy.statuses()),
        "close_reason": tuple(taxonomy.close_reasons()),
        "counted": tuple(taxonomy.units()),
        "date_order": ("dmy", "mdy"),
        "short_years": ("be", "ce"),
        "bare_year": ("calendar", "fiscal"),
    }.get(prefix)


def required_roles(target: Target) -> tuple[str, ...]:
    """Return the roles without which rows cannot become what they are meant to be."""
    return tuple(role.name for role in ROLES.values() if target in role.required)
