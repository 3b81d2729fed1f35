"""Deciding about the open finding by button or key, and going on to the next in the queue."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Final

import streamlit as st
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from greenpack.language.speaking import mark, tr
from greenpack.reasons import GreenPackError
from greenpack.records.database import reading, transact
from greenpack.records.finding_list import Person, Wanted, listed, parcel_of
from greenpack.records.forms import DecisionKind, DismissalReason
from greenpack.records.roles import Right
from greenpack.records.standing import Standing, in_force, word_of
from greenpack.report.deciding_as_seen import (
    DecidedMeanwhileError,
    Decider,
    decide_as_seen,
    may_settle,
    may_withdraw,
)
from greenpack.report.decision_words import (
    WITHDRAWALS,
    decision_detail,
    decision_line,
    reason_meaning,
    reason_words,
    standing_sentence,
)
from greenpack.report.finding_address import FindingsAddress
from greenpack.report.findings_view import plain
from greenpack.report.one_finding import OneFinding
from greenpack.report.pages.finding_filters import address, go_to
from greenpack.report.pages.records import DATABASE_AWAY, error_words
from greenpack.report.pages.visiting import allowed, whom_to_ask
from greenpack.report.shown_profile import ShownProfile, law_sentence, local_zone
from greenpack.report.visitor import Visitor
from greenpack.settings import Settings

CONFIRM_KEY: Final = "Y"
WITHDRAW_KEY: Final = "W"
UNDO_KEY: Final = "U"
NEXT_KEY: Final = "J"
PREVIOUS_KEY: Final = "K"
# A key that is held down repeats: what has just come up is not decided by the same press.
SECONDS_TO_LOOK: float = 0.5

_NAME: Final = "decided_by"
# A field forgets what was typed once it is not drawn; a name is typed once a day.
_NAME_FIELD: Final = "decided_by_field"
_MESSAGE: Final = "decision_message"
_UP_SINCE: Final = "finding_up_since"
_RECORDED: Final = {
    DecisionKind.CONFIRMED: mark("Finding {number}: confirmation recorded."),
    DecisionKind.DISMISSED: mark("Finding {number}: dismissal recorded."),
    DecisionKind.WITHDRAWN: mark("Finding {number}: withdrawal recorded."),
}


@dataclass(frozen=True, slots=True)
class Message:
    """What came of the last click.

    Attributes:
        words: for the page, in Markdown.
        refused: whether nothing was recorded.
        undo: the finding whose decision can be taken back, or None.
    """

    words: str
    refused: bool = False
    undo: int | None = None


def decider(visitor: Visitor) -> Decider:
    """Who decides: the account, or the name that was typed where nobody is asked."""
    settles = visitor.may(Right.ORDER)
    if visitor.signed_in is None:
        typed = st.session_state.get(_NAME_FIELD, st.session_state.get(_NAME))
        return Decider(str(typed or "").strip(), None, settles)
    return Decider(visitor.shown_name or "", visitor.signed_in.account_id, settles)


def person(visitor: Visitor) -> Person:
    """Who works through the list."""
    who = decider(visitor)
    return Person(who.name, who.account_id)


def draw_message() -> None:
    """What came of the last click, with the way to undo it; told once."""
    message: Message | None = st.session_state.pop(_MESSAGE, None)
    if message is None:
        return
    if message.refused:
        st.error(f"{message.words} {tr('Nothing was recorded.')}")
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.success(message.words, width="stretch")
        if message.undo is not None:
            st.button(
                tr("Undo"),
                key=f"undo_{message.undo}",
                icon=":material/undo:",
                shortcut=UNDO_KEY,
                on_click=_back_to,
                args=(message.undo,),
            )


def draw_decisions(
    finding: OneFinding,
    profile: ShownProfile,
    engine: Engine,
    settings: Settings,
    visitor: Visitor,
    wanted: Wanted,
) -> None:
    """What was decided so far, and the buttons for what comes next."""
    _note_up(finding.id, len(finding.decisions))
    st.text(standing_sentence(finding, settings.two_person and finding.verdict == "violation"))
    zone = local_zone(profile, settings)
    for decision in finding.decisions:
        detail = decision_detail(decision, finding)
        st.text(f"{decision_line(decision, zone)}\n{detail}".strip())
    if finding.superseded_by is not None:
        return
    if not visitor.may(Right.DECIDE):
        st.caption(f"{tr('Your role does not decide about findings.')} {whom_to_ask(Right.DECIDE)}")
        return
    _draw_buttons(finding, engine, settings, visitor, wanted)
    _draw_withdrawals(finding, engine, settings, visitor)
    st.caption(
        " ".join(
            part
            for part in (
                tr("Decisions are kept for good: they can be followed by others, not changed."),
                law_sentence(profile),
            )
            if part
        )
    )


def _draw_buttons(
    finding: OneFinding, engine: Engine, settings: Settings, visitor: Visitor, wanted: Wanted
) -> None:
    told = [past.said for past in finding.decisions]
    who = decider(visitor)
    own = word_of(told, who.name, who.account_id) if who.name else None
    if may_settle(who, told):
        st.info(tr("Others disagree about this finding. What you decide settles it."))
    elif own is not None and finding.standing is Standing.ONE_CONFIRMED and settings.two_person:
        st.info(tr("You have confirmed this. Somebody else must confirm it too."))
    # The note's key changes with every decision, so that no note is sent twice.
    note_key = f"note_{finding.id}_{len(told)}"
    if visitor.shown_name is None:
        name_column, note_column = st.columns([2, 3])
        st.session_state.setdefault(_NAME_FIELD, st.session_state.get(_NAME, ""))
        st.session_state[_NAME] = name_column.text_input(
            tr("Your name"), key=_NAME_FIELD, max_chars=200
        )
    else:
        note_column = st.container()
        st.caption(tr("You decide as {name}.", name=plain(visitor.shown_name)))
    note_column.text_input(tr("Note (needed for key 7)"), key=note_key, max_chars=2000)
    common = (settings, engine, finding.id, len(told), note_key, wanted)
    st.button(
        tr("Confirm"),
        key=f"confirm_{finding.id}_{len(told)}",
        type="primary",
        icon=":material/check:",
        shortcut=CONFIRM_KEY,
        disabled=own is not None and own.kind is DecisionKind.CONFIRMED,
        width="stretch",
        on_click=_decide,
        args=(*common, DecisionKind.CONFIRMED, None),
    )
    st.markdown(tr("**Dismiss**, because:"))
    with st.container(horizontal=True, gap="small"):
        for number, reason in enumerate(DismissalReason, start=1):
            st.button(
                reason_words(reason),
                key=f"dismiss_{reason}_{finding.id}_{len(told)}",
                help=reason_meaning(reason),
                shortcut=str(number),
                disabled=own is not None and own.kind is DecisionKind.DISMISSED,
                on_click=_decide,
                args=(*common, DecisionKind.DISMISSED, reason),
            )


def _draw_withdrawals(
    finding: OneFinding, engine: Engine, settings: Settings, visitor: Visitor
) -> None:
    """A form for taking back the last decision that the person may take back."""
    told = [past.said for past in finding.decisions]
    mine = [said for said in in_force(told) if may_withdraw(decider(visitor), told, said.id)]
    if not mine:
        return
    last = mine[-1]
    with st.container(border=True):
        st.text(tr("Take back the decision of {name}", name=last.by))
        why_key = f"withdraw_why_{finding.id}_{len(told)}"
        st.selectbox(
            tr("Why it no longer counts"),
            list(WITHDRAWALS),
            format_func=tr,
            accept_new_options=True,
            key=why_key,
        )
        st.button(
            tr("Withdraw"),
            key=f"withdraw_{finding.id}_{len(told)}",
            icon=":material/undo:",
            shortcut=WITHDRAW_KEY,
            on_click=_decide,
            args=(
                settings,
                engine,
                finding.id,
                len(told),
                why_key,
                None,
                DecisionKind.WITHDRAWN,
                None,
                last.id,
            ),
        )


def _decide(
    settings: Settings,
    engine: Engine,
    finding_id: int,
    seen: int,
    note_key: str,
    wanted: Wanted | None,
    kind: DecisionKind,
    reason: DismissalReason | None,
    withdraws: int | None = None,
) -> None:
    """Record what was clicked or pressed, and go on; what came of it is told on the page."""
    up_since = st.session_state.get(_UP_SINCE)
    if up_since is not None and time.monotonic() - up_since[1] < SECONDS_TO_LOOK:
        st.session_state[_MESSAGE] = Message(
            tr("That was too fast to have looked at this finding."), refused=True
        )
        return
    refusal = ""
    note = str(st.session_state.get(note_key) or "")
    try:
        # A click comes before the page is drawn, so nobody has asked yet who it is.
        visitor = allowed(settings, engine, Right.DECIDE)
        who = decider(visitor)
        transact(
            engine,
            lambda session: decide_as_seen(
                session,
                finding_id,
                kind,
                who,
                note,
                seen,
                visitor.scope,
                reason=reason,
                withdraws=withdraws,
            ),
        )
        words = tr(_RECORDED[kind], number=finding_id)
        if kind is DecisionKind.WITHDRAWN or wanted is None:
            st.session_state[_MESSAGE] = Message(words)
            return
        following = _following(engine, replace(wanted, scope=visitor.scope), visitor, finding_id)
        if following is None:
            words = f"{words} {tr('Nothing else in this list waits for you.')}"
        st.session_state[_MESSAGE] = Message(words, undo=finding_id)
        if following is not None:
            go_to(replace(address(), finding=following))
    except DecidedMeanwhileError:
        refusal = tr("Somebody has decided meanwhile: see what, then decide again.")
    except GreenPackError as error:
        refusal = error_words(error)
    except DBAPIError:
        refusal = tr(DATABASE_AWAY)
    if refusal:
        st.session_state[_MESSAGE] = Message(refusal, refused=True)


def _following(engine: Engine, wanted: Wanted, visitor: Visitor, finding_id: int) -> int | None:
    """The next finding of the list that waits for this person; from its end back to its start."""
    waiting = replace(wanted, waits_for=person(visitor))
    sort = address().sort
    with reading(engine) as session:
        here = parcel_of(session, finding_id)
        for after in (here, None):
            rows = listed(session, waiting, sort, limit=1, after=after).rows
            if rows and rows[0].id != finding_id:
                return rows[0].id
    return None


def _note_up(finding_id: int, decisions: int) -> None:
    """Since when this finding stands before the person."""
    known = st.session_state.get(_UP_SINCE)
    if known is None or known[0] != (finding_id, decisions):
        st.session_state[_UP_SINCE] = ((finding_id, decisions), time.monotonic())


def _back_to(finding_id: int) -> None:
    go_to(replace(address(), finding=finding_id))


def closed(here: FindingsAddress) -> FindingsAddress:
    """The same list without an open finding."""
    st.session_state.pop(_UP_SINCE, None)
    return replace(here, finding=None)
