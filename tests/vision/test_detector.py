"""The shipped model behind its interface: real weights, real runtime."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from greenpack.reasons import GreenPackError
from greenpack.vision.detector import Detector, enlarged
from greenpack.vision.shapes import Label, Shape
from greenpack.vision.weights import load_weights

SAMPLES = Path(__file__).parent.parent.parent / "samples"

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector()


@pytest.fixture(scope="module")
def photos() -> list[np.ndarray]:
    names = sorted(SAMPLES.glob("*.jpg"))[:3]
    assert len(names) == 3
    return [np.asarray(Image.open(name).convert("RGB").resize((800, 600))) for name in names]


def outline(shapes: list[Shape]) -> list[tuple]:
    return [(shape.label, round(shape.confidence, 2), len(shape.polygon) > 2) for shape in shapes]


def test_shapes_lie_in_the_picture_surest_first(
    detector: Detector, photos: list[np.ndarray]
) -> None:
    shapes = detector.shapes(photos[0])
    assert shapes
    confidences = [shape.confidence for shape in shapes]
    assert confidences == sorted(confidences, reverse=True)
    for shape in shapes:
        assert isinstance(shape.label, Label)
        assert shape.polygon.shape[1] == 2
        assert shape.polygon.min() >= -1
        assert shape.polygon[:, 0].max() <= 801
        assert shape.polygon[:, 1].max() <= 601


def test_a_photo_gives_the_same_shapes_alone_and_in_a_batch(
    detector: Detector, photos: list[np.ndarray]
) -> None:
    batch = detector.shapes_of(photos)
    assert len(batch) == len(photos)
    for photo, together in zip(photos, batch, strict=True):
        assert outline(detector.shapes(photo)) == outline(together)
    assert detector.shapes_of([]) == []


def test_the_pt_sees_what_the_export_sees(detector: Detector, photos: list[np.ndarray]) -> None:
    torch_model = Detector(load_weights(prefer_gpu=True))
    assert torch_model.weights.path.suffix == ".pt"
    assert torch_model.weights.sha256 != detector.weights.sha256
    ours, theirs = (
        next(shape for shape in one.shapes(photos[0]) if shape.label is Label.OPENING)
        for one in (detector, torch_model)
    )
    assert np.allclose(ours.polygon.mean(axis=0), theirs.polygon.mean(axis=0), atol=15)


def test_an_empty_picture_gives_no_opening(detector: Detector) -> None:
    gray = np.full((400, 600, 3), 127, np.uint8)
    assert not [shape for shape in detector.shapes(gray) if shape.label is Label.OPENING]


def test_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.pt").write_bytes(b"not a model")
    with pytest.raises(GreenPackError) as caught:
        Detector(tmp_path / "mine.pt")
    assert caught.value.code == "weights_unsuitable"


def test_nothing_is_fetched_or_reported(tmp_path: Path) -> None:
    # Every name looked up and every connection made, by Python or by a library's own threads.
    code = (
        "import socket, sys, time\n"
        "def refuse(*given, **named): sys.stderr.write(f'NETWORK {given[:2]}\\n'); raise OSError\n"
        "socket.getaddrinfo = socket.gethostbyname = socket.create_connection = refuse\n"
        "socket.socket.connect = refuse\n"
        "import numpy\n"
        "from greenpack.vision.detector import Detector\n"
        "Detector().shapes(numpy.zeros((320, 320, 3), numpy.uint8))\n"
        "time.sleep(1)\n"
    )
    # A home without the libraries' settings: the first run is the one that would call out.
    fresh = {**os.environ, "HOME": str(tmp_path)}
    result = subprocess.run(
        [sys.executable, "-c", code], env=fresh, capture_output=True, text=True, check=True
    )
    assert "NETWORK" not in result.stderr
    assert result.stdout == ""
    assert not (tmp_path / "intel").exists()


def test_enlarging_multiplies_coordinates_only() -> None:
    shape = Shape(Label.ITEM, 0.5, np.array([[1.0, 2], [3, 4], [5, 6]]))
    [larger] = enlarged([shape], 2.5)
    assert (larger.label, larger.confidence) == (Label.ITEM, 0.5)
    assert larger.polygon.tolist() == [[2.5, 5], [7.5, 10], [12.5, 15]]
    assert shape.as_dict()["polygon"] == [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]
