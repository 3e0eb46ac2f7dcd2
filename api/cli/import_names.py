"""Names of areas that persons decided, on the command line: settled, listed, forgotten."""

import json
from dataclasses import asdict
from typing import Annotated

import typer

from api.cli.common import database, fail, told
from api.cli.import_words import Json, output, say
from boundaries.messages import text
from layers.scope import Scope


def settle_name(
    code: Annotated[str, typer.Argument(metavar="CODE", help="รหัสพื้นที่ที่ถูกต้อง / The right area's code")],
    province: Annotated[str | None, typer.Option(help="คำในช่องจังหวัด / Text of the province")] = None,
    district: Annotated[str | None, typer.Option(help="คำในช่องอำเภอ / Text of the district")] = None,
    subdistrict: Annotated[str | None, typer.Option(help="คำในช่องตำบล / Text of the subdistrict")] = None,
    as_json: Json = False,
) -> None:
    """ตัดสินชื่อพื้นที่ที่ระบบไม่แน่ใจ และจำไว้ใช้ครั้งต่อไป / Settle a name that was not sure, for next time too."""
    from boundaries.matching import Named, save_alias

    with told(as_json), database(reason="imports name") as session:
        saved = save_alias(session, Named(province, district, subdistrict), code, None)
    if not saved:
        fail(text("import.name_taken", code=code), as_json, code="import.name_taken")
    say(text("import.name_saved", code=code), {"code": code}, as_json)


def names(
    area: Annotated[str | None, typer.Option(help="รหัสจังหวัด / Code of a province")] = None, as_json: Json = False
) -> None:
    """ชื่อพื้นที่ที่คนเคยตัดสินและระบบจำไว้ ใหม่สุดก่อน / Names that were settled and are remembered, newest first."""
    from api.imports.names import known_names
    from boundaries.matching import list_aliases

    with told(as_json), database(reason="imports names") as session:
        kept = [one for one in list_aliases(session) if area is None or one.code.startswith(area)]
        found = known_names(session, kept)
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, default=str))
        return
    for one in found:
        asked = " · ".join(filter(None, (one.name, one.above)))
        output.print(
            f"{one.id}  {one.decided_at:%Y-%m-%d %H:%M}  {asked} → {one.code} {one.area}  {one.actor_id or '–'}"
        )


def forget(
    name_id: Annotated[str, typer.Argument(metavar="ID", help="เลขของชื่อจาก imports names / Id from imports names")],
    as_json: Json = False,
) -> None:
    """ลืมคำตัดสินของชื่อหนึ่ง แล้วระบบจะถามใหม่ / Forget what was settled about a name; it is asked again."""
    from api.imports.errors import NameNotFound
    from api.imports.names import note_forgotten
    from boundaries.matching import delete_alias, find_alias

    with told(as_json), database(reason="imports forget") as session:
        found = find_alias(session, name_id)
        if found is None or not delete_alias(session, found.key):
            raise NameNotFound
        note_forgotten(session, Scope.system("import"), found)
    say(text("import.name_forgotten", name=found.key.name, code=found.code), {"id": name_id}, as_json)
