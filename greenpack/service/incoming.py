"""A multipart form read as it arrives: the photo goes to a file, and is hashed on the way."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from greenpack.intake.photo_format import HEAD_BYTES, PhotoFormat, photo_format
from greenpack.reasons import GreenPackError
from greenpack.service.waiting_calls import WaitingCalls

# So many bytes are held before they are written; what is smaller is written in one go.
PIECE_BYTES = 1 << 20
_MOST_PARTS = 16
_MOST_FIELD_BYTES = 1024
# What goes with a photo; other parts are passed over.
_FIELDS = {"taken_at", "waybill"}


@dataclass(frozen=True, slots=True)
class Incoming:
    """A photo that came whole.

    Attributes:
        file: where its bytes lie; not yet synced to the disk.
        sha256: of its bytes.
        size_bytes: how many.
        kind: its format, by how it begins.
        name: the file name that was sent with it, as it was sent.
        fields: the form's other fields by name.
    """

    file: Path
    sha256: str
    size_bytes: int
    kind: PhotoFormat
    name: str
    fields: dict[str, str]


class IncomingForm:
    """Parses one form; its file is gone after ``discard``, unless it was ``taken`` before."""

    def __init__(self, content_type: str, spool: Path, most_bytes: int) -> None:
        """Prepare for a body.

        Args:
            content_type: the request's.
            spool: where the unfinished file lies.
            most_bytes: largest photo.

        Raises:
            GreenPackError: ``media_type_unsupported``, ``form_invalid`` without a boundary.
        """
        kind, options = parse_options_header(content_type)
        if kind != b"multipart/form-data":
            raise GreenPackError("media_type_unsupported", content_type[:100])
        boundary = options.get(b"boundary", b"")
        if not boundary:
            raise GreenPackError("form_invalid", "the header Content-Type names no boundary")
        self.file = spool / f"{secrets.token_hex(16)}.part"
        self._most = most_bytes
        self._open: BinaryIO | None = None
        self._held: list[bytes] = []
        self._held_bytes = 0
        self._hash = hashlib.sha256()
        self._head = b""
        self._size = 0
        self._name: str | None = None
        self._fields: dict[str, str] = {}
        self._parts = 0
        self._header, self._value = b"", b""
        self._disposition = b""
        self._field: str | None = None
        self._text = b""
        self._ended = False
        try:
            self._parser = MultipartParser(
                boundary,
                {
                    "on_part_begin": self._on_part_begin,
                    "on_part_data": self._on_part_data,
                    "on_part_end": self._on_part_end,
                    "on_header_field": self._on_header_field,
                    "on_header_value": self._on_header_value,
                    "on_header_end": self._on_header_end,
                    "on_headers_finished": self._on_headers_finished,
                    "on_end": self._on_end,
                },
            )
        except FormParserError as error:
            raise GreenPackError("form_invalid", str(error)) from None

    async def read(self, body: AsyncIterator[bytes], in_thread: WaitingCalls) -> None:
        """Read the whole body and check its form.

        Args:
            body: its pieces.
            in_thread: runs what waits for the disk.

        Raises:
            GreenPackError: ``form_invalid``, ``photo_missing``, ``file_too_large``,
                ``unreadable`` for what is no image by its first bytes, and what ``body`` raises.
            OSError: where the disk does not take it.
        """
        async for piece in body:
            if piece:
                self._parse(piece)
            if self._held_bytes >= PIECE_BYTES:
                await in_thread(self._write_held)
        if not self._ended:
            raise GreenPackError("form_invalid", "it ends before its closing boundary")
        if not self._size:
            raise GreenPackError("photo_missing")
        self._checked_kind()

    def finish(self) -> Incoming:
        """Write what is still held and close the file; this waits for the disk.

        Raises:
            OSError: where the disk does not take it.
        """
        self._write_held()
        if self._open is not None:
            self._open.close()
        return Incoming(
            self.file,
            self._hash.hexdigest(),
            self._size,
            self._checked_kind(),
            self._name or "",
            self._fields,
        )

    def discard(self) -> None:
        """Close and remove the file, if it is there; this waits for the disk."""
        if self._open is not None:
            self._open.close()
            self._open = None
            self.file.unlink(missing_ok=True)

    @property
    def on_disk(self) -> bool:
        """Whether there is a file that nobody has taken yet."""
        return self._open is not None

    def taken(self) -> None:
        """The file was moved away: there is nothing to discard any more."""
        self._open = None

    def _parse(self, piece: bytes) -> None:
        try:
            self._parser.write(piece)
        except FormParserError as error:
            raise GreenPackError("form_invalid", str(error)[:200]) from None

    def _checked_kind(self) -> PhotoFormat:
        kind = photo_format(self._head)
        if kind is None:
            raise GreenPackError("unreadable")
        return kind

    def _write_held(self) -> None:
        held, self._held, self._held_bytes = self._held, [], 0
        if self._open is None:
            self._open = self.file.open("xb", buffering=0)
        for piece in held:
            self._hash.update(piece)
        _write_all(self._open, b"".join(held))

    def _on_part_begin(self) -> None:
        self._parts += 1
        if self._parts > _MOST_PARTS:
            raise GreenPackError("form_invalid", f"more than {_MOST_PARTS} parts")
        self._disposition = b""

    def _on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _on_header_end(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._disposition = self._value
        self._header, self._value = b"", b""

    def _on_headers_finished(self) -> None:
        _, options = parse_options_header(self._disposition)
        name = options.get(b"name")
        if name is None:
            raise GreenPackError("form_invalid", "a part without a name")
        self._text = b""
        self._field = _decoded(name)
        if self._field != "photo":
            return
        if self._name is not None:
            raise GreenPackError("form_invalid", "more than one part `photo`")
        self._name = _decoded(options.get(b"filename", b""))

    def _on_part_data(self, data: bytes, start: int, end: int) -> None:
        if self._field != "photo":
            if self._field not in _FIELDS:
                return
            self._text += data[start:end]
            if len(self._text) > _MOST_FIELD_BYTES:
                raise GreenPackError("form_invalid", f"{self._field!r:.50} is too long")
            return
        piece = data[start:end]
        self._size += len(piece)
        if self._size > self._most:
            raise GreenPackError("file_too_large", f"limit {self._most:,} bytes")
        if len(self._head) < HEAD_BYTES:
            self._head = (self._head + piece[:HEAD_BYTES])[:HEAD_BYTES]
            if len(self._head) == HEAD_BYTES:
                self._checked_kind()
        self._held.append(piece)
        self._held_bytes += len(piece)

    def _on_part_end(self) -> None:
        if self._field in _FIELDS:
            if self._field in self._fields:
                raise GreenPackError("form_invalid", f"more than one part {self._field!r:.50}")
            try:
                self._fields[self._field] = self._text.decode("utf-8")
            except UnicodeDecodeError:
                raise GreenPackError("form_invalid", f"{self._field!r:.50} is no UTF-8") from None
        self._field = None

    def _on_end(self) -> None:
        self._ended = True


def bare_name(sent: str) -> str:
    """A file name without folders and control characters, at most 200 characters; may be empty.

    It is shown and searched for waybill numbers; no file is ever named by it.
    """
    last = sent.replace("\\", "/").rpartition("/")[2]
    shown = "".join(char for char in last if char.isprintable()).strip()
    if shown in {".", ".."}:
        return ""
    # The end says more than the beginning: the suffix stands there.
    return shown[-200:]


def _decoded(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def _write_all(file: BinaryIO, data: bytes) -> None:
    """Write everything to an unbuffered file, which may take less at a time."""
    view = memoryview(data)
    while view:
        view = view[file.write(view) :]
