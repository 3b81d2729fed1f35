"""The records as a page opens them, or the words for why there are none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import streamlit as st
from pydantic import ValidationError
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from greenpack.language.speaking import mark, tr
from greenpack.reasons import GreenPackError
from greenpack.records.database import open_database
from greenpack.report.findings_view import plain
from greenpack.report.records_place import database_file, file_identity
from greenpack.settings import Settings

# What the driver says may quote the address with its password, so it stays off the page.
DATABASE_AWAY: Final = mark(
    "The database cannot be read or written now. "
    "Check the server, the disk and the folder's permissions, then load this page again."
)


def open_settings() -> Settings | None:
    """The settings; where one is wrong, says which and gives None."""
    try:
        return Settings()
    except ValidationError as error:
        for problem in error.errors():
            name = "GREENPACK_" + "_".join(str(part) for part in problem["loc"]).upper()
            st.error(f"{plain(name)}: {plain(problem['msg'])}")
        return None


def open_records(settings: Settings) -> Engine | None:
    """The database; where there is none yet, says which command makes one and gives None.

    Raises:
        GreenPackError: if it is there but cannot be opened.
    """
    engine = records_if_any(settings)
    if engine is None:
        path = database_file(settings.database)
        say_nothing_yet(tr("There is no database yet at {path}.", path=plain(str(path))))
    return engine


def records_if_any(settings: Settings) -> Engine | None:
    """The database, or None where there is none yet; looking makes none.

    Raises:
        GreenPackError: if it is there but cannot be opened.
    """
    try:
        return _engine(settings.database, file_identity(settings.database))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise GreenPackError("database_unreachable", str(error)) from error


def say_nothing_yet(why: str) -> None:
    """The empty state: what is missing, and the command that brings it."""
    st.info(f"{why} {tr('Measure and judge some photos first, then load this page again:')}")
    st.code("greenpack audit samples/", language="shell")


@contextmanager
def explaining() -> Iterator[None]:
    """Turns what a person can mend into words on the page."""
    try:
        yield
    except GreenPackError as error:
        st.error(error_words(error))
    except DBAPIError:
        st.error(tr(DATABASE_AWAY))


def error_words(error: GreenPackError) -> str:
    """An error and its advice, for a place that takes Markdown."""
    meaning = tr(error.reason.meaning)
    # Not str.capitalize, which would change the case of names in it.
    meaning = meaning[:1].upper() + meaning[1:]
    if error.detail:
        meaning = tr("{title}: {text}", title=meaning, text=error.detail)
    return tr("{error}. {advice}", error=plain(meaning), advice=plain(tr(error.advice)))


@st.cache_resource(max_entries=2, show_spinner=False, on_release=Engine.dispose)
def _engine(url: str, identity: tuple[int, int] | None) -> Engine:  # noqa: ARG001 (cache key)
    return open_database(url)
