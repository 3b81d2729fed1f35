"""Passwords: which are good enough, and their argon2id hashes."""

from __future__ import annotations

import threading
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from greenpack.reasons import GreenPackError

MIN_LENGTH = 12
# Longer ones only cost time.
MAX_LENGTH = 1024

# The second recommended set of RFC 9106: 64 MiB, three passes, four lanes.
_HASHER = PasswordHasher()
# Each hash takes 64 MiB: whoever sends many passwords at once waits instead of filling memory.
_AT_ONCE = threading.BoundedSemaphore(2)


def _normal(password: str) -> str:
    """One form for what keyboards write in several, for example umlauts."""
    return unicodedata.normalize("NFKC", password)


def check_password(password: str, name: str) -> None:
    """See that a password may be set for an account.

    Raises:
        GreenPackError: ``password_weak``.
    """
    plain = _normal(password)
    if len(plain) < MIN_LENGTH:
        raise GreenPackError("password_weak", f"it has {len(plain)} characters")
    if len(plain) > MAX_LENGTH:
        raise GreenPackError("password_weak", f"it has more than {MAX_LENGTH} characters")
    if len(set(plain)) < 4:
        raise GreenPackError("password_weak", "it repeats a few characters")
    if plain.casefold() in {name, name.partition("@")[0], name * 2}:
        raise GreenPackError("password_weak", "it is the name")


def hashed(password: str) -> str:
    """The argon2id hash with its salt and cost, in PHC form."""
    with _AT_ONCE:
        return _HASHER.hash(_normal(password))


# What the password of nobody is held against, so that an unknown name takes as long as a known.
_NOBODY = hashed("nobody has this password")


def matches(password: str, known: str | None) -> bool:
    """Whether a password is the hashed one; takes as long where there is none.

    Args:
        password: as it was typed.
        known: its hash, or None for an account that has none or does not exist.
    """
    plain = _normal(password)
    if len(plain) > MAX_LENGTH:
        return False
    with _AT_ONCE:
        try:
            _HASHER.verify(known or _NOBODY, plain)
        except (VerificationError, InvalidHashError):
            return False
    return known is not None


def is_outdated(known: str) -> bool:
    """Whether a hash was made with other costs than today's."""
    return _HASHER.check_needs_rehash(known)
