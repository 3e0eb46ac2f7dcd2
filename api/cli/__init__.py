"""Command line: thin doors into the rings. A command's module is loaded only when it is called, so help is quick."""

import gc
from dataclasses import dataclass
from importlib import import_module
from typing import Annotated, Any

import typer
import typer.main
from typer.core import TyperCommand, TyperGroup


@dataclass(frozen=True)
class Command:
    """A command's name, where it is written (`module:name`), and one line of help, Thai first."""

    name: str
    place: str
    help: str


COMMANDS = (
    Command("map", "api.cli.maps:write_one", "แผนที่ของพื้นที่หนึ่งเป็นแฟ้มเดียว / Write the map of one area as a single file"),
    Command(
        "maps", "api.cli.maps:write_many", "แผนที่ประเทศและทุกจังหวัด / Write the maps of the country and all provinces"
    ),
    Command("sheet", "api.cli.sheets:write_sheet", "แผ่นพิมพ์ A3 A4: แผนที่กับผังความคิด / Print map and mind map as PDF"),
    Command(
        "export",
        "api.cli.exports:write_export",
        "ส่งออกชั้นข้อมูลเป็นแฟ้ม GIS ตาราง Google Earth / Write layers for GIS, tables, globes",
    ),
    Command("slides", "api.cli.documents:write_slides", "สไลด์ 16:9 ที่แก้ไขได้ / Editable slides of an area and its stops"),
    Command("document", "api.cli.documents:write_document", "ตัวเลขและแผนเป็น DOCX XLSX / Figures and plan as files"),
    Command("picture", "api.cli.documents:write_picture", "แผนที่เป็นภาพ PNG SVG / The map as a picture"),
    Command("sheets", "api.cli.sheet_batches:write_sheets", "พิมพ์ทุกอำเภอหรือทุกจังหวัด / Print all districts or provinces"),
    Command("serve", "api.cli.serve:serve", "เปิดแผนที่ในเครื่องนี้ / Serve maps and API on this machine"),
    Command("boundaries", "api.cli.boundaries:app", "เขตการปกครอง: นำเข้า ตรวจ ค้นหา / Boundaries: load, check, look up"),
    Command("import", "api.cli.imports:import_command", "นำแฟ้มใด ๆ เข้า ตรวจก่อนบันทึก / Bring any file in, checked first"),
    Command("imports", "api.cli.imports:app", "การนำเข้า: แบบ รายการ ยกเลิก / Imports: template, list, undo"),
    Command("db", "api.cli.db:app", "ฐานข้อมูล: ปรับรุ่น ตรวจยอดรวม / Database: migrate, check the sums"),
    Command("field", "api.cli.field:app", "ข้อมูลจากพื้นที่: กุญแจ ซองที่ถูกกัก / Field capture: keys, quarantine"),
    Command("users", "api.cli.users:app", "บัญชีผู้ใช้และหน่วยงาน / Accounts and units"),
    Command("release", "api.cli.releases:app", "ชุดตัวเลขที่เผยแพร่: ทดสอบย้อนหาแล้วเผยแพร่ / Attack and publish figures"),
    Command("plan", "api.cli.plans:app", "แผนของพื้นที่: ดู ร่าง อนุมัติ / Plans of areas: show, draft, approve"),
    Command(
        "mindmap",
        "api.cli.mindmaps:app",
        "ผังความคิดเข้าและออก: Freeplane OPML Markdown XMind / Mind maps out to other programs and in",
    ),
    Command(
        "meeting", "api.cli.meetings:app", "การประชุม: แสดง แฟ้มนำเสนอ รายงาน / Meetings: show, presentation, minutes"
    ),
    Command("demo", "api.cli.demo:app", "สาธิตทั้งระบบด้วยข้อมูลสมมติ / Show everything with invented data"),
    Command("audit", "api.cli.audit:app", "บันทึกการใช้งาน: ตรวจ แสดง / Audit: verify, list"),
    Command(
        "identity",
        "api.cli.identity:app",
        "ข้อมูลระบุตัวบุคคล: กุญแจ สิทธิเจ้าของข้อมูล เก็บรักษา / Identity data: keys, rights, retention",
    ),
    Command("alerts", "api.cli.alerts:app", "การแจ้งเตือน: ส่ง เรื่องเลยกำหนด ส่งอีกครั้ง / Alerts: send, overdue, try again"),
    Command("cluster", "api.cli.cluster:app", "ฐานข้อมูลส่วนตัวของเครื่องนี้ / The private database of this machine"),
)


class LazyGroup(TyperGroup):
    """A group that shows its commands from the table above and loads one only when it runs."""

    def __init__(self, **given: Any) -> None:
        given["commands"] = {each.name: TyperCommand(each.name, help=each.help) for each in COMMANDS}
        super().__init__(**given)

    def list_commands(self, ctx: Any) -> list[str]:
        """Keep the order of the table: the main job first."""
        return [each.name for each in COMMANDS]

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Show each line of help whole, wrapped where it must be."""
        with formatter.section("คำสั่ง / Commands"):
            formatter.write_dl([(each.name, each.help) for each in COMMANDS])

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command as usual, then put the real one in the place of its line of help."""
        name, stub, rest = super().resolve_command(ctx, args)
        return (name, load(name), rest) if stub is not None and name is not None else (name, stub, rest)


def load(name: str) -> Any:
    """Load a command's module and make its command; a module that is missing fails here and nowhere else."""
    found = next(each for each in COMMANDS if each.name == name)
    module, _, attribute = found.place.partition(":")
    gc.disable()  # importing leaves no garbage; looking for it nevertheless takes a tenth of a command's time
    try:
        target = getattr(import_module(module), attribute)
    except ModuleNotFoundError as missing:
        from api.cli.common import fail
        from boundaries.messages import text

        fail(text("error.command_missing", name=name, reason=missing.name), code="error.command_missing")
    finally:
        gc.freeze()
        gc.enable()
    return _command(name, target)


def _command(name: str, target: Any) -> Any:
    """Make the command of a function, of an application with one command, or of one with several."""
    outer = typer.Typer(add_completion=False, rich_markup_mode=None)
    if not isinstance(target, typer.Typer):
        outer.command(name)(target)
    elif len(target.registered_commands) == 1 and not target.registered_groups:
        outer.command(name)(target.registered_commands[0].callback or target)
    else:
        outer.add_typer(target, name=name)
    outer.callback()(lambda: None)  # without one, an application of one command is that command
    return typer.main.get_group(outer).commands[name]


app = typer.Typer(
    cls=LazyGroup,
    name="socialmap",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version as installed_version

        typer.echo(f"socialmap {installed_version('socialmap')}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="รุ่นของโปรแกรม / The version")
    ] = False,
) -> None:
    """แผนที่สังคม: แผนที่ปัญหาสังคมกับผังความคิดในการแก้ไข / Social Map: maps of social problems with mind maps.

    รหัสออก 0 เสร็จ · 1 เสร็จแต่มีแถวที่ไม่รับ · 2 ทำไม่ได้ / Exit codes: 0 done, 1 done with rejected rows, 2 could not run.
    """


def main() -> None:
    """Run the command line."""
    app()
