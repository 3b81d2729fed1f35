"""Masks become clean outlines: no specks, no threads between pieces, no shrinking."""

from __future__ import annotations

import numpy as np
import pytest
from shapely.geometry import Polygon

from greenpack.vision.outlines import mask_outlines


def mask(*boxes: tuple[int, int, int, int]) -> np.ndarray:
    picture = np.zeros((100, 120), np.uint8)
    for x, y, width, height in boxes:
        picture[y : y + height, x : x + width] = 1
    return picture


def test_an_outline_has_the_area_of_its_mask() -> None:
    [outline] = mask_outlines(mask((10, 20, 50, 30)), whole=True)
    assert Polygon(outline).area == pytest.approx(50 * 30)
    assert outline.min(axis=0).tolist() == [10, 20]
    assert outline.max(axis=0).tolist() == [60, 50]


def test_specks_are_left_out() -> None:
    outlines = mask_outlines(mask((10, 20, 50, 30), (90, 80, 4, 4)), whole=False)
    assert len(outlines) == 1


def test_goods_cut_in_two_keep_both_pieces_and_an_opening_only_one() -> None:
    two = mask((10, 20, 30, 30), (60, 20, 20, 30))
    first, second = mask_outlines(two, whole=False)
    assert Polygon(first).area == pytest.approx(900)
    assert Polygon(second).area == pytest.approx(600)
    assert len(mask_outlines(two, whole=True)) == 1


def test_masks_with_nothing_to_outline() -> None:
    assert mask_outlines(mask(), whole=False) == []
    assert mask_outlines(mask((5, 5, 1, 1)), whole=False) == []
    assert mask_outlines(mask((5, 5, 20, 1)), whole=False) == []
