"""Cases in doubt: which two are one, and where a case is; every look and every decision is on record."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from api import case_doubts
from api.database import transaction
from api.dependencies import CodeQuery, ReadSession, WriteSession, known_parameters
from api.desk.asked import MOST_PAGES
from api.plan_work.asked import own_area
from api.routers.case_work import CaseReading, CaseWriting
from api.schemas.case_doubts import (
    AreasInDoubt,
    DuplicatePairs,
    MergedInto,
    NewAreaChoice,
    NewDistinction,
    NewMerge,
    SettledArea,
    to_doubts,
    to_pairs,
    to_settled,
)

router = APIRouter(prefix="/api/v1", tags=["cases in doubt"], dependencies=[Depends(known_parameters)])


@router.get("/duplicates")
def get_duplicates(session: ReadSession, scope: CaseReading, within: CodeQuery = None) -> DuplicatePairs:
    """เรื่องที่อาจซ้ำกัน / Pairs of cases that may be one, the likeliest first."""
    return to_pairs(case_doubts.candidates(session, scope, within or own_area(scope)))


@router.post("/cases/{case_id}/merge", status_code=201)
def post_merge(session: WriteSession, scope: CaseWriting, case_id: UUID, given: NewMerge) -> MergedInto:
    """รวมเรื่องซ้ำเข้ากับอีกเรื่อง / Make a case a duplicate of another, which is kept."""
    case_doubts.merge(session, scope, case_id, given.into)
    return MergedInto(id=case_id, kept=given.into)


@router.post("/cases/{case_id}/unmerge")
def post_unmerge(session: WriteSession, scope: CaseWriting, case_id: UUID) -> MergedInto:
    """แยกเรื่องที่รวมไว้ / Make a merged case one of its own again, in the status that it had."""
    return MergedInto(id=case_id, kept=case_doubts.unmerge(session, scope, case_id))


@router.post("/cases/{case_id}/distinct", status_code=204)
def post_distinction(session: WriteSession, scope: CaseWriting, case_id: UUID, given: NewDistinction) -> Response:
    """ไม่ใช่เรื่องเดียวกัน / Remember that two cases are not the same."""
    case_doubts.keep_apart(session, scope, case_id, given.other)
    return Response(status_code=204)


@router.get("/area-conflicts")
def get_area_conflicts(
    session: ReadSession,
    scope: CaseReading,
    within: CodeQuery = None,
    page: Annotated[int, Query(ge=1, le=MOST_PAGES)] = 1,
) -> AreasInDoubt:
    """เรื่องที่พื้นที่ยังไม่แน่ / Cases whose area somebody should look at, a page of twenty."""
    return to_doubts(*case_doubts.unsettled(session, scope, within or own_area(scope), page))


@router.put("/cases/{case_id}/area")
def put_area(request: Request, scope: CaseWriting, case_id: UUID, given: NewAreaChoice) -> SettledArea:
    """เลือกพื้นที่ของเรื่อง / Settle where a case is: by its point, as stated, as it is, or another area."""
    engine = request.app.state.engine
    case_doubts.check_writable(engine, scope, case_id)
    with transaction(engine, case_doubts.CHOOSING) as own:
        return to_settled(case_doubts.choose(own, scope, case_id, given.choice, given.area))


@router.delete("/cases/{case_id}/area")
def delete_area(request: Request, scope: CaseWriting, case_id: UUID) -> SettledArea:
    """คืนพื้นที่เดิม / Give a case back the place that it had before the last choice."""
    engine = request.app.state.engine
    case_doubts.check_writable(engine, scope, case_id)
    with transaction(engine, case_doubts.CHOOSING) as own:
        return to_settled(case_doubts.take_back(own, scope, case_id))
