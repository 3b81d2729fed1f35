"""The page Green logistics: air, board, filler and tape moved, and what right-sizing would save."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import streamlit as st
from sqlmodel import Session

from greenpack.language.speaking import date_text, number_text, tr
from greenpack.measure.interval import Interval
from greenpack.records.database import reading
from greenpack.records.roles import Right
from greenpack.records.sized_parcels import AirCount, SizedFilter, air_count, drawn_parcels
from greenpack.report.assumptions import Assumptions, load_assumptions
from greenpack.report.finding_address import findings_link
from greenpack.report.findings_view import plain
from greenpack.report.fitting_boxes import right_sizes
from greenpack.report.footprint import (
    LIMITS,
    Amount,
    Figure,
    air_amount,
    lorries,
    material_amounts,
    material_co2e,
    saved_amounts,
)
from greenpack.report.footprint_columns import (
    EXPORT_HEADS,
    amount_columns,
    assumption_columns,
    box_columns,
    co2e_chart,
    export_row,
    factor_words,
)
from greenpack.report.pages.asked import Asked, draw_question
from greenpack.report.pages.exporting import offer_chart, offer_table
from greenpack.report.pages.figure_cards import FigureCard, draw_cards
from greenpack.report.pages.records import explaining, open_records, open_settings
from greenpack.report.pages.visiting import admitted
from greenpack.report.rounded import range_text

# Sides of so many parcels are looked at; the declared goods of the first of them are packed.
_DRAWN: Final = 2000
_PACKED: Final = 300
_CM3_PER_M3: Final = 1e6
_ROW_HEIGHT: Final = 35


def show() -> None:
    """Draw the page."""
    st.title(tr("Green logistics"), anchor=False)
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
        assumptions = load_assumptions(settings.assumptions)
        with reading(engine) as session:
            asked = draw_question(settings, engine, session, visitor)
            if asked is not None:
                _draw(asked, session, assumptions)
        _draw_assumptions(assumptions)


def _draw(asked: Asked, session: Session, assumptions: Assumptions) -> None:
    scope, period = asked.visitor.scope, asked.period
    wanted = SizedFilter(asked.profile.id, period.first, period.last)
    counted = air_count(session, wanted, scope=scope)
    _draw_basis(asked, counted)
    if not counted.sized:
        st.info(
            tr(
                "Of no parcel in these days are size and void both known, so nothing can be said. "
                "Import waybills that declare parcels and goods with their sizes (`greenpack "
                "import`), or photograph closed parcels with a scale, and audit again."
            )
        )
        return
    with st.spinner(tr("Working out board, filler, tape and boxes that would have fitted")):
        parcels = drawn_parcels(session, wanted, counted.sized, scope=scope, most=_DRAWN)
        found = right_sizes(parcels[:_PACKED], assumptions)
    low, high = counted.air_cm3
    air = Interval(None, low / _CM3_PER_M3, high / _CM3_PER_M3)
    materials = material_amounts(parcels, counted.sized, assumptions)
    amounts = (
        air_amount(air, counted.sized, assumptions),
        *materials,
        *saved_amounts(found, counted.sized, assumptions),
    )
    _draw_headlines(amounts, materials, assumptions)
    _draw_amounts(asked, amounts, assumptions)


def _draw_basis(asked: Asked, counted: AirCount) -> None:
    period = asked.period
    address = findings_link(asked.profile.id, since=period.first, until=period.last)
    st.markdown(
        tr(
            "From {first} to {last} [{parcels} parcels]({address}) were judged; of **{sized}** of "
            "them size and void are known. Everything below is of those alone: nothing is "
            "projected to parcels that nobody measured.",
            first=plain(date_text(period.first)),
            last=plain(date_text(period.last)),
            parcels=number_text(counted.parcels),
            address=address,
            sized=number_text(counted.sized),
        )
    )


def _draw_headlines(
    amounts: Sequence[Amount], materials: Sequence[Amount], assumptions: Assumptions
) -> None:
    by_figure = {one.figure: one for one in amounts}
    air, saved = by_figure[Figure.AIR].amount, by_figure[Figure.SAVED_AIR].amount
    together = material_co2e(materials)
    lorry = factor_words(assumptions, "lorry_m3")
    unknown = tr("not known")
    draw_cards(
        (
            FigureCard(tr("Air moved"), unknown if air is None else range_text(air, "m3")),
            FigureCard(
                tr("As lorries of {volume}", volume=lorry),
                unknown if air is None else range_text(lorries(air, assumptions)),
                more=tr("Lorries full of nothing but air."),
            ),
            FigureCard(
                tr("CO2e of board, filler and tape"),
                unknown if together is None else range_text(together, "kg"),
                more=tr("Of those of the three that are known; see the table."),
            ),
            FigureCard(
                tr("Air that right-sizing would save"),
                unknown if saved is None else range_text(saved, "m3"),
                more=tr("With boxes of the list below; see the table for what it rests on."),
            ),
        ),
        in_a_row=4,
    )


def _draw_amounts(asked: Asked, amounts: Sequence[Amount], assumptions: Assumptions) -> None:
    st.subheader(tr("Figures"), anchor=False)
    st.table(
        {
            name: [plain(str(cell)) for cell in cells]
            for name, cells in amount_columns(amounts, assumptions).items()
        },
        hide_index=True,
        alt=tr("Figures with CO2e"),
    )
    st.caption(
        tr(
            "Every range is a worst case: the 95 % intervals of the parcels and the ranges of the "
            "assumptions are multiplied end by end, and rounded outwards. CO2e of air is that of "
            "moving it over {distance}; CO2e of materials is that of making them.",
            distance=factor_words(assumptions, "haul_km"),
        )
    )
    with st.expander(tr("What each figure leaves out")):
        for one in amounts:
            st.markdown(f"- **{plain(tr(one.figure.value))}**: {plain(tr(LIMITS[one.figure]))}")
    st.subheader(tr("CO2e"), anchor=False)
    chart = co2e_chart(amounts)
    st.altair_chart(chart, width="stretch", key="co2e")
    period = asked.period
    filters: dict[str, object] = {
        "profile": asked.profile.id,
        "from": period.first.isoformat(),
        "until": period.last.isoformat(),
        "scope": str(asked.visitor.scope),
    }
    with st.container(horizontal=True):
        offer_table(
            asked.settings,
            asked.engine,
            asked.visitor,
            "footprint",
            EXPORT_HEADS,
            lambda: map(export_row, amounts),
            filters,
            "footprint",
            total=len(amounts),
        )
        offer_chart(
            asked.settings,
            asked.engine,
            asked.visitor,
            "footprint CO2e",
            chart,
            "co2e",
            title=tr("CO2e"),
            words=(f"{asked.profile.id}, {period.first} - {period.last}",),
        )


def _draw_assumptions(assumptions: Assumptions) -> None:
    st.subheader(tr("Assumptions"), anchor=False)
    st.caption(
        tr(
            "None of these is measured. An agency sets its own in a file that the setting "
            "GREENPACK\\_ASSUMPTIONS names: single entries, each whole, with its source."
        )
    )
    columns = assumption_columns(assumptions)
    st.dataframe(
        columns,
        hide_index=True,
        height=_ROW_HEIGHT * (1 + len(assumptions.entries)) + 3,
        column_config={tr("source"): st.column_config.TextColumn(tr("source"), width="large")},
        alt=tr("Assumptions"),
    )
    with st.expander(tr("Boxes to choose from")):
        st.caption(
            tr(
                "{source}. How sure: {sure}.",
                source=plain(tr(assumptions.boxes_source)),
                sure=tr(assumptions.boxes_sure.value),
            )
        )
        st.dataframe(box_columns(assumptions), hide_index=True, alt=tr("Boxes to choose from"))
