"""Which pages there are, who may see them, and the sign-in before all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import streamlit as st
from sqlalchemy import Engine

from greenpack.language.speaking import mark, tr
from greenpack.records.roles import Right
from greenpack.records.sign_in_rules import SignInBy
from greenpack.report.cookie_handover import forget_script, keep_script
from greenpack.report.findings_view import plain
from greenpack.report.pages import (
    cases,
    findings,
    footprint,
    hubs,
    overview,
    senders,
    sign_in,
    upload,
    visiting,
)
from greenpack.report.pages.appearance import dress
from greenpack.report.pages.demonstration import draw_demo_banner
from greenpack.report.pages.reader_language import draw_choice, speak_to_reader
from greenpack.report.pages.records import explaining, open_settings, records_if_any
from greenpack.report.pages.streamlit_words import say_streamlits_words
from greenpack.report.visitor import Visitor
from greenpack.settings import Settings


@dataclass(frozen=True, slots=True)
class Entry:
    """A page in the navigation.

    Attributes:
        show: draws it; begins with ``visiting.admitted``.
        title: in the navigation, in English; marked for translation.
        address: its path, without slashes.
        right: without it the page is not offered.
    """

    show: Callable[[], None]
    title: str
    address: str
    right: Right


# The first is where the report opens.
PAGES: Final = (
    Entry(overview.show, mark("Overview"), "overview", Right.SEE_FINDINGS),
    Entry(findings.show, mark("Findings"), "findings", Right.SEE_FINDINGS),
    Entry(senders.show, mark("Senders"), "senders", Right.SEE_FINDINGS),
    Entry(cases.show, mark("Cases"), "cases", Right.KEEP_CASES),
    Entry(upload.show, mark("Upload"), "upload", Right.UPLOAD),
    Entry(footprint.show, mark("Green logistics"), "footprint", Right.SEE_FINDINGS),
    Entry(hubs.show, mark("Hubs"), "hubs", Right.SEE_HUBS),
)


def draw() -> None:
    """Draw the page that the address names, or the sign-in."""
    dress()
    speak_to_reader()
    say_streamlits_words()
    # Tables leave by the buttons that the ledger hears of, not by the ones in each table's corner.
    st.set_option("client.disableDataExport", True)
    settings = open_settings()
    if settings is None:
        return
    with explaining():
        engine = records_if_any(settings)
        if engine is None and settings.sign_in is not SignInBy.NONE:
            _draw_sign_in(settings, None)
            return
        found = visiting.visitor(settings, engine) if engine is not None else None
        if found is None and (engine is not None or not visiting.listens_here_only()):
            _draw_sign_in(settings, engine)
            return
        page = st.navigation(_offered(found))
        with st.sidebar:
            draw_choice()
        _draw_who(engine, found)
        if engine is not None:
            draw_demo_banner(engine)
        page.run()


def _offered(found: Visitor | None) -> list[st.Page]:
    """All pages, so that each address leads somewhere; hidden where the person may not go."""
    return [
        st.Page(
            entry.show,
            title=tr(entry.title),
            url_path=entry.address,
            default=entry is PAGES[0],
            visibility="visible" if found is None or found.may(entry.right) else "hidden",
        )
        for entry in PAGES
    ]


def _draw_sign_in(settings: Settings, engine: Engine | None) -> None:
    """The sign-in at every page's address, so that the address still leads there afterwards."""

    def show() -> None:
        sign_in.show(settings, engine)

    pages = [
        st.Page(show, title=tr("Sign in"), url_path=entry.address, default=entry is PAGES[0])
        for entry in PAGES
    ]
    st.navigation(pages, position="hidden").run()
    if st.session_state.get(visiting.SIGNED_OUT):
        st.html(forget_script(_base()), unsafe_allow_javascript=True)


def _draw_who(engine: Engine | None, found: Visitor | None) -> None:
    """Who is signed in, in the sidebar."""
    if engine is None or found is None or found.signed_in is None:
        st.sidebar.warning(
            tr(
                "Nobody is asked who they are: `GREENPACK_SIGN_IN` is `none`. Whoever uses this "
                "machine sees everything and can decide under any name."
            ),
            icon=":material/lock_open:",
        )
        return
    person = found.signed_in
    with st.sidebar:
        st.markdown(f"**{plain(person.full_name or person.name)}**")
        account = f"{plain(person.name)}  \n" if person.full_name else ""
        sees = tr(
            "{role}, sees {scope}", role=tr(person.role.value), scope=plain(str(person.scope))
        )
        st.caption(f"{account}{sees}")
        st.button(
            tr("Sign out"),
            key="sign_out",
            icon=":material/logout:",
            on_click=_leave,
            args=(engine, found),
            width="stretch",
        )
        ticket = visiting.waiting_ticket()
        if ticket is not None:
            st.html(keep_script(ticket, _base()), unsafe_allow_javascript=True)


def _leave(engine: Engine, found: Visitor) -> None:
    visiting.end(engine, found)
    if visiting.provider_user():
        st.logout()


def _base() -> str:
    return str(st.get_option("server.baseUrlPath") or "")
