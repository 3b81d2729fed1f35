"""What the overview shows: a profile, and days beside the days they are compared with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import streamlit as st
from sqlalchemy import Engine
from sqlmodel import Session

from greenpack.language.speaking import date_text, mark, tr
from greenpack.records.acts import newest_record
from greenpack.records.columns import now
from greenpack.records.place_choices import hub_places
from greenpack.records.scope import EVERYTHING, Scope
from greenpack.records.season import Grouping, GroupTally, counted_zone, tallies
from greenpack.report.campaigns import Window, campaign, campaign_before, chosen_days, last_days
from greenpack.report.findings_view import plain
from greenpack.report.pages.counted import profile_ids
from greenpack.report.pages.records import say_nothing_yet
from greenpack.report.place_choice import Place, places
from greenpack.report.shown_profile import first_choice, law_sentence, shown_profile
from greenpack.report.visitor import Visitor
from greenpack.settings import Settings

_ALL: Final = mark("everywhere")
_CAMPAIGN, _BEFORE = mark("This campaign"), mark("The campaign before")
_MONTH, _OTHER = mark("Last 30 days"), mark("Other days")
_PERIODS: Final = (_CAMPAIGN, _BEFORE, _MONTH, _OTHER)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page shows, and to whom.

    Attributes:
        place: what the visitor chose of what they may see; None: all of it.
    """

    settings: Settings
    engine: Engine
    session: Session
    visitor: Visitor
    profile_id: str
    window: Window
    place: Place | None = None

    @property
    def scope(self) -> Scope:
        """Whose hubs are shown; never more than the visitor may see."""
        return self.visitor.scope if self.place is None else self.place.scope

    @property
    def link(self) -> Mapping[str, int]:
        """What narrows links to the findings to the place."""
        return {} if self.place is None else self.place.link

    def by(self, grouping: Grouping, *, before: bool = False) -> list[GroupTally]:
        """The parcels of the window, or of the days it goes beside, by group."""
        window = self.window
        first, last = (
            (window.before_first, window.before_last) if before else (window.first, window.last)
        )
        return tallies(self.session, self.profile_id, grouping, first, last, self.scope)

    @property
    def filters(self) -> dict[str, object]:
        """What exports were narrowed by."""
        return {
            "profile": self.profile_id,
            "from": self.window.first.isoformat(),
            "until": self.window.last.isoformat(),
            "scope": str(self.scope),
        }


def ask(settings: Settings, engine: Engine, session: Session, visitor: Visitor) -> Shown | None:
    """The choice of profile and period; None, and words, where nothing was judged."""
    scope = visitor.scope
    ids = profile_ids(session, newest_record(session), scope)
    if not ids:
        if scope == EVERYTHING:
            say_nothing_yet(tr("There are no findings yet."))
        else:
            st.info(tr("There are no findings in {place} yet.", place=plain(str(scope))))
        return None
    profile_column, place_column, period_column = st.columns([2, 2, 4], vertical_alignment="bottom")
    chosen = profile_column.selectbox(tr("Profile"), ids, index=first_choice(ids, settings))
    place = _choose_place(place_column, session, visitor)
    period = period_column.segmented_control(
        tr("Period"), _PERIODS, default=_CAMPAIGN, format_func=tr, required=True
    )
    zone = counted_zone(session, chosen)
    if zone is None:
        return None
    window = _window(settings, now().astimezone(zone).date(), str(period))
    sentence = law_sentence(shown_profile(chosen, settings))
    if sentence is not None:
        st.info(sentence)
    if place is not None:
        st.subheader(place.words, anchor=False)
    st.caption(
        tr(
            "Received {first} to {last} ({zone}), beside {before_first} to {before_last}.",
            first=date_text(window.first),
            last=date_text(window.last),
            zone=plain(zone.key),
            before_first=date_text(window.before_first),
            before_last=date_text(window.before_last),
        )
    )
    return Shown(settings, engine, session, visitor, chosen, window, place)


def _choose_place(
    column: st.delta_generator.DeltaGenerator, session: Session, visitor: Visitor
) -> Place | None:
    offered = places(hub_places(session, visitor.scope))
    # By name: another drawing of the page makes the same places anew.
    named = {str(place): place for place in offered if place.scope != visitor.scope}
    chosen = column.selectbox(
        tr("Place"),
        list(named),
        format_func=lambda name: named[name].words if name in named else name,
        index=None,
        placeholder=tr(_ALL) if visitor.scope == EVERYTHING else str(visitor.scope),
        disabled=not named,
    )
    return None if chosen is None else named[chosen]


def _window(settings: Settings, today: date, period: str) -> Window:
    month, day = (int(part) for part in settings.campaign_starts.split("-"))
    if period == _CAMPAIGN:
        return campaign(today, (month, day), settings.campaign_days)
    if period == _BEFORE:
        return campaign_before(today, (month, day), settings.campaign_days)
    if period == _MONTH:
        return last_days(today, 30)
    columns = st.columns(4)
    first = columns[0].date_input(
        tr("Received from"), value=today - timedelta(days=6), format="YYYY-MM-DD"
    )
    last = columns[1].date_input(
        tr("Received until (that day too)"), value=today, format="YYYY-MM-DD"
    )
    return chosen_days(min(first, last), max(first, last))
