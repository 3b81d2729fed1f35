"""The one door to the model: a picture in, shapes out. Nothing is ever fetched."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from greenpack.reasons import GreenPackError
from greenpack.vision.outlines import mask_outlines
from greenpack.vision.shapes import Label, Shape
from greenpack.vision.weights import Weights, load_weights

# Before ultralytics is imported: it would look for updates, packages and fonts on the network,
# and report use.
_OFFLINE = {"YOLO_OFFLINE": "true", "YOLO_AUTOINSTALL": "false", "YOLO_VERBOSE": "false"}

DEFAULT_IMAGE_SIZE = 448
# Things of one piece: what else the mask has is a speck. Goods may be cut in two by filler on them.
_WHOLE = frozenset({Label.OPENING, Label.PARCEL, Label.WAYBILL})
LEAST_CONFIDENCE = 0.25


class Detector:
    """A YOLO segmentation model behind a small interface.

    The OpenVINO export runs on the processor; a ``.pt`` runs on a GPU where there is one, else on
    the processor. Pictures of any size are letterboxed to one square, alone or in a batch, so
    that a picture gives the same shapes in any company.

    Attributes:
        weights: the checked weights, whose SHA-256 pins every measurement.
        device: ``cpu`` or ``cuda:0``.
    """

    def __init__(
        self,
        weights: Path | Weights | None = None,
        *,
        confidence: float = LEAST_CONFIDENCE,
        image_size: int | None = None,
    ) -> None:
        """Load the model; about two seconds, most of it for importing the libraries.

        Args:
            weights: a ``.pt`` file, an OpenVINO folder, or a folder that holds either; None takes
                the shipped ones.
            confidence: shapes below are not given, 0 to 1.
            image_size: side of the square, pixels; None takes that of the training.

        Raises:
            GreenPackError: ``weights_missing``, ``weights_changed`` or ``weights_unsuitable``.
        """
        _stay_offline()
        import torch
        from ultralytics.models.yolo.model import YOLO

        has_gpu = torch.cuda.is_available()
        if not isinstance(weights, Weights):
            weights = load_weights(weights, prefer_gpu=has_gpu)
        self.weights = weights
        on_gpu = has_gpu and weights.path.suffix == ".pt"
        self.device = "cuda:0" if on_gpu else "cpu"
        self._confidence = confidence
        self._size = image_size or weights.image_size or DEFAULT_IMAGE_SIZE
        try:
            self._model = YOLO(str(weights.path), task="segment", verbose=False)
            names = self._model.names
        except Exception as error:  # whatever a broken file makes the libraries raise
            raise GreenPackError("weights_unsuitable", f"{weights.path.name}: {error}") from error
        self._labels = {index: Label(name) for index, name in names.items() if name in set(Label)}
        if not self._labels:
            raise GreenPackError(
                "weights_unsuitable", f"{weights.path.name} knows none of {', '.join(Label)}"
            )

    def shapes(self, image: NDArray[np.uint8]) -> list[Shape]:
        """What the model sees in a picture, surest first.

        Args:
            image: shape (h, w, 3), RGB, 0 to 255.

        Returns:
            Shapes with polygons in pixels of ``image``.
        """
        return self.shapes_of([image])[0]

    def shapes_of(self, images: Sequence[NDArray[np.uint8]]) -> list[list[Shape]]:
        """What the model sees in each of several pictures, run as one batch."""
        if not images:
            return []
        results = self._model.predict(
            [cv2.cvtColor(image, cv2.COLOR_RGB2BGR) for image in images],  # as ultralytics wants
            imgsz=self._size,
            conf=self._confidence,
            batch=len(images),
            rect=False,
            device=self.device,
            verbose=False,
        )
        return [self._shapes_from(result) for result in results]

    def _shapes_from(self, result: Any) -> list[Shape]:
        if result.masks is None or result.boxes is None:
            return []
        from ultralytics.utils.ops import scale_coords

        masks = result.masks.data.cpu().numpy().astype(np.uint8)
        found = zip(result.boxes.cls.tolist(), result.boxes.conf.tolist(), masks, strict=True)
        shapes = [
            Shape(
                label=self._labels[int(index)],
                confidence=float(confidence),
                polygon=np.asarray(
                    scale_coords(mask.shape, outline, result.orig_shape), np.float64
                ),
            )
            for index, confidence, mask in found
            if int(index) in self._labels
            for outline in mask_outlines(mask, self._labels[int(index)] in _WHOLE)
        ]
        return sorted(shapes, key=lambda shape: -shape.confidence)


def _stay_offline() -> None:
    """Keep the libraries from the network; takes effect on what is not imported yet."""
    os.environ.update(_OFFLINE)
    # OpenVINO reports its use to its makers unless this package is missing; then it does without.
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]


def enlarged(shapes: Sequence[Shape], factor: float) -> list[Shape]:
    """The shapes in pixels of a picture that is ``factor`` times as large."""
    return [Shape(shape.label, shape.confidence, shape.polygon * factor) for shape in shapes]
