"""Files on an S3-compatible server: what counts as stored is there, byte for byte."""

from __future__ import annotations

import hashlib
import os
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import fsspec
import pytest

from greenpack.reasons import GreenPackError
from greenpack.storage.content_store import ContentStore, content_store


@pytest.fixture
def store(bucket: str, tmp_path: Path) -> ContentStore:
    return content_store(f"s3://{bucket}/greenpack", "originals", spool=tmp_path / "spool")


@pytest.fixture
def memory(tmp_path: Path) -> ContentStore:
    """A store without a server, where what a driver does can be bent."""
    return content_store(f"memory://{uuid.uuid4().hex}", "originals", spool=tmp_path / "spool")


def keys(s3: Any, bucket: str) -> list[str]:
    return [entry["Key"] for entry in s3.list_objects_v2(Bucket=bucket).get("Contents", [])]


def test_what_is_put_is_read(store: ContentStore, s3: Any, bucket: str) -> None:
    data = os.urandom(300_000)
    sha256 = store.put(data, ".jpg")
    assert sha256 == hashlib.sha256(data).hexdigest()
    assert store.put(data, ".png") == sha256
    assert store.read(sha256) == data
    assert store.intact(sha256)
    assert keys(s3, bucket) == [f"greenpack/originals/{sha256[:2]}/{sha256}"]
    assert store.place(sha256) == f"s3://{bucket}/greenpack/originals/{sha256[:2]}/{sha256}"


def test_a_finished_file_leaves_the_spool_when_it_is_stored(store: ContentStore) -> None:
    data = os.urandom(200_000)
    sha256 = hashlib.sha256(data).hexdigest()
    for _ in range(2):
        path = store.spool / "one"
        path.write_bytes(data)
        store.put_file(path, sha256, ".jpg")
        assert not path.exists()
        assert store.read(sha256) == data


def test_a_damaged_object_is_told_and_mended_by_putting_it_again(
    store: ContentStore, s3: Any, bucket: str
) -> None:
    sha256 = store.put(b"photo", ".jpg")
    s3.put_object(Bucket=bucket, Key=keys(s3, bucket)[0], Body=b"forged")
    assert not store.intact(sha256)
    with pytest.raises(GreenPackError) as changed:
        store.read(sha256)
    assert changed.value.code == "content_changed"
    store.put(b"photo", ".jpg")
    assert store.read(sha256) == b"photo"


def test_what_is_deleted_is_gone_and_may_be_deleted_again(
    store: ContentStore, s3: Any, bucket: str
) -> None:
    sha256 = store.put(b"photo", ".jpg")
    store.delete(sha256)
    store.delete(sha256)
    assert keys(s3, bucket) == []
    assert not store.intact(sha256)
    with pytest.raises(GreenPackError) as missing:
        store.read(sha256)
    assert missing.value.code == "content_missing"


def test_many_put_at_once(store: ContentStore) -> None:
    photos = [os.urandom(20_000) for _ in range(12)] * 2
    with ThreadPoolExecutor(8) as pool:
        names = list(pool.map(lambda data: store.put(data, ".jpg"), photos))
    assert [store.read(name) for name in names] == photos


def test_a_probe_leaves_nothing_behind(store: ContentStore, s3: Any, bucket: str) -> None:
    store.probe()
    assert keys(s3, bucket) == []
    assert list(store.spool.iterdir()) == []


def test_a_bucket_that_is_not_there_is_told_and_not_made(
    s3: Any, tmp_path: Path, s3_environment: None
) -> None:
    name = f"mistyped-{uuid.uuid4().hex}"
    store = content_store(f"s3://{name}/x", "originals", spool=tmp_path / "spool")
    for attempt in (store.probe, lambda: store.put(b"photo", ".jpg")):
        with pytest.raises(GreenPackError) as away:
            attempt()
        assert away.value.code == "storage_unreachable"
    assert name not in [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]


def test_a_server_that_is_away_is_told_and_the_file_stays(
    s3_environment: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    store = content_store("s3://hub/x", "originals", spool=tmp_path / "spool")
    path = store.spool / "one"
    path.write_bytes(b"photo")
    with pytest.raises(GreenPackError) as away:
        store.put_file(path, hashlib.sha256(b"photo").hexdigest(), ".jpg")
    assert away.value.code == "storage_unreachable"
    assert path.read_bytes() == b"photo"


def test_an_upload_that_arrives_damaged_does_not_count_as_stored(
    memory: ContentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = type(fsspec.filesystem("memory"))
    honest = files.pipe_file
    monkeypatch.setattr(
        files, "pipe_file", lambda self, path, data, **more: honest(self, path, data[:-1])
    )
    with pytest.raises(GreenPackError) as damaged:
        memory.put(b"photo", ".jpg")
    assert damaged.value.code == "content_changed"


def test_an_address_that_nothing_can_open_is_told_without_its_password(tmp_path: Path) -> None:
    with pytest.raises(GreenPackError) as unknown:
        content_store("nowhere://me:hush@host/path", "originals", spool=tmp_path)
    assert unknown.value.code == "storage_url_invalid"
    assert "hush" not in str(unknown.value)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "a" * 63])
def test_names_that_are_no_hash_are_refused(memory: ContentStore, name: str) -> None:
    for asked in (memory.read, memory.intact, memory.place, memory.delete):
        with pytest.raises(ValueError, match="no SHA-256"):
            asked(name)


def test_what_a_killed_upload_left_in_the_spool_is_swept_after_a_day(tmp_path: Path) -> None:
    spool = tmp_path / "spool"
    spool.mkdir()
    for name, age in (("dead", 90_000), ("alive", 80_000)):
        (spool / name).write_bytes(b"half")
        os.utime(spool / name, (time.time() - age,) * 2)
    store = content_store("memory://x", "originals", spool=spool)
    assert store.sweep(dry_run=True) == 1
    assert [path.name for path in store.spool.iterdir()] == ["alive"]
    assert store.sweep() == 0


def test_what_is_stored_is_listed_and_deleted_only_if_it_is_old_enough(
    store: ContentStore, s3: Any, bucket: str
) -> None:
    s3.put_object(Bucket=bucket, Key="greenpack/originals/ab/notes.txt", Body=b"not ours")
    names = {store.put(b"%d" % number, ".jpg") for number in range(5)}
    assert set(store.names()) == names
    name = names.pop()
    stored = store.stored_at(name)
    assert stored is not None
    assert abs(stored - datetime.now(UTC)) < timedelta(minutes=5)
    assert not store.delete(name, before=stored)
    assert store.intact(name)
    assert store.delete(name, before=stored + timedelta(seconds=1))
    assert not store.delete(name)
    assert set(store.names()) == names
    assert store.stored_at(name) is None
