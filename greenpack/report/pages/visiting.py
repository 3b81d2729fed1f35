"""Who looks at a page: found out anew with every drawing, every click and every refresh.

A page begins with ``admitted``; what draws itself anew (``st.fragment``) begins with
``still_admitted``; what a click does begins with ``allowed``, because clicks come first.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import streamlit as st
from sqlalchemy import Engine

from greenpack.language.speaking import tr
from greenpack.reasons import GreenPackError
from greenpack.records.acts import record_look
from greenpack.records.database import transact
from greenpack.records.roles import Right, roles_with
from greenpack.records.sign_in_rules import SignInBy
from greenpack.records.signing_in import SignedIn, sign_out, who
from greenpack.report.cookie_handover import COOKIE, TICKETS
from greenpack.report.pages.reader_language import forget_all, speak_to_reader
from greenpack.report.visitor import ANYBODY, Visitor
from greenpack.settings import Settings

# Of the browser's session; whatever is in it, the records decide.
_TOKEN: Final = "sign_in_token"
_TICKET: Final = "sign_in_ticket"
_LOOKED_AT: Final = "looked_at"
SIGNED_OUT: Final = "signed_out"

_THIS_MACHINE: Final = {"localhost", "127.0.0.1", "::1"}
# A provider's word is taken for a new session only if it was given just now.
_FRESH: Final = timedelta(minutes=5)


def visitor(settings: Settings, engine: Engine, *, touch: bool = True) -> Visitor | None:
    """Who looks at the page, or None: nobody is signed in.

    Args:
        settings: how people sign in.
        engine: the records.
        touch: whether this is a use that keeps the person signed in.
    """
    if settings.sign_in is SignInBy.NONE:
        return ANYBODY if listens_here_only() else None
    token = st.session_state.get(_TOKEN) or _cookie()
    if not token:
        return None
    signed_in = who(engine, token, settings.sign_in_rules, touch=touch)
    if signed_in is None or not _vouched_for(signed_in, settings):
        return None
    return Visitor(signed_in, token)


def admitted(settings: Settings, engine: Engine, right: Right) -> Visitor | None:
    """Who looks at the page, if they may; else says why not and gives None."""
    found = visitor(settings, engine)
    if found is None:
        st.warning(tr("Nobody is signed in here any more. Load the page again and sign in."))
        return None
    if not found.may(right):
        refused = tr("Your role may not do this: {right}.", right=tr(right.value))
        st.warning(f"{refused} {whom_to_ask(right)}")
        return None
    return found


def still_admitted(settings: Settings, engine: Engine, right: Right) -> Visitor:
    """The same for what draws itself anew; whoever may no more is sent back to the whole page."""
    speak_to_reader()
    found = visitor(settings, engine, touch=False)
    if found is None or not found.may(right):
        st.rerun()
    return found


def allowed(settings: Settings, engine: Engine, right: Right) -> Visitor:
    """Who clicked.

    Raises:
        GreenPackError: ``sign_in_ended`` or ``not_allowed``.
    """
    speak_to_reader()
    found = visitor(settings, engine)
    if found is None:
        raise GreenPackError("sign_in_ended")
    if not found.may(right):
        raise GreenPackError("not_allowed", right.value)
    return found


def whom_to_ask(right: Right) -> str:
    """Whose role has a right."""
    roles = tr(", ").join(tr(role.value) for role in roles_with(right))
    return tr("These roles may: {roles}.", roles=roles)


def note_look(engine: Engine, found: Visitor, finding_id: int) -> None:
    """Keep in the ledger that a finding was opened, once for each opening, before it is seen."""
    look = (found.actor.account_id, finding_id)
    if st.session_state.get(_LOOKED_AT) != look:
        transact(engine, lambda session: record_look(session, found.actor, finding_id))
        st.session_state[_LOOKED_AT] = look


def note_no_look() -> None:
    """Nothing is open: opening the same finding again is another look."""
    st.session_state.pop(_LOOKED_AT, None)


def begin(token: str) -> None:
    """Somebody has signed in: remember it here, and have the browser remember it."""
    forget_all()
    st.session_state[_TOKEN] = token
    st.session_state[_TICKET] = TICKETS.give(token)


def end(engine: Engine, found: Visitor) -> None:
    """Sign somebody out, and forget what this browser's session held."""
    if found.signed_in is not None:
        sign_out(engine, found.signed_in)
    forget_all()
    st.session_state[SIGNED_OUT] = True


def waiting_ticket() -> str | None:
    """The ticket that the browser has not shown yet, or None."""
    ticket = st.session_state.get(_TICKET)
    return ticket if ticket is not None and TICKETS.is_waiting(ticket) else None


def provider_user() -> dict[str, Any]:
    """What the OpenID provider says of the person; empty where it says nothing."""
    told = st.user.to_dict()
    return told if told.get("is_logged_in") else {}


def verified_email(told: dict[str, Any]) -> str | None:
    """The address that the provider vouches for, or None."""
    email = told.get("email")
    return email if isinstance(email, str) and told.get("email_verified") is not False else None


def is_fresh(told: dict[str, Any]) -> bool:
    """Whether the provider gave its word just now, and not some time ago."""
    given = told.get("iat")
    if not isinstance(given, int | float):
        return False
    return abs(datetime.now(UTC) - datetime.fromtimestamp(given, UTC)) < _FRESH


def address() -> str | None:
    """Where the browser is, for the ledger; None on this machine."""
    try:
        return _text(st.context.ip_address)
    except RuntimeError:  # drawn without a server
        return None


def listens_here_only() -> bool:
    """Whether only this machine reaches the report."""
    return st.get_option("server.address") in _THIS_MACHINE


def _vouched_for(signed_in: SignedIn, settings: Settings) -> bool:
    """With OpenID Connect the provider must still say the same."""
    if settings.sign_in is not SignInBy.OPENID:
        return True
    email = verified_email(provider_user())
    return email is not None and email.strip().casefold() == signed_in.name


def _cookie() -> str | None:
    try:
        return _text(st.context.cookies.get(COOKIE))
    except RuntimeError:  # drawn without a server
        return None


def _text(value: object) -> str | None:
    """What a browser said, and nothing that merely stands for one."""
    return value if isinstance(value, str) else None
