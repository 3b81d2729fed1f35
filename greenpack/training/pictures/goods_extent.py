"""Where the goods in a carton are as the camera would see them if nothing lay on or before them."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from greenpack.training.cartons.frames import carton_frame
from greenpack.training.goods.looks import good_parts
from greenpack.training.pictures.lens import distort, pinhole
from greenpack.training.pictures.projection import project
from greenpack.training.pictures.truth import rim_outline
from greenpack.training.scene import Carton, Scene

_SHIFT = 4  # bits of a pixel's fraction that OpenCV draws with


def goods_extent(scene: Scene, carton: Carton) -> npt.NDArray[np.bool_]:
    """The pixels of an opened carton's mouth behind which goods are, seen or hidden by filler.

    What lies behind the carton's walls, as seen from the camera, is left out: it projects outside
    the mouth. Filler counts for nothing here, because it is void.

    Args:
        scene: with its camera.
        carton: one of its cartons, opened.

    Returns:
        Shape (height, width) of the picture.
    """
    shape = (scene.camera.height, scene.camera.width)
    goods = np.zeros(shape, np.uint8)
    frame = carton_frame(carton)
    for good in carton.goods:
        for part in good_parts(good, frame, 1):
            seen = distort(scene.camera, project(pinhole(scene.camera), part.mesh.vertices))
            for face in part.mesh.faces:
                corners = np.round(seen[list(face)] * 2**_SHIFT).astype(np.int32)
                cv2.fillConvexPoly(goods, corners, 1, cv2.LINE_8, _SHIFT)
    mouth = np.zeros(shape, np.uint8)
    outline = np.round(rim_outline(scene, carton) * 2**_SHIFT).astype(np.int32)
    cv2.fillPoly(mouth, [outline], 1, cv2.LINE_8, _SHIFT)
    return (goods & mouth).astype(bool)
