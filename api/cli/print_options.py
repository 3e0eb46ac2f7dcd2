"""The options that all commands of printing share."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from api.cli.maps import Measure

Paper = Annotated[str, typer.Option(help="กระดาษ A4 A3 A1 หรือ A0 / Paper")]
Orientation = Annotated[Literal["landscape", "portrait"], typer.Option(help="แนวนอนหรือแนวตั้ง / Orientation")]
ThaiDigits = Annotated[bool, typer.Option("--thai-digits", help="เลขไทย / Thai digits")]
MeasureOption = Annotated[Measure | None, typer.Option(help="อัตราหรือจำนวน / Rate or count")]
Internal = Annotated[
    bool, typer.Option("--internal", help="ตัวเลขจริง ใช้ภายในราชการ ต้องมี --reason / Exact figures, with --reason")
]
Reason = Annotated[str | None, typer.Option(help="เหตุผลที่ใช้ตัวเลขจริง บันทึกไว้ / Why, on record")]
Office = Annotated[str | None, typer.Option(help="ชื่อหน่วยงานที่แสดง / Name of the office to show")]
Logo = Annotated[Path | None, typer.Option(help="ตราหน่วยงาน PNG / Logo, a PNG")]
PrintedAt = Annotated[datetime | None, typer.Option(help="เวลาพิมพ์ที่แสดง (เวลาไทยถ้าไม่ระบุเขต) / Time of printing to show")]
