"""The cases page: from confirmed findings to an order, its letter and its zip."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select
from streamlit.testing.v1 import AppTest

from greenpack.records.case_forms import CaseEventKind, CaseState
from greenpack.records.case_queries import WholeCase, whole_case
from greenpack.records.case_steps import Wanted
from greenpack.records.columns import now
from greenpack.records.database import open_database, reading, transact
from greenpack.records.evidence import EvidenceStore
from greenpack.records.scope import Scope
from greenpack.records.tables import Ledger
from greenpack.report.case_check import check_case
from greenpack.report.case_files import keep_profile, kept_file
from greenpack.report.pages.handing_over import waiting_folder
from greenpack.settings import Settings

from ...records.case_examples import LAW, PROFILE, breach, opened, sender_of, stepped
from .example_records import picture

Kind = CaseEventKind


@pytest.fixture
def engine(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A data folder with confirmed findings under a law that was read."""
    profiles = data_folder / "profiles"
    profiles.mkdir()
    (profiles / "city-law.toml").write_bytes(LAW)
    monkeypatch.setenv("GREENPACK_PROFILES_FOLDER", str(profiles))
    monkeypatch.setenv("GREENPACK_AGENCY_NAME", "Market Supervision")
    engine = open_database(f"sqlite:///{data_folder / 'greenpack.db'}")
    store = EvidenceStore(data_folder / "evidence")

    def work(session: Session) -> None:
        for number in (1, 2, 3):
            breach(session, number, evidence=store.put(picture(f"violation {number}")))

    transact(engine, work)
    yield engine
    engine.dispose()


def case_of(engine: Engine, *findings: int) -> int:
    keep_profile(Settings(), PROFILE.id, PROFILE.sha256)
    case = transact(engine, lambda s: opened(s, list(findings), sender_of(s, 1)))
    assert case.id is not None
    return case.id


def drawn(page: AppTest, **address: object) -> str:
    for name in ("case", "sender", "profile"):
        page.query_params.pop(name, None)
    for name, value in address.items():
        page.query_params[name] = str(value)
    return redrawn(page)


def redrawn(page: AppTest) -> str:
    page.run()
    assert not page.exception
    kinds = (page.markdown, page.info, page.error, page.success, page.warning, page.caption)
    more = (page.subheader, page.text)
    return "\n".join(str(one.value) for kind in (*kinds, *more) for one in kind).replace("\\", "")


@pytest.fixture
def cases_page(data_folder: Path) -> AppTest:
    """The cases page alone, as the navigation draws it."""

    def script() -> None:
        from greenpack.report.pages import cases

        cases.show()

    return AppTest.from_function(script, default_timeout=120)


def whole(engine: Engine, case_id: int) -> WholeCase:
    with reading(engine) as session:
        return whole_case(session, case_id)


def press(page: AppTest, label: str) -> str:
    next(button for button in page.button if button.label == label).click()
    return redrawn(page)


def test_without_cases_it_says_how_one_begins(engine: Engine, cases_page: AppTest) -> None:
    text = drawn(cases_page)
    assert "There are no cases yet" in text
    assert "3 confirmed findings" in text


def test_a_case_is_made_of_the_findings_that_were_chosen(
    engine: Engine, cases_page: AppTest
) -> None:
    with reading(engine) as session:
        sender = sender_of(session, 1)
    text = drawn(cases_page, profile="city-law", sender=sender)
    assert "3 confirmed findings that are in no case" in text
    assert "Please give your name" in press(cases_page, "Open the case")
    cases_page.text_input[0].set_value("Wang Fang")
    cases_page.multiselect[0].unselect(3)
    text = press(cases_page, "Open the case")
    assert "Case GP-2026-000001" in text or "Case GP-" in text
    made = whole(engine, 1)
    assert sorted(one.id for one in made.findings) == [1, 2]
    assert made.case.opened_by == "Wang Fang"


def test_an_order_goes_out_with_a_letter_that_is_kept(engine: Engine, cases_page: AppTest) -> None:
    case_id = case_of(engine, 1, 2)
    drawn(cases_page, case=case_id)
    cases_page.selectbox[0].set_value(Kind.CORRECTION_ORDERED)
    redrawn(cases_page)
    cases_page.text_input[0].set_value("Li Wei")
    assert "Please tick" in press(cases_page, "Order the correction")
    assert whole(engine, case_id).life.state is CaseState.OPEN
    cases_page.checkbox[0].set_value(True)
    text = press(cases_page, "Order the correction")
    assert "Recorded: Correction ordered." in text
    assert "30 days left" in text
    ordered = whole(engine, case_id)
    assert ordered.life.state is CaseState.ORDERED
    event = ordered.events[-1]
    assert event.recorded_by == "Li Wei"
    assert event.addressed_to == "Shop S-7 丝路 (S-7)"
    assert event.file_name == "GP-2026-000001-correction_ordered.pdf"
    assert event.file_sha256 is not None
    assert kept_file(Settings(), event.file_sha256).startswith(b"%PDF-")


def test_steps_that_the_law_does_not_allow_yet_are_not_offered(
    engine: Engine, cases_page: AppTest
) -> None:
    case_id = case_of(engine, 1)
    drawn(cases_page, case=case_id)
    offered = cases_page.selectbox[0].options
    assert "Order the correction" in offered
    assert {"Propose a fine", "Send a recommendation", "Impose the fine"}.isdisjoint(offered)


def test_an_answer_is_recorded_and_an_overdue_order_is_shown(
    engine: Engine, cases_page: AppTest
) -> None:
    case_id = case_of(engine, 1)
    past = now().date() - timedelta(days=9)
    due = past + timedelta(days=4)
    order = Wanted(Kind.CORRECTION_ORDERED, due_on=due)
    transact(
        engine,
        lambda session: stepped(session, whole_case(session, case_id).case, order, day=past),
    )
    text = drawn(cases_page, case=case_id)
    assert "This order is overdue: " in text
    assert "Record that correction was refused" in cases_page.selectbox[0].options
    cases_page.selectbox[0].set_value(Kind.ANSWERED)
    redrawn(cases_page)
    cases_page.text_input[0].set_value("Li Wei")
    cases_page.text_area[0].set_value("*We* use smaller boxes")
    text = press(cases_page, "Record the sender's answer")
    assert "Sender answered" in text
    assert whole(engine, case_id).events[-1].note == "*We* use smaller boxes"
    assert "1 order overdue" in drawn(cases_page)


def test_a_look_and_every_download_are_in_the_ledger(engine: Engine, cases_page: AppTest) -> None:
    case_id = case_of(engine, 1)
    drawn(cases_page, case=case_id)
    redrawn(cases_page)
    press(cases_page, "The case as a zip")
    (archive,) = waiting_folder(Settings()).glob("*.zip")
    assert check_case(archive.read_bytes()).sound
    with reading(engine) as session:
        acts = session.exec(
            select(Ledger)
            .where(Ledger.kind.in_(["look", "export"]))  # type: ignore[attr-defined]
            .order_by(Ledger.seq)  # type: ignore[arg-type]
        ).all()
    assert [(one.kind, one.subject) for one in acts] == [
        ("look", f"compliance_case/{case_id}"),
        ("export", "case"),
    ]
    assert json.loads(acts[1].payload)["filters"]["case"] == case_id


def test_an_unknown_case_shows_nothing(engine: Engine, cases_page: AppTest) -> None:
    assert "there is no such case" in drawn(cases_page, case=99).lower()
    for nonsense in ("x", "-1", "9" * 30, "１"):
        assert "no cases yet" in drawn(cases_page, case=nonsense)


def test_the_list_filters_and_opens_nothing_of_other_places(
    engine: Engine, cases_page: AppTest
) -> None:
    keep_profile(Settings(), PROFILE.id, PROFILE.sha256)
    transact(
        engine,
        lambda session: opened(session, [1], sender_of(session, 1), Scope("Zhejiang")),
    )
    case_of(engine, 2)
    drawn(cases_page)
    assert list(cases_page.dataframe[0].value["case"]) == ["GP-2026-000002", "GP-2026-000001"]
    cases_page.text_input[0].set_value("000001")
    redrawn(cases_page)
    assert list(cases_page.dataframe[0].value["case"]) == ["GP-2026-000001"]
    cases_page.toggle[0].set_value(True)
    assert "No case is like that" in redrawn(cases_page)
