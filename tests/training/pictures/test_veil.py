"""Panes and near things: smooth, bounded, at the border only, the same again for a seed."""

from __future__ import annotations

import numpy as np
import pytest

from greenpack.training.pictures import postprocess, veil
from greenpack.training.scene import Finish

LIGHT = np.random.default_rng(1).uniform(0.1, 1, (120, 160, 3)).astype(np.float32)


@pytest.mark.parametrize("seed", range(6))
def test_a_pane_lowers_contrast_and_leaves_edges_in_place(seed: int) -> None:
    light = np.full((120, 160, 3), 0.2, np.float32)
    light[:, 80:] = 0.8
    seen = veil.pane(light, 0.5, seed)
    before, after = 0.8 / 0.2, seen[:, 90:].mean() / seen[:, :70].mean()
    assert 1.05 < after < before
    steps = np.abs(np.diff(seen.mean(axis=(0, 2))))
    assert abs(int(np.argmax(steps)) - 79) <= 2
    assert np.array_equal(seen, veil.pane(light, 0.5, seed))


@pytest.mark.parametrize("seed", range(6))
def test_near_things_keep_to_the_border(seed: int) -> None:
    seen = veil.near(LIGHT, 4, seed)
    changed = np.abs(seen - LIGHT).max(axis=2) > 0.02
    assert changed.any()
    assert not changed[30:-30, 30:-30].any()


def test_without_them_a_picture_stays_as_it_was() -> None:
    plain = postprocess.develop(LIGHT, Finish(noise=0), 3)
    assert np.array_equal(plain, postprocess.develop(LIGHT, Finish(noise=0, haze=0, blobs=0), 3))
    assert not np.array_equal(plain, postprocess.develop(LIGHT, Finish(noise=0, haze=0.4), 3))
