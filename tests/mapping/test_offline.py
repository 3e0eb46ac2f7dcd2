"""Assets of a page: all inside or all by hashed addresses, and no page without them."""

import re
import shutil
from pathlib import Path

import pytest

from mapping import offline
from mapping.offline import AssetServer, Inline, Library, MissingAsset
from tests.mapping.maps_by_hand import LIBRARY

PARTS = (
    "leaflet/dist/leaflet.js",
    "leaflet/dist/leaflet.css",
    "@fontsource/sarabun/files/sarabun-thai-600-normal.woff2",
)


@pytest.mark.parametrize("part", PARTS)
def test_a_missing_file_stops_the_page(part: str, tmp_path: Path) -> None:
    """No page leaves with a hole in it, nor with an address in place of a file."""
    shutil.copytree(LIBRARY.root / "leaflet", tmp_path / "leaflet")
    shutil.copytree(LIBRARY.root / "@fontsource", tmp_path / "@fontsource")
    (tmp_path / part).unlink()
    for assets in (Inline(Library(tmp_path)), AssetServer(Library(tmp_path), "n")):
        with pytest.raises(MissingAsset, match=part.rsplit("/", 1)[-1]):
            offline.head(assets)


def test_an_inlined_head_asks_for_nothing() -> None:
    """Neither an address in markup nor one in a style."""
    head = offline.head(Inline(LIBRARY))
    assert not re.search(r"<(?:script|link)\b[^>]*(?:src|href)=", head)
    assert {address[:5] for address in re.findall(r"url\(([^)#'][^)]*)\)", head)} == {"data:"}


def test_a_served_head_names_only_files_that_are_served() -> None:
    """Every address, those in style sheets too, is one of `served_assets`, named by its content."""
    files = offline.served_assets(LIBRARY)
    head = offline.head(AssetServer(LIBRARY, "n", prefix="/assets"))
    asked = re.findall(r'(?:src|href)="/assets/([^"]+)"', head)
    assert len(asked) == 5
    fonts = re.findall(r"url\(\.\./([^)]+)\)", next(a for a in files.values() if a.name == "fonts.css").body.decode())
    assert set(asked) | set(fonts) <= set(files)
    assert all(re.fullmatch(r"[0-9a-f]{8}/[\w.-]+", path) for path in files)


def test_the_policy_allows_the_page_s_own_parts_by_hash_and_nothing_else() -> None:
    """No word of it loosens what `default-src 'none'` forbids."""
    policy = offline.content_security_policy("<script>one()</script><style>b{}</style><script>two()</script>")
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert policy.count("sha256-") == 3
    assert "unsafe" not in policy
    assert "http" not in policy


def test_a_script_cannot_end_its_own_element() -> None:
    """A library that writes `</script>` in a string stays whole."""
    assert "</script" not in offline._inside('x = "</SCRIPT>" + "<!--"', "script").lower()
