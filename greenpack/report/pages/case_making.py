"""Making a case: a sender's confirmed findings to choose among."""

from __future__ import annotations

from typing import Final

import streamlit as st
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from greenpack.language.speaking import moment_text, tr, trn
from greenpack.reasons import GreenPackError
from greenpack.records.case_entries import NewCase, Person
from greenpack.records.case_finding_queries import candidates
from greenpack.records.case_recording import open_case
from greenpack.records.columns import now
from greenpack.records.database import reading, transact
from greenpack.records.roles import Right
from greenpack.records.tables import Sender
from greenpack.report.case_files import keep_profile, zone_of
from greenpack.report.findings_view import interval_cell, quantity_name
from greenpack.report.pages.records import DATABASE_AWAY, error_words
from greenpack.report.pages.visiting import allowed
from greenpack.report.shown_profile import law_sentence, local_zone, shown_profile
from greenpack.report.visitor import Visitor
from greenpack.settings import Settings

NAME: Final = "case_by"
_REFUSAL: Final = "case_refusal"
_CHOSEN: Final = "case_findings"
_NOTE: Final = "case_note"


def draw_new_case(
    settings: Settings, engine: Engine, visitor: Visitor, profile_id: str, sender_id: int
) -> None:
    """Draw the form for a new case of one sender under one profile."""
    with reading(engine) as session:
        found = candidates(
            session,
            profile_id,
            sender_id,
            scope=visitor.scope,
            two_person=settings.two_person,
        )
        sender = session.get(Sender, sender_id) if found else None
    st.subheader(tr("New case"), anchor=False)
    if sender is None:
        st.info(
            tr(
                "This sender has no confirmed findings that are in no case. Confirm some on the "
                "page Findings first; a violation may need two persons."
            )
        )
        return
    shown = shown_profile(profile_id, settings)
    warning = law_sentence(shown)
    if warning is not None:
        st.warning(warning)
    st.text(f"{sender.name or sender.code} ({sender.code})")
    zone = local_zone(shown, settings)
    words = {
        one.id: tr(
            "{id}: {quantity} {interval}, waybill {waybill}, {moment}",
            id=one.id,
            quantity=quantity_name(one.quantity),
            interval=interval_cell(one.interval, one.quantity, one.limit),
            waybill=one.waybill_number or tr("unknown"),
            moment=moment_text(one.taken_at or one.received_at, zone),
        )
        for one in found
    }
    refusal = st.session_state.pop(_REFUSAL, "")
    if refusal:
        st.error(refusal)
    with st.form("new_case"):
        st.caption(
            trn(
                "{count} confirmed finding that is in no case:",
                "{count} confirmed findings that are in no case:",
                len(found),
            )
        )
        st.multiselect(
            tr("Findings"),
            list(words),
            default=list(words)[:50],
            format_func=lambda finding_id: words[finding_id],
            key=_CHOSEN,
        )
        st.text_area(tr("What the case is about"), key=_NOTE, max_chars=2000, height=80)
        draw_name(visitor)
        st.form_submit_button(
            tr("Open the case"),
            type="primary",
            on_click=_make,
            args=(
                settings,
                engine,
                profile_id,
                sender_id,
                {one.id: one.profile_sha256 for one in found},
            ),
        )


def draw_name(visitor: Visitor) -> None:
    """Who records it: asked only where nobody is signed in."""
    if visitor.shown_name is None:
        st.session_state.setdefault(NAME, "")
        st.text_input(tr("Your name"), key=NAME, max_chars=200)


def person_of(visitor: Visitor) -> Person | None:
    """Who records it, or None where no name was given."""
    name = visitor.shown_name or str(st.session_state.get(NAME, "")).strip()
    return Person(name, visitor.actor.account_id) if name else None


def _make(
    settings: Settings, engine: Engine, profile_id: str, sender_id: int, pins: dict[int, str]
) -> None:
    chosen = tuple(st.session_state.get(_CHOSEN, ()))
    versions = {pins[finding_id] for finding_id in chosen if finding_id in pins}
    refusal = ""
    try:
        visitor = allowed(settings, engine, Right.KEEP_CASES)
        person = person_of(visitor)
        if person is None:
            refusal = tr("Please give your name.")
        elif not versions:
            refusal = tr("Please choose one finding at least.")
        elif len(versions) > 1:
            refusal = tr(
                "These findings were judged under different versions of the profile. Choose those "
                "of one version, or judge the older ones again."
            )
        else:
            profile = keep_profile(settings, profile_id, next(iter(versions)))
            new = NewCase(
                sender_id,
                profile,
                chosen,
                visitor.scope,
                now().astimezone(zone_of(profile, settings)).date(),
                str(st.session_state.get(_NOTE, "")),
                settings.two_person,
            )
            case = transact(engine, lambda session: open_case(session, new, person))
            st.query_params.clear()
            st.query_params["case"] = str(case.id)
    except GreenPackError as error:
        refusal = error_words(error)
    except DBAPIError:
        refusal = tr(DATABASE_AWAY)
    st.session_state[_REFUSAL] = refusal
