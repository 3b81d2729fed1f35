"""The figures at the top of a page, each in a card of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from greenpack.report.findings_view import plain


@dataclass(frozen=True, slots=True)
class FigureCard:
    """One figure.

    Attributes:
        label: what it is.
        words: the figure, as the reader writes it.
        address: leads to the findings behind it; None where nothing does.
        more: told to who asks for it, or None.
        below: a line under the figure, or None.
    """

    label: str
    words: str
    address: str | None = None
    more: str | None = None
    below: str | None = None


def draw_cards(cards: Sequence[FigureCard], in_a_row: int) -> None:
    """Draw figures in rows of so many, of one height each."""
    for begin in range(0, len(cards), in_a_row):
        columns = st.columns(in_a_row)
        for column, card in zip(columns, cards[begin : begin + in_a_row], strict=False):
            with column.container(border=True, height="stretch", gap="xsmall"):
                st.caption(plain(card.label), help=card.more)
                words = plain(card.words)
                if card.address is not None:
                    words = f"[{words}]({card.address})"
                st.markdown(f"##### {words}")
                if card.below is not None:
                    st.caption(plain(card.below))
