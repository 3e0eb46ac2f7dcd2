"""Features of a collection, page by page, as GeoJSON text that the database makes the geometry of."""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session

from api.cursors import CursorBad, to_cursor
from api.ogc.collections import DECIMALS, Collection, in_boxes
from api.ogc.parameters import ItemQuery
from boundaries.editions import get_active


@dataclass(frozen=True)
class ItemPage:
    """One page of features as GeoJSON texts; `cursor` starts the next page, None at the end."""

    features: list[str]
    matched: int
    cursor: str | None


def list_items(session: Session, collection: Collection, query: ItemQuery) -> ItemPage:
    """Return one page in order of the collection's key, and how many features match in all."""
    matching = _matching(session, collection, query)
    keyset = matching if query.after is None else and_(matching, collection.key > _start(collection, query.after))
    rows = session.execute(_columns(collection).where(keyset).order_by(collection.key).limit(query.limit + 1)).all()
    more = len(rows) > query.limit
    rows = rows[: query.limit]
    if query.after is None and not more:
        matched = len(rows)
    else:
        matched = session.execute(select(func.count()).where(matching)).scalar_one()
    return ItemPage(
        [to_feature(collection, row) for row in rows], matched, to_cursor(str(rows[-1][0])) if more else None
    )


def find_item(session: Session, collection: Collection, key: str) -> str | None:
    """Return one feature as GeoJSON text, None when the collection has no such id."""
    try:
        condition = and_(collection.condition(get_active(session).id), collection.key == collection.parse(key))
    except ValueError:
        return None
    row = session.execute(_columns(collection).where(condition)).one_or_none()
    return None if row is None else to_feature(collection, row)


def to_feature(collection: Collection, row: Any) -> str:
    """Turn a row (key, geometry text, columns…) into a Feature; empty columns stay, as null."""
    properties = json.dumps(dict(zip(collection.columns, row[2:], strict=True)), ensure_ascii=False)
    key = json.dumps(str(row[0]), ensure_ascii=False)
    return f'{{"type":"Feature","id":{key},"geometry":{row[1] or "null"},"properties":{properties}}}'


def _start(collection: Collection, after: str) -> Any:
    try:
        return collection.parse(after)
    except ValueError as wrong:
        raise CursorBad from wrong


def _columns(collection: Collection) -> Select[Any]:
    geometry = func.ST_AsGeoJSON(collection.geometry, DECIMALS)
    return select(collection.key, geometry, *collection.columns.values())


def _matching(session: Session, collection: Collection, query: ItemQuery) -> ColumnElement[bool]:
    equal = [collection.columns[name] == value for name, value in query.filters.items()]
    edition_id = get_active(session).id
    return and_(collection.condition(edition_id), in_boxes(collection.geometry, query.boxes), *equal)
