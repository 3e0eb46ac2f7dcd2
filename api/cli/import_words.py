"""What an import tells a person on the terminal: how the file was read, and what became of its rows."""

import json
from collections.abc import Iterator
from typing import Annotated, Any

import typer
from rich.console import Console

from boundaries.messages import Text, text
from layers.files.table import FileTable
from layers.importing import ImportReport, Proposal
from layers.importing.recipes import Recipe
from layers.importing.roles import get_role

output = Console(highlight=False, markup=False, soft_wrap=True)
Json = Annotated[bool, typer.Option("--json", help="ตอบเป็น JSON / Answer in JSON")]
SHOWN = 20
"""Lines of a long list that are shown; --json gives all that is kept."""


def say_file(console: Console, table: FileTable, proposal: Proposal) -> None:
    """Say what the file is and what each of its columns is taken for."""
    found = table.detected
    parts = (found.kind, found.encoding, found.sheet or found.layer, found.crs)
    _both(console, text("import.file", name=table.name, kind=" · ".join(filter(None, parts))))
    for note in found.notes:
        _both(console, note)
    for line in _columns(proposal.recipe, proposal):
        console.print(line)
    if proposal.missing:
        roles = [get_role(role).title for role in proposal.missing]
        params = {"th": ", ".join(one.th for one in roles), "en": ", ".join(one.en for one in roles)}
        _both(console, text("import.missing", **params))


def _columns(recipe: Recipe, proposal: Proposal) -> Iterator[str]:
    for role, headings in recipe.columns.items():
        title = get_role(role).title
        reason = proposal.reasons.get(headings[0])
        unsure = " ?" if any(one in proposal.unsure for one in headings) else ""
        told = f"  ({reason.th} / {reason.en})" if reason else ""
        yield f"  {' + '.join(headings)} → {title.th} / {title.en}{unsure}{told}"
    for role, value in recipe.fixed.items():
        title = get_role(role).title
        yield f"  = {value} → {title.th} / {title.en}"
    for one in proposal.personal:
        words = text("import.personal", heading=one.heading)
        yield f"  {words.th} / {words.en}"


def say_report(console: Console, errors: Console, target: str, report: ImportReport) -> None:
    """Say what became of the rows, refused ones and open decisions first."""
    for one in report.refused[:SHOWN]:
        errors.print(f"{one.row}: {one.reason.th} / {one.reason.en}")
    _more(errors, report.refused_rows - min(len(report.refused), SHOWN))
    for name in report.names[:SHOWN]:
        asked = name.named
        words = " · ".join(filter(None, (asked.subdistrict, asked.district, asked.province, asked.address)))
        choice = "; ".join(f"{one.code} {one.name}" for one in name.candidates) or "–"
        _both(errors, text("import.name", name=words, rows=f"{name.rows:,}", row=name.first_row, choice=choice))
    _more(errors, len(report.names) - SHOWN)
    for word in report.words[:SHOWN]:
        title, choice = get_role(word.role).title, ", ".join(word.candidates) or "–"
        params = {"role_th": title.th, "role_en": title.en, "rows": f"{word.rows:,}", "row": word.first_row}
        _both(errors, text("import.word", word=word.word, choice=choice, **params))
    _more(errors, len(report.words) - SHOWN)
    _say_counts(console, errors, report)
    _both(console, summary(target, report))


def _say_counts(console: Console, errors: Console, report: ImportReport) -> None:
    for repair in report.repairs:
        params = {"th": repair.words.th, "en": repair.words.en, "rows": f"{repair.rows:,}", "name": repair.name}
        _both(errors, text("import.repair", **params))
    told = {"linked": report.linked_rows, "gone": report.gone_rows, "not_renewed": report.not_renewed_rows}
    told |= {"status_kept": report.status_kept_rows, "uncounted": report.uncounted_rows, "doubles": report.doubled_rows}
    for kind, count in told.items():
        if count:
            _both(errors, text(f"import.{kind}", count=f"{count:,}"))
    for kind, count in {**report.left_out, "hidden": report.hidden_rows}.items():
        if count:
            _both(errors, text(f"import.rows_{kind}", count=f"{count:,}"))
    for match, count in report.matches.items():
        console.print(f"{match}: {count:,}")
    if report.cases != sum(report.matches.values()):
        _both(console, text("import.tallied", cases=f"{report.cases:,}"))


def summary(target: str, report: ImportReport) -> Text:
    """Say in one sentence what was written, or that nothing was."""
    if target != "cases" and report.written:
        return text({"figures": "import.observation", "assets": "import.asset"}[target], count=f"{report.new:,}")
    return text(
        "import.cases" if report.written else "import.nothing",
        rows=f"{report.rows:,}",
        new=f"{report.new:,}",
        changed=f"{report.changed:,}",
        unchanged=f"{report.unchanged:,}",
        rejected=f"{report.refused_rows + report.waiting_rows:,}",
    )


def _more(console: Console, count: int) -> None:
    if count > 0:
        console.print(f"… {count:,}")


def _both(console: Console, words: Text) -> None:
    console.print(words.th)
    if words.en != words.th:
        console.print(words.en)


def say(words: Text, value: Any, as_json: bool) -> None:
    """Say what was done, in two languages or as JSON."""
    if as_json:
        typer.echo(json.dumps(value, ensure_ascii=False, default=str))
        return
    for one in filter(None, (words.th, words.en)):
        output.print(one)
