"""Signing in, being signed in, locks, and what the ledger keeps of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine
from sqlmodel import select

from greenpack.records import accounts, passwords, signing_in
from greenpack.records.accounts import add_account
from greenpack.records.acts import Actor, newest_record, record_export, record_look
from greenpack.records.database import reading, transact
from greenpack.records.ledger import head
from greenpack.records.roles import Role
from greenpack.records.scope import Scope
from greenpack.records.sign_in_rules import SignInRules
from greenpack.records.signing_in import sign_in, sign_in_by_email, sign_out, who
from greenpack.records.tables import Ledger, SignInSession, UserAccount
from greenpack.records.verification import verify

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
RULES = SignInRules(
    tries=3, lock=timedelta(minutes=15), idle=timedelta(hours=2), longest=timedelta(hours=9)
)
RIGHT, WRONG = "correct horse battery", "wrong horse battery"


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a hash costs is tested elsewhere."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(1, 8, 1))


@pytest.fixture
def engine(engine: Engine) -> Engine:
    """With one reviewer."""
    transact(
        engine,
        lambda session: add_account(
            session,
            "Li.Wei",
            Role.REVIEWER,
            Scope("Zhejiang"),
            password_hash=passwords.hashed(RIGHT),
            full_name="Li Wei",
            by="test",
        ),
    )
    return engine


def _try(engine: Engine, password: str, minutes: float = 0, name: str = "li.wei") -> str | None:
    at = NOW + timedelta(minutes=minutes)
    return sign_in(engine, name, password, RULES, address="192.0.2.7", at=at)


def _acts(engine: Engine) -> list[tuple[str, str, dict[str, object]]]:
    with reading(engine) as session:
        rows = session.exec(select(Ledger).order_by(Ledger.seq)).all()  # type: ignore[arg-type]
        return [
            (row.kind, row.subject, json.loads(row.payload))
            for row in rows
            if row.kind != "user_account"
        ]


def test_who_signs_in_is_known_by_the_token_alone(engine: Engine) -> None:
    token = _try(engine, RIGHT, name=" LI.WEI")
    assert token is not None
    found = who(engine, token, RULES, at=NOW)
    assert found is not None
    assert (found.name, found.role, found.scope) == ("li.wei", Role.REVIEWER, Scope("Zhejiang"))
    assert found.shown_name == "Li Wei (li.wei)"
    assert who(engine, token[:-1] + "A", RULES, at=NOW) is None or token.endswith("A")
    assert who(engine, "", RULES, at=NOW) is None
    with reading(engine) as session:
        row = session.exec(select(SignInSession)).one()
        assert token not in row.model_dump_json()
    assert _try(engine, RIGHT) != token


def test_a_role_or_scope_that_changes_holds_at_once(engine: Engine) -> None:
    token = _try(engine, RIGHT) or ""
    transact(engine, lambda session: accounts.set_role(session, "li.wei", Role.ADMIN, "test"))
    transact(engine, lambda session: accounts.set_scope(session, "li.wei", Scope("Tibet"), "test"))
    found = who(engine, token, RULES, at=NOW)
    assert found is not None
    assert (found.role, found.scope) == (Role.ADMIN, Scope("Tibet"))


def test_idle_for_too_long_or_signed_in_too_long_ago_is_signed_out(engine: Engine) -> None:
    token = _try(engine, RIGHT) or ""
    hour = timedelta(hours=1)
    for hours in (1, 2.9, 4.8, 6.7, 8.6):
        assert who(engine, token, RULES, at=NOW + hours * hour)
    assert who(engine, token, RULES, at=NOW + 9 * hour) is None
    token = _try(engine, RIGHT) or ""
    assert who(engine, token, RULES, at=NOW + 1.9 * hour, touch=False)
    # A page that draws itself anew keeps nobody signed in.
    assert who(engine, token, RULES, at=NOW + 2.1 * hour) is None


def test_signed_out_disabled_or_with_another_password_a_token_serves_no_more(
    engine: Engine,
) -> None:
    first, second, third = (_try(engine, RIGHT) or "" for _ in range(3))
    found = who(engine, first, RULES, at=NOW)
    assert found is not None
    sign_out(engine, found)
    sign_out(engine, found)
    assert who(engine, first, RULES, at=NOW) is None
    assert who(engine, second, RULES, at=NOW)
    transact(engine, lambda session: accounts.disable(session, "li.wei", "test"))
    assert who(engine, second, RULES, at=NOW) is None
    assert _try(engine, RIGHT) is None
    transact(engine, lambda session: accounts.enable(session, "li.wei", "test"))
    assert who(engine, third, RULES, at=NOW) is None
    assert _try(engine, RIGHT)
    assert [kind for kind, *_ in _acts(engine)].count("sign_out") == 1


def test_wrong_passwords_lock_even_the_right_one_out_for_a_while(engine: Engine) -> None:
    for minute in range(3):
        assert _try(engine, WRONG, minute) is None
    assert _try(engine, RIGHT, 3) is None
    assert _try(engine, RIGHT, 2 + 14.9) is None
    assert _try(engine, RIGHT, 2 + 15.1)
    locks = [payload.get("locks") for kind, _, payload in _acts(engine) if "refused" in kind]
    assert locks == [False, False, True, False, False]


def test_wrong_passwords_far_apart_and_before_a_right_one_lock_nobody(engine: Engine) -> None:
    for minute in (0, 5, 15.1, 20, 40, 50, 56):
        assert _try(engine, WRONG, minute) is None
    assert _try(engine, RIGHT, 57)
    for minute in (58, 59):
        assert _try(engine, WRONG, minute) is None
    assert _try(engine, RIGHT, 60)


def test_an_administrator_unlocks(engine: Engine) -> None:
    for _ in range(3):
        _try(engine, WRONG)
    assert _try(engine, RIGHT) is None
    transact(engine, lambda session: accounts.unlock(session, "li.wei", "test"))
    assert _try(engine, RIGHT)


def test_an_unknown_name_costs_a_hash_too_and_is_not_kept(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str | None] = []

    def spy(password: str, known: str | None) -> bool:
        asked.append(known)
        return passwords.matches(password, known)

    monkeypatch.setattr(signing_in, "matches", spy)
    typed = "my secret in the wrong field"
    assert _try(engine, RIGHT, name=typed) is None
    assert asked == [None]
    (refused,) = _acts(engine)
    assert refused[:2] == ("sign_in_refused", "user_account")
    assert refused[2]["address"] == "192.0.2.7"
    assert typed not in json.dumps(refused)


def test_the_ledger_knows_who_signed_in_and_no_password(engine: Engine) -> None:
    _try(engine, WRONG)
    _try(engine, RIGHT)
    told = _acts(engine)
    assert [(kind, subject) for kind, subject, _ in told] == [
        ("sign_in_refused", "user_account/1"),
        ("sign_in", "user_account/1"),
    ]
    assert all(payload["name"] == "li.wei" for *_, payload in told)
    assert RIGHT not in json.dumps(told)
    assert WRONG not in json.dumps(told)


def test_a_hash_of_lower_cost_is_made_anew(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(2, 16, 1))
    assert _try(engine, RIGHT)
    with reading(engine) as session:
        known = session.exec(select(UserAccount)).one().password_hash or ""
        assert "m=16,t=2" in known
        assert verify(session, None).sound
    assert _try(engine, RIGHT)


def test_a_provider_s_word_is_taken_for_accounts_there_are(engine: Engine) -> None:
    def work(session: object) -> object:
        return add_account(session, "ann@example.org", Role.INSPECTOR, password_hash=None, by="x")  # type: ignore[arg-type]

    transact(engine, work)
    token = sign_in_by_email(engine, "Ann@Example.org", RULES, at=NOW)
    assert token is not None
    found = who(engine, token, RULES, at=NOW)
    assert found is not None
    assert found.name == "ann@example.org"
    assert sign_in_by_email(engine, "eve@example.org", RULES, at=NOW) is None
    assert sign_in(engine, "ann@example.org", "", RULES, at=NOW) is None
    transact(engine, lambda session: accounts.disable(session, "ann@example.org", "test"))
    assert sign_in_by_email(engine, "ann@example.org", RULES, at=NOW) is None


def test_looks_and_exports_are_kept_and_change_no_count(engine: Engine) -> None:
    with reading(engine) as session:
        before = newest_record(session)
        assert before == head(session).hash
    transact(engine, lambda session: record_look(session, Actor(1, "li.wei"), 17))
    filters = {"profile": "cn", "verdict": None}
    transact(
        engine,
        lambda session: record_export(session, Actor(), "findings", "f.csv", filters),
    )
    look, export = _acts(engine)
    assert look == ("look", "finding/17", {"account": 1, "name": "li.wei"})
    assert export[:2] == ("export", "findings")
    assert export[2] == {"account": None, "name": None, "file": "f.csv", "filters": filters}
    with reading(engine) as session:
        assert newest_record(session) == before != head(session).hash
        assert verify(session, None).sound
