"""A data folder with findings, as the page finds it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from greenpack.records.database import open_database

from .example_records import make_records

APP = Path(__file__).parents[3] / "greenpack" / "report" / "pages" / "whole_report.py"


@pytest.fixture
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder that the settings name; nothing is remembered from other tests."""
    monkeypatch.setenv("GREENPACK_DATA_FOLDER", str(tmp_path))
    monkeypatch.setenv("GREENPACK_SIGN_IN", "none")
    for name in ("DATABASE_URL", "PROFILE", "PROFILES_FOLDER", "CAMERA_TIMEZONE"):
        monkeypatch.delenv(f"GREENPACK_{name}", raising=False)
    st.cache_resource.clear()
    st.cache_data.clear()
    return tmp_path


@pytest.fixture(scope="session")
def filled_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with findings, to be copied."""
    folder = tmp_path_factory.mktemp("filled")
    make_records(folder).dispose()
    return folder


@pytest.fixture
def engine(data_folder: Path, filled_folder: Path) -> Iterator[Engine]:
    """The filled database of the data folder."""
    shutil.copytree(filled_folder, data_folder, dirs_exist_ok=True)
    engine = open_database(f"sqlite:///{data_folder / 'greenpack.db'}")
    yield engine
    engine.dispose()


@pytest.fixture
def page(data_folder: Path) -> AppTest:
    """The report at the findings' address, not yet drawn."""
    page = AppTest.from_file(str(APP), default_timeout=120)
    # AppTest switches between files only; pages made by functions go by their address's hash.
    page._page_hash = calc_hash("findings")
    return page
