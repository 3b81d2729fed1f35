"""What can be asked: a photo's state, whether one is known, the service's health, reasons."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel

from greenpack.reasons import REASONS, GreenPackError
from greenpack.records.database import reading
from greenpack.records.postings import Posted, posted, posted_bytes
from greenpack.service.described import ASK_RESPONSES, problem
from greenpack.service.health import Readiness
from greenpack.service.parts import Camera, Parts
from greenpack.service.posting_view import (
    LARGEST_ID,
    SHA256_PATTERN,
    PostingView,
    posting_view,
)

router = APIRouter()

_AUTHORISED: dict[str, Any] = {"security": [{"cameraToken": []}]}

PhotoId = Annotated[int, Path(ge=1, le=LARGEST_ID, description="the photo's number")]
Sha256 = Annotated[
    str, Query(pattern=SHA256_PATTERN, description="SHA-256 of the photo's bytes, hexadecimal")
]


@router.get(
    "/v1/photos/{photo_id}",
    summary="What became of a photo",
    response_model_exclude_none=True,
    responses=ASK_RESPONSES,
    openapi_extra=_AUTHORISED,
)
async def photo_state(photo_id: PhotoId, camera: Camera, parts: Parts) -> PostingView:
    """Where a photo of this camera stands; another camera's photos are not told of."""

    def look() -> Posted | None:
        with reading(parts.database.engine()) as session:
            return posted(session, photo_id)

    found = await parts.calls(look)
    if found is None or found.camera_id != camera.camera_id:
        raise GreenPackError("posting_unknown", str(photo_id))
    return posting_view(found)


@router.get(
    "/v1/photos",
    summary="Ask whether a photo is known",
    response_model_exclude_none=True,
    responses=ASK_RESPONSES,
    openapi_extra=_AUTHORISED,
)
@router.head(
    "/v1/photos",
    summary="Ask whether a photo is known, by the status alone",
    responses=ASK_RESPONSES,
    openapi_extra=_AUTHORISED,
)
async def photo_by_checksum(sha256: Sha256, camera: Camera, parts: Parts) -> PostingView:
    """The posting of these bytes by this camera: if there is one, they need not be sent."""

    def look() -> Posted | None:
        with reading(parts.database.engine()) as session:
            return posted_bytes(session, camera.camera_id, sha256.lower())

    found = await parts.calls(look)
    if found is None:
        raise GreenPackError("posting_unknown", sha256.lower())
    return posting_view(found)


class Alive(BaseModel):
    """The answer of a service that runs."""

    alive: bool = True


@router.get("/healthz", summary="Whether the service runs")
async def healthz() -> Alive:
    """Always yes, as long as it can answer at all."""
    return Alive()


@router.get(
    "/readyz",
    summary="Whether photos can be taken in and measured",
    response_model_exclude_none=True,
    responses={503: {"model": Readiness, "description": "A part is not usable, as told"}},
)
async def readyz(response: Response, parts: Parts) -> Readiness:
    """Whether database, disk and model are usable; 503 if one is not."""
    readiness = await parts.health.readiness()
    if not readiness.ready:
        response.status_code = 503
    return readiness


@router.get(
    "/metrics",
    summary="Figures for Prometheus",
    response_class=Response,
    responses={200: {"description": "In Prometheus's text format", "content": {"text/plain": {}}}},
)
async def metrics(parts: Parts) -> Response:
    """What came, what was refused and why, how full queue, disk and hubs are."""
    return Response(await parts.calls(parts.metrics.text), media_type=CONTENT_TYPE_LATEST)


class ReasonView(BaseModel):
    """A reason code explained."""

    code: str
    meaning: str
    advice: str


@router.get(
    "/reasons/{code}",
    summary="What a reason code means",
    responses={404: problem("There is no such code", "path_unknown")},
)
async def reason(code: str) -> ReasonView:
    """A reason code's meaning, and what to do about it."""
    found = REASONS.get(code)
    if found is None:
        raise GreenPackError("path_unknown")
    return ReasonView(code=found.code, meaning=found.meaning, advice=found.advice)
