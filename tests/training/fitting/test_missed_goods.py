"""Goods that the model missed: counted by what they hide behind, not by what is seen in vain."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from greenpack.training.fitting.missed_goods import goods_of, missed_share
from greenpack.training.pictures.goods_extent import goods_extent
from greenpack.training.pictures.projection import area_share
from greenpack.training.pictures.truth import corners
from greenpack.training.refusals import RefusedError
from greenpack.training.scene import Scene
from greenpack.training.scenes.sampling import sample
from greenpack.vision.shapes import Label, Shape

MOUTH = np.array([[0.0, 0], [100, 0], [100, 100], [0, 100]])


def square(left: float, top: float, side: float, label: Label = Label.ITEM) -> Shape:
    right, low = left + side, top + side
    return Shape(label, 0.9, np.array([[left, top], [right, top], [right, low], [left, low]]))


def there(left: int, top: int, side: int) -> Any:
    goods = np.zeros((100, 100), bool)
    goods[top : top + side, left : left + side] = True
    return goods


def test_all_of_what_is_not_seen_is_missed_and_nothing_of_what_is() -> None:
    goods = there(20, 20, 40)
    assert missed_share(goods, [], MOUTH) == pytest.approx(0.16)
    assert missed_share(goods, [square(20, 20, 40)], MOUTH) == 0.0
    assert missed_share(goods, [square(10, 10, 60, Label.FILLER)], MOUTH) == 0.0


def test_what_is_seen_in_vain_makes_up_for_nothing() -> None:
    elsewhere = [square(61, 61, 38), square(61, 1, 38, Label.FILLER)]
    assert missed_share(there(20, 20, 40), elsewhere, MOUTH) == pytest.approx(0.16)


def test_a_label_hides_no_goods() -> None:
    assert missed_share(there(20, 20, 40), [square(0, 0, 99, Label.WAYBILL)], MOUTH) > 0.15


def opened() -> list[Scene]:
    """The first scenes that show one opened carton, whole, with goods."""
    found = []
    for seed in range(400):
        scene = sample(seed)
        cartons = [carton for carton in scene.cartons if carton.opened]
        if scene.case == "one" and len(cartons) == 1 and cartons[0].goods:
            found.append(scene)
        if len(found) == 6:
            return found
    raise AssertionError("too few opened cartons")


def test_the_goods_lie_within_the_mouth_and_need_no_filler_taken_out() -> None:
    for scene in opened():
        [carton] = [carton for carton in scene.cartons if carton.opened]
        extent = goods_extent(scene, carton)
        share = area_share(extent, corners(scene, carton))
        assert 0 < share <= 1.02
        assert np.array_equal(extent, goods_extent(scene, replace(carton, filler=())))
        assert not goods_extent(scene, replace(carton, goods=())).any()


def test_the_scene_of_a_truth_is_drawn_again_and_another_one_is_refused() -> None:
    scene = opened()[0]
    truth = {
        "seed": scene.seed,
        "version": "3",
        "width": scene.camera.width,
        "height": scene.camera.height,
        "scene": json.loads(json.dumps(scene.as_dict())),
    }
    assert goods_of(truth).any()
    truth["scene"]["camera"]["z"] += 1.0
    with pytest.raises(RefusedError, match="render the calibration scenes anew"):
        goods_of(truth)
