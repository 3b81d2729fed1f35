"""One small picture through Blender, where it is installed."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from greenpack.training.datasets import inventory, render


@pytest.mark.slow
def test_a_scene_is_rendered_with_labels_and_truth(tmp_path: Path) -> None:
    pytest.importorskip("bpy")
    for folder in ("images", "labels", "truth"):
        (tmp_path / folder / "val").mkdir(parents=True)
    render.make(tmp_path, "val", seed=3, size=64)
    picture, label, truth = inventory.paths(tmp_path, "val", 3)
    assert np.asarray(Image.open(picture)).shape == (64, 64, 3)
    record = json.loads(truth.read_text("utf-8"))
    assert len(record["openings"]) == 1
    assert label.read_text("utf-8").startswith("1 ")
    assert not list(tmp_path.rglob("*.part"))
