"""`greenpack user`, as it is typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from typer.testing import CliRunner

from greenpack.cli import app
from greenpack.reasons import GreenPackError
from greenpack.records import passwords
from greenpack.records.database import open_database
from greenpack.records.sign_in_rules import SignInRules
from greenpack.records.signing_in import sign_in

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(1, 8, 1))


def _user(folder: Path, *words: str, typed: str = "") -> str:
    command = ["user", *words, "--data-folder", str(folder)]
    result = CliRunner().invoke(app, command, input=typed)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    assert PASSWORD not in result.output
    return result.stdout


def _add(folder: Path, *more: str, typed: str = f"{PASSWORD}\n") -> str:
    words = ("add", "Li.Wei", "--role", "reviewer", "--password-stdin", *more)
    return _user(folder, *words, typed=typed)


def _listed(folder: Path) -> dict[str, object]:
    line: dict[str, object] = json.loads(_user(folder, "list", "--json"))
    return line


def _signs_in(folder: Path, password: str = PASSWORD) -> bool:
    engine = open_database(f"sqlite:///{folder / 'greenpack.db'}")
    return sign_in(engine, "li.wei", password, SignInRules(tries=2)) is not None


def test_an_account_is_made_changed_and_shown(tmp_path: Path) -> None:
    assert "There is no account yet" in _user(tmp_path, "list")
    assert "may sign in as reviewer for Zhejiang" in _add(tmp_path, "--scope", "Zhejiang")
    assert _signs_in(tmp_path)
    _user(tmp_path, "role", "LI.WEI", "supervisor")
    _user(tmp_path, "scope", "li.wei", "everything")
    listed = _listed(tmp_path)
    assert (listed["role"], listed["scope"], listed["state"]) == (
        "supervisor",
        "everything",
        "active",
    )
    assert listed["signed_in"] == 1
    assert "was signed in 1 times" in _user(tmp_path, "sessions", "end", "li.wei")
    assert _listed(tmp_path)["signed_in"] == 0
    assert "li.wei" in _user(tmp_path, "list")


def test_a_password_is_typed_twice_or_piped(tmp_path: Path) -> None:
    words = ("add", "ann", "--role", "admin")
    _user(tmp_path, *words, typed=f"{PASSWORD}\n{PASSWORD}\n")
    with pytest.raises(GreenPackError) as refused:
        _user(tmp_path, "add", "bob", "--role", "admin", typed=f"{PASSWORD}\n{PASSWORD}x\n")
    assert refused.value.code == "password_not_repeated"
    with pytest.raises(GreenPackError) as refused:
        _add(tmp_path, typed="too short\n")
    assert refused.value.code == "password_weak"
    _add(tmp_path)
    _user(tmp_path, "passwd", "li.wei", "--password-stdin", typed="another good one\n")
    assert not _signs_in(tmp_path)
    assert _signs_in(tmp_path, "another good one")


def test_disabled_locked_and_let_in_again(tmp_path: Path) -> None:
    _add(tmp_path)
    _user(tmp_path, "disable", "li.wei")
    assert _listed(tmp_path)["state"] == "disabled"
    assert not _signs_in(tmp_path)
    _user(tmp_path, "enable", "li.wei")
    assert not any(_signs_in(tmp_path, "wrong") for _ in range(2))
    assert _listed(tmp_path)["state"] == "locked"
    _user(tmp_path, "unlock", "li.wei")
    assert _signs_in(tmp_path)


def test_without_a_password_and_with_a_scope_that_is_none(tmp_path: Path) -> None:
    _user(tmp_path, "add", "a@example.org", "--role", "inspector", "--no-password")
    assert _listed(tmp_path)["has_password"] is False
    with pytest.raises(GreenPackError) as refused:
        _add(tmp_path, "--scope", "")
    assert refused.value.code == "scope_invalid"
