"""What judging and measuring write down in English is said again in Chinese, all of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenpack.cameras.verification import SizePair, VerificationLimits, verify_sizes
from greenpack.language.said_again import differs, said_again
from greenpack.language.speaking import Language, speaking
from greenpack.measure.calibration import Calibration, HalfWidth
from greenpack.measure.closed.closed_parcel import measure_closed_parcel
from greenpack.measure.declared import Declaration, DeclaredGoods
from greenpack.measure.inspection import inspect
from greenpack.measure.interval import Interval
from greenpack.measure.measurement import Measurement, Quantity
from greenpack.measure.settings import MeasureSettings
from greenpack.measure.void_bound import Goods
from greenpack.reasons import REASONS
from greenpack.rules.facts import Facts
from greenpack.rules.judge import judge
from greenpack.rules.loading import available_profiles
from tests.language.english_left import english_in
from tests.measure.closed.painted_cuboid import camera_over_belt, paint
from tests.measure.closed.test_closed_parcel import by_label, on_belt
from tests.measure.simulated_carton import photograph
from tests.measure.test_opened_parcel import CARTON, camera, measured
from tests.rules.test_judge_properties import facts as any_facts

PROFILES = available_profiles()
# Units, and the source that the test's own camera names; and what reasons name.
NAMES = ("mm", "test", "GreenPack", "CSV", "HTTP", "zip", "SHA-256")
moments = st.none() | st.dates(date(2020, 1, 1), date(2032, 1, 1)).map(
    lambda day: datetime.combine(day, time(12), UTC)
)
intervals = st.tuples(st.floats(0, 12), st.floats(0, 12), st.booleans()).map(
    lambda drawn: Interval(min(drawn[:2]) if drawn[2] else None, min(drawn[:2]), max(drawn[:2]))
)


def assert_all_said(written: str) -> None:
    """In Chinese nothing of it is left in English; in English it is what was written."""
    assert said_again(written) == written
    with speaking(Language.CHINESE):
        said = said_again(written)
        assert differs(written), written
    assert english_in(said, NAMES) == [], f"{written}\n{said}"
    assert said.endswith("。") == written.endswith("."), said


@settings(max_examples=150)
@given(
    st.sampled_from(PROFILES),
    st.dictionaries(st.sampled_from(Quantity), intervals),
    any_facts,
    moments,
    st.none() | st.sampled_from(sorted(REASONS)),
)
def test_every_judgement(profile, quantities, facts, taken_at, unmeasurable) -> None:
    facts = replace(facts, taken_at=taken_at)
    for judgement in judge(profile, quantities, unmeasurable, facts):
        assert_all_said(judgement.explanation)


def test_what_a_violation_assumes_is_a_list_of_cases() -> None:
    eu = next(profile for profile in PROFILES if profile.id == "eu-2025-40-art24")
    late = Facts(taken_at=datetime(2031, 1, 1, tzinfo=UTC))
    (judgement,) = judge(eu, {Quantity.VOID_RATIO: Interval(0.7, 0.66, 0.74)}, None, late)
    with speaking(Language.CHINESE):
        assert said_again(judgement.explanation) == (
            "空隙率为 70.0%（95% 区间 66.0% 至 74.0%），全部超出限值（不超过 50%）；"
            "其前提为未申报的事实：该快件不属于以下任何情形：可循环包装、以销售包装直接寄递的产品；该规则原文未经核实，仅作提示。"
        )


def test_sizes_that_were_held_against_no_tape() -> None:
    crooked = [
        SizePair(
            "photo",
            f"p{n}",
            (Interval(310 + 9 * n, 299, 500), Interval(200, 199, 201), None),
            (300, 200, 9),
        )
        for n in range(12)
    ]
    limits = VerificationLimits(max_bias_mm=2.0, max_sd_mm=3.0)
    doubts = [
        verify_sizes(crooked).shortfalls(limits),
        verify_sizes(crooked[:2]).shortfalls(limits),
    ]
    assert all(len(found) > 1 for found in doubts)
    whys = [f"the camera was {'; '.join(found)}" for found in doubts]
    whys += ["the camera was never calibrated", "the camera was never verified"]
    whys += ["the camera was verified before its newest calibration"]
    whys += [
        f"sizes by a {scale} were not held against a tape" for scale in ("marker", "waybill label")
    ]
    screening = next(profile for profile in PROFILES if not profile.is_law)
    (found,) = judge(screening, {Quantity.VOID_RATIO: Interval(0.7, 0.66, 0.74)}, None, Facts())
    for why in whys:
        assert_all_said(f"{found.explanation[:-1]}; but {why}, so this is only a hint.")


def test_judging_writes_english_whoever_reads() -> None:
    screening = next(profile for profile in PROFILES if not profile.is_law)
    quantities = {Quantity.VOID_RATIO: Interval(0.7, 0.66, 0.74)}
    written = judge(screening, quantities, None, Facts())
    with speaking(Language.CHINESE):
        assert judge(screening, quantities, None, Facts()) == written


NONE = HalfWidth(0.0)
VARYING = HalfWidth(2.0, floor=0.01, outline=0.4, doubt=0.3, structure=0.2, resolution=0.0)
SOURCE = "rendered scenes of our own generator; real photographs differ"


def said_in(measurement: Measurement) -> list[str]:
    lines = [word for line in measurement.budget for word in (line.source, line.note)]
    return [*lines, *measurement.assumptions]


@pytest.mark.parametrize("half", [NONE, VARYING, replace(VARYING, resolution=0.5)])
@pytest.mark.parametrize("folds", [1, 5])
@pytest.mark.parametrize("goods", list(Goods))
@pytest.mark.parametrize("height", [None, 2.5])
def test_every_line_of_an_opened_parcel(
    half: HalfWidth, folds: int, goods: Goods, height: float | None
) -> None:
    calibration = Calibration(half, half, half, n=83, source=SOURCE, folds=folds)
    using = MeasureSettings(calibration=calibration, goods=goods, camera_height_over_depth=height)
    found = measured(photograph(CARTON, camera()), using)
    said = said_in(found)
    assert len(said) > 15
    for written in said:
        assert_all_said(written)


def test_every_line_of_a_closed_parcel_with_declared_goods() -> None:
    painted = paint(camera_over_belt(42, 1300), (380.0, 270.0, 220.0))
    lines = set()
    for view in (on_belt(painted), by_label(painted)):
        found = measure_closed_parcel(painted.shapes(), view)
        for board in (None, 3.0):
            for parcel in (None, (380.0, 270.0, 220.0)):
                goods = (DeclaredGoods((200.0, 150.0, 100.0), 1),)
                declared = Declaration(parcel=parcel, goods=goods, board_mm=board)
                lines |= set(said_in(inspect([found], declared).measurement))
    assert len(lines) > 25
    for written in lines:
        assert_all_said(written)


def test_an_agencys_own_words_stay_as_they_wrote_them() -> None:
    with speaking(Language.CHINESE):
        assert said_again("EPS boxes of our own is exempt from this rule.") == (
            "“EPS boxes of our own”不适用该规则，予以豁免。"
        )
        assert (
            said_again("Something that nobody ever wrote.") == "Something that nobody ever wrote."
        )
