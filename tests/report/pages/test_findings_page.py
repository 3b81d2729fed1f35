"""The page itself, drawn without a browser."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from greenpack.records.database import open_database, reading, transact
from greenpack.records.evidence import EvidenceStore
from greenpack.report.one_finding import one_finding

from .example_records import SHOES, Example, record, waybill_number


def _all_text(page: AppTest) -> str:
    parts = [*page.markdown, *page.info, *page.error, *page.success, *page.warning, *page.text]
    words = [str(part.value) for part in parts]
    words += [element.proto.body for element in page.get("html")]
    return "\n".join(words).replace("\\", "")


def _findings(page: AppTest) -> list[int]:
    return [int(number) for number in page.dataframe[1].value["finding"]]


def _choose(page: AppTest, label: str, value: str) -> None:
    next(box for box in page.selectbox if box.label == label).set_value(value).run()


def _drawn(page: AppTest, finding: int | None = None) -> AppTest:
    if finding is not None:
        page.query_params["finding"] = str(finding)
    page.run()
    assert not page.exception
    return page


def test_without_a_database_it_says_which_command_to_run(page: AppTest, data_folder: Path) -> None:
    _drawn(page)
    assert "There is no database yet" in _all_text(page)
    assert page.code[0].value == "greenpack audit samples/"
    assert list(data_folder.iterdir()) == []  # looking makes no database


def test_without_findings_it_says_which_command_to_run(page: AppTest, data_folder: Path) -> None:
    open_database(f"sqlite:///{data_folder / 'greenpack.db'}").dispose()
    _drawn(page)
    assert "There are no findings yet" in _all_text(page)
    assert page.code[0].value == "greenpack audit samples/"


def test_a_file_that_is_no_database_is_explained(page: AppTest, data_folder: Path) -> None:
    (data_folder / "greenpack.db").write_bytes(b"no database" * 100)
    _drawn(page)
    assert "The database cannot be opened" in _all_text(page)


def test_a_wrong_setting_is_named(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GREENPACK_CAMERA_TIMEZONE", "Mars/Olympus")
    _drawn(page)
    assert "GREENPACK_CAMERA_TIMEZONE" in _all_text(page)


@pytest.mark.usefixtures("engine")
def test_counts_senders_findings_and_reasons(page: AppTest) -> None:
    _drawn(page)
    assert [(metric.label, metric.value) for metric in page.metric] == [
        ("violation", "33"),
        ("undetermined", "20"),
        ("compliant", "0"),
        ("exempt", "0"),
        ("unmeasurable", "4"),
    ]
    assert "This profile is not law" in _all_text(page)
    senders, _, reasons = (frame.value for frame in page.dataframe)
    assert list(senders["violation"]) == [8, 8, 7, 7, 3]
    assert list(senders["sender"])[-2:] == ["(sender unknown)", "(no waybill found)"]
    assert list(reasons["reason"]) == ["too_oblique", "too_dark", "unreadable"]
    assert _findings(page) == list(range(57, 32, -1))


@pytest.mark.usefixtures("engine")
def test_pages_come_from_the_database(page: AppTest) -> None:
    _drawn(page)
    pager = page.get("pagination")[0]
    page.session_state[pager.key] = 3
    _drawn(page)
    assert _findings(page) == list(range(7, 0, -1))


@pytest.mark.usefixtures("engine")
def test_filters_narrow_the_list_and_not_the_counts(page: AppTest) -> None:
    _drawn(page)
    _choose(page, "Verdict", "unmeasurable")
    assert _findings(page) == [57, 56, 55, 54]
    _choose(page, "Sender", "unattributed")
    assert _findings(page) == [56, 55, 54]
    _choose(page, "Verdict", "all verdicts")
    _choose(page, "Sender", "all")
    page.text_input[0].set_value(waybill_number(9).lower()).run()
    assert _findings(page) == [9]
    page.text_input[0].set_value("SF9").run()
    assert "No finding matches" in _all_text(page)
    assert page.metric[0].value == "33"


@pytest.mark.usefixtures("engine")
def test_days_narrow_everything(page: AppTest) -> None:
    _drawn(page)
    page.date_input[0].set_value(date(2026, 11, 21))
    page.date_input[1].set_value(date(2026, 11, 21)).run()
    assert page.metric[0].value == "22"  # photos 9 to 32 came on that day, and violations end at 30
    assert _findings(page)[0] == 32


@pytest.mark.usefixtures("engine")
def test_a_finding_opens_by_its_address(page: AppTest) -> None:
    _drawn(page, finding=4)
    text = _all_text(page)
    assert [head.value for head in page.subheader].count("Finding 4") == 1
    for words in (waybill_number(4), SHOES, "UTC+00:00", "UTC+08:00", "IMG_0004_*box*.jpg"):
        assert words in text
    assert "confirm or dismiss" in text
    assert len(page.get("image")) == 1


def test_the_profile_of_the_settings_is_shown_first(
    page: AppTest, engine: Engine, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = EvidenceStore(data_folder / "evidence")
    law = Example(4, 0.9, waybill_number(4))
    transact(engine, lambda session: record(session, store, law, "cn-gb45186-2024"))
    monkeypatch.setenv("GREENPACK_PROFILE", "cn-gb45186-2024")
    _drawn(page, finding=4)
    assert page.selectbox[0].options == ["cn-gb45186-2024", "screening-50"]
    assert "not law: a violation" not in _all_text(page)
    assert "judged under another profile: screening-50" in _all_text(page)
    assert [metric.value for metric in page.metric][:2] == ["0", "1"]
    _choose(page, "Profile", "screening-50")
    assert page.metric[0].value == "33"
    assert "finding" not in page.query_params


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("address", ["4711", "99999999999999999999", "-1", "x", "٣"])
def test_an_address_of_no_finding_does_no_harm(page: AppTest, address: str) -> None:
    page.query_params["finding"] = address
    _drawn(page)
    assert "There is no such finding" in _all_text(page) or "Tick a finding" in _all_text(page)


def test_evidence_that_is_gone_or_changed_is_not_shown(
    page: AppTest, engine: Engine, data_folder: Path
) -> None:
    with reading(engine) as session:
        sha256 = one_finding(session, 4).evidence_sha256
    path = Path(EvidenceStore(data_folder / "evidence").place(sha256))
    path.write_bytes(b"another picture")
    _drawn(page, finding=4)
    assert "not the one that was recorded" in _all_text(page)
    path.unlink()
    _drawn(page)
    assert "is not where it should be" in _all_text(page)
    assert not page.get("image")


def test_a_decision_needs_a_name_and_a_note(page: AppTest, engine: Engine) -> None:
    _drawn(page, finding=4)
    page.text_input[1].set_value("Li Wei")
    page.button[0].click().run()
    assert "Please give your name and a note" in _all_text(page)
    with reading(engine) as session:
        assert one_finding(session, 4).decisions == ()


def test_a_decision_is_recorded_once_and_shown(page: AppTest, engine: Engine) -> None:
    _drawn(page, finding=4)
    page.text_input[1].set_value(" Li Wei ")
    page.text_area[0].set_value("Half empty, see [picture](http://example.org)")
    page.button[0].click().run()
    assert "Recorded: confirmed." in _all_text(page)
    assert any("confirmed by Li Wei, 20" in text.value for text in page.text)
    assert page.text_area[0].value == ""  # ready for the next, and not sent again
    assert page.text_input[1].value.strip() == "Li Wei"
    page.text_area[0].set_value("Was wrong about that")
    page.button[1].click().run()
    with reading(engine) as session:
        decisions = one_finding(session, 4).decisions
    assert [(one.kind, one.by) for one in decisions] == [
        ("confirmed", "Li Wei"),
        ("dismissed", "Li Wei"),
    ]
    _choose(page, "Verdict", "violation")
    _choose(page, "Order", "oldest")
    assert list(page.dataframe[1].value["decision"])[2:5] == ["open", "dismissed", "open"]


def test_a_finding_replaced_meanwhile_is_not_decided(
    page: AppTest, engine: Engine, data_folder: Path
) -> None:
    _drawn(page, finding=4)
    again = Example(104, 0.3, waybill_number(4))
    store = EvidenceStore(data_folder / "evidence")
    newer = transact(engine, lambda session: record(session, store, again))
    page.text_input[1].set_value("Li Wei")
    page.text_area[0].set_value("seen")
    page.button[0].click().run()
    assert not page.exception
    text = _all_text(page)
    assert "Look at the newer finding" in text
    assert "Nothing was recorded" in text
    assert [button.label for button in page.button] == [f"Open finding {newer}"]
    page.button[0].click().run()
    assert f"Finding {newer}" in [head.value for head in page.subheader]
