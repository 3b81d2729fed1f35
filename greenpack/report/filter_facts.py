"""What a table was narrowed by, as the ledger keeps it."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime

from greenpack.records.answers import FindingFilter
from greenpack.records.ledger import moment
from greenpack.records.scope import Scope


def filter_facts(filters: FindingFilter) -> dict[str, object]:
    """The conditions that are set, by name, as JSON holds them; the scope always."""
    given = {field.name: getattr(filters, field.name) for field in fields(filters)}
    return {name: _plain(value) for name, value in given.items() if value is not None}


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return moment(value)
    return str(value) if isinstance(value, Scope) else value
