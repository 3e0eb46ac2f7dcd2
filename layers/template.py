"""The template that cases come in by: its columns, and the workbook that explains them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from boundaries.errors import SocialMapError
from boundaries.messages import text
from layers import taxonomy


class MissingColumns(SocialMapError):
    """A table without columns that it must have."""

    key = "error.missing_columns"


@dataclass(frozen=True)
class Column:
    """One column of the template."""

    key: str
    th: str
    required: bool
    example: str

    @property
    def title(self) -> str:
        """Its heading: Thai, and the English key in brackets."""
        return f"{self.th} ({self.key})"


COLUMNS = (
    Column("external_id", "เลขที่เรื่อง", True, "99-2569-0001"),
    Column("problem_code", "รหัสปัญหา", True, "P08.01"),
    Column("reported_on", "วันที่รับแจ้ง", True, "5/11/2568"),
    Column("area_code", "รหัสพื้นที่", False, "990101"),
    Column("village_code", "รหัสหมู่บ้าน", False, "99010103"),
    Column("lat", "ละติจูด", False, "11.05"),
    Column("lon", "ลองจิจูด", False, "100.05"),
    Column("accuracy_m", "ความคลาดเคลื่อน (เมตร)", False, "10"),
    Column("urgency", "ความเร่งด่วน", False, "U2"),
    Column("status", "สถานะ", False, "10"),
    Column("close_reason", "เหตุที่ยุติ", False, ""),
    Column("target_groups", "กลุ่มเป้าหมาย", False, "T07, T16"),
    Column("secondary_problems", "ปัญหารอง", False, "P01.05"),
    Column("weight", "น้ำหนัก", False, "1"),
    Column("counted", "หน่วยของน้ำหนัก", False, "case"),
)


def build_template() -> bytes:
    """Make the workbook (XLSX): a sheet to fill in, one that explains the columns, one with all codes."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "cases"
    _fill(sheet, [[column.title for column in COLUMNS]])
    for column in sheet.columns:
        letter = str(column[0].column_letter)
        sheet.column_dimensions[letter].width = 22
        # As text, or leading zeros of codes are lost and พ.ศ. dates become others.
        for row in range(2, 502):
            sheet[f"{letter}{row}"].number_format = "@"
    explained = book.create_sheet("คำอธิบาย help")
    words = [text(f"template.{column.key}") for column in COLUMNS]
    rows = [
        [column.title, "จำเป็น required" if column.required else "", one.th, one.en, column.example]
        for column, one in zip(COLUMNS, words, strict=True)
    ]
    _fill(explained, [["คอลัมน์ column", "", "คำอธิบาย", "meaning", "ตัวอย่างสมมติ invented example"], *rows])
    _fill(book.create_sheet("รหัส codes"), [["ชนิด kind", "รหัส code", "ไทย", "English"], *_codes()])
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _codes() -> Iterable[list[str]]:
    for problem in taxonomy.problems().values():
        yield ["problem_code", problem.code, problem.th, problem.en]
    for group in taxonomy.target_groups().values():
        yield ["target_groups", group.code, group.th, group.en]
    for urgency in taxonomy.urgencies().values():
        yield ["urgency", urgency.code, urgency.th, urgency.en]
    for status in taxonomy.statuses().values():
        yield ["status", str(status.code), status.th, status.en]
    for name, words in (*taxonomy.close_reasons().items(),):
        yield ["close_reason", name, words.th, words.en]
    for name, words in taxonomy.units().items():
        yield ["counted", name, words.th, words.en]


def _fill(sheet: Worksheet, rows: Iterable[Sequence[str]]) -> None:
    for number, row in enumerate(rows, start=1):
        for place, value in enumerate(row, start=1):
            cell = sheet.cell(number, place)
            cell.value = harmless(value)
            cell.number_format = "@"
            cell.data_type = "s"
            cell.font = Font(bold=number == 1)
    sheet.freeze_panes = "A2"


def harmless(value: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{value}" if value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
