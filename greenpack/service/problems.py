"""Every error of the service as problem+json (RFC 9457), each with its reason code."""

from __future__ import annotations

import errno
import math

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.responses import JSONResponse

from greenpack.reasons import REASONS, GreenPackError

MEDIA_TYPE = "application/problem+json"

# The status that goes with a reason; what is not listed is a fault of the service: 500.
STATUS = {
    "request_malformed": 400,
    "request_cut_off": 400,
    "request_invalid": 400,
    "form_invalid": 400,
    "photo_missing": 400,
    "checksum_invalid": 400,
    "checksum_mismatch": 400,
    "taken_at_invalid": 400,
    "waybill_invalid": 400,
    "token_missing": 401,
    "token_unknown": 401,
    "token_revoked": 401,
    "hub_not_allowed": 403,
    "posting_unknown": 404,
    "path_unknown": 404,
    "method_not_allowed": 405,
    "request_too_slow": 408,
    "file_too_large": 413,
    "media_type_unsupported": 415,
    "unreadable": 415,
    "rate_limited": 429,
    "backlog_full": 429,
    "service_error": 500,
    "database_busy": 503,
    "database_unreachable": 503,
    "database_newer": 503,
    "storage_failed": 503,
    "disk_low": 507,
}
# How long to wait where the error does not know better, seconds.
RETRY_AFTER = {429: 30.0, 503: 10.0, 507: 60.0}
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Problem(BaseModel):
    """What went wrong and what to do about it (RFC 9457)."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "type": "/reasons/checksum_mismatch",
                "title": "the bytes that came are not those the checksum names",
                "status": 400,
                "code": "checksum_mismatch",
                "advice": "Send the photo again; it was damaged on the way, and nothing of it "
                "was kept.",
            }
        }
    )

    type: str = Field(description="address of the reason's explanation at this service")
    title: str = Field(description="what the reason means")
    status: int = Field(description="the HTTP status")
    detail: str | None = Field(default=None, description="what exactly was met")
    code: str = Field(description="the reason code; never renamed")
    advice: str = Field(description="what a person can do about it")
    request: str | None = Field(default=None, description="the request's number in the log")


class RefusedError(GreenPackError):
    """A refusal that knows how long to wait before asking again.

    Attributes:
        retry_after: seconds, or None where waiting does not help.
    """

    def __init__(self, code: str, detail: str = "", retry_after: float | None = None) -> None:
        super().__init__(code, detail)
        self.retry_after = retry_after


def as_refusal(error: Exception) -> GreenPackError:
    """The reason behind whatever was raised; ``service_error`` where none is known.

    What drivers and the operating system say stays in the log: it may name paths and addresses.
    """
    if isinstance(error, GreenPackError):
        return error
    if isinstance(error, OSError):
        return GreenPackError("disk_low" if error.errno in _NO_ROOM else "storage_failed")
    if isinstance(error, DBAPIError | PoolTimeoutError):
        return GreenPackError("database_unreachable")
    return GreenPackError("service_error")


def status_of(error: GreenPackError) -> int:
    """The HTTP status that goes with an error."""
    return STATUS.get(error.code, 500)


def problem_response(error: GreenPackError, request: str | None = None) -> JSONResponse:
    """The answer to a request that met the error.

    Args:
        error: what was met.
        request: the request's number in the log.
    """
    status = status_of(error)
    body = Problem(
        type=f"/reasons/{error.code}",
        title=REASONS[error.code].meaning,
        status=status,
        detail=error.detail or None,
        code=error.code,
        advice=error.advice,
        request=request,
    )
    headers = {}
    wait = error.retry_after if isinstance(error, RefusedError) else None
    wait = RETRY_AFTER.get(status) if wait is None else wait
    if wait is not None:
        headers["Retry-After"] = str(max(1, math.ceil(wait)))
    if status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="greenpack"'
    return JSONResponse(
        body.model_dump(exclude_none=True), status, headers=headers, media_type=MEDIA_TYPE
    )
