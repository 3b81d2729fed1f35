"""How signing in is guarded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class SignInBy(StrEnum):
    """How the report finds out who looks at it."""

    ACCOUNTS = "accounts"
    OPENID = "openid"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class SignInRules:
    """When an account is locked, and when somebody is signed out.

    Attributes:
        tries: wrong passwords within ``lock`` that lock an account, > 0.
        lock: how long it is locked, and how long a wrong password counts.
        idle: unused for longer, somebody is signed out.
        longest: somebody is signed out after this time, however busy.
    """

    tries: int = 5
    lock: timedelta = timedelta(minutes=15)
    idle: timedelta = timedelta(hours=8)
    longest: timedelta = timedelta(hours=24)
