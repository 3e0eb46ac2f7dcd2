"""Makes sheets one after the other in one process, as a server does: codes as arguments, its costs as JSON."""

import json
import os
import sys
import time
from datetime import UTC, datetime

from api.database import make_engine, reading
from api.settings import Settings
from layers.scope import Scope
from mapping.offline import Library
from mapping.sheet.paper import to_paper
from mapping.sheet.sheet import build_sheet
from tests.processes import peak_of

AT = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)


def main() -> None:
    """Make each sheet twice; tell the seconds of the second time, when nothing is read for the first time."""
    settings = Settings()
    paper, library = to_paper("A3", "landscape"), Library(settings.socialmap_web_library)
    taken = []
    with reading(make_engine(str(settings.database_url), pool_size=1), Scope.committee()) as session:
        for turn in range(2):
            for code in sys.argv[1:]:
                begun = time.perf_counter()
                build_sheet(session, Scope.committee(), code, paper, AT, library=library).pdf()
                if turn:
                    taken.append(time.perf_counter() - begun)
    print(json.dumps({"seconds": taken, "megabytes": peak_of(os.getpid())}))


if __name__ == "__main__":
    main()
