"""A camera for load tests: posts one photo after another over one connection, with little effort.

Its bytes differ from photo to photo by a number behind the JPEG's end, so that each is new and its
checksum costs next to nothing.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import random
import time
from dataclasses import dataclass, field

_BOUNDARY = b"greenpack-load-camera"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer.

    Attributes:
        status: of HTTP; 0 where the connection broke.
        seconds: from the first byte sent to the last byte of the answer.
        sha256: of the photo's bytes.
        id: the photo's number, or None.
    """

    status: int
    seconds: float
    sha256: str
    id: int | None


@dataclass
class LoadCamera:
    """One camera with its token.

    Attributes:
        name: part of each photo, so that no two cameras send the same.
        path: what it posts to.
        port: on 127.0.0.1.
        token: of the service, or empty.
        photo: the bytes that all photos begin with.
        answers: all answers so far.
    """

    name: str
    path: str
    port: int
    token: str
    photo: bytes
    answers: list[Answer] = field(default_factory=list)
    sent: int = 0
    _hash: object = None

    async def post_for(self, seconds: float, every: float = 0.0) -> None:
        """Post until the time is over; ``every`` seconds, or at once after each answer."""
        end = time.monotonic() + seconds
        if every:
            # Cameras do not keep step.
            await asyncio.sleep(random.uniform(0, every))
        reader = writer = None
        while (began := time.monotonic()) < end:
            if writer is None or writer.is_closing():
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            assert reader is not None
            try:
                self.answers.append(await self._post(reader, writer))
            except (OSError, asyncio.IncompleteReadError, ValueError):
                self.answers.append(Answer(0, time.monotonic() - began, "", None))
                writer.close()
                writer = None
                await asyncio.sleep(0.2)
            if every:
                await asyncio.sleep(max(0.0, began + every - time.monotonic()))
        if writer is not None:
            writer.close()

    def photo_of(self, number: int) -> bytes:
        """The bytes of the photo that was sent as that number, from 0 on."""
        return self.photo + self._mark(number)

    def _mark(self, number: int) -> bytes:
        return f" {self.name} {number:010d}".encode()

    async def _post(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Answer:
        mark = self._mark(self.sent)
        self.sent += 1
        seen = hashlib.sha256() if self._hash is None else self._hash.copy()  # type: ignore[attr-defined]
        if self._hash is None:
            seen.update(self.photo)
            self._hash = seen.copy()
        seen.update(mark)
        sha256 = seen.hexdigest()
        head = (
            b'--%b\r\nContent-Disposition: form-data; name="photo"; filename="%b.jpg"\r\n'
            b"Content-Type: image/jpeg\r\n\r\n" % (_BOUNDARY, self.name.encode())
        )
        tail = b"\r\n--%b--\r\n" % _BOUNDARY
        size = len(head) + len(self.photo) + len(mark) + len(tail)
        request = (
            f"POST {self.path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Authorization: Bearer {self.token}\r\nX-Checksum-SHA256: {sha256}\r\n"
            f"Content-Type: multipart/form-data; boundary={_BOUNDARY.decode()}\r\n"
            f"Content-Length: {size}\r\n\r\n"
        ).encode()
        began = time.monotonic()
        writer.writelines([request, head, self.photo, mark, tail])
        await writer.drain()
        status, body = await _answer(reader)
        seconds = time.monotonic() - began
        number = json.loads(body).get("id") if status in {200, 202} else None
        return Answer(status, seconds, sha256, number)


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head.split(b" ", 2)[1])
    length = next(
        int(line.partition(b":")[2])
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"content-length:")
    )
    return status, await reader.readexactly(length)
