"""Stored files: what is put is what is read, whatever happens to the disk."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from greenpack.reasons import GreenPackError
from greenpack.storage.local_store import LocalStore


@given(data=st.binary(max_size=2000))
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None
)
def test_what_is_put_is_read(tmp_path: Path, data: bytes) -> None:
    store = LocalStore(tmp_path / "evidence")
    sha256 = store.put(data)
    assert sha256 == hashlib.sha256(data).hexdigest()
    assert store.read(sha256) == data
    assert store.put(data) == sha256
    assert store.path(sha256) == store.folder / sha256[:2] / sha256[2:4] / f"{sha256}.jpg"
    assert store.intact(sha256)


def test_putting_again_under_another_suffix_keeps_the_file(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    assert store.put(b"x", ".png") == store.put(b"x", ".jpg")
    assert [path.suffix for path in tmp_path.rglob("*") if path.is_file()] == [".png"]


def test_a_damaged_file_is_told_and_mended_by_putting_it_again(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    sha256 = store.put(b"evidence")
    store.path(sha256).write_bytes(b"forged")
    with pytest.raises(GreenPackError) as changed:
        store.read(sha256)
    assert changed.value.code == "content_changed"
    assert not store.intact(sha256)
    store.put(b"evidence")
    assert store.read(sha256) == b"evidence"
    store.path(sha256).unlink()
    with pytest.raises(GreenPackError) as missing:
        store.read(sha256)
    assert missing.value.code == "content_missing"
    assert not store.intact(sha256)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "a" * 63, "*" * 64])
def test_names_that_are_no_hash_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="no SHA-256"):
        LocalStore(tmp_path).path(name)


@pytest.mark.parametrize("suffix", ["", "jpg", "./x", ".JPG", ".tar.gz"])
def test_odd_suffixes_are_refused(tmp_path: Path, suffix: str) -> None:
    with pytest.raises(ValueError, match="no suffix"):
        LocalStore(tmp_path).put(b"x", suffix)


def test_a_failed_write_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_path: Path, _target: Path) -> None:
        raise OSError("no space left")

    store = LocalStore(tmp_path / "evidence")
    store.put(b"x")
    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="no space left"):
        store.put(b"y")
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_many_put_the_same_at_once(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    threads = [threading.Thread(target=store.put, args=(b"z" * 100_000,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) == 1
    assert store.read(files[0].stem) == b"z" * 100_000
