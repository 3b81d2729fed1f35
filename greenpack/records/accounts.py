"""The accounts of the people who use the report: made, changed and disabled, never removed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from greenpack.reasons import GreenPackError
from greenpack.records.account_tables import SignInSession, UserAccount
from greenpack.records.columns import now, storable
from greenpack.records.digests import entry_for
from greenpack.records.ledger import LedgerKind, append_all, lock
from greenpack.records.roles import Role
from greenpack.records.scope import EVERYTHING, Scope, scope_from
from greenpack.records.stored import given

MAX_NAME = 200


@dataclass(frozen=True, slots=True)
class Account:
    """An account as others may see it; nothing in it is secret.

    Attributes:
        signed_in: in how many browsers the person is signed in.
        locked_until: until when wrong passwords have locked it, or None.
        has_password: whether the person may sign in with a password.
    """

    id: int
    name: str
    full_name: str
    role: Role
    scope: Scope
    created_at: datetime
    password_changed_at: datetime | None
    disabled_at: datetime | None
    locked_until: datetime | None
    has_password: bool
    signed_in: int


def account_name(typed: str) -> str:
    """The name as it is stored: upper and lower case are the same."""
    return storable(typed.strip()).casefold()


def add_account(
    session: Session,
    name: str,
    role: Role,
    scope: Scope = EVERYTHING,
    *,
    password_hash: str | None,
    full_name: str = "",
    by: str,
) -> Account:
    """Make an account.

    Args:
        session: the caller commits.
        name: what the person signs in with; for OpenID Connect the e-mail address.
        role: what the person may do.
        scope: what the person may see.
        password_hash: from ``passwords.hashed``, or None for OpenID Connect only.
        full_name: as others read it; may be empty.
        by: who makes it, for the ledger.

    Raises:
        GreenPackError: ``account_name_invalid``, ``account_exists``.
    """
    stored = account_name(name)
    if not stored or len(stored) > MAX_NAME or any(c.isspace() or c in "/\\" for c in stored):
        raise GreenPackError("account_name_invalid", repr(name))
    lock(session)
    if _row(session, stored) is not None:
        raise GreenPackError("account_exists", stored)
    at = now()
    row = UserAccount(
        name=stored,
        full_name=storable(" ".join(full_name.split())),
        role=role.value,
        scope=storable(str(scope)),
        password_hash=password_hash,
        created_at=at,
        password_changed_at=None if password_hash is None else at,
    )
    _write(session, row, by, "added")
    return _form(row, 0)


def account_named(session: Session, name: str, at: datetime | None = None) -> Account:
    """The account of that name.

    Raises:
        GreenPackError: ``account_unknown``.
    """
    row = _known(session, name)
    return _form(row, _signed_in(session, at or now()).get(given(row.id), 0))


def accounts(session: Session, at: datetime | None = None) -> list[Account]:
    """All accounts, by name."""
    signed_in = _signed_in(session, at or now())
    rows = session.exec(select(UserAccount).order_by(col(UserAccount.name))).all()
    return [_form(row, signed_in.get(given(row.id), 0)) for row in rows]


def has_accounts(session: Session) -> bool:
    """Whether there is any account that is not disabled."""
    statement = select(UserAccount.id).where(col(UserAccount.disabled_at).is_(None)).limit(1)
    return session.exec(statement).first() is not None


def set_password(session: Session, name: str, password_hash: str, by: str) -> Account:
    """Give an account another password; whoever is signed in with it is signed out.

    Raises:
        GreenPackError: ``account_unknown``.
    """
    lock(session)
    row = _known(session, name)
    row.password_hash, row.password_changed_at = password_hash, now()
    row.failed_tries, row.failed_since, row.locked_until = 0, None, None
    _write(session, row, by, "password changed")
    _end_sessions(session, row)
    return _form(row, 0)


def set_role(session: Session, name: str, role: Role, by: str) -> Account:
    """Give an account another role; it holds from the next click.

    Raises:
        GreenPackError: ``account_unknown``.
    """
    lock(session)
    row = _known(session, name)
    before, row.role = row.role, role.value
    _write(session, row, by, "role changed", before=before, now=row.role)
    return account_named(session, name)


def set_scope(session: Session, name: str, scope: Scope, by: str) -> Account:
    """Give an account another scope; it holds from the next click.

    Raises:
        GreenPackError: ``account_unknown``.
    """
    lock(session)
    row = _known(session, name)
    before, row.scope = row.scope, storable(str(scope))
    _write(session, row, by, "scope changed", before=before, now=row.scope)
    return account_named(session, name)


def disable(session: Session, name: str, by: str) -> Account:
    """Refuse an account from now on, and sign it out.

    Raises:
        GreenPackError: ``account_unknown``.
    """
    lock(session)
    row = _known(session, name)
    if row.disabled_at is None:
        row.disabled_at = now()
        _write(session, row, by, "disabled")
    _end_sessions(session, row)
    return _form(row, 0)


def enable(session: Session, name: str, by: str) -> Account:
    """Let a disabled account sign in again.

    Raises:
        GreenPackError: ``account_unknown``.
    """
    lock(session)
    row = _known(session, name)
    if row.disabled_at is not None:
        row.disabled_at = None
        _write(session, row, by, "enabled")
    return account_named(session, name)


def unlock(session: Session, name: str, by: str) -> Account:
    """Forget the wrong passwords given for an account.

    Raises:
        GreenPackError: ``account_unknown``.
    """
    lock(session)
    row = _known(session, name)
    row.failed_tries, row.failed_since, row.locked_until = 0, None, None
    _write(session, row, by, "unlocked")
    return account_named(session, name)


def end_sessions(session: Session, name: str, by: str) -> int:
    """Sign an account out everywhere; returns in how many browsers it was signed in.

    Raises:
        GreenPackError: ``account_unknown``.
    """
    lock(session)
    row = _known(session, name)
    ended = _end_sessions(session, row)
    if ended:
        _write(session, row, by, "signed out everywhere")
    return ended


def _end_sessions(session: Session, account: UserAccount) -> int:
    at = now()
    statement = select(SignInSession).where(
        SignInSession.account_id == account.id,
        col(SignInSession.ended_at).is_(None),
    )
    rows = session.exec(statement).all()
    for row in rows:
        row.ended_at = at
        session.add(row)
    session.flush()
    return sum(row.expires_at > at for row in rows)


def _row(session: Session, stored_name: str) -> UserAccount | None:
    statement = select(UserAccount).where(UserAccount.name == stored_name)
    return session.exec(statement.execution_options(populate_existing=True)).first()


def _known(session: Session, name: str) -> UserAccount:
    row = _row(session, account_name(name))
    if row is None:
        raise GreenPackError("account_unknown", name)
    return row


def _signed_in(session: Session, at: datetime) -> dict[int, int]:
    statement = (
        select(SignInSession.account_id, func.count())
        .where(col(SignInSession.ended_at).is_(None), SignInSession.expires_at > at)
        .group_by(col(SignInSession.account_id))
    )
    return dict(session.exec(statement).all())


def _write(session: Session, row: UserAccount, by: str, what: str, **more: str) -> None:
    session.add(row)
    session.flush()
    told = {"account": row.name, "by": by, "what": what, **more}
    append_all(session, [entry_for(LedgerKind.USER_ACCOUNT, row, (), **told)])


def _form(row: UserAccount, signed_in: int) -> Account:
    return Account(
        id=given(row.id),
        name=row.name,
        full_name=row.full_name,
        role=Role(row.role),
        scope=scope_from(row.scope),
        created_at=row.created_at,
        password_changed_at=row.password_changed_at,
        disabled_at=row.disabled_at,
        locked_until=row.locked_until,
        has_password=row.password_hash is not None,
        signed_in=signed_in,
    )
