"""The words on an evidence picture are in the language that is set, all of them."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from greenpack import evidence
from greenpack.language.speaking import Language, speaking
from greenpack.vision.evidence_picture import PANEL_WIDTH, Caption
from tests.language.english_left import english_in
from tests.painted import WEIGHTS, Scene, write

from .test_audit import Bench
from .test_evidence_privacy import evidence_of, examined, photo_of

SCENES = (Scene(), Scene(filler=0.3), Scene(opened=False))


def captioned(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> Caption:
    """The caption that a picture of the scene gets."""
    given: list[Caption] = []
    monkeypatch.setattr(evidence, "evidence_picture", lambda *parts: given.append(parts[4]) or b"")
    evidence_of(examined(photo_of(scene)))
    return given[0]


@pytest.mark.parametrize("scene", SCENES, ids=["opened", "filler", "closed"])
def test_no_english_is_left_on_a_chinese_picture(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    english = captioned(scene, monkeypatch)
    with speaking(Language.CHINESE):
        chinese = captioned(scene, monkeypatch)
    assert len(chinese.lines) == len(english.lines)
    assert len(chinese.small_print) == len(english.small_print)
    names = ("sha", "mm", "screening-50", WEIGHTS.sha256)
    for text in (chinese.headline, *chinese.lines, *chinese.small_print):
        assert english_in(text, names) == [], text


def test_chinese_words_are_drawn_and_wrapped_to_the_panel() -> None:
    one = examined(photo_of(Scene()))
    with speaking(Language.CHINESE):
        data = evidence_of(one)
        assert data == evidence_of(one)
    picture = np.asarray(Image.open(io.BytesIO(data)).convert("L"), dtype=float)
    panel = picture[:, -PANEL_WIDTH:]
    assert panel[84:].min() < 60  # there is ink below the headline
    # Nothing runs into the margin on the right.
    assert panel[84:, -12:].min() > 200


@pytest.mark.parametrize("language", list(Language))
def test_an_audit_draws_in_the_language_that_is_set_and_records_in_english(
    language: Language, tmp_path: Path
) -> None:
    bench = Bench(f"sqlite:///{tmp_path / 'records.db'}", tmp_path)
    bench.settings = bench.settings.model_copy(update={"evidence_language": language})
    bench.audit(write(tmp_path / "in", {"a.jpg": Scene(goods=0.15)}))
    (finding,) = bench.findings(profile_id="screening-50")
    assert finding.explanation.startswith("The void ratio lies between ")
    drawn = headline(bench.store.read(finding.evidence_sha256))
    one = examined(photo_of(Scene(goods=0.15)))
    for other in Language:
        with speaking(other):
            off = np.abs(drawn - headline(evidence_of(one))).mean()
        assert (off < 0.5) == (other is language)
    bench.engine.dispose()


def headline(data: bytes) -> np.ndarray:
    """The verdict above the words, shape (68, PANEL_WIDTH)."""
    picture = np.asarray(Image.open(io.BytesIO(data)).convert("L"), dtype=float)
    return picture[:68, -PANEL_WIDTH:]
