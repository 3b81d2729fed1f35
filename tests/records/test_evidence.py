"""Evidence pictures: a store's errors in the words of evidence."""

from __future__ import annotations

from pathlib import Path

import pytest

from greenpack.reasons import GreenPackError
from greenpack.records.evidence import EvidenceStore


def test_a_picture_is_read_as_it_was_put(tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path / "evidence")
    sha256 = store.put(b"picture")
    assert store.read(sha256) == b"picture"
    assert store.intact(sha256)
    assert Path(store.place(sha256)).read_bytes() == b"picture"
    assert Path(store.place(sha256)).suffix == ".jpg"


def test_a_picture_that_was_changed_or_lost_is_told_as_evidence(tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path)
    sha256 = store.put(b"picture")
    Path(store.place(sha256)).write_bytes(b"forged")
    with pytest.raises(GreenPackError) as changed:
        store.read(sha256)
    assert changed.value.code == "evidence_changed"
    Path(store.place(sha256)).unlink()
    for asked in (store.read, store.place):
        with pytest.raises(GreenPackError) as missing:
            asked(sha256)
        assert missing.value.code == "evidence_missing"
    assert not store.intact(sha256)
