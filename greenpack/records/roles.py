"""Roles, and what each may do. Pure: a table and two questions to it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    """What somebody is to the records, in the order of `greenpack user add --help`."""

    INSPECTOR = "inspector"
    REVIEWER = "reviewer"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"


class Right(StrEnum):
    """Something that pages let a person do; the words go after "may"."""

    SEE_FINDINGS = "see findings"
    SEE_EVIDENCE = "see evidence pictures"
    SEE_HUBS = "see hubs and cameras"
    DECIDE = "decide about findings"
    EXPORT = "export tables"
    MANAGE = "manage what is set"


_SEE = frozenset({Right.SEE_FINDINGS, Right.SEE_EVIDENCE, Right.SEE_HUBS})
_REVIEW = _SEE | {Right.DECIDE, Right.EXPORT}

# Whoever administers does not decide: nobody makes accounts and findings' outcomes alike.
RIGHTS: Mapping[Role, frozenset[Right]] = MappingProxyType(
    {
        Role.INSPECTOR: _SEE,
        Role.REVIEWER: _REVIEW,
        Role.SUPERVISOR: _REVIEW | {Right.MANAGE},
        Role.ADMIN: _SEE | {Right.MANAGE},
    }
)
ALL_RIGHTS = frozenset(Right)


def may(role: Role, right: Right) -> bool:
    """Whether a role has a right."""
    return right in RIGHTS[role]


def roles_with(right: Right) -> tuple[Role, ...]:
    """The roles that have a right, to tell somebody whom to ask."""
    return tuple(role for role in Role if may(role, right))
