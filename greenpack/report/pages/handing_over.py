"""A button that makes a file for whoever clicks it, and has their browser save it.

Streamlit's own download button makes a file where nobody knows who clicked: it calls back without
the browser's session. This one asks who it is, then makes the file.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from sqlalchemy import Engine

from greenpack.language.speaking import tr
from greenpack.records.roles import Right
from greenpack.report.file_handover import (
    FILES,
    WaitingFile,
    fetch_script,
    file_address,
    file_to_write,
)
from greenpack.report.hub_columns import size
from greenpack.report.pages.records import explaining
from greenpack.report.pages.visiting import allowed, still_admitted
from greenpack.report.visitor import Visitor
from greenpack.settings import Settings


@dataclass(frozen=True, slots=True)
class Offered:
    """A file that can be had.

    Attributes:
        label: of the button, in the reader's language.
        icon: before it.
        name: the file's.
        media_type: as the browser is told.
        right: who may have it.
        make: gives its bytes to who clicked, and has the ledger keep that first.
    """

    label: str
    icon: str
    name: str
    media_type: str
    right: Right
    make: Callable[[Visitor], bytes]


def offer_file(settings: Settings, engine: Engine, offered: Offered, key: str) -> None:
    """Draw the button; nothing is made before it is clicked."""
    _draw(settings, engine, offered, key)


def waiting_folder(settings: Settings) -> Path:
    """Where files wait for their browsers."""
    return settings.data_folder / "spool" / "exports"


def hand_over(path: Path, file_name: str, media_type: str) -> None:
    """Have the browser save a file, and offer it once more where the browser did not."""
    length = path.stat().st_size
    ticket = FILES.give(WaitingFile(path, file_name, media_type))
    base = str(st.get_option("server.baseUrlPath") or "")
    st.html(fetch_script(ticket, base), unsafe_allow_javascript=True)
    st.success(tr("{name} is saved by your browser ({size}).", name=file_name, size=size(length)))
    st.markdown(f"[{tr('If it does not appear, save it here.')}]({file_address(ticket, base)})")


@st.fragment
def _draw(settings: Settings, engine: Engine, offered: Offered, key: str) -> None:
    with explaining():
        still_admitted(settings, engine, offered.right)
        if not st.button(offered.label, icon=offered.icon, key=key, width="stretch"):
            return
        clicked = allowed(settings, engine, offered.right)
        with st.spinner(tr("Writing the file")):
            data = offered.make(clicked)
        ending = offered.name.rpartition(".")[2]
        with file_to_write(waiting_folder(settings), ending) as path:
            path.write_bytes(data)
            hand_over(path, offered.name, offered.media_type)
