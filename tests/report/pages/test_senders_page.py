"""The pages Senders and Green logistics, drawn without a browser."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from greenpack.records.database import open_database, reading, transact
from greenpack.records.evidence import EvidenceStore
from greenpack.records.forms import DecisionKind
from greenpack.records.halved_period import halved
from greenpack.records.recording import decide
from greenpack.records.scope import EVERYTHING
from greenpack.records.sender_facts import GroupedBy, OneSender, worst_parcels
from greenpack.records.sender_ranking import RankedSender, counted_days
from greenpack.records.tables import Ledger
from greenpack.report.pages.evidence_wall import thumbnail
from greenpack.report.sender_columns import EXPORT_HEADS, export_row

from .sender_records import FIRST, PROFILE, SHOPS, make_senders

DRAW = """
from greenpack.report.pages import {page}
{page}.show()
"""


@pytest.fixture(scope="session")
def senders_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with three senders, to be copied."""
    folder = tmp_path_factory.mktemp("senders")
    make_senders(folder).dispose()
    return folder


@pytest.fixture
def engine(data_folder: Path, senders_folder: Path) -> Iterator[Engine]:
    """The filled database of the data folder."""
    shutil.copytree(senders_folder, data_folder, dirs_exist_ok=True)
    engine = open_database(f"sqlite:///{data_folder / 'greenpack.db'}")
    yield engine
    engine.dispose()


@pytest.fixture
def senders(data_folder: Path) -> AppTest:
    """The page Senders, not yet drawn."""
    return AppTest.from_string(DRAW.format(page="senders"), default_timeout=120)


@pytest.fixture
def logistics(data_folder: Path) -> AppTest:
    """The page Green logistics, not yet drawn."""
    return AppTest.from_string(DRAW.format(page="footprint"), default_timeout=120)


def _drawn(page: AppTest) -> str:
    page.run()
    assert not page.exception
    kinds = (page.markdown, page.info, page.error, page.warning, page.caption, page.header)
    return "\n".join(str(each.value) for kind in kinds for each in kind).replace("\\", "")


def _ranking(page: AppTest) -> list[str]:
    return list(page.dataframe[0].value["sender"])


def _choose(page: AppTest, label: str, value: object) -> None:
    next(box for box in page.selectbox if box.label == label).set_value(value)


def test_without_findings_it_says_which_command_to_run(
    senders: AppTest, logistics: AppTest, data_folder: Path
) -> None:
    open_database(f"sqlite:///{data_folder / 'greenpack.db'}").dispose()
    for page in (senders, logistics):
        assert "There are no findings yet" in _drawn(page)
        assert page.code[0].value == "greenpack audit samples/"


@pytest.mark.usefixtures("engine")
def test_senders_are_ranked_by_how_sure_their_rate_is(senders: AppTest) -> None:
    text = _drawn(senders)
    # 16 of 20, three of three, one of ten.
    shoes, tea, buttons = (shop.name for shop in SHOPS)
    assert _ranking(senders) == [shoes, buttons, tea]
    table = senders.dataframe[0].value
    assert list(table["violation rate"])[:2] == [
        "58.4 to 91.9 % (80.0 %)",
        "43.9 to 100.0 % (100.0 %)",
    ]
    assert "3 senders." in text
    assert "This profile is not law" in text
    link = table["violations"][0]
    assert link == (
        f"findings?profile={PROFILE}&verdict=violation&from=2026-11-02&until=2026-11-21&sender=1#16"
    )
    assert "of 20)" in table["air moved"][0]
    assert table["air moved"][1] == "no sizes known"


@pytest.mark.usefixtures("engine")
def test_filters_and_orders_are_asked_of_the_database(senders: AppTest) -> None:
    _drawn(senders)
    _choose(senders, "Order by", "parcels")
    _choose(senders, "Direction", False)
    _drawn(senders)
    assert _ranking(senders)[0] == "Button & Co"
    senders.text_input[0].set_value("tea")
    _drawn(senders)
    assert _ranking(senders) == ["Tea House"]
    senders.text_input[0].set_value("nobody")
    assert "No sender matches these filters" in _drawn(senders)
    senders.text_input[0].set_value("")
    senders.date_input[0].set_value(FIRST)
    senders.date_input[1].set_value(FIRST)
    _drawn(senders)
    assert len(_ranking(senders)) == 3
    senders.date_input[0].set_value(FIRST.replace(day=9))
    assert "The last day is before the first" in _drawn(senders)


def test_a_sender_opens_by_its_address(senders: AppTest, engine: Engine) -> None:
    with reading(engine) as session:
        days = counted_days(session, PROFILE)
        assert days is not None
        one = OneSender(1, PROFILE, *days)
        worst, total = worst_parcels(session, one, scope=EVERYTHING, limit=99)
    transact(
        engine,
        lambda session: decide(
            session, worst[-1].finding_id, DecisionKind.DISMISSED, "Li Wei", "goods missed"
        ),
    )
    senders.query_params["sender"] = "1"
    text = _drawn(senders)
    assert total == 16
    assert SHOPS[0].name in text
    assert "15 of 20 parcels" in text
    assert "15 parcels whose violation stands" in text
    assert "20 would have gone into a smaller box" in text
    assert "would save" in text
    assert len(senders.get("image")) == 8
    decisions = senders.dataframe[-1].value
    assert list(decisions["decision"]) == ["dismissed"]
    assert list(decisions["note"]) == ["goods missed"]
    assert f"at least {100 * worst[0].low:.1f} % void (limit 50 %)" in text  # type: ignore[operator]


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("address", ["4711", "99999999999999999999", "٣", "-1", "x"])
def test_an_address_of_no_sender_does_no_harm(senders: AppTest, address: str) -> None:
    senders.query_params["sender"] = address
    text = _drawn(senders)
    assert "There is no such sender" in text or "3 senders." in text


@pytest.mark.usefixtures("engine")
def test_groups_of_a_sender_have_charts_of_their_own(senders: AppTest) -> None:
    senders.query_params["sender"] = "2"
    _drawn(senders)
    for by, group in ((GroupedBy.GOODS, "fragile"), (GroupedBy.SIZE, "5 to 10 L")):
        senders.session_state["voids_by"] = by
        _drawn(senders)
        assert any(group in frame.value.to_string() for frame in senders.dataframe)


def _looks(engine: Engine) -> list[tuple[str, int]]:
    with reading(engine) as session:
        rows = session.exec(select(Ledger).where(Ledger.kind == "look")).all()
        return [(row.subject, len(json.loads(row.payload)["findings"])) for row in rows]


def test_the_wall_is_kept_in_the_ledger_once_for_each_opening(
    senders: AppTest, engine: Engine
) -> None:
    senders.query_params["sender"] = "1"
    _drawn(senders)
    _drawn(senders)
    assert _looks(engine) == [("sender/1", 8)]
    pager = senders.get("pagination")[0]
    senders.session_state[pager.key] = 2
    _drawn(senders)
    assert _looks(engine) == [("sender/1", 8), ("sender/1", 8)]


def test_only_pictures_whose_hash_holds_are_on_the_wall(
    senders: AppTest, engine: Engine, data_folder: Path
) -> None:
    store = EvidenceStore(data_folder / "evidence")
    with reading(engine) as session:
        one = OneSender(3, PROFILE, *(counted_days(session, PROFILE) or (FIRST, FIRST)))
        worst, _ = worst_parcels(session, one, scope=EVERYTHING, limit=9)
    # All three have the same picture, for its bytes are the same.
    Path(store.place(worst[0].evidence_sha256)).write_bytes(b"another picture")
    senders.query_params["sender"] = "3"
    text = _drawn(senders)
    assert not senders.get("image")
    assert "3 pictures are not shown" in text
    assert "sizes of all goods known" in text
    assert thumbnail(b"no picture") is None


@pytest.mark.usefixtures("engine")
def test_green_logistics_tells_amounts_factors_and_what_they_rest_on(logistics: AppTest) -> None:
    text = _drawn(logistics)
    assert "33 parcels" in text
    assert "of **30** of them" in text
    assert "As lorries of 58 m³" in text
    table = logistics.table[0].value
    assert list(table["figure"]) == [
        "Air moved",
        "Board",
        "Filler",
        "Tape",
        "Air that right\\-sizing would save",
        "Board that right\\-sizing would save",
    ]
    assert set(table["rests on"]) == {"30 of 30 parcels"}
    assert all(" to " in cell for cell in table["CO2e"])
    assert "820" in table["CO2e factor"][1]
    assert "UK Government conversion factors" in table["source of the factor"][1]
    assumed = logistics.dataframe[0].value
    assert "lorry_m3" in list(assumed["name in the file"])
    assert set(assumed["set by"]) == {"GreenPack"}
    assert "Share of sized parcels that are slotted cartons" in list(assumed["assumption"])


@pytest.mark.usefixtures("engine")
def test_an_agency_s_own_assumptions_are_used_and_wrong_ones_named(
    logistics: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own.toml"
    entry = '[lorry_m3]\nvalue = 90\nlow = 90\nhigh = 90\nunit = "m3"\nsource = "fleet"\n'
    own.write_text(f'{entry}how_sure = "high"\n', "utf-8")
    monkeypatch.setenv("GREENPACK_ASSUMPTIONS", str(own))
    assert "As lorries of 90 m³" in _drawn(logistics)
    assert "your own file" in list(logistics.dataframe[0].value["set by"])
    own.write_text(entry, "utf-8")
    assert "lorry_m3: how_sure missing" in _drawn(logistics)


def test_what_leaves_has_a_number_for_every_head() -> None:
    period = halved(FIRST, FIRST)
    row = RankedSender(1, "S", None, None, 3, 0, 0, 0, 0, 0, 0, (0, 0), period.first, 2)
    told = dict(zip(EXPORT_HEADS, export_row(row), strict=True))
    assert told["rate"] is told["rate_low"] is told["trend"] is told["air_m3_low"] is None
    assert told["first_correction_order"] == FIRST
    assert told["violations_after_it"] == 2
