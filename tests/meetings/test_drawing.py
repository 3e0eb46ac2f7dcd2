"""The steps of a stop without a database: what a map shows by number is named beside it, and all is text."""

import re
from datetime import date
from uuid import UUID

from api.settings import Settings
from mapping.briefing.player import render
from mapping.briefing.steps import stop_steps
from mapping.briefing.stops import ShownStop
from mapping.meetings import StopRecord
from mapping.offline import Inline, Library
from mapping.thai_text import normalise
from tests.mapping.documents_by_hand import invented_parts


def test_areas_without_room_for_their_name_are_named_beside_the_map() -> None:
    area_map, ground = invented_parts(40)
    record = StopRecord(UUID(int=1), 0, "9901", None, date(2025, 10, 1), ("map", "mind_map"), "บันทึก <b>หนา</b>")
    stop = ShownStop(record, area_map.area, area_map, ground, area_map.mind_maps["9901"])
    steps = list(stop_steps([stop]))
    assert [one.kind for one in steps] == ["map", "mind_map"]
    keys = steps[0].shown["keys"]
    drawn = {normalise(words) for words in re.findall(r"<text[^>]*>([^<]*)</text>", steps[0].shown["svg"])}
    assert keys
    for shape in area_map.shapes:
        numbers = [number for number, name in keys if name == shape.name]
        shown = any(words and words in shape.name for words in drawn)
        assert shown or (len(numbers) == 1 and numbers[0] in drawn), shape.name
    html = render("การประชุม", (), steps, Inline(Library(Settings().socialmap_web_library)))
    assert html.count('class="keys"') == 1
    assert "<b>หนา" not in html
    assert "&lt;b&gt;" in html
