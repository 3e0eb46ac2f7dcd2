"""Outlines in Markdown: headings and lists; kinds as words before texts, fields as lines with a label in italics."""

import re
from collections.abc import Iterator

from boundaries.messages import text
from mapping.plan_fields import MOST_PARTS
from mapping.plan_files.arranging import to_plan
from mapping.plan_files.errors import PlanFileDamaged, PlanFileDeep, PlanFileLong
from mapping.plan_files.field_texts import LISTS, to_field_text
from mapping.plan_files.heads import about_texts, from_about_texts
from mapping.plan_files.opml import under_one
from mapping.plan_files.shape import refused
from mapping.plan_files.values import Branch, Branches, FilePart, PlanFile
from mapping.plan_files.words import label, marked, unmarked

DEEPEST_LIST = 60
LONGEST_LINE = 20_000
_SPECIAL = re.compile(r"([\\`*_\[\]<>&~#])")
_PLAIN = re.compile(r"\\([!-/:-@\[-`{-~])|\*\*|__|`")
_HEADING = re.compile(r"(#{1,6})[ \t]+(.*)")
_POINT = re.compile(r"([ \t]*)(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?(.*)")
_FIELD = re.compile(r"\*((?:[^*\\]|\\.){1,80})\*\s*[:：]\s*(.*)")
_NUMBERS = re.compile(r"\d+(?:\.\d+)*")


def write(plan: PlanFile) -> bytes:
    """Write a plan as an outline in Markdown."""
    return ("\n".join(_lines(plan)) + "\n").encode()


def _lines(plan: PlanFile) -> Iterator[str]:
    root, depths = plan.parts[0], {plan.parts[0].id: 0}
    numbers = _cause_numbers([(part.id, part.parent, part.kind) for part in plan.parts])
    yield f"# {marked(root.kind, _escaped(root.text))}"
    yield ""
    for name, value in about_texts(plan.about):
        yield f"- *{name}*: {_escaped(value)}"
    yield from _fields(root, 0)
    for part in plan.parts[1:]:
        depth = depths[part.parent or root.id]
        depths[part.id] = depth + 1
        yield f"{'  ' * depth}- {marked(part.kind, _escaped(part.text), numbers.get(part.id, ''))}"
        solved = [numbers[link.to] for link in plan.links if link.part == part.id and link.kind == "addresses"]
        if solved:
            causes = ", ".join(sorted(solved, key=_order))
            yield f"{'  ' * (depth + 1)}- *{text('plan_files.link.addresses').th}*: {causes}"
        yield from _fields(part, depth + 1)


def _fields(part: FilePart, depth: int) -> Iterator[str]:
    for name, value in part.fields.items():
        if name != "text":
            written = to_field_text(name, value)
            for line in written.split("\n") if name in LISTS else [written]:
                yield f"{'  ' * depth}- *{label(name)[0]}*: {_escaped(line)}".rstrip()


def _cause_numbers(parts: list[tuple[str, str | None, str | None]]) -> dict[str, str]:
    """Number the causes as their places say: 1, 2, and 2.1 for the first below the second."""
    made: dict[str, str] = {}
    under: dict[str | None, int] = {}
    for part_id, parent, kind in parts:
        if kind == "cause":
            under[parent] = under.get(parent, 0) + 1
            above = made.get(parent or "")
            made[part_id] = f"{above}.{under[parent]}" if above else str(under[parent])
    return made


def _order(number: str) -> list[int]:
    return [int(one) for one in number.split(".")]


def _escaped(words: str) -> str:
    return _SPECIAL.sub(r"\\\1", words)


def _unescaped(words: str) -> str:
    return _PLAIN.sub(lambda found: found[1] or "", words)


def read(name: str, content: bytes) -> PlanFile:
    """Read an outline. Raises PlanFileDamaged, PlanFileLong, PlanFileDeep, BadPart."""
    try:
        written = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise PlanFileDamaged(name=name) from None
    outline = under_one(_branches(name, written))
    if outline.found:
        outline.about = from_about_texts(outline.found[0].fields)
    solved = _solved(outline)
    plan = to_plan(name, outline)
    # Causes are counted as the plan has them: headings between them are no causes.
    numbers = {value: key for key, value in _cause_numbers([(p.id, p.parent, p.kind) for p in plan.parts]).items()}
    outline.links = [(part, numbers.get(number, ""), "addresses") for part, number in solved]
    return to_plan(name, outline) if solved else plan


def _solved(outline: Branches) -> list[tuple[str, str]]:
    """Take the numbers of the causes that solutions address out of their fields."""
    words, found = text("plan_files.link.addresses"), []
    for branch in outline.found:
        for called in ("addresses", words.th, words.en):
            found += [(branch.id, one) for one in _NUMBERS.findall(branch.fields.pop(called, "")[:2_000])]
    return found


def _branches(name: str, written: str) -> Branches:
    read_, open_ = Branches(), list[tuple[int, Branch]]()
    heading, comment = 0, False
    for line in written.replace("\r\n", "\n").split("\n"):
        comment = (comment or line.lstrip().startswith("<!--")) and "-->" not in line
        if comment or not line.strip() or line.lstrip().startswith("<!--"):
            continue
        if len(line) > LONGEST_LINE:
            raise refused(len(read_.found) + 1, text("plan_files.rule.line", long=f"{LONGEST_LINE:,}"))
        titled, point = _HEADING.fullmatch(line), _POINT.fullmatch(line)
        if titled:
            heading = len(titled[1])
            _open(name, read_, open_, heading, _unclosed(titled[2].strip()))
        elif point:
            _point(name, read_, open_, 10 + len(point[1].expandtabs(4)), point[2])
        elif open_:
            _add_field(open_[-1][1], "note", _unescaped(line.strip()))
        else:
            _open(name, read_, open_, 1, line.strip())
    return read_


def _unclosed(words: str) -> str:
    """Take the marks off that may close a heading."""
    bare = words.rstrip("#")
    return bare.rstrip() if bare[-1:].isspace() or not bare else words


def _point(name: str, read_: Branches, open_: list[tuple[int, Branch]], depth: int, words: str) -> None:
    said = _FIELD.fullmatch(words)
    if said is None:
        _open(name, read_, open_, depth, words)
        return
    above = next((branch for level, branch in reversed(open_) if level < depth), None)
    if above is not None:
        _add_field(above, _unescaped(said[1]), _unescaped(said[2]))


def _open(name: str, read_: Branches, open_: list[tuple[int, Branch]], depth: int, words: str) -> None:
    while open_ and open_[-1][0] >= depth:
        open_.pop()
    if len(read_.found) >= MOST_PARTS:
        raise PlanFileLong(name=name)
    if len(open_) >= DEEPEST_LIST:
        raise PlanFileDeep(name=name)
    kind, rest = unmarked(words)
    made = Branch(f"line-{len(read_.found)}", open_[-1][1].id if open_ else None, _unescaped(rest), kind)
    read_.found.append(made)
    open_.append((depth, made))


def _add_field(branch: Branch, name: str, value: str) -> None:
    held = branch.fields.get(name)
    branch.fields[name] = value if held is None else f"{held}\n{value}"
