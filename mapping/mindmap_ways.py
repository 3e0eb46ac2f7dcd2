"""A way to solve as a box of the radial: tag, objective, its activities in brief or with all that is stated of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from boundaries.messages import text
from mapping.mindmap_boxes import LINE_HEIGHT, RADIAL_TYPE, Box, Para, Role, Rule, para, stacked
from mapping.mindmaps import Activity, Indicator, Solution

WAY_W, WHOLE_W = 412, 520
"""Width of a box in brief and of one that tells all."""
PAD_X, PAD_Y, BAR = 10, 5, 2
STATUS_W, LEAD_W, FIGURES_W = 104, 122, 170
RULE_ABOVE, RULE_BELOW = 5, 5
MOST_LINES = 6
"""Longer texts end with … in a brief box and are whole in the tree, the outline and the box's title."""


@dataclass
class _Filling:
    """A box while it is filled from above."""

    width: float
    most: int | None
    paras: list[Para] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    y: float = PAD_Y

    @property
    def inner(self) -> float:
        return self.width - 2 * PAD_X - BAR

    def para(self, role: Role, words: str, limit: float, lines: int | None) -> Para:
        return para(role, words, limit, RADIAL_TYPE, lines)

    def stack(self, *stated: tuple[Role, str, float]) -> None:
        """Put texts under each other; the number is room to leave at their right."""
        for role, words, less in stated:
            each = self.para(role, words, self.inner - less, self.most)
            self.paras += stacked([each], PAD_X + BAR, self.y, "start")
            self.y += each.height

    def rule(self, status: str) -> None:
        """Draw the line above an activity's facts, its status below it at the right."""
        self.rules.append(Rule(self.y + RULE_ABOVE, status, self.width - STATUS_W))
        self.y += RULE_ABOVE + RULE_BELOW

    def row(self, *placed: tuple[Para, float], least: float = 0) -> None:
        """Put paragraphs beside each other, each with its distance from the left."""
        self.paras += [replace(each, x=PAD_X + BAR + x, y=self.y) for each, x in placed]
        self.y += max([least, *(each.height for each, _ in placed)])


STATUS_H = RADIAL_TYPE["status"].size * LINE_HEIGHT


def brief_way(number: int, solution: Solution, most: int) -> Box:
    """Return a box of `WAY_W`; of each activity up to `most` lead, figures, budget and period, and its status."""
    box = _Filling(WAY_W, MOST_LINES)
    tag_width = _head(box, solution)
    for activity in solution.activities[:most]:
        box.stack(("activity", activity.text, 0))
        facts = facts_of(activity)
        if facts or activity.status != "draft":
            box.rule(activity.status)
            _brief_facts(box, facts)
            box.y += 4
    hidden = len(solution.activities) - most
    if hidden > 0:
        box.stack(("more", text("mapping.mindmap.more", number=hidden).th, 0))
    return _closed(box, number, tag_width, PAD_Y if hidden > 0 or not box.rules else 0)


def whole_way(number: int, solution: Solution) -> Box:
    """Return a box of `WHOLE_W` in which nothing that is stated of the activities is left out or shortened."""
    box = _Filling(WHOLE_W, None)
    tag_width = _head(box, solution)
    for activity in solution.activities:
        box.stack(("activity", activity.text, 0))
        box.rule(activity.status)
        _whole_facts(box, activity)
        box.y += 4
    return _closed(box, number, tag_width, 3 if box.rules else PAD_Y)


def _head(box: _Filling, solution: Solution) -> float:
    """Write title and objective, and the tag at the right of the title; return the tag's width."""
    tag = box.para("tag", tag_text(solution), 200, 1)
    tag_width = tag.width + 22 if solution.addresses else 0
    objective = text("mapping.mindmap.objective", objective=solution.objective).th
    box.stack(("solution", solution.text, tag_width + 8), ("objective", objective, 0))
    if solution.addresses:
        box.paras.append(replace(tag, x=box.width - 8 - tag_width / 2, y=PAD_Y - 1, align="middle"))
    return tag_width


def _closed(box: _Filling, number: int, tag_width: float, below: float) -> Box:
    height = box.y + below
    return Box("solution", (number,), 0, 0, box.width, height, tuple(box.paras), None, tag_width, tuple(box.rules))


def _brief_facts(box: _Filling, facts: Sequence[tuple[Role, str]]) -> None:
    """Put the facts in two columns beside the status."""
    room, top = box.width - 2 * PAD_X - STATUS_W, box.y
    starts, limits = ((0, LEAD_W + 10), (LEAD_W, room - LEAD_W - 10)) if len(facts) > 1 else ((0,), (room,))
    for pair in (facts[at : at + 2] for at in range(0, len(facts), 2)):
        wide = [box.para(role, words, limit, 2) for (role, words), limit in zip(pair, limits, strict=False)]
        box.row(*zip(wide, starts, strict=False))
    box.y = max(box.y, top + STATUS_H)


def _whole_facts(box: _Filling, activity: Activity) -> None:
    """Write who leads and who joins beside the status, then money and time, then each indicator with its figures."""
    room = box.width - 2 * PAD_X - STATUS_W
    who = []
    if activity.lead:
        who.append((box.para("lead", activity.lead, room * 0.45 if activity.joint else room, None), 0.0))
    if activity.joint:
        x = who[0][0].width + 10 if who else 0
        joint = text("mapping.mindmap.joint", joint=", ".join(activity.joint)).th
        who.append((box.para("fact", joint, room - x, None), x))
    box.row(*who, least=STATUS_H)
    if money := money_text(activity):
        box.stack(("fact", money, 0))
    for indicator in activity.indicators:
        _indicator(box, indicator)


def _indicator(box: _Filling, indicator: Indicator) -> None:
    figures = figures_text(indicator)
    if not figures:
        box.stack(("fact", indicator.name, 0))
        return
    ends = box.para("lead", figures, FIGURES_W, None)
    name = box.para("fact", indicator.name, box.inner - ends.width - 10, None)
    box.row((name, 0), (ends, name.width + 10))


def tag_text(solution: Solution) -> str:
    """Say which causes a solution addresses."""
    numbers = [str(cause) for cause in solution.addresses]
    joined = text("mapping.mindmap.and").th.join([", ".join(numbers[:-1]), numbers[-1]] if numbers[1:] else numbers)
    return text("mapping.mindmap.tag", causes=joined).th


def figures_text(indicator: Indicator) -> str:
    """Write the way from base to target: "ร้อยละ 40 → 100", "0 → 8 หลัง"; empty while neither is stated."""
    ends = [end for end in (indicator.base, indicator.target) if end]
    if not ends:
        return ""
    way = " → ".join(ends)
    return f"{indicator.unit} {way}" if indicator.unit == "ร้อยละ" else f"{way} {indicator.unit}".strip()


def money_text(activity: Activity) -> str:
    """Write budget, its source and the period: "92,000 บาท (กองทุน) · ม.ค.–ก.ย. 2569"; empty where none is stated."""
    source = f"({activity.budget_source})" if activity.budget and activity.budget_source else activity.budget_source
    money = " ".join(filter(None, (activity.budget, source)))
    return " · ".join(filter(None, (money, activity.period)))


def facts_of(activity: Activity) -> list[tuple[Role, str]]:
    """List what is stated of lead agency, indicator, budget and period."""
    stated = [*(figures_text(indicator) for indicator in activity.indicators), activity.budget, activity.period]
    lead: list[tuple[Role, str]] = [("lead", activity.lead)] if activity.lead else []
    return lead + [("fact", words) for words in stated if words]
