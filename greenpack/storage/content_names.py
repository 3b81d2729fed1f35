"""How stored files are named: the SHA-256 of their bytes and a suffix."""

from __future__ import annotations

import re

_SHA256 = re.compile(r"[0-9a-f]{64}")
_SUFFIX = re.compile(r"\.[a-z0-9]{1,8}")


def checked_sha256(sha256: str) -> str:
    """The name itself: one from a database or a camera is not trusted to stay in its folder.

    Raises:
        ValueError: if that is no SHA-256 in lower-case hexadecimal.
    """
    if not is_sha256(sha256):
        raise ValueError(f"{sha256!r} is no SHA-256 in lower-case hexadecimal")
    return sha256


def is_sha256(name: str) -> bool:
    """Whether a name is a SHA-256 in lower-case hexadecimal."""
    return _SHA256.fullmatch(name) is not None


def checked_suffix(suffix: str) -> str:
    """The suffix itself: ``.`` and one to eight lower-case letters or digits.

    Raises:
        ValueError: for another one.
    """
    if not _SUFFIX.fullmatch(suffix):
        raise ValueError(f"{suffix!r} is no suffix such as .jpg")
    return suffix
