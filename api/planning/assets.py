"""The scripts and styles of the page on which plans are worked on, each served under an address of its content."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.answers import etag, not_modified, unchanged
from api.dependencies import CodePath, known_parameters
from api.errors import NotFound
from api.routers.maps import IMMUTABLE, WebLibrary
from mapping.offline import Asset, Library, MissingAsset, lean
from mapping.styles import css_variables

ELEMENTS = Path(__file__).parent / "elements"
SCRIPTS = (
    "dom", "tree", "words", "changes", "store", "queue", "live", "dress", "map", "mapkeys", "inplace", "fields",
    "clash", "form", "linking", "history", "compare", "dialogs", "page",
)  # fmt: skip
"""Our scripts in the order they run; each adds to one global, the last one begins."""
STYLES = ("editor", "tree", "panel", "phone")
LIBRARY_SCRIPT = "mind-elixir/dist/MindElixirLite.iife.js"
LIBRARY_STYLE = "mind-elixir/dist/MindElixirLite.css"
PREFIX = "/plans/assets"

# What is wrong with a file is told to programs, not on a page.
router = APIRouter(prefix=PREFIX, include_in_schema=False, dependencies=[Depends(known_parameters)])


@cache
def editor_assets(library: Library) -> Mapping[str, Asset]:
    """Return every file that the page asks for, by its hashed path. MissingAsset where one is absent.

    The pictures within the library's style are left out: a page may ask this server for pictures alone.
    """
    style = re.sub(r"url\([^)]*\)", "none", library.file(LIBRARY_STYLE).read_text("utf-8"))
    script = re.sub(r"//# sourceMappingURL=.*", "", library.file(LIBRARY_SCRIPT).read_text("utf-8"))
    ours = css_variables() + "\n".join(_element(f"{name}.css") for name in STYLES)
    files = [
        Asset("mind-elixir.css", style.encode(), "text/css; charset=utf-8"),
        Asset("plan.css", ours.encode(), "text/css; charset=utf-8"),
        Asset("mind-elixir.js", script.encode(), "text/javascript; charset=utf-8"),
        Asset(
            "plan.js", "\n".join(_element(f"{name}.js") for name in SCRIPTS).encode(), "text/javascript; charset=utf-8"
        ),
    ]
    return MappingProxyType({asset.path: asset for asset in files})


def editor_files(library: Library) -> dict[str, list[str]]:
    """Return the addresses of the page's styles and scripts in their order. MissingAsset where one is absent."""
    paths = {asset.name: f"{PREFIX}/{path}" for path, asset in editor_assets(library).items()}
    return {
        "styles": [paths["mind-elixir.css"], paths["plan.css"]],
        "scripts": [paths["mind-elixir.js"], paths["plan.js"]],
    }


def _element(name: str) -> str:
    path = ELEMENTS / name
    if not path.is_file():
        raise MissingAsset(name=name, folder=str(ELEMENTS))
    return lean(path.read_text("utf-8"))


@router.get("/{digest}/{name}")
def get_asset(request: Request, library: WebLibrary, digest: CodePath, name: CodePath) -> Response:
    """A script or style of the page, looked up by its whole address in what is served and nowhere else."""
    asset = editor_assets(library).get(f"{digest}/{name}")
    if asset is None:
        raise NotFound(path=PREFIX)
    tag = etag(digest, name)
    if unchanged(request, tag):
        return not_modified(tag)
    return Response(asset.body, headers={"ETag": tag, "Cache-Control": IMMUTABLE}, media_type=asset.media_type)
