"""Cameras for the faults benchmark: honest, slow, cut off, doubled; what they were promised."""

from __future__ import annotations

import hashlib
import io
import random
import socket
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx
from PIL import Image

from benchmarks.standin_worker import CHOKING_SIDE
from tests.painted import Scene


def _small(scene: Scene) -> bytes:
    """The scene at half its size: what is tested is not the measuring."""
    buffer = io.BytesIO()
    picture = Image.open(io.BytesIO(scene.jpeg()))
    picture.reduce(2).save(buffer, "JPEG", quality=95, subsampling=0)
    return buffer.getvalue()


_KINDS = [_small(Scene(goods=goods, seed=seed)) for seed, goods in enumerate((0.1, 0.3, 0.8))]
_NO_PHOTOS = [b"no picture", _KINDS[0][:30_000]]


def new_photo(chance: random.Random) -> bytes:
    """Bytes that were never there before; about one in twenty is no usable photo."""
    kind = chance.choice(_NO_PHOTOS if chance.random() < 0.05 else _KINDS)
    return kind + uuid.uuid4().bytes


def poison() -> bytes:
    """A photo that kills each worker that looks at it."""
    return Scene(size=(CHOKING_SIDE, 900)).jpeg()


@dataclass
class Promises:
    """What the service has acknowledged, by camera and SHA-256, and what else it answered."""

    acknowledged: dict[tuple[int, str], int] = field(default_factory=dict)
    contradictions: list[str] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, camera: int, sha256: str, posting: int) -> None:
        """Note an acknowledgement; the same bytes must always get the same number."""
        with self.lock:
            before = self.acknowledged.setdefault((camera, sha256), posting)
            if before != posting:
                self.contradictions.append(f"{sha256[:12]} is {before} and {posting}")

    def count(self, what: str) -> None:
        """Count an answer."""
        with self.lock:
            self.answers[what] += 1


class FaultCamera(threading.Thread):
    """Posts until told to stop; what was not acknowledged is posted again until it is."""

    def __init__(
        self, camera: int, token: str, url: str, promises: Promises, stop: threading.Event
    ) -> None:
        super().__init__(name=f"camera-{camera}", daemon=True)
        self.camera = camera
        self._token = token
        self._url = url
        self._promises = promises
        self._stop_asked = stop
        self._chance = random.Random(camera)

    def run(self) -> None:
        """Post."""
        with httpx.Client(base_url=self._url, timeout=30) as client:
            while not self._stop_asked.is_set():
                photo = new_photo(self._chance)
                mood = self._chance.random()
                if mood < 0.05:
                    self._half(photo)
                if mood < 0.10:
                    self._drip(photo)
                self.insist(client, photo)
                if mood > 0.95:
                    self.insist(client, photo)
                self._stop_asked.wait(self._chance.uniform(0, 1.0))

    def insist(self, client: httpx.Client, photo: bytes) -> None:
        """Post one photo until it is acknowledged or the time is over."""
        while not self._stop_asked.is_set():
            try:
                answer = client.post(
                    "/v1/photos",
                    headers={"Authorization": f"Bearer {self._token}"},
                    files={"photo": ("a.jpg", photo)},
                )
            except httpx.TransportError as error:
                self._promises.count(type(error).__name__)
                time.sleep(0.2)
                continue
            self._promises.count(str(answer.status_code))
            if answer.status_code in (200, 202):
                sha256 = hashlib.sha256(photo).hexdigest()
                self._promises.keep(self.camera, sha256, answer.json()["id"])
                return
            if answer.status_code in (400, 413, 415):
                return
            time.sleep(0.3)

    def _half(self, photo: bytes) -> None:
        """Send half a body and hang up."""
        self._by_hand(photo, lambda sending, body: sending.sendall(body[: len(body) // 2]))
        self._promises.count("half a body sent")

    def _drip(self, photo: bytes) -> None:
        """Send a body in small pieces with pauses, to the end."""

        def drip(sending: socket.socket, body: bytes) -> None:
            step = len(body) // 20
            for start in range(0, len(body), step):
                sending.sendall(body[start : start + step])
                time.sleep(0.05)
            if sending.recv(65536).startswith((b"HTTP/1.1 202", b"HTTP/1.1 200")):
                self._promises.count("slow body accepted")

        self._by_hand(photo, drip)

    def _by_hand(self, photo: bytes, send: object) -> None:
        request = httpx.Request(
            "POST",
            f"{self._url}/v1/photos",
            headers={"Authorization": f"Bearer {self._token}"},
            files={"photo": ("a.jpg", photo)},
        )
        head = f"POST /v1/photos HTTP/1.1\r\n{_lines(request.headers)}\r\n\r\n".encode()
        place = urlsplit(self._url)
        try:
            with socket.create_connection((place.hostname, place.port), 10) as sending:
                sending.sendall(head)
                send(sending, request.read())  # type: ignore[operator]
        except OSError:
            self._promises.count("hand-made request cut")


def _lines(headers: httpx.Headers) -> str:
    return "\r\n".join(f"{name}: {value}" for name, value in headers.items())
