"""What a person dropped on the page, into the store and the queue; photos are held one at a time.

It runs in a thread of its own: once the bytes have reached the server, the browser may go away.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import BinaryIO, Final

import structlog
from sqlalchemy import Engine

from greenpack.intake.limits import Limits
from greenpack.intake.photo_format import HEAD_BYTES, PhotoFormat, photo_format
from greenpack.intake.source import Refused, Source, looks_like_zip, printable
from greenpack.intake.zip_photos import zip_photos
from greenpack.reasons import GreenPackError
from greenpack.records.acts import Actor
from greenpack.records.columns import now
from greenpack.records.database import transact
from greenpack.records.uploads import TakenFile, complete_upload, take_files
from greenpack.storage.content_store import ContentStore

# What one upload takes: files that are dropped, and photos in them and in their zips.
MOST_FILES: Final = 500
MOST_PHOTOS: Final = 5000
_ZIP_STARTS: Final = (b"PK\3\4", b"PK\5\6")
_PIECE: Final = 1 << 20
# Files of one transaction, and the longest that the page waits to hear of them.
_GROUP: Final = 16
_GROUP_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class Dropped:
    """A file as the browser sent it.

    Attributes:
        name: as it was called there.
        stream: its bytes from the beginning; seekable.
    """

    name: str
    stream: BinaryIO


@dataclass(frozen=True, slots=True)
class Upload:
    """An upload that has begun, and what its files need.

    Attributes:
        batch_id: of its row.
        by: who uploads.
        store: where photos as received are kept.
        limits: of intake.
        min_free_bytes: disk space below which no photo is taken.
        sidecar: waybill numbers by bare file name, from the table that came along.
    """

    batch_id: int
    by: Actor
    store: ContentStore
    limits: Limits
    min_free_bytes: int
    sidecar: Mapping[str, str]


def take_upload(
    engine: Engine,
    upload: Upload,
    dropped: Iterable[Dropped],
    clock: Callable[[], datetime] = now,
) -> None:
    """Store all photos of the files, put them into the queue, and complete the upload.

    What is committed stays whatever happens next: an upload that is cut off has fewer files.

    Raises:
        GreenPackError: where database or store fail.
        OSError: where the disk does not take it.
    """
    group: list[TakenFile] = []
    began = time.monotonic()

    def commit() -> None:
        files, at = tuple(group), clock()
        transact(
            engine,
            lambda session: take_files(session, upload.batch_id, files, upload.by, at),
        )
        group.clear()

    for taken in _taken(upload, dropped):
        group.append(taken)
        if len(group) >= _GROUP or time.monotonic() - began >= _GROUP_SECONDS:
            commit()
            began = time.monotonic()
    if group:
        commit()
    transact(engine, partial(complete_upload, batch_id=upload.batch_id, now=clock()))


def take_in_thread(engine: Engine, upload: Upload, dropped: Iterable[Dropped]) -> threading.Thread:
    """The same in a thread that outlives the page; what goes wrong is logged.

    Each file is let go of once it is stored, so that its memory is free again.
    """
    waiting = deque(dropped)

    def one_by_one() -> Iterator[Dropped]:
        while waiting:
            yield waiting.popleft()

    def work() -> None:
        log = structlog.get_logger("greenpack")
        try:
            take_upload(engine, upload, one_by_one())
        except Exception:
            # The page tells that the upload broke off, and which files came.
            log.exception("upload broke off", upload=upload.batch_id)

    # The server may be stopped in the middle: what is committed by then stays.
    thread = threading.Thread(target=work, name=f"upload-{upload.batch_id}", daemon=True)
    thread.start()
    return thread


def _taken(upload: Upload, dropped: Iterable[Dropped]) -> Iterator[TakenFile]:
    photos = 0
    for file in dropped:
        for taken in _of_file(upload, file):
            photos += 1
            if photos > MOST_PHOTOS:
                yield TakenFile(taken.name, reason="upload_too_many", detail=f"{MOST_PHOTOS:,}")
                return
            yield taken


def _of_file(upload: Upload, file: Dropped) -> Iterator[TakenFile]:
    name = printable(file.name.replace("\\", "/").rpartition("/")[2])[-200:] or "?"
    file.stream.seek(0)
    start = file.stream.read(HEAD_BYTES)
    if looks_like_zip(name) or start[:4] in _ZIP_STARTS:
        for found in zip_photos(file.stream, name, upload.limits):
            yield _of_zip(upload, found)
        return
    kind = photo_format(start)
    if not _has_room(upload):
        yield TakenFile(name, reason="disk_low")
    elif kind is None:
        yield TakenFile(name, reason="unreadable")
    else:
        file.stream.seek(0)
        yield _stored(upload, name, file.stream, kind)


def _of_zip(upload: Upload, found: Source | Refused) -> TakenFile:
    if isinstance(found, Refused):
        return TakenFile(found.name, reason=found.reason, detail=found.detail or None)
    kind = photo_format(found.data[:HEAD_BYTES])
    if kind is None:
        return TakenFile(found.name, reason="unreadable")
    if not _has_room(upload):
        return TakenFile(found.name, reason="disk_low")
    sha256 = upload.store.put(found.data, kind.value)
    number = upload.sidecar.get(found.sidecar_name)
    return TakenFile(found.name, sha256, len(found.data), number)


def _stored(upload: Upload, name: str, stream: BinaryIO, kind: PhotoFormat) -> TakenFile:
    """Write the photo to the store piece by piece: it is not held a second time."""
    path = upload.store.spool / f"{secrets.token_hex(16)}.part"
    seen, size = hashlib.sha256(), 0
    try:
        with path.open("xb") as file:
            while piece := stream.read(_PIECE):
                size += len(piece)
                if size > upload.limits.max_file_bytes:
                    detail = f"limit {upload.limits.max_file_bytes:,} bytes"
                    return TakenFile(name, reason="file_too_large", detail=detail)
                seen.update(piece)
                file.write(piece)
        upload.store.put_file(path, seen.hexdigest(), kind.value)
    finally:
        path.unlink(missing_ok=True)
    return TakenFile(name, seen.hexdigest(), size, upload.sidecar.get(name))


def _has_room(upload: Upload) -> bool:
    try:
        free = upload.store.free_bytes()
    except (OSError, GreenPackError):
        return False
    return free is None or free >= upload.min_free_bytes
