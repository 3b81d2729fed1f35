"""One case: how it stands, its findings with their pictures, what happened, and downloads."""

from __future__ import annotations

from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

import streamlit as st
from sqlalchemy import Engine

from greenpack.language.speaking import date_text, moment_text, number_text, tr, trn
from greenpack.records.acts import record_case_look
from greenpack.records.case_forms import CaseEventKind
from greenpack.records.case_queries import WholeCase, whole_case
from greenpack.records.case_reading import earlier_fines
from greenpack.records.case_steps import Terms, terms_of
from greenpack.records.columns import now
from greenpack.records.database import reading, transact
from greenpack.records.roles import Right
from greenpack.report.case_files import kept_profile, pictures, zone_of
from greenpack.report.case_letters import sender_words
from greenpack.report.case_words import COLOURS, EVENTS, STATES, event_facts, runs_of, time_left
from greenpack.report.findings_view import interval_cell, plain, quantity_name
from greenpack.report.pages.case_downloads import draw_downloads, draw_kept_file
from greenpack.report.pages.case_step_form import draw_steps
from greenpack.report.pages.figure_cards import FigureCard, draw_cards
from greenpack.report.visitor import Visitor
from greenpack.rules.profile import Profile
from greenpack.rules.wording import limit_words
from greenpack.settings import Settings

_PICTURES: Final = 6
_LOOKED_AT: Final = "case_looked_at"


def draw_case(settings: Settings, engine: Engine, visitor: Visitor, case_id: int) -> None:
    """Draw a case, after the ledger has kept that it was looked at.

    Raises:
        GreenPackError: ``case_unknown``, or what the store raises for the case's profile.
    """
    with reading(engine) as session:
        whole = whole_case(session, case_id, scope=visitor.scope)
        profile = kept_profile(settings, whole.case.profile_id, whole.case.profile_sha256)
        zone = zone_of(profile, settings)
        today = now().astimezone(zone).date()
        terms = terms_of(profile, today, earlier_fines(session, whole.case, profile))
    _note_look(engine, visitor, case_id)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(tr("Case {number}", number=whole.case.number), width="content", anchor=False)
        st.badge(tr(STATES[whole.life.state]), color=COLOURS[whole.life.state])
    _draw_facts(whole, today, zone)
    _draw_law(terms)
    left, right = st.columns([3, 2], gap="medium")
    with right:
        draw_steps(settings, engine, visitor, whole, profile, terms, today)
        draw_downloads(settings, engine, visitor, whole, profile)
    with left:
        _draw_findings(settings, visitor, whole, profile)
        _draw_timeline(settings, engine, whole, profile)


def _draw_facts(whole: WholeCase, today: date, zone: ZoneInfo) -> None:
    st.text(sender_words(whole) + (f", {whole.platform}" if whole.platform else ""))
    left = time_left(whole.life.state, whole.life.due_on, today)
    due = "-" if whole.life.due_on is None else date_text(whole.life.due_on)
    opened = whole.case.opened_at.astimezone(zone).date()
    draw_cards(
        (
            FigureCard(tr("Due"), due, below=left or None),
            FigureCard(tr("Findings"), number_text(len(whole.findings))),
            FigureCard(tr("Steps"), number_text(whole.seen)),
            FigureCard(tr("Opened"), date_text(opened), below=whole.case.opened_by),
        ),
        in_a_row=4,
    )
    if whole.life.overdue_since is not None and whole.life.overdue_since < today:
        st.error(tr("This order is overdue: {left}.", left=left))
    gone = [one.id for one in whole.findings if one.superseded_by is not None]
    if gone:
        numbers = tr(", ").join(map(str, gone))
        st.warning(tr("Newer findings have taken the place of these: {numbers}.", numbers=numbers))


def _draw_law(terms: Terms) -> None:
    """What the profile provides for, and plainly where it provides for nothing."""
    if not terms.is_law:
        st.info(
            tr(
                "The rules of this case are no law, so it ends at a recommendation: nothing can "
                "be ordered and nobody fined."
            )
        )
    elif terms.order is None:
        st.info(
            tr(
                "The profile of this case states no verified order to correct, so only a "
                "recommendation can be sent."
            )
        )
    if terms.unverified:
        titles = tr(", ").join(tr(one.title) for one in terms.unverified)
        st.caption(tr("Only reported, so never offered as a step: {titles}.", titles=plain(titles)))


def _draw_findings(
    settings: Settings, visitor: Visitor, whole: WholeCase, profile: Profile
) -> None:
    st.markdown(f"##### {tr('Findings')}")
    zone = zone_of(profile, settings)
    st.dataframe(
        {
            tr("finding"): [f"findings?finding={one.id}" for one in whole.findings],
            tr("waybill"): [one.waybill_number or "" for one in whole.findings],
            tr("measured (95 % interval)"): [
                f"{quantity_name(one.quantity)} "
                + interval_cell(one.interval, one.quantity, one.limit)
                for one in whole.findings
            ],
            tr("limit"): [
                "" if one.limit is None else limit_words(one.limit, one.quantity)
                for one in whole.findings
            ],
            tr("photographed"): [
                moment_text(one.taken_at or one.received_at, zone) for one in whole.findings
            ],
            tr("hub"): [one.hub or "" for one in whole.findings],
        },
        hide_index=True,
        column_config={tr("finding"): st.column_config.LinkColumn(display_text=r"finding=(\d+)$")},
        key="case_findings_table",
    )
    if not visitor.may(Right.SEE_EVIDENCE) or not whole.findings:
        return
    every = len(whole.findings) <= _PICTURES or st.toggle(
        tr("Show all {count} pictures", count=number_text(len(whole.findings))),
        key="case_all_pictures",
    )
    shown = whole.findings if every else whole.findings[:_PICTURES]
    found, missing = pictures(settings, [one.evidence_sha256 for one in shown])
    for start in range(0, len(shown), 2):
        for column, one in zip(st.columns(2), shown[start : start + 2], strict=False):
            if one.evidence_sha256 in found:
                column.image(
                    found[one.evidence_sha256],
                    caption=tr("Finding {id}", id=one.id),
                    alt=tr("Evidence picture of finding {id}", id=one.id),
                    width="stretch",
                )
    if missing:
        st.error(tr("{count} evidence pictures cannot be read.", count=number_text(len(missing))))


def _draw_timeline(settings: Settings, engine: Engine, whole: WholeCase, profile: Profile) -> None:
    st.markdown(f"##### {tr('What happened')}")
    zone = zone_of(profile, settings)
    undone = {event.undoes for event in whole.events}
    for run in reversed(runs_of(whole.events)):
        event = run[-1]
        words = tr(EVENTS[CaseEventKind(event.kind)])
        if len(run) > 1:
            words = trn("{count} finding added", "{count} findings added", len(run))
        struck = f"~~{words}~~" if event.number in undone else f"**{words}**"
        told = event_facts(event)
        if len(run) > 1:
            told = [tr(", ").join(str(one.finding_id) for one in run)]
        facts = " · ".join(plain(fact) for fact in told)
        with st.container(border=True):
            st.markdown(f"{run[0].number}. {struck}" + (f" · {facts}" if facts else ""))
            st.caption(
                tr(
                    "{moment} ({zone}), by {name}",
                    moment=plain(moment_text(event.recorded_at, zone)),
                    zone=plain(zone.key),
                    name=plain(event.recorded_by),
                )
            )
            if event.note:
                st.text(event.note)
            sha256, name = event.file_sha256, event.file_name
            if sha256 is not None and name is not None:
                case_id = whole.case.id or 0
                draw_kept_file(settings, engine, case_id, event.id or 0, sha256, name)


def _note_look(engine: Engine, visitor: Visitor, case_id: int) -> None:
    """Once for each opening, before the case is seen."""
    look = (visitor.actor.account_id, case_id)
    if st.session_state.get(_LOOKED_AT) != look:
        transact(engine, lambda session: record_case_look(session, visitor.actor, case_id))
        st.session_state[_LOOKED_AT] = look
