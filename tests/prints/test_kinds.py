"""Slides, documents, workbooks and pictures by address: what a sheet of the same question shows, and no more."""

import io
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest

from tests.api.test_maps import needs_libraries
from tests.prints.conftest import Place
from tests.prints.test_sheets import YEAR, is_said, said_of, shown

pytestmark = needs_libraries
AT = "/api/v1/sheets/99"
ASKED = [f"{YEAR}&problem={problem}" for problem in ("P05", "P09", "P10", "P12", "P13", "P14")]


def rows_of(kind: str, content: bytes) -> Iterator[str]:
    """Give the rows of all tables of a file, as a reader of its own finds them."""
    if kind == "pptx":
        from pptx import Presentation

        shapes = [shape for slide in Presentation(io.BytesIO(content)).slides for shape in slide.shapes]
        tables = [shape.table for shape in shapes if shape.has_table]
        yield from (" ".join(cell.text for cell in row.cells) for table in tables for row in table.rows)
    elif kind == "docx":
        from docx import Document

        tables = Document(io.BytesIO(content)).tables
        yield from (" ".join(cell.text for cell in row.cells) for table in tables for row in table.rows)
    else:
        from openpyxl import load_workbook

        for sheet in load_workbook(io.BytesIO(content)).worksheets:
            yield from (" ".join(str(cell) for cell in row if cell is not None) for row in sheet.values)


@pytest.mark.parametrize("kind", ["pptx", "docx", "xlsx"])
@pytest.mark.parametrize("who", ["anybody", "oversight"])
def test_a_file_shows_the_figures_of_its_audience_hidden_ones_included(place: Place, kind: str, who: str) -> None:
    asked = next(one for one in ASKED if len({value is None for _, value in shown(place, who, one).values()}) == 2)
    told, exact = shown(place, who, asked), shown(place, "head", asked)
    answer = place.clients[who].get(f"{AT}.{kind}?{asked}")
    assert answer.status_code == 200
    said = said_of("\n".join(rows_of(kind, answer.content)), place)
    for code, lines in said.items():
        _, value = told[code]
        if value is not None:
            assert is_said(lines, value), (code, value, lines)
        else:
            assert not any(f"{exact[code][1]:.0f}" in line[1:] for line in lines), (code, lines)


@pytest.mark.parametrize("kind", ["pptx", "docx", "xlsx", "svg"])
def test_exact_figures_need_a_reason_and_are_on_record(place: Place, kind: str) -> None:
    head = place.clients["head"]
    assert head.post(f"{AT}.{kind}?{YEAR}", json={"reason": " " * 9}).status_code == 403
    answer = head.post(f"{AT}.{kind}?{YEAR}", json={"reason": "ประชุมทีมในหน่วยงาน"})
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    newest = place.printed("head")[0]
    assert (newest.reason, newest.details["audience"], newest.details["format"]) == (
        "ประชุมทีมในหน่วยงาน", "internal", kind,
    )  # fmt: skip
    assert place.clients["far"].post(f"{AT}.{kind}?{YEAR}", json={"reason": "อยากทราบ"}).status_code == 403


def test_a_picture_runs_nothing(place: Place) -> None:
    answer = place.clients["anybody"].get(f"{AT}.svg", params={"office": "<script>alert(1)</script>"})
    root = ElementTree.fromstring(answer.content)
    assert root.tag.endswith("svg")
    assert not [one for one in root.iter() if one.tag.endswith("script")]
    assert (
        "script" not in answer.headers["content-security-policy"]
        or "'none'" in answer.headers["content-security-policy"]
    )


def test_the_page_offers_every_kind(place: Place) -> None:
    shown_page = place.clients["anybody"].get("/print/99").text
    for kind in ("pdf", "pptx", "docx", "xlsx", "svg"):
        assert f'href="{AT}.{kind}' in shown_page
