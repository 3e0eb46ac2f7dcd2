"""Invented tables of counts as offices keep them: long and wide, with sums, fiscal years and Thai digits."""

from pathlib import Path

from openpyxl import Workbook

LONG = """สถิติผู้ประสบปัญหา จังหวัดสมมติบุรี
ลำดับ,อำเภอ,ประเภทปัญหา,ปีงบประมาณ,จำนวน (ราย)
1,เมืองสมมติบุรี,ความยากจน,๒๕๖๘,๓๗
2,เมืองสมมติบุรี,ว่างงาน,๒๕๖๘,"๑,๒๐๔"
3,ท่าตัวอย่าง,ความยากจน,๒๕๖๘,๓
4,ท่าตัวอย่าง,ว่างงาน,๒๕๖๘,-
5,เกาะลองทำ,ความยากจน,๒๕๖๘,๐
,รวม,,,"๑,๒๔๔"
"""
"""37 + 3 + 0 of P01.01 and 1,204 of P01.02 in fiscal year 2568; Thai digits, a dash and a row of sums."""

WIDE = """รหัสอำเภอ,ปี,ความยากจน,ผู้ป่วยติดเตียง,คนเร่ร่อน (คน),ประชากร
9901,2568,37,12,0,41000
9902,2568,3,,5,20000
9903,2568,0,-,1,9000
รวมทั้งสิ้น,,40,12,6,70000
"""
"""Year 2568: 40 of P01.01, 12 of P08.02, 6 of P10.01 counted as persons; a column of people and a row of sums."""

WITHOUT_PERIOD = "อำเภอ,ความยากจน,ผู้ป่วยติดเตียง\nเมืองสมมติบุรี,37,2\nท่าตัวอย่าง,3,1\n"


def write_text(path: Path, content: str) -> Path:
    """Write a file as offices do, in cp874."""
    path.write_bytes(content.encode("cp874"))
    return path


def write_two_rows(path: Path) -> Path:
    """Write a workbook with a header of two rows, a title above it and a row of sums below."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["จำนวนผู้ประสบปัญหาทางสังคม จังหวัดสมมติบุรี"])
    sheet.append(["อำเภอ", "ตำบล", "ปีงบประมาณ", "จำนวนผู้ประสบปัญหา (ครัวเรือน)", None, None])
    sheet.append([None, None, None, "ความยากจน", "ผู้ป่วยติดเตียง", "รวม"])
    sheet.merge_cells("D2:F2")
    for column in "ABC":
        sheet.merge_cells(f"{column}2:{column}3")
    sheet.append(["เมืองสมมติบุรี", "ในเมืองสมมติ", 2568, 30, 4, 34])
    sheet.append(["เมืองสมมติบุรี", "ตลาดใหม่สมมติ", 2568, 7, 0, 7])
    sheet.append(["ท่าตัวอย่าง", "หนองแบบ", 2568, 3, 1, 4])
    sheet.append(["รวม", None, None, 40, 5, 45])
    book.save(path)
    return path
