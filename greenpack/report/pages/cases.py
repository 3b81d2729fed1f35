"""The cases page: all cases, those that wait, and the way to a new one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

import streamlit as st
from sqlalchemy import Engine
from sqlmodel import Session

from greenpack.language.speaking import date_text, number_text, tr, trn
from greenpack.records.acts import newest_record
from greenpack.records.case_finding_queries import senders_to_answer
from greenpack.records.case_forms import CaseState
from greenpack.records.case_queries import (
    CaseFilter,
    CaseLine,
    CaseSort,
    cased_profiles,
    count_cases,
    list_cases,
)
from greenpack.records.columns import now
from greenpack.records.database import reading
from greenpack.records.roles import Right
from greenpack.records.scope import EVERYTHING
from greenpack.report.case_words import STATES, time_left
from greenpack.report.findings_view import plain
from greenpack.report.pages.case_detail import draw_case
from greenpack.report.pages.case_making import draw_new_case
from greenpack.report.pages.counted import profile_ids
from greenpack.report.pages.exporting import offer_table
from greenpack.report.pages.records import explaining, open_records, open_settings
from greenpack.report.pages.visiting import admitted
from greenpack.report.shown_profile import first_choice
from greenpack.report.tables_out import in_zone
from greenpack.report.visitor import Visitor
from greenpack.settings import Settings

PAGE_SIZE: Final = 25
_ROW_HEIGHT: Final = 35
_LARGEST: Final = 2**31 - 1
_BEHIND: Final = "cases_behind"
_ASKED: Final = "cases_asked"


@dataclass(frozen=True, slots=True)
class _Page:
    """What the page is drawn from."""

    settings: Settings
    engine: Engine
    session: Session
    visitor: Visitor

    @property
    def today(self) -> date:
        """Today where the cameras are."""
        return now().astimezone(self.settings.camera_zone).date()


def show() -> None:
    """Draw the page."""
    st.title(tr("Cases"), anchor=False)
    settings = open_settings()
    if settings is None:
        return
    with explaining():
        engine = open_records(settings)
        if engine is None:
            return
        visitor = admitted(settings, engine, Right.KEEP_CASES)
        if visitor is None:
            return
        case_id, sender_id = _number("case"), _number("sender")
        if case_id is not None or sender_id is not None:
            st.button(tr("All cases"), icon=":material/arrow_back:", on_click=_open, args=(None,))
        if case_id is not None:
            draw_case(settings, engine, visitor, case_id)
            return
        profile_id = st.query_params.get("profile")
        if sender_id is not None and profile_id:
            draw_new_case(settings, engine, visitor, profile_id, sender_id)
            return
        with reading(engine) as session:
            _draw_list(_Page(settings, engine, session, visitor))


def _draw_list(page: _Page) -> None:
    scope = page.visitor.scope
    if not count_cases(page.session, CaseFilter(scope=scope)):
        where = "" if scope == EVERYTHING else f" ({plain(str(scope))})"
        st.info(
            tr("There are no cases yet.")
            + where
            + " "
            + tr("A case bundles a sender's confirmed findings; begin one below.")
        )
        _draw_waiting(page)
        return
    wanted, sort = _draw_filters(page)
    total = count_cases(page.session, wanted)
    overdue = count_cases(page.session, CaseFilter(overdue_on=page.today, scope=scope))
    st.caption(
        trn("{count} case", "{count} cases", total)
        + " · "
        + trn("{count} order overdue", "{count} orders overdue", overdue)
    )
    behind = _behind(f"{wanted}{sort}")
    last = behind[-1] if behind else None
    lines = list_cases(page.session, wanted, sort=sort, after=last, limit=PAGE_SIZE)
    if not lines:
        st.info(tr("No case is like that. Take a filter away."))
    else:
        _draw_table(page, lines)
    _draw_turning(lines, behind, total)
    _offer(page, wanted, sort, total)
    _draw_waiting(page)


def _offer(page: _Page, wanted: CaseFilter, sort: CaseSort, total: int) -> None:
    """The whole table as filtered, to be taken out."""
    zone = page.settings.camera_zone
    heads = ("case", "sender_code", "sender_name", "platform", "state", "due_on", "findings")
    offer_table(
        page.settings,
        page.engine,
        page.visitor,
        "cases",
        (*heads, "profile", "opened_at", "changed_at"),
        lambda: (
            (
                line.number,
                line.sender_code,
                line.sender_name,
                line.platform,
                line.state.value,
                line.due_on,
                line.findings,
                line.profile_id,
                in_zone(line.opened_at, zone),
                in_zone(line.changed_at, zone),
            )
            for line in _every(page.engine, wanted, sort)
        ),
        {
            "states": None if wanted.states is None else [one.value for one in wanted.states],
            "overdue_on": None if wanted.overdue_on is None else wanted.overdue_on.isoformat(),
            "sender": wanted.sender,
            "profile": wanted.profile_id,
            "scope": str(wanted.scope),
        },
        "cases",
        total=total,
    )


def _every(engine: Engine, wanted: CaseFilter, sort: CaseSort) -> Iterator[CaseLine]:
    with reading(engine) as session:
        last: CaseLine | None = None
        while True:
            lines = list_cases(session, wanted, sort=sort, after=last, limit=500)
            yield from lines
            if len(lines) < 500:
                return
            last = lines[-1]


def _draw_filters(page: _Page) -> tuple[CaseFilter, CaseSort]:
    words, states, profiles, order, late = st.columns(
        [3, 3, 2, 2, 1.3], vertical_alignment="bottom"
    )
    sender = words.text_input(tr("Sender or number"), key="cases_sender")
    chosen = states.multiselect(
        tr("State"),
        list(CaseState),
        format_func=lambda state: tr(STATES[state]),
        placeholder=tr("any"),
        key="cases_states",
    )
    ids = cased_profiles(page.session, scope=page.visitor.scope)
    profile = profiles.selectbox(
        tr("Profile"), ids, index=None, placeholder=tr("any"), key="cases_profile"
    )
    sort = order.selectbox(
        tr("Order"),
        list(CaseSort),
        format_func=lambda one: tr(one.value),
        key="cases_sort",
    )
    overdue = late.toggle(tr("Overdue"), key="cases_overdue")
    wanted = CaseFilter(
        states=tuple(chosen) or None,
        overdue_on=page.today if overdue else None,
        sender=sender.strip() or None,
        profile_id=profile,
        scope=page.visitor.scope,
    )
    return wanted, sort or CaseSort.NEWEST


def _draw_table(page: _Page, lines: list[CaseLine]) -> None:
    picked = st.dataframe(
        {
            tr("case"): [line.number for line in lines],
            tr("sender"): [line.sender_name or line.sender_code for line in lines],
            tr("platform"): [line.platform or "" for line in lines],
            tr("state"): [tr(STATES[line.state]) for line in lines],
            tr("due"): ["" if line.due_on is None else date_text(line.due_on) for line in lines],
            tr("time"): [time_left(line.state, line.due_on, page.today) for line in lines],
            tr("findings"): [line.findings for line in lines],
            tr("profile"): [line.profile_id for line in lines],
            tr("opened"): [
                date_text(line.opened_at.astimezone(page.settings.camera_zone).date())
                for line in lines
            ],
        },
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        height=_ROW_HEIGHT * (len(lines) + 1) + 3,
        key=f"cases_table_{lines[0].id}_{lines[-1].id}_{len(lines)}",
    )
    rows = picked["selection"]["rows"]
    if rows and rows[0] < len(lines):
        _open(lines[rows[0]].id)
        st.rerun()
    st.caption(tr("Tick a row to open its case."))


def _draw_turning(lines: list[CaseLine], behind: list[CaseLine], total: int) -> None:
    """Forwards and backwards by the row that a page ends with."""
    if total <= PAGE_SIZE:
        return
    back, place, forward = st.columns([1, 3, 1], vertical_alignment="center")
    back.button(
        tr("Previous page"), disabled=not behind, on_click=_turn, args=(None,), width="stretch"
    )
    first = len(behind) * PAGE_SIZE
    place.caption(
        tr(
            "{first} to {last} of {total}",
            first=number_text(first + 1),
            last=number_text(first + len(lines)),
            total=number_text(total),
        )
    )
    more = len(lines) == PAGE_SIZE and first + len(lines) < total
    forward.button(
        tr("Next page"),
        disabled=not more,
        on_click=_turn,
        args=(lines[-1] if lines else None,),
        width="stretch",
    )


def _draw_waiting(page: _Page) -> None:
    """Senders whose confirmed findings are in no case."""
    scope = page.visitor.scope
    ids = profile_ids(page.session, newest_record(page.session), scope)
    st.subheader(tr("Confirmed, and in no case yet"), anchor=False)
    if not ids:
        st.caption(tr("Nothing was judged yet."))
        return
    profile = st.selectbox(
        tr("Profile"), ids, index=first_choice(ids, page.settings), key="cases_new_profile"
    )
    waiting = senders_to_answer(
        page.session, profile, scope=scope, two_person=page.settings.two_person
    )
    if not waiting:
        st.caption(
            tr(
                "No sender has confirmed findings outside a case. Confirm some on the page "
                "Findings; a violation may need two persons."
            )
        )
    for one in waiting:
        with st.container(horizontal=True, vertical_alignment="center", border=True):
            st.text(f"{one.name or one.code} ({one.code})")
            st.caption(trn("{count} confirmed finding", "{count} confirmed findings", one.findings))
            st.button(
                tr("Make a case"),
                key=f"case_of_{one.sender_id}",
                on_click=_begin,
                args=(profile, one.sender_id),
            )


def _behind(asked: str) -> list[CaseLine]:
    """The rows that earlier pages ended with; none once something else is asked for."""
    if st.session_state.get(_ASKED) != asked:
        st.session_state[_ASKED] = asked
        st.session_state[_BEHIND] = []
    found: list[CaseLine] = st.session_state[_BEHIND]
    return found


def _turn(last: CaseLine | None) -> None:
    behind: list[CaseLine] = st.session_state.get(_BEHIND, [])
    st.session_state[_BEHIND] = behind[:-1] if last is None else [*behind, last]


def _open(case_id: int | None) -> None:
    """The number goes into the address, so that it can be sent to a colleague."""
    for name in ("case", "sender", "profile"):
        st.query_params.pop(name, None)
    if case_id is not None:
        st.query_params["case"] = str(case_id)


def _begin(profile_id: str, sender_id: int) -> None:
    _open(None)
    st.query_params["profile"] = profile_id
    st.query_params["sender"] = str(sender_id)


def _number(name: str) -> int | None:
    text = st.query_params.get(name, "")
    if not (text.isascii() and text.isdigit()) or len(text) > 10:
        return None
    return int(text) if 0 < int(text) <= _LARGEST else None
