"""Who may see and do what on the pages, drawn without a browser."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from greenpack.reasons import GreenPackError
from greenpack.records import accounts, passwords
from greenpack.records.accounts import add_account
from greenpack.records.answers import FindingSort
from greenpack.records.database import open_database, reading, transact
from greenpack.records.roles import Role
from greenpack.records.scope import Scope
from greenpack.records.sign_in_rules import SignInRules
from greenpack.records.signing_in import sign_in
from greenpack.records.tables import Ledger
from greenpack.report.finding_address import FindingsAddress
from greenpack.report.findings_out import rows_out
from greenpack.report.one_finding import one_finding
from greenpack.report.pages import finding_deciding, findings, visiting
from greenpack.settings import Settings

PAGES = Path(findings.__file__).parent
PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def asked(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """People are asked who they are; what a hash costs is tested elsewhere."""
    monkeypatch.setenv("GREENPACK_SIGN_IN", "accounts")
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(1, 8, 1))


@pytest.fixture
def findings_page(monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The page Findings alone; clicks come at once here, which no person can."""
    monkeypatch.setattr(finding_deciding, "SECONDS_TO_LOOK", 0.0)
    draw = "from greenpack.report.pages import findings\nfindings.show()"
    return AppTest.from_string(draw, default_timeout=120)


def _signed_in(
    engine: Engine, page: AppTest, role: Role = Role.REVIEWER, scope: Scope | None = None
) -> str:
    """Make an account and sign it in on the page; gives the token."""
    transact(
        engine,
        lambda session: add_account(
            session,
            "li.wei",
            role,
            scope or Scope(),
            password_hash=passwords.hashed(PASSWORD),
            by="test",
        ),
    )
    token = sign_in(engine, "li.wei", PASSWORD, SignInRules())
    assert token is not None
    page.session_state["sign_in_token"] = token
    return token


def _words(page: AppTest) -> str:
    kinds = (page.markdown, page.info, page.error, page.success, page.warning, page.caption)
    return "\n".join(str(each.value) for kind in kinds for each in kind).replace("\\", "")


def _drawn(page: AppTest, finding: int | None = None) -> str:
    if finding is not None:
        page.query_params["finding"] = str(finding)
    page.run()
    assert not page.exception
    return _words(page)


def _acts(engine: Engine, kind: str) -> list[tuple[str, dict[str, object]]]:
    with reading(engine) as session:
        rows = session.exec(select(Ledger).where(Ledger.kind == kind).order_by(Ledger.seq)).all()  # type: ignore[arg-type]
        return [(row.subject, json.loads(row.payload)) for row in rows]


@pytest.mark.parametrize("there", [False, True])
def test_without_an_account_it_says_which_command_makes_the_first(
    page: AppTest, data_folder: Path, there: bool
) -> None:
    if there:
        open_database(f"sqlite:///{data_folder / 'greenpack.db'}").dispose()
    assert "there is no account" in _drawn(page)
    assert page.code[0].value == "greenpack user add NAME --role supervisor"
    assert not page.text_input


def test_a_stranger_sees_the_sign_in_and_nothing_else(page: AppTest, engine: Engine) -> None:
    _signed_in(engine, page)
    page.session_state["sign_in_token"] = "guessed"
    _drawn(page, finding=4)
    assert [field.label for field in page.text_input] == ["Name", "Password"]
    assert not page.dataframe
    assert not page.metric
    assert not page.get("image")


def test_the_form_signs_in_and_refuses_in_the_same_words(page: AppTest, engine: Engine) -> None:
    _signed_in(engine, page)
    del page.session_state["sign_in_token"]
    _drawn(page)
    said = []
    for name, password in (("li.wei", "wrong horse battery"), ("nobody", PASSWORD), ("", "")):
        page.text_input[0].set_value(name)
        page.text_input[1].set_value(password)
        page.button[0].click()
        said.append(_drawn(page))
        assert page.text_input[1].value == ""
    assert len(set(said)) == 1
    page.text_input[0].set_value("LI.WEI")
    page.text_input[1].set_value(PASSWORD)
    page.button[0].click()
    assert "sees everything" in _drawn(page)
    assert page.dataframe
    next(button for button in page.button if button.label == "Sign out").click()
    assert "You are signed out." in _drawn(page)
    assert not page.dataframe


def test_a_finding_outside_the_scope_is_nowhere(findings_page: AppTest, engine: Engine) -> None:
    _signed_in(engine, findings_page, scope=Scope("Zhejiang", "Hangzhou"))
    _drawn(findings_page, finding=4)
    assert "Finding 4" in [head.value for head in findings_page.subheader]
    del findings_page.query_params["finding"]
    # 51 to 56 belong to no hub, nor does 57: its waybill was never declared.
    assert "50 findings" in _drawn(findings_page)
    text = _drawn(findings_page, finding=52)
    assert "There is no such finding" in text
    assert not findings_page.get("image")
    transact(engine, lambda session: accounts.set_scope(session, "li.wei", Scope("Tibet"), "test"))
    assert "There are no findings in Tibet yet" in _drawn(findings_page, finding=4)
    assert not findings_page.get("image")
    with reading(engine) as session, pytest.raises(GreenPackError) as refused:
        one_finding(session, 4, Scope("Tibet"))
    assert refused.value.code == "finding_unknown"


def test_counts_are_not_those_that_somebody_else_was_shown(
    findings_page: AppTest, engine: Engine
) -> None:
    _signed_in(engine, findings_page)
    assert "57 findings" in _drawn(findings_page)
    transact(
        engine, lambda session: accounts.set_scope(session, "li.wei", Scope("Zhejiang"), "test")
    )
    assert "50 findings" in _drawn(findings_page)


def test_a_look_is_kept_once_for_each_opening(findings_page: AppTest, engine: Engine) -> None:
    _signed_in(engine, findings_page)
    for finding in (4, 4, 5, 4):
        _drawn(findings_page, finding)
    looks = _acts(engine, "look")
    assert [subject for subject, _ in looks] == ["finding/4", "finding/5", "finding/4"]
    assert {payload["name"] for _, payload in looks} == {"li.wei"}
    _drawn(findings_page, 52_000)
    assert len(_acts(engine, "look")) == 3


@pytest.mark.parametrize(
    ("role", "decides", "exports"),
    [
        (Role.INSPECTOR, False, False),
        (Role.REVIEWER, True, True),
        (Role.SUPERVISOR, True, True),
        (Role.ADMIN, False, False),
    ],
)
def test_a_role_sees_only_what_it_may_do(
    findings_page: AppTest, engine: Engine, role: Role, decides: bool, exports: bool
) -> None:
    _signed_in(engine, findings_page, role)
    text = _drawn(findings_page, finding=4)
    assert [button.label for button in findings_page.button].count("Confirm") == decides
    assert ("You decide as li.wei" in text.replace("*", "")) == decides
    assert ("Your role does not decide" in text) == (not decides)
    assert len(findings_page.get("image")) == 1
    del findings_page.query_params["finding"]
    _drawn(findings_page)
    assert [button.label for button in findings_page.button].count("Parquet") == exports


def test_a_decision_carries_the_account_and_not_a_name_that_is_typed(
    findings_page: AppTest, engine: Engine
) -> None:
    _signed_in(engine, findings_page)
    _drawn(findings_page, finding=4)
    assert "Your name" not in [field.label for field in findings_page.text_input]
    findings_page.text_input[0].set_value("Half of the box is air")
    next(button for button in findings_page.button if button.label == "Confirm").click()
    assert "confirmation recorded" in _drawn(findings_page)
    with reading(engine) as session:
        assert [past.by for past in one_finding(session, 4).decisions] == ["li.wei"]


def test_a_click_of_who_may_no_more_does_nothing(findings_page: AppTest, engine: Engine) -> None:
    _signed_in(engine, findings_page)
    _drawn(findings_page, finding=4)
    next(button for button in findings_page.button if button.label == "Confirm").click()
    transact(engine, lambda session: accounts.set_role(session, "li.wei", Role.ADMIN, "test"))
    assert "Nothing was recorded" in _drawn(findings_page)
    with reading(engine) as session:
        assert one_finding(session, 4).decisions == ()


def test_an_export_is_the_scope_s(engine: Engine) -> None:
    """What is written and kept of exports is tested with the exports themselves."""
    scope = Scope("Zhejiang")
    wanted = findings._wanted(FindingsAddress(profile_id="screening-50"), Settings(), scope)
    rows = list(rows_out(engine, wanted, FindingSort.NEWEST, ZoneInfo("UTC"), batch=7))
    assert len({row[0] for row in rows}) == len(rows) == 50


def test_nobody_is_asked_only_where_this_machine_alone_can_look(
    page: AppTest, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GREENPACK_SIGN_IN", "none")
    assert "Nobody is asked who they are" in _drawn(page)
    assert page.dataframe
    for address in ("0.0.0.0", "192.0.2.7", "", None):
        monkeypatch.setattr(
            visiting, "listens_here_only", lambda address=address: address in visiting._THIS_MACHINE
        )
        assert "asks nobody who they are, so it works only" in _drawn(page)
        assert not page.dataframe


def test_every_page_gives_its_scope_to_every_query() -> None:
    """A page that forgot it would show everything to everybody."""
    wanting = {
        "CaseFilter",
        "air_count",
        "backlog",
        "begin_upload",
        "camera_activity",
        "candidates",
        "case_archive",
        "cased_profiles",
        "count_photos",
        "decide_as_seen",
        "drawn_parcels",
        "failed",
        "find_senders",
        "group_counts",
        "hub_days",
        "hub_loads",
        "hub_places",
        "known_sender",
        "hub_paths",
        "limits_applied",
        "one_finding",
        "listed_profiles",
        "other_photos",
        "outside",
        "rank_senders",
        "sender_decisions",
        "sender_name",
        "senders_to_answer",
        "tallies",
        "upload",
        "upload_photos",
        "uploads",
        "verdict_counts_of",
        "void_histogram",
        "weekly_rates",
        "whole_case",
        "worst_parcels",
    }
    met = set()
    for path in PAGES.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in wanting:
                name = node.func.id  # type: ignore[attr-defined]
                met.add(name)
                assert "scope" in ast.unparse(node), f"{path.name}:{node.lineno} {name}"
    assert met == wanting


def test_every_page_begins_by_asking_who_looks() -> None:
    for path in PAGES.glob("*.py"):
        source = path.read_text("utf-8")
        if "\ndef show() -> None" in source:
            assert "admitted(" in source, path.name
        if "st.fragment" in source and path.name != "visiting.py":
            assert "still_admitted(" in source, path.name
