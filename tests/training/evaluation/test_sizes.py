"""Closed parcels' sizes held against rendered truth."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from greenpack.measure.closed.closed_view import ClosedSettings
from greenpack.measure.interval import Interval
from greenpack.measure.measurement import Measurement, Outcome, Quantity
from greenpack.training.evaluation.closed_truth import (
    KnownErrors,
    faces_in_view,
    is_bag,
    true_camera,
    true_size,
)
from greenpack.training.evaluation.size_figures import Sized, figures, worst
from greenpack.training.evaluation.sizes import (
    BELT,
    LABEL_LENS,
    LABEL_PHOTO,
    report,
    sized,
    trials,
    true_outlines,
)
from greenpack.training.pictures.projection import project
from greenpack.training.scene import Camera, Carton

CAMERA = Camera(500.0, -420.0, 900.0, 0.0, 0.0, 60.0, 25.0, 45.0, 1000, 1000)
BOX = Carton(
    300.0, 220.0, 160.0, 3.0, 0.0, 0.0, 20.0, False, (0.5, 0.4, 0.2), (0.5, 0.4, 0.2), False,
    style="box",
)  # fmt: skip
TRUE = (306.0, 226.0, 166.0)


def scene(**changes: object) -> dict[str, Any]:
    return {"cartons": [{**asdict(BOX), **changes}], "camera": asdict(CAMERA)}


def test_the_true_size_is_the_outer_one_of_a_box_by_itself() -> None:
    assert true_size(scene()) == TRUE
    assert true_size(scene(length=200.0)) == (226.0, 206.0, 166.0)
    others: tuple[dict[str, object], ...]
    others = ({"opened": True}, {"bag": True}, {"z": 80.0}, {"tilt": 5.0}, {"style": "tube"})
    for other in others:
        assert true_size(scene(**other)) is None
    two = scene()
    two["cartons"] *= 2
    assert true_size(two) is None


def test_the_camera_sees_points_where_the_renderer_draws_them() -> None:
    camera = true_camera(scene())
    assert camera.belt is not None
    points = np.random.default_rng(1).uniform(-200, 200, (20, 3))
    local = points @ np.array(camera.belt.rotation).T + np.array(camera.belt.translation)
    # OpenCV counts from the middle of the first pixel, the renderer from its corner.
    assert camera.projected(local) + 0.5 == pytest.approx(project(CAMERA, points), abs=1e-6)


def corners() -> np.ndarray:
    turn = np.radians(BOX.yaw)
    across = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    flat = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * np.array(TRUE[:2]) / 2 @ across
    return np.vstack([np.column_stack([flat, np.full(4, z)]) for z in (0.0, TRUE[2])])


def write(folder: Path) -> None:
    """A picture of the box in plain shades, with its truth."""
    for kind in ("images", "labels", "truth"):
        (folder / kind / "test").mkdir(parents=True)
    pixels = project(CAMERA, corners())
    picture = np.full((1000, 1000), 90.0)
    for face, shade in (((0, 1, 5, 4), 140), ((1, 2, 6, 5), 165), ((4, 5, 6, 7), 205)):
        polygon = np.round((pixels[list(face)] - 0.5) * 16).astype(np.int32)
        cv2.fillConvexPoly(picture, polygon, shade, cv2.LINE_8, 4)
    picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), 0.9), np.float64)
    picture += np.random.default_rng(2).normal(0, 2, picture.shape)
    cv2.imwrite(str(folder / "images/test/000001.jpg"), picture.clip(0, 255).astype(np.uint8))
    hull = cv2.convexHull(pixels.astype(np.float32)).reshape(-1, 2) / 1000
    line = " ".join(f"{value:.5f}" for value in hull.ravel())
    (folder / "labels/test/000001.txt").write_text(f"0 {line}\n")
    truth = {"seed": 1, "width": 1000, "height": 1000, "openings": [], "scene": scene()}
    (folder / "truth/test/000001.json").write_text(json.dumps(truth))


def test_a_drawn_box_is_measured_true(tmp_path: Path) -> None:
    write(tmp_path)
    found = [
        one
        for trial in trials(tmp_path, "test", true_outlines)
        for one in sized(trial, ClosedSettings())
    ]
    told = report(found)
    assert list(told) == [BELT], "there is no label"
    told = told[BELT]["three_faces"]
    assert (told["boxes"], told["measured"], told["sides"]) == (1, 1, 3)
    assert told["error_relative"]["p95"] < 0.02
    assert told["interval_holds"] == {"count": 3, "of": 3}
    assert told["complying_called_violation"] == {"count": 0, "of": 1}


def test_what_is_known_is_off_as_far_as_it_is_said_to_be() -> None:
    drawn = [KnownErrors.drawn(seed) for seed in range(400)]
    assert KnownErrors.drawn(7) == drawn[7]
    assert np.mean([abs(one.height) < 3.0 for one in drawn]) == pytest.approx(0.95, abs=0.04)
    assert np.mean([abs(one.focal) < 0.003 for one in drawn]) == pytest.approx(0.95, abs=0.04)
    higher = true_camera(scene(), KnownErrors(height=10.0))
    assert higher.belt is not None
    normal = np.array(higher.belt.rotation)[:, 2]
    # The camera's height over the plane is minus the plane's distance along its normal.
    assert -float(normal @ np.array(higher.belt.translation)) == pytest.approx(CAMERA.z + 10)


def test_the_faces_in_view_are_counted() -> None:
    assert faces_in_view(scene()) == 3
    above = scene()
    above["camera"] |= {"x": 5.0, "y": 3.0}
    assert faces_in_view(above) == 1
    beside = scene(yaw=0.0)
    beside["camera"] |= {"x": 0.0, "y": -600.0}
    assert faces_in_view(beside) == 2


def test_a_bag_is_told_and_counted() -> None:
    assert is_bag(scene(bag=True, style="poly"))
    assert not is_bag(scene())
    refused = Measurement(Outcome.UNMEASURABLE, "not_a_box")
    told = figures([Sized("a", BELT, None, refused, 0)])
    assert told["soft"] == {"pictures": 1, "given_sizes": 0, "refused": {"not_a_box": 1}}
    assert told["all"]["boxes"] == 0


def measured(length: float, width: float, height: float, half: float) -> Measurement:
    names = (Quantity.LENGTH_MM, Quantity.WIDTH_MM, Quantity.HEIGHT_MM)
    return Measurement(
        Outcome.MEASURED,
        quantities={
            name: Interval(value, value - half, value + half)
            for name, value in zip(names, (length, width, height), strict=True)
        },
        scale="calibrated_camera",
    )


def test_the_figures_count_refusals_errors_and_coverage() -> None:
    good = Measurement(
        Outcome.MEASURED,
        quantities={
            Quantity.LENGTH_MM: Interval(303.0, 300.0, 306.0),
            Quantity.WIDTH_MM: Interval(200.0, 199.0, 201.0),
            Quantity.HEIGHT_MM: Interval(None, 90.0, 120.0),
        },
        scale="calibrated_camera",
    )
    bad = Measurement(Outcome.UNMEASURABLE, "not_a_box")
    size = (300.0, 210.0, 100.0)
    several = [Sized("a", BELT, size, good), Sized("b", BELT, size, bad, faces=2)]
    told = figures(several)
    assert (told["all"]["boxes"], told["all"]["measured"], told["all"]["sides"]) == (2, 1, 2)
    assert told["all"]["refused"] == {"not_a_box": 1}
    assert told["all"]["error_mm"] == {"median": 6.5, "p95": pytest.approx(9.65)}
    assert told["all"]["interval_holds"] == {"count": 1, "of": 2}
    assert told["all"]["within_5_mm_or_2_percent"] == 0.5
    assert told["three_faces"]["boxes"] == 1
    assert told["all"]["complying_called_violation"] == {"count": 0, "of": 0}, "height not seen"
    assert [one["picture"] for one in worst(several, 5)] == ["a"]
    assert figures([])["all"]["error_mm"] == {"median": None, "p95": None}


def test_only_labels_of_known_formats_are_held_to_the_bar() -> None:
    size = (300.0, 210.0, 100.0)
    odd = Sized("a", LABEL_LENS, size, measured(450, 315, 150, 5), listed=False)
    told = figures([odd, Sized("b", LABEL_LENS, size, measured(300, 210, 100, 5))])
    assert told["all"]["measured"] == 2
    assert told["listed_format"]["error_mm"]["p95"] == 0
    assert LABEL_PHOTO in report([Sized("c", LABEL_PHOTO, size, measured(300, 210, 100, 5))])


def test_it_is_told_how_many_labels_can_be_read_and_which_sizes_are_bounds_only() -> None:
    size = (300.0, 210.0, 100.0)
    bounds = Measurement(
        Outcome.MEASURED,
        quantities={Quantity.LENGTH_MM: Interval(None, 290.0, 420.0)},
        scale="waybill_label",
    )
    read = Sized("a", LABEL_LENS, size, measured(300, 210, 100, 5), number_read=True)
    told = figures([read, Sized("b", LABEL_LENS, size, bounds, number_read=False)])
    assert told["number_read"] == {"count": 1, "of": 2}
    assert (told["all"]["measured"], told["all"]["bounds_only"]) == (2, 1)
    assert "number_read" not in figures([Sized("a", BELT, size, bounds)])


def test_a_box_measured_too_large_accuses_the_one_at_the_limit() -> None:
    size = (300.0, 210.0, 100.0)
    assert Sized("a", BELT, size, measured(330, 231, 110, 2)).accused() is True
    assert Sized("a", BELT, size, measured(302, 211, 101, 5)).accused() is False
    assert Sized("a", BELT, size, measured(280, 200, 95, 2)).accused() is False
