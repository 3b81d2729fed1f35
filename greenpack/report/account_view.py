"""Accounts as the command line shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rich.console import Console
from rich.table import Table

from greenpack.records.accounts import Account


def account_dict(account: Account, at: datetime) -> dict[str, Any]:
    """An account as JSON has it; times in UTC."""
    return {
        "name": account.name,
        "full_name": account.full_name,
        "role": account.role.value,
        "scope": str(account.scope),
        "state": state(account, at),
        "has_password": account.has_password,
        "signed_in": account.signed_in,
        "created_at": account.created_at.isoformat(),
        "password_changed_at": _iso(account.password_changed_at),
        "disabled_at": _iso(account.disabled_at),
        "locked_until": _iso(account.locked_until),
    }


def state(account: Account, at: datetime) -> str:
    """Whether the account may sign in: ``active``, ``locked`` or ``disabled``."""
    if account.disabled_at is not None:
        return "disabled"
    if account.locked_until is not None and account.locked_until > at:
        return "locked"
    return "active"


def show_accounts(console: Console, accounts: list[Account], at: datetime) -> None:
    """A line for each account."""
    table = Table("name", "full name", "role", "scope", "state", "signs in by", "signed in")
    for account in accounts:
        table.add_row(
            account.name,
            account.full_name,
            account.role.value,
            str(account.scope),
            state(account, at),
            "password" if account.has_password else "OpenID only",
            str(account.signed_in) if account.signed_in else "-",
        )
    console.print(table)


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
