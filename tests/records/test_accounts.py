"""Accounts: made, changed, disabled, and what the ledger says of it."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from greenpack.reasons import GreenPackError
from greenpack.records import accounts
from greenpack.records.accounts import Account, add_account
from greenpack.records.database import reading, transact
from greenpack.records.passwords import check_password, hashed, is_outdated, matches
from greenpack.records.roles import RIGHTS, Right, Role, may, roles_with
from greenpack.records.scope import EVERYTHING, Scope
from greenpack.records.tables import Ledger
from greenpack.records.verification import verify

HASH = "$argon2id$for-the-test"


def _add(engine: Engine, name: str = "Li.Wei", role: Role = Role.REVIEWER) -> Account:
    return transact(
        engine,
        lambda session: add_account(session, name, role, password_hash=HASH, by="root"),
    )


def _told(engine: Engine) -> list[tuple[str, str]]:
    """What the ledger says of accounts, and who did it."""
    with reading(engine) as session:
        rows = session.exec(select(Ledger).where(Ledger.kind == "user_account")).all()
        payloads = [json.loads(row.payload) for row in rows]
    return [(payload["what"], payload["by"]) for payload in payloads]


def test_a_name_is_the_same_in_upper_and_lower_case(engine: Engine) -> None:
    assert _add(engine, " Li.Wei@Example.org ").name == "li.wei@example.org"
    with pytest.raises(GreenPackError) as refused:
        _add(engine, "LI.WEI@example.ORG")
    assert refused.value.code == "account_exists"
    assert _add(engine, "李伟").scope == EVERYTHING


@pytest.mark.parametrize("name", ["", "  ", "li wei", "a/b", "a\nb", "x" * 201])
def test_a_name_that_cannot_be_typed_safely_is_refused(engine: Engine, name: str) -> None:
    with pytest.raises(GreenPackError) as refused:
        _add(engine, name)
    assert refused.value.code == "account_name_invalid"


def test_every_change_is_in_the_ledger_and_vouched_for(engine: Engine) -> None:
    _add(engine)
    changes = (
        lambda session: accounts.set_role(session, "LI.WEI", Role.SUPERVISOR, "ann"),
        lambda session: accounts.set_scope(session, "li.wei", Scope("Zhejiang"), "ann"),
        lambda session: accounts.set_password(session, "li.wei", HASH + "2", "ann"),
        lambda session: accounts.disable(session, "li.wei", "ann"),
        lambda session: accounts.disable(session, "li.wei", "ann"),  # says nothing new
        lambda session: accounts.enable(session, "li.wei", "ann"),
        lambda session: accounts.unlock(session, "li.wei", "ann"),
    )
    for change in changes:
        transact(engine, change)
    assert _told(engine) == [
        ("added", "root"),
        ("role changed", "ann"),
        ("scope changed", "ann"),
        ("password changed", "ann"),
        ("disabled", "ann"),
        ("enabled", "ann"),
        ("unlocked", "ann"),
    ]
    with reading(engine) as session:
        account = accounts.account_named(session, "Li.Wei")
        assert (account.role, account.scope) == (Role.SUPERVISOR, Scope("Zhejiang"))
        assert [each.name for each in accounts.accounts(session)] == ["li.wei"]
        assert verify(session, None).sound


def test_who_is_unknown_is_said(engine: Engine) -> None:
    def work(session: Session) -> None:
        accounts.set_role(session, "nobody", Role.ADMIN, "ann")

    with pytest.raises(GreenPackError) as refused:
        transact(engine, work)
    assert refused.value.code == "account_unknown"


def test_there_are_accounts_once_one_may_sign_in(engine: Engine) -> None:
    def there_are() -> bool:
        with reading(engine) as session:
            return accounts.has_accounts(session)

    assert not there_are()
    _add(engine)
    assert there_are()
    transact(engine, lambda session: accounts.disable(session, "li.wei", "ann"))
    assert not there_are()


def test_a_hash_is_argon2id_and_fits_its_password_alone() -> None:
    known = hashed("correct horse battery")
    assert known.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert not is_outdated(known)
    assert matches("correct horse battery", known)
    assert not matches("correct horse batterz", known)
    assert not matches("correct horse battery", None)
    assert not matches("x" * 1025, known)
    assert not matches("correct horse battery", "no hash")
    # The same letters as another keyboard sends them.
    assert matches("Zürich, Straße", hashed("Zu\u0308rich, Straße"))


@pytest.mark.parametrize(
    "password", ["", "short", "elevenchars", "li.wei@example.org", "LI.WEI@Example.org", "a" * 40]
)
def test_a_password_that_is_guessed_first_is_refused(password: str) -> None:
    with pytest.raises(GreenPackError) as refused:
        check_password(password, "li.wei@example.org")
    assert refused.value.code == "password_weak"
    assert password not in str(refused.value) or not password


def test_a_few_words_in_a_row_are_a_password() -> None:
    check_password("correct horse battery", "li.wei")


def test_who_administers_does_not_decide_and_only_who_manages_manages() -> None:
    assert set(RIGHTS) == set(Role)
    assert roles_with(Right.DECIDE) == (Role.REVIEWER, Role.SUPERVISOR)
    assert roles_with(Right.EXPORT) == (Role.REVIEWER, Role.SUPERVISOR)
    assert roles_with(Right.MANAGE) == (Role.SUPERVISOR, Role.ADMIN)
    for right in (Right.SEE_FINDINGS, Right.SEE_EVIDENCE, Right.SEE_HUBS):
        assert roles_with(right) == tuple(Role)
    assert not may(Role.INSPECTOR, Right.EXPORT)
