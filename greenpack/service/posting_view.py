"""A posting as cameras see it."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from greenpack.reasons import REASONS
from greenpack.records.postings import Posted, PostingState

# What a photo's SHA-256 looks like, in either case.
SHA256_PATTERN = "^[0-9a-fA-F]{64}$"
# The largest number that both databases give a row.
LARGEST_ID = 2**31 - 1

EXAMPLE: dict[str, JsonValue] = {
    "id": 1742,
    "status": "/v1/photos/1742",
    "state": "waiting",
    "duplicate": False,
    "sha256": "5e2bf57d3f40c4b6df69daf1936cb766f832374b4fc0259a7cbff06e2f70f269",
    "size_bytes": 2483901,
    "name": "line1-101500.jpg",
    "taken_at": "2026-11-23T02:15:00Z",
    "waybill": "SF1234567890123",
    "camera": "line 1",
    "hub": "浙江/杭州/萧山",
    "received_at": "2026-11-23T02:15:01.204Z",
    "tries": 0,
}


class PostingView(BaseModel):
    """A photo in the queue, or through it."""

    model_config = ConfigDict(json_schema_extra={"example": EXAMPLE})

    id: int = Field(description="the photo's number at this service")
    status: str = Field(description="the address that tells its state")
    state: PostingState = Field(
        description="waiting for a worker; working: being measured; done: recorded, measured or "
        "refused; failed: given up, with the reason"
    )
    duplicate: bool = Field(description="whether these bytes had been posted before")
    sha256: str = Field(description="SHA-256 of the bytes as received")
    size_bytes: int
    name: str = Field(description="the file name, without folders")
    taken_at: datetime | None = Field(default=None, description="capture time that was sent")
    waybill: str | None = Field(default=None, description="waybill number that was sent")
    camera: str
    hub: str = Field(description="province/municipality/hub")
    received_at: datetime
    tries: int = Field(description="how often a worker began with it without an end")
    reason: str | None = Field(default=None, description="reason code of the last failed try")
    advice: str | None = Field(default=None, description="what can be done about it")
    finished_at: datetime | None = None


def posting_view(posted: Posted, duplicate: bool = False) -> PostingView:
    """What is shown of a posting."""
    reason = REASONS.get(posted.reason or "")
    return PostingView(
        id=posted.id,
        status=f"/v1/photos/{posted.id}",
        state=posted.state,
        duplicate=duplicate,
        sha256=posted.sha256,
        size_bytes=posted.size_bytes,
        name=posted.source_name,
        taken_at=posted.taken_at,
        waybill=posted.waybill_number,
        camera=posted.camera,
        hub=posted.hub,
        received_at=posted.received_at,
        tries=posted.tries,
        reason=posted.reason,
        advice=None if reason is None else reason.advice,
        finished_at=posted.finished_at,
    )
