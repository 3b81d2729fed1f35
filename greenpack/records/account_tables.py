"""The tables of the people who use the report, and of their being signed in."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, UniqueConstraint

from greenpack.records.columns import Row, UtcDateTime, column, key, one_of, sha256_of
from greenpack.records.roles import Role


class UserAccount(Row, table=True):
    """A person who may sign in to the report. Never removed: the ledger names it."""

    __tablename__: ClassVar[str] = "user_account"
    __table_args__ = (
        UniqueConstraint("name"),
        one_of("role", Role),
        CheckConstraint("failed_tries >= 0", name="failed_tries"),
        CheckConstraint("(password_hash IS NULL) = (password_changed_at IS NULL)", name="password"),
    )

    id: int | None = key()
    name: str = column("what the person signs in with, in lower case: a name or an e-mail address")
    full_name: str = column("the person's name as others read it; may be empty")
    role: str = column("inspector, reviewer, supervisor or admin")
    scope: str = column("what may be seen: everything, or PROVINCE[/MUNICIPALITY[/HUB]]")
    password_hash: str | None = column(
        "argon2id in PHC form; NULL for who signs in by OpenID Connect only", default=None
    )
    created_at: datetime = column("when it was made, UTC", sa_type=UtcDateTime)
    password_changed_at: datetime | None = column(
        "when the password was set, UTC; NULL without one", default=None, sa_type=UtcDateTime
    )
    disabled_at: datetime | None = column(
        "since when it is refused, UTC; NULL where it is not", default=None, sa_type=UtcDateTime
    )
    failed_tries: int = column("wrong passwords since failed_since", default=0)
    failed_since: datetime | None = column(
        "when the first of these was given, UTC; NULL without any",
        default=None,
        sa_type=UtcDateTime,
    )
    locked_until: datetime | None = column(
        "until when it is locked for wrong passwords, UTC; NULL where it never was",
        default=None,
        sa_type=UtcDateTime,
    )


class SignInSession(Row, table=True):
    """That somebody is signed in, in one browser. The token itself is nowhere stored."""

    __tablename__: ClassVar[str] = "sign_in_session"
    __table_args__ = (UniqueConstraint("token_sha256"), sha256_of("token_sha256"))

    id: int | None = key()
    account_id: int = column("who is signed in", foreign_key="user_account.id", index=True)
    token_sha256: str = column("SHA-256 of the token in the browser's cookie, hexadecimal")
    created_at: datetime = column("when the person signed in, UTC", sa_type=UtcDateTime)
    last_seen_at: datetime = column("when last used, UTC, to a minute", sa_type=UtcDateTime)
    expires_at: datetime = column("when it ends at the latest, UTC", sa_type=UtcDateTime)
    ended_at: datetime | None = column(
        "when the person signed out, or was signed out, UTC; NULL until then",
        default=None,
        sa_type=UtcDateTime,
    )
