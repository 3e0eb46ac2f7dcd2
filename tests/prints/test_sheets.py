"""Sheets by address: for whom, with which figures, within which bounds, and on record."""

import threading
import time
from html import escape

import pytest

from api.prints.asked import MOST_OFFICE
from api.prints.errors import PrintBusy
from api.prints.press import Made, Press
from api.prints.wanted import Wanted
from tests.api.test_maps import needs_libraries
from tests.prints.conftest import Place, needs_poppler, picture, words_of

pytestmark = needs_libraries
AT = "/api/v1/sheets/99.pdf"
YEAR = "period=fy2569&measure=count"


def shown(place: Place, who: str, asked: str = YEAR) -> dict[str, tuple[str, float | None]]:
    """Return state and value of each district, as the API tells somebody."""
    told = place.clients[who].get(f"/api/v1/figures?within=99&level=district&{asked}").json()
    return {one["code"]: (one["state"], one["value"]) for one in told["rows"]}


def said_of(words: str, place: Place) -> dict[str, list[list[str]]]:
    """Return the words of each line of a sheet that names a district: its label and its row of the table."""
    found = place.rows("SELECT DISTINCT code, name_th FROM area WHERE level = 'district' AND code LIKE '99%'")
    lines = [line.replace(",", "") for line in words.splitlines()]
    return {one.code: [line.split() for line in lines if one.name_th in line] for one in found}


def is_said(lines: list[list[str]], value: float) -> bool:
    return any(f"{value:.0f}" in line for line in lines)


@needs_poppler
@pytest.mark.parametrize(("who", "stamp"), [("anybody", "เผยแพร่ได้"), ("oversight", "เอกสารสำหรับคณะกรรมการ")])
def test_a_sheet_shows_the_figures_of_its_audience_hidden_ones_included(place: Place, who: str, stamp: str) -> None:
    """Of each problem that hides some districts and shows others; the truth behind a hidden one is nowhere."""
    tried = 0
    for problem in ("P05", "P09", "P10", "P12", "P13", "P14"):
        asked = f"{YEAR}&problem={problem}"
        told, exact = shown(place, who, asked), shown(place, "head", asked)
        if len({value is None for _, value in told.values()}) < 2:
            continue
        tried += 1
        words = words_of(place.clients[who].get(f"{AT}?{asked}").content)
        assert stamp in words
        for code, lines in said_of(words, place).items():
            state, value = told[code]
            if value is not None:
                assert is_said(lines, value), (problem, code, value, lines)
            else:
                assert state == "hidden"
                assert not any(f"{exact[code][1]:.0f}" in line[1:] for line in lines), (problem, code, lines)
                said = {word for line in lines for word in line}
                assert "ปกปิด" in said or any("<" in word for word in said), (problem, code, lines)
    assert tried


@needs_poppler
def test_staff_print_for_the_committee_and_exact_figures_with_a_reason_alone(place: Place) -> None:
    head, before = place.clients["head"], len(place.printed("head"))
    usual = head.get(f"{AT}?{YEAR}")
    assert "เอกสารสำหรับคณะกรรมการ" in words_of(usual.content)
    assert head.get(f"{AT}?audience=internal").json()["code"] == "prints.reason_asked"
    assert head.post(f"{AT}?{YEAR}", json={"reason": " " * 9}).status_code == 403
    assert head.post(f"{AT}?{YEAR}", json={"reason": "โทร 081-234-5678 นะครับ"}).status_code == 400
    exact = head.post(f"{AT}?{YEAR}", json={"reason": "ประชุมทีมในหน่วยงาน"})
    words = words_of(exact.content)
    assert "ใช้ภายในราชการ" in words
    assert exact.headers["cache-control"] == "no-store"
    said = said_of(words, place)
    for code, (_, value) in shown(place, "head").items():
        assert value is not None
        assert is_said(said[code], value)
    newest, usual_entry = place.printed("head")[:2]
    assert (newest.reason, newest.details["audience"], newest.object_id) == ("ประชุมทีมในหน่วยงาน", "internal", "99")
    assert (usual_entry.reason, usual_entry.details["audience"]) == (None, "committee")
    assert len(place.printed("head")) == before + 2


@pytest.mark.parametrize(
    ("who", "code", "status"), [("far", "99", 403), ("officer", "99", 403), ("partner", "9901", 403)]
)
def test_nobody_gets_exact_figures_of_other_areas(place: Place, who: str, code: str, status: int) -> None:
    """Neither by the address nor by the page, where what comes instead is told and is the usual sheet."""
    before = len(place.printed(who))
    answer = place.clients[who].post(f"/api/v1/sheets/{code}.pdf", json={"reason": "ขอดูตัวเลขจริง"})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    page = place.clients[who].post(f"/print/{code}", data={"reason": "ขอดูตัวเลขจริง"})
    assert page.status_code == status
    assert "data:image/png" not in page.text
    assert len(place.printed(who)) == before


def test_a_second_read_is_told_that_nothing_changed(place: Place) -> None:
    """Other options, another reader and another release are other sheets."""
    client = place.clients["anybody"]
    first = client.get(f"{AT}?{YEAR}")
    tag = {"If-None-Match": first.headers["etag"]}
    again = client.get(f"{AT}?{YEAR}", headers=tag)
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(f"{AT}?{YEAR}").content == first.content
    assert client.get(f"{AT}?{YEAR}&paper=A4", headers=tag).status_code == 200
    assert place.clients["oversight"].get(f"{AT}?{YEAR}", headers=tag).status_code == 200


def test_what_is_kept_is_never_shared_between_readers(place: Place) -> None:
    public, committee = (place.clients[who].get(f"{AT}?{YEAR}") for who in ("anybody", "oversight"))
    assert public.headers["etag"] != committee.headers["etag"]
    assert public.content != committee.content
    assert place.clients["partner"].get(f"{AT}?{YEAR}").content != committee.content


def test_the_pages_of_a_sheet_are_pictures_of_it(place: Place) -> None:
    client, at = place.clients["oversight"], f"/api/v1/sheets/99.png?{YEAR}&paper=A4"
    first = client.get(at)
    assert first.headers["content-type"] == "image/png"
    pages = int(first.headers["x-page-count"])
    assert pages > 1
    second = client.get(f"{at}&page=2")
    assert second.content.startswith(b"\x89PNG")
    assert second.content != first.content
    assert client.get(f"{at}&page={pages + 1}").status_code == 404


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("99.pdf?paper=A9", 400),
        ("99.pdf?orientation=up", 400),
        ("99.pdf?breaks=1,x", 400),
        ("99.pdf?problem=P99", 400),
        ("99.pdf?period=soon", 400),
        ("99.pdf?unknown=1", 400),
        ("99.pdf?paper=A3&paper=A4", 400),
        ("99.doc", 404),
        ("77.pdf", 404),
        ("x.pdf", 404),
        ("990101.pdf", 404),
        (f"99.pdf?office={'ก' * (MOST_OFFICE + 1)}", 400),
        ("99.pdf?office=%00", 400),
        ("99.pdf?office=\u2028☃", 400),
        ("99.png?page=0", 400),
    ],
)
def test_what_cannot_be_printed_is_told(place: Place, asked: str, status: int) -> None:
    answer = place.clients["anybody"].get(f"/api/v1/sheets/{asked}")
    assert answer.status_code == status, answer.text
    assert answer.json()["detail"] != answer.json()["detail_en"]


@needs_poppler
def test_a_script_in_the_name_of_the_office_stays_text(place: Place) -> None:
    """On the sheet, and on the page that repeats it."""
    hostile = '<script>alert(1)</script>"#eval("1")'
    client = place.clients["anybody"]
    words = words_of(client.get(AT, params={"office": hostile}).content)
    assert "<script>alert(1)</script>" in words
    assert '#eval("1")' in words
    page = client.get("/print/99", params={"office": hostile}).text
    assert "<script>alert(1)" not in page
    assert escape('"#eval(', quote=True).replace("&quot;", "&#34;") in page


def test_the_page_carries_the_filters_of_the_map_on(place: Place) -> None:
    """The map leads to it, it leads back, and what is taken away is asked for in the same way."""
    client, asked = place.clients["anybody"], "problem=P08&period=fy2569&measure=count&breaks=10%2C20&fill=true"
    page = client.get(f"/maps/99?{asked}").text
    assert "/print/99?problem=P08" in page
    shown_page = client.get(f"/print/99?{asked}&paper=A4").text
    assert f'href="/maps/99?{asked.replace("&", "&amp;")}"' in shown_page
    assert 'src="/api/v1/sheets/99.png?paper=A4&amp;problem=P08&amp;period=fy2569' in shown_page
    assert "prints." not in shown_page
    failed = client.get("/print/99?problem=P99")
    assert 'role="alert"' in failed.text


def test_a_logo_is_kept_for_its_account_alone(place: Place) -> None:
    head, word = place.clients["head"], place.clients["head"].headers["X-CSRF-Token"]
    told = [("csrf", (None, word)), ("back", (None, "/print/99?paper=A4"))]
    sent = head.post("/prints/logo", files=[*told, ("logo", ("ตรา.png", picture()))])
    assert (sent.status_code, sent.headers["location"]) == (303, "/print/99?paper=A4&logo=true&said=logo")
    with_logo, without = (head.get(f"{AT}?{YEAR}{more}").content for more in ("&logo=true", ""))
    assert with_logo != without
    assert place.clients["oversight"].get(f"{AT}?{YEAR}&logo=true").content == without
    assert [one.stat().st_mode & 0o077 for one in (place.home / "prints" / "logos").iterdir()] == [0]
    gone = head.post("/prints/logo", files=[*told, ("remove", (None, "yes"))])
    assert gone.status_code == 303
    assert head.get(f"{AT}?{YEAR}&logo=true").content == without


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (picture() + b"\0" * 2_000_001, 413),
        (picture(5000, 4000), 400),
        (b"<svg onload=alert(1)>", 400),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, 400),
        (picture()[:60], 400),
        (b"", 400),
    ],
    ids=["bytes", "pixels", "svg", "damaged", "cut", "empty"],
)
def test_what_is_no_logo_is_refused(place: Place, content: bytes, status: int) -> None:
    head, word = place.clients["head"], place.clients["head"].headers["X-CSRF-Token"]
    answer = head.post("/prints/logo", files=[("csrf", (None, word)), ("logo", ("x.png", content))])
    assert answer.status_code == status, answer.text
    assert not list((place.home / "prints").glob(f"logos/*{place.people['head'].id}*"))


def test_nothing_but_the_picture_of_a_logo_is_kept() -> None:
    """What a camera wrote into the file, a place among it, is not."""
    import io

    from PIL import Image, PngImagePlugin

    from api.prints.logos import SIDE, redraw

    said = PngImagePlugin.PngInfo()
    said.add_text("Comment", "13.5300, 99.8100")
    sent = io.BytesIO()
    Image.new("RGBA", (1200, 300), (0, 0, 0, 0)).save(sent, "PNG", pnginfo=said)
    kept = redraw(sent.getvalue())
    assert b"13.53" in sent.getvalue()
    assert b"13.53" not in kept
    with Image.open(io.BytesIO(kept)) as drawn:
        assert drawn.size == (SIDE, SIDE // 4)


def made(size: int = 10) -> Made:
    return Made({"pdf": (b"x" * size,)}, 1, {}, "")


def test_a_sheet_is_set_once_however_many_ask() -> None:
    press, begun, go = Press(), [], threading.Event()

    def slow() -> Made:
        begun.append(1)
        assert go.wait(10)
        return made()

    found: list[Made] = []
    asking = [threading.Thread(target=lambda: found.append(press.get("k", slow))) for _ in range(5)]
    for one in asking:
        one.start()
    time.sleep(0.2)
    go.set()
    for one in asking:
        one.join()
    assert len(begun) == 1
    assert len(found) == 5
    assert press.get("k", slow) is found[0]


def test_beyond_the_bound_whoever_asks_is_told_to_come_again(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    press, begun, go = Press(at_once=1, waiting=0), threading.Event(), threading.Event()
    held = threading.Thread(target=lambda: press.get("a", lambda: (begun.set(), go.wait(10), made())[2]))
    held.start()
    assert begun.wait(10)
    try:
        with pytest.raises(PrintBusy):
            press.get("b", made)
        monkeypatch.setitem(place.app.state._state, "press", press)
        answer = place.clients["anybody"].get(f"{AT}?problem=P01")
        assert (answer.status_code, answer.json()["code"]) == (503, "prints.busy")
        assert int(answer.headers["retry-after"]) > 0
        page = place.clients["anybody"].get("/print/99?problem=P01").text
        assert "กำลังจัดหน้าหลายแผ่นพร้อมกัน" in page
    finally:
        go.set()
        held.join()
    assert press.get("b", made).pages == 1  # a turn that was refused is not lost


def test_the_oldest_sheets_make_room_and_failures_are_not_kept() -> None:
    press, count = Press(room=250), []

    def counted() -> Made:
        count.append(1)
        return made(100)

    for key in ("a", "b", "a", "c", "a", "b"):
        press.get(key, counted)
    assert len(count) == 4  # b went when c came
    press.get("large", lambda: made(1000))
    assert press.get("a", counted).size == 100
    assert len(count) == 4
    with pytest.raises(ZeroDivisionError):
        press.get("bad", lambda: made(1 // 0))
    assert press.get("bad", counted).size == 100


def test_the_query_of_a_print_says_it_whole() -> None:
    """What is asked for again in this way is the same."""
    wanted = Wanted("99", "A4", "portrait", True, "P08", "fy2569", "count", "fixed", "10,20", True, "ก & ข", True)
    assert dict(wanted.told()) == {
        "paper": "A4", "orientation": "portrait", "thai_digits": "true", "problem": "P08", "period": "fy2569",
        "measure": "count", "method": "fixed", "breaks": "10,20", "fill": "true", "office": "ก & ข", "logo": "true",
    }  # fmt: skip
    assert Wanted("99").query() == ""


def test_no_connection_is_held_while_a_page_is_set(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Setting takes seconds: the pool would run dry."""
    from api.prints import making

    seen, real = [], making.contents

    def counted(*given: object) -> object:
        seen.append(place.app.state.engine.pool.checkedout())
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(making, "contents", counted)
    assert place.clients["anybody"].get(f"{AT}?problem=P02&period=fy2569").status_code == 200
    assert seen == [0]
