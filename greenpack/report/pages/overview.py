"""The overview: how a season goes, where the violations are, and what moved since the last one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any, Final

import streamlit as st

from greenpack.language.speaking import date_text, mark, number_text, percent_text, tr, trn
from greenpack.records.database import reading
from greenpack.records.roles import Right
from greenpack.records.season import Grouping, GroupTally, hub_days
from greenpack.report.evenness import evenness
from greenpack.report.finding_address import findings_link
from greenpack.report.overview_charts import flow_chart, shift_chart, trend_chart
from greenpack.report.overview_columns import (
    GROUPINGS,
    Key,
    counted,
    daily_counts,
    export_heads,
    export_row,
    group_columns,
    group_name,
    hub_columns,
    moved,
    rate,
    share_words,
    shift_columns,
    shift_words,
    total,
    trend_rows,
)
from greenpack.report.pages.exporting import offer_chart, offer_table
from greenpack.report.pages.figure_cards import FigureCard, draw_cards
from greenpack.report.pages.overview_asked import Shown, ask
from greenpack.report.pages.records import explaining, open_records, open_settings
from greenpack.report.pages.visiting import admitted
from greenpack.report.rate_shift import rate_shift
from greenpack.report.sender_columns import SHOWN_PART
from greenpack.report.tables_out import Cell
from greenpack.rules.verdict import Verdict

_SHIFTS: Final = (Grouping.HUB, Grouping.PLATFORM, Grouping.GOODS)
_WEEKLY_FROM: Final = 35
_ROW_HEIGHT: Final = 35
_ROWS_SHOWN: Final = 12


def show() -> None:
    """Draw the page."""
    st.title(tr("Overview"), anchor=False)
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
            asked = ask(settings, engine, session, visitor)
            if asked is not None:
                _draw(asked)


def _draw(shown: Shown) -> None:
    days = shown.by(Grouping.DAY)
    if not total(days).parcels:
        st.info(
            tr(
                "Nothing was received on these days. Choose another period, or upload photos on "
                "the page Upload."
            )
        )
        return
    _draw_figures(shown, days)
    _draw_trend(shown, days)
    _draw_groups(shown)
    _draw_shift(shown)
    _draw_balance(shown, days)


def _draw_figures(shown: Shown, days: Sequence[GroupTally]) -> None:
    tally, before = total(days), total(shown.by(Grouping.DAY, before=True))
    share = rate(tally)

    def behind(verdict: Verdict | None = None) -> str:
        window, narrowed = shown.window, dict[str, Any](shown.link)
        return findings_link(
            shown.profile_id, verdict=verdict, since=window.first, until=window.last, **narrowed
        )

    draw_cards(
        (
            FigureCard(tr("Parcels audited"), number_text(tally.parcels), behind()),
            FigureCard(
                tr("Violation rate"),
                tr("not known") if share.value is None else percent_text(share.value),
                behind(Verdict.VIOLATION),
                tr("Proven violations that nobody dismissed, of the parcels judged with numbers."),
                tr(
                    "95 % interval {low} to {high}",
                    low=number_text(100 * share.low, 1),
                    high=percent_text(share.high),
                ),
            ),
            FigureCard(
                tr("Undetermined"),
                share_words(tally.undetermined, tally.parcels),
                behind(Verdict.UNDETERMINED),
            ),
            FigureCard(
                tr("Unmeasurable"),
                share_words(tally.unmeasurable, tally.parcels),
                behind(Verdict.UNMEASURABLE),
            ),
        ),
        in_a_row=4,
    )
    if share.value is not None:
        st.markdown(
            tr(
                "{violations} of {rated} judged with numbers (interval after Wilson). Were every "
                "undetermined parcel a violation too, it would be {most}.",
                violations=trn(
                    "{count} proven violation", "{count} proven violations", tally.violation
                ),
                rated=trn("{count} parcel", "{count} parcels", tally.rated),
                most=percent_text((tally.violation + tally.undetermined) / tally.rated),
            )
        )
    st.markdown(shift_words(moved(before, tally)))


def _draw_trend(shown: Shown, days: Sequence[GroupTally]) -> None:
    st.subheader(tr("Trend"), anchor=False)
    by_week, by_day = mark("by week"), mark("by day")
    chosen = st.segmented_control(
        tr("Points"),
        (by_week, by_day),
        default=by_week if shown.window.days >= _WEEKLY_FROM else by_day,
        format_func=tr,
        required=True,
        label_visibility="collapsed",
    )
    chart = trend_chart(trend_rows(days, shown.window, weekly=chosen == by_week))
    st.altair_chart(chart, width="stretch", key="trend")
    _offer_chart(shown, "violation rate", chart, "trend")


def _draw_groups(shown: Shown) -> None:
    st.subheader(tr("Where"), anchor=False)
    by = st.segmented_control(
        tr("Table by"),
        list(GROUPINGS),
        default=Grouping.PROVINCE,
        format_func=lambda each: tr(GROUPINGS[each]),
        required=True,
        label_visibility="collapsed",
    )
    by = Grouping(str(by))
    groups = shown.by(by)
    columns = group_columns(by, groups, shown.profile_id, shown.window, shown.link)
    linked = (tr("parcels"), tr("violations"), tr("undetermined"), tr("unmeasurable"))
    _table(columns, f"groups_{by}", linked)

    def rows() -> Iterable[Sequence[Cell]]:
        return [export_row(by, group) for group in groups]

    offer_table(
        shown.settings,
        shown.engine,
        shown.visitor,
        f"overview by {by.value}",
        export_heads(),
        rows,
        shown.filters,
        f"overview_{by}",
        total=len(groups),
    )


def _draw_shift(shown: Shown) -> None:
    st.subheader(tr("Where the rate moved"), anchor=False)
    by = st.segmented_control(
        tr("Taken apart by"),
        _SHIFTS,
        default=Grouping.HUB,
        format_func=lambda each: tr(GROUPINGS[each]),
        required=True,
        label_visibility="collapsed",
    )
    by = Grouping(str(by))
    after, before = shown.by(by), shown.by(by, before=True)
    parts = rate_shift(counted(before), counted(after))
    if not parts:
        st.caption(tr("Once both periods have parcels judged with numbers, this says where."))
        return
    names: dict[Key, str] = {group.key: group_name(by, group) for group in (*before, *after)}
    columns = shift_columns(parts, names, tr(GROUPINGS[by]))
    chart = shift_chart(columns)
    st.altair_chart(chart, width="stretch", key="shift")
    st.caption(
        tr(
            "Percentage points that add up to the whole change, without a remainder (Kitagawa "
            "1955): what each group's own rate did, and what its larger or smaller share of all "
            "parcels did."
        )
    )
    _table(columns, f"shift_{by}", places="%+.2f")
    _offer_chart(shown, "what moved the rate", chart, "shift")


def _draw_balance(shown: Shown, days: Sequence[GroupTally]) -> None:
    st.subheader(tr("How even the flow was"), anchor=False)
    window, counts = shown.window, daily_counts(days, shown.window)
    even = evenness(counts)
    if even is None:
        return
    columns = st.columns(3)
    columns[0].metric(tr("Parcels a day"), number_text(even.mean, 1))
    columns[1].metric(
        tr("Fullest day over mean"),
        number_text(even.peak_over_mean, 2),
        help=tr("1 where every day is the same."),
    )
    columns[2].metric(
        tr("Variation"),
        percent_text(even.variation),
        help=tr("Standard deviation of the days over their mean; 0 where all are the same."),
    )
    rows = [
        {"day": (window.first + timedelta(days=step)).isoformat(), "parcels": parcels}
        for step, parcels in enumerate(counts)
    ]
    chart = flow_chart(rows, even.mean)
    st.altair_chart(chart, width="stretch", key="flow")
    _offer_chart(shown, "parcels by day", chart, "flow")
    hubs = hub_days(shown.session, shown.profile_id, window.first, window.last, shown.scope)
    if not hubs:
        st.caption(tr("No parcel of these days has a known hub."))
        return
    _table(hub_columns(hubs, window, shown.profile_id), "hub_days", (tr("parcels"),))
    st.caption(
        tr(
            "A hub copes with 24 hours of the photos an hour that are stated for it. The campaign "
            "asks for balanced progress: no hub that bursts, and no day that stands out."
        )
    )


def _offer_chart(shown: Shown, name: str, chart: Any, key: str) -> None:
    window = shown.window
    words = [f"{shown.profile_id}, {date_text(window.first)} - {date_text(window.last)}"]
    if shown.place is not None:
        words.append(str(shown.place))
    offer_chart(shown.settings, shown.engine, shown.visitor, name, chart, key, words=words)


def _table(
    columns: dict[str, list[object]], key: str, linked: Sequence[str] = (), places: str = "%.1f"
) -> None:
    """A table whose linked columns lead to findings, with the same decimal places in a column."""
    opens = tr("Opens the findings behind it.")
    rows = min(len(next(iter(columns.values()))), _ROWS_SHOWN)
    config: dict[str, Any] = {
        name: st.column_config.NumberColumn(name, format=places)
        for name, cells in columns.items()
        if any(isinstance(cell, float) for cell in cells)
    }
    for name in linked:
        config[name] = st.column_config.LinkColumn(
            name, help=opens, display_text=SHOWN_PART, alignment="right"
        )
    st.dataframe(
        columns,
        column_config=config,
        hide_index=True,
        height=_ROW_HEIGHT * (rows + 1) + 3,
        placeholder="-",
        key=key,
    )
