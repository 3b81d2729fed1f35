"""Waybill labels as a scale: their corners, their proportions, the formats these allow."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from greenpack.measure.closed.camera_model import CameraModel
from greenpack.measure.closed.label_formats import FORMATS, carrier_of, formats_for
from greenpack.measure.closed.label_outline import LabelOutline, label_outline
from greenpack.measure.closed.label_scale import Proportions, fitting_formats, label_patterns
from greenpack.measure.closed.label_scale import proportions as proportions_of
from greenpack.measure.closed.scale import ScaleSource
from greenpack.measure.projective import Array
from tests.measure.closed import drawn

UPRIGHT = drawn.Plane(np.eye(3), np.array([0.0, 0.0, 700.0]))


def label(
    size: tuple[float, float], on: drawn.Plane, by: CameraModel, seed: int = 0
) -> tuple[NDArray[np.uint8], Array, Array]:
    """A photographed label, the model's outline of it, and its true corners."""
    rng = np.random.default_rng(seed)
    picture = drawn.carton(rng)
    extent = drawn.rectangle(*size)
    drawn.paint(picture, drawn.label_texture(rng, *size), extent, on, by)
    corners = on.seen(extent, by)
    return drawn.photographed(picture, rng), drawn.coarse(corners, rng, 1.5), corners


def in_picture(corners: Array) -> bool:
    return bool(corners.min() > 15 and (corners.max(axis=0) < np.array(drawn.SIZE) - 15).all())


def nearest_order(corners: Array, like: Array) -> Array:
    """The corners in the order that fits ``like`` best."""
    orders = [np.roll(way, by, axis=0) for way in (corners, corners[::-1]) for by in range(4)]
    return min(orders, key=lambda order: float(np.abs(order - like).max()))


def names(size: tuple[float, float], carrier: str | None = None) -> set[str]:
    picture, polygon, _ = label(size, UPRIGHT, drawn.camera())
    found = label_patterns([polygon], picture, drawn.camera(), carrier)
    return {pattern.name for alternative in found for pattern in alternative}


def test_a_waybill_number_names_its_carrier_only_where_its_form_is_the_carriers_own() -> None:
    assert carrier_of("SF1234567890123") == "SF"
    assert carrier_of("YT1234567890123") == "YTO"
    assert carrier_of("EA123456785CN") == "EMS"
    assert carrier_of("EA123456785JP") is None
    assert carrier_of("773012345678901") is None


def test_a_carrier_narrows_the_formats_only_where_its_source_lists_all_of_them() -> None:
    everyone = set(formats_for(None))
    assert set(formats_for("YTO")) == everyone
    assert formats_for("YTO")[0].size == (76.0, 130.0)
    assert {form.size for form in formats_for("SF")} == {
        form.size for form in FORMATS if "SF" in form.carriers
    }
    assert (101.6, 152.4) not in {form.size for form in formats_for("SF")}
    assert (100.0, 100.0) not in {form.size for form in everyone}


@given(
    aspect=st.floats(0.3, 3.0),
    tilt=st.floats(0.0, 60.0),
    toward=st.floats(0.0, 6.2),
    turn=st.floats(0.0, 6.2),
    focal=st.floats(600.0, 3000.0),
)
def test_exact_corners_give_the_exact_proportions(
    aspect: float, tilt: float, toward: float, turn: float, focal: float
) -> None:
    lean, _ = cv2.Rodrigues(np.radians(tilt) * np.array([np.cos(toward), np.sin(toward), 0.0]))
    spin, _ = cv2.Rodrigues(np.array([0.0, 0.0, turn]))
    on = drawn.Plane(lean @ spin, np.array([40.0, -30.0, 700.0]))
    by = drawn.camera(focal)
    corners = on.seen(drawn.rectangle(100.0 * aspect, 100.0), by)
    seen = proportions_of(corners, 0.3, by)
    assert seen.aspect == pytest.approx(aspect, rel=2e-3)
    assert seen.skew < 0.1


def test_the_proportions_error_is_as_large_as_said() -> None:
    rng = np.random.default_rng(3)
    by, off = drawn.camera(focal_error=0.04), []
    for _ in range(400):
        on = drawn.plane(rng, rng.uniform(300, 700))
        true = drawn.camera(1100.0 * float(np.exp(rng.normal(0, 0.04 / 1.96))))
        corners = on.seen(drawn.rectangle(76, 130), true) + rng.normal(0, 0.4, (4, 2))
        seen = proportions_of(corners, 0.4, by)
        if seen.error < 0.05:
            off.append((np.log(seen.aspect) - np.log(76 / 130)) / seen.error)
    assert len(off) > 300
    inside = float(np.mean(np.abs(off) < 1.96))
    assert 0.92 <= inside <= 0.985, inside


def test_a_format_is_kept_lying_or_standing_and_both_where_both_fit() -> None:
    sure = fitting_formats(Proportions(76 / 130, 0.003, 0.0), FORMATS)
    assert [(form.size, lying) for form, lying in sure] == [((76.0, 130.0), False)]
    lying = fitting_formats(Proportions(130 / 76, 0.003, 0.0), FORMATS)
    assert [(form.size, lies) for form, lies in lying] == [((76.0, 130.0), True)]
    # 130 : 76 and 180 : 100 differ by five per cent.
    unsure = fitting_formats(Proportions(1.0 / 1.75, 0.02, 0.0), FORMATS)
    assert {form.size for form, _ in unsure} >= {(76.0, 130.0), (100.0, 180.0)}


def test_formats_of_the_same_proportions_are_all_kept_unless_the_carrier_rules_one_out() -> None:
    assert names((100, 150)) == {"label 100 x 150 mm", "label 101.6 x 152.4 mm"}
    assert names((100, 150), "SF") == {"label 100 x 150 mm"}


@pytest.mark.parametrize("size", [(105.0, 148.0), (75.0, 150.0), (100.0, 40.0), (70.0, 70.0)])
def test_a_sheet_of_other_proportions_gives_no_scale(size: tuple[float, float]) -> None:
    assert names(size) == set()


def test_the_true_format_is_among_those_kept_and_the_corners_are_as_sure_as_said() -> None:
    rng = np.random.default_rng(11)
    lost, off, used = 0, [], 0
    while used < 40:
        form = FORMATS[rng.choice(5)]
        by = drawn.camera(distortion=float(rng.choice([-0.1, 0.0, 0.05])))
        on = drawn.plane(rng, rng.uniform(350, 900), 45)
        picture, polygon, corners = label(form.size, on, by, int(rng.integers(1 << 30)))
        if not in_picture(corners):
            continue
        outline = label_outline(polygon, picture, by)
        found = label_patterns([polygon], picture, by, None)
        if outline is None or not found:
            continue
        used += 1
        lost += form.name not in {alternative[0].name for alternative in found}
        fault = nearest_order(corners, outline.corners) - outline.corners
        off.append(float(np.abs(fault).max()) / outline.corner_error)
        pattern = found[0][0]
        assert pattern.source is ScaleSource.WAYBILL_LABEL
        assert pattern.on == "face"
        # The longer side of the paper is the longer one on the paper, however it is seen.
        assert set(pattern.size) <= {side for each in FORMATS for side in each.size}
    assert lost == 0
    # The largest of eight coordinates, 95 % of them within 2.7 standard deviations.
    assert float(np.mean(np.array(off) < 2.7)) >= 0.93
    assert float(np.median(off)) > 0.3


def test_blank_papers_edges_are_found_to_a_quarter_of_a_pixel() -> None:
    rng, by = np.random.default_rng(2), drawn.camera()
    for seed in range(6):
        on = drawn.plane(rng, 600, 40)
        picture = drawn.carton(rng)
        extent = drawn.rectangle(100, 150)
        drawn.paint(picture, np.full((30, 20), 240, np.uint8), extent, on, by)
        corners = on.seen(extent, by)
        outline = label_outline(
            drawn.coarse(corners, rng, 1.5), drawn.photographed(picture, rng, noise=1.0), by
        )
        assert outline is not None, seed
        assert np.abs(nearest_order(corners, outline.corners) - outline.corners).max() < 0.25


def refused(picture: NDArray[np.uint8], polygon: Array, parcel: Array | None = None) -> bool:
    return label_outline(polygon, picture, drawn.camera(), parcel) is None


def test_a_label_wrapped_round_an_edge_is_refused() -> None:
    rng, by = np.random.default_rng(4), drawn.camera()
    for bend in (30.0, 60.0, 90.0):
        for share in (0.2, 0.35, 0.5):
            # The label's lower part leans away along a crease across it, as over a carton's edge.
            lean, _ = cv2.Rodrigues(np.array([0.35, 0.25, 0.0]))
            fold, _ = cv2.Rodrigues(np.array([np.radians(bend), 0.0, 0.0]))
            crease = 75.0 - 150.0 * share
            upper = drawn.Plane(lean, np.array([0.0, 0.0, 600.0]))
            origin = lean @ np.array([0.0, crease, 0.0]) + upper.place
            lower = drawn.Plane(lean @ fold.T, origin)
            paper = np.full((20, 20), 235, np.uint8)
            top = np.array([[-50.0, -75], [50, -75], [50, crease], [-50, crease]])
            down = np.array([[-50.0, 0], [50, 0], [50, 75 - crease], [-50, 75 - crease]])
            picture = drawn.carton(rng)
            drawn.paint(picture, paper, top, upper, by)
            drawn.paint(picture, paper, down, lower, by)
            a, b = upper.seen(top, by), lower.seen(down, by)
            ring = np.array([a[0], a[1], b[1], b[2], b[3], b[0]])
            assert refused(drawn.photographed(picture, rng), drawn.coarse(ring, rng, 1.0)), (
                bend,
                share,
            )


def test_one_end_of_a_side_may_be_hidden_where_all_other_sides_are_seen_whole() -> None:
    by = drawn.camera()
    picture, polygon, corners = label((100, 150), UPRIGHT, by)
    # A sticker of the paper's brightness adjoins the lower fifth of the right side.
    right = corners[np.argsort(corners[:, 0])[2:]]
    top, bottom = right[np.argsort(right[:, 1])]
    paper = int(np.percentile(picture[int(corners[:, 1].min()) :, int(corners[:, 0].min()) :], 95))
    beside = picture.copy()
    start = top + 0.8 * (bottom - top)
    aside = np.array([40.0, 0.0])
    patch = np.array([start, bottom, bottom + aside, start + aside])
    cv2.fillConvexPoly(beside, np.rint(patch).astype(np.int32), paper)
    outline = label_outline(polygon, beside, by)
    assert outline is not None
    assert np.abs(nearest_order(corners, outline.corners) - outline.corners).max() < 1.0


def test_a_label_too_small_to_tell_its_format_gives_no_scale() -> None:
    by = drawn.camera()
    for away, known in ((700.0, True), (1500.0, False)):
        on = drawn.Plane(np.eye(3), np.array([0.0, 0.0, away]))
        picture, polygon, corners = label((100, 150), on, by)
        assert label_outline(polygon, picture, by) is not None
        assert bool(label_patterns([polygon], picture, by, None)) is known, np.ptp(corners, axis=0)


def test_a_covered_corner_and_a_torn_side_are_refused() -> None:
    by = drawn.camera()
    picture, polygon, corners = label((100, 150), UPRIGHT, by)
    whole = picture.copy()
    assert not refused(whole, polygon)
    middle = corners.mean(axis=0)
    outside = middle + 1.3 * (corners - middle)
    over = np.array([outside[0], (outside[0] + outside[1]) / 2, middle, outside[3]])
    covered = picture.copy()
    cv2.fillConvexPoly(covered, np.rint(over).astype(np.int32), 120)
    assert refused(covered, polygon)
    # Torn: a strip that widens from nothing to a sixth of the label is gone on one side.
    torn = np.array([corners[0], corners[1], (5 * corners[1] + corners[2]) / 6])
    ground = drawn.photographed(drawn.carton(np.random.default_rng(0)), np.random.default_rng(1))
    gone = np.zeros(picture.shape, np.uint8)
    cv2.fillConvexPoly(gone, np.rint(np.add(torn, [[-2, -2], [2, -2], [2, 0]])).astype(np.int32), 1)
    assert refused(np.where(gone > 0, ground, picture).astype(np.uint8), polygon)


def test_a_label_that_leaves_the_picture_or_ends_at_the_parcels_edge_is_refused() -> None:
    by = drawn.camera()
    aside = drawn.Plane(np.eye(3), np.array([375.0, 0.0, 700.0]))
    picture, polygon, _ = label((100, 150), aside, by)
    assert refused(picture, np.clip(polygon, 0, np.array(drawn.SIZE) - 1.0))
    picture, polygon, corners = label((100, 150), UPRIGHT, by)
    around = corners.mean(axis=0) + 1.6 * (corners - corners.mean(axis=0))
    assert not refused(picture, polygon, around)
    # The parcel ends where the label's right side does: more of it may be folded round.
    right = np.argsort(corners[:, 0])[2:]
    at_edge = around.copy()
    at_edge[np.argsort(around[:, 0])[2:], 0] = corners[right, 0].mean()
    assert refused(picture, polygon, at_edge)


def test_an_outline_too_small_or_too_round_is_refused() -> None:
    by = drawn.camera()
    far = drawn.Plane(np.eye(3), np.array([0.0, 0.0, 8000.0]))
    picture, polygon, _ = label((100, 150), far, by)
    assert refused(picture, polygon)
    turn = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    assert refused(picture, 300 + 120 * np.column_stack([np.cos(turn), np.sin(turn)]))


def test_two_labels_give_every_pair_of_formats() -> None:
    by, rng = drawn.camera(), np.random.default_rng(9)
    picture = drawn.carton(rng)
    polygons = []
    for x, size in ((-130.0, (100.0, 150.0)), (130.0, (76.0, 130.0))):
        on = drawn.Plane(np.eye(3), np.array([x, 0.0, 700.0]))
        extent = drawn.rectangle(*size)
        drawn.paint(picture, drawn.label_texture(rng, *size), extent, on, by)
        polygons.append(drawn.coarse(on.seen(extent, by), rng, 1.5))
    found = label_patterns(polygons, drawn.photographed(picture, rng), by, None)
    assert all(len(alternative) == 2 for alternative in found)
    pairs = {tuple(sorted(pattern.name for pattern in each)) for each in found}
    assert ("label 100 x 150 mm", "label 76 x 130 mm") in pairs
    assert ("label 101.6 x 152.4 mm", "label 76 x 130 mm") in pairs


def test_a_camera_of_another_size_is_an_error() -> None:
    picture, polygon, _ = label((100, 150), UPRIGHT, drawn.camera())
    with pytest.raises(ValueError, match="camera of"):
        label_patterns([polygon], picture, drawn.camera().scaled(640, 480), None)


def test_a_corner_error_for_the_size_is_larger_than_a_sides() -> None:
    outline = LabelOutline(np.zeros((4, 2)), np.zeros((4, 2)), 0.5)
    assert outline.corner_error == pytest.approx(0.5 * 2**0.5)
