"""A page made from files on disk that shows mind maps and nothing else."""

import json
from pathlib import Path

from playwright.sync_api import Page

from mapping.mindmap_json import TextTable, compact
from mapping.mindmaps import MindMap
from mapping.sarabun import FOLDER
from mapping.styles import WEIGHTS

ELEMENTS = Path(__file__).parents[2] / "mapping" / "elements"


def show(page: Page, mind_map: MindMap, folder: Path, call: str) -> None:
    """Write the page into `folder`, open it and run `call`, which sees `host`, `item` and `texts`."""
    texts = TextTable()
    item = compact(mind_map, texts)
    path = folder / "mindmap.html"
    path.write_text(_html({"item": item, "texts": texts.to_json()}), "utf-8")
    page.goto(path.as_uri())
    page.evaluate("document.fonts.ready")
    page.evaluate(
        """async (call) => {
            const {item, texts} = JSON.parse(document.getElementById("data").textContent);
            const host = document.getElementById("host");
            window.told = [];
            host.addEventListener("mindmap:branch", (event) => window.told.push(event.detail));
            window.result = new Function("host", "item", "texts", call)(host, item, texts);
            await Promise.all([400, 600, 700].map((weight) => document.fonts.load(weight + " 14px Sarabun", "กa")));
        }""",
        call,
    )


def _html(data: dict[str, object]) -> str:
    faces = "".join(
        f"@font-face{{font-family:Sarabun;font-weight:{weight};src:url('{FOLDER.as_uri()}/sarabun-{subset}-{weight}-normal.woff2');"
        f"unicode-range:{letters}}}"
        for weight in WEIGHTS
        for subset, letters in (("thai", "U+0E01-0E5B,U+25CC"), ("latin", "U+0000-00FF,U+2000-206F"))
    )
    body = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
    return (
        f"<!doctype html><html lang=th><meta charset=utf-8><title>ผังความคิด</title><style>{faces}"
        "*{box-sizing:border-box}"
        "body{margin:0;padding:8px;background:#fff;font:400 14px/1.5 Sarabun,sans-serif}</style>"
        f"<link rel=stylesheet href='{(ELEMENTS / 'mindmap.css').as_uri()}'><main id=host></main>"
        f"<script type=application/json id=data>{body}</script>"
        f"<script src='{(ELEMENTS / 'mindmap.js').as_uri()}'></script>"
    )
