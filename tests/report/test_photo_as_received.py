"""A photo is shown from the store, or from the file that was audited if it is still the same."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from greenpack import stores
from greenpack.report.photo_as_received import photo_as_received
from greenpack.settings import Settings

PHOTO = b"\xff\xd8 the bytes of a photo"
SHA256 = hashlib.sha256(PHOTO).hexdigest()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_folder=tmp_path / "data")


def test_what_the_store_has_needs_no_file(settings: Settings) -> None:
    stores.originals(settings).put(PHOTO, ".jpg")
    assert photo_as_received(settings, SHA256, len(PHOTO), "nowhere.jpg") == PHOTO


def test_an_audited_file_is_read_where_it_lies(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "audited.jpg"
    path.write_bytes(PHOTO)
    assert photo_as_received(settings, SHA256, len(PHOTO), str(path)) == PHOTO


@pytest.mark.parametrize("now", [PHOTO + b"!", b"!" + PHOTO[1:], b""])
def test_a_file_that_changed_is_not_the_photo(
    settings: Settings, tmp_path: Path, now: bytes
) -> None:
    path = tmp_path / "audited.jpg"
    path.write_bytes(now)
    assert photo_as_received(settings, SHA256, len(PHOTO), str(path)) is None


@pytest.mark.parametrize("name", ["gone.jpg", "", "batch.zip!/a.jpg", "-", "nul\0.jpg", "a" * 5000])
def test_a_name_that_is_no_file_gives_nothing(
    settings: Settings, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert photo_as_received(settings, SHA256, len(PHOTO), name) is None


def test_nothing_waits_for_a_pipe(settings: Settings, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    assert photo_as_received(settings, SHA256, 0, str(tmp_path / "pipe.jpg")) is None
