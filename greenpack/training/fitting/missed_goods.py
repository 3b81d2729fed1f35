"""Goods where the model saw nothing: the share of an opening that a void bound must allow for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from greenpack.measure.acceptance import outlines
from greenpack.training.pictures.goods_extent import goods_extent
from greenpack.training.pictures.projection import Floats, area_share
from greenpack.training.refusals import RefusedError
from greenpack.training.scenes.sampling import VERSION, sample
from greenpack.vision.shapes import Label, Shape


def missed_share(goods: NDArray[np.bool_], shapes: Sequence[Shape], mouth: Floats) -> float:
    """Share of the mouth, in its plane, behind which goods are and nothing was seen, 0 to 1.

    Filler that was not seen counts only as far as it hides goods, for filler is void itself. What
    is seen elsewhere in vain makes up for nothing.

    Args:
        goods: shape (height, width): pixels of the mouth behind which goods are.
        shapes: what the model saw, in the same pixels.
        mouth: shape (4, 2), the opening's true corners.
    """
    seen = np.zeros(goods.shape, np.uint8)
    for polygon in (*outlines(shapes, Label.ITEM), *outlines(shapes, Label.FILLER)):
        cv2.fillPoly(seen, [np.round(polygon).astype(np.int32)], 1)
    return min(1.0, area_share(goods & (seen == 0), mouth))


def goods_of(truth: dict[str, Any]) -> NDArray[np.bool_]:
    """Where the goods are in a picture of one opened carton, from its scene drawn again.

    Args:
        truth: as kept beside the picture.

    Returns:
        Shape (height, width).

    Raises:
        RefusedError: if the generator draws another scene from that seed now.
    """
    scene = sample(int(truth["seed"]), int(truth["width"]), int(truth["height"]))
    if not _same(scene.as_dict(), truth["scene"]):
        raise RefusedError(
            f"Scene {truth['seed']} is of another generator (version {truth.get('version')}; this "
            f"is {VERSION}): render the calibration scenes anew."
        )
    return goods_extent(scene, next(carton for carton in scene.cartons if carton.opened))


def _same(one: Any, other: Any) -> bool:
    """Whether two nests of values are equal, up to the last bits: numpy's versions differ there."""
    if isinstance(one, dict):
        return (
            isinstance(other, dict)
            and one.keys() == other.keys()
            and all(_same(one[key], other[key]) for key in one)
        )
    if isinstance(one, list | tuple):
        return (
            isinstance(other, list | tuple)
            and len(one) == len(other)
            and all(map(_same, one, other))
        )
    if isinstance(one, float) and isinstance(other, int | float):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-6)
    return bool(one == other)
