"""Evidence pictures in a folder, each named by the SHA-256 of its bytes."""

from __future__ import annotations

from pathlib import Path


class EvidenceStore:
    """Files named by their own content: ``ab/cd/abcd....jpg`` below one folder.

    Attributes:
        folder: where the files lie; made when the first is put.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, data: bytes, suffix: str = ".jpg") -> str:
        """Store the bytes so that they survive power loss; return their SHA-256.

        Putting the same bytes again changes nothing. ``suffix`` is ``.`` and lower-case letters
        or digits.
        """
        raise NotImplementedError

    def path(self, sha256: str) -> Path:
        """Where that file lies.

        Raises:
            GreenPackError: ``evidence_missing``.
        """
        raise NotImplementedError

    def read(self, sha256: str) -> bytes:
        """The bytes, checked against their name.

        Raises:
            GreenPackError: ``evidence_missing`` or ``evidence_changed``.
        """
        raise NotImplementedError
