"""The findings page: parcels by verdict and by sender, the findings, and one of them in full."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import streamlit as st
from sqlalchemy import Engine
from sqlmodel import Session

from greenpack.reasons import GreenPackError
from greenpack.records.acts import newest_record, record_export
from greenpack.records.answers import FindingFilter, FindingSort, SenderRow
from greenpack.records.database import reading, transact
from greenpack.records.queries import current_findings
from greenpack.records.roles import Right
from greenpack.records.scope import EVERYTHING, Scope
from greenpack.records.signing_in import who
from greenpack.report.filter_facts import filter_facts
from greenpack.report.findings_csv import csv_name, csv_parts
from greenpack.report.findings_view import (
    ALL_SENDERS,
    finding_columns,
    page_count,
    period,
    plain,
    sender_choices,
    sender_columns,
    sender_filter,
    unmeasurable_columns,
    waybill_wanted,
)
from greenpack.report.one_finding import one_finding
from greenpack.report.pages.counted import counted, how_many, profile_ids, unmeasurable
from greenpack.report.pages.finding_detail import draw_finding, open_finding
from greenpack.report.pages.records import (
    explaining,
    open_records,
    open_settings,
    say_nothing_yet,
)
from greenpack.report.pages.visiting import admitted, note_look, note_no_look
from greenpack.report.shown_profile import (
    ShownProfile,
    first_choice,
    law_sentence,
    shown_profile,
)
from greenpack.report.visitor import Visitor
from greenpack.rules.verdict import Verdict
from greenpack.settings import Settings

PAGE_SIZE: Final = 25
_ROW_HEIGHT: Final = 35
_SENDERS_SHOWN: Final = 8
# On a telephone the finding stands below the list, so the list must not be too long.
_FINDINGS_SHOWN: Final = 15
_ALL_VERDICTS: Final = "all verdicts"
_SORTS: Final = {
    FindingSort.NEWEST: "newest first",
    FindingSort.OLDEST: "oldest first",
    FindingSort.LARGEST: "largest first (lower end of the interval)",
    FindingSort.SENDER: "by sender",
}


@dataclass(frozen=True, slots=True)
class _Page:
    """What every part of the page needs."""

    settings: Settings
    engine: Engine
    session: Session
    head: str
    profile: ShownProfile
    visitor: Visitor


def show() -> None:
    """Draw the page."""
    st.title("Findings", anchor=False)
    settings = open_settings()
    if settings is None:
        return
    with explaining():
        engine = open_records(settings)
        if engine is None:
            return
        visitor = admitted(settings, engine, Right.SEE_FINDINGS)
        if visitor is None:
            return
        with reading(engine) as session:
            _show(settings, engine, session, visitor)


def _show(settings: Settings, engine: Engine, session: Session, visitor: Visitor) -> None:
    ledger = newest_record(session)
    scope = visitor.scope
    ids = profile_ids(session, ledger, scope)
    if not ids:
        if scope == EVERYTHING:
            say_nothing_yet("There are no findings yet.")
        else:
            st.info(f"There are no findings in {plain(str(scope))} yet.")
        _draw_unmeasurable(session, ledger, scope)
        return
    profile_column, first_column, last_column = st.columns([2, 1, 1])
    chosen = profile_column.selectbox(
        "Profile",
        ids,
        index=first_choice(ids, settings),
        # The open finding was judged under the profile before.
        on_change=lambda: open_finding(None),
    )
    profile = shown_profile(chosen, settings)
    first = first_column.date_input("Received from", value=None, format="YYYY-MM-DD")
    last = last_column.date_input("Received until (that day too)", value=None, format="YYYY-MM-DD")
    since, until = period(first, last, profile.zone)
    page = _Page(settings, engine, session, ledger, profile, visitor)
    filters = FindingFilter(profile_id=profile.id, since=since, until=until, scope=scope)
    title = f"{plain(profile.title)}. " if profile.title else ""
    st.caption(f"{title}Days and times are those of {plain(profile.zone.key)}.")
    sentence = law_sentence(profile)
    if sentence is not None:
        st.info(sentence)
    senders = _draw_counts(page, filters)
    _draw_findings(page, filters, senders)
    _draw_unmeasurable(session, ledger, scope)


def _draw_counts(page: _Page, filters: FindingFilter) -> list[SenderRow]:
    """Parcels by verdict and by sender; gives the senders for the filter."""
    counts, senders = counted(page.session, page.head, page.profile.id, filters)
    st.subheader("Parcels by verdict", anchor=False)
    with st.container(horizontal=True):
        for verdict in Verdict:
            st.metric(verdict.value, f"{counts.by_verdict[verdict]:,}", border=True, width=150)
    st.subheader("Parcels by sender", anchor=False)
    st.caption("Most violations first; a click on a heading sorts by that column.")
    st.dataframe(
        sender_columns(senders),
        hide_index=True,
        height=_height(len(senders), _SENDERS_SHOWN),
        alt="Parcels by sender and verdict",
    )
    return senders


def _draw_findings(page: _Page, period_only: FindingFilter, senders: list[SenderRow]) -> None:
    st.subheader("All findings", anchor=False)
    filters, sort = _draw_filters(period_only, senders)
    total = how_many(page.session, page.head, filters)
    left, right = st.columns([6, 5], gap="medium")
    with left:
        if total:
            _draw_list(page, filters, sort, total)
        else:
            st.info("No finding matches these filters.")
    with right:
        _draw_chosen(page)


def _draw_filters(
    period_only: FindingFilter, senders: list[SenderRow]
) -> tuple[FindingFilter, FindingSort]:
    verdict_column, sender_column, waybill_column, sort_column = st.columns(4)
    verdict = verdict_column.selectbox("Verdict", [_ALL_VERDICTS, *Verdict])
    labels = sender_choices(senders)
    choice = sender_column.selectbox("Sender", list(labels), format_func=lambda key: labels[key])
    number = waybill_column.text_input(
        "Waybill number (whole)", placeholder="SF1234567890123", max_chars=200
    )
    sort = sort_column.selectbox("Order", list(_SORTS), format_func=lambda key: _SORTS[key])
    sender_id, group = sender_filter(choice or ALL_SENDERS)
    filters = replace(
        period_only,
        verdict=None if verdict == _ALL_VERDICTS else Verdict(verdict),
        sender_id=sender_id,
        sender_group=group,
        waybill_number=waybill_wanted(number),
    )
    return filters, sort


def _draw_list(page: _Page, filters: FindingFilter, sort: FindingSort, total: int) -> None:
    """One page of findings; the database is asked for no more than that."""
    pages = page_count(total, PAGE_SIZE)
    # The key changes with the filters, so that a new list begins at its first page.
    listed = f"{filters}{sort}"
    page_key = f"page_{listed}"
    if page_key in st.session_state:
        st.session_state[page_key] = min(st.session_state[page_key], pages)
    number = st.session_state.get(page_key, 1)
    rows = current_findings(
        page.session, filters, sort=sort, limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE
    )
    ids = [row.id for row in rows]
    key = f"findings_{listed}_{number}"
    shown = f"{(number - 1) * PAGE_SIZE + 1:,} to {(number - 1) * PAGE_SIZE + len(rows):,}"
    st.caption(
        f"{shown} of {total:,} findings, one for each parcel and rule. "
        "Tick a row to see its evidence."
    )
    st.dataframe(
        finding_columns(rows, page.profile.zone),
        hide_index=True,
        height=_height(len(rows), _FINDINGS_SHOWN),
        key=key,
        on_select=lambda: _select(key, ids),
        selection_mode="single-row",
        # So that a finding opened by its address is ticked too.
        selection_default={"selection": {"rows": _open_rows(ids)}},
        alt="Findings",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        if pages > 1:
            st.pagination(pages, key=page_key)
        if not page.visitor.may(Right.EXPORT):
            return
        whole = st.checkbox(
            "Whole numbers in the CSV",
            help="A waybill's number leads to a person's address: without this the file tells "
            "only its last four characters.",
            width="content",
        )
        name = csv_name(page.profile.id, datetime.now(page.profile.zone))
        st.download_button(
            f"Download all {total:,} as CSV",
            # Made when it is clicked, not with every drawing of the page.
            data=lambda: _csv(page, filters, sort, name, whole_numbers=whole),
            file_name=name,
            mime="text/csv",
            on_click="ignore",
        )


def _csv(
    page: _Page, filters: FindingFilter, sort: FindingSort, name: str, *, whole_numbers: bool
) -> bytes:
    """The table as filtered; that it was taken out is in the ledger first.

    Raises:
        GreenPackError: if who drew the page is signed out by now, or may no more.
    """
    visitor = page.visitor
    if visitor.signed_in is not None:
        rules = page.settings.sign_in_rules
        visitor = Visitor(who(page.engine, visitor.token, rules), visitor.token)
        if visitor.signed_in is None:
            raise GreenPackError("sign_in_ended")
    if not visitor.may(Right.EXPORT):
        raise GreenPackError("not_allowed", Right.EXPORT.value)
    # The scope may have changed since the page was drawn.
    filters = replace(filters, scope=visitor.scope)
    facts = {**filter_facts(filters), "sort": sort.value, "whole_numbers": whole_numbers}
    transact(
        page.engine,
        lambda session: record_export(session, visitor.actor, "findings", name, facts),
    )
    zone = page.profile.zone
    return b"".join(csv_parts(page.engine, filters, sort, zone, whole_numbers=whole_numbers))


def _draw_chosen(page: _Page) -> None:
    """The finding whose number stands in the address."""
    wanted = st.query_params.get("finding")
    if wanted is None or not (wanted.isascii() and wanted.isdecimal()):
        st.info("Tick a finding to see its evidence picture, its numbers and its decisions.")
        note_no_look()
        return
    with explaining():
        # No database has larger row numbers, and drivers refuse them in their own words.
        finding = one_finding(page.session, min(int(wanted), 2**31 - 1), page.visitor.scope)
        note_look(page.engine, page.visitor, finding.id)
        profile = shown_profile(finding.profile_id, page.settings)
        if profile.id != page.profile.id:
            st.warning(f"This finding was judged under another profile: {plain(profile.id)}.")
        draw_finding(finding, profile, page.engine, page.settings, page.visitor)


def _draw_unmeasurable(session: Session, ledger: str, scope: Scope) -> None:
    counts = unmeasurable(session, ledger, scope)
    if not counts:
        return
    st.subheader("Photos without numbers", anchor=False)
    st.caption("All photos recorded so far, whatever the profile and the days above.")
    st.dataframe(unmeasurable_columns(counts), hide_index=True, alt="Photos without numbers")


def _select(key: str, ids: list[int]) -> None:
    rows = st.session_state[key]["selection"]["rows"]
    open_finding(ids[rows[0]] if rows else None)


def _open_rows(ids: list[int]) -> list[int]:
    wanted = st.query_params.get("finding", "")
    return [row for row, finding_id in enumerate(ids) if str(finding_id) == wanted]


def _height(rows: int, most: int) -> int:
    """Of a table with its heading, in pixels; longer ones scroll."""
    return _ROW_HEIGHT * (1 + max(1, min(rows, most))) + 3
