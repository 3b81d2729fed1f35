"""One photo, one attempt: what the service answers, as one of three outcomes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx

from greenpack.client.photo_files import PhotoFile
from greenpack.reasons import REASONS, GreenPackError

# For each phase; the whole photo may take longer.
_TIMEOUT = httpx.Timeout(30.0, connect=10.0, read=120.0)
# No other photo would be taken in either, and waiting does not help.
_ENDING = {401, 403}
# It is not the photo's fault.
_PASSING = {408, 425, 429, 500, 502, 503, 504, 507}
_PASSING_CODES = {"checksum_mismatch", "request_cut_off", "request_too_slow"}


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """The service has the photo.

    Attributes:
        photo_id: its number there.
        duplicate: whether the service had it before.
    """

    photo_id: int
    duplicate: bool


@dataclass(frozen=True, slots=True)
class Refused:
    """The service will never take this photo.

    Attributes:
        code: the reason code.
        text: what is wrong and what to do, for people.
    """

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Later:
    """The photo has to be sent again.

    Attributes:
        text: why, for people.
        retry_after: seconds that the service asks to wait, or None.
        uncertain: whether the service may have it all the same: the answer was lost.
    """

    text: str
    retry_after: float | None = None
    uncertain: bool = False


class ServiceCalls:
    """A connection to one service with one camera's token."""

    def __init__(self, url: str, token: str, hub: str | None = None) -> None:
        """Prepare; nothing is sent yet.

        Args:
            url: the service's address, such as ``http://hub-server:8600``.
            token: the camera's.
            hub: the hub the camera is believed to be at, or None.
        """
        self._params = {} if hub is None else {"hub": hub}
        self._http = httpx.Client(
            base_url=url.rstrip("/"),
            headers={"Authorization": f"Bearer {token}"},
            timeout=_TIMEOUT,
        )

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def post(
        self, file: PhotoFile, sha256: str, *, with_time: bool = False
    ) -> Acknowledged | Refused | Later:
        """Send one photo.

        Args:
            file: the photo.
            sha256: of its bytes.
            with_time: send the file's time of change as the capture time.

        Raises:
            GreenPackError: where no other photo would be taken in either.
            OSError: if the file cannot be read.
        """
        fields = {}
        if with_time:
            fields["taken_at"] = datetime.fromtimestamp(file.changed_ns / 1e9, UTC).isoformat()
        with file.path.open("rb") as photo:
            return self._asked(
                "POST",
                params=self._params,
                headers={"X-Checksum-SHA256": sha256},
                data=fields,
                files={"photo": (file.path.name, photo, "application/octet-stream")},
            )

    def known(self, sha256: str) -> Acknowledged | Refused | Later:
        """Ask whether the service has these bytes; ``Refused`` says that it has not."""
        return self._asked("GET", params={"sha256": sha256})

    def _asked(self, method: str, **request: Any) -> Acknowledged | Refused | Later:
        try:
            answer = self._http.request(method, "/v1/photos", **request)
        except httpx.ConnectError as error:
            return Later(f"no connection: {error}")
        except httpx.TransportError as error:
            return Later(f"connection lost: {error or type(error).__name__}", uncertain=True)
        except httpx.InvalidURL as error:
            raise GreenPackError("service_answer_strange", str(error)) from None
        return _outcome(answer)


def _outcome(answer: httpx.Response) -> Acknowledged | Refused | Later:
    told = _json(answer)
    if answer.status_code in {200, 202} and isinstance(told.get("id"), int):
        return Acknowledged(told["id"], bool(told.get("duplicate")))
    code = str(told.get("code", ""))
    text = f"{told.get('title', answer.reason_phrase)}. {told.get('advice', '')}".strip()
    if answer.status_code in _PASSING or code in _PASSING_CODES:
        return Later(f"{answer.status_code}: {text}", _seconds(answer.headers.get("retry-after")))
    if code not in REASONS:
        raise GreenPackError("service_answer_strange", f"{answer.url}: {answer.status_code}")
    if answer.status_code in _ENDING:
        raise GreenPackError(code, str(told.get("detail", "")))
    return Refused(code, text)


def _json(answer: httpx.Response) -> dict[str, Any]:
    try:
        told = answer.json()
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _seconds(text: str | None) -> float | None:
    """``Retry-After`` in seconds; a date is not understood and counts as none."""
    return float(text) if text is not None and text.isdecimal() and len(text) < 8 else None
