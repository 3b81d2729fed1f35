"""The address of the cases page: which case it shows, or for whom it begins a new one."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

PAGE: Final = "cases"


def case_link(case_id: int) -> str:
    """A relative link to one case."""
    return f"{PAGE}?{urlencode({'case': case_id})}"


def new_case_link(profile_id: str, sender_id: int) -> str:
    """A relative link to the form that makes a case of a sender's confirmed findings."""
    return f"{PAGE}?{urlencode({'profile': profile_id, 'sender': sender_id})}"
