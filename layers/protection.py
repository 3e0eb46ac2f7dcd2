"""Labels that survive the attack: what is narrowed is protected by keeping more back, and the attack is repeated."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress

import numpy as np

from boundaries.codes import COUNTRY
from boundaries.errors import SocialMapError
from layers.attack_systems import Printed, country_system, district_system, group_system, whole_system
from layers.disclosure_attack import Contradiction, Name, Narrowed, System, attack
from layers.labels import HIDDEN, LEFT_OUT, SMALL, WITHHELD, Labels, kept
from layers.published import ALL
from layers.release_tables import Key, Reader, Table

ROUNDS = 60


class AttackSucceeds(SocialMapError):
    """Hidden cells could be narrowed, and keeping more back did not help: nothing is released."""

    key = "error.attack_succeeds"


def first_labels(
    reader: Reader,
    tables: Mapping[Key, Table],
    before: Sequence[Mapping[Key, Labels]],
    withheld: Mapping[Key, Labels],
    public_before: Sequence[Mapping[Key, Labels]] = (),
) -> Printed:
    """Label all tables by the rule; `withheld` are labels whose withheld cells must be so for this reader too."""
    made = Printed(reader, tables, {}, before, public_before)
    for key, table in tables.items():
        labels = table.labels(reader)
        if before and key in before[-1]:
            labels = kept(before[-1][key], labels, table.rule(reader))
        if key in withheld:
            labels = np.where(withheld[key] == WITHHELD, WITHHELD, labels)
        made.labels[key] = labels
    return made


def protect(printed: Printed) -> None:
    """Change labels until no hidden cell can be narrowed. Raises AttackSucceeds.

    The country and then each province are made safe alone, which is quick and nearly enough; what is left is found by
    the one system that holds both. What is taken back for one of them may press on another: all of it is done again
    until the last two find nothing.
    """
    for _ in range(ROUNDS):
        _until_safe(printed, lambda number, only: country_system(printed, number))
        _until_safe(printed, lambda number, only: district_system(printed, number, only))
        before = _state(printed)
        left = _until_safe(printed, lambda number, only: whole_system(printed, number))
        left += _until_safe(printed, lambda number, only: group_system(printed, number))
        if _state(printed) == before:
            printed.report.left, printed.report.left_recovered = len(left), sum(one.recovered for one in left)
            return
    raise AttackSucceeds(count=len(find_narrowed(printed)))


def _state(printed: Printed) -> bytes:
    return b"".join(labels.tobytes() for labels in printed.labels.values())


def find_narrowed(printed: Printed) -> list[Narrowed]:
    """Attack all tables as they stand and return the hidden cells that are narrowed."""
    found: list[Narrowed] = []
    for number in (None, len(printed.before)) if printed.before else (None,):
        # Without districts the country is all there is.
        found += _attack(whole_system(printed, number), printed)
        found += _attack(country_system(printed, number), printed)
        found += _attack(group_system(printed, number), printed)
    return found


Build = Callable[[int | None, Collection[str] | None], System]
"""Make the system of everything printed so far, or of one release alone, where repeated labels are wide; all of it or
some provinces."""


def _until_safe(printed: Printed, build: Build) -> list[Narrowed]:
    """Change labels until a system's attack finds nothing, and return what it found last."""
    only: Collection[str] | None = None
    for round_ in range(ROUNDS):
        system = build(None, only)
        found = _attack(system, printed)
        if printed.before:
            found += _attack(build(len(printed.before), only), printed)
        if not found:
            return []
        if round_ == 0:
            printed.report.narrowed += len(found)
            printed.report.recovered += sum(one.recovered for one in found)
        printed.report.rounds = max(printed.report.rounds, round_ + 1)
        if not printed.before:
            _keep_back(printed, system, found)
        elif not (_take_back(printed, _areas(found)) or _take_back(printed, {COUNTRY})):
            if not moved(printed):
                return found  # all is as it was, and survived then
            _keep_back(printed, system, found)
        only = None if printed.before else {one.cell[1][:2] for one in found}
    raise AttackSucceeds(count=len(found))


def _attack(system: System, printed: Printed) -> list[Narrowed]:
    try:
        return attack(system)
    except Contradiction:
        if not printed.before:
            raise
    # What is only presumed of a later release does not hold everywhere: where it does, it counts.
    found: list[Narrowed] = []
    for part in system.parts():
        with suppress(Contradiction):
            found += attack(part)
    return found


def _keep_back(printed: Printed, system: System, found: Iterable[Narrowed]) -> None:
    """Withhold labels, at most one for each total, so that narrowed cells have room again."""
    parts = {name: members for name, members, _, _ in system.totals}
    names = list(system.cells)
    eased: set[Name] = set()
    for one in found:
        if eased & set(one.totals):
            continue  # what is kept back for another may be enough for this one too
        eased |= set(one.totals)
        place = system.cells[one.cell]
        room = system.high[place] - one.greatest  # an upper end is freed by numbers that large alone
        cells = [names[part] for total in one.totals for part in parts.get(total, ()) if system.low[part] >= room]
        choice = _choose(printed, one.totals, cells) or _choose(printed, _above(printed, one.totals), ())
        if choice is not None:
            level, area, key = choice[:3]
            table = printed.tables[level, key]  # type: ignore[index]
            printed.labels[table.level, key][table.place[area]] = WITHHELD
            printed.report.withheld += 1


def _above(printed: Printed, totals: Iterable[Name]) -> list[Name]:
    """Return the totals from which those of a province can be known although they are withheld."""
    keys = [(area, key) for level, area, key, *_ in totals if level == "province"]
    found = [("province", COUNTRY, key) for _, key in keys] + [("province", area, ALL) for area, _ in keys]
    return [*found, ("province", COUNTRY, ALL)] if keys else []


def _choose(printed: Printed, totals: Iterable[Name], cells: Iterable[Name]) -> Name | None:
    """Choose what to withhold: a total that is hidden anyway, else the smallest number, a zero, the smallest total."""
    above = [(_label(printed, name), name) for name in totals]
    below = [(_label(printed, name), name) for name in cells]
    for found in (
        [(label, name) for label, name in above if label in (HIDDEN, SMALL)],
        [(label, name) for label, name in below if label > 0],
        [(label, name) for label, name in below if label in (0, LEFT_OUT)],
        [(label, name) for label, name in above if label >= 0 or label == LEFT_OUT],
    ):
        if found:
            return min(found)[1]
    return None


def _label(printed: Printed, name: Name) -> int:
    level, area, key = name[:3]
    table = printed.tables.get((level, key))  # type: ignore[arg-type]
    if table is None or area not in table.place:
        return WITHHELD
    place, last = table.place[area], printed.before[-1].get((table.level, key)) if printed.before else None
    if last is not None and last[place] >= 0:
        return WITHHELD  # what was printed once is known: to keep it back helps nobody
    return int(printed.labels[table.level, key][place])


def _areas(found: Iterable[Narrowed]) -> set[str]:
    """Return the areas that narrowed cells and what presses on them belong to, with their provinces."""
    return {part for one in found for name in (one.cell, *one.totals) for part in (name[1], name[1][:2])}


def _take_back(printed: Printed, areas: Collection[str]) -> bool:
    """Print again what stood there before, in all tables of some areas (TH: of all); say whether anything changed."""
    changed = False
    for key, labels in printed.labels.items():
        last = printed.before[-1].get(key)
        if last is None:
            continue
        for area, place in printed.tables[key].place.items():
            concerned = COUNTRY in areas or area in areas or area[:2] in areas
            if concerned and labels[place] not in (last[place], WITHHELD):
                labels[place] = last[place]
                printed.report.unchanged += 1
                changed = True
    return changed


def moved(printed: Printed) -> bool:
    """Say whether anything would be printed anew: what is only repeated has survived its attack."""
    last = printed.before[-1] if printed.before else {}
    return any(key not in last or (labels != last[key]).any() for key, labels in printed.labels.items())
