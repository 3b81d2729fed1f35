"""Every error of a request, in one place: counted, logged and answered as problem+json."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from greenpack.reasons import GreenPackError
from greenpack.service.logs import log
from greenpack.service.metrics import Metrics
from greenpack.service.problems import RefusedError, as_refusal, problem_response, status_of


def refuse_errors(app: FastAPI, metrics: Metrics) -> None:
    """Let all errors of an application go through here."""

    async def handle(request: Request, error: Exception) -> Response:
        refusal = _refusal(error)
        metrics.refused.labels(refusal.code).inc()
        _log(request, refusal, error)
        return problem_response(refusal, request.scope.get("greenpack.request"))

    for kind in (
        GreenPackError,
        HTTPException,
        RequestValidationError,
        OSError,
        DBAPIError,
        PoolTimeoutError,
        Exception,
    ):
        app.add_exception_handler(kind, handle)


def _refusal(error: Exception) -> GreenPackError:
    if isinstance(error, HTTPException):
        codes = {404: "path_unknown", 405: "method_not_allowed"}
        return GreenPackError(codes.get(error.status_code, "request_invalid"))
    if isinstance(error, RequestValidationError):
        found = error.errors()[0]
        place = [str(part) for part in found["loc"]]
        if place[-1] == "X-Checksum-SHA256":
            return GreenPackError("checksum_invalid")
        return GreenPackError("request_invalid", f"{' '.join(place)}: {found['msg']}")
    return as_refusal(error)


def _log(request: Request, refusal: GreenPackError, error: Exception) -> None:
    camera = request.scope.get("greenpack.camera")
    status = status_of(refusal)
    told = {
        "reason": refusal.code,
        "status": status,
        "detail": refusal.detail,
        "method": request.method,
        "path": request.url.path[:200],
        "camera": None if camera is None else camera.camera_id,
        "hub": None if camera is None else camera.hub,
    }
    if isinstance(refusal, RefusedError):
        told["retry_after"] = refusal.retry_after
    told = {name: value for name, value in told.items() if value not in (None, "")}
    if status == 500:
        log().error("refused", **told, exc_info=error)
    elif refusal is not error and not isinstance(error, HTTPException | RequestValidationError):
        log().error("refused", **told, error=f"{type(error).__name__}: {error}"[:1000])
    else:
        log().warning("refused", **told)
