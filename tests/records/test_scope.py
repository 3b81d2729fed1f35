"""What a scope lets through, in every query that pages use."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from greenpack.records.answers import FindingFilter
from greenpack.records.camera_tokens import add_camera
from greenpack.records.database import reading, transact
from greenpack.records.forms import ProfilePin
from greenpack.records.hub_load import camera_activity, hub_loads, set_capacity
from greenpack.records.places import ensure_hub
from greenpack.records.postings import backlog, failed, post
from greenpack.records.queries import (
    count_current_findings,
    current_findings,
    judged_profiles,
    sender_table,
    unmeasurable_counts,
    verdict_counts,
)
from greenpack.records.recording import record_photo
from greenpack.records.scope import EVERYTHING, Scope, scope_from
from greenpack.records.waybills import import_waybills
from greenpack.rules.verdict import Verdict

from .conftest import Filled
from .samples import audit, full, photo, sha, unmeasurable

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
# A municipality and a hub of the same names lie in another province.
PLACES = {
    "A": ("Zhejiang", "Hangzhou", "Xiaoshan"),
    "B": ("Zhejiang", "Hangzhou", "Yuhang"),
    "C": ("Zhejiang", "Ningbo", "Beilun"),
    "D": ("Jiangsu", "Hangzhou", "Xiaoshan"),
}
SEEN = {
    "everything": "ABCDPX",
    "Zhejiang": "ABCP",
    "Zhejiang/Hangzhou": "AB",
    "Zhejiang/Hangzhou/Yuhang": "B",
    "Jiangsu": "D",
    "Jiangsu/Hangzhou/Xiaoshan": "D",
    "Zhejiang/Wenzhou": "",
    "Hangzhou": "",
    "zhejiang": "",
}


def test_a_scope_is_written_as_it_is_read() -> None:
    for text in ("everything", "Zhejiang", "Zhejiang/Hangzhou", "浙江/杭州/萧山"):
        assert str(scope_from(text)) == text
    assert scope_from(" Zhejiang / Hangzhou ") == Scope("Zhejiang", "Hangzhou")
    assert scope_from("everything") == EVERYTHING


@pytest.mark.parametrize("text", ["", " ", "/", "Zhejiang/", "/Hangzhou", "a/b/c/d"])
def test_what_is_no_scope_is_refused_and_never_everything(text: str) -> None:
    with pytest.raises(ValueError, match=r"scope|province"):
        scope_from(text)


@pytest.fixture
def places(filled: Filled) -> Engine:
    """A parcel at each hub by its waybill, one by its photo (P), and one of no hub (X)."""

    def work(session: Session) -> None:
        for name, (province, municipality, hub) in PLACES.items():
            declared = full(
                name, province=province, municipality=municipality, hub=hub, sender_code=name
            )
            import_waybills(session, [declared])  # type: ignore[list-item]
            audit(session, name, {"void": Verdict.VIOLATION}, name)
            dark = photo(f"dark {name}", name)
            record_photo(session, dark, unmeasurable())
        ningbo = ensure_hub(session, *PLACES["C"])
        audit(session, "P", {"void": Verdict.VIOLATION}, hub_id=ningbo)
        record_photo(session, photo("no photo", refused_reason="unreadable", hub_id=ningbo), None)
        audit(session, "X", {"void": Verdict.VIOLATION})
        audit(session, "Y", {"void": Verdict.EXEMPT}, profile=ProfilePin("eu", "1", sha("eu")))

    return filled(work)


@pytest.mark.parametrize("text", SEEN)
def test_findings_counts_and_senders_are_those_of_the_scope(places: Engine, text: str) -> None:
    scope, expected = scope_from(text), SEEN[text]
    with reading(places) as session:
        filters = FindingFilter(profile_id="cn", scope=scope)
        rows = current_findings(session, filters)
        assert sorted(row.source_name for row in rows) == sorted(expected)
        assert count_current_findings(session, filters) == len(expected)
        assert verdict_counts(session, "cn", scope=scope).parcels == len(expected)
        senders = [row.code for row in sender_table(session, "cn", scope=scope) if row.code]
        assert sorted(senders) == sorted(set(expected) & PLACES.keys())
        profiles = ["cn", "eu"] if text == "everything" else ["cn"] if expected else []
        assert judged_profiles(session, scope) == profiles
        unmeasured = {row.reason: row.photos for row in unmeasurable_counts(session, scope)}
        assert unmeasured.get("too_dark", 0) == len(set(expected) & PLACES.keys())
        assert unmeasured.get("unreadable", 0) == ("P" in expected)


def test_a_hub_of_the_photo_goes_before_that_of_the_waybill(places: Engine) -> None:
    def work(session: Session) -> None:
        elsewhere = ensure_hub(session, *PLACES["D"])
        verdicts = {"void": Verdict.VIOLATION}
        audit(session, "seen elsewhere", verdicts, "A", low=0.7, hub_id=elsewhere)

    transact(places, work)
    with reading(places) as session:
        for scope, seen in ((Scope("Jiangsu"), True), (Scope("Zhejiang"), False)):
            rows = current_findings(session, FindingFilter(scope=scope))
            assert ("seen elsewhere" in [row.source_name for row in rows]) == seen


@pytest.mark.parametrize("text", SEEN)
def test_hubs_cameras_and_their_queue_are_those_of_the_scope(engine: Engine, text: str) -> None:
    def work(session: Session) -> None:
        for name, place in PLACES.items():
            camera, _ = add_camera(session, "/".join(place), name)
            set_capacity(session, "/".join(place), 100)
            post(
                session,
                camera.camera_id,
                sha256=sha(name),
                size_bytes=9,
                source_name=name,
                taken_at=None,
                waybill_number=None,
                received_at=NOW,
            )

    transact(engine, work)
    scope, expected = scope_from(text), set(SEEN[text]) & PLACES.keys()
    with reading(engine) as session:
        cameras = camera_activity(session, NOW, 60, scope)
        assert {camera.name for camera in cameras} == expected
        loads = hub_loads(session, NOW, 60, scope)
        assert {load.hub for load in loads} == {"/".join(PLACES[name]) for name in expected}
        depth = backlog(session, NOW, scope)
        assert depth.waiting == len(expected)
        assert (depth.oldest_seconds is None) == (not expected)
        assert failed(session, 10, scope) == []
