"""The Monday of a day's week, in SQL and in Python."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Date
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class week_of(FunctionElement[Any]):  # noqa: N801 (written like a function of SQL)
    """The Monday of the week of a date: ``week_of(day)``."""

    type = Date()
    inherit_cache = True


@compiles(week_of, "sqlite")
def _sqlite(element: week_of, compiler: Any, **options: Any) -> str:
    return f"date({compiler.process(element.clauses, **options)}, 'weekday 0', '-6 days')"


@compiles(week_of, "postgresql")
def _postgresql(element: week_of, compiler: Any, **options: Any) -> str:
    day = compiler.process(element.clauses, **options)
    return f"CAST(date_trunc('week', CAST({day} AS timestamp)) AS DATE)"


def monday_of(day: date) -> date:
    """The same in Python."""
    return day - timedelta(days=day.weekday())
