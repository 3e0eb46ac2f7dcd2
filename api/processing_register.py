"""The register of processing (PDPA s.39), in Thai and English: tables with personal data, and who may read them.

Columns and readers come from the database itself, so that the register says what is, not what was once written down.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import text
from sqlalchemy.orm import Session

from boundaries.messages import Text

FILE = Path(__file__).with_suffix(".yaml")


@dataclass(frozen=True)
class Register:
    """The document, and tables that nobody has described yet."""

    markdown: str
    undescribed: list[str]


def build_register(session: Session) -> Register:
    """Write the register from the schema; a table that the description does not name is told at its head."""
    said = yaml.safe_load(FILE.read_text("utf-8"))
    columns, rules = _columns(session), _rules(session)
    undescribed = sorted(columns.keys() - said["tables"].keys() - set(said["none"]))
    lines = [*_HEAD]
    if undescribed:
        names = ", ".join(f"`{name}`" for name in undescribed)
        lines += [f"**ตารางที่ยังไม่ได้อธิบาย / Tables not yet described:** {names}", ""]
    for table in (name for name in said["tables"] if name in columns):
        lines += _section(table, said, columns[table], rules.get(table, ""))
    names = ", ".join(f"`{name}`" for name in said["none"] if name in columns)
    lines += ["## ตารางที่ไม่มีข้อมูลส่วนบุคคล / Tables without personal data", "", names, ""]
    return Register("\n".join(lines), undescribed)


def readers(rule: str) -> Text:
    """Say who may read, as the policy of a table says it."""
    granted = sorted(set(re.findall(r"scope_(?:may|holds)\('([a-z_.]+)'", rule)))
    th = [f"ผู้มีสิทธิ {', '.join(f'`{one}`' for one in granted)}"] if granted else []
    en = [f"who holds {', '.join(f'`{one}`' for one in granted)}"] if granted else []
    for sign, thai, english in _SIGNS:
        if sign in rule:
            th.append(thai)
            en.append(english)
    if granted:
        roles = _roles(granted)
        th.append(f"บทบาทที่มีสิทธิเหล่านี้: {', '.join(roles) or '-'}")
        en.append(f"roles with these permissions: {', '.join(roles) or '-'}")
    return Text("; ".join(th) or "ไม่มีผู้ใด", "; ".join(en) or "nobody")


_SIGNS = (
    ("scope_is_system", "ตัวระบบเอง", "the product itself"),
    ("case_member", "ทีมของเรื่อง", "the case's team"),
    ("scope_units", "เฉพาะหน่วยงานของตน", "own units only"),
    ("scope_areas", "เฉพาะพื้นที่ของตน", "own areas only"),
    ("scope_actor", "เฉพาะแถวของตนเอง", "own rows"),
    ('FROM "case"', "ผู้ที่เห็นเรื่องนั้น", "who may read the case"),
    ("identity_restriction", "ยกเว้นที่ถูกระงับ", "but for restricted ones"),
    ("scope_audience", "ผู้ใช้ที่ลงนามแล้ว", "any signed scope"),
)
_HEAD = (
    "# บันทึกรายการกิจกรรมการประมวลผล / Register of processing",
    "",
    "ตาม พ.ร.บ.คุ้มครองข้อมูลส่วนบุคคล พ.ศ. 2562 มาตรา 39 จัดทำจากโครงสร้างฐานข้อมูล นักกฎหมายต้องยืนยันวัตถุประสงค์ ฐาน และระยะเวลา",
    "",
    "Under the Personal Data Protection Act B.E. 2562 s.39, made from the database's schema. A lawyer must confirm"
    " purposes, bases and periods.",
    "",
)


def _section(table: str, said: Mapping[str, Any], columns: list[str], rule: str) -> list[str]:
    one = said["tables"][table]
    basis, period, who = said["bases"][one["basis"]], said["periods"][one["period"]], readers(rule)
    rows = (
        ("เจ้าของข้อมูล / Of whom", one["whom"]["th"], one["whom"]["en"]),
        ("วัตถุประสงค์ / Purpose", one["why"]["th"], one["why"]["en"]),
        ("ฐานทางกฎหมาย / Basis", basis["th"], basis["en"]),
        ("ระยะเวลา / Kept", period["th"], period["en"]),
        ("ผู้อ่านได้ / Readers", who.th, who.en),
    )
    table_lines = [f"| {name} | {th} | {en} |" for name, th, en in rows]
    listed = ", ".join(f"`{column}`" for column in columns)
    return [
        f"## `{table}`",
        "",
        "| | ไทย | English |",
        "|---|---|---|",
        *table_lines,
        "",
        f"คอลัมน์ / Columns: {listed}",
        "",
    ]


def _roles(granted: list[str]) -> list[str]:
    from api.auth.permissions import PERMISSIONS

    return [role for role, held in PERMISSIONS.items() if held & set(granted)]


def _columns(session: Session) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for table, column in session.execute(_COLUMNS).all():
        found.setdefault(table, []).append(column)
    return found


def _rules(session: Session) -> dict[str, str]:
    return {row.tablename: row.rule for row in session.execute(_RULES)}


_COLUMNS = text(
    "SELECT c.relname, a.attname FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid"
    " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped"
    " ORDER BY c.relname, a.attnum"
)
_RULES = text(
    "SELECT tablename, string_agg(coalesce(qual, ''), ' ') AS rule FROM pg_policies"
    " WHERE schemaname = 'public' AND cmd = 'SELECT' AND 'socialmap_app' = ANY (roles) GROUP BY tablename"
)
