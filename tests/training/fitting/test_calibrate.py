"""Quantiles at the rank the theorem names, sigma from other pictures, and what both are worth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from greenpack.measure.acceptance import View
from greenpack.measure.calibration import Difficulty, HalfWidth, read_calibration
from greenpack.measure.measurement import Measurement, Outcome, Quantity
from greenpack.measure.settings import MeasureSettings
from greenpack.training.fitting.calibrate import (
    RATIOS,
    Error,
    Pair,
    calibrate,
    check,
    paired,
    with_quantile,
)
from greenpack.training.fitting.conformal import CAUTION, fit_sigma, fold_of, quantile
from greenpack.vision.shapes import Label, Shape


def test_the_quantile_is_the_rank_the_theorem_names() -> None:
    errors = [k / 100 for k in range(1, 100)]  # 99 errors: rank 95 of 99
    assert quantile(errors, 0.95) == pytest.approx(0.95)
    assert quantile(errors[::-1], 0.95) == pytest.approx(0.95)
    assert quantile([-e for e in errors], 0.95) == 0.0


def test_too_few_errors_promise_nothing() -> None:
    assert quantile([0.01] * 18, 0.95) is None
    assert quantile([0.01] * 19, 0.95) == pytest.approx(0.01)


def made_up(count: int, seed: int) -> list[Error]:
    """Pictures whose errors grow with the doubt; the rest tells nothing."""
    draw = np.random.default_rng(seed)
    found = []
    for number in range(count):
        hard = Difficulty(*(float(x) for x in draw.uniform(0, (0.2, 0.3, 0.5))))
        area, filler = draw.laplace(0, 0.004 + 0.5 * hard.doubt, 2)
        found.append(
            Error(
                1000 * seed + number,
                hard,
                float(area),
                float(filler),
                max(0.0, float(-area)),
                0.003,
                0.002,
            )
        )
    return found


def test_sigma_finds_what_the_errors_grow_with() -> None:
    errors = made_up(3000, 1)
    sigma = fit_sigma([e.hard for e in errors], [e.area for e in errors])
    assert sigma.doubt == pytest.approx(0.5, abs=0.05)
    assert sigma.outline < 0.05
    assert sigma.structure < 0.02
    mean = float(np.mean([abs(e.area) for e in errors]))
    assert sigma.floor == pytest.approx(0.004 + CAUTION * mean, abs=0.01)


def test_a_term_that_never_occurs_has_no_part_and_few_pictures_have_one_sigma() -> None:
    hard = [Difficulty(0.1, 0.0, 0.2)] * 30
    assert fit_sigma(hard, [0.02] * 30).doubt == 0.0
    assert fit_sigma(hard[:10], [0.02] * 10) == HalfWidth(1.0)


def with_measurement(error: Error) -> Pair:
    return Pair(
        {"seed": error.seed, "openings": [{"void_ratio": 1.0}]},
        replace(
            Measurement(Outcome.UNMEASURABLE, "no_parcel"), outcome=Outcome.MEASURED, reason=None
        ),
        error,
    )


@pytest.mark.parametrize("folds", [1, 5])
def test_intervals_cover_new_pictures_easy_and_hard_alike(folds: int) -> None:
    told = calibrate([with_measurement(e) for e in made_up(800, 2)], 0.9, folds)
    known, new = read_calibration(told), made_up(4000, 3)
    for ratio in RATIOS:
        width: HalfWidth = getattr(known, ratio)
        new.sort(key=lambda e: width.sigma(e.hard))
        wanted = 0.95 if ratio == "missed_ratio" else 0.9
        holds = [e.of(ratio)[0] <= width.at(e.hard) + e.of(ratio)[1] for e in new]
        assert np.mean(holds) == pytest.approx(wanted, abs=0.035)
        for third in np.array_split(holds, 3):
            assert np.mean(third) == pytest.approx(wanted, abs=0.07)
        easy, hard = (width.at(e.hard) for e in (new[400], new[-400]))
        assert easy < 0.5 * hard


def test_what_is_missed_keeps_the_corners_part_as_a_reserve() -> None:
    error = Error(
        1, Difficulty(0.0, 0.0, 0.0), -0.1, 0.0, 0.1, area_corners=0.02, filler_corners=0.01
    )
    scored = [(error, HalfWidth(1.0))] * 100
    area = with_quantile(HalfWidth(1.0), scored, "area_ratio", 0.95)
    missed = with_quantile(HalfWidth(1.0), scored, "missed_ratio", 0.95)
    assert area.quantile == pytest.approx(0.1 - 0.02)
    assert missed.quantile == pytest.approx(0.1)


def test_the_file_says_how_many_pictures_served_for_what() -> None:
    pairs = [with_measurement(e) for e in made_up(200, 4)]
    halves, folds = calibrate(pairs, 0.95, 1), calibrate(pairs, 0.95, 5)
    assert halves["n"] + halves["fitted_on"] == 200
    assert 70 < halves["n"] < 130
    assert (folds["n"], folds["fitted_on"], folds["folds"]) == (200, 200, 5)
    levels = [folds["area_ratio_levels"][key] for key in sorted(folds["area_ratio_levels"])]
    assert levels == sorted(levels)
    assert levels[-1] == folds["area_ratio"]["quantile"]


def test_no_picture_is_scored_by_a_sigma_that_it_helped_to_fit() -> None:
    errors = made_up(200, 5)
    before = calibrate([with_measurement(e) for e in errors], 0.95, 1)
    # Errors of the half that is ranked alone: sigma must not notice.
    other = [replace(e, area=e.area * 9) if fold_of(e.seed, 2) == 1 else e for e in errors]
    after = calibrate([with_measurement(e) for e in other], 0.95, 1)
    same = {**after["area_ratio"], "quantile": before["area_ratio"]["quantile"]}
    assert same == before["area_ratio"]
    assert after["area_ratio"]["quantile"] > 3 * before["area_ratio"]["quantile"]


def test_too_few_pictures_leave_the_whole_range() -> None:
    scored = [(e, HalfWidth(1.0)) for e in made_up(10, 6)]
    assert with_quantile(HalfWidth(1.0), scored, "area_ratio", 0.95) == HalfWidth(1.0)


def test_a_picture_is_measured_and_held_against_its_truth_and_checked_in_thirds() -> None:
    mouth = np.array([[120.0, 60], [360, 60], [360, 300], [120, 300]])
    goods = np.array([[150.0, 90], [250, 90], [250, 210], [150, 210]])
    shapes = [Shape(Label.OPENING, 0.95, mouth), Shape(Label.ITEM, 0.9, goods)]
    true = {
        "area_ratio": 0.2,
        "filler_ratio": 0.01,
        "void_ratio": 0.85,
        "whole": True,
        "corners": mouth.tolist(),
    }
    truth = {"seed": 7, "openings": [true]}
    # Goods reach ten pixels further to the right than the model saw.
    there = np.zeros((360, 480), bool)
    there[90:210, 150:260] = True
    pair = paired(truth, there, shapes, View(480, 360), MeasureSettings())
    assert pair.error is not None
    seen = 100 * 120 / 240**2
    assert pair.error.area == pytest.approx(seen - 0.2, abs=2e-3)
    assert pair.error.of("missed_ratio")[0] == pytest.approx(9 * 120 / 240**2, abs=2e-3)
    assert pair.measurement.quantities[Quantity.VOID_RATIO].low <= 0.85
    assert paired(truth, there, [], View(480, 360), MeasureSettings()).error is None
    told = check([pair], {"area_ratio": 0.05, "missed_ratio": 0.0})
    assert told["area_ratio"]["holds"] == "1/1"
    assert told["missed_ratio"]["holds"] == "0/1"
    assert [third["holds"] for third in told["area_ratio"]["by_sigma"]] == ["1/1", "0/0", "0/0"]
    assert told["void_bound_holds"] == "1/1"
