"""A person's decision about a name is there the next time, and never takes another area's own name."""

from uuid import uuid4

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError, ProgrammingError
from sqlalchemy.orm import Session

from boundaries.aliases import AliasKey, keep_alias
from boundaries.areas import AreaNotFound
from boundaries.matching import Matcher, Named, delete_alias, find_alias, list_aliases, load_matcher, save_alias
from layers.scope import Scope
from tests.demo import load_demo_boundaries
from tests.scopes import SYSTEM

pytestmark = pytest.mark.shared

ODD = Named(province="ราชบุรี", district="จบึ")
"""Too damaged to be sure: จอมบึง, says a person."""


@pytest.fixture(scope="module")
def plain(thailand_engine: Engine) -> Matcher:
    """The matcher without any decision."""
    with Session(thailand_engine.execution_options(scope=SYSTEM)) as session:
        return load_matcher(session, aliases=False)


def test_a_decision_is_there_next_time(thailand: Session, plain: Matcher) -> None:
    assert plain.match(ODD).state == "review"
    actor = uuid4()
    assert save_alias(thailand, ODD, "7002", actor, plain)
    again = load_matcher(thailand)
    assert again.match(ODD).code == "7002"
    assert again.match(Named(province="จ.ราชบุรี", district="อ. จบึ\u200b")).code == "7002"
    assert again.match(Named(province="เพชรบุรี", district="จบึ")).state == "review"
    assert again.match(Named(district="จบึ")).state == "review"
    assert load_matcher(thailand, aliases=False).match(ODD).state == "review"
    [kept] = list_aliases(thailand)
    assert (kept.key, kept.code, kept.decided_by) == (AliasKey("district", "จบึ", "ราชบุรี"), "7002", actor)


def test_a_later_decision_takes_the_place_of_an_earlier_one(thailand: Session, plain: Matcher) -> None:
    for code in ("7002", "7003"):
        assert save_alias(thailand, ODD, code, None, plain)
    assert [kept.code for kept in list_aliases(thailand)] == ["7003"]


def test_a_decision_can_be_taken_back(thailand: Session, plain: Matcher) -> None:
    save_alias(thailand, ODD, "7002", None, plain)
    key = list_aliases(thailand)[0].key
    assert delete_alias(thailand, key)
    assert not delete_alias(thailand, key)
    assert load_matcher(thailand).match(ODD).state == "review"


def test_a_decided_province_is_context_for_its_districts(thailand: Session, plain: Matcher) -> None:
    row = Named(province="เมืองโอ่ง", district="อ.เมือง")
    assert plain.match(row).code is None
    save_alias(thailand, Named(province="เมืองโอ่ง"), "70", None, plain)
    assert load_matcher(thailand).match(row).code == "7001"


def test_what_lies_inside_an_address_is_learned_and_the_address_is_not(thailand: Session, plain: Matcher) -> None:
    row = Named(address="บ้านเลขที่ 99/1 นางสมมติ ต.จอมบืง2 อ.จอมบึง จ.ราชบุรี")
    assert save_alias(thailand, Named(address="88 อ.จบึ จ.ราชบุรี"), "7002", None, plain)
    assert save_alias(thailand, row, "700201", None, plain)
    assert not save_alias(thailand, Named(address="99/1 นางสมมติ ใกล้วัด"), "7002", None, plain)
    stored = " ".join(f"{kept.key.name} {kept.key.context}" for kept in list_aliases(thailand))
    assert "99" not in stored
    assert "สมมติ" not in stored
    assert load_matcher(thailand).match(Named(address="1 ถนนใหญ่ อ.จบึ จ.ราชบุรี")).code == "7002"


@pytest.mark.parametrize(
    ("named", "code"),
    [
        (Named(district="เฉลิมพระเกียรติ"), "8023"),
        (Named(province="เชียงใหม่", district="เฉลิมพระเกียรติ"), "3032"),
        (Named(province="เชียงใหม่", district="จอมบึง"), "5002"),
        (Named(province="ราชบุรี", district="จอมบึง"), "7003"),
        (Named(province="ชลบุรี"), "70"),
        (Named(), "70"),
        (Named(province="-"), "70"),
        (Named(province="ก" * 101), "70"),
        (Named(province="12345"), "70"),
    ],
)
def test_the_name_of_another_area_is_never_learned(thailand: Session, plain: Matcher, named: Named, code: str) -> None:
    assert not save_alias(thailand, named, code, None, plain)
    assert list_aliases(thailand) == []


def test_a_row_that_names_its_area_under_a_wrong_parent_can_be_learned(thailand: Session, plain: Matcher) -> None:
    row = Named(province="เชียงใหม่", district="จอมบึง")
    assert plain.match(row).state == "review"
    assert save_alias(thailand, row, "7002", None, plain)
    assert load_matcher(thailand).match(row).code == "7002"


def test_a_stored_alias_for_another_areas_name_is_not_used(thailand: Session) -> None:
    keep_alias(thailand, AliasKey("district", "จอมบึง", "เชียงใหม่"), "5002", None)
    keep_alias(thailand, AliasKey("district", "เฉลิมพระเกียรติ", ""), "8023", None)
    matcher = load_matcher(thailand)
    assert matcher.match(Named(province="เชียงใหม่", district="จอมบึง")).state == "review"
    assert matcher.match(Named(district="เฉลิมพระเกียรติ")).state == "review"


def test_a_code_that_the_edition_lost_is_not_used(thailand: Session) -> None:
    keep_alias(thailand, AliasKey("district", "จบึ", "ราชบุรี"), "7098", None)
    assert load_matcher(thailand).match(ODD).state == "review"


def test_unknown_codes_are_refused(thailand: Session, plain: Matcher) -> None:
    with pytest.raises(AreaNotFound):
        save_alias(thailand, ODD, "7099", None, plain)


@pytest.mark.parametrize("key", ["a\x00b", "a\x1bb", "a\u202eb"])
def test_characters_that_control_are_not_kept(thailand: Session, plain: Matcher, key: str) -> None:
    assert not keep_alias(thailand, AliasKey("province", key, ""), "70", None)
    assert save_alias(thailand, Named(province=f"กข{key}คง"), "70", None, plain)
    assert list_aliases(thailand)[0].key.name == "กขabคง"


@pytest.mark.parametrize(
    "values",
    [
        "'village', 'a', '', '70'",
        "'province', '', '', '70'",
        "'province', 'a', '', 'TH'",
        f"'province', '{'a' * 101}', '', '70'",
        "'province', E'a\\nb', '', '70'",
    ],
)
def test_the_database_checks_too(session: Session, values: str) -> None:
    with pytest.raises(IntegrityError, match="ck_area_alias"):
        session.execute(text(f"INSERT INTO area_alias VALUES ({values})"))


def _count(engine: Engine, scope: Scope) -> int:
    with engine.execution_options(scope=scope).connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM area_alias")).scalar_one())


def test_staff_read_and_the_product_alone_writes(own_engine: Engine) -> None:
    with Session(own_engine.execution_options(scope=SYSTEM)) as session:
        keep_alias(session, AliasKey("province", "เมืองโอ่ง", ""), "70", None)
        session.commit()
    officer = Scope("officer", "internal", actor_id=uuid4())
    asking = (SYSTEM, officer, Scope.committee(), Scope.public())
    assert [_count(own_engine, scope) for scope in asking] == [1, 1, 0, 0]
    with own_engine.execution_options(scope=officer).connect() as connection:
        assert connection.execute(text("DELETE FROM area_alias")).rowcount == 0
        with pytest.raises(ProgrammingError, match="row-level security"):
            connection.execute(text("INSERT INTO area_alias VALUES ('province', 'a', '', '70')"))


def test_a_name_without_context_counts_in_its_own_province_alone(session: Session) -> None:
    """What an officer decided must not place another province's rows."""
    load_demo_boundaries(session)
    name = Named(district="เมืองในฝัน")
    assert save_alias(session, name, "9902", uuid4())
    assert load_matcher(session).match(name).code is None
    assert load_matcher(session, home="70").match(name).code is None
    assert load_matcher(session, home="99").match(name).code == "9902"
    assert save_alias(session, name, "9902", None)
    assert load_matcher(session).match(name).code == "9902"
    stated = Named(district="เมืองในฝัน", province="สมมติบุรี")
    assert save_alias(session, stated, "9903", uuid4())
    assert load_matcher(session).match(stated).code == "9903"


def test_a_name_below_one_that_is_not_known_is_remembered_for_these_words_in_its_own_province(session: Session) -> None:
    load_demo_boundaries(session)
    for name, code in (
        (Named(province="ไม่มีจังหวัดนี้", district="ทุ่งไหน"), "9902"),
        (Named(province="สมมติบุรี", district="ทุ่งไหนอีก", subdistrict="บ้านไม่รู้"), "990201"),
        (Named(province="ไม่มีจังหวัดนี้", subdistrict="บ้านไม่รู้"), "990201"),
        (Named(district="ทุ่งไหนอีก", subdistrict="บ้านใดหนอ"), "990201"),
    ):
        assert load_matcher(session, home="99").match(name).code is None, name
        assert save_alias(session, name, code, uuid4())
        assert load_matcher(session, home="99").match(name).code == code, name
        province = name.province == "สมมติบุรี"
        assert load_matcher(session, home="70").match(name).code == (code if province else None), name
        assert load_matcher(session).match(name).code == (code if province else None), name
        assert save_alias(session, name, code, None)
        assert load_matcher(session).match(name).code == code, name
    matcher = load_matcher(session, home="99")
    for other in (Named(province="ไม่มีเหมือนกัน", district="ทุ่งไหน"), Named(province="สมมติบุรี", district="ทุ่งไหน")):
        assert matcher.match(other).code is None, other


def test_what_was_decided_is_found_by_its_sign_and_taken_back(session: Session) -> None:
    load_demo_boundaries(session)
    name = Named(district="เมืองในฝัน", province="สมมติบุรี")
    assert save_alias(session, name, "9902", None)
    (kept,) = list_aliases(session)
    assert kept.key.has_context
    assert not AliasKey("subdistrict", "ก", "/").has_context
    assert find_alias(session, kept.key.id) == kept
    assert find_alias(session, "0" * 12) is None
    assert delete_alias(session, kept.key)
    assert load_matcher(session).match(name).code is None
