"""What measuring assumes and where it refuses: every threshold with its reason, and a digest."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field

from greenpack.measure.calibration import Calibration
from greenpack.measure.closed.camera_model import CameraModel
from greenpack.measure.closed.closed_view import ClosedSettings
from greenpack.measure.void_bound import Goods


@dataclass(frozen=True, slots=True)
class MeasureSettings:
    """Assumptions and thresholds of measuring an opened parcel.

    Attributes:
        camera_height_over_depth: the camera's height above the rim over the carton's depth, where
            the protocol of taking photos fixes it; None derives it from the picture.
        depth_over_shorter_side: the deepest carton assumed, over the opening's shorter side; used
            only where the height is derived. 1.3 covers the twelve postal cartons of the trade
            (130x80x90 to 530x290x370 mm: 1.06 to 1.29).
        goods: what is assumed of the goods' form.
        focal_range: focal length over the picture's longer side where the photo does not tell it:
            0.6 to 1.4 spans phones' wide to double lenses (21 to 50 mm in 35 mm terms).
        focal_tolerance: relative error of a focal length that the photo tells; the equivalent in
            35 mm terms often goes by the diagonal, 4 % off at 4:3.
        opening_confidence: below it an opening is not believed, 0 to 1. The first model sees 98 %
            of rendered openings more surely, and most of what it takes for one on photographs
            of other things less surely.
        rival_confidence: from it on a second opening makes the photo ambiguous, 0 to 1.
        minimum_fit: least intersection over union of the opening and its four sides.
        minimum_opening_share: least share of the picture that the opening fills.
        rival_share: a second opening counts from this share of the largest one's area.
        maximum_tilt: degrees between the optical axis and straight down.
        maximum_hidden_share: most of the carton's volume that its walls may hide.
        outside_share: goods outside the opening count from this share of the opening's area.
        hiding_filler: where no goods are seen, filler from this share on may hide them all.
        darkest: least 90th percentile of brightness in the opening, 0 to 255.
        brightest: most allowed share of the opening that is burnt out.
        blurriest: largest blur effect allowed, 0 sharp to 1 blurred.
        calibration: how far the model's ratios are off.
        closed: thresholds for closed parcels.
        camera: the calibrated camera that took the photos, or None.
        tallest_parcel_mm: the tallest parcel that comes before a calibrated camera; bounds the
            height where one face only is seen.
        markers: sides of printed ArUco markers in millimetres, each with its id, by id.
    """

    camera_height_over_depth: float | None = None
    depth_over_shorter_side: float = 1.3
    goods: Goods = Goods.UPRIGHT
    focal_range: tuple[float, float] = (0.6, 1.4)
    focal_tolerance: float = 0.08
    opening_confidence: float = 0.8
    rival_confidence: float = 0.5
    minimum_fit: float = 0.88
    minimum_opening_share: float = 0.03
    rival_share: float = 0.2
    maximum_tilt: float = 45.0
    maximum_hidden_share: float = 0.4
    outside_share: float = 0.03
    hiding_filler: float = 0.5
    darkest: float = 40.0
    brightest: float = 0.5
    blurriest: float = 0.6
    calibration: Calibration = field(default_factory=Calibration)
    closed: ClosedSettings = field(default_factory=ClosedSettings)
    camera: CameraModel | None = None
    tallest_parcel_mm: float = 800.0
    markers: tuple[tuple[int, float], ...] = ()

    def __post_init__(self) -> None:
        height = self.camera_height_over_depth
        if height is not None and not height > 0:
            raise ValueError(f"camera_height_over_depth must be positive, not {height}")
        if not self.depth_over_shorter_side > 0:
            raise ValueError("depth_over_shorter_side must be positive")

    def sha256(self) -> str:
        """A digest of everything that shapes the numbers; two equal settings have equal digests."""
        text = json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()
