"""The page before all others: signing in, or what has to be done before anybody can."""

from __future__ import annotations

from typing import Final

import streamlit as st
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from streamlit.errors import StreamlitAPIException, StreamlitAuthError

from greenpack.language.speaking import tr
from greenpack.reasons import GreenPackError
from greenpack.records.accounts import has_accounts
from greenpack.records.database import reading
from greenpack.records.sign_in_rules import SignInBy
from greenpack.records.signing_in import sign_in, sign_in_by_email
from greenpack.report.findings_view import plain
from greenpack.report.pages import visiting
from greenpack.report.pages.reader_language import draw_choice
from greenpack.report.pages.records import DATABASE_AWAY, error_words
from greenpack.settings import Settings

FIRST_ACCOUNT: Final = "greenpack user add NAME --role supervisor"
_WIDTH: Final = 440
_NAME: Final = "sign_in_name"
_PASSWORD: Final = "sign_in_password"
_TROUBLE: Final = "sign_in_trouble"
_REFUSED: Final = "sign_in_refused"


def show(settings: Settings, engine: Engine | None) -> None:
    """Draw the page.

    Args:
        settings: how people sign in.
        engine: the records, or None where there are none yet.
    """
    with st.container(horizontal_alignment="center"), st.container(width=_WIDTH):
        st.title(tr("Sign in"), anchor=False)
        if settings.sign_in is SignInBy.NONE:
            _draw_not_here()
        elif engine is None or not _anybody(engine):
            _draw_no_account(settings)
        elif settings.sign_in is SignInBy.OPENID:
            _draw_openid(settings, engine)
        else:
            _draw_form(settings, engine)
        draw_choice()


def _anybody(engine: Engine) -> bool:
    with reading(engine) as session:
        return has_accounts(session)


def _draw_form(settings: Settings, engine: Engine) -> None:
    if st.session_state.get(visiting.SIGNED_OUT):
        st.success(tr("You are signed out."))
    with st.form("sign_in", enter_to_submit=True):
        st.text_input(tr("Name"), key=_NAME, max_chars=200, autocomplete="username")
        st.text_input(
            tr("Password"),
            key=_PASSWORD,
            type="password",
            autocomplete="current-password",
        )
        st.form_submit_button(
            tr("Sign in"), type="primary", width="stretch", on_click=_try, args=(settings, engine)
        )
    if st.session_state.get(_TROUBLE):
        st.error(st.session_state[_TROUBLE])
    elif st.session_state.get(_REFUSED):
        refused = tr(
            "Name and password do not fit, or the account is locked or disabled. "
            "After {tries} wrong passwords an account is locked for {minutes} minutes; "
            "an administrator can unlock it.",
            tries=settings.sign_in_tries,
            minutes=f"{settings.sign_in_lock_minutes:g}",
        )
        st.error(refused)
    st.caption(tr("What you open and what you export is kept under your name."))


def _try(settings: Settings, engine: Engine) -> None:
    """What the button does; the page is drawn afterwards, for whoever is signed in then."""
    name = str(st.session_state.get(_NAME, ""))
    password = str(st.session_state.get(_PASSWORD, ""))
    # A wrong password does not stay in the field, and none stays in the server's memory.
    st.session_state[_PASSWORD] = ""
    for key in (_TROUBLE, visiting.SIGNED_OUT):
        st.session_state.pop(key, None)
    try:
        token = None
        if name.strip() and password:
            rules = settings.sign_in_rules
            token = sign_in(engine, name, password, rules, address=visiting.address())
    except GreenPackError as error:
        st.session_state[_TROUBLE] = error_words(error)
    except DBAPIError:
        st.session_state[_TROUBLE] = tr(DATABASE_AWAY)
    else:
        if token is not None:
            visiting.begin(token)
        else:
            st.session_state[_REFUSED] = True


def _draw_openid(settings: Settings, engine: Engine) -> None:
    told = visiting.provider_user()
    email = visiting.verified_email(told)
    if told and email is None:
        st.error(tr("Your organisation's sign-in does not tell a verified e-mail address."))
    elif email is not None and visiting.is_fresh(told):
        _take_word(settings, engine, email)
    elif told:
        st.info(tr("You were signed out. Sign in again."))
    label = tr("Sign in with your organisation's account")
    if st.button(label, type="primary", width="stretch"):
        try:
            st.login()
        except (StreamlitAPIException, StreamlitAuthError) as error:
            unset = tr("Signing in by OpenID Connect is not set up: see docs/accounts.md.")
            st.error(f"{unset} {plain(str(error))}")
    st.caption(tr("What you open and what you export is kept under your name."))


def _take_word(settings: Settings, engine: Engine, email: str) -> None:
    """Sign in whom the provider vouches for, if there is such an account."""
    if st.session_state.get(_REFUSED) != email:
        rules = settings.sign_in_rules
        token = sign_in_by_email(engine, email, rules, address=visiting.address())
        if token is not None:
            visiting.begin(token)
            st.rerun()
        # Asked once: a refusal is not written with every drawing.
        st.session_state[_REFUSED] = email
    st.error(
        tr(
            "{email} has no account here, or it is disabled. Ask an administrator to add it:",
            email=plain(email),
        )
    )
    st.code(f"greenpack user add {email} --role ROLE --no-password", language="shell")
    st.button(tr("Use another account"), on_click=st.logout)


def _draw_no_account(settings: Settings) -> None:
    st.info(
        tr(
            "Nobody can sign in yet, because there is no account. Make the first one where "
            "GreenPack runs, then load this page again:"
        )
    )
    more = " --no-password" if settings.sign_in is SignInBy.OPENID else ""
    name = "EMAIL" if more else "NAME"
    st.code(FIRST_ACCOUNT.replace("NAME", name) + more, language="shell")
    st.caption(
        tr(
            "If you work alone on this machine you can do without: start the report with "
            "GREENPACK\\_SIGN\\_IN=none."
        )
    )


def _draw_not_here() -> None:
    st.error(
        tr(
            "GREENPACK\\_SIGN\\_IN=none asks nobody who they are, so it works only where the "
            "report listens on this machine alone. Start it with --server.address 127.0.0.1, or "
            "let people sign in: GREENPACK\\_SIGN\\_IN=accounts."
        )
    )
