"""The report: ``streamlit run app.py``. Navigation only; the pages are in the package."""

import streamlit as st

from greenpack.report.pages import findings, hubs

st.set_page_config(page_title="GreenPack", layout="wide")
st.navigation(
    [
        st.Page(findings.show, title="Findings", url_path="findings", default=True),
        st.Page(hubs.show, title="Hubs", url_path="hubs"),
    ]
).run()
