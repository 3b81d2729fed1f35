"""The senders page: who over-packages, ranked by how sure that is; and one sender in full."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import streamlit as st
from sqlmodel import Session

from greenpack.language.speaking import date_text, tr, trn
from greenpack.records.database import reading
from greenpack.records.roles import Right
from greenpack.records.sender_ranking import (
    RankedSender,
    SenderSort,
    platforms_of,
    rank_senders,
    weekly_rates,
)
from greenpack.records.sender_sums import SenderFilter
from greenpack.report.pages.asked import Asked, draw_question, page_count
from greenpack.report.pages.exporting import offer_table
from greenpack.report.pages.records import explaining, open_records, open_settings
from greenpack.report.pages.sender_page import draw_sender
from greenpack.report.pages.visiting import admitted
from greenpack.report.sender_columns import (
    EXPORT_HEADS,
    SHOWN_PART,
    export_row,
    ranking_columns,
)
from greenpack.report.tables_out import Cell

PAGE_SIZE: Final = 25
_ROW_HEIGHT: Final = 35
_ALL_PLATFORMS: Final = 0
_LARGEST: Final = 2**31 - 1


def show() -> None:
    """Draw the page."""
    st.title(tr("Senders"), anchor=False)
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
            asked = draw_question(settings, engine, session, visitor)
            if asked is None:
                return
            sender_id = _sender_asked_for()
            if sender_id is None:
                _draw_ranking(asked, session)
            else:
                st.button(
                    tr("All senders"), icon=":material/arrow_back:", on_click=_open, args=(None,)
                )
                draw_sender(asked, session, sender_id)


def _draw_ranking(asked: Asked, session: Session) -> None:
    visitor, period = asked.visitor, asked.period
    wanted, sort, descending = _draw_filters(asked, session)
    key = f"{wanted}{sort}{descending}"
    page_key = f"senders_page_{key}"
    number = int(st.session_state.get(page_key, 1))
    with st.spinner(tr("Ranking senders"), show_time=False):
        rows, total = rank_senders(
            session,
            wanted,
            scope=visitor.scope,
            sort=sort,
            descending=descending,
            limit=PAGE_SIZE,
            offset=(number - 1) * PAGE_SIZE,
        )
    if not rows:
        st.info(tr("No sender matches these filters. Take one away, or choose other days."))
        return
    weekly = weekly_rates(session, wanted, [row.sender_id for row in rows], scope=visitor.scope)
    st.caption(
        tr(
            "{count} The rate is violations that stand, of parcels judged with numbers; its lower "
            "end is where its 95 % interval begins, so few parcels rank low. The trend is of the "
            "days from {later} on against those before. Tick a row to open the sender.",
            count=trn("{count} sender.", "{count} senders.", total),
            later=date_text(period.later),
        )
    )
    _draw_table(asked, rows, weekly, f"senders_{key}_{number}")
    with st.container(horizontal=True, vertical_alignment="center"):
        pages = page_count(total, PAGE_SIZE)
        if pages > 1:
            st.pagination(pages, key=page_key)
        _offer_export(asked, wanted, sort, descending, total)


def _draw_filters(asked: Asked, session: Session) -> tuple[SenderFilter, SenderSort, bool]:
    search_column, platform_column, sort_column, way_column = st.columns([3, 2, 3, 2])
    search = search_column.text_input(
        tr("Name or code"), placeholder=tr("a part of it"), max_chars=100
    )
    platforms = {_ALL_PLATFORMS: tr("all platforms"), **platforms_of(session)}
    platform = platform_column.selectbox(
        tr("Platform"), list(platforms), format_func=lambda each: platforms[each]
    )
    sort = sort_column.selectbox(
        tr("Order by"), list(SenderSort), format_func=lambda each: tr(each.value)
    )
    ways = {True: tr("largest first"), False: tr("smallest first")}
    descending = way_column.selectbox(
        tr("Direction"), list(ways), format_func=lambda each: ways[each]
    )
    wanted = SenderFilter(
        profile_id=asked.profile.id,
        period=asked.period,
        platform_id=platform or None,
        search=search.strip(),
    )
    return wanted, sort or SenderSort.SURE, bool(descending)


def _draw_table(
    asked: Asked, rows: Sequence[RankedSender], weekly: dict[int, list[float]], key: str
) -> None:
    period = asked.period
    columns = ranking_columns(rows, weekly, asked.profile.id, period.first, period.last)
    opens = tr("Opens the findings behind it.")

    def link(name: str, help_text: str = opens, **more: Any) -> Any:
        return st.column_config.LinkColumn(name, help=help_text, display_text=SHOWN_PART, **more)

    config: dict[str, Any] = {
        # All of them fit on a screen of 1366 pixels.
        tr("sender"): st.column_config.TextColumn(tr("sender"), pinned=True, width=172),
        tr("violation rate"): st.column_config.TextColumn(
            tr("violation rate"),
            help=tr("Its 95 % interval, and the best estimate."),
            width=152,
        ),
        tr("trend"): st.column_config.TextColumn(
            tr("trend"),
            help=tr(
                "By how many percentage points the rate rose, with 95 % interval: ▲ it rises, "
                "▼ it falls, ● neither is sure."
            ),
            width=118,
        ),
        tr("by week"): st.column_config.LineChartColumn(
            tr("by week"),
            help=tr("Violation rate of each week that has one, 0 to 100 %."),
            y_min=0,
            y_max=1,
            width=64,
        ),
        tr("air moved"): st.column_config.TextColumn(
            tr("air moved"),
            help=tr("At least and at most; in brackets of how many parcels the size is known."),
            width=170,
        ),
        **{
            name: link(name, width=width, alignment="right")
            for name, width in ((tr("violations"), 74), (tr("parcels"), 64), (tr("dismissed"), 74))
        },
        tr("after order"): link(
            tr("after order"),
            tr("Violations received on a day after the sender's first correction order."),
            width=74,
        ),
    }
    ids = [row.sender_id for row in rows]
    st.dataframe(
        columns,
        column_config=config,
        hide_index=True,
        height=_ROW_HEIGHT * (1 + len(rows)) + 3,
        key=key,
        on_select=lambda: _select(key, ids),
        selection_mode="single-row",
        placeholder="-",
        alt=tr("Senders, ranked"),
    )


def _offer_export(
    asked: Asked, wanted: SenderFilter, sort: SenderSort, descending: bool, total: int
) -> None:
    scope, engine = asked.visitor.scope, asked.engine

    def rows() -> Iterable[Sequence[Cell]]:
        with reading(engine) as session:
            ranked, _ = rank_senders(
                session, wanted, scope=scope, sort=sort, descending=descending, limit=None
            )
        return map(export_row, ranked)

    filters: dict[str, object] = {
        "profile": wanted.profile_id,
        "from": wanted.period.first.isoformat(),
        "until": wanted.period.last.isoformat(),
        "trend from": wanted.period.later.isoformat(),
        "platform": wanted.platform_id,
        "search": wanted.search or None,
        "order": sort.value,
        "scope": str(scope),
    }
    offer_table(
        asked.settings,
        engine,
        asked.visitor,
        "senders",
        EXPORT_HEADS,
        rows,
        filters,
        "senders",
        total=total,
    )


def _select(key: str, ids: Sequence[int]) -> None:
    rows = st.session_state[key]["selection"]["rows"]
    if rows:
        _open(ids[rows[0]])


def _open(sender_id: int | None) -> None:
    """Show a sender: its number goes into the address, so that it can be sent to a colleague."""
    if sender_id is None:
        st.query_params.pop("sender", None)
    else:
        st.query_params["sender"] = str(sender_id)


def _sender_asked_for() -> int | None:
    text = st.query_params.get("sender", "")
    return min(int(text), _LARGEST) if text.isascii() and text.isdecimal() else None
