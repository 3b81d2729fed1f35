"""Where the belt lies: within millimetres, with an error that covers, or refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from greenpack.cameras.belt import height_of, locate_belt
from greenpack.cameras.board import Paper
from greenpack.cameras.board_photo import BoardView, find_board
from greenpack.measure.closed.camera_model import BeltPlane, CameraModel
from greenpack.reasons import GreenPackError

from .board_pictures import CAMERA, belt_under, on_belt, picture, sheet

HEIGHT = 900.0
KNOWN = replace(CAMERA, focal_error=0.002)


def view(
    over: CameraModel,
    at: tuple[float, float] = (0.0, 0.0),
    turn: float = 0.0,
    above: float = 0.0,
    noise: float = 0.15,
    seed: int = 0,
    paper: Paper = Paper.A4,
) -> BoardView:
    """A view as a detector would give it, of a board lying ``above`` the belt."""
    board = sheet(paper).board
    rotation, shift = on_belt(over, at, turn, board, above)
    corners = over.projected(board.points() @ rotation.T + shift)
    corners = corners + np.random.default_rng(seed).normal(0, noise, corners.shape)
    ids = np.arange(board.corners)
    return BoardView(f"{seed}.jpg", "0" * 64, over.width, over.height, board, ids, corners)


def tilt_between(one: BeltPlane, other: BeltPlane) -> float:
    normals = [np.array(plane.rotation)[:, 2] for plane in (one, other)]
    return float(np.degrees(np.arccos(min(float(normals[0] @ normals[1]), 1.0))))


@pytest.mark.parametrize("tilt", [0.0, 25.0, 40.0])
def test_a_painted_photo_gives_the_height_within_five_millimetres(tilt: float) -> None:
    over = belt_under(KNOWN, HEIGHT, tilt)
    assert over.belt is not None
    foot = HEIGHT * np.tan(np.radians(tilt))
    board = sheet().board
    pixels = picture(over, *on_belt(over, (20.0, -foot), 15.0, board), seed=3)
    seen = find_board("belt.jpg", "0" * 64, pixels)
    if not len(seen.ids):
        pixels = picture(over, *on_belt(over, (20.0, foot), 15.0, board), seed=3)
        seen = find_board("belt.jpg", "0" * 64, pixels)
    found = locate_belt(KNOWN, 0.1, board, [seen], 0.0)
    assert height_of(found) == pytest.approx(HEIGHT, abs=5.0)
    assert abs(height_of(found) - HEIGHT) <= found.error < 10.0
    assert tilt_between(found, over.belt) < 0.5


def test_the_frame_is_on_the_belt_straight_under_the_camera() -> None:
    over = belt_under(KNOWN, HEIGHT, 10.0)
    found = locate_belt(KNOWN, 0.1, sheet().board, [view(over)], 0.0)
    rotation, shift = np.array(found.rotation), np.array(found.translation)
    assert np.allclose(rotation.T @ shift, (0, 0, -height_of(found)), atol=1e-6)
    assert rotation[:, 2] @ shift < 0  # z points up, to the camera
    assert rotation[0, 0] > 0.9


def test_the_plates_thickness_lies_between_board_and_belt() -> None:
    over = belt_under(KNOWN, HEIGHT, 15.0)
    seen = [view(over, above=12.0, noise=0.01)]
    found = locate_belt(KNOWN, 0.02, sheet().board, seen, 12.0)
    assert height_of(found) == pytest.approx(HEIGHT, abs=1.0)


def test_a_board_printed_smaller_than_told_puts_the_belt_too_far_away() -> None:
    over = belt_under(KNOWN, HEIGHT, 15.0)
    told = sheet().board.measured(ruler_mm=206.0, square_mm=None)
    found = locate_belt(KNOWN, 0.02, told, [view(over, noise=0.01)], 0.0)
    assert height_of(found) == pytest.approx(HEIGHT * 1.03, rel=0.002)


def test_the_half_width_covers_the_error_of_the_corners() -> None:
    over = belt_under(replace(CAMERA, focal_error=0.0), HEIGHT, 20.0)
    exact = replace(CAMERA, focal_error=0.0)
    held = 0
    for seed in range(40):
        found = locate_belt(exact, 0.3, sheet().board, [view(over, noise=0.3, seed=seed)], 0.0)
        held += abs(height_of(found) - HEIGHT) <= found.error
    assert held >= 37


def test_several_photos_settle_the_plane_better_than_one() -> None:
    over = belt_under(KNOWN, 1500.0, 5.0)
    assert over.belt is not None
    places = ((0, 0), (300, 150), (-300, 150), (-300, -200), (300, -200))
    views = [view(over, at, 20.0 * n, noise=0.2, seed=n) for n, at in enumerate(places)]
    board = sheet().board
    together = locate_belt(KNOWN, 0.2, board, views, 0.0)
    assert tilt_between(together, over.belt) < 0.3
    assert height_of(together) == pytest.approx(1500.0, abs=5.0)


@pytest.mark.parametrize("others", [1, 4])
def test_a_board_that_lay_on_something_is_noticed(others: int) -> None:
    over = belt_under(KNOWN, HEIGHT, 5.0)
    places = ((-200, 0), (0, -150), (0, 150), (-150, 100))[:others]
    views = [view(over, at, seed=n) for n, at in enumerate(places)]
    views.append(view(over, (200, 0), above=40.0, seed=9))
    with pytest.raises(GreenPackError, match="off") as refused:
        locate_belt(KNOWN, 0.1, sheet().board, views, 0.0)
    assert refused.value.code == "belt_uncertain"


def test_a_board_too_small_in_the_picture_is_refused() -> None:
    over = belt_under(KNOWN, 4000.0, 3.0)
    with pytest.raises(GreenPackError) as refused:
        locate_belt(KNOWN, 0.8, sheet().board, [view(over, noise=0.8)], 0.0)
    assert refused.value.code == "belt_uncertain"


def test_photos_without_the_board_or_of_another_size_are_refused() -> None:
    over = belt_under(KNOWN, HEIGHT, 5.0)
    seen = view(over)
    for wrong in (
        [],
        [replace(seen, board=None, ids=seen.ids[:0])],
        [replace(seen, ids=seen.ids[:6], corners=seen.corners[:6])],
        [replace(seen, width=640, height=480)],
    ):
        with pytest.raises(GreenPackError) as refused:
            locate_belt(KNOWN, 0.1, sheet().board, wrong, 0.0)
        assert refused.value.code == "belt_not_seen"
