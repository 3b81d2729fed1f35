"""Texts, numbers and dates in the language that is spoken."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from greenpack.language.speaking import (
    Language,
    best_language,
    date_text,
    moment_text,
    number_text,
    percent_text,
    speak,
    speaking,
    spoken,
    tr,
    trn,
)


def test_english_is_spoken_until_something_else_is() -> None:
    assert spoken() is Language.ENGLISH
    assert tr("violation") == "violation"
    with speaking(Language.CHINESE):
        assert tr("violation") == "违规"
    assert tr("violation") == "violation"


def test_a_language_is_that_of_one_thread_alone() -> None:
    heard = []

    def other() -> None:
        speak(Language.CHINESE)
        heard.append(tr("violation"))

    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    assert heard == ["违规"]
    assert tr("violation") == "violation"


def test_values_stand_in_their_places_in_both_languages() -> None:
    for language in Language:
        with speaking(language):
            words = tr("The newest {shown} of {all}.", shown=7, all="1,234")
        assert "7" in words
        assert "1,234" in words
        assert "{" not in words


def test_a_text_without_values_keeps_its_braces() -> None:
    assert tr("a {text} of no catalogue") == "a {text} of no catalogue"


@pytest.mark.parametrize("language", list(Language))
def test_nothing_translated_is_nothing(language: Language) -> None:
    with speaking(language):
        assert tr("") == ""


def test_one_and_many_differ_in_english() -> None:
    assert trn("{count} parcel", "{count} parcels", 1) == "1 parcel"
    assert trn("{count} parcel", "{count} parcels", 12_345) == "12,345 parcels"


def test_numbers_and_days_are_written_as_the_reader_writes_them() -> None:
    assert number_text(1_234_567.891, 2) == "1,234,567.89"
    assert percent_text(0.6604) == "66.0 %"
    assert date_text(date(2026, 11, 3)) == "2026-11-03"
    moment = datetime(2026, 11, 3, 18, 5, tzinfo=UTC)
    assert moment_text(moment, ZoneInfo("Asia/Shanghai")) == "2026-11-04 02:05"
    with speaking(Language.CHINESE):
        assert percent_text(0.6604) == "66.0%"
        assert date_text(date(2026, 11, 3)) == "2026年11月3日"
        assert moment_text(moment, ZoneInfo("Asia/Shanghai")) == "2026年11月04日 02:05"


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("zh-CN", Language.CHINESE),
        ("zh_TW.UTF-8", Language.CHINESE),
        ("ZH", Language.CHINESE),
        ("en-GB", Language.ENGLISH),
        ("ko-KR", Language.ENGLISH),
        ("", Language.ENGLISH),
        (None, Language.ENGLISH),
    ],
)
def test_a_browsers_language_is_met_as_well_as_can_be(tag: str | None, language: Language) -> None:
    assert best_language(tag) is language
