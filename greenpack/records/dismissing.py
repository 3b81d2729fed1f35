"""Whether people dismissed a finding, as the counts have it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, FromClause

from greenpack.records.standing import Standing


def is_dismissed(finding: FromClause) -> ColumnElement[Any]:
    """A condition on a row of ``finding`` (or an alias of it): its decisions amount to that."""
    return finding.c.standing == Standing.DISMISSED.value
