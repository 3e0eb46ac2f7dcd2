"""Many readers at once: nothing fails, and no connection is lost."""

import statistics
import time
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest
from fastapi import FastAPI

from tests.demo import CAPITAL, INSIDE

ADDRESSES = (
    "/api/v1/figures?layer=cases&level=district&within=99&problem=P08&measure=rate",
    "/api/v1/areas?level=district",
    f"/api/v1/areas/at?lat={INSIDE[0]}&lon={INSIDE[1]}",
    f"/api/v1/areas/{CAPITAL}/geometry",
    "/ogc/collections/districts/items?limit=2",
    "/maps/99",
)
READERS, REQUESTS = 60, 1200
"""More readers than threads or pooled connections; each request is bounded by its own time limit."""


@pytest.mark.proof
def test_many_readers_at_once(address: str, app: FastAPI) -> None:
    limits = httpx2.Limits(max_connections=READERS)

    def read(number: int) -> tuple[int, float]:
        begun = time.perf_counter()
        answer = visitor.get(address + ADDRESSES[number % len(ADDRESSES)])
        return answer.status_code, time.perf_counter() - begun

    with httpx2.Client(timeout=60, limits=limits) as visitor, ThreadPoolExecutor(READERS) as readers:
        answers = list(readers.map(read, range(REQUESTS)))
    assert {status for status, _ in answers} == {200}
    taken = sorted(seconds for _, seconds in answers)
    median, p95 = statistics.median(taken), taken[int(len(taken) * 0.95)]
    print(f"\n{REQUESTS} requests of {READERS} readers: median {median:.2f} s, 95 % within {p95:.2f} s")
    assert app.state.engine.pool.checkedout() == 0
