"""Pages of one plan that hear of changes late, twice and in any order: in the end all show what the database holds."""

from collections.abc import Sequence
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boundaries.errors import SocialMapError
from mapping.plan_tree import Change, Tree, fold
from tests.mapping.plan_trees import check_sound, same
from tests.mapping.test_plan_machine import Editors, Room


class Client:
    """One open page: what it shows, the answers that are on their way to it, and who sits before it."""

    def __init__(self, seed: int) -> None:
        self.tree, self.editors = Tree(), Editors(seed)
        self.on_the_way: list[Sequence[Change]] = []

    def ask(self, room: Room) -> None:
        """Ask for what follows the number that is shown; the answer is what follows at this moment, a page of it."""
        most = self.editors.chance.choice([1, 3, 1000])
        self.on_the_way.append(tuple(room.changes[self.tree.number : self.tree.number + most]))

    def hear(self) -> None:
        """Get one of the answers, whichever comes first; now and then it is lost, now and then it comes twice."""
        if self.on_the_way:
            chance = self.editors.chance
            answer = self.on_the_way.pop(chance.randrange(len(self.on_the_way)))
            for _ in range(chance.choice([0, 1, 1, 1, 2])):
                self.take(answer)

    def take(self, answer: Sequence[Change]) -> None:
        """Fold what follows directly; what was seen is left, and so is what comes after something not seen yet."""
        for change in answer:
            if change.number == self.tree.number + 1:
                fold(self.tree, change)


def meet(seed: int, turns: int, pages: int) -> int:
    """Let pages edit what they show, however old it is, and hear of each other; return how many values lost a race."""
    room = Room()
    clients = [Client(seed + number) for number in range(pages)]
    for each in clients:
        each.take(room.changes)
    chance = clients[0].editors.chance
    for _ in range(turns):
        client = chance.choice(clients)
        happens = chance.random()
        if happens < 0.5:
            parts = set(room.tree.parts)
            with suppress(SocialMapError):
                room.do(client.editors.ask(client.tree))
            check_sound(room.tree)
            assert parts <= set(room.tree.parts)
        elif happens < 0.75:
            client.ask(room)
        else:
            client.hear()
            check_sound(client.tree)
            assert same(client.tree, replayed(room, client.tree.number))
    for each in clients:
        while each.tree.number < room.tree.number:
            each.ask(room)
            each.hear()
        assert same(each.tree, room.tree)
        assert each.tree.number == room.tree.number
    return sum(change.clashed for change in room.changes)


def replayed(room: Room, number: int) -> Tree:
    """Return the plan as it was at a number."""
    tree = Tree()
    for change in room.changes[:number]:
        fold(tree, change)
    return tree


@given(st.integers(0, 2**32))
@settings(max_examples=40)
def test_all_pages_come_to_show_the_same_plan_whatever_they_asked_and_heard(seed: int) -> None:
    meet(seed, turns=60, pages=3)


@pytest.mark.proof
@given(st.integers(0, 2**32))
@settings(max_examples=400)
def test_many_pages_over_a_long_meeting_come_to_show_the_same_plan(seed: int) -> None:
    meet(seed, turns=200, pages=6)


def test_the_meetings_are_no_quiet_ones() -> None:
    """What is tried above would show nothing if nobody ever lost a race."""
    assert sum(meet(seed, turns=120, pages=3) for seed in range(10)) >= 10
