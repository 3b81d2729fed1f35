"""Roles, and what each may do. Pure: a table and two questions to it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from greenpack.language.speaking import mark


class Role(StrEnum):
    """What somebody is to the records, in the order of `greenpack user add --help`."""

    INSPECTOR = mark("inspector")
    REVIEWER = mark("reviewer")
    SUPERVISOR = mark("supervisor")
    ADMIN = mark("admin")


class Right(StrEnum):
    """Something that pages let a person do; the words go after "may"."""

    SEE_FINDINGS = mark("see findings")
    SEE_EVIDENCE = mark("see evidence pictures")
    SEE_HUBS = mark("see hubs and cameras")
    UPLOAD = mark("upload photos")
    DECIDE = mark("decide about findings")
    KEEP_CASES = mark("keep cases")
    ORDER = mark("order corrections and close cases")
    EXPORT = mark("export tables")
    MANAGE = mark("manage what is set")


_SEE = frozenset({Right.SEE_FINDINGS, Right.SEE_EVIDENCE, Right.SEE_HUBS})
_INSPECT = _SEE | {Right.UPLOAD}
_REVIEW = _INSPECT | {Right.DECIDE, Right.KEEP_CASES, Right.EXPORT}

# Whoever administers does not decide: nobody makes accounts and findings' outcomes alike.
RIGHTS: Mapping[Role, frozenset[Right]] = MappingProxyType(
    {
        Role.INSPECTOR: _INSPECT,
        Role.REVIEWER: _REVIEW,
        Role.SUPERVISOR: _REVIEW | {Right.ORDER, Right.MANAGE},
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
