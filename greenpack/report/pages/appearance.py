"""What all pages look alike by: the mark, and room for figures instead of margins."""

from __future__ import annotations

from typing import Final

import streamlit as st

# An open carton with one small thing in it: what the whole report is about.
_MARK: Final = """<svg xmlns="http://www.w3.org/2000/svg"
 viewBox="0 0 200 40" width="200" height="40">
<g fill="none" stroke="#14703c" stroke-width="2.6" stroke-linejoin="round" stroke-linecap="round">
<path d="M6 15v18h28V15"/><path d="M6 15 1 8"/><path d="M34 15l5-7"/>
<path d="M6 15h28" stroke-dasharray="2 4"/>
</g><rect x="15" y="24" width="9" height="9" rx="1.6" fill="#14703c"/>
<text x="50" y="28" fill="#14703c"
 font-family="sans-serif" font-size="22" font-weight="700">GreenPack</text>
</svg>"""
_ICON: Final = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 4 40 34">
<g fill="none" stroke="#14703c" stroke-width="3" stroke-linejoin="round" stroke-linecap="round">
<path d="M6 15v18h28V15"/><path d="M6 15 1 8"/><path d="M34 15l5-7"/>
</g><rect x="15" y="24" width="9" height="9" rx="1.6" fill="#14703c"/>
</svg>"""
# The margins are made for essays; tables and charts want the room, also on a small screen. Where
# the mark is not in an open sidebar it lies over the page's top, which keeps clear of it.
_STYLE: Final = """<style>
[data-testid="stMainBlockContainer"] {padding: 2.2rem 2rem 3rem 2rem;}
[data-testid="stApp"]:not(:has([data-testid="stSidebar"][data-collapsed="false"]))
 [data-testid="stMainBlockContainer"] {padding-top: 4.8rem;}
[data-testid="stMain"] h1 {font-size: 1.9rem; padding-top: 0;}
[data-testid="stMain"] h2 {font-size: 1.45rem;}
[data-testid="stMain"] h3 {font-size: 1.2rem;}
[data-testid="stMetricValue"] {font-variant-numeric: tabular-nums;}
@media print {[data-testid="stSidebar"], [data-testid="stHeader"] {display: none;}}
</style>"""


def dress() -> None:
    """Set the page's title, its mark and its margins; before anything else is drawn."""
    # Drawn here: an icon by its name would be fetched from elsewhere with every page.
    st.set_page_config(page_title="GreenPack", page_icon=_ICON, layout="wide")
    st.logo(_MARK, size="large")
    st.html(_STYLE)
