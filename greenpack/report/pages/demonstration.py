"""The banner on every page of a demonstration."""

from __future__ import annotations

import streamlit as st
from sqlalchemy import Engine

from greenpack.language.speaking import tr
from greenpack.records.database import reading
from greenpack.records.demonstration import is_demo


def draw_demo_banner(engine: Engine) -> None:
    """Say that everything is made up, where the database begins with saying so."""
    with reading(engine) as session:
        if not is_demo(session):
            return
    st.warning(
        tr(
            "Demonstration: every parcel, sender, platform, place and decision here is made up. "
            "Only the sample photos behind the pictures were measured."
        ),
        icon=":material/science:",
    )
