"""The page that plays a briefing: the same steps served by the product or within one file that needs no network."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from boundaries.messages import text
from mapping.briefing.steps import Step
from mapping.help_lines import footer
from mapping.offline import AssetServer, Inline, content_security_policy, font_link, inline_fonts
from mapping.sheet.words import Fact
from mapping.styles import css_variables
from mapping.thai_text import runs

FOLDER = Path(__file__).parent
Assets = Inline | AssetServer
LONG = 24
"""Letters of a run that may be wider than a narrow column."""


def render(title: str, stamps: Sequence[str], steps: Sequence[Step], assets: Assets) -> str:
    """Write the page; in a file of its own fonts, style and script are within and named by their hashes.

    A served page has its style and script marked with the answer's nonce. Raises MissingAsset.
    """
    first: Mapping[int, str] = {step.number: step.id for step in reversed(steps)}
    served = isinstance(assets, AssetServer)
    mark = f' nonce="{assets.nonce}"' if isinstance(assets, AssetServer) else ""
    fonts = font_link(assets) if isinstance(assets, AssetServer) else f"<style>{inline_fonts(assets.library)}</style>"
    parts = {
        "head": f"{fonts}<style{mark}>{css_variables()}{_lean('player.css')}</style>",
        "script": f"<script{mark}>{_lean('player.js')}</script>",
        "foot": footer(privacy=served),
    }
    ours = {name: Markup(markup) for name, markup in parts.items()}  # noqa: S704  (our own markup)
    html = _templates().get_template("player.html").render(title=title, stamps=stamps, steps=steps, first=first, **ours)
    if served:
        return html
    policy = f'<meta http-equiv="Content-Security-Policy" content="{content_security_policy(html)}">'
    return html.replace('<meta charset="utf-8">', f'<meta charset="utf-8">{policy}', 1)


def served_policy(nonce: str) -> str:
    """Return the policy of the served page: its own style and script, fonts of this server, nothing else."""
    return (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; font-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


@cache
def _templates() -> Environment:
    kept = {"trim_blocks": True, "lstrip_blocks": True}
    made = Environment(loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, **kept)  # type: ignore[arg-type]
    made.filters["breaks"] = breaks
    made.globals.update(th=lambda key, **given: text(key, **given).th, facts=_facts)
    return made


def breaks(words: str) -> Markup:
    """Write a text whose lines break between words of Thai and nowhere else; a long run may be parted."""
    made = []
    for run in runs(words):
        kept = run.rstrip(" ")
        made.append(Markup('<span class="{}">{}</span>').format("long" if len(kept) > LONG else "run", kept))
        made.append(Markup("<wbr>") if kept == run else Markup(" "))
    return Markup("").join(made)


def _facts(facts: Sequence[Fact]) -> Markup:
    each = Markup('<div class="fact {}"><b>{}</b> {}<span>{}</span></div>')
    made = Markup("").join(each.format(one.colour, one.big, one.unit, breaks(one.words)) for one in facts)
    return Markup('<div class="facts">{}</div>').format(made)


@cache
def _lean(name: str) -> str:
    source = (FOLDER / name).read_text("utf-8")
    lines = (line.strip() for line in source.splitlines())
    kept = "\n".join(line for line in lines if line and not line.startswith("//"))
    return re.sub(r"</(script|style)", r"<\\/\1", kept)
