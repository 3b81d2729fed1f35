"""The bound's argument: closed forms, and ten thousand simulated cartons."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.affinity import scale
from shapely.geometry import Polygon, box
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from greenpack.measure.void_bound import (
    Goods,
    fill_factor,
    hidden_share,
    possibly_full,
    void_lower_bound,
)
from tests.measure.simulated_carton import Block, Carton, random_carton

NOTHING = Polygon()


def test_from_two_depths_on_seen_area_is_the_most_that_can_be_filled() -> None:
    assert fill_factor(2.0) == 1.0
    assert fill_factor(7.5) == 1.0
    # Closed forms of the derivation: 4 (1 + k)^3 / (27 k^2) and ((k + 1)^3 - k^3) / (3 k^2).
    assert fill_factor(1.0) == pytest.approx(32 / 27)
    assert fill_factor(1.0, Goods.ANY) == pytest.approx(7 / 3)
    assert fill_factor(2.0, Goods.ANY) == pytest.approx(19 / 12)
    assert fill_factor(float("inf"), Goods.ANY) == 1.0


def test_the_factor_meets_its_two_branches_without_a_step() -> None:
    assert fill_factor(2.0 - 1e-9) == pytest.approx(1.0)


@given(st.floats(0.05, 1.99), st.floats(0.01, 1.0))
def test_the_factor_is_the_worst_height_of_an_upright_item(kappa: float, height: float) -> None:
    # a ((h + H - t) / h)^2 t / H with H = 1, h = kappa, t = height.
    share = ((kappa + 1 - height) / kappa) ** 2 * height
    assert share <= fill_factor(kappa) + 1e-12
    assert fill_factor(kappa) <= fill_factor(kappa, Goods.ANY)


@pytest.mark.parametrize("kappa", [0.0, -1.0, float("nan")])
def test_a_camera_below_the_rim_is_refused(kappa: float) -> None:
    with pytest.raises(ValueError, match="above the rim"):
        fill_factor(kappa)


def test_a_camera_above_the_opening_sees_the_whole_floor() -> None:
    assert hidden_share((0.0, 1.0), 2.0) == 0.0
    assert hidden_share((0.5, 0.5), 0.1) == 0.0


def test_the_hidden_wedge_grows_with_the_way_beyond_the_rim() -> None:
    assert hidden_share((1.8, 0.5), 2.0) == pytest.approx(0.2)
    assert hidden_share((1.8, -0.4), 2.0) == pytest.approx(0.3)
    assert hidden_share((99.0, 0.5), 2.0) == 1.0


def test_an_empty_carton_is_seen_to_be_empty() -> None:
    assert possibly_full(NOTHING, 2.0, (0.3, 0.9)) == pytest.approx(0.0, abs=4e-3)
    # Beyond the near rim the wedge of dead ground, and nothing else, may be full.
    assert possibly_full(NOTHING, 2.0, (1.8, 0.5)) == pytest.approx(0.2, abs=5e-3)


def test_goods_of_any_form_fill_at_most_the_cone_of_sight() -> None:
    # A square of side 0.4 seen from its middle: no wall cuts its cone at this height.
    seen = box(0.3, 0.3, 0.7, 0.7)
    cone = 0.16 * fill_factor(2.0, Goods.ANY)
    assert possibly_full(seen, 2.0, (0.5, 0.5)) == pytest.approx(cone, abs=4e-3)


def test_walls_cut_the_cone_of_sight() -> None:
    # Half the opening, seen from its edge line: the other half is seen to be empty to the floor.
    half = box(0.0, 0.0, 0.5, 1.0)
    assert possibly_full(half, 1.0, (0.5, 0.5)) == pytest.approx(0.5, abs=4e-3)


@given(
    st.tuples(*[st.floats(0, 1)] * 4),
    st.floats(0.2, 10),
    st.tuples(st.floats(-3, 4), st.floats(-3, 4)),
    st.sampled_from(Goods),
)
def test_the_bound_is_a_ratio_and_seeing_more_goods_never_raises_it(
    at: tuple[float, float, float, float],
    kappa: float,
    foot: tuple[float, float],
    goods: Goods,
) -> None:
    x1, x2, y1, y2 = *sorted(at[:2]), *sorted(at[2:])
    blocked = box(x1, y1, x2, y2)
    more = blocked.union(box(0.2, 0.2, 0.6, 0.6))
    bound = void_lower_bound(blocked, kappa, foot, goods)
    assert 0.0 <= bound <= 1.0
    assert void_lower_bound(more, kappa, foot, goods) <= bound + 1e-9
    assert void_lower_bound(blocked, kappa, foot, goods, missed=0.05) <= bound
    assert void_lower_bound(blocked, kappa, foot, Goods.ANY) <= void_lower_bound(
        blocked, kappa, foot, Goods.UPRIGHT
    )


def _seen(carton: Carton, camera: np.ndarray) -> BaseGeometry:
    outlines = unary_union(carton.silhouettes(camera))
    return scale(outlines, 1 / carton.length, 1 / carton.width, origin=(0, 0)).intersection(
        box(0, 0, 1, 1)
    )


def _worst_excess(
    count: int, seed: int, kappas: tuple[float, float], reach: float, goods: Goods = Goods.UPRIGHT
) -> float:
    """How far the bound rises above the true void at worst, over ``count`` cartons."""
    random = np.random.default_rng(seed)
    worst = -1.0
    for _ in range(count):
        carton = random_carton(random, blocks=int(random.integers(1, 6)))
        kappa = random.uniform(*kappas)
        foot = random.uniform(-reach, 1 + reach, 2)
        camera = np.array([foot[0] * carton.length, foot[1] * carton.width, kappa * carton.depth])
        bound = void_lower_bound(
            _seen(carton, camera), kappa, (float(foot[0]), float(foot[1])), goods
        )
        worst = max(worst, bound - carton.void_ratio)
    return worst


def test_the_bound_never_exceeds_the_truth_in_ten_thousand_cartons_from_two_depths_up() -> None:
    assert _worst_excess(7000, seed=1, kappas=(2.0, 6.0), reach=0.0) <= 1e-9
    assert _worst_excess(3000, seed=2, kappas=(2.0, 6.0), reach=1.5) <= 1e-9


def test_the_corrected_bound_never_exceeds_the_truth_from_closer() -> None:
    assert _worst_excess(2000, seed=3, kappas=(0.4, 2.0), reach=0.0) <= 1e-9
    assert _worst_excess(1000, seed=4, kappas=(0.4, 2.0), reach=1.0) <= 1e-9


def test_the_bound_for_any_goods_never_exceeds_the_truth() -> None:
    assert _worst_excess(1500, seed=5, kappas=(0.4, 6.0), reach=1.0, goods=Goods.ANY) <= 1e-9


def test_the_uncorrected_bound_would_fail_from_closer() -> None:
    # One upright item half as high as the carton, seen from half a depth above the rim.
    carton = Carton(1.0, 1.0, 1.0, (Block(0.2, 0.2, 0.6, 0.6, 0.5),))
    camera = np.array([0.5, 0.5, 0.5])
    seen = _seen(carton, camera)
    assert 1.0 - seen.area > carton.void_ratio
    assert void_lower_bound(seen, 0.5, (0.5, 0.5)) <= carton.void_ratio


def test_filling_all_dead_ground_defeats_the_upright_assumption_and_not_the_other() -> None:
    # A full-height block in the middle, and low goods wholly in the dead ground around it: the
    # arrangement that the stated assumption excludes.
    half, ring, low = 0.35, 0.0875, 0.5
    blocks = [Block(0.5 - half, 0.5 - half, 2 * half, 2 * half, 1.0)]
    for x, y, length, width in (
        (0.5 - half - ring, 0.5 - half, ring, 2 * half),
        (0.5 + half, 0.5 - half, ring, 2 * half),
        (0.5 - half, 0.5 - half - ring, 2 * half, ring),
        (0.5 - half, 0.5 + half, 2 * half, ring),
    ):
        blocks.append(Block(x, y, length, width, low))
    carton = Carton(1.0, 1.0, 1.0, tuple(blocks))
    seen = _seen(carton, np.array([0.5, 0.5, 2.0]))
    assert void_lower_bound(seen, 2.0, (0.5, 0.5), Goods.UPRIGHT) > carton.void_ratio
    assert void_lower_bound(seen, 2.0, (0.5, 0.5), Goods.ANY) <= carton.void_ratio
