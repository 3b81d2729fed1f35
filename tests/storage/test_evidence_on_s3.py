"""An installation whose storage is a bucket: photos and evidence lie there and are shown."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from greenpack import stores
from greenpack.audit import Audit
from greenpack.intake.sources import find_sources
from greenpack.records.database import open_database
from greenpack.report.audit_run import audit_json
from greenpack.report.verify_lines import verify_records
from greenpack.rules.loading import load_profile
from greenpack.settings import Settings
from tests.painted import WEIGHTS, PaintedDetector, Scene, write

APP = Path(__file__).parents[2] / "greenpack" / "report" / "pages" / "whole_report.py"


@pytest.fixture
def settings(bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("GREENPACK_DATA_FOLDER", str(tmp_path / "data"))
    monkeypatch.setenv("GREENPACK_STORAGE_URL", f"s3://{bucket}")
    monkeypatch.delenv("GREENPACK_DATABASE_URL", raising=False)
    st.cache_resource.clear()
    st.cache_data.clear()
    return Settings()


def test_the_parts_of_a_storage_have_folders_of_their_own(settings: Settings, bucket: str) -> None:
    assert str(stores.originals(settings)) == f"s3://{bucket}/originals"
    assert str(stores.evidence(settings)) == f"s3://{bucket}/evidence"


def test_evidence_in_a_bucket_is_verified_and_shown(
    settings: Settings,
    bucket: str,
    s3: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    engine = open_database(settings.database)
    audit = Audit(settings, engine, load_profile("screening-50"), WEIGHTS, None, PaintedDetector)
    photos = write(tmp_path / "in", {"a.jpg": Scene(goods=0.15)})
    [line] = [audit.take(source) for source in find_sources([str(photos)], limits=settings.limits)]
    engine.dispose()
    sha256 = line.evidence_sha256
    assert sha256 is not None
    key = f"evidence/{sha256[:2]}/{sha256}"
    store = stores.evidence(settings)
    assert audit_json(line, store)["evidence"] == f"s3://{bucket}/{key}"
    assert [entry["Key"] for entry in s3.list_objects_v2(Bucket=bucket)["Contents"]] == [key]
    assert verify_records(settings, None, as_json=True)[0]

    monkeypatch.setenv("GREENPACK_SIGN_IN", "none")
    page = AppTest.from_file(str(APP), default_timeout=120)
    page._page_hash = calc_hash("findings")
    page.query_params["finding"] = "1"
    page.run()
    assert not page.exception
    assert page.get("imgs") or page.get("image")

    s3.put_object(Bucket=bucket, Key=key, Body=b"another picture")
    page.run()
    assert "not the one that was recorded" in " ".join(error.value for error in page.error)
    sound, text = verify_records(settings, None, as_json=True)
    assert not sound
    named = {"where": f"evidence/{sha256}", "what": "was changed"}
    assert json.loads(text)["problems"] == [named]
