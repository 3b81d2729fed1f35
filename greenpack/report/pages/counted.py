"""Counts over all findings, kept until anything is recorded.

Every row that is written adds to the ledger, so its last entry about a row tells whether a count
still holds. What a person may see is part of each key.
"""

from __future__ import annotations

import streamlit as st
from sqlmodel import Session

from greenpack.records.finding_list import Count, Wanted, count_listed, listed_profiles
from greenpack.records.scope import Scope


@st.cache_data(max_entries=256, show_spinner=False)
def how_many(_session: Session, ledger: str, wanted: Wanted) -> Count:  # noqa: ARG001 (the key)
    """How many rows the list has."""
    return count_listed(_session, wanted)


@st.cache_data(max_entries=64, show_spinner=False)
def profile_ids(_session: Session, ledger: str, scope: Scope) -> list[str]:  # noqa: ARG001
    """The profiles that anything in the scope was judged under."""
    return listed_profiles(_session, scope)
