"""Labels of every layout are drawn in their size, and their big codes decode."""

from __future__ import annotations

import numpy as np
import pytest
import zxingcpp

from greenpack.training.printed import waybill_layouts
from greenpack.training.scene import Label

FORMATS = [(name, size) for name, sizes in waybill_layouts.LAYOUTS.items() for size in sizes]


def label(layout: str, size: tuple[float, float], seed: int = 1, pouch: bool = False) -> Label:
    return Label("773402918264", *size, "floor", 0, 0, 0, seed, layout=layout, pouch=pouch)


@pytest.mark.parametrize(("layout", "size"), FORMATS)
def test_a_layout_fills_its_format(layout: str, size: tuple[float, float]) -> None:
    picture = waybill_layouts.draw(label(layout, size), 4.0)
    assert picture.shape == (round(size[1] * 4), round(size[0] * 4), 3)
    dark = (picture.max(axis=2) < 140).mean()
    assert 0.01 < dark < 0.6


@pytest.mark.parametrize("layout", ["thermal", "carrier", "form"])
def test_big_codes_decode(layout: str) -> None:
    for size in waybill_layouts.LAYOUTS[layout]:
        picture = waybill_layouts.draw(label(layout, size), 8.0)
        found = zxingcpp.read_barcodes(np.ascontiguousarray(picture))
        assert "773402918264" in {code.text for code in found}


def test_seeds_vary_the_print_and_repeat_it() -> None:
    a, b, c = (waybill_layouts.draw(label("thermal", (100, 150), s), 3.0) for s in (1, 2, 1))
    assert np.array_equal(a, c)
    assert (a != b).mean() > 0.02


def test_a_pouch_has_a_rim() -> None:
    bare = waybill_layouts.draw(label("carrier", (100, 150)), 4.0)
    pocket = waybill_layouts.draw(label("carrier", (100, 150), pouch=True), 4.0)
    assert (bare[2, :, 0] != pocket[2, :, 0]).mean() > 0.5
