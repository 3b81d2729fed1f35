"""The table that a model is chosen by."""

from __future__ import annotations

import json
import os
import shutil
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from greenpack.training.evaluation.evaluate import read_truth
from greenpack.training.evaluation.truth import Truth
from greenpack.training.fitting import choice
from greenpack.training.refusals import RefusedError
from greenpack.vision.shapes import Label, Shape
from greenpack.vision.weights import Weights
from tests.training.tiny_set import write_set


@pytest.fixture
def truth(tmp_path: Path) -> Truth:
    data = write_set(tmp_path / "set", val=3, side=320)
    shutil.rmtree(data / "truth")
    return read_truth(data, "val")


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run's folder as training leaves it."""
    folder = tmp_path / "run"
    (folder / "weights").mkdir(parents=True)
    (folder / "weights" / "last.pt").write_bytes(b"weights")
    record = {"arguments": {"model": "s", "size": 512}, "hours": 1.5}
    (folder / "run.json").write_text(json.dumps(record))
    return folder


class Finder:
    """Finds the bright rectangle; at 96 px and below it sees nothing. Takes 5 ms."""

    weights = Weights(Path("fake.pt"), "0" * 64, checked=False)

    def __init__(self, size: int) -> None:
        self.size = size

    def shapes(self, image: np.ndarray) -> list[Shape]:
        time.sleep(0.005)
        if self.size <= 96:
            return []
        rows, columns = np.nonzero(image[:, :, 0] > 160)
        left, right, top, bottom = columns.min(), columns.max(), rows.min(), rows.max()
        corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
        return [Shape(Label.OPENING, 0.9, np.array(corners, np.float64))]


def finder(weights: Path, confidence: float, size: int) -> Any:
    return Finder(size)


def test_a_row_for_each_run_and_size(truth: Truth, run: Path) -> None:
    rows = choice.compare([run], truth, [96, 128], "torch", finder)
    assert [(r["run"], r["model"], r["trained_at"], r["hours"]) for r in rows] == [
        ("run", "s", 512, 1.5)
    ] * 2
    blind, seeing = rows
    assert (blind["size"], blind["found"], blind["iou_median"]) == (96, "0 of 3", 0.0)
    assert (seeing["size"], seeing["found"]) == (128, "3 of 3")
    assert seeing["iou_median"] > 0.9
    assert 5 <= seeing["milliseconds"] < 100
    (own,) = choice.compare([run], truth, [], "torch", finder)
    assert own["size"] == 512


def test_the_table_is_markdown(truth: Truth, run: Path) -> None:
    lines = choice.as_table(choice.compare([run], truth, [96], "torch", finder)).splitlines()
    assert len(lines) == 3
    assert len({line.count("|") for line in lines}) == 1
    assert lines[2].startswith("| run | s | 512 | 1.500 | 96 | 0 of 3 | 0.000 | 0.000 | - |")


def test_an_export_is_made_once_and_again_for_newer_weights(
    run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []

    def export(checkpoint: Path, out: Path, size: int) -> None:
        made.append((checkpoint, size))
        out.mkdir(exist_ok=True)
        (out / "weights.json").write_text("{}")

    monkeypatch.setattr("greenpack.training.fitting.model_export.export", export)
    last = run / "weights" / "last.pt"
    assert choice.weights_of(run, "openvino")[0] == run / "export"
    choice.weights_of(run, "openvino")
    assert made == [(last, 512)]
    later = time.time() + 60
    os.utime(last, (later, later))
    choice.weights_of(run, "openvino")
    assert len(made) == 2
    assert choice.weights_of(run, "torch")[0] == last


def test_what_is_no_run_is_refused_or_taken_as_weights(run: Path, tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="nothing at"):
        choice.weights_of(tmp_path / "gone", "torch")
    (run / "weights" / "last.pt").unlink()
    with pytest.raises(RefusedError, match="no weights yet"):
        choice.weights_of(run, "torch")
    plain = tmp_path / "plain.pt"
    plain.touch()
    assert choice.weights_of(plain, "openvino")[0] == plain
