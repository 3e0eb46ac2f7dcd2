"""The folder of standalone maps: what lies in it, what it was made from, and what is still current.

`manifest.json` names the files with their checksums and the fingerprint of data and code they were made from,
so that a second run writes nothing and a broken-off one goes on where it stopped.
"""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from html import escape
from pathlib import Path

from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from api.files import write_whole
from api.pages import STYLE, plain_page
from api.settings import PROJECT
from boundaries.areas import AreaRecord
from boundaries.editions import get_active
from boundaries.messages import text
from boundaries.sources import credit
from mapping.offline import Library, inline_fonts
from mapping.social_map import file_name

MANIFEST, INDEX = "manifest.json", "index.html"
CONTENT_TABLES = ("release_table", "release", "observation", "asset", "source", "indicator")
"""What maps are drawn from, beside the boundaries; neither cases nor their rollups are read."""
PLANS = "SELECT count(*), sum(number), count(approved_on), CASE WHEN count(*) > 0 THEN current_date END FROM plan"
CODE = ("boundaries", "layers", "mapping", "api/cli/maps.py", "api/web/package-lock.json", "requirements.lock")


@dataclass
class Manifest:
    """What was written: file name → sha256, and the fingerprint of what it was made from."""

    fingerprint: str
    files: dict[str, str] = field(default_factory=dict)


def fingerprint(session: Session) -> str:
    """Return a checksum over all that decides how the maps look: boundaries, figures, code and web libraries."""
    edition = get_active(session)
    digest = sha256(f"{edition.checksum} {credit(edition)}".encode())
    for table in CONTENT_TABLES:
        # The sum does not depend on the order of the rows.
        query = f"SELECT count(*), sum(hashtextextended(t::text, 0)::numeric) FROM {table} t"  # noqa: S608  (own names)
        digest.update(repr((table, *session.execute(sql(query)).one())).encode())
    # What plans say follows from their changes; that an activity is late follows from the day.
    digest.update(repr(session.execute(sql(PLANS)).one()).encode())
    for name in CODE:
        place = PROJECT / name
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(str(path.relative_to(PROJECT)).encode() + path.read_bytes())
    return digest.hexdigest()


def read_manifest(folder: Path) -> Manifest:
    """Return what the folder says of itself; an empty one where it says nothing."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        said = json.loads((folder / MANIFEST).read_text("utf-8"))
        return Manifest(str(said["fingerprint"]), dict(said["files"]))
    return Manifest("")


def missing(folder: Path, wanted: str, codes: Sequence[str]) -> list[str]:
    """List the codes whose maps are not there, or not as the fingerprint `wanted` would make them."""
    found = read_manifest(folder)
    if found.fingerprint != wanted:
        return list(codes)
    return [code for code in codes if _digest(folder / file_name(code)) != found.files.get(file_name(code), "")]


def note(folder: Path, made_from: str, names: Sequence[str]) -> None:
    """Write into the manifest that these files were made from this state."""
    manifest = read_manifest(folder)
    if manifest.fingerprint != made_from:
        manifest = Manifest(made_from, manifest.files)
        for code_file in manifest.files:  # made from another state: no longer vouched for
            manifest.files[code_file] = ""
    manifest.files.update({name: _digest(folder / name) or "" for name in names})
    said = {"fingerprint": manifest.fingerprint, "files": dict(sorted(manifest.files.items()))}
    write_whole(folder / MANIFEST, (json.dumps(said, indent=1) + "\n").encode())


def write_index(folder: Path, areas: Sequence[AreaRecord], library: Library) -> bool:
    """Write the list of maps, unless it is there already; return whether it was written. MissingAsset."""
    content = _index(areas, inline_fonts(library)).encode()
    path = folder / INDEX
    if path.is_file() and path.read_bytes() == content:
        return False
    write_whole(path, content)
    return True


def _index(areas: Sequence[AreaRecord], fonts: str) -> str:
    title = text("output.title")
    lines = "\n".join(
        f'<li><a href="{file_name(area.code)}">{escape(area.full_name_th)} '
        f'<span lang="en">{escape(area.name_en)}</span></a></li>'
        for area in areas
    )
    more = f"{STYLE}main{{max-width:60rem}}ul{{columns:16rem;padding-left:1.2rem}}"
    return plain_page(title, f"<ul>\n{lines}\n</ul>", f"<style>{fonts}{more}</style>", served=False) + "\n"


def remove(folder: Path) -> list[Path]:
    """Remove the files the manifest names, and the folder when nothing else lies in it; return what stays."""
    if not (folder / MANIFEST).exists():
        return sorted(folder.iterdir()) if folder.is_dir() else []
    for name in [*read_manifest(folder).files, INDEX, MANIFEST]:
        (folder / name).unlink(missing_ok=True)
    left = sorted(folder.iterdir())
    if not left:
        folder.rmdir()
    return left


def _digest(path: Path) -> str | None:
    try:
        return sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None
