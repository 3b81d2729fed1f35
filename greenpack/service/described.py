"""What the OpenAPI description says beyond what the code's own types say: bodies and examples."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from greenpack.reasons import REASONS
from greenpack.service.posting_view import EXAMPLE, PostingView
from greenpack.service.problems import MEDIA_TYPE, STATUS, Problem

_WAIT = {
    "Retry-After": {
        "description": "seconds to wait before asking again",
        "schema": {"type": "integer", "minimum": 1},
    }
}
_PLACE = {
    "Location": {
        "description": "the address that tells the photo's state",
        "schema": {"type": "string"},
    }
}


def problem(description: str, *codes: str) -> dict[str, Any]:
    """How an error answer is described.

    Args:
        description: what it is about.
        codes: the reason codes that come with it, each an example.
    """
    status = STATUS[codes[0]]
    described: dict[str, Any] = {
        "description": description,
        "content": {
            MEDIA_TYPE: {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "examples": {code: {"value": _example(code)} for code in codes},
            }
        },
    }
    if status in {429, 503, 507}:
        described["headers"] = _WAIT
    return described


def _example(code: str) -> dict[str, Any]:
    reason = REASONS[code]
    return Problem(
        type=f"/reasons/{code}",
        title=reason.meaning,
        status=STATUS[code],
        code=code,
        advice=reason.advice,
    ).model_dump(exclude_none=True)


_TOKEN = problem("The camera is not known", "token_missing", "token_unknown", "token_revoked")
_DOWN = problem("The database or the storage is not usable", "database_unreachable")

# What a known camera may be answered when it asks.
ASK_RESPONSES: dict[int | str, dict[str, Any]] = {
    400: problem("The request cannot be understood", "request_invalid"),
    401: _TOKEN,
    404: problem("This camera posted no such photo", "posting_unknown"),
    503: _DOWN,
}

POST_RESPONSES: dict[int | str, dict[str, Any]] = {
    202: {
        "description": "The photo is safely stored and waits to be measured",
        "headers": _PLACE,
    },
    200: {
        "description": "This camera had posted the same bytes before",
        "model": PostingView,
        "headers": _PLACE,
        "content": {"application/json": {"example": {**EXAMPLE, "duplicate": True}}},
    },
    400: problem(
        "The form, a field or the checksum is wrong",
        "form_invalid",
        "photo_missing",
        "checksum_mismatch",
        "taken_at_invalid",
        "waybill_invalid",
        "request_invalid",
    ),
    401: _TOKEN,
    403: problem("The token belongs to another hub", "hub_not_allowed"),
    408: problem("The body came too slowly", "request_too_slow"),
    413: problem("The photo is too large", "file_too_large"),
    415: problem("The body is no form, or the photo no image", "media_type_unsupported"),
    429: problem("Too many photos, of this camera or of all", "rate_limited", "backlog_full"),
    503: _DOWN,
    507: problem("The disk is nearly full", "disk_low"),
}

POST_BODY = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["photo"],
                "properties": {
                    "photo": {
                        "type": "string",
                        "format": "binary",
                        "description": "the image file: JPEG, PNG, WebP, TIFF or HEIC",
                    },
                    "taken_at": {
                        "type": "string",
                        "maxLength": 64,
                        "description": "capture time, ISO 8601; counts where the file tells none. "
                        "Without an offset the service's camera time zone is meant",
                        "examples": ["2026-11-23T10:15:00+08:00"],
                    },
                    "waybill": {
                        "type": "string",
                        "maxLength": 64,
                        "description": "the waybill's number",
                        "examples": ["SF1234567890123"],
                    },
                },
            },
            "encoding": {
                "photo": {
                    "contentType": "image/jpeg, image/png, image/webp, image/tiff, image/heic"
                }
            },
        }
    },
}


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI description, with the token's scheme and without answers never given."""
    if app.openapi_schema is None:
        schema = get_openapi(
            title=app.title,
            version=app.version,
            summary=app.summary,
            description=app.description,
            routes=app.routes,
        )
        components = schema.setdefault("components", {})
        components["securitySchemes"] = {
            "cameraToken": {
                "type": "http",
                "scheme": "bearer",
                "description": "the token that `greenpack camera add` printed",
            }
        }
        schemas = components.setdefault("schemas", {})
        schemas["Problem"] = Problem.model_json_schema()
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        for path in schema["paths"].values():
            for operation in path.values():
                operation["responses"].pop("422", None)
        app.openapi_schema = schema
    return app.openapi_schema
