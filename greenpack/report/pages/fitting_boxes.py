"""The boxes that a sender's parcels would have gone into, drawn on its page."""

from __future__ import annotations

from typing import Final

import streamlit as st
from sqlmodel import Session

from greenpack.language.speaking import number_text, tr, trn
from greenpack.records.sized_parcels import SizedFilter, air_count, drawn_parcels
from greenpack.report.assumptions import load_assumptions
from greenpack.report.fitting_boxes import fitting_boxes, right_sizes
from greenpack.report.footprint import saved_amounts
from greenpack.report.pages.asked import Asked
from greenpack.report.rounded import range_text

# Packing each costs some milliseconds.
_DRAWN: Final = 150


def draw_fitting_boxes(asked: Asked, session: Session, sender_id: int) -> None:
    """Draw the section; says what is missing where no parcel can be told."""
    st.subheader(tr("Boxes that would have fitted"), anchor=False)
    scope, period = asked.visitor.scope, asked.period
    wanted = SizedFilter(asked.profile.id, period.first, period.last, sender_id)
    sized = air_count(session, wanted, scope=scope).sized
    assumptions = load_assumptions(asked.settings.assumptions)
    with st.spinner(tr("Packing the declared goods into smaller boxes")):
        parcels = drawn_parcels(session, wanted, sized, scope=scope, most=_DRAWN)
        found = right_sizes(parcels, assumptions)
    known = sum(one is not None for one in found)
    if not known:
        st.info(
            tr(
                "Of none of its parcels are the outer size and the sizes of all goods known. "
                "Import waybills that declare them (`greenpack import`), and audit again."
            )
        )
        return
    boxes = fitting_boxes(found)
    smaller = sum(fit.parcels for fit in boxes)
    looked_at = trn(
        "{count} parcel was looked at, of {sized} of known size;",
        "{count} parcels were looked at, of {sized} of known size;",
        len(found),
        sized=number_text(sized),
    )
    st.markdown(
        tr(
            "{looked_at} of {known} the goods are declared with their sizes, and **{smaller} would "
            "have gone into a smaller box**.",
            looked_at=looked_at,
            known=number_text(known),
            smaller=number_text(smaller),
        )
    )
    if boxes:
        st.dataframe(
            {
                tr("box"): [fit.box.name for fit in boxes],
                tr("size, mm"): [
                    " x ".join(number_text(side) for side in fit.box.size) for fit in boxes
                ],
                tr("parcels"): [fit.parcels for fit in boxes],
                tr("air saved"): [range_text(fit.volume_m3, "m3") for fit in boxes],
                tr("board saved"): [range_text(fit.board_m2, "m2") for fit in boxes],
            },
            hide_index=True,
            alt=tr("Boxes that would have fitted"),
        )
    air, board = saved_amounts(found, sized, assumptions)
    if boxes and air.amount is not None and board.amount is not None:
        whole = tr(
            "All its parcels of known size together would save {air} of air and {board} of board.",
            air=range_text(air.amount, "m3"),
            board=range_text(board.amount, "kg"),
        )
        st.markdown(whole)
    st.caption(
        tr(
            "A box is named only if a way to pack the goods into it was found, with room for "
            "cushioning and every error against it; boxes and assumptions are on the page Green "
            "logistics."
        )
    )
