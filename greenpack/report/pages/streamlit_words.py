"""The few words that Streamlit itself puts on a page, which it has in English only.

They are written over by style sheets, in a reader's language other than English. The hint in a
text field (how many signs, which key) is left out there: our own words say what matters.
"""

from __future__ import annotations

import json
from typing import Final

import streamlit as st

from greenpack.language.speaking import Language, spoken, tr

_DROP: Final = '[data-testid="stFileUploaderDropzone"]'


def say_streamlits_words() -> None:
    """Put the reader's words over Streamlit's; before anything else is drawn."""
    if spoken() is not Language.ENGLISH:
        st.html(f"<style>{_style()}</style>")


def _style() -> str:
    told = f'{_DROP} [data-testid="stFileUploaderDropzoneInstructions"] span'
    return (
        _instead(f"{_DROP} > span button p", tr("Choose files"))
        + _instead(told, tr("or drop them here"))
        + '[data-testid="InputInstructions"] {display: none;}'
    )


def _instead(place: str, words: str) -> str:
    # As JSON writes a string, so does a style sheet; but the sheet must not end within it.
    quoted = json.dumps(words, ensure_ascii=False).replace("<", "\\3C ")
    return f"{place} {{font-size: 0;}} {place}::after {{font-size: 0.875rem; content: {quoted};}}\n"
