"""No page shows English to a reader of Chinese, apart from data and names."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session
from streamlit.testing.v1 import AppTest

from greenpack.language.speaking import Language, speaking, tr
from greenpack.records.acts import Actor
from greenpack.records.case_forms import CaseEventKind
from greenpack.records.case_steps import Wanted
from greenpack.records.columns import now
from greenpack.records.database import open_database, transact
from greenpack.records.evidence import EvidenceStore
from greenpack.records.uploads import (
    TakenFile,
    begin_upload,
    complete_upload,
    note_table,
    take_files,
)
from greenpack.report.case_files import keep_profile
from greenpack.report.pages.navigation import PAGES
from greenpack.rules.loading import available_profiles
from greenpack.settings import Settings
from tests.language.english_left import english_in

from ...records.case_examples import (
    DUE,
    LAW,
    PROFILE,
    TODAY,
    breach,
    opened,
    sender_of,
    stepped,
)
from .example_records import picture, sha
from .visible_words import visible_words

# Of the example records: names of people, places, files and senders.
DATA: tuple[str, ...] = ("Tea House", "North hub", "Mall", "Zhejiang", "Hangzhou")
DATA += ('=HYPERLINK("', '","click")')
DATA += ("screening-50", "*box*.jpg", "Outline error on test photos.", "The goods stand upright.")
for profile in available_profiles():
    DATA += (profile.id, *(rule.id for rule in profile.rules))
    # An instrument is found again by how it is cited.
    DATA += tuple(source.cite for rule in profile.rules for source in rule.sources)
# What is called so in Chinese too.
NAMES = (
    "GreenPack",
    "CSV",
    "XLSX",
    "Excel",
    "Parquet",
    "PNG",
    "PDF",
    "JPEG",
    "WebP",
    "TIFF",
    "HEIC",
    "UTC",
    "Asia/Shanghai",
    "SHA-256",
    "GB",
    "kg CO2e/(t km)",
    "kg CO2e/t",
    "kg/m³",
    "EU",
    "cm³/kg",
    "km",
    "mm",
    "zip",
    "DHL Express",
    "FedEx",
    "UPS",
    "EMS",
    "FEFCO",
    "Wilson",
    "Kitagawa",
    "Esc",
    "J / K",
    "OpenID Connect",
    "docs/accounts.md",
    "docs/upload-and-export.md",
    # The setting that asks nobody, and what each language calls itself.
    "GREENPACK_SIGN_IN=none",
    "English",
)
# What else each page has to show: query parameters of further visits.
VISITS: dict[str, list[dict[str, str]]] = {
    "findings": [{"finding": "1"}, {"finding": "41"}, {"finding": "52"}, {"finding": "57"}],
    "senders": [{"sender": "1"}],
}
DRAW = """
from greenpack.report.pages.navigation import PAGES
from greenpack.report.pages.reader_language import speak_to_reader

speak_to_reader()
next(entry for entry in PAGES if entry.address == {address!r}).show()
"""


def drawn(page: AppTest, **query: str) -> AppTest:
    """A page as a reader of Chinese gets it."""
    page.session_state["language"] = "zh"
    for name, value in query.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    return page


def assert_chinese(page: AppTest, *allowed: str) -> None:
    """Nothing on it is English, and something is Chinese."""
    # What the records say in English stands below its translation, as it was recorded.
    words = [text for text in visible_words(page) if not text.startswith("记录原文：")]
    assert any("\u4e00" <= letter <= "\u9fff" for text in words for letter in text)
    left = {text: found for text in words if (found := english_in(text, (*DATA, *NAMES, *allowed)))}
    assert left == {}


def one(address: str) -> AppTest:
    return AppTest.from_string(DRAW.format(address=address), default_timeout=120)


@pytest.mark.parametrize("address", [entry.address for entry in PAGES])
@pytest.mark.usefixtures("engine")
def test_a_page_with_records(address: str) -> None:
    assert_chinese(drawn(one(address)))
    for query in VISITS.get(address, []):
        assert_chinese(drawn(one(address), **query))


@pytest.mark.parametrize("address", [entry.address for entry in PAGES])
def test_a_page_without_records(address: str, data_folder: Path) -> None:
    database = data_folder / "greenpack.db"
    assert_chinese(drawn(one(address)), str(database))
    open_database(f"sqlite:///{database}").dispose()
    assert_chinese(drawn(one(address)))


@pytest.mark.usefixtures("engine")
def test_the_frame_around_the_pages(page: AppTest) -> None:
    words = list(visible_words(drawn(page)))
    assert "判定" in words
    assert_chinese(page)


def test_the_sign_in(page: AppTest, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GREENPACK_SIGN_IN", "accounts")
    assert_chinese(drawn(page))


def test_a_case_on_its_way(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    profiles = data_folder / "profiles"
    profiles.mkdir()
    (profiles / "city-law.toml").write_bytes(LAW)
    monkeypatch.setenv("GREENPACK_PROFILES_FOLDER", str(profiles))
    engine = open_database(f"sqlite:///{data_folder / 'greenpack.db'}")
    store = EvidenceStore(data_folder / "evidence")
    finding = transact(
        engine, lambda session: breach(session, 1, evidence=store.put(picture("violation")))
    )
    # What people wrote, and the made-up law's own words.
    said = (
        "Wang Fang",
        "Li Wei",
        "Shop",
        "city-law",
        "North",
        "Boxes cost money.",
        "Too much air.",
        "GP",
    )
    words = (line.split('"')[1] for line in LAW.decode().splitlines() if line.endswith('"'))
    with speaking(Language.CHINESE):
        said += tuple(text for text in words if tr(text) == text)
    keep_profile(Settings(), PROFILE.id, PROFILE.sha256)
    case = transact(engine, lambda session: opened(session, [finding], sender_of(session, 1)))
    case_id = str(case.id)

    def go(kind: CaseEventKind, **more: Any) -> None:
        day = DUE + timedelta(days=1) if kind is CaseEventKind.REFUSED else TODAY
        transact(engine, lambda session: stepped(session, case, Wanted(kind, **more), day=day))

    assert_chinese(drawn(one("cases"), case=case_id), *said)
    go(CaseEventKind.CORRECTION_ORDERED, due_on=DUE)
    go(CaseEventKind.ANSWERED, note="Boxes cost money.")
    assert_chinese(drawn(one("cases"), case=case_id), *said)
    go(CaseEventKind.REFUSED, note="Boxes cost money.")
    go(CaseEventKind.FINE_PROPOSED, consequence="fine", note="Boxes cost money.")
    assert_chinese(drawn(one("cases"), case=case_id), *said)
    go(CaseEventKind.FINED, amount=5000, note="Boxes cost money.")
    assert_chinese(drawn(one("cases"), case=case_id), *said)
    assert_chinese(drawn(one("cases")), *said)
    engine.dispose()


def test_an_upload_and_what_became_of_its_files(engine: Engine) -> None:
    by = Actor(name="Li Wei")

    def work(session: Session) -> int:
        batch = begin_upload(session, by, "screening-50", None, 3, now())
        files = [
            TakenFile("one.jpg", sha("one"), 9_000),
            TakenFile("again.jpg", sha("one"), 9_000),
            TakenFile("notes.txt", reason="unreadable", detail="text/plain"),
        ]
        take_files(session, batch, files, by, now())
        note_table(session, batch, "table.csv", 3, 1)
        complete_upload(session, batch, now())
        return batch

    batch = transact(engine, work)
    data = ("Li Wei", "one.jpg", "again.jpg", "notes.txt", "table.csv", "text/plain")
    assert_chinese(drawn(one("upload")), *data)
    assert_chinese(drawn(one("upload"), upload=str(batch)), *data)


def test_a_forgotten_text_is_found(engine: Engine) -> None:
    page = AppTest.from_string(
        "import streamlit as st\n"
        "st.title('判定')\n"
        "st.dataframe({'空隙率': ['at least 66 %']}, hide_index=True)\n"
        "st.selectbox('规则集', ['全部', 'all profiles'], help='Which one')\n"
        "st.html('<p title=\"Close it\">正常</p>')\n",
        default_timeout=60,
    )
    page.run()
    found = [run for text in visible_words(page) for run in english_in(text)]
    assert sorted(found) == ["Close it", "Which one", "all profiles", "at least"]
