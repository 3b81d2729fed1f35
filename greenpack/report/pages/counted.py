"""Counts over all findings, kept until anything is recorded.

Every write adds to the ledger, so the ledger's last hash tells whether a count still holds.
"""

from __future__ import annotations

from datetime import datetime

import streamlit as st
from sqlmodel import Session

from greenpack.records.answers import FindingFilter, ReasonCount, SenderRow, VerdictCounts
from greenpack.records.queries import (
    count_current_findings,
    sender_table,
    unmeasurable_counts,
    verdict_counts,
)
from greenpack.report.shown_profile import profiles_with_findings


@st.cache_data(max_entries=64, show_spinner="Counting parcels")
def counted(
    _session: Session,
    ledger: str,  # noqa: ARG001 (part of the cache's key, as below)
    profile_id: str,
    since: datetime | None,
    until: datetime | None,
) -> tuple[VerdictCounts, list[SenderRow]]:
    """Parcels by verdict, and by sender, of photos received in [since, until)."""
    return (
        verdict_counts(_session, profile_id, since=since, until=until),
        sender_table(_session, profile_id, since=since, until=until),
    )


@st.cache_data(max_entries=256, show_spinner=False)
def how_many(_session: Session, ledger: str, filters: FindingFilter) -> int:  # noqa: ARG001
    """How many findings the filter lets through."""
    return count_current_findings(_session, filters)


@st.cache_data(max_entries=4, show_spinner=False)
def profile_ids(_session: Session, ledger: str) -> list[str]:  # noqa: ARG001
    """The profiles that anything was judged under."""
    return profiles_with_findings(_session)


@st.cache_data(max_entries=4, show_spinner=False)
def unmeasurable(_session: Session, ledger: str) -> list[ReasonCount]:  # noqa: ARG001
    """Photos without numbers by reason."""
    return unmeasurable_counts(_session)
