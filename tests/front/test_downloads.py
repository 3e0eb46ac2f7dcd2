"""The page of downloads: forms without scripts whose every choice and button gives a file."""

import re
from html import unescape
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from playwright.sync_api import expect

from tests.browser.conftest import NewPage
from tests.front.test_front import get
from tests.front.test_in_a_browser import Serve, opened


def forms(html: str) -> list[tuple[list[str], dict[str, list[str]]]]:
    """Return the addresses of each form's buttons, and the values of its choices."""
    found = []
    for form in re.findall(r"<form .*?</form>", html, re.S):
        picks = {
            name: re.findall(r'<option value="([^"]*)"', options)
            for name, options in re.findall(r'<select id="[^"]*" name="([^"]*)">(.*?)</select>', form, re.S)
        }
        found.append((re.findall(r'formaction="([^"]*)"', form), picks))
    return found


def test_every_choice_of_every_form_gives_a_file(public: TestClient) -> None:
    """The first value of all, then each other one by one; every kind of file once."""
    seen = set()
    for addresses, picks in forms(public.get("/downloads").text):
        first = {name: values[0] for name, values in picks.items()}
        for address in addresses:
            answer = public.get(address, params=first)
            assert answer.status_code == 200, (address, answer.text)
            seen.add(urlsplit(address).path.rpartition("/")[2])
        for name, values in picks.items():
            for value in values[1:]:
                answer = public.get(addresses[1], params={**first, name: unescape(value)})
                assert answer.status_code == 200, (name, value, answer.text)
    assert len(seen) == 4 * 8
    assert all(name.split(".")[0] in ("figures", "indicators", "areas", "assets") for name in seen)


def test_it_says_whose_figures_they_are(public: TestClient) -> None:
    page = get(public, "/downloads?area=99")
    assert "สาธารณะ" in page.text
    assert not page.all("script")
    assert next(one["value"] for one in page.all("option") if "selected" in one) == "99"
    assert "/downloads" in [link["href"] for link in get(public, "/").all("a")]
    get(public, "/downloads?area=77", status=404)
    get(public, "/downloads?area=x", status=400)


def test_it_reads_well_before_there_are_boundaries(bare_app: FastAPI) -> None:
    from tests.front.conftest import client_of

    assert client_of(bare_app).get("/downloads").status_code == 200


@pytest.mark.browser
def test_a_file_comes_by_the_keyboard_and_without_scripts(new_page: NewPage, serve: Serve, public_app: FastAPI) -> None:
    address = serve(public_app)
    page = opened(new_page, address, "/downloads", java_script_enabled=False, accept_downloads=True)
    page.get_by_label("พื้นที่ Area").first.select_option("99")
    page.get_by_label("ปัญหา").first.select_option("P08")
    button = page.get_by_role("button", name="XLSX").first
    button.focus()
    expect(button).to_be_focused()
    with page.expect_download() as coming:
        page.keyboard.press("Enter")
    assert coming.value.suggested_filename == "figures-99-district-P08-fy2569-public.xlsx"
