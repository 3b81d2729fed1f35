"""The findings page itself, drawn without a browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session
from streamlit.testing.v1 import AppTest

from greenpack.records.database import open_database, reading, transact
from greenpack.records.evidence import EvidenceStore
from greenpack.records.finding_list import Wanted, listed
from greenpack.records.forms import DecisionKind
from greenpack.report.deciding_as_seen import Decider, decide_as_seen
from greenpack.report.one_finding import OneFinding, one_finding
from greenpack.report.pages import finding_deciding

from .example_records import SHOES, Example, record, waybill_number

DRAW = "from greenpack.report.pages import findings\nfindings.show()"


@pytest.fixture
def page(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The findings page, not yet drawn; clicks come at once here, which no person can."""
    monkeypatch.setattr(finding_deciding, "SECONDS_TO_LOOK", 0.0)
    return AppTest.from_string(DRAW, default_timeout=120)


def _text(page: AppTest) -> str:
    kinds = (page.markdown, page.info, page.error, page.success, page.warning)
    parts = [part for kind in (*kinds, page.text, page.caption, page.subheader) for part in kind]
    words = [str(part.value) for part in parts]
    words += [element.proto.body for element in page.get("html")]
    return "\n".join(words).replace("\\", "")


def _ids(page: AppTest) -> list[int]:
    return [int(number) for number in page.dataframe[0].value["finding"]]


def _drawn(page: AppTest, **query: str) -> AppTest:
    for name, value in query.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    return page


def _click(page: AppTest, label: str) -> None:
    next(button for button in page.button if button.label == label).click().run()
    assert not page.exception


def _choose(page: AppTest, label: str, value: object) -> None:
    next(box for box in page.selectbox if box.label == label).set_value(value).run()
    assert not page.exception


def _type(page: AppTest, label: str, value: str) -> None:
    next(field for field in page.text_input if field.label.startswith(label)).set_value(value).run()
    assert not page.exception


def _query(page: AppTest) -> dict[str, str]:
    given = page.query_params.items()
    return {name: found if isinstance(found, str) else found[0] for name, found in given}


def _finding(engine: Engine, number: int = 4) -> OneFinding:
    with reading(engine) as session:
        return one_finding(session, number)


def test_without_a_database_it_says_which_command_to_run(page: AppTest, data_folder: Path) -> None:
    _drawn(page)
    assert "There is no database yet" in _text(page)
    assert page.code[0].value == "greenpack audit samples/"
    assert list(data_folder.iterdir()) == []  # looking makes no database


def test_without_findings_it_says_which_command_to_run(page: AppTest, data_folder: Path) -> None:
    open_database(f"sqlite:///{data_folder / 'greenpack.db'}").dispose()
    _drawn(page)
    assert "There are no findings yet" in _text(page)
    assert page.code[0].value == "greenpack audit samples/"


def test_a_file_that_is_no_database_is_explained(page: AppTest, data_folder: Path) -> None:
    (data_folder / "greenpack.db").write_bytes(b"no database" * 100)
    _drawn(page)
    assert "The database cannot be opened" in _text(page)


def test_a_wrong_setting_is_named(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GREENPACK_CAMERA_TIMEZONE", "Mars/Olympus")
    _drawn(page)
    assert "GREENPACK_CAMERA_TIMEZONE" in _text(page)


@pytest.mark.usefixtures("engine")
def test_the_list_is_walked_page_by_page(page: AppTest) -> None:
    _drawn(page)
    assert "57 findings" in _text(page)
    assert "This profile is not law" in _text(page)
    assert _ids(page) == list(range(57, 32, -1))
    _click(page, "Next page")
    assert _ids(page) == list(range(32, 7, -1))
    _click(page, "Next page")
    assert _ids(page) == list(range(7, 0, -1))
    assert next(button for button in page.button if button.label == "Next page").disabled
    _click(page, "Previous page")
    assert _ids(page) == list(range(32, 7, -1))
    again = _drawn(AppTest.from_string(DRAW, default_timeout=120), **_query(page))
    assert _ids(again) == _ids(page)  # the address holds the place in the list
    _click(page, "First page")
    assert _ids(page)[0] == 57


@pytest.mark.usefixtures("engine")
def test_filters_live_in_the_address(page: AppTest) -> None:
    _drawn(page)
    _choose(page, "Verdict", "unmeasurable")
    assert _ids(page) == [57, 56, 55, 54]
    _choose(page, "Chosen sender", "unattributed")
    assert _ids(page) == [56, 55, 54]
    assert _query(page) == {"verdict": "unmeasurable", "senders": "unattributed"}
    _choose(page, "Verdict", None)
    _choose(page, "Chosen sender", None)
    _type(page, "Waybill number", waybill_number(9).lower())
    assert _ids(page) == [9]
    _type(page, "Waybill number", "SF9")
    assert "No finding matches" in _text(page)
    _click(page, "Show everything")
    assert _ids(page)[0] == 57
    assert _query(page) == {}


@pytest.mark.usefixtures("engine")
def test_a_link_opens_the_list_filtered(page: AppTest) -> None:
    # Photos 9 to 32 came on that day, and violations end at 30.
    days = {"from": "2026-11-21", "until": "2026-11-21"}
    _drawn(page, profile="screening-50", verdict="violation", **days)
    assert "22 findings" in _text(page)
    assert _ids(page)[0] == 30
    assert str(page.date_input[0].value) == "2026-11-21"
    _click(page, "Clear all filters")
    assert _ids(page)[0] == 57
    assert page.date_input[0].value is None


@pytest.mark.usefixtures("engine")
def test_a_sender_is_looked_for_by_name(page: AppTest) -> None:
    _drawn(page, verdict="violation")
    _type(page, "Sender", "丝路")
    box = next(box for box in page.selectbox if box.label == "1 sender found")
    assert box.options[0] == f"{SHOES} (S-7)"
    box.select_index(0).run()
    assert set(page.dataframe[0].value["sender"]) == {SHOES}
    assert _query(page)["sender"].isdecimal()
    assert next(box for box in page.selectbox if box.label == "Chosen sender").value is not None


@pytest.mark.usefixtures("engine")
def test_places_narrow_each_other(page: AppTest) -> None:
    _drawn(page)
    boxes = {box.label: box for box in page.selectbox}
    assert boxes["Province"].options == ["Zhejiang"]
    _choose(page, "Province", 1)
    _choose(page, "Hub", 1)
    assert _query(page) == {"province": "1", "hub": "1"}
    assert "50 findings" in _text(page)


@pytest.mark.usefixtures("engine")
def test_the_order_is_chosen(page: AppTest) -> None:
    _drawn(page)
    _choose(page, "Order", "largest")
    assert _ids(page)[:4] == [53, 52, 51, 30]
    assert _query(page) == {"order": "largest"}


@pytest.mark.usefixtures("engine")
def test_a_finding_opens_by_its_address(page: AppTest) -> None:
    _drawn(page, finding="4")
    text = _text(page)
    for words in (waybill_number(4), SHOES, "UTC+00:00", "UTC+08:00", "IMG_0004_*box*.jpg"):
        assert words in text
    assert "Finding 4" in text
    assert "confirm or dismiss" in text
    assert "No more than half of the parcel is air" in text  # the rule's own title
    assert "own rule" in text  # its clause
    assert "lies beyond the limit of 50 %" in text  # what the scale shows, in words
    assert len(page.get("image")) == 1
    assert "is not kept here" in text  # the photo as received


@pytest.mark.usefixtures("engine")
def test_the_open_finding_keeps_its_list(page: AppTest) -> None:
    _drawn(page, finding="4", verdict="violation", order="oldest")
    _click(page, "Next")
    assert _query(page)["finding"] == "5"
    _click(page, "Previous")
    _click(page, "Previous")
    assert _query(page)["finding"] == "3"
    _click(page, "Back to the list")
    kept = {"profile": "screening-50", "verdict": "violation", "order": "oldest"}
    assert _query(page) == kept
    assert _ids(page)[0] == 1


def test_a_profile_of_before_is_told(
    page: AppTest, engine: Engine, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = EvidenceStore(data_folder / "evidence")
    law = Example(4, 0.9, waybill_number(4))
    newer = transact(engine, lambda session: record(session, store, law, "cn-gb45186-2024"))
    monkeypatch.setenv("GREENPACK_PROFILE", "cn-gb45186-2024")
    _drawn(page, finding="4")
    assert "judged under another profile: screening-50" in _text(page)
    assert any("cn-gb45186-2024" in button.label for button in page.button)
    _click(page, "Back to the list")
    assert newer in _ids(page)
    assert "not law: a violation" not in _text(page)
    _choose(page, "Profile", "screening-50")
    assert "57 findings" in _text(page)


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("address", ["4711", "99999999999999999999", "-1", "x", "٣"])
def test_an_address_of_no_finding_does_no_harm(page: AppTest, address: str) -> None:
    _drawn(page, finding=address)
    assert "There is no such finding" in _text(page) or _ids(page)[0] == 57


def test_evidence_that_is_gone_or_changed_is_not_shown(
    page: AppTest, engine: Engine, data_folder: Path
) -> None:
    path = Path(EvidenceStore(data_folder / "evidence").place(_finding(engine).evidence_sha256))
    path.write_bytes(b"another picture")
    _drawn(page, finding="4")
    assert "not the one that was recorded" in _text(page)
    path.unlink()
    _drawn(page)
    assert "is not where it should be" in _text(page)
    assert not page.get("image")


def test_a_decision_needs_a_name(page: AppTest, engine: Engine) -> None:
    _drawn(page, finding="4")
    _click(page, "Confirm")
    assert "Nobody is named who decides" in _text(page)
    assert "Nothing was recorded" in _text(page)
    assert _finding(engine).decisions == ()


def test_deciding_goes_on_to_the_next_and_two_persons_confirm(
    page: AppTest, engine: Engine
) -> None:
    _drawn(page, finding="4", verdict="violation", decision="open", order="oldest")
    _type(page, "Your name", " Li Wei ")
    assert "33 of 33 in this list wait for you" in str(page.get("progress")[0].proto.text)
    _type(page, "Note", "Half empty, see [picture](http://example.org)")
    _click(page, "Confirm")
    assert "Finding 4: confirmation recorded." in _text(page)
    assert _query(page)["finding"] == "5"
    assert "32 of 32" in str(page.get("progress")[0].proto.text)
    _click(page, "Goods missed")
    assert _query(page)["finding"] == "6"
    assert [(one.kind, one.by, one.note) for one in _finding(engine).decisions] == [
        ("confirmed", "Li Wei", "Half empty, see [picture](http://example.org)")
    ]
    assert _finding(engine, 5).decisions[0].reason == "goods_missed"

    # The same list for a second person: only what is confirmed once waits.
    _click(page, "Back to the list")
    _click(page, "Second person wanted")
    assert _ids(page) == [4]
    page.query_params["finding"] = "4"
    page.run()
    assert next(button for button in page.button if button.label == "Confirm").disabled
    assert "Somebody else must confirm it too" in _text(page)
    _type(page, "Your name", "Wang Fang")
    _click(page, "Confirm")
    assert "Nothing else in this list waits for you" in _text(page)
    assert _finding(engine).standing == "confirmed"


def test_one_person_is_enough_where_it_is_set_so(
    page: AppTest, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GREENPACK_TWO_PERSON", "false")
    _drawn(page, finding="4", verdict="violation", order="oldest")
    _type(page, "Your name", "Li Wei")
    _click(page, "Confirm")
    assert _finding(engine).standing == "one_confirmed"
    assert "Second person wanted" not in [button.label for button in page.button]
    _click(page, "Back to the list")
    _choose(page, "Decision", "confirmed")
    assert _ids(page) == [4]
    assert list(page.dataframe[0].value["decision"]) == ["confirmed"]


def test_what_was_decided_is_undone_by_another_entry(page: AppTest, engine: Engine) -> None:
    _drawn(page, finding="4", verdict="violation", order="oldest")
    _type(page, "Your name", "Li Wei")
    _click(page, "Photo unfit")
    assert _query(page)["finding"] == "5"
    _click(page, "Undo")
    assert _query(page)["finding"] == "4"
    assert "Dismissed by Li Wei" in _text(page)
    _click(page, "Withdraw")
    assert "Finding 4: withdrawal recorded." in _text(page)
    assert "Withdrawn since." in _text(page)
    told = _finding(engine)
    assert [one.kind for one in told.decisions] == ["dismissed", "withdrawn"]
    assert told.decisions[1].note == "A slip of the hand."
    assert told.standing == "open"


def test_a_key_that_is_held_down_decides_once(
    page: AppTest, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    _drawn(page, finding="4", verdict="violation", order="oldest")
    _type(page, "Your name", "Li Wei")
    monkeypatch.setattr(finding_deciding, "SECONDS_TO_LOOK", 3600.0)
    _click(page, "Confirm")
    assert "too fast" in _text(page)
    assert _finding(engine).decisions == ()


def test_what_somebody_decided_meanwhile_is_seen_first(page: AppTest, engine: Engine) -> None:
    _drawn(page, finding="4")
    _type(page, "Your name", "Li Wei")

    def work(session: Session) -> None:
        decide_as_seen(session, 4, DecisionKind.DISMISSED, Decider("Wang Fang"), "", 0)

    transact(engine, work)
    _click(page, "Confirm")
    assert "Somebody has decided meanwhile" in _text(page)
    assert "Dismissed by Wang Fang" in _text(page)
    assert len(_finding(engine).decisions) == 1


def test_a_finding_replaced_meanwhile_is_not_decided(
    page: AppTest, engine: Engine, data_folder: Path
) -> None:
    _drawn(page, finding="4")
    _type(page, "Your name", "Li Wei")
    again = Example(104, 0.3, waybill_number(4))
    store = EvidenceStore(data_folder / "evidence")
    newer = transact(engine, lambda session: record(session, store, again))
    _click(page, "Confirm")
    text = _text(page)
    assert "Look at the newer finding" in text
    assert "Nothing was recorded" in text
    assert "Confirm" not in [button.label for button in page.button]
    _click(page, f"Open finding {newer}")
    assert f"Finding {newer}" in _text(page)
    with reading(engine) as session:
        rows = listed(session, Wanted("screening-50"), limit=100).rows
    assert newer in [row.id for row in rows]
