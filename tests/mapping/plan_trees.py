"""How trees of plans are compared and checked."""

from mapping.plan_fields import PARENTS
from mapping.plan_tree import Tree


def same(left: Tree, right: Tree) -> bool:
    """Say whether two trees hold the same parts in the same places with the same links."""
    ordered = [{parent: order for parent, order in tree.children.items() if order} for tree in (left, right)]
    return (left.parts, left.links, ordered[0]) == (right.parts, right.links, ordered[1])


def check_sound(tree: Tree) -> None:
    """Fail when a tree has a second root, a cycle, a lost part or one under a kind it does not belong to."""
    reached, level = set(), [tree.root.id]
    while level:
        assert not reached & set(level), "a part that stands twice"
        reached |= set(level)
        level = [child for one in level for child in tree.children.get(one, ())]
    assert reached == set(tree.parts), "a part that is lost"
    for part in tree.parts.values():
        parent = tree.parts[part.parent_id].kind if part.parent_id else None
        assert parent in (PARENTS[part.kind] or (None,)), (part.kind, parent)
    assert sorted(part.ordinal for part in tree.parts.values()) == list(range(len(tree.parts)))
    assert all(link.from_id in tree.parts and link.to_id in tree.parts for link in tree.links)
