"""Signing in, being signed in, and signing out.

A refusal does not tell whether the name, the password or a lock is to blame, and takes as long
for a name that nobody has.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from greenpack.records.account_tables import SignInSession, UserAccount
from greenpack.records.accounts import account_name
from greenpack.records.acts import Act, Actor, act
from greenpack.records.columns import now
from greenpack.records.database import reading, transact
from greenpack.records.digests import entry_for
from greenpack.records.ledger import LedgerKind, NewEntry, append_all, lock
from greenpack.records.passwords import hashed, is_outdated, matches
from greenpack.records.roles import Role
from greenpack.records.scope import Scope, scope_from
from greenpack.records.sign_in_rules import SignInRules
from greenpack.records.stored import given

# A session's last use is written no more often than this.
SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is signed in, as of this moment."""

    session_id: int
    account_id: int
    name: str
    full_name: str
    role: Role
    scope: Scope

    @property
    def actor(self) -> Actor:
        """As the ledger names the person."""
        return Actor(self.account_id, self.name)

    @property
    def shown_name(self) -> str:
        """As others read the person's name."""
        return f"{self.full_name} ({self.name})" if self.full_name else self.name


def sign_in(
    engine: Engine,
    name: str,
    password: str,
    rules: SignInRules,
    *,
    address: str | None = None,
    at: datetime | None = None,
) -> str | None:
    """Sign in with a password; gives the new session's token, or None for a refusal.

    The password is hashed outside the transaction, so that nobody else waits for it.

    Args:
        engine: both the session or the refusal and the ledger's entry are committed.
        name: as typed.
        password: as typed; it is kept nowhere.
        rules: for locks and how long the session holds.
        address: where the try came from, for the ledger, if it is known.
        at: now, aware; None reads the clock.
    """
    at = at or now()
    stored = account_name(name)
    with reading(engine) as session:
        row = _account(session, stored)
        known = None if row is None else row.password_hash
    is_right = matches(password, known)
    renewed = hashed(password) if is_right and known is not None and is_outdated(known) else None

    def work(session: Session) -> str | None:
        lock(session)
        row = _account(session, stored)
        if row is None:
            # What was typed is not kept: people type passwords into the wrong field.
            _write(session, act(Act.SIGN_IN_REFUSED, "user_account", Actor(), address=address))
            return None
        # Somebody may have changed the password while it was hashed.
        if is_right and row.password_hash == known and _may(row, at):
            if renewed is not None:
                row.password_hash = renewed
            return _begin(session, row, rules, at, address)
        _refuse(session, row, rules, at, address)
        return None

    return transact(engine, work)


def sign_in_by_email(
    engine: Engine,
    email: str,
    rules: SignInRules,
    *,
    address: str | None = None,
    at: datetime | None = None,
) -> str | None:
    """Sign in somebody whom an OpenID provider vouches for; None if no account is called so.

    Args:
        engine: what comes of it is committed.
        email: that the provider has verified.
        rules: how long the session holds.
        address: where the try came from, for the ledger, if it is known.
        at: now, aware; None reads the clock.
    """
    at = at or now()

    def work(session: Session) -> str | None:
        lock(session)
        row = _account(session, account_name(email))
        if row is not None and row.disabled_at is None:
            return _begin(session, row, rules, at, address)
        subject = "user_account" if row is None else f"user_account/{row.id}"
        entry = act(Act.SIGN_IN_REFUSED, subject, Actor(), email=email, address=address)
        _write(session, entry)
        return None

    return transact(engine, work)


def who(
    engine: Engine,
    token: str,
    rules: SignInRules,
    *,
    touch: bool = True,
    at: datetime | None = None,
) -> SignedIn | None:
    """Who is signed in with a token, or None: it is unknown, ended, expired or idle too long.

    Args:
        engine: the session's last use is committed, once a minute.
        token: from the cookie.
        rules: how long a session holds.
        touch: whether this is a use; a page that draws itself anew is none.
        at: now, aware; None reads the clock.
    """
    at = at or now()
    with reading(engine) as session:
        statement = (
            select(SignInSession, UserAccount)
            .join(UserAccount, col(UserAccount.id) == SignInSession.account_id)
            .where(SignInSession.token_sha256 == _sha256(token))
        )
        found = session.exec(statement).first()
        if found is None:
            return None
        row, account = found
        signed_in = SignedIn(
            session_id=given(row.id),
            account_id=given(account.id),
            name=account.name,
            full_name=account.full_name,
            role=Role(account.role),
            scope=scope_from(account.scope),
        )
        last_seen = row.last_seen_at
        is_over = (
            row.ended_at is not None
            or account.disabled_at is not None
            or at >= row.expires_at
            or at - last_seen > rules.idle
        )
    if is_over:
        return None
    if touch and at - last_seen > SEEN_EVERY:
        transact(engine, lambda session: _seen(session, signed_in.session_id, at))
    return signed_in


def sign_out(engine: Engine, signed_in: SignedIn, at: datetime | None = None) -> None:
    """End a session; its token serves no more, whoever has it."""

    def work(session: Session) -> None:
        lock(session)
        row = session.get_one(SignInSession, signed_in.session_id)
        if row.ended_at is None:
            row.ended_at = at or now()
            session.add(row)
            subject = f"user_account/{signed_in.account_id}"
            _write(session, act(Act.SIGN_OUT, subject, signed_in.actor))

    transact(engine, work)


def _account(session: Session, stored_name: str) -> UserAccount | None:
    return session.exec(select(UserAccount).where(UserAccount.name == stored_name)).first()


def _may(row: UserAccount, at: datetime) -> bool:
    is_locked = row.locked_until is not None and row.locked_until > at
    return row.disabled_at is None and not is_locked


def _begin(
    session: Session, row: UserAccount, rules: SignInRules, at: datetime, address: str | None
) -> str:
    token = secrets.token_urlsafe(32)
    changed = session.is_modified(row)
    row.failed_tries, row.failed_since, row.locked_until = 0, None, None
    session.add(row)
    session.add(
        SignInSession(
            account_id=given(row.id),
            token_sha256=_sha256(token),
            created_at=at,
            last_seen_at=at,
            expires_at=at + rules.longest,
        )
    )
    entries = [act(Act.SIGN_IN, f"user_account/{row.id}", _actor(row), address=address)]
    if changed:
        what = "password hashed anew"
        entries.insert(0, entry_for(LedgerKind.USER_ACCOUNT, row, account=row.name, what=what))
    session.flush()
    append_all(session, entries)
    return token


def _refuse(
    session: Session, row: UserAccount, rules: SignInRules, at: datetime, address: str | None
) -> None:
    """Count a wrong password; the last one that is allowed locks the account."""
    locks = False
    if _may(row, at):
        if row.failed_since is None or at - row.failed_since > rules.lock:
            row.failed_tries, row.failed_since = 0, at
        row.failed_tries += 1
        if row.failed_tries >= rules.tries:
            locks = True
            row.failed_tries, row.failed_since, row.locked_until = 0, None, at + rules.lock
        session.add(row)
    subject = f"user_account/{row.id}"
    _write(session, act(Act.SIGN_IN_REFUSED, subject, _actor(row), address=address, locks=locks))


def _seen(session: Session, session_id: int, at: datetime) -> None:
    row = session.get_one(SignInSession, session_id)
    row.last_seen_at = max(row.last_seen_at, at)
    session.add(row)


def _actor(row: UserAccount) -> Actor:
    return Actor(row.id, row.name)


def _write(session: Session, entry: NewEntry) -> None:
    session.flush()
    append_all(session, [entry])


def _sha256(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
