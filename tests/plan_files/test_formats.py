"""A plan out of and into every format: JSON whole, the others but for what they say that they lack."""

import json
import re
from dataclasses import replace
from typing import get_args

import jsonschema
import pytest
from hypothesis import given, settings
from lxml import etree

from boundaries.messages import text
from layers.personal_text import PersonalDataInText
from mapping.plan_examples import Name
from mapping.plan_fields import FIELDS, checked
from mapping.plan_files.errors import BadPart, PlanFileUnknown
from mapping.plan_files.formats import Format, format_of, get_format, lacking, read_plan_file, write_plan_file
from mapping.plan_files.schema import plan_schema
from mapping.plan_files.values import FileLink, PlanFile
from tests.plan_files.made import ALL_KINDS, only_causes_addressed, plan_of, plans, told

FORMATS: tuple[Format, ...] = get_args(Format)
SCHEMA = jsonschema.Draft202012Validator(plan_schema())


def again(plan: PlanFile, format: Format) -> PlanFile:
    return read_plan_file(f"x.{format}", write_plan_file(plan, format))


@pytest.mark.parametrize("name", ["a", "b"])
@pytest.mark.parametrize("format", FORMATS)
def test_an_example_comes_back_as_it_went_out(name: Name, format: Format) -> None:
    plan = plan_of(name)
    back = again(plan, format)
    assert told(back) == told(plan)
    assert back.notes == ()
    assert write_plan_file(plan, format) == write_plan_file(plan, format)
    if format in ("json", "mm", "opml", "xmind"):
        assert [part.id for part in back.parts] == [part.id for part in plan.parts]


def test_json_loses_nothing_and_keeps_to_the_schema() -> None:
    plan = plan_of("a")
    first, last = plan.parts[1], plan.parts[-1]
    plan = replace(plan, links=tuple(sorted((*plan.links, FileLink(first.id, last.id, "relates")))))
    content = write_plan_file(plan, "json")
    assert read_plan_file("x.json", content) == plan
    assert {part.origin for part in plan.parts} == {"example:a"}
    SCHEMA.validate(json.loads(content))
    assert [lacking(plan, format) != [] for format in FORMATS] == [False, True, True, True, True]


@given(plans())
@settings(max_examples=30)
def test_any_plan_comes_back_from_every_format(plan: PlanFile) -> None:
    """Texts that mean something to a format, fields of all kinds, empty lists, links of both kinds."""
    SCHEMA.validate(json.loads(write_plan_file(plan, "json")))
    for format in FORMATS:
        back = again(plan, format)
        assert told(back) == told(only_causes_addressed(plan) if format == "md" else plan), format
        assert back.notes == (), format


def test_the_schema_is_one_and_refuses_what_the_reader_refuses() -> None:
    jsonschema.Draft202012Validator.check_schema(plan_schema())
    good = json.loads(write_plan_file(plan_of("b"), "json"))
    for place, name, value in (
        (0, "kind", "cause"), (0, "parent", "x"), (1, "kind", "problem"), (1, "id", "a b"), (1, "id", 7),
        (1, "origin", "<b>"), (1, "more", 1), (1, "kind", "x"), (0, "fields", {}), (0, "fields", {"text": ""}),
        (0, "fields", {"text": "ก", "lead": "x"}), (0, "fields", {"text": "ก\nข"}), (0, "fields", {"text": "ก" * 1001}),
        (0, "fields", {"text": "ก", "score_size": 6}), (0, "fields", {"text": "ก", "policy_tags": "x"}),
        (0, "fields", []),
    ):  # fmt: skip
        bad = json.loads(json.dumps(good))
        bad["parts"][place][name] = value
        assert not SCHEMA.is_valid(bad), (name, value)
        if value == {"text": "ก\nข"}:  # a line end is a blank to the reader
            continue
        with pytest.raises(BadPart):
            read_plan_file("x.json", json.dumps(bad).encode())


def test_the_schema_names_every_field_of_every_kind() -> None:
    definitions = plan_schema()["$defs"]
    for kind in ALL_KINDS:
        assert set(definitions[kind]["properties"]["fields"]["properties"]) == set(FIELDS[kind])
    for name in {name for kind in ALL_KINDS for name in FIELDS[kind]} - {"text", "filter"}:
        assert text(f"plan_files.field.{name}").th


@pytest.mark.parametrize("format", FORMATS)
def test_personal_data_in_a_file_is_refused_by_place_and_never_repeated(format: Format) -> None:
    plan = plan_of("a")
    phone = "ติดต่อ 081-234-5678"
    with pytest.raises(PersonalDataInText):
        checked("effect", "text", phone)
    for field in ("text", "note"):
        spoilt = replace(plan.parts[1], fields={**plan.parts[1].fields, field: phone})
        content = write_plan_file(replace(plan, parts=(plan.parts[0], spoilt, *plan.parts[2:])), format)
        with pytest.raises(BadPart) as refused:
            read_plan_file(f"x.{format}", content)
        assert "2" in refused.value.text.th
        assert "081" not in str(refused.value)


def test_formats_are_known_by_their_endings() -> None:
    assert [format_of(name) for name in ("a.MM", "ข.markdown", "x.txt", "x.y.json")] == ["mm", "md", "md", "json"]
    for wrong in ("x", "x.docx", "", ".", "json.exe"):
        with pytest.raises(PlanFileUnknown):
            format_of(wrong)
    with pytest.raises(PlanFileUnknown):
        get_format("../x")


def test_markdown_reads_as_people_write_it() -> None:
    written = write_plan_file(plan_of("a"), "md").decode()
    for line in (
        "# ปัญหา: ผู้สูงอายุอยู่ลำพังและขาดผู้ดูแล (ตัวอย่างสมมติ)",
        "- *รหัสพื้นที่*: 7004",
        "- สาเหตุ 2: ไม่มีผู้ดูแล (CG) ครบทุกหมู่บ้าน",
        "  - สาเหตุ 2.1: อบรมแล้วแต่ไม่มีค่าตอบแทนต่อเนื่อง",
        "      - *แก้สาเหตุ*: 1, 2",
        "      - *ประเภทแนวทาง*: คุ้มครอง",
        "        - *งบประมาณ (บาท)*: 92000",
    ):
        assert line in written.split("\n"), line


@pytest.mark.parametrize("format", ["mm", "opml"])
def test_xml_is_well_formed_to_another_parser(format: Format) -> None:
    content = write_plan_file(plan_of("a"), format)
    assert etree.fromstring(content).tag == {"mm": "map", "opml": "opml"}[format]
    assert not re.search(rb"<(script|!DOCTYPE)", content)
