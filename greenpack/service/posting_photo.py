"""`POST /v1/photos`: acknowledged once the bytes are on the disk and the row is there."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Header, Query, Request, Response
from sqlmodel import Session, col, select

from greenpack.intake.waybill_number import normalise
from greenpack.reasons import GreenPackError
from greenpack.records.camera_tokens import TokenCamera
from greenpack.records.database import reading
from greenpack.records.posting_group import NewPosting
from greenpack.records.posting_tables import Posting
from greenpack.records.postings import Posted
from greenpack.service.bearer import check_hub
from greenpack.service.described import POST_BODY, POST_RESPONSES
from greenpack.service.incoming import Incoming, IncomingForm, bare_name
from greenpack.service.logs import log
from greenpack.service.parts import Camera, Parts, ServiceParts
from greenpack.service.posting_view import SHA256_PATTERN, PostingView, posting_view

router = APIRouter()

# A camera whose clock is farther off than this tells no time.
_YEARS = range(1995, 2100)

Checksum = Annotated[
    str | None,
    Header(
        alias="X-Checksum-SHA256",
        pattern=SHA256_PATTERN,
        description="SHA-256 of the photo's bytes; if they do not agree, nothing is kept",
    ),
]
Hub = Annotated[
    str | None,
    Query(
        max_length=200,
        description="the hub the sender believes to be at; refused if the token is another's",
    ),
]


@router.post(
    "/v1/photos",
    status_code=202,
    summary="Post a photo",
    response_model=PostingView,
    responses=POST_RESPONSES,
    openapi_extra={"requestBody": POST_BODY, "security": [{"cameraToken": []}]},
)
async def post_photo(
    request: Request,
    camera: Camera,
    parts: Parts,
    hub: Hub = None,
    checksum: Checksum = None,
) -> Response:
    """Store a photo and put it into the queue to be measured.

    202: the bytes are safely stored, whatever happens next. 200: this camera had posted the same
    bytes before; the answer is the first posting. After a connection that broke, ask
    `GET /v1/photos?sha256=` whether the photo arrived, or simply send it again.
    """
    check_hub(camera, hub)
    parts.rates.take(camera.camera_id)
    parts.pressure.check()
    form = IncomingForm(
        request.headers.get("content-type", ""),
        parts.store.spool,
        parts.settings.max_file_bytes,
    )
    began = time.monotonic()
    try:
        with parts.metrics.in_progress.track_inprogress(), parts.committing.expecting():
            await form.read(_body(request), parts.calls)
            incoming, new = await parts.calls(
                lambda: _store(parts, form, camera, checksum, parts.now())
            )
            posted, added = await parts.committing.commit(new, camera.token_id)
            if posted.removed_at is not None:
                await parts.calls(lambda: _drop_again(parts, incoming.sha256))
    finally:
        if form.on_disk:
            await parts.calls(form.discard)
    taken = time.monotonic() - began
    _count(parts, camera, posted, added, taken)
    view = posting_view(posted, duplicate=not added)
    # Written here: FastAPI would check the view a second time.
    return Response(
        view.model_dump_json(exclude_none=True),
        202 if added else 200,
        headers={"Location": view.status},
        media_type="application/json",
    )


async def _body(request: Request) -> AsyncIterator[bytes]:
    """The body's pieces; what ``BodyLimits`` raises comes through as it is."""
    while True:
        message = await request.receive()
        yield message.get("body", b"")
        if not message.get("more_body", False):
            return


def _store(
    parts: ServiceParts,
    form: IncomingForm,
    camera: TokenCamera,
    checksum: str | None,
    now: datetime,
) -> tuple[Incoming, NewPosting]:
    """Check what came and store its bytes so that they survive power loss."""
    incoming = form.finish()
    if checksum is not None and checksum.lower() != incoming.sha256:
        raise GreenPackError("checksum_mismatch", f"the bytes' is {incoming.sha256}")
    new = NewPosting(
        camera_id=camera.camera_id,
        sha256=incoming.sha256,
        size_bytes=incoming.size_bytes,
        source_name=bare_name(incoming.name),
        taken_at=_taken_at(incoming.fields, parts.settings.camera_zone),
        waybill_number=_waybill(incoming.fields),
        received_at=now,
    )
    parts.store.put_file(incoming.file, incoming.sha256, incoming.kind.value)
    form.taken()
    return incoming, new


def _drop_again(parts: ServiceParts, sha256: str) -> None:
    """Delete bytes that had been deleted after their time and came once more.

    Their posting is long done. Another camera that posted the same bytes still needs them.
    """
    with reading(parts.database.engine()) as session:
        if not _is_needed(session, sha256):
            parts.store.delete(sha256)


def _is_needed(session: Session, sha256: str) -> bool:
    kept = select(Posting.id).where(Posting.sha256 == sha256, col(Posting.removed_at).is_(None))
    return session.exec(kept.limit(1)).first() is not None


def _taken_at(fields: Mapping[str, str], zone: ZoneInfo) -> datetime | None:
    text = fields.get("taken_at", "").strip()
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise GreenPackError("taken_at_invalid", repr(text[:50])) from None
    if moment.year not in _YEARS:
        raise GreenPackError("taken_at_invalid", repr(text[:50]))
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)


def _waybill(fields: Mapping[str, str]) -> str | None:
    text = fields.get("waybill", "").strip()
    if not text:
        return None
    number = normalise(text)
    if number is None:
        raise GreenPackError("waybill_invalid", repr(text[:50]))
    return str(number)


def _count(
    parts: ServiceParts, camera: TokenCamera, posted: Posted, added: bool, taken: float
) -> None:
    if added:
        parts.metrics.accepted.labels(camera.hub).inc()
        parts.metrics.bytes.inc(posted.size_bytes)
        parts.pressure.added(posted.size_bytes)
    else:
        parts.metrics.duplicate.labels(camera.hub).inc()
    parts.metrics.acknowledgement.observe(taken)
    log().info(
        "photo accepted" if added else "photo known",
        photo=posted.id,
        camera=camera.camera_id,
        hub=camera.hub,
        sha256=posted.sha256,
        bytes=posted.size_bytes,
        milliseconds=round(taken * 1000),
    )
