"""One finding: the picture that proves it, its numbers, and what people decided about it."""

from __future__ import annotations

from typing import Final, Literal

import streamlit as st
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from greenpack.reasons import GreenPackError
from greenpack.records.database import transact
from greenpack.records.forms import DecisionKind
from greenpack.records.roles import Right
from greenpack.report.finding_view import (
    budget_columns,
    decision_line,
    facts,
    facts_html,
    numbers_columns,
    pins,
    what_to_do,
)
from greenpack.report.findings_view import decision_words, plain
from greenpack.report.one_finding import DecidedMeanwhileError, OneFinding, decide_as_seen
from greenpack.report.pages.records import DATABASE_AWAY, error_words
from greenpack.report.pages.visiting import allowed, whom_to_ask
from greenpack.report.shown_profile import ShownProfile, law_sentence, local_zone
from greenpack.report.visitor import Visitor
from greenpack.rules.verdict import Verdict
from greenpack.settings import Settings
from greenpack.stores import evidence

# A second sign beside the word, never instead of it.
_BADGES: Final[dict[Verdict, Literal["red", "orange", "green", "blue", "gray"]]] = {
    Verdict.VIOLATION: "red",
    Verdict.UNDETERMINED: "orange",
    Verdict.COMPLIANT: "green",
    Verdict.EXEMPT: "blue",
    Verdict.UNMEASURABLE: "gray",
}
_MESSAGE: Final = "decision_message"
_NAME: Final = "decided_by"


def draw_finding(
    finding: OneFinding,
    profile: ShownProfile,
    engine: Engine,
    settings: Settings,
    visitor: Visitor,
) -> None:
    """Draw a finding with its decisions and the form for the next one."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(f"Finding {finding.id}", width="content", anchor=False)
        st.badge(finding.verdict.value, color=_BADGES[finding.verdict])
    st.markdown(plain(finding.explanation))
    st.markdown(f"**What to do:** {plain(what_to_do(finding))}")
    if finding.superseded_by is not None:
        st.warning("A newer finding has taken this one's place. Decide about that one.")
        st.button(
            f"Open finding {finding.superseded_by}",
            on_click=open_finding,
            args=(finding.superseded_by,),
        )
    if visitor.may(Right.SEE_EVIDENCE):
        _draw_evidence(finding, settings)
    st.table(numbers_columns(finding), hide_index=True, alt="Numbers with 95 % intervals")
    with st.container(border=True):
        st.html(facts_html(facts(finding, local_zone(profile, settings))))
    _draw_decisions(finding, profile, engine, settings, visitor)
    with st.expander("Hashes, and how the intervals came about"):
        st.html(facts_html(pins(finding)))
        for assumption in finding.measured.assumptions:
            st.markdown(f"- {plain(assumption)}")
        if finding.measured.budget:
            st.table(budget_columns(finding), hide_index=True, alt="What widens the intervals")


def open_finding(finding_id: int | None) -> None:
    """Show a finding: its number goes into the address, so that it can be sent to a colleague."""
    if finding_id is None:
        st.query_params.pop("finding", None)
    else:
        st.query_params["finding"] = str(finding_id)


def _draw_evidence(finding: OneFinding, settings: Settings) -> None:
    """The picture, only if its bytes are those that were recorded."""
    try:
        picture = evidence(settings).read(finding.evidence_sha256)
    except GreenPackError as error:
        st.error(error_words(error))
    except OSError as error:
        st.error(error_words(GreenPackError("read_failed", str(error))))
    else:
        st.image(
            picture,
            caption="Evidence picture. Its bytes have the SHA-256 that was recorded.",
            alt=f"Evidence picture of finding {finding.id}: {finding.verdict.value}",
            width="stretch",
        )


def _draw_decisions(
    finding: OneFinding,
    profile: ShownProfile,
    engine: Engine,
    settings: Settings,
    visitor: Visitor,
) -> None:
    st.markdown("##### Decisions")
    decided, refusal, done = st.session_state.pop(_MESSAGE, (None, "", ""))
    if decided == finding.id:
        if refusal:
            st.error(refusal)
        else:
            st.success(done)
    zone = local_zone(profile, settings)
    for decision in finding.decisions:
        st.text(decision_line(decision, zone))
    if not finding.decisions:
        st.markdown("Nobody has decided about this finding yet.")
    if finding.superseded_by is not None:
        return
    if not visitor.may(Right.DECIDE):
        st.caption(f"Your role does not decide about findings. {whom_to_ask(Right.DECIDE)}")
        return
    # The note's key changes with every decision, so that no note is sent twice.
    note_key = f"note_{finding.id}_{len(finding.decisions)}"
    st.session_state.setdefault(_NAME, "")
    with st.form(f"decision_{finding.id}"):
        st.caption(
            "A decision says whether this finding stands. It is kept for good: it can be followed "
            "by another, not changed or removed. " + (law_sentence(profile) or "")
        )
        if visitor.shown_name is None:
            st.text_input("Your name", key=_NAME, max_chars=200)
        else:
            st.markdown(f"You decide as **{plain(visitor.shown_name)}**.")
        st.text_area("Note: what you saw", key=note_key, max_chars=2000, height=80)
        with st.container(horizontal=True):
            for chosen, label in (
                (DecisionKind.CONFIRMED, "Confirm finding"),
                (DecisionKind.DISMISSED, "Dismiss finding"),
            ):
                st.form_submit_button(
                    label,
                    on_click=_decide,
                    args=(settings, engine, finding.id, chosen, note_key, len(finding.decisions)),
                )


def _decide(
    settings: Settings,
    engine: Engine,
    finding_id: int,
    kind: DecisionKind,
    note_key: str,
    seen: int,
) -> None:
    """Record what the form says; what came of it is told where the form is drawn."""
    note = str(st.session_state.get(note_key, "")).strip()
    refusal = ""
    try:
        # A click comes before the page is drawn, so nobody has asked yet who it is.
        visitor = allowed(settings, engine, Right.DECIDE)
        by = visitor.shown_name or str(st.session_state.get(_NAME, "")).strip()
        if by and note:
            transact(
                engine,
                lambda session: decide_as_seen(
                    session, finding_id, kind, by, note, seen, visitor.scope
                ),
            )
        else:
            wanted = "a note" if visitor.shown_name else "your name and a note"
            refusal = f"Please give {wanted}."
    except DecidedMeanwhileError:
        refusal = "Somebody has decided meanwhile: see what, then decide again."
    except GreenPackError as error:
        refusal = error_words(error)
    except DBAPIError:
        refusal = DATABASE_AWAY
    st.session_state[_MESSAGE] = (
        finding_id,
        f"{refusal} Nothing was recorded." if refusal else "",
        f"Recorded: {decision_words(kind)}.",
    )
