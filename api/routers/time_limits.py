"""How long steps of cases may take, and on which days offices are closed."""

from typing import Annotated

from fastapi import APIRouter, Depends

from api import case_work
from api.dependencies import ReadSession, WriteSession, known_parameters, require
from api.schemas.time_limits import NewTimeLimits, TimeLimits, to_time_limits
from layers.scope import Scope
from layers.time_limits import list_holidays, list_limits

router = APIRouter(prefix="/api/v1/settings", tags=["settings"], dependencies=[Depends(known_parameters)])

Setting = Annotated[Scope, Depends(require("settings.write"))]


@router.get("/time-limits")
def get_time_limits(session: ReadSession) -> TimeLimits:
    """กำหนดเวลาของแต่ละขั้นตอนและวันหยุด / How long steps may take, and when offices are closed."""
    return to_time_limits(list_limits(session), list_holidays(session))


@router.put("/time-limits")
def put_time_limits(session: WriteSession, scope: Setting, given: NewTimeLimits) -> TimeLimits:
    """กำหนดเวลาและวันหยุดใหม่ทั้งหมด / Say all limits and holidays anew."""
    case_work.set_limits(session, scope, given.to_limits(), given.to_holidays())
    return to_time_limits(list_limits(session), list_holidays(session))
