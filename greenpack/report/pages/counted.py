"""Counts over all findings, kept until anything is recorded.

Every row that is written adds to the ledger, so its last entry about a row tells whether a count
still holds. What a person may see is part of each key.
"""

from __future__ import annotations

import streamlit as st
from sqlmodel import Session

from greenpack.records.answers import FindingFilter, ReasonCount, SenderRow, VerdictCounts
from greenpack.records.queries import (
    count_current_findings,
    judged_profiles,
    sender_table,
    unmeasurable_counts,
    verdict_counts,
)
from greenpack.records.scope import Scope


@st.cache_data(max_entries=64, show_spinner="Counting parcels")
def counted(
    _session: Session,
    ledger: str,  # noqa: ARG001 (part of the cache's key, as below)
    profile_id: str,
    filters: FindingFilter,
) -> tuple[VerdictCounts, list[SenderRow]]:
    """Parcels by verdict, and by sender, in the filter's scope and period of receipt."""
    since, until, scope = filters.since, filters.until, filters.scope
    return (
        verdict_counts(_session, profile_id, since=since, until=until, scope=scope),
        sender_table(_session, profile_id, since=since, until=until, scope=scope),
    )


@st.cache_data(max_entries=256, show_spinner=False)
def how_many(_session: Session, ledger: str, filters: FindingFilter) -> int:  # noqa: ARG001
    """How many findings the filter lets through."""
    return count_current_findings(_session, filters)


@st.cache_data(max_entries=64, show_spinner=False)
def profile_ids(_session: Session, ledger: str, scope: Scope) -> list[str]:  # noqa: ARG001
    """The profiles that anything in the scope was judged under."""
    return judged_profiles(_session, scope)


@st.cache_data(max_entries=64, show_spinner=False)
def unmeasurable(
    _session: Session,
    ledger: str,  # noqa: ARG001
    scope: Scope,
) -> list[ReasonCount]:
    """Photos of the scope without numbers by reason."""
    return unmeasurable_counts(_session, scope)
