"""One sender: how its void ratios lie, the pictures, what was decided, what would have fitted."""

from __future__ import annotations

from typing import Final

import streamlit as st
from sqlmodel import Session

from greenpack.language.speaking import date_text, number_text, tr
from greenpack.records.roles import Right
from greenpack.records.sender_facts import (
    BINS,
    GroupedBy,
    OneSender,
    SenderName,
    group_counts,
    limits_applied,
    sender_decisions,
    sender_name,
    void_histogram,
    worst_parcels,
)
from greenpack.records.sender_ranking import RankedSender, rank_senders
from greenpack.records.sender_sums import SenderFilter
from greenpack.records.standing import Standing
from greenpack.report.finding_address import findings_link
from greenpack.report.findings_view import plain
from greenpack.report.pages.asked import Asked, page_count
from greenpack.report.pages.evidence_wall import ON_A_WALL, draw_wall
from greenpack.report.pages.exporting import offer_chart
from greenpack.report.pages.figure_cards import FigureCard, draw_cards
from greenpack.report.pages.fitting_boxes import draw_fitting_boxes
from greenpack.report.pages.visiting import whom_to_ask
from greenpack.report.sender_columns import (
    air_words,
    rate_words,
    repeat_link,
    repeat_words,
    sender_title,
    trend_of,
    trend_words,
)
from greenpack.report.sender_groups import decision_columns, group_columns, histogram_rows
from greenpack.report.shown_profile import local_zone
from greenpack.report.void_chart import void_chart
from greenpack.rules.verdict import Verdict

_DECISIONS_SHOWN: Final = 15
_GROUPS_DRAWN: Final = 6
_ROW_HEIGHT: Final = 35


def draw_sender(asked: Asked, session: Session, sender_id: int) -> None:
    """Draw the page of a sender, or say that there is none."""
    scope, period = asked.visitor.scope, asked.period
    name = sender_name(session, sender_id, asked.profile.id, scope=scope)
    if name is None:
        st.info(
            tr("There is no such sender under this profile, or its parcels are not yours to see.")
        )
        return
    wanted = SenderFilter(asked.profile.id, period, sender_id=sender_id)
    rows, _ = rank_senders(session, wanted, scope=scope)
    st.header(plain(sender_title(name.name, name.code)), anchor=False)
    _draw_who(asked, name)
    if not rows:
        st.info(tr("Nothing of this sender was judged in these days. Choose other days above."))
        return
    _draw_figures(asked, rows[0])
    one = OneSender(sender_id, asked.profile.id, period.first, period.last)
    _draw_voids(asked, session, one)
    _draw_evidence(asked, session, one)
    draw_fitting_boxes(asked, session, sender_id)
    _draw_decisions(asked, session, one)


def _draw_who(asked: Asked, name: SenderName) -> None:
    period = asked.period
    known = " · ".join(
        filter(
            None,
            (
                tr("code {code}", code=name.code),
                name.platform and tr("platform {name}", name=name.platform),
            ),
        )
    )
    days = tr("{first} to {last}", first=date_text(period.first), last=date_text(period.last))
    st.caption(f"{plain(known)} · {plain(days)}")


def _draw_figures(asked: Asked, row: RankedSender) -> None:
    period = asked.period

    def link(verdict: Verdict | None = None, standing: Standing | None = None) -> str:
        return findings_link(
            asked.profile.id,
            sender_id=row.sender_id,
            verdict=verdict,
            standing=standing,
            since=period.first,
            until=period.last,
        )

    repeats = None
    if row.ordered_on is not None:
        repeats = repeat_link(row, asked.profile.id, period.first, period.last)
    draw_cards(
        (
            FigureCard(tr("Violation rate (95 %)"), rate_words(row.violations, row.rated)),
            FigureCard(
                tr("Violations"),
                tr(
                    "{violations} of {rated} parcels",
                    violations=number_text(row.violations),
                    rated=number_text(row.rated),
                ),
                link(Verdict.VIOLATION),
            ),
            FigureCard(
                tr("Dismissed"),
                number_text(row.dismissals),
                link(Verdict.VIOLATION, Standing.DISMISSED),
            ),
            FigureCard(tr("Trend"), trend_words(trend_of(row))),
            FigureCard(tr("Air moved (of how many parcels)"), air_words(row), link()),
            FigureCard(tr("Violations after a correction order"), repeat_words(row), repeats),
        ),
        in_a_row=3,
    )


def _draw_voids(asked: Asked, session: Session, one: OneSender) -> None:
    scope = asked.visitor.scope
    st.subheader(tr("Void ratios against the limit"), anchor=False)
    by = (
        st.segmented_control(
            tr("Told apart by"),
            list(GroupedBy),
            default=GroupedBy.NOTHING,
            format_func=lambda each: tr(each.value),
            key="voids_by",
        )
        or GroupedBy.NOTHING
    )
    groups = group_counts(session, one, by, scope=scope)
    counts = void_histogram(session, one, by, scope=scope)
    with_numbers = {count.group for count in counts}
    shown = [group.group for group in groups if group.group in with_numbers][:_GROUPS_DRAWN]
    if not shown:
        st.info(
            tr("No void ratio of this sender was measured in these days: open parcels on camera.")
        )
        return
    limits = limits_applied(session, one, scope=scope)
    chart = void_chart(histogram_rows(counts, by, shown, BINS), limits)
    st.altair_chart(chart, width="stretch" if len(shown) == 1 else "content", key=f"voids_{by}")
    st.caption(
        tr(
            "A violation is proven where the whole interval lies beyond the limit, so where its "
            "lower end does. One photo of an opened parcel proves a lower end only; its upper end "
            "is then 100 %."
        )
    )
    offer_chart(
        asked.settings,
        asked.engine,
        asked.visitor,
        f"sender {one.sender_id} void ratios",
        chart,
        "voids",
        title=tr("Void ratios against the limit"),
        words=(f"{one.profile_id}, {one.first} - {one.last}",),
    )
    if by is not GroupedBy.NOTHING:
        st.dataframe(group_columns(groups, by), hide_index=True, alt=tr(by.value))


def _draw_evidence(asked: Asked, session: Session, one: OneSender) -> None:
    st.subheader(tr("Evidence"), anchor=False)
    if not asked.visitor.may(Right.SEE_EVIDENCE):
        refused = tr("Your role does not see evidence pictures.")
        st.caption(f"{refused} {whom_to_ask(Right.SEE_EVIDENCE)}")
        return
    key = f"wall_{one}"
    number = int(st.session_state.get(key, 1))
    parcels, total = worst_parcels(
        session,
        one,
        scope=asked.visitor.scope,
        limit=ON_A_WALL,
        offset=(number - 1) * ON_A_WALL,
    )
    if not total:
        st.info(tr("No violation of this sender stands in these days."))
        return
    st.caption(
        tr(
            "{total} parcels whose violation stands, the emptiest first. That these pictures are "
            "looked at is kept in the ledger.",
            total=number_text(total),
        )
    )
    draw_wall(asked, one.sender_id, parcels)
    pages = page_count(total, ON_A_WALL)
    if pages > 1:
        st.pagination(pages, key=key)


def _draw_decisions(asked: Asked, session: Session, one: OneSender) -> None:
    st.subheader(tr("Decisions"), anchor=False)
    key = f"decisions_{one}"
    number = int(st.session_state.get(key, 1))
    decisions, total = sender_decisions(
        session,
        one,
        scope=asked.visitor.scope,
        limit=_DECISIONS_SHOWN,
        offset=(number - 1) * _DECISIONS_SHOWN,
    )
    if not total:
        st.caption(tr("Nobody has decided about a finding of this sender yet."))
        return
    zone = local_zone(asked.profile, asked.settings)
    st.dataframe(
        decision_columns(decisions, one.profile_id, zone),
        column_config={
            tr("finding"): st.column_config.LinkColumn(tr("finding"), display_text=r"#(\d+)$")
        },
        hide_index=True,
        height=_ROW_HEIGHT * (1 + len(decisions)) + 3,
        alt=tr("Decisions"),
    )
    st.caption(tr("Times are those of {zone}.", zone=plain(zone.key)))
    pages = page_count(total, _DECISIONS_SHOWN)
    if pages > 1:
        st.pagination(pages, key=key)
