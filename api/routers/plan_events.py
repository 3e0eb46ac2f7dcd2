"""Events of a plan: that it was changed, told to whoever works on it while their page is open."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.dependencies import known_parameters
from api.live.hub import Hub
from api.live.streaming import EventStream
from api.live.watching import Watcher, watcher_of

router = APIRouter(prefix="/api/v1/plans", tags=["plans"], dependencies=[Depends(known_parameters)])


# Nothing else waits in the loop itself: a stream that held a thread would leave none to others.
@router.get("/{plan_id}/events")
async def get_events(request: Request, watcher: Annotated[Watcher, Depends(watcher_of)]) -> Response:
    """แจ้งเมื่อแผนเปลี่ยน / Tells the number of each change as it happens (text/event-stream); ask for what it was."""
    hub: Hub = request.app.state.hub
    return EventStream(hub, hub.join(watcher.plan_id, watcher.account_id), watcher.look)
