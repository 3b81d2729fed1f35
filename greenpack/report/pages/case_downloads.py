"""What can be taken away of a case: all of it as a zip, its letter, files kept with its steps."""

from __future__ import annotations

from functools import partial

import streamlit as st
from sqlalchemy import Engine

from greenpack.language.speaking import Language, tr
from greenpack.records.acts import record_export
from greenpack.records.case_queries import WholeCase, whole_case
from greenpack.records.database import reading, transact
from greenpack.records.roles import Right
from greenpack.report.case_archive import case_archive
from greenpack.report.case_files import kept_file, pictures
from greenpack.report.case_letter import letter_pdf
from greenpack.report.case_letters import draft_letter
from greenpack.report.findings_view import plain
from greenpack.report.pages.handing_over import Offered, offer_file
from greenpack.report.visitor import Visitor
from greenpack.rules.profile import Profile
from greenpack.settings import Settings

_PDF = "application/pdf"


def draw_downloads(
    settings: Settings, engine: Engine, visitor: Visitor, whole: WholeCase, profile: Profile
) -> None:
    """The zip with how to check it, and the letter as it would go out now."""
    if not visitor.may(Right.EXPORT):
        return
    st.markdown(f"##### {tr('Downloads')}")
    case_id, number = whole.case.id or 0, whole.case.number
    archive = Offered(
        tr("The case as a zip"),
        ":material/folder_zip:",
        f"{number}.zip",
        "application/zip",
        Right.EXPORT,
        partial(case_zip, settings, engine, case_id),
    )
    offer_file(settings, engine, archive, f"case_zip_{case_id}")
    st.caption(tr("Letters, tables, pictures and hashes. Anybody can check it:"))
    st.code(f"greenpack verify {number}.zip", language="shell")
    for language in Language:
        name = f"{number}-draft-{language.value}.pdf"
        draft = Offered(
            tr("Draft of the letter ({language})", language=language.own_name),
            ":material/picture_as_pdf:",
            name,
            _PDF,
            Right.EXPORT,
            partial(_draft, settings, engine, case_id, profile, language, name),
        )
        offer_file(settings, engine, draft, f"case_draft_{case_id}_{language.value}")


def draw_kept_file(
    settings: Settings, engine: Engine, case_id: int, event_id: int, sha256: str, name: str
) -> None:
    """A file that is kept with a step: a letter as it went out, or what the sender sent."""
    kept = Offered(
        tr("Download {name}", name=plain(name)),
        ":material/attach_file:",
        name,
        _PDF if name.lower().endswith(".pdf") else "application/octet-stream",
        Right.KEEP_CASES,
        partial(_kept, settings, engine, case_id, sha256, name),
    )
    offer_file(settings, engine, kept, f"case_file_{event_id}")


def case_zip(settings: Settings, engine: Engine, case_id: int, clicked: Visitor) -> bytes:
    """The zip, once the ledger has kept who takes it."""
    with reading(engine) as session:
        archive = case_archive(session, settings, case_id, scope=clicked.scope)
    _note_export(engine, clicked, case_id, archive.name, sha256=archive.sha256)
    return archive.data


def _draft(
    settings: Settings,
    engine: Engine,
    case_id: int,
    profile: Profile,
    language: Language,
    name: str,
    clicked: Visitor,
) -> bytes:
    with reading(engine) as session:
        whole = whole_case(session, case_id, scope=clicked.scope)
    held, _ = pictures(settings, [one.evidence_sha256 for one in whole.findings])
    letter = draft_letter(whole, profile, settings, held, whole.life.due_on)
    _note_export(engine, clicked, case_id, name)
    return letter_pdf(letter, [language])


def _kept(
    settings: Settings, engine: Engine, case_id: int, sha256: str, name: str, clicked: Visitor
) -> bytes:
    with reading(engine) as session:
        whole_case(session, case_id, scope=clicked.scope)
    data = kept_file(settings, sha256)
    _note_export(engine, clicked, case_id, name, sha256=sha256)
    return data


def _note_export(engine: Engine, by: Visitor, case_id: int, name: str, **more: str) -> None:
    transact(
        engine,
        lambda session: record_export(session, by.actor, "case", name, {"case": case_id, **more}),
    )
