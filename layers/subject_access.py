"""What is held about one person, for that person: found by keyed hashes, as values and as a text in Thai."""

import base64
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from boundaries.errors import SocialMapError
from boundaries.messages import text as sentence
from layers import taxonomy
from layers.agencies import get_agency
from layers.case_photos import get_photo, list_photos
from layers.cases import CaseRecord, get_case
from layers.consents import list_consents
from layers.identity import IdentityValues, SearchField, get_identity, normalised, search_identity
from layers.observed_words import read_words
from layers.scope import Scope
from layers.sealing import Keys

Asked = Mapping[SearchField, str]


class PersonTooVague(SocialMapError):
    """One person is told from others by a national ID, or by a phone number and a name together."""

    key = "error.person_too_vague"


def find_person(session: Session, scope: Scope, keys: Keys, asked: Asked) -> list[UUID]:
    """Return the cases in which every field asked for is this person's. Raises PersonTooVague."""
    given = {name: value for name, value in asked.items() if normalised(name, value)}
    if "national_id" not in given and not {"name", "phone"} <= given.keys():
        raise PersonTooVague
    hits = [set(search_identity(session, scope, keys, name, value)) for name, value in given.items()]
    return sorted(set.intersection(*hits))


def collect(session: Session, scope: Scope, keys: Keys, cases: list[UUID]) -> list[dict[str, Any]]:
    """Return all that is held about the person in these cases, as JSON values; needs what get_identity needs.

    Notes of officers on steps of a case are left out: they may speak of others, and an officer must read them first.
    """
    return [_one(session, scope, keys, case) for case in cases]


def _one(session: Session, scope: Scope, keys: Keys, case_id: UUID) -> dict[str, Any]:
    case, values = get_case(session, case_id), get_identity(session, scope, keys, case_id)
    problem, status = taxonomy.get_problem(case.values.problem_code), taxonomy.statuses()[case.values.status]
    groups = [taxonomy.get_target_group(code) for code in case.values.target_groups]
    steps = session.execute(_STEPS, {"province": case.province_code, "id": case_id}).mappings()
    return {
        "case_id": str(case_id),
        "person": {name: value for name, value in asdict(values).items() if value is not None},
        "problem": {"code": problem.code, "th": problem.th, "en": problem.en},
        "status": {"code": status.code, "th": status.th, "en": status.en},
        "target_groups": [{"code": one.code, "th": one.th, "en": one.en} for one in groups],
        "reported_on": case.values.reported_on.isoformat(),
        "area_code": case.area_code,
        "point": [case.values.lon, case.values.lat] if case.values.lat is not None else None,
        **{kind: _rows(session, sql, case) for kind, sql in _WORK.items()},
        "steps": [{name: _plain(value) for name, value in step.items()} for step in steps],
        "field_words": [
            {"id": str(one), "words": words}
            for one, words in read_words(session, keys, case.province_code, case_id).items()
        ],
        "photos": [_photo(session, scope, keys, case_id, one.id) for one in list_photos(session, scope, case_id)],
        "consents": [{name: _plain(value) for name, value in one.items()} for one in list_consents(session, case_id)],
    }


def _photo(session: Session, scope: Scope, keys: Keys, case_id: UUID, photo_id: UUID) -> dict[str, Any]:
    found = get_photo(session, scope, keys, case_id, photo_id)
    told = {"id": str(found.id), "type": found.media_type, "made_at": found.made_at.isoformat()}
    return told | {"content_base64": base64.b64encode(found.content).decode()}


def _work_lines(one: Mapping[str, Any]) -> Iterator[str]:
    """Yield what was done: help that was given, agencies that were asked, visits that were made."""
    for given in one["assistance"]:
        kind = taxonomy.assistance_kinds()[given["kind"]].th
        amount = f" {given['amount']} บาท" if given["amount"] is not None else ""
        yield f"  ความช่วยเหลือ: {kind}{amount} เมื่อ {_thai(date.fromisoformat(given['given_on']))}"
    for sent in one["referrals"]:
        agency, state = get_agency(sent["agency"]).title.th, sentence(f"case_work.referral.{sent['state']}").th
        yield f"  ส่งต่อให้: {agency} เมื่อ {sent['sent_at']} ({state})"
    for visit in one["visits"]:
        yield f"  เยี่ยมติดตาม: {_thai(date.fromisoformat(visit['done_on']))}"


def _rows(session: Session, sql: TextClause, case: CaseRecord) -> list[dict[str, Any]]:
    rows = session.execute(sql, {"province": case.province_code, "id": case.id}).mappings()
    return [{name: _plain(value) for name, value in row.items()} for row in rows]


def to_text(found: list[dict[str, Any]], on: date) -> str:
    """Return the same as a text in Thai that the person can read."""
    lines = [
        "ข้อมูลส่วนบุคคลของท่านที่หน่วยงานเก็บไว้",
        f"จัดทำตามคำขอเข้าถึงข้อมูล (พ.ร.บ.คุ้มครองข้อมูลส่วนบุคคล พ.ศ. 2562 มาตรา 30) เมื่อ {_thai(on)}",
        f"พบ {len(found)} เรื่อง",
    ]
    for number, one in enumerate(found, 1):
        lines += ["", f"เรื่องที่ {number} (รหัส {one['case_id']})"]
        lines += [f"  {_LABELS[name]}: {value}" for name, value in one["person"].items()]
        lines += [f"  ปัญหา: {one['problem']['th']}", f"  สถานะ: {one['status']['th']}"]
        lines += [f"  กลุ่มเป้าหมาย: {', '.join(group['th'] for group in one['target_groups']) or '-'}"]
        lines += [f"  วันที่รับแจ้ง: {_thai(date.fromisoformat(one['reported_on']))}"]
        lines += [f"  รหัสพื้นที่: {one['area_code']}"]
        lines += [
            f"  เปลี่ยนสถานะ: {step['happened_at']} {step['from_status']} → {step['to_status']}" for step in one["steps"]
        ]
        for words in one["field_words"]:
            stated = "; ".join(
                f"{FIELD_LABELS[name]}: {value}"
                for name, value in words["words"].items()
                if value and name in FIELD_LABELS
            )
            lines.append(f"  บันทึกจากพื้นที่: {stated}")
        lines += [f"  ภาพถ่าย: {photo['made_at']} ({photo['type']})" for photo in one["photos"]]
        lines += _work_lines(one)
        for consent in one["consents"]:
            end = f" ถอนเมื่อ {consent['withdrawn_at']}" if consent["withdrawn_at"] else ""
            lines.append(f"  ความยินยอม: ฉบับ {consent['wording']} เมื่อ {consent['given_on']}{end}")
    return "\n".join([*lines, "", *_RIGHTS, ""])


_LABELS = dict(
    zip(
        IdentityValues.__dataclass_fields__,
        ("ชื่อ", "เลขประจำตัวประชาชน", "โทรศัพท์", "ที่อยู่", "ละติจูด", "ลองจิจูด", "ภาพถ่าย (อ้างอิง)", "ผู้ปกครอง", "บันทึก"),
        strict=True,
    )
)
FIELD_LABELS = {
    "description": "รายละเอียด",
    "person.name": "ชื่อ",
    "person.national_id": "เลขประจำตัวประชาชน",
    "person.phone": "โทรศัพท์",
    "person.address": "ที่อยู่",
    "person.guardian": "ผู้ปกครอง",
}
_RIGHTS = (
    "ท่านขอแก้ไข ขอลบ หรือขอระงับการใช้ข้อมูลได้ และถอนความยินยอมได้ โดยติดต่อหน่วยงานเจ้าของเรื่อง",
    "บันทึกของเจ้าหน้าที่ในแต่ละขั้นตอนไม่รวมอยู่ในเอกสารนี้ เพราะอาจกล่าวถึงบุคคลอื่น เจ้าหน้าที่จะพิจารณาให้เป็นรายกรณี",
)
_STEPS = text(
    "SELECT happened_at, from_status, to_status FROM case_event"
    " WHERE province_code = :province AND case_id = :id ORDER BY happened_at, id"
)

_WORK = {
    "assistance": text(
        "SELECT welfare_system, kind, amount, given_on FROM assistance AS one"
        " WHERE province_code = :province AND case_id = :id AND NOT EXISTS (SELECT FROM assistance AS newer"
        " WHERE newer.province_code = one.province_code AND newer.case_id = one.case_id AND newer.corrects = one.id)"
        " ORDER BY given_on, id"
    ),
    "referrals": text(
        "SELECT agency, state, sent_at, answered_at FROM referral"
        " WHERE province_code = :province AND case_id = :id ORDER BY id"
    ),
    "visits": text(
        "SELECT done_on FROM visit"
        " WHERE province_code = :province AND case_id = :id AND done_on IS NOT NULL ORDER BY done_on, id"
    ),
}


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date | datetime) else value if value is None else _text(value)


def _text(value: object) -> object:
    return str(value) if isinstance(value, UUID | Decimal) else value


def _thai(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year + 543}"
