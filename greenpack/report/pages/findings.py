"""The findings page: the list that people work through, and one finding in full."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Final

import streamlit as st
from sqlalchemy import Engine
from sqlmodel import Session

from greenpack.language.speaking import number_text, tr, trn
from greenpack.records.acts import newest_record
from greenpack.records.database import reading
from greenpack.records.finding_list import Count, Wanted, listed
from greenpack.records.roles import Right
from greenpack.records.scope import EVERYTHING, Scope
from greenpack.report.finding_address import FindingsAddress
from greenpack.report.findings_out import heads, heads_with_numbers, rows_out
from greenpack.report.findings_view import VERDICT_COLOURS, listed_columns, plain
from greenpack.report.one_finding import one_finding
from greenpack.report.pages.counted import how_many, profile_ids
from greenpack.report.pages.exporting import offer_table
from greenpack.report.pages.finding_deciding import draw_message
from greenpack.report.pages.finding_detail import Shown, draw_finding, open_finding
from greenpack.report.pages.finding_filters import (
    address,
    clear_all,
    draw_filters,
    draw_order,
    go_to,
    is_narrowed,
)
from greenpack.report.pages.finding_queue import draw_queue
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
from greenpack.settings import Settings

PAGE_SIZE: Final = 25
_ROW_HEIGHT: Final = 35


@dataclass(frozen=True, slots=True)
class _Page:
    """What every part of the page needs."""

    settings: Settings
    engine: Engine
    session: Session
    head: str
    profile: ShownProfile
    visitor: Visitor
    here: FindingsAddress
    wanted: Wanted


def show() -> None:
    """Draw the page."""
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
    here = address()
    if here.finding is None:
        st.title(tr("Findings"), anchor=False)
        note_no_look()
    if not ids:
        if scope == EVERYTHING:
            say_nothing_yet(tr("There are no findings yet."))
        else:
            st.info(tr("There are no findings in {scope} yet.", scope=plain(str(scope))))
        return
    if here.finding is None:
        draw_message()
        here = draw_filters(session, settings, visitor, ids)
    elif here.profile_id not in ids:
        here = replace(here, profile_id=ids[first_choice(ids, settings)])
    profile = shown_profile(str(here.profile_id), settings)
    wanted = _wanted(here, settings, scope)
    page = _Page(settings, engine, session, ledger, profile, visitor, here, wanted)
    if here.finding is None:
        _draw_list(page)
    else:
        _draw_open(page, here.finding)


def _wanted(here: FindingsAddress, settings: Settings, scope: Scope) -> Wanted:
    """What the address asks for, as the list is asked for it."""
    return Wanted(
        profile_id=str(here.profile_id),
        verdict=here.verdict,
        since=here.since,
        until=here.until,
        sender_id=here.sender_id,
        sender_group=here.sender_group,
        hub_id=here.hub_id,
        municipality_id=here.municipality_id,
        province_id=here.province_id,
        platform_id=here.platform_id,
        goods_class=here.goods_class,
        rule_id=here.rule_id,
        standing=here.standing,
        two_person=settings.two_person,
        waybill_number=here.waybill,
        scope=scope,
    )


def _draw_list(page: _Page) -> None:
    """One page of the list; the database is asked for no more than that."""
    here = page.here
    found = listed(
        page.session,
        page.wanted,
        here.sort,
        limit=PAGE_SIZE,
        after=here.after,
        before=here.before,
    )
    total = how_many(page.session, page.head, page.wanted)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.markdown(f"**{_count_words(total)}**", width="stretch")
        draw_order(here)
        offer_table(
            page.settings,
            page.engine,
            page.visitor,
            "findings",
            heads(),
            lambda: rows_out(page.engine, page.wanted, here.sort, page.profile.zone),
            {**_facts(page.wanted), "sort": here.sort.value},
            key="findings",
            total=None if total.capped else total.rows,
            waybills=heads_with_numbers(),
        )
    if not found.rows:
        _draw_nothing(page)
        return
    ids = [row.id for row in found.rows]
    key = f"findings_{here.query()}"
    columns = listed_columns(found.rows, page.profile.zone, two_person=page.settings.two_person)
    # A list of one is drawn as a coloured sign with the word in it.
    signs = {tr("verdict"): [[word] for word in columns[tr("verdict")]]}
    st.dataframe(
        {**columns, **signs},
        column_config={
            tr("verdict"): st.column_config.MultiselectColumn(
                tr("verdict"),
                options=[tr(verdict.value) for verdict in VERDICT_COLOURS],
                color=list(VERDICT_COLOURS.values()),
            )
        },
        hide_index=True,
        height=_ROW_HEIGHT * (1 + len(found.rows)) + 3,
        key=key,
        on_select=lambda: _select(key, ids),
        selection_mode="single-row",
        alt=tr("Findings"),
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        for label, icon, there, possible in (
            (
                tr("First page"),
                "first_page",
                replace(here, after=None, before=None),
                found.has_before,
            ),
            (
                tr("Previous page"),
                "chevron_left",
                replace(here, after=None, before=found.rows[0].parcel_id),
                found.has_before,
            ),
            (
                tr("Next page"),
                "chevron_right",
                replace(here, before=None, after=found.rows[-1].parcel_id),
                found.has_after,
            ),
        ):
            st.button(
                label,
                key=f"page_{icon}",
                icon=f":material/{icon}:",
                disabled=not possible,
                on_click=go_to,
                args=(there,),
            )
        st.caption(tr("Tick a row to see its evidence and decide."))
    title = tr("{title}.", title=plain(tr(page.profile.title))) if page.profile.title else ""
    zone = tr("Days and times are those of {zone}.", zone=plain(page.profile.zone.key))
    st.caption(f"{title} {zone} {law_sentence(page.profile) or ''}")


def _count_words(total: Count) -> str:
    if total.capped:
        return tr("More than {number} findings", number=number_text(total.rows))
    return trn("{count} finding", "{count} findings", total.rows)


def _draw_nothing(page: _Page) -> None:
    here = page.here
    if here.after is not None or here.before is not None:
        st.info(tr("There is nothing on this side of the list any more."))
        there = replace(here, after=None, before=None)
        st.button(tr("To the first page"), on_click=go_to, args=(there,))
    elif is_narrowed(here):
        st.info(tr("No finding matches these filters."))
        st.button(tr("Show everything"), key="show_everything", on_click=clear_all)
    else:
        st.info(tr("There are no findings under this profile that you may see."))


def _draw_open(page: _Page, finding_id: int) -> None:
    """The finding whose number stands in the address, with the way through the list."""
    draw_queue(page.session, page.head, page.here, page.wanted, finding_id, visitor=page.visitor)
    draw_message()
    with explaining():
        finding = one_finding(page.session, finding_id, scope=page.visitor.scope)
        note_look(page.engine, page.visitor, finding.id)
        profile = page.profile
        if finding.profile_id != profile.id:
            profile = shown_profile(finding.profile_id, page.settings)
            st.warning(
                tr(
                    "This finding was judged under another profile: {profile}.",
                    profile=plain(profile.id),
                )
            )
        draw_finding(
            Shown(
                finding,
                profile,
                page.engine,
                page.session,
                page.settings,
                page.visitor,
                page.wanted,
            )
        )


def _facts(wanted: Wanted) -> Mapping[str, object]:
    """What the list was narrowed by, as JSON holds it; the scope always."""
    given = {field.name: getattr(wanted, field.name) for field in fields(wanted)}
    return {
        name: value.isoformat() if isinstance(value, date) else str(value)
        for name, value in given.items()
        if value is not None and name not in {"two_person", "waits_for"}
    }


def _select(key: str, ids: list[int]) -> None:
    rows = st.session_state[key]["selection"]["rows"]
    if rows:
        open_finding(ids[rows[0]])
