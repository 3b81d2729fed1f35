"""The report: ``streamlit run app.py``. The pages and their navigation are in the package.

It is an ASGI app, so that the sign-in's cookie can be set by an answer of the server, files that
were made for a person are fetched from the disk, and the Chinese font is served.
"""

from pathlib import Path

import streamlit as st

from greenpack.report import pages
from greenpack.report.cookie_routes import cookie_routes
from greenpack.report.file_routes import file_routes
from greenpack.report.font_routes import font_routes

script = Path(pages.__file__).with_name("whole_report.py")
app = st.App(script, routes=[*cookie_routes(), *file_routes(), *font_routes()])
