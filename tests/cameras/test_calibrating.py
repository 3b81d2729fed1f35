"""Photos of the board make the camera that took them, or are refused with what to do."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenpack.cameras.board import Paper
from greenpack.cameras.board_photo import BoardView
from greenpack.cameras.calibrating import RejectedPhoto, calibrate
from greenpack.cameras.student import two_sided_95
from greenpack.reasons import GreenPackError

from .board_pictures import CAMERA, POSES, board_pose, good_views, sheet, turned


def ideal(poses: list[tuple[float, ...]], noise: float = 0.2, seed: int = 1) -> list[BoardView]:
    """Views as a detector would give them, without painting pictures."""
    board = sheet().board
    random = np.random.default_rng(seed)
    views = []
    for number, pose in enumerate(poses):
        rotation, shift = board_pose(CAMERA, pose, board)  # type: ignore[arg-type]
        corners = CAMERA.projected(board.points() @ rotation.T + shift)
        inside = ((corners > 0) & (corners < (CAMERA.width, CAMERA.height))).all(axis=1)
        ids = np.flatnonzero(inside)
        moved = corners[ids] + random.normal(0, noise, (len(ids), 2))
        name = f"{number}.jpg"
        views.append(BoardView(name, name * 8, CAMERA.width, CAMERA.height, board, ids, moved))
    return views


def code_of(views: list[BoardView]) -> str:
    with pytest.raises(GreenPackError) as refused:
        calibrate(views)
    assert refused.value.advice
    return refused.value.code


def test_painted_photos_give_the_camera_back() -> None:
    steps: list[int] = []
    found = calibrate(good_views(), advance=lambda: steps.append(1))
    camera = found.camera
    assert len(found.used) == len(POSES) == len(steps)
    assert found.rejected == ()
    assert found.rms < 0.3
    for mine, true in zip(camera.focal, CAMERA.focal, strict=True):
        assert mine == pytest.approx(true, rel=0.003)
        assert abs(mine / true - 1) < camera.focal_error < 0.01
    # The lens as a whole, not its coefficients, which make up for each other.
    grid = np.array([[x, y] for x in (40, 400, 900, 1240) for y in (40, 300, 600, 920)], float)
    off = np.linalg.norm(camera.undistorted(grid) - CAMERA.undistorted(grid), axis=1)
    assert off.max() < 3.0
    assert np.median(off) < 1.5


def test_the_interval_of_the_focal_length_holds_the_true_one() -> None:
    held = 0
    for seed in range(20):
        camera = calibrate(ideal(list(POSES), noise=0.4, seed=seed)).camera
        off = max(
            abs(mine / true - 1) for mine, true in zip(camera.focal, CAMERA.focal, strict=True)
        )
        held += off <= camera.focal_error
    assert held >= 18


def test_photos_of_no_use_are_left_out_with_their_reasons() -> None:
    views = ideal(list(POSES))
    empty = replace(views[0], name="empty", sha256="e", board=None, ids=views[0].ids[:0])
    few = replace(views[0], name="few", sha256="f", ids=views[0].ids[:7])
    row = replace(views[0], name="row", sha256="r", ids=np.arange(6))
    turned_round = replace(views[1], name="upright", sha256="u", width=960, height=1280)
    again = replace(views[2], name="again")
    still = replace(views[3], name="still", sha256="s", corners=views[3].corners + 0.4)
    blurred = replace(
        views[4], corners=views[4].corners + np.random.default_rng(5).normal(0, 4, (24, 2))
    )
    mixed = [*views[:4], blurred, *views[5:], empty, few, row, turned_round, again, still]
    found = calibrate(mixed, unread=[RejectedPhoto("notes.txt", "", "no image")])
    why = {photo.name: photo.why for photo in found.rejected}
    assert set(why) == {
        "notes.txt", "empty", "few", "row", "upright", "again", "still", "4.jpg",
    }  # fmt: skip
    assert why["empty"] == "the board is not seen"
    assert "7 of the board's 24" in why["few"]
    assert "960 x 1280" in why["upright"]
    assert "same photo as 2.jpg" in why["again"]
    assert "where it is in 3.jpg" in why["still"]
    assert "blurred" in why["4.jpg"]
    assert len(found.used) == len(POSES) - 1


def test_too_few_photos_are_refused_and_each_is_named() -> None:
    views = ideal(list(POSES[:6]))
    views.append(replace(views[0], name="twin"))
    with pytest.raises(GreenPackError) as refused:
        calibrate(views)
    assert refused.value.code == "calibration_too_few_photos"
    assert "6 usable of 7, 8 needed" in str(refused.value)
    assert "twin: the same photo as 0.jpg" in str(refused.value)
    assert code_of([]) == "calibration_too_few_photos"


def test_a_board_that_always_faces_one_way_is_refused() -> None:
    flat = [(*pose[:2], 300 + 30 * n, 0, 0, 30 * n) for n, pose in enumerate(POSES)]
    assert code_of(ideal(flat)) == "calibration_one_tilt"


def test_a_board_that_stays_in_the_middle_is_refused() -> None:
    middle = [(0.5 + (n - 6) / 100, 0.5, 900.0, *pose[3:]) for n, pose in enumerate(POSES)]
    assert code_of(ideal(middle, noise=0.05)) == "calibration_middle_only"


def test_photos_that_no_camera_fits_are_refused() -> None:
    assert code_of(ideal(list(POSES), noise=3.0)) == "calibration_poor_fit"


def test_a_focal_length_that_stays_open_is_refused() -> None:
    slight = [(*pose[:2], pose[2], *(angle * 0.35 for angle in pose[3:])) for pose in POSES]
    assert code_of(ideal(slight, noise=0.65)) == "calibration_uncertain"


def test_a_board_of_other_squares_than_told_is_no_calibration() -> None:
    views = [replace(view, board=replace(sheet().board, columns=9)) for view in ideal(list(POSES))]
    assert code_of(views) in {"calibration_poor_fit", "calibration_one_tilt"}


def test_photos_of_two_boards_are_refused() -> None:
    views = ideal(list(POSES))
    views[3] = replace(views[3], board=sheet(Paper.A3).board)
    assert code_of(views) == "board_size_doubtful"


def test_the_size_of_the_board_does_not_change_the_lens() -> None:
    views = ideal(list(POSES))
    small, true = calibrate(views, ruler_mm=190.0), calibrate(views)
    assert small.camera.focal == pytest.approx(true.camera.focal, rel=1e-4)
    assert small.board.square_mm == pytest.approx(33.25)


@pytest.mark.parametrize(
    ("degrees", "factor"),
    [(1, 12.706), (2, 4.303), (3, 3.182), (5, 2.571), (9, 2.262), (19, 2.093), (1000, 1.962)],
)
def test_students_factor_is_that_of_the_tables(degrees: int, factor: float) -> None:
    assert two_sided_95(degrees) == pytest.approx(factor, rel=0.003)


@given(st.integers(1, 10_000))
def test_students_factor_falls_towards_the_normal_one(degrees: int) -> None:
    assert two_sided_95(degrees) > two_sided_95(degrees + 1) > 1.9599


def test_one_value_has_no_spread() -> None:
    with pytest.raises(ValueError, match="single value"):
        two_sided_95(0)


def test_the_painted_turn_is_a_rotation() -> None:
    assert np.allclose(turned(10, 20, 30) @ turned(10, 20, 30).T, np.eye(3))
