"""Stored files: what is put is what is read, whatever happens to the disk."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from greenpack.reasons import GreenPackError
from greenpack.storage.content_store import content_store
from greenpack.storage.local_store import LocalStore


@given(data=st.binary(max_size=2000))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
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


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def aged(path: Path, seconds: float) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"half a photo")
    os.utime(path, (time.time() - seconds,) * 2)
    return path


def test_a_finished_file_is_moved_out_of_the_spool(tmp_path: Path) -> None:
    store = LocalStore(tmp_path / "originals", fan=(2,))
    data = os.urandom(100_000)
    sha256 = hashlib.sha256(data).hexdigest()
    assert store.spool.stat().st_dev == tmp_path.stat().st_dev
    for _ in range(2):
        path = store.spool / "one"
        path.write_bytes(data)
        store.put_file(path, sha256, ".jpg")
        assert files_in(tmp_path) == [tmp_path / "originals" / sha256[:2] / f"{sha256}.jpg"]
    assert store.read(sha256) == data


def test_what_is_deleted_is_gone_and_may_be_deleted_again(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    sha256, other = store.put(b"x"), store.put(b"y")
    store.delete(sha256)
    store.delete(sha256)
    assert not store.intact(sha256)
    assert store.read(other) == b"y"


def test_only_what_nobody_wrote_to_for_a_day_is_swept(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    kept = [Path(store.place(store.put(b"evidence"))), aged(tmp_path / ".spool" / "alive", 80_000)]
    os.utime(kept[0], (0, 0))  # a finished file stays, however old
    aged(tmp_path / ".spool" / "dead", 90_000)
    aged(tmp_path / "ab" / "cd" / ".new-dead", 90_000)  # where they once lay
    assert LocalStore(tmp_path).sweep(dry_run=True) == 2
    assert LocalStore(tmp_path).sweep() == 2
    assert sorted(files_in(tmp_path)) == sorted(kept)


def test_the_spool_is_swept_by_whoever_opens_it_next(tmp_path: Path) -> None:
    dead = aged(tmp_path / ".spool" / "dead", 90_000)
    LocalStore(tmp_path).put(b"x")
    assert not dead.exists()


def test_a_writer_that_is_killed_harms_nothing_that_was_stored(tmp_path: Path) -> None:
    code = (
        "import itertools, sys; from pathlib import Path; "
        "from greenpack.storage.local_store import LocalStore; "
        "store = LocalStore(Path(sys.argv[1]))\n"
        "for n in itertools.count(): print(store.put(b'%d' % n * 50_000), flush=True)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        told = [writer.stdout.readline().strip() for _ in range(20)]
        writer.send_signal(signal.SIGKILL)
        told += [line.strip() for line in writer.stdout if len(line) == 65]
    store = LocalStore(tmp_path)
    assert all(store.intact(sha256) for sha256 in told)
    finished = [path for path in files_in(tmp_path) if ".spool" not in path.parts]
    assert all(store.intact(path.stem) for path in finished)


def test_a_probe_leaves_nothing_behind_and_tells_a_folder_that_cannot_be(tmp_path: Path) -> None:
    store = LocalStore(tmp_path / "a")
    store.probe()
    assert files_in(tmp_path) == []
    (tmp_path / "b").write_text("a file where the folder should be")
    with pytest.raises(OSError, match="b"):
        LocalStore(tmp_path / "b").probe()


def test_free_room_is_told_before_the_folder_is_made(tmp_path: Path) -> None:
    free = LocalStore(tmp_path / "a" / "b").free_bytes()
    assert 0 < free < 1 << 60
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize("form", ["{}", "file://{}"])
def test_a_folder_may_be_given_as_such_or_as_an_address(tmp_path: Path, form: str) -> None:
    store = content_store(form.format(tmp_path), "evidence")
    assert str(store) == str(tmp_path / "evidence")
    assert Path(store.place(store.put(b"x", ".jpg"))).is_relative_to(tmp_path / "evidence")


def test_what_is_stored_is_listed_and_deleted_only_if_it_is_old_enough(tmp_path: Path) -> None:
    store = LocalStore(tmp_path, fan=(2,))
    names = {store.put(b"%d" % number) for number in range(5)}
    (tmp_path / "notes.txt").write_text("not ours")
    assert set(store.names()) == names
    name = names.pop()
    stored = store.stored_at(name)
    assert stored is not None
    assert not store.delete(name, before=stored)
    assert store.intact(name)
    assert store.delete(name, before=stored + timedelta(seconds=1))
    assert not store.delete(name)
    assert set(store.names()) == names
    assert store.stored_at(name) is None
    assert list((tmp_path / ".spool").iterdir()) == []
