"""Names as offices write them, and what they mean: a code when it is sure, else a person's turn."""

import ast
import csv
import time

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from boundaries.matching import Matcher, Named, load_matcher
from tests.scopes import SYSTEM
from tests.shared import shared

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def matcher(thailand_engine: Engine) -> Matcher:
    """The matcher of the real boundaries, without decisions."""
    with Session(thailand_engine.execution_options(scope=SYSTEM)) as session:
        return load_matcher(session, aliases=False)


SURE = [
    # the capital district, however it is called
    (Named("ราชบุรี", "เมือง"), "7001"),
    (Named("ราชบุรี", "อ.เมือง"), "7001"),
    (Named("ราชบุรี", "อ เมือง"), "7001"),
    (Named("จว.ราชบุรี", "อำเภอเมืองฯ"), "7001"),
    (Named("ราชบุรี", "เมืองราชบุรี"), "7001"),
    (Named("โคราช", "เมืองโคราช"), "3001"),
    (Named("Ratchaburi", "Mueang"), "7001"),
    (Named("Chonburi", "Amphoe Muang Chonburi"), "2001"),
    (Named("พระนครศรีอยุธยา", "พระนครศรีอยุธยา"), "1401"),
    (Named("อยุธยา", "อ.เมือง"), "1401"),
    (Named(None, "เมืองยาง"), "3027"),
    (Named("ศรีสะเกษ", "เมืองจันทร์"), "3318"),
    (Named("ร้อยเอ็ด", "เมืองสรวง"), "4512"),
    (Named("ลำปาง", "เมืองปาน"), "5213"),
    # Bangkok
    (Named("กทม."), "10"),
    (Named("กรุงเทพฯ", "เขตพระนคร"), "1001"),
    (Named("BKK", "Khet Phra Nakhon"), "1001"),
    (Named("กรุงเทพมหานคร", "ป้อมปราบฯ"), "1008"),
    (Named("กทม", "สายไหม", "แขวงคลองถนน"), "104203"),
    # names in use
    (Named("แปดริ้ว"), "24"),
    (Named("ประจวบฯ", "หัวหิน"), "7707"),
    (Named("สุราษฎร์"), "84"),
    (Named("ข.ก."), "40"),
    (Named("NAN"), "55"),
    (Named("Lop Buri"), "16"),
    (Named("Lopburi"), "16"),
    (Named("Si Sa Ket"), "33"),
    (Named("Sisaket"), "33"),
    (Named("Phang Nga"), "82"),
    (Named("Phang-nga"), "82"),
    (Named("BURIRAM"), "31"),
    (Named("Korat"), "30"),
    # old provinces
    (Named("หนองคาย", "บึงกาฬ"), "3801"),
    (Named("หนองคาย", "เซกา", "ท่ากกแดง"), "380403"),
    (Named("ปราจีนบุรี", "อรัญประเทศ"), "2706"),
    (Named("ราชบุรี", "กิ่งอำเภอบ้านคา"), "7010"),
    (Named("ราชบุรี", "กิ่ง อ.บ้านคา"), "7010"),
    # what is stated above decides between areas of one name
    (Named("น่าน", "เฉลิมพระเกียรติ"), "5515"),
    (Named("นครราชสีมา", "เฉลิมพระเกียรติ"), "3032"),
    (Named(None, "เฉลิมพระเกียรติ", code="3032"), "3032"),
    (Named(None, "จอมทอง", "บางค้อ"), "103502"),
    (Named("ราชบุรี", None, "ด่านทับตะโก"), "700204"),
    # damage beyond one name, told by the others of the row
    (Named("ราชบุร", "จอมบง", "ด่านทับตะโ"), "700204"),
    (Named("สงขลา", "อ.หาดไหญ่"), "9011"),
    (Named("ร​า​ชบุรี\u00a0", " อ.\u00a0จอมบึง"), "7002"),
    (Named("อ านาจเจริญ", "เมืองอ านาจเจริญ"), "3701"),
    # a whole address in one column, or beside the others
    (Named(None, "อ.เมือง จ.ราชบุรี"), "7001"),
    (Named("ราชบุรี", address="99 ม.5 ต.ดอนตะโก อ.เมือง"), "700103"),
    (Named("ราชบุรี", "จอมบึง", address="ใกล้วัด"), "7002"),
    (Named("ราชบุรี", "จอมบึง", address="ต.ไม่มีที่ไหน อ.จอมบึง"), "7002"),
    (Named("ราชบุรี", "-"), "70"),
    (Named("หนองคาย", "เซกา", code="4309"), "3804"),
    (Named("หนองคาย", "เซกา", code="43"), "3804"),
]


@pytest.mark.parametrize(("named", "code"), SURE)
def test_sure(matcher: Matcher, named: Named, code: str) -> None:
    found = matcher.match(named)
    assert (found.state, found.code) == ("sure", code), found
    assert found.candidates[0].code == code
    assert found.why is None


REVIEW = [
    (Named(None, "เฉลิมพระเกียรติ"), {"1913", "3032", "3123", "5515", "8023"}),
    (Named(None, "จอมทอง"), {"1035", "5002"}),
    (Named("เชียงใหม่", "เฉลิมพระเกียรติ"), {"3032"}),
    (Named(None, None, "หนองบัว"), {"160207"}),
    (Named("กรุงเทพมหานคร", None, "บางจาก"), {"100905", "102206"}),
    (Named("เชียงใหม่", "จอมบึง"), {"7002"}),
    (Named("ยานนาวา"), {"1012"}),
    (Named("ธารโต"), {"9504"}),
    (Named("กัมพูชา", "จอมบึง"), {"7002"}),
    (Named("กัมพูชา", "จอมบง", "ด่านทับตะโก"), {"7002"}),
    (Named(None, "เมือง"), set()),
    (Named("กทม.", "เมือง"), set()),
    (Named("จันทบุรี", "เมืองจันทร์"), {"3318", "2201"}),
    (Named("ราชบุรี", "ราชบุรี"), {"7001"}),
    (Named(None, "พระนครฯ"), {"1001", "1401"}),
    (Named("สมุทรฯ"), {"11", "74", "75"}),
    (Named("Lam Phu"), set()),
    (Named("พระนครศรีอยุธยา", "Bang Sai"), {"1404", "1413"}),
    (Named("สระบุรี", "หนองแ"), set()),
    (Named("nan"), {"55"}),
    (Named("จังหวัด"), set()),
    (Named("ราชบุรี", "จอมบึง", code="5002"), {"7002", "5002"}),
    (Named("ราชบุรี", "จอมบึง", address="อ.สวนผึ้ง จ.ราชบุรี"), {"7002", "7003"}),
    (Named("ราชบุรี", address="อ.จอมทอง จ.เชียงใหม่"), {"5002"}),
    (Named(address="บ้านเลขที่ 5 ถนนราชบุรี"), set()),
    (Named("x" * 5000), set()),
    (Named("(" * 1_000_000), set()),
    (Named("ราชบุรี" + " " * 1_000_000 + "ราชบุรี"), set()),
    (Named("ราชบุรี" + " x" * 1_000_000), set()),
    (Named(address="ต." * 20_000), set()),
]


@pytest.mark.parametrize(("named", "among"), REVIEW)
def test_a_person_decides(matcher: Matcher, named: Named, among: set[str]) -> None:
    found = matcher.match(named)
    assert (found.state, found.code) == ("review", None), found
    assert found.why is not None
    assert found.why.th != found.why.en
    assert len(found.why.en) < 400
    assert among <= {candidate.code for candidate in found.candidates}, found.candidates
    assert len(found.candidates) <= 5


@pytest.mark.parametrize(
    "named", [Named(), Named("-", " ", ""), Named("ไม่ระบุ"), Named("NaN", "N/A", "None"), Named(code="7002")]
)
def test_nothing_is_named(matcher: Matcher, named: Named) -> None:
    assert matcher.match(named).state == "nothing"


def test_candidates_are_named_in_full_and_scored(matcher: Matcher) -> None:
    [first, *_] = matcher.match(Named("เชียงใหม่", "จอมบึง")).candidates
    assert (first.code, first.name, first.score) == ("7002", "อำเภอจอมบึง จังหวัดราชบุรี", 100.0)
    assert matcher.match(Named("กทม", "สายไหม")).candidates[0].name == "เขตสายไหม กรุงเทพมหานคร"
    damaged = matcher.match(Named("ราชบุรี", "จอมบงึ"))
    assert damaged.code == "7002"
    assert 80 < damaged.score < 100


def test_the_variants_of_province_names_are_never_silently_wrong(matcher: Matcher) -> None:
    """77 provinces as a publisher met them: damage of scanned text, abbreviations, and districts among them."""
    rows = csv.DictReader(shared("data/messy/province_name_variants.csv").read_text("utf-8-sig").splitlines())
    states: dict[str, int] = {}
    to_review = []
    for row in rows:
        true = matcher.match(Named(row["Name(in Thai)"])).code
        for variant in ast.literal_eval(row["Alt_names"]):
            found = matcher.match(Named(variant))
            assert found.code in (None, true), (variant, found)
            states[found.state] = states.get(found.state, 0) + 1
            if found.state == "review" and not (variant.isascii() and len(variant) == 3):
                to_review.append(variant)
    print(f"\nvariants of province names: {states}; to review beside three-letter codes: {' '.join(to_review)}")
    assert states["sure"] >= 470
    assert len(to_review) <= 40


def test_a_million_rows_cost_little_and_one_damaged_name_less_than_five_milliseconds(matcher: Matcher) -> None:
    rows = [Named("ราชบุรี", district) for district in ("จอมบึง", "อ.เมือง", "สวนผึ้ง", "จอมบงึ")]
    for row in rows:
        matcher.match(row)
    began = time.perf_counter()
    for _ in range(25_000):
        for row in rows:
            matcher.match(row)
    assert time.perf_counter() - began < 1.0
    damaged = [Named("ราชบุรี", f"จอมบ{letter}งึ") for letter in "กขคงจฉชซญดตถทธน"]
    began = time.perf_counter()
    for row in damaged:
        matcher.match(row)
    assert (time.perf_counter() - began) / len(damaged) < 0.005
