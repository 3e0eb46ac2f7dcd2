"""Events of plans on a real server: who is told, of what, until when; and that waiting costs others nothing."""

import asyncio
import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from api.auth.accounts import disable_account, set_areas
from api.auth.cookies import COOKIE
from api.auth.errors import NotSignedIn
from api.auth.keys import Keys, forgery_token
from api.auth.sessions import end_token
from api.capacity import AT_ONCE
from api.database import transaction
from api.live import hub as hubs
from api.live import streaming
from layers.dates import fiscal_year_start
from mapping.plan_asking import Operation
from mapping.plan_changes import apply_operations
from mapping.plan_making import create_from_template
from mapping.plans import get_tree
from tests.auth.conftest import Person
from tests.databases import fresh_database
from tests.scopes import SYSTEM
from tests.serving import serving
from tests.viewers import Viewer, eventually, run, token_for, watch

People = Callable[..., Person]
OVER = "UPDATE plan SET state = 'superseded', approved_by = 'ก', approved_on = '2026-01-01' WHERE id = :id"
"""What is left of a plan that a test made: nothing is deleted, and the next test begins a draft of its own."""


@pytest.fixture(scope="module")
def address(auth_app: FastAPI) -> Iterator[str]:
    """Address of the application on a real server."""
    with serving(auth_app) as given:
        yield given


@pytest.fixture
def plan(auth_app: FastAPI) -> Iterator[str]:
    """A draft of district 9901."""
    with transaction(auth_app.state.engine, SYSTEM) as session:
        made = create_from_template(session, SYSTEM, "9901", "P08", fiscal_year_start(2569))
    yield str(made.id)
    with transaction(auth_app.state.engine, SYSTEM) as session:
        session.execute(text(OVER), {"id": made.id})


def staff(person: People, login: str = "officer-live", role: str = "officer") -> Person:
    return person(role, login, units=("office-99",), areas=("99",))


def edit(app: FastAPI, plan: str, words: str = "แก้ไข") -> int:
    """Change a plan as the product itself; return the number of the change."""
    with transaction(app.state.engine, SYSTEM) as session:
        row = session.execute(text("SELECT number FROM plan WHERE id = :id"), {"id": plan}).one()
        root = session.execute(
            text("SELECT id FROM plan_part WHERE plan_id = :id AND parent_id IS NULL"), {"id": plan}
        ).scalar_one()
        asked = Operation(uuid4(), "set", row.number, root, field="note", value=f"{words} {uuid4()}")
        return apply_operations(session, SYSTEM, UUID(plan), [asked]).plan.number


def listeners(app: FastAPI) -> list[int]:
    """Return the connections that listen, by their process."""
    with transaction(app.state.engine, SYSTEM) as session:
        asked = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = :name"
        return list(session.execute(text(asked), {"name": "socialmap listens"}).scalars())


def test_who_works_on_a_plan_is_told_of_each_change_and_reads_what_it_was(
    auth_app: FastAPI, address: str, plan: str, person: People, keys: Keys
) -> None:
    tokens = [
        token_for(auth_app, staff(person, login, role).id) for login, role in (("one", "officer"), ("two", "head"))
    ]
    headers = {"Cookie": f"{COOKIE}={tokens[0]}", "X-CSRF-Token": forgery_token(keys, tokens[0])}

    def post(client: httpx2.Client, base: int) -> dict[str, Any]:
        whole = client.get(f"/api/v1/plans/{plan}").json()
        asked = {"id": str(uuid4()), "action": "set", "base": base, "part": whole["parts"][0]["id"], "field": "note"}
        body = {"operations": [asked | {"value": "พร้อมกัน"}]}
        answer = client.post(f"/api/v1/plans/{plan}/changes", json=body)
        assert answer.status_code == 200, answer.text
        again = client.post(f"/api/v1/plans/{plan}/changes", json=body)
        assert again.json()["results"][0]["state"] == "repeated"
        return dict(client.get(f"/api/v1/plans/{plan}/changes?since={base}").json())

    async def story() -> None:
        viewers = [await watch(address, plan, token) for token in tokens]
        assert [(each.status, each.headers["content-type"]) for each in viewers] == [
            (200, "text/event-stream; charset=utf-8")
        ] * 2
        (first, same) = [await each.next() for each in viewers]
        assert first == same
        assert first is not None
        with httpx2.Client(base_url=address, headers=headers) as client:
            begun = time.perf_counter()
            changes = await asyncio.to_thread(post, client, first)
        assert [await each.next() for each in viewers] == [first + 1] * 2
        print(f"\ntold within {time.perf_counter() - begun:.2f} s of four requests")
        assert [(each["number"], each["new"], each["who"]) for each in changes["changes"]] == [
            (first + 1, "พร้อมกัน", "คนสมมติ")
        ]
        edit(auth_app, plan)
        assert [await each.next() for each in viewers] == [first + 2] * 2
        assert {name: viewers[0].headers[name] for name in ("cache-control", "x-content-type-options")} == {
            "cache-control": "no-store",
            "x-content-type-options": "nosniff",
        }
        for each in viewers:
            await each.close()
        await eventually(lambda: not auth_app.state.hub.places)

    run(story())


def test_others_are_refused_as_the_plan_refuses_them(
    auth_app: FastAPI, address: str, plan: str, person: People
) -> None:
    people = {
        401: None,
        403: token_for(auth_app, person("oversight", "oversight-live", units=("office-99",)).id),
        404: token_for(auth_app, person("partner", "partner-live", units=("office-99",)).id),
    }

    async def statuses() -> dict[int, int]:
        return {wanted: (await watch(address, plan, token)).status for wanted, token in people.items()}

    assert run(statuses()) == {401: 401, 403: 404, 404: 404}  # a draft is not there for them
    with transaction(auth_app.state.engine, SYSTEM) as session:
        session.execute(text("UPDATE plan SET state = 'superseded' WHERE state = 'approved'"))  # other tests' plans
        asked = "UPDATE plan SET state = 'approved', approved_by = 'ก', approved_on = '2026-01-01' WHERE id = :id"
        session.execute(text(asked), {"id": plan})
    assert run(statuses()) == {401: 401, 403: 403, 404: 403}
    assert not auth_app.state.hub.places


def test_whoever_may_no_more_is_told_no_more(auth_app: FastAPI, address: str, plan: str, person: People) -> None:
    """Signed out, disabled, of other areas: the stream ends at once, not at the next look a minute later."""
    out, off, moved, stays = (staff(person, login) for login in ("out", "off", "moved", "stays"))
    token = token_for(auth_app, out.id)

    def end() -> None:
        with transaction(auth_app.state.engine, SYSTEM) as session:
            end_token(session, token)
            disable_account(session, SYSTEM, off.id)
            set_areas(session, SYSTEM, moved.id, ["9902"])

    async def story() -> None:
        tokens = [token, *(token_for(auth_app, each.id) for each in (off, moved, stays))]
        viewers = [await watch(address, plan, each) for each in tokens]
        assert len({await each.next() for each in viewers}) == 1
        await asyncio.to_thread(end)
        assert [await each.next() for each in viewers[:3]] == [None] * 3
        number = edit(auth_app, plan)
        assert await viewers[3].next() == number
        await viewers[3].close()

    run(story())


def test_an_open_page_keeps_nobody_signed_in(auth_app: FastAPI, address: str, plan: str, person: People) -> None:
    token = token_for(auth_app, staff(person).id)

    def seen() -> Any:
        with transaction(auth_app.state.engine, SYSTEM) as session:
            return session.execute(text("SELECT last_seen_at FROM account_session")).scalar_one()

    with transaction(auth_app.state.engine, SYSTEM) as session:
        session.execute(text("UPDATE account_session SET last_seen_at = now() - interval '25 minutes'"))
    before = seen()

    async def story() -> None:
        viewer = await watch(address, plan, token)
        await viewer.next()
        assert seen() == before
        with transaction(auth_app.state.engine, SYSTEM) as session:
            session.execute(text("UPDATE account_session SET last_seen_at = now() - interval '31 minutes'"))
            session.execute(text("SELECT pg_notify('socialmap_access', account_id::text) FROM account_session"))
        assert await viewer.next() is None

    run(story())


def test_what_was_changed_while_nobody_listened_is_told(
    auth_app: FastAPI, address: str, plan: str, person: People
) -> None:
    token = token_for(auth_app, staff(person).id)

    def cut() -> None:
        with transaction(auth_app.state.engine, SYSTEM) as session:
            (listener,) = listeners(auth_app)
            session.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": listener})

    async def story() -> None:
        viewer = await watch(address, plan, token)
        first = await viewer.next()
        assert first is not None
        for turn in (1, 2):
            await asyncio.to_thread(cut)
            assert await asyncio.to_thread(edit, auth_app, plan) == first + turn
            assert await viewer.next() == first + turn
        await viewer.close()

    run(story())


def test_what_is_no_notification_of_ours_is_not_heard(
    auth_app: FastAPI, address: str, plan: str, person: People
) -> None:
    token = token_for(auth_app, staff(person).id)
    strange = ("", "x", f"{plan}", f"{plan} x", f"{plan} -1", f"{plan} 1", f"{uuid4()} 99", "ก" * 2000)

    async def story() -> None:
        viewer = await watch(address, plan, token)
        first = await viewer.next()
        with transaction(auth_app.state.engine, SYSTEM) as session:
            for payload in strange:
                session.execute(text("SELECT pg_notify('socialmap_plan', :payload)"), {"payload": payload})
                session.execute(text("SELECT pg_notify('socialmap_access', :payload)"), {"payload": payload})
        number = await asyncio.to_thread(edit, auth_app, plan)
        assert await viewer.next() == number
        assert viewer.told == [first, number]
        await viewer.close()

    run(story())


def test_more_streams_than_requests_at_once_hold_nothing_that_others_need(
    auth_app: FastAPI, address: str, plan: str, person: People
) -> None:
    people = [staff(person, f"live-{number}") for number in range(AT_ONCE // hubs.MOST_OF_ACCOUNT + 1)]
    tokens = [token for each in people for token in [token_for(auth_app, each.id)] * hubs.MOST_OF_ACCOUNT]

    async def story() -> None:
        viewers: list[Viewer] = []
        for some in range(0, len(tokens), 6):
            viewers += await asyncio.gather(*(watch(address, plan, token) for token in tokens[some : some + 6]))
        await asyncio.gather(*(each.next() for each in viewers))
        assert len(viewers) > AT_ONCE
        assert (await watch(address, plan, tokens[0])).status == 429
        assert auth_app.state.engine.pool.checkedout() == 0
        assert len(listeners(auth_app)) == 1
        async with httpx2.AsyncClient(base_url=address, timeout=10) as client:
            answers = await asyncio.gather(*(client.get("/api/v1/areas?level=district") for _ in range(8)))
        assert {each.status_code for each in answers} == {200}
        number = await asyncio.to_thread(edit, auth_app, plan)
        await asyncio.gather(*(each.until(number) for each in viewers))
        await asyncio.gather(*(each.close() for each in viewers))
        await eventually(lambda: not auth_app.state.hub.places)

    run(story())


def test_there_are_so_many_places_and_no_more(
    auth_app: FastAPI, address: str, plan: str, person: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = token_for(auth_app, staff(person).id)
    monkeypatch.setattr(hubs, "MOST", 1)

    async def story() -> None:
        first, second = await watch(address, plan, token), await watch(address, plan, token)
        assert (first.status, second.status, second.headers["retry-after"]) == (200, 503, "5")
        await first.close()
        await eventually(lambda: not auth_app.state.hub.places)
        third = await watch(address, plan, token)
        assert third.status == 200
        await third.close()

    run(story())


def test_a_stream_says_that_it_is_alive_and_looks_again(
    auth_app: FastAPI, address: str, plan: str, person: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without any notification, as where a database does not pass them on: a look now and then finds the number."""
    token = token_for(auth_app, staff(person).id)
    monkeypatch.setattr(streaming, "BEAT", 0.1)
    monkeypatch.setattr(streaming, "CHECKED_EVERY", 0.3)

    async def story() -> None:
        viewer = await watch(address, plan, token)
        first = await viewer.next()
        assert first is not None
        with transaction(auth_app.state.engine, SYSTEM) as session:
            session.execute(text("UPDATE plan SET number = number + 1 WHERE id = :id"), {"id": plan})
        assert await viewer.next() == first + 1
        assert viewer.comments
        with transaction(auth_app.state.engine, SYSTEM) as session:
            session.execute(text("DELETE FROM account_session"))
        assert await viewer.next() is None

    run(story())


def test_a_stream_outlasts_a_database_that_is_away_for_a_while(
    auth_app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody can say then whether somebody may read: it goes on for minutes, not for ever, and never begins so."""
    away = OperationalError("SELECT", {}, Exception("gone"))
    sent: list[bytes] = []

    async def send(message: Any) -> None:
        sent.append(message.get("body", b""))

    async def told(*answers: int | Exception) -> bytes:
        left, hub = list(answers), hubs.Hub(auth_app.state.engine)

        async def look() -> int:
            answer = left.pop(0) if len(left) > 1 else left[0]
            if isinstance(answer, Exception):
                raise answer
            return answer

        sent.clear()
        async with hub.opened():
            await streaming.EventStream(hub, hub.join(uuid4(), uuid4()), look).stream_response(send)
        return b"".join(each for each in sent if not each.startswith(b":")).replace(b"\nevent: change", b"")

    monkeypatch.setattr(streaming, "BEAT", 0.01)
    monkeypatch.setattr(streaming, "CHECKED_EVERY", 0.0)
    five, seven = (f'id: {number}\ndata: {{"number": {number}}}\n\n'.encode() for number in (5, 7))
    assert run(told(5, away, away, 7, NotSignedIn())) == streaming.RETRY + five + seven
    assert run(told(away)) == streaming.RETRY
    monkeypatch.setattr(streaming, "UNCHECKED_MOST", 0.1)
    assert run(told(5, away)) == streaming.RETRY + five
    monkeypatch.setattr(streaming, "LONGEST", 0.1)
    assert run(told(5)) == streaming.RETRY + five


def test_who_does_not_read_is_cut_off(
    auth_app: FastAPI, address: str, plan: str, person: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader that takes nothing in fills what lies between; then its place is given to somebody else."""
    token = token_for(auth_app, staff(person).id)
    monkeypatch.setattr(streaming, "STALLED", 0.5)
    monkeypatch.setattr(streaming, "BEAT", 0.0)
    monkeypatch.setattr(streaming.EventStream, "_words", lambda self: b":" + b" " * 60_000 + b"\n\n")

    async def story() -> None:
        stuck = await watch(address, plan, token, buffer=4096)
        assert stuck.status == 200
        assert auth_app.state.hub.places
        stuck.writer.transport.pause_reading()  # type: ignore[attr-defined]
        await eventually(lambda: not auth_app.state.hub.places)

    run(story())


def test_the_server_stops_at_once_with_streams_open(server: str) -> None:
    """On a server of its own; the streams end as an answer should, and nobody has to wait for them."""
    from api.app import create_app
    from api.settings import Settings
    from tests.demo import load_demo_boundaries

    with fresh_database(server) as url:
        app = create_app(Settings(database_url=url))
        with transaction(app.state.engine, SYSTEM) as session:
            load_demo_boundaries(session)
            plan = create_from_template(session, SYSTEM, "9901", "P08", fiscal_year_start(2569))
            from api.auth.accounts import create_account, set_units
            from api.auth.units import create_unit

            create_unit(session, "office-99", "office", "สำนักงานสมมติ", "Invented office", ["99"])
            account = create_account(session, SYSTEM, "somchai", "คนสมมติ", "officer")
            set_units(session, SYSTEM, account, ["office-99"])
            assert get_tree(session, plan).parts
        token = token_for(app, account)

        async def story() -> float:
            stack = serving(app)
            address = await asyncio.to_thread(stack.__enter__)
            viewers = [await watch(address, str(plan.id), token) for _ in range(3)]
            assert len({await each.next() for each in viewers}) == 1
            begun = time.perf_counter()
            stopping = asyncio.create_task(asyncio.to_thread(stack.__exit__, None, None, None))
            assert [await each.next() for each in viewers] == [None] * 3
            await stopping
            with pytest.raises(ConnectionError):
                await watch(address, str(plan.id), token)
            return time.perf_counter() - begun

        assert run(story()) < 5
        app.state.engine.dispose()


@pytest.mark.proof
def test_two_hundred_viewers_are_told_and_cost_one_connection(
    auth_app: FastAPI, address: str, plan: str, person: People
) -> None:
    """A province's meeting: everybody has the plan open while one edits it, and others ask for maps meanwhile."""
    people = [staff(person, f"viewer-{number}") for number in range(17)]
    tokens = [token for each in people for token in [token_for(auth_app, each.id)] * hubs.MOST_OF_ACCOUNT][:200]

    async def story() -> None:
        begun, viewers = time.perf_counter(), list[Viewer]()
        for some in range(0, len(tokens), 20):
            viewers += await asyncio.gather(*(watch(address, plan, token) for token in tokens[some : some + 20]))
        await asyncio.gather(*(each.next() for each in viewers))
        opened = time.perf_counter() - begun
        assert {each.status for each in viewers} == {200}
        assert len(auth_app.state.hub.places) == 200
        assert auth_app.state.engine.pool.checkedout() == 0
        assert len(listeners(auth_app)) == 1
        late: list[float] = []

        async def told(viewer: Viewer, number: int, since: float) -> None:
            await viewer.until(number)
            late.append(time.perf_counter() - since)

        for _ in range(20):
            number, since = await asyncio.to_thread(edit, auth_app, plan), time.perf_counter()
            await asyncio.gather(*(told(each, number, since) for each in viewers))
        async with httpx2.AsyncClient(base_url=address, timeout=20) as client:
            since = time.perf_counter()
            answers = await asyncio.gather(*(client.get("/api/v1/areas?level=district") for _ in range(40)))
            others = time.perf_counter() - since
        assert {each.status_code for each in answers} == {200}
        assert all(len(each.told) == 21 for each in viewers)
        late.sort()
        middle, most = late[len(late) // 2], late[-1]
        print(f"\n200 viewers opened in {opened:.1f} s; told of 20 changes: median {middle * 1000:.0f} ms, ", end="")
        print(f"slowest {most * 1000:.0f} ms after the commit; 40 requests of others meanwhile in {others:.1f} s")
        assert most < 5
        await asyncio.gather(*(each.close() for each in viewers))
        await eventually(lambda: not auth_app.state.hub.places)

    run(story())
