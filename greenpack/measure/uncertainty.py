"""The uncertainty budget of a measurement, and the assumptions under which it holds."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist

from greenpack.measure.calibration import Calibration, Difficulty, HalfWidth
from greenpack.measure.interval import Interval
from greenpack.measure.measurement import BudgetLine, Quantity
from greenpack.measure.settings import MeasureSettings
from greenpack.measure.stance import Stance
from greenpack.measure.void_bound import DEAD_GROUND, Goods


def ratio_budget(
    quantity: Quantity,
    model: HalfWidth,
    corners: float,
    difficulty: Difficulty,
    calibration: Calibration,
) -> tuple[BudgetLine, BudgetLine]:
    """The two lines of an area's budget, half widths 0 to 1."""
    return (
        BudgetLine(
            quantity,
            "model",
            model.at(difficulty),
            f"{model_note(model, difficulty, calibration)}, {calibration.coverage:.0%} of "
            f"{calibration.n} pictures: {calibration.source}",
        ),
        BudgetLine(quantity, "corners", corners, "residual of the opening's four sides, 95 %"),
    )


def model_note(model: HalfWidth, difficulty: Difficulty, calibration: Calibration) -> str:
    """Where the model's half width comes from: the same for all pictures, or by difficulty."""
    if model.same_for_all:
        return "split conformal"
    kind = (
        f"cross-conformal in {calibration.folds} folds"
        if calibration.folds > 1
        else "split conformal"
    )
    half, sigma = model.at(difficulty), model.sigma(difficulty)
    told = (
        f"outlines {difficulty.outline:.3f}, doubt {difficulty.doubt:.3f}, "
        f"structure {difficulty.structure:.3f}"
    )
    if half > model.quantile * sigma:
        return f"the outlines' resolution ({told}), above normalised {kind}"
    return f"normalised {kind}, {model.quantile:.4g} x sigma {sigma:.4f} ({told})"


def corners_at(coverage: float) -> float:
    """The corners' part at a coverage, over that at 95 %; it is taken for normal."""
    normal = NormalDist()
    return normal.inv_cdf((1 + coverage) / 2) / normal.inv_cdf(0.975)


def interval_around(value: float, budget: Sequence[BudgetLine], quantity: Quantity) -> Interval:
    """The 95 % interval of a ratio: the budget's half widths added, kept within 0 to 1."""
    half = sum(line.half_width for line in budget if line.quantity is quantity)
    return Interval(value=value, low=max(0.0, value - half), high=min(1.0, value + half))


def void_budget(
    blocked: float, exact: float, bound: float, missed: float, model: str, stance: Stance
) -> list[BudgetLine]:
    """What lies between 1 - (seen area) and the bound, line by line; the lines add up to it.

    Args:
        blocked: share of the opening that items and filler take.
        exact: the bound if the model and the corners were free of error.
        bound: the bound as stated.
        missed: how much more of the opening may be blocked, by the model's and corners' error.
        model: how the model's part of that was obtained, in words.
        stance: where the camera stood.
    """
    hidden = min(stance.hidden, max(0.0, 1.0 - blocked - exact))
    return [
        BudgetLine(
            Quantity.VOID_RATIO,
            "model and corners",
            exact - bound,
            f"{missed:.4f} more of the opening may be taken than was seen: {model}, and corners",
        ),
        BudgetLine(
            Quantity.VOID_RATIO,
            "height and dead ground",
            max(0.0, 1.0 - blocked - exact - hidden),
            "goods below the rim look smaller, and may stand behind others",
        ),
        BudgetLine(
            Quantity.VOID_RATIO, "hidden by the wall", hidden, "dead ground behind the near wall"
        ),
    ]


def assumptions(stance: Stance, settings: MeasureSettings) -> tuple[str, ...]:
    """The conditions under which the numbers hold, each a sentence for the inspector."""
    reach = min(pose.height for pose in stance.poses)
    if settings.camera_height_over_depth is None:
        height = (
            f"The carton is at most {settings.depth_over_shorter_side:g} times as deep as its "
            f"opening's shorter side, so the camera was at least {stance.kappa:.2f} depths above "
            f"the rim (it was {reach:.2f} shorter sides above it)."
        )
    else:
        height = (
            f"The camera was at least {stance.kappa:g} carton depths above the rim, as set; by the "
            f"picture this holds for cartons up to {reach / stance.kappa:.2f} times as deep as "
            "their opening's shorter side."
        )
    goods = (
        "The goods are upright: no section below is larger than the one seen; "
        f"{DEAD_GROUND * 100:.0f} % of the dead ground behind them counts as full."
        if settings.goods is Goods.UPRIGHT
        else "Nothing is assumed of the goods' form."
    )
    return (
        height,
        goods,
        "Visible filler may hide goods, so it counts as full.",
        "The picture is not cropped: its centre is the lens's.",
        "The goods lie in the parcel as they were packed.",
    )
