"""Texts, numbers and dates in the reader's language.

A text is written in English where it is used and is the key of its translation:
``tr("Parcels audited")``. A text that is made before anybody reads it, for example in a table of
a module, is marked with ``mark("newest first")`` and translated when it is shown. The language is
a context variable: a page, a letter or a command says once which one it speaks.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from babel import dates, numbers

LOCALES: Final = Path(__file__).with_name("locales")
DOMAIN: Final = "greenpack"


class Language(StrEnum):
    """A language that every text is there in; the value is its BCP 47 tag."""

    ENGLISH = "en"
    CHINESE = "zh"

    @property
    def own_name(self) -> str:
        """What its speakers call it."""
        return {"en": "English", "zh": "中文"}[self.value]


_SPOKEN: ContextVar[Language] = ContextVar("greenpack_language", default=Language.ENGLISH)


def spoken() -> Language:
    """The language spoken now; English until one is set."""
    return _SPOKEN.get()


def speak(language: Language) -> None:
    """Speak a language from now on, in this thread or task."""
    _SPOKEN.set(language)


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Speak a language inside the block, for example for a letter."""
    before = _SPOKEN.set(language)
    try:
        yield
    finally:
        _SPOKEN.reset(before)


def best_language(tag: str | None) -> Language:
    """The language for a browser's or a system's tag such as ``zh-CN`` or ``en_GB.UTF-8``."""
    primary = (tag or "").replace("_", "-").split("-")[0].lower()
    return next((one for one in Language if one.value == primary), Language.ENGLISH)


def mark(text: str) -> str:
    """The text itself; finds its way into the catalogue, to be given to ``tr`` later."""
    return text


def tr(text: str, /, **values: object) -> str:
    """A text in the language spoken now.

    Args:
        text: in English; the key of its translation. Where there is none, it is shown itself.
        values: what stands for ``{name}`` in it; without any, braces stay as they are.
    """
    # The empty text is a catalogue's own head.
    found = _catalogue(spoken()).gettext(text) if text else text
    return found.format(**values) if values else found


def trn(one: str, many: str, count: int, /, **values: object) -> str:
    """A text for a count in the language spoken now; ``{count}`` is written with separators."""
    found = _catalogue(spoken()).ngettext(one, many, count)
    return found.format(count=number_text(count), **values)


def number_text(value: float, decimals: int = 0) -> str:
    """A number with the reader's separators: ``12,345`` or ``12,345.6``."""
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return numbers.format_decimal(value, format=pattern, locale=spoken().value)


def percent_text(share: float, decimals: int = 1) -> str:
    """A share of 1 in percent: ``66.0 %`` in English, ``66.0%`` in Chinese."""
    gap = " " if spoken() is Language.ENGLISH else ""
    return f"{number_text(share * 100, decimals)}{gap}%"


def date_text(day: date) -> str:
    """A day: ``2026-11-23`` in English, ``2026年11月23日`` in Chinese."""
    if spoken() is Language.CHINESE:
        return dates.format_date(day, format="long", locale="zh")
    return day.isoformat()


def moment_text(moment: datetime, zone: ZoneInfo) -> str:
    """A moment in a time zone to the minute: ``2026-11-23 16:30``; the zone is named beside it.

    Months and days have two digits in every language, so that a table sorts by it.
    """
    local = moment.astimezone(zone)
    pattern = "%Y年%m月%d日 %H:%M" if spoken() is Language.CHINESE else "%Y-%m-%d %H:%M"
    return local.strftime(pattern)


@cache
def _catalogue(language: Language) -> gettext.NullTranslations:
    # English is the key itself, so it has no catalogue.
    if language is Language.ENGLISH:
        return gettext.NullTranslations()
    return gettext.translation(DOMAIN, LOCALES, languages=[language.value])
