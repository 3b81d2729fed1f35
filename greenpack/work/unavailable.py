"""Database or storage away: no photo is to blame, and the worker waits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import InterfaceError, OperationalError

from greenpack.reasons import GreenPackError

# Where database or storage is not usable; no photo is to blame.
_AWAY = {"database_unreachable", "database_busy", "storage_unreachable", "disk_low"}


class UnavailableError(Exception):
    """Database or storage cannot be used at present.

    Attributes:
        reason: a reason code.
    """

    def __init__(self, reason: str, detail: str) -> None:
        self.reason = reason
        super().__init__(detail)


@contextmanager
def away_is_unavailable() -> Iterator[None]:
    """What says that database or storage is away becomes ``UnavailableError``."""
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        raise UnavailableError("database_unreachable", told(error)) from error
    except OSError as error:
        raise UnavailableError("storage_failed", told(error)) from error
    except GreenPackError as error:
        if error.code not in _AWAY:
            raise
        raise UnavailableError(error.code, error.detail) from error


def told(error: Exception) -> str:
    """An exception on one line."""
    return f"{type(error).__name__}: {' '.join(str(error).split())}"[:500]
