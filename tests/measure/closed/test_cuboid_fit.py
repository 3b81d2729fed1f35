"""Cuboids fitted to lines whose errors are known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from greenpack.measure.closed.cuboid_fit import Fit, fit_cuboid
from greenpack.measure.closed.cuboid_pose import (
    SIGNS,
    edges_seen,
    faces_seen,
    starts,
)
from greenpack.measure.closed.cuboid_rows import rows_of
from greenpack.measure.closed.evidence import Lines
from greenpack.measure.closed.hypotheses import (
    Known,
    consistent,
    evidence_of,
    silhouette_edges,
    top_in,
)
from greenpack.measure.closed.outline import Outline, Side, intersections
from greenpack.measure.projective import Array
from tests.measure.closed.painted_cuboid import camera_over_belt, placed

CAMERA = camera_over_belt(tilt=42.0, distance=1600.0, error=4.0)


def seen_corners(sizes: tuple[float, float, float], yaw: float, at=(0.0, 0.0)) -> tuple:
    rotation, centre = placed(CAMERA, sizes, at, yaw)
    seen = faces_seen(rotation, centre, np.array(sizes))
    corners = centre + (SIGNS * np.array(sizes) / 2) @ rotation.T
    return seen, CAMERA.projected(corners)


def line(start: Array, end: Array, sd: float, random: np.random.Generator | None) -> Side:
    """The line through two points, off by random errors of the deviations that it states."""
    along = (end - start) / np.hypot(*(end - start))
    angle_sd = 3.5 * sd / float(np.hypot(*(end - start)))
    normal, middle = np.array([-along[1], along[0]]), (start + end) / 2
    if random is not None:
        turn = random.normal() * angle_sd
        middle = middle + normal * random.normal() * sd
        normal = normal * np.cos(turn) - along * np.sin(turn)
    return Side(normal, float(normal @ middle), middle, sd, angle_sd, True)


def best_fit(
    sizes: tuple[float, float, float],
    yaw: float,
    sd: float,
    random: np.random.Generator | None = None,
    belt_off: float = 0.0,
) -> Fit | None:
    """The best of all readings of a box on the belt, seen by its silhouette alone."""
    seen, pixels = seen_corners(sizes, yaw)
    loop = pixels[list(edges_seen(seen).loop)]
    ends = np.roll(loop, -1, axis=0)
    sides = [line(a, b, sd, random) for a, b in zip(loop, ends, strict=True)]
    corners = intersections(sides)
    assert corners is not None
    outline = Outline(corners, tuple(sides), 0.0, 0.0)
    belt = CAMERA.belt
    assert belt is not None
    up = np.array(belt.rotation)[:, 2]
    moved = tuple(map(float, np.array(belt.translation) + up * belt_off))
    known = Known(CAMERA.centre, (CAMERA.focal[0],), 0.001, belt=replace(belt, translation=moved))
    fits = []
    for pose in starts(corners, CAMERA.focal[0], CAMERA.centre, up):
        edges = silhouette_edges(pose, outline)
        evidence = evidence_of(pose, edges, known, top_in(pose, up))
        assert evidence is not None
        fit = fit_cuboid(pose, evidence)
        if fit is not None and consistent(fit):
            fits.append(fit)
    return min(fits, key=lambda fit: fit.chi_square) if fits else None


@given(st.floats(120, 500), st.floats(120, 500), st.floats(80, 450), st.floats(0, 360))
@settings(max_examples=40)
def test_exact_corners_give_the_sizes_back(
    length: float, width: float, height: float, yaw: float
) -> None:
    seen, pixels = seen_corners((length, width, height), yaw)
    assume(all(seen))
    loop = pixels[list(edges_seen(seen).loop)]
    # A side edge-on is a reading of its own.
    along = np.roll(loop, -1, axis=0) - loop
    assume(np.hypot(*along.T).min() > 25)
    # Where two sides run on in one line, their corner is lost.
    ways = along / np.hypot(*along.T)[:, None]
    turn = ways[:, 0] * np.roll(ways[:, 1], -1) - ways[:, 1] * np.roll(ways[:, 0], -1)
    assume(np.abs(turn).min() > 0.01)
    fit = best_fit((length, width, height), yaw, sd=0.01)
    assert fit is not None
    found, true = sorted(fit.pose.sizes), sorted((length, width, height))
    assert found == pytest.approx(true, rel=1e-3)


def test_the_interval_covers_the_truth_as_often_as_it_says() -> None:
    # 150 boxes, three sizes each: 95 % within three binomial deviations of boxes is 90 to 99 %.
    random = np.random.default_rng(11)
    inside, total = 0, 0
    belt = CAMERA.belt
    assert belt is not None
    while total < 450:
        sizes = tuple(random.uniform(120, 450, 3))
        yaw = random.uniform(15, 75)
        if not all(seen_corners(sizes, yaw)[0]):
            continue
        fit = best_fit(sizes, yaw, 0.5, random, random.normal() * belt.error / 1.96)
        assert fit is not None
        # The upright axis is known by the belt; of the others the longer is the length.
        deviations = np.sqrt(np.diag(fit.covariance))
        order, true_order = np.argsort(fit.pose.sizes), np.argsort(sizes)
        off = np.log(fit.pose.sizes[order] / np.array(sizes)[true_order]) / deviations[order]
        inside += int((np.abs(off) < 1.96).sum())
        total += 3
    assert 0.90 <= inside / total <= 0.99


def test_the_parts_of_the_covariance_add_up_to_it() -> None:
    fit = best_fit((380.0, 260.0, 210.0), 33.0, 0.5)
    assert fit is not None
    assert sum(fit.parts.values()) == pytest.approx(fit.covariance, rel=1e-6, abs=1e-12)


def test_a_worse_known_belt_makes_all_sizes_worse_known_together() -> None:
    fit = best_fit((380.0, 260.0, 210.0), 33.0, 0.05)
    assert fit is not None
    belt = fit.parts["belt height"]
    deviations = np.sqrt(np.diag(belt))
    correlation = belt / np.outer(deviations, deviations)
    assert correlation == pytest.approx(np.ones((3, 3)), abs=1e-6)


@pytest.mark.parametrize("seen", [(0, 0, 1), (1, 1, 0), (1, 1, 1), (-1, 0, 0), (1, -1, 1)])
def test_a_silhouette_has_four_corners_for_one_face_and_six_for_more(seen) -> None:
    shown = edges_seen(seen)
    assert len(shown.loop) == (4 if len(shown.faces) == 1 else 6)
    assert len(shown.inner) == {1: 0, 2: 1, 3: 3}[len(shown.faces)]


def test_the_derivatives_are_those_of_the_residuals() -> None:
    seen, pixels = seen_corners((380.0, 260.0, 210.0), 33.0)
    loop = pixels[list(edges_seen(seen).loop)]
    sides = [line(a, b, 0.5, None) for a, b in zip(loop, np.roll(loop, -1, axis=0), strict=True)]
    known = Known(CAMERA.centre, (CAMERA.focal[0],), 0.01, belt=CAMERA.belt)
    pose = starts(loop, CAMERA.focal[0], CAMERA.centre, known.upright)[0]
    edges = silhouette_edges(pose, Outline(loop, tuple(sides), 0.0, 0.0))
    evidence = evidence_of(pose, edges, known, top_in(pose, known.upright))
    assert evidence is not None
    lines = Lines.of(edges)
    at = np.r_[np.log([380.0, 255.0, 212.0]), 0.3, -1.1, 0.4, 12.0, -30.0, 1600.0, np.log(1490.0)]
    rows, slopes = rows_of(at, evidence, lines, None)
    for unknown in range(len(at)):
        step = np.zeros(len(at))
        step[unknown] = 1e-6 * max(1.0, abs(at[unknown]))
        above, below = (rows_of(at + sign * step, evidence, lines, None)[0] for sign in (1, -1))
        numeric = (above - below) / (2 * step[unknown])
        assert slopes[:, unknown] == pytest.approx(
            numeric, rel=1e-3, abs=1e-3 * np.abs(numeric).max()
        )
    assert len(rows) == 2 * 6 + 1 + 3
