"""The pages after the first: figures that found no room beside the map, the mind map, a plan as long as it is."""

from mapping.mindmaps import MindMap
from mapping.sheet.content import Content, Parts, close, open_page
from mapping.sheet.pages import Page, SheetFull, height_of_part
from mapping.sheet.stacks import gaps_of, plan_parts, tree_parts
from mapping.sheet.tables import Table


def further_pages(content: Content, figures: Parts, mind_map: MindMap | None) -> list[Page]:
    """Give figures that found no room, the mind map and its plan pages of their own, and a long plan several."""
    tree = tree_parts(content, mind_map, content.width) if mind_map else []
    plan = plan_parts(content, mind_map, content.width) if mind_map else []
    if not figures and not tree:
        return []
    for section, rest in ((3.0, 1.6), (2.0, 1.0)):
        page = _page_of(content, [*figures, *tree, *plan], section, rest)
        if page:
            return [page]
    together = _page_of(content, [*figures, *tree], 3.0, 1.6)
    pages = [together] if together else [_page_of(content, one, 3.0, 1.6) for one in (figures, tree) if one]
    if None in pages:
        raise SheetFull(part="tree", need="?", room=f"{content.paper.height:.0f}")
    return [*(page for page in pages if page), *(_plan_pages(content, mind_map) if mind_map else [])]


def _page_of(content: Content, found: Parts, section: float, rest: float) -> Page | None:
    """Make a further page of parts; None where they do not fit it."""
    page, top, bottom = open_page(content, first=False)
    gaps = [0.0, *gaps_of(found, section=section, rest=rest)[1:]]
    if sum(height_of_part(part[1]) for part in found) + sum(gaps) > bottom - top:
        return None
    page.stack(found, content.paper.margin, top, gaps)
    return close(page, content)


def _plan_pages(content: Content, mind_map: MindMap) -> list[Page]:
    """Give the plan pages of its own, as many as its rows need. Raises SheetFull for a row higher than a page."""
    head, (name, table, _) = plan_parts(content, mind_map, content.width)
    assert isinstance(table, Table)
    pages = []
    rest: Table | None = table
    while rest is not None:
        page, top, bottom = open_page(content, first=False)
        room = bottom - top - height_of_part(head[1]) - 2
        part, rest = rest.split(room)
        page.stack([head, (name, part, "")], content.paper.margin, top, [0.0, 1.0])
        pages.append(close(page, content))
    return pages
