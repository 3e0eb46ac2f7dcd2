"""The words of a sheet: title, period, what the figures say, stamps, the small print. Every statement is computed."""

from dataclasses import dataclass
from datetime import datetime

from boundaries.dates import BANGKOK, thai_date
from boundaries.messages import text
from layers.figures import Figure
from layers.taxonomy import get_problem
from mapping.area_map import AreaMap, level_word
from mapping.help_lines import help_lines
from mapping.labels import interval_text
from mapping.legends import number

NAMED = 3
"""Areas that a headline names."""


@dataclass(frozen=True)
class Fact:
    """One number in large type with its unit and what it means."""

    big: str
    unit: str
    words: str
    colour: str


def title(area_map: AreaMap) -> str:
    """Return the sheet's title; the country's has no mind map."""
    key = "sheet.title.country" if area_map.area.level == "country" else "sheet.title"
    named = area_map.area.full_name_th
    if area_map.area.level == "district":
        province = province_name(area_map)
        named += f" {province}" if area_map.area.code.startswith("10") else f" จังหวัด{province}"
    return text(key, area=named).th


def province_name(area_map: AreaMap) -> str:
    """Return the name of the province that a map shows or lies in; empty for the country."""
    return dict(area_map.crumbs).get(area_map.area.code[:2], "")


def subject(area_map: AreaMap) -> str:
    """Say what is shown, for which areas, for which time as far as the data go, and as of when."""
    table = area_map.figures
    if table.filter.problem:
        what = (
            text("title.problem", problem=get_problem(table.filter.problem).short_th).th + f" ({table.filter.problem})"
        )
    else:
        what = text("title.all_problems", counted=table.counted.th).th
    word = level_word(area_map.area, area_map.level)
    if not table.covered:
        return text("sheet.subject.uncovered", what=what, level=word, period=area_map.period).th
    day = thai_date(table.as_of, "long")
    return text("sheet.subject", what=what, level=word, period=area_map.period, day=day).th


def audience_stamp(area_map: AreaMap) -> str:
    """Return the stamp that says for whom the sheet is."""
    return text(f"sheet.audience.{area_map.figures.audience}").th


def printed_line(at: datetime) -> str:
    """Say when the sheet was printed, in พ.ศ."""
    here = at.astimezone(BANGKOK)
    return text("sheet.printed", day=thai_date(here.date(), "long"), hour=f"{here:%H.%M}").th


def default_office(area_map: AreaMap) -> str:
    """Name the office that a province's sheet stands for, the ministry for the capital and the country."""
    if area_map.area.kind in ("province", "district"):
        return text("sheet.office", province=province_name(area_map)).th
    return text("sheet.office.ministry").th


def headline(area_map: AreaMap) -> str:
    """Say in one line what stands out, from stable figures alone; whose interval lies above the whole, by name."""
    table, names = area_map.figures, _names(area_map)
    word = level_word(area_map.area, area_map.level)
    if not table.covered or all(figure.value is None for figure in table.rows()):
        return text("sheet.headline.none" if table.covered else "sheet.headline.uncovered", level=word).th
    stable = _stable(area_map)
    if not stable:
        return text("sheet.headline.unstable", level=word).th
    if table.measure == "count":
        return text("sheet.headline.most", level=word, areas=" ".join(names[f.area_code] for f in stable[:NAMED])).th
    above = _above(area_map)
    if not above:
        return text("sheet.headline.even", level=word).th
    shown = " ".join(names[figure.area_code] for figure in above[:NAMED])
    more = text("sheet.headline.more", count=len(above) - NAMED, level=word).th if len(above) > NAMED else ""
    return text("sheet.headline.above", areas=shown, more=more).th


def facts(area_map: AreaMap) -> tuple[Fact, ...]:
    """Return up to three facts: the whole, the highest stable rate beside it, how many areas are shown."""
    table, names = area_map.figures, _names(area_map)
    word, whole = level_word(area_map.area, area_map.level), table.total
    found = []
    if whole.cases is not None:
        rate = ""
        if table.measure == "rate" and whole.value is not None:
            rate = text("sheet.fact.rate", value=number(whole.value), unit=table.unit.th).th
        said = text("sheet.fact.whole", area=area_map.area.full_name_th, rate=rate).th
        found.append(Fact(number(whole.cases), table.counted.th, said, "ink"))
    stable = _stable(area_map)
    if stable and table.measure == "rate" and whole.value:
        top = stable[0]
        ratio = f"{(top.value or 0) / whole.value:.1f}"
        said = text(
            "sheet.fact.highest", area=names[top.area_code], value=number(top.value or 0), interval=interval_text(top)
        ).th
        found.append(Fact(ratio, text("sheet.fact.times").th, said, "effect"))
    shown = sum(figure.value is not None for figure in table.rows())
    said = text("sheet.fact.shown", all=len(area_map.names), level=word).th
    found.append(Fact(str(shown), word, said, "solution"))
    return tuple(found)


def small_print(area_map: AreaMap) -> str:
    """Return sources, denominator, disclosure and boundaries in one paragraph, and whom to call."""
    notes = [note for note in area_map.notes if note]
    lines = " · ".join(f"{line} {words.th}" for line, words in help_lines())
    return " · ".join([*notes, text("sheet.planning_only").th, lines])


def _names(area_map: AreaMap) -> dict[str, str]:
    return {shape.code: shape.name for shape in area_map.shapes}


def _stable(area_map: AreaMap) -> list[Figure]:
    found = [
        f for f in area_map.figures.rows() if f.state == "ok" and f.value is not None and f.area_code in area_map.names
    ]
    return sorted(found, key=lambda figure: (-(figure.value or 0), figure.area_code))


def _above(area_map: AreaMap) -> list[Figure]:
    """Return the stable figures whose whole 95 % interval lies above the value of the whole, highest first."""
    whole = area_map.figures.total.value
    return [f for f in _stable(area_map) if whole is not None and f.low is not None and f.low > whole]
