"""What is asked of a page about a period: the profile and the days, chosen in one row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import streamlit as st
from sqlalchemy import Engine
from sqlmodel import Session

from greenpack.language.speaking import tr
from greenpack.records.acts import newest_record
from greenpack.records.halved_period import HalvedPeriod, halved
from greenpack.records.scope import EVERYTHING
from greenpack.records.sender_ranking import counted_days
from greenpack.report.findings_view import plain
from greenpack.report.pages.counted import profile_ids
from greenpack.report.pages.records import say_nothing_yet
from greenpack.report.shown_profile import ShownProfile, first_choice, law_sentence, shown_profile
from greenpack.report.visitor import Visitor
from greenpack.settings import Settings


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the page, and by whom."""

    settings: Settings
    engine: Engine
    visitor: Visitor
    profile: ShownProfile
    period: HalvedPeriod


def draw_question(
    settings: Settings, engine: Engine, session: Session, visitor: Visitor
) -> Asked | None:
    """The choice of profile and days, in one row; None, and words, where nothing was judged."""
    scope = visitor.scope
    ids = profile_ids(session, newest_record(session), scope)
    if not ids:
        if scope == EVERYTHING:
            say_nothing_yet(tr("There are no findings yet."))
        else:
            st.info(tr("There are no findings in {place} yet.", place=plain(str(scope))))
        return None
    profile_column, first_column, last_column = st.columns([2, 1, 1])
    wanted = st.query_params.get("profile")
    chosen = profile_column.selectbox(
        tr("Profile"),
        ids,
        index=ids.index(wanted) if wanted in ids else first_choice(ids, settings),
    )
    profile = shown_profile(chosen, settings)
    first = first_column.date_input(tr("Received from"), value=_day("from"), format="YYYY-MM-DD")
    last = last_column.date_input(
        tr("Received until (that day too)"), value=_day("until"), format="YYYY-MM-DD"
    )
    days = counted_days(session, profile.id)
    if days is None:
        say_nothing_yet(tr("Nothing was counted under this profile yet."))
        return None
    begin, end = first or days[0], last or days[1]
    if end < begin:
        st.info(tr("The last day is before the first: choose other days."))
        return None
    sentence = law_sentence(profile)
    if sentence is not None:
        st.info(sentence)
    return Asked(settings, engine, visitor, profile, halved(begin, end))


def _day(name: str) -> date | None:
    """A day that the address names."""
    try:
        return date.fromisoformat(st.query_params.get(name, ""))
    except ValueError:
        return None


def page_count(rows: int, on_a_page: int) -> int:
    """How many pages that many rows fill; one where there are none."""
    return max(1, -(-rows // on_a_page))
