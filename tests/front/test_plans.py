"""Anybody and partners are shown plans that were approved for publication alone; every map names the help lines."""

import json
import re
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.settings import Settings
from layers.scope import Audience, Scope
from mapping.area_map import shows_drafts
from mapping.offline import Inline
from mapping.social_map import render
from tests.front.conftest import client_of
from tests.mapping.maps_by_hand import LIBRARY, invented_map

needs_libraries = pytest.mark.skipif(
    not (LIBRARY.root / "leaflet").is_dir(), reason="needs the web libraries (make setup)"
)
DRAFT = "/api/v1/mindmaps/9901"


def value(html: str) -> dict[str, Any]:
    """Read what the scripts of a map draw from."""
    found = re.search(r'id="map-data"[^>]*>(.*?)</script>', html, re.S)
    assert found
    return dict(json.loads(found[1]))


@pytest.mark.parametrize(
    ("audience", "shown"), [("internal", True), ("committee", True), ("partner", False), ("public", False)]
)
def test_who_is_shown_drafts(audience: Audience, shown: bool) -> None:
    assert shows_drafts(Scope("somebody", audience)) is shown


def test_a_draft_is_no_plan_that_anybody_is_given(public: TestClient) -> None:
    answer = public.get(DRAFT)
    assert (answer.status_code, answer.json()["code"]) == (404, "mindmap_missing")


def test_a_committee_is_given_the_draft(settings: Settings) -> None:
    from api.app import create_app

    made = create_app(settings)
    assert client_of(made).get(DRAFT).status_code == 200
    made.state.engine.dispose()


@needs_libraries
@pytest.mark.parametrize("code", ["TH", "99", "9901"])
def test_the_map_shows_figures_and_says_that_there_is_no_plan(public: TestClient, code: str) -> None:
    shown = value(public.get(f"/maps/{code}").text)
    assert (shown["maps"], shown["overview"]["leading"]) == ({}, [])
    assert "ยังไม่มีแผน" in shown["words"]["no_mind_map"]
    assert all(area["badge"] == "none" for area in shown["areas"])
    assert any(area["facts"][0] for area in shown["areas"])
    assert {state: many for state, many in shown["overview"]["states"] if many} == {"none": len(shown["areas"])}


@needs_libraries
def test_every_map_names_the_help_lines_and_a_served_one_leads_to_privacy(public: TestClient) -> None:
    served, alone = value(public.get("/maps/99").text), value(render(invented_map(3), Inline(LIBRARY)).html)
    for shown in (served, alone):
        assert [number for number, _ in shown["words"]["help"]] == ["1300", "1479"]
    assert "privacy" in served["words"]
    assert "privacy" not in alone["words"]
