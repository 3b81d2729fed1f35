"""The way through the list with a finding open: back, on, and how many still wait."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st
from sqlmodel import Session

from greenpack.language.speaking import number_text, tr
from greenpack.records.finding_list import Count, Wanted, listed, parcel_of
from greenpack.records.roles import Right
from greenpack.report.finding_address import FindingsAddress
from greenpack.report.pages.counted import how_many
from greenpack.report.pages.finding_deciding import (
    CONFIRM_KEY,
    NEXT_KEY,
    PREVIOUS_KEY,
    UNDO_KEY,
    WITHDRAW_KEY,
    closed,
    person,
)
from greenpack.report.pages.finding_detail import open_finding
from greenpack.report.pages.finding_filters import go_to
from greenpack.report.visitor import Visitor


def draw_queue(
    session: Session,
    head: str,
    here: FindingsAddress,
    wanted: Wanted,
    finding_id: int,
    *,
    visitor: Visitor,
) -> None:
    """Back to the list, the findings before and behind, and how many still wait.

    Args:
        session: to read with.
        head: the newest record, as long as which counts hold.
        here: the page's address.
        wanted: what the list shows.
        finding_id: the open finding.
        visitor: who works through the list.
    """
    parcel = parcel_of(session, finding_id)
    neighbours: dict[str, int | None] = {"before": None, "after": None}
    if parcel is not None:
        behind = listed(session, wanted, here.sort, limit=1, after=parcel).rows
        ahead = listed(session, wanted, here.sort, limit=1, before=parcel).rows
        neighbours = {
            "before": ahead[0].id if ahead else None,
            "after": behind[0].id if behind else None,
        }
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            tr("Back to the list"),
            key="back_to_list",
            icon=":material/arrow_back:",
            shortcut="Esc",
            on_click=lambda: go_to(closed(here)),
        )
        for label, key, side, icon in (
            (tr("Previous"), PREVIOUS_KEY, "before", "keyboard_arrow_up"),
            (tr("Next"), NEXT_KEY, "after", "keyboard_arrow_down"),
        ):
            neighbour = neighbours[side]
            st.button(
                label,
                key=f"neighbour_{side}",
                icon=f":material/{icon}:",
                shortcut=key,
                disabled=neighbour is None,
                on_click=open_finding,
                args=(neighbour,),
            )
        if visitor.may(Right.DECIDE):
            _draw_progress(session, head, wanted, visitor)
        with st.popover(tr("Keys"), icon=":material/keyboard:"):
            st.markdown(_keys())


def _draw_progress(session: Session, head: str, wanted: Wanted, visitor: Visitor) -> None:
    """How many of the list wait for this person: ``12 of 340 undecided``."""
    waiting = replace(wanted, waits_for=person(visitor))
    left = how_many(session, head, waiting)
    total = how_many(session, head, wanted)
    words = tr(
        "{left} of {total} in this list wait for you",
        left=_capped(left),
        total=_capped(total),
    )
    if left.capped or total.capped or not total.rows:
        st.caption(words, width="stretch")
    else:
        st.progress(1 - left.rows / total.rows, text=words, width="stretch")


def _capped(count: Count) -> str:
    number = number_text(count.rows)
    return tr("more than {number}", number=number) if count.capped else number


def _keys() -> str:
    lines = (
        (CONFIRM_KEY, tr("confirm, and go on to the next that waits for you")),
        (tr("1 to 7"), tr("dismiss for the reason of that number, and go on")),
        (f"{NEXT_KEY} / {PREVIOUS_KEY}", tr("next and previous in the list, without deciding")),
        (UNDO_KEY, tr("back to what you decided last")),
        (WITHDRAW_KEY, tr("withdraw the decision")),
        (tr("Esc"), tr("back to the list")),
    )
    table = "\n".join(f"- **{key}**: {what}" for key, what in lines)
    return f"{table}\n\n{tr('Keys do nothing while you type in a field.')}"
