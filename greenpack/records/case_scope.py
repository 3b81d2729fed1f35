"""Which cases somebody may see."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Table

from greenpack.records.columns import storable
from greenpack.records.scope import Scope
from greenpack.records.tables import Row

case: Table = Row.metadata.tables["compliance_case"]


def case_in_scope(scope: Scope) -> list[ColumnElement[bool]]:
    """The condition that the jurisdiction keeping a case lies in a scope; none for everything.

    A case of a province is not seen by one of its municipalities: its findings may lie in others.
    """
    names = (
        (scope.province, case.c.province),
        (scope.municipality, case.c.municipality),
        (scope.hub, case.c.hub),
    )
    return [column == storable(name) for name, column in names if name is not None]


def scope_of(province: str | None, municipality: str | None, hub: str | None) -> Scope:
    """The jurisdiction that a case's row names."""
    return Scope(province, municipality, hub)
