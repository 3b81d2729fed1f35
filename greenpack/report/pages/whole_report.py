"""The script that Streamlit runs for every drawing of the report; ``app.py`` serves it.

It must not lie beside the folder ``pages``, which Streamlit would then take for its own.
"""

from greenpack.report.pages.navigation import draw

draw()
