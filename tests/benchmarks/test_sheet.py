"""A printed sheet against headless Chromium printing the same area's map page: time and peak memory, cold and warm.

Cold, both ways lead from the database to a PDF: one command, or the command that writes the page and Chromium. All are
measured in turns within one run, memory as the sum of the peaks of all processes.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from api.cli.maps import write_map
from mapping.offline import Library
from tests.api.test_maps import needs_libraries
from tests.benchmarks.test_figures import country
from tests.browser.conftest import ARGUMENTS
from tests.mapping.maps_by_hand import LIBRARY
from tests.processes import Cost, peak_of, watched

pytestmark = [pytest.mark.bench, pytest.mark.shared, needs_libraries]
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""
SANDBOX = ["--no-sandbox"] if os.geteuid() == 0 else []
CODES = ("70", "30", "84", "10", "58")
"""A middling province, the largest, islands, fifty districts, a border."""
ROUNDS = 5
needs_chromium = pytest.mark.skipif(not CHROMIUM, reason="needs Chromium")


@pytest.fixture(scope="module")
def environment(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A database of all Thailand and the pages of its maps; returns what commands need to find it."""
    folder = tmp_path_factory.mktemp("pages")
    with country(server, 100_000) as session:
        for code in CODES:
            write_map(session, Library(LIBRARY.root), code, folder / f"{code}.html", siblings=frozenset())
        bind = session.get_bind()
        url = getattr(bind, "url", None) or bind.engine.url
        # Commands are measured as they run once installed: compiled, without compiling into the checkout.
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        yield kept | {
            "DATABASE_URL": url.render_as_string(hide_password=False),
            "PYTHONPYCACHEPREFIX": str(folder / "compiled"),
            "PAGES": str(folder),
        }


def middle(costs: list[Cost]) -> Cost:
    """Return the medians of each."""
    return Cost(*(statistics.median(getattr(c, name) for c in costs) for name in ("seconds", "megabytes", "computing")))


def compare(what: str, ours: Cost, chromium: Cost) -> None:
    """Print both and their ratios; ours must be smaller in time and in memory."""
    seconds, megabytes = ours.seconds / chromium.seconds, ours.megabytes / chromium.megabytes
    print(f"\n{what}: {ours.seconds:.2f} s, {ours.megabytes:.0f} MB; ", end="")
    print(f"Chromium {chromium.seconds:.2f} s, {chromium.megabytes:.0f} MB; ", end="")
    print(f"ratios {seconds:.2f} and {megabytes:.2f} (below 1)")
    assert seconds < 1
    assert megabytes < 1


@needs_chromium
def test_a_cold_sheet_costs_less_than_chromium_printing_the_page(
    environment: Mapping[str, str], tmp_path: Path
) -> None:
    """One process, one sheet. Printing a page that lies there finished is told too; its memory must be more as well."""
    command, page = str(Path(sys.executable).with_name("socialmap")), tmp_path / f"{CODES[0]}.html"
    ours, written, printed = [], [], []
    for turn in range(ROUNDS + 1):
        profile = tmp_path / f"profile-{turn}"
        printing = [f"--user-data-dir={profile}", f"--print-to-pdf={tmp_path / 'page.pdf'}", page.as_uri()]
        ours.append(watched([command, "sheet", CODES[0], "--out", str(tmp_path / "sheet.pdf")], environment))
        written.append(watched([command, "map", CODES[0], "--out", str(page)], environment))
        printed.append(watched([CHROMIUM, "--headless", *SANDBOX, *ARGUMENTS, *printing]))
    sheet, chromium = middle(ours[1:]), middle(printed[1:])
    both = [Cost(a.seconds + b.seconds, max(a.megabytes, b.megabytes)) for a, b in zip(written, printed, strict=True)]
    compare("cold sheet, both from the database", sheet, middle(both[1:]))
    print(f"Chromium alone: {chromium.seconds:.2f} s, {chromium.computing:.2f} s of computing; ", end="")
    print(f"ours {sheet.seconds:.2f} s, {sheet.computing:.2f} s of computing")
    assert sheet.megabytes < chromium.megabytes


@needs_chromium
def test_warm_sheets_cost_less_than_pages_of_a_running_chromium(environment: Mapping[str, str]) -> None:
    """A process that has made them before, a browser that runs already; for each area, the middle of them."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.warm_sheets", *CODES],
        env=dict(environment), capture_output=True, text=True, check=True,
    )  # fmt: skip
    told = json.loads(done.stdout)
    ours = Cost(statistics.median(told["seconds"]), told["megabytes"])
    taken, peak = [], 0.0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*SANDBOX, *ARGUMENTS])
        for turn in range(2):
            for code in CODES:
                begun = time.perf_counter()
                page = browser.new_page()
                page.goto((Path(environment["PAGES"]) / f"{code}.html").as_uri())
                page.pdf(format="A3", landscape=True, print_background=True)
                if turn:
                    taken.append(time.perf_counter() - begun)
                peak = max(peak, peak_of(os.getpid(), itself=False))
                page.close()
        browser.close()
    compare("warm sheet", ours, Cost(statistics.median(taken), peak))
