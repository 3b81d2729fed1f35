"""The language that a page is drawn in: the reader's choice, else the browser's."""

from __future__ import annotations

from typing import Final

import streamlit as st

from greenpack.language.speaking import Language, best_language, speak, spoken, tr

_CHOICE: Final = "language"
COOKIE: Final = "greenpack_language"
_YEAR: Final = 365 * 24 * 3600


def speak_to_reader() -> None:
    """Speak the reader's language while this page, part of a page or click is handled.

    Each of these runs in a thread of its own, so each says it anew.
    """
    chosen = st.session_state.get(_CHOICE) or _kept()
    speak(Language(chosen) if chosen in set(Language) else best_language(_browser()))


def draw_choice() -> None:
    """The choice, in the sidebar; the browser keeps it."""
    # A widget's own key is forgotten where the widget is not drawn, as on the sign-in.
    chosen = st.segmented_control(
        tr("Language"),
        list(Language),
        default=spoken(),
        format_func=lambda language: language.own_name,
        key="language_choice",
        label_visibility="collapsed",
    )
    if chosen is not None and chosen is not spoken():
        st.session_state[_CHOICE] = chosen.value
        st.rerun()
    if _CHOICE in st.session_state and st.session_state[_CHOICE] != _kept():
        st.html(_keep_script(st.session_state[_CHOICE]), unsafe_allow_javascript=True)


def forget_all() -> None:
    """Forget what this browser's session held, all but the language: it says nothing of anybody."""
    chosen = st.session_state.get(_CHOICE)
    st.session_state.clear()
    if chosen is not None:
        st.session_state[_CHOICE] = chosen


def _keep_script(language: str) -> str:
    return (
        f'<script>document.cookie = "{COOKIE}={Language(language).value}; Path=/; '
        f'Max-Age={_YEAR}; SameSite=Lax";</script>'
    )


def _kept() -> str | None:
    try:
        found = st.context.cookies.get(COOKIE)
    except RuntimeError:  # drawn without a server
        return None
    return found if isinstance(found, str) else None


def _browser() -> str | None:
    try:
        found = st.context.locale
    except RuntimeError:  # drawn without a server
        return None
    return found if isinstance(found, str) else None
