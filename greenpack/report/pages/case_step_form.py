"""The next step of a case: which are allowed, what each needs, and the confirmation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import streamlit as st
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from greenpack.language.speaking import Language, tr
from greenpack.reasons import GreenPackError
from greenpack.records.case_entries import Attached, NewStep
from greenpack.records.case_finding_queries import candidates
from greenpack.records.case_forms import AppealOutcome, CaseEventKind, CaseState
from greenpack.records.case_queries import WholeCase, whole_case
from greenpack.records.case_recording import record_step
from greenpack.records.case_scope import scope_of
from greenpack.records.case_steps import Terms, Wanted, allowed_steps, open_fines
from greenpack.records.columns import now
from greenpack.records.database import reading, transact
from greenpack.records.roles import Right
from greenpack.report.case_archive import LETTERS
from greenpack.report.case_files import keep_file, pictures, zone_of
from greenpack.report.case_letter import letter_pdf
from greenpack.report.case_letters import letter_for, sender_words
from greenpack.report.case_words import EVENTS, OUTCOMES, STEPS, money_range
from greenpack.report.findings_view import plain
from greenpack.report.pages.case_making import draw_name, person_of
from greenpack.report.pages.records import DATABASE_AWAY, error_words
from greenpack.report.pages.visiting import allowed, whom_to_ask
from greenpack.report.visitor import Visitor
from greenpack.rules.profile import Profile
from greenpack.settings import Settings

Kind = CaseEventKind

_RESULT: Final = "case_step_result"
_KEEPING: Final = frozenset(
    {Kind.ANSWERED, Kind.APPEALED, Kind.FINDING_ADDED, Kind.FINDING_REMOVED}
)
_WITH_FILE: Final = frozenset({Kind.ANSWERED, Kind.APPEALED, Kind.RECTIFIED, Kind.APPEAL_DECIDED})
# What a person is asked to tick: these go out, or cost somebody money.
_GRAVE: Final = frozenset({*LETTERS, Kind.REFUSED, Kind.FINE_PROPOSED, Kind.CLOSED})
_USUAL_DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class _Asked:
    """The case as the person saw it, and the step that was chosen."""

    settings: Settings
    engine: Engine
    case_id: int
    seen: int
    profile: Profile
    kind: CaseEventKind

    def key(self, field: str) -> str:
        """A field's key; another after every step, so that nothing is sent twice."""
        return f"case_{self.case_id}_{self.seen}_{self.kind}_{field}"

    def value(self, field: str) -> Any:
        """What the person put into a field; None where there is no such field."""
        return st.session_state.get(self.key(field))


def draw_steps(
    settings: Settings,
    engine: Engine,
    visitor: Visitor,
    whole: WholeCase,
    profile: Profile,
    terms: Terms,
    today: date,
) -> None:
    """Draw the choice of the next step and its form, and what came of the last one."""
    st.markdown(f"##### {tr('Next step')}")
    said, refusal = st.session_state.pop(_RESULT, ("", ""))
    if refusal:
        st.error(refusal)
    elif said:
        st.success(said)
    steps = [
        kind
        for kind in allowed_steps(whole.life, terms, today)
        if visitor.may(Right.KEEP_CASES if kind in _KEEPING else Right.ORDER)
    ]
    if not visitor.may(Right.ORDER):
        st.caption(tr("Your role records answers only.") + " " + whom_to_ask(Right.ORDER))
    if not steps:
        st.caption(tr("Nothing can follow now."))
        return
    kind = st.selectbox(
        tr("What is to be recorded"),
        steps,
        format_func=lambda one: tr(STEPS[one]),
        key=f"case_{whole.case.id}_{whole.seen}_step",
    )
    asked = _Asked(settings, engine, whole.case.id or 0, whole.seen, profile, kind)
    with st.form(asked.key("form")):
        _draw_fields(asked, whole, terms, today)
        draw_name(visitor)
        st.form_submit_button(
            tr(STEPS[kind]), type="primary", on_click=_record, args=(asked,), width="stretch"
        )


def _draw_fields(asked: _Asked, whole: WholeCase, terms: Terms, today: date) -> None:
    kind = asked.kind
    if kind in (Kind.FINDING_ADDED, Kind.FINDING_REMOVED):
        ids = [one.id for one in whole.findings]
        if kind is Kind.FINDING_ADDED:
            ids = _addable(asked, whole)
        st.selectbox(tr("Finding"), ids, key=asked.key("finding"))
    if kind is Kind.APPEAL_DECIDED:
        st.selectbox(
            tr("Outcome"),
            list(AppealOutcome),
            format_func=lambda one: tr(OUTCOMES[one]),
            key=asked.key("outcome"),
        )
    before = whole.life.resumes if kind is Kind.APPEAL_DECIDED else whole.life
    fined = before is not None and before.state is CaseState.FINED
    if kind in (Kind.CORRECTION_ORDERED, Kind.EXTENDED, Kind.RECOMMENDED) or (
        kind is Kind.APPEAL_DECIDED and not fined
    ):
        _draw_due(asked, whole, terms, today)
    if kind is Kind.FINE_PROPOSED:
        _draw_fines(asked, whole, terms)
    if kind is Kind.FINED or (kind is Kind.APPEAL_DECIDED and fined):
        _draw_amount(asked, whole)
    if kind in LETTERS:
        st.text_area(
            tr("Name and address for the letter"),
            value=sender_words(whole),
            key=asked.key("address"),
            max_chars=500,
            height=90,
        )
    label = tr("What the sender says") if kind in (Kind.ANSWERED, Kind.APPEALED) else tr("Reasons")
    if kind is not Kind.FINDING_ADDED:
        st.text_area(label, key=asked.key("note"), max_chars=4000, height=90)
    if kind in _WITH_FILE:
        st.file_uploader(tr("Attached file"), key=asked.key("file"))
    if kind is Kind.UNDONE:
        last = next(event for event in whole.events if event.number == whole.life.number)
        st.caption(tr("Undoes: {step}", step=tr(EVENTS[CaseEventKind(last.kind)])))
    if kind in _GRAVE:
        letter = tr("The letter is kept with the case as it goes out.") if kind in LETTERS else ""
        st.checkbox(
            tr("I have looked at the findings and want to record this."), key=asked.key("sure")
        )
        if letter:
            st.caption(letter)


def _draw_due(asked: _Asked, whole: WholeCase, terms: Terms, today: date) -> None:
    days = _USUAL_DAYS
    if terms.order is not None and terms.order.days is not None:
        days = terms.order.days
    start = max(today, whole.life.due_on or today)
    optional = asked.kind in (Kind.RECOMMENDED, Kind.APPEAL_DECIDED)
    st.date_input(
        tr("Due date (that day too)"),
        value=None if optional else start + timedelta(days=days),
        min_value=today + timedelta(days=1),
        format="YYYY-MM-DD",
        key=asked.key("due"),
        help=tr("The law's own time where the profile states one; else choose it."),
    )


def _draw_fines(asked: _Asked, whole: WholeCase, terms: Terms) -> None:
    fines = {one.id: one for one in open_fines(whole.life, terms)}
    st.selectbox(
        tr("Under"),
        list(fines),
        format_func=lambda one: (
            f"{tr(fines[one].title)}: "
            + money_range(fines[one].low or 0, fines[one].high or 0, fines[one].currency or "")
        ),
        key=asked.key("consequence"),
    )
    for one in fines.values():
        st.caption(plain(tr("{title}: {text}", title=tr(one.clause), text=tr(one.explanation))))


def _draw_amount(asked: _Asked, whole: WholeCase) -> None:
    before = whole.life.resumes if asked.kind is Kind.APPEAL_DECIDED else whole.life
    allowed_range = None if before is None else before.proposed
    if allowed_range is None:
        return
    words = money_range(allowed_range.low, allowed_range.high, allowed_range.currency)
    st.number_input(
        tr("Amount ({range})", range=words),
        min_value=0 if asked.kind is Kind.APPEAL_DECIDED else allowed_range.low,
        max_value=allowed_range.high,
        value=None if asked.kind is Kind.APPEAL_DECIDED else allowed_range.low,
        step=100,
        key=asked.key("amount"),
    )


def _addable(asked: _Asked, whole: WholeCase) -> list[int]:
    case = whole.case
    with reading(asked.engine) as session:
        found = candidates(
            session,
            case.profile_id,
            case.sender_id,
            scope=scope_of(case.province, case.municipality, case.hub),
            two_person=asked.settings.two_person,
        )
    return [one.id for one in found if one.profile_sha256 == case.profile_sha256]


def _record(asked: _Asked) -> None:
    """Record what the form says; what came of it is told where the form is drawn."""
    refusal = ""
    try:
        right = Right.KEEP_CASES if asked.kind in _KEEPING else Right.ORDER
        # A click comes before the page is drawn, so nobody has asked yet who it is.
        visitor = allowed(asked.settings, asked.engine, right)
        person = person_of(visitor)
        if person is None:
            refusal = tr("Please give your name.")
        elif asked.kind in _GRAVE and not asked.value("sure"):
            refusal = tr("Please tick that you want to record this.")
        else:
            step = _step(asked, visitor)
            day = now().astimezone(zone_of(asked.profile, asked.settings)).date()
            transact(
                asked.engine,
                lambda session: record_step(
                    session,
                    asked.case_id,
                    step,
                    person,
                    profile=asked.profile,
                    day=day,
                    scope=visitor.scope,
                    two_person=asked.settings.two_person,
                ),
            )
    except GreenPackError as error:
        refusal = error_words(error)
    except DBAPIError:
        refusal = tr(DATABASE_AWAY)
    if refusal:
        refusal = f"{refusal} {tr('Nothing was recorded.')}"
    st.session_state[_RESULT] = (tr("Recorded: {step}.", step=tr(EVENTS[asked.kind])), refusal)


def _step(asked: _Asked, visitor: Visitor) -> NewStep:
    upload = asked.value("file")
    outcome = asked.value("outcome")
    changes = outcome is AppealOutcome.CHANGED or asked.kind is not Kind.APPEAL_DECIDED
    amount = asked.value("amount") if changes else None
    wanted = Wanted(
        asked.kind,
        str(asked.value("note") or "").strip(),
        upload is not None,
        asked.value("due") if changes else None,
        asked.value("consequence"),
        None if amount is None else int(amount),
        outcome,
    )
    file: Attached | None = None
    if upload is not None:
        file = keep_file(asked.settings, upload.getvalue(), upload.name)
    address = str(asked.value("address") or "").strip() or None
    if asked.kind in LETTERS:
        file = _letter(asked, visitor, wanted, address or "")
    return NewStep(wanted, asked.seen, asked.value("finding"), address, file)


def _letter(asked: _Asked, visitor: Visitor, wanted: Wanted, address: str) -> Attached:
    """The letter as it goes out, kept before the step that it belongs to."""
    with reading(asked.engine) as session:
        whole = whole_case(session, asked.case_id, scope=visitor.scope)
    found, _ = pictures(asked.settings, [one.evidence_sha256 for one in whole.findings])
    letter = letter_for(
        whole,
        asked.profile,
        asked.settings,
        found,
        asked.kind,
        at=now(),
        issued=True,
        addressed_to=address,
        due_on=wanted.due_on,
        amount=wanted.amount,
        note=wanted.note,
    )
    data = letter_pdf(letter, (Language.CHINESE, Language.ENGLISH))
    return keep_file(asked.settings, data, f"{whole.case.number}-{asked.kind}.pdf")
