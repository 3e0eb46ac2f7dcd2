"""The process that prints a batch: told what on its input, telling how far on its output, line by line as JSON.

It has a process of its own because setting holds memory, and because what is cancelled must end at once. It ends
with the server that began it: then nobody would be told of what it made.
"""

import json
import os
import sys
import threading
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from sqlalchemy.exc import DBAPIError

from api.database import make_engine
from api.database_errors import database_key
from api.prints.batch import WRITERS, Batch
from api.prints.errors import WorkerFault
from api.prints.folder import full_told
from api.prints.wanted import Wanted
from boundaries.errors import SocialMapError
from boundaries.messages import Text, text
from layers.scope import Scope
from mapping.offline import Library

STATEMENT_SECONDS = 120
LEFT_ALONE = 3


def main() -> None:
    """Print what the first line of the input says."""
    os.umask(0o077)
    os.nice(5)  # whoever looks at a map goes first
    said, told = sys.stdin, os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # what a library prints is no line of ours
    order = json.loads(said.readline())
    threading.Thread(target=_end_with, args=(said,), daemon=True).start()
    try:
        _tell(told, done=0)
        with full_told():
            printed = run(order, lambda done, total: _tell(told, done=done, total=total))
    except SocialMapError as error:
        _fail(told, error.text)
    except DBAPIError as error:
        key = database_key(error)
        _fail(told, text(key) if key else WorkerFault().text)
    except MemoryError:
        _fail(told, text("prints.memory"))
    _tell(told, printed=vars(printed))


def run(order: dict[str, Any], report: Any = None) -> Any:
    """Print an order; return what came of it."""
    scope = order["scope"]
    areas = None if scope["areas"] is None else frozenset(scope["areas"])
    units, may = frozenset(scope["units"]), frozenset(scope["permissions"])
    asked_as = Scope(scope["role"], scope["audience"], areas, units=units, permissions=may)
    logo = Path(order["logo"]).read_bytes() if order["logo"] else None
    at = datetime.fromisoformat(order["printed_at"])
    batch = Batch(tuple(order["codes"]), Wanted(**order["wanted"]), asked_as, at, logo)
    engine = make_engine(order["database_url"], pool_size=1, statement_seconds=STATEMENT_SECONDS)
    return WRITERS[order["form"]](engine, batch, Path(order["out"]), Library(Path(order["library"])), report)


def _end_with(said: TextIO) -> None:
    """End when the server has: its end of the input is closed then, however it ended."""
    said.read()
    os._exit(LEFT_ALONE)


def _tell(told: TextIO, **values: Any) -> None:
    told.write(json.dumps(values, ensure_ascii=True) + "\n")


def _fail(told: TextIO, why: Text) -> None:
    _tell(told, failure={"th": why.th, "en": why.en})
    told.flush()
    os._exit(1)


if __name__ == "__main__":
    main()
