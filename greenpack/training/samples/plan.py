"""The public samples: which photos there are, what each shows, and which verdict is expected of it.

Senders, numbers and places are made up. Expected verdicts are for the 50 % void screening limit.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from greenpack.training.scene import Colour

KRAFT: Colour = (0.46, 0.29, 0.155)
WHITE: Colour = (0.82, 0.81, 0.78)
GREY: Colour = (0.4, 0.4, 0.41)
BLUE: Colour = (0.03, 0.12, 0.4)
GREEN: Colour = (0.05, 0.28, 0.12)


@dataclass(frozen=True)
class Plan:
    """One photo.

    `tie` says how it finds its waybill: "name" (file name), "label" (bar code in the picture),
    "table" (photo
    column of waybills.csv) or "none". `goods` is loose, tight or none; `area` bounds the goods'
    footprint as a
    share of the carton's floor, `void` the true void ratio. `exif` is the orientation tag.
    """

    file: str
    case: str
    waybill: str
    tie: str
    sender: str
    verdict: str
    reason: str
    seed: int
    inner: tuple[float, float, float]
    goods: str = "loose"
    kinds: tuple[str, ...] = ("box_printed", "box_white")
    count: int = 3
    area: tuple[float, float] = (0.05, 0.3)
    void: tuple[float, float] = (0.65, 1.0)
    filler: tuple[tuple[str, float], ...] = ()
    floor: str = "concrete"
    light: str = "daylight"
    ambient: float = 0.45
    tilt: float = 6.0
    share: tuple[float, float] = (0.5, 0.62)
    colour: Colour = KRAFT
    style: str = "slotted"
    portrait: bool = False
    exif: int = 1
    exposure: float = 0.5
    declared: bool = False
    packaging: str = "single_use"
    extra: dict[str, float] = field(default_factory=dict)


SENDERS = {
    "A": ("S-0001", "Sample Sender A (Books)", "Sample Platform One"),
    "B": ("S-0002", "Sample Sender B (Cosmetics)", "Sample Platform One"),
    "C": ("S-0003", "Sample Sender C (Household goods)", "Sample Platform One"),
    "D": ("S-0004", "Sample Sender D (Drinks)", "Sample Platform Two"),
    "E": ("S-0005", "Sample Sender E (Clothing)", "Sample Platform Two"),
    "F": ("S-0006", "Sample Sender F (Toys)", "Sample Platform Two"),
    "G": ("S-0007", "Sample Sender G (Tableware)", "Sample Platform One"),
}
"""Sender letter to code, name and platform."""

HUBS = {
    "Sample Hub North": ("Sample Province North", "Sample City North"),
    "Sample Hub South": ("Sample Province South", "Sample City South"),
}
"""Hub to province and municipality."""

_V, _U, _C, _X, _N = "violation", "undetermined", "compliant", "exempt", "unmeasurable"
_FAR, _SPAN, _IN, _EX = "beyond_limit", "interval_spans_limit", "within_limit", "exempt_by_rule"
_HID = "filler_hides_contents"

_BOXES = ("box_printed", "box_white", "box_plain")
_FULL = (0.75, 1.0)  # footprint of a well filled carton
_LOW = (0.08, 0.36)  # its void

PLANS: tuple[Plan, ...] = (
    # Far too large cartons.
    Plan("SF1038274650912.jpg", "oversized", "SF1038274650912", "name", "A", _V, _FAR, 11,
         (360, 270, 170), kinds=("book",), count=1, area=(0.15, 0.35), floor="laminate-table"),
    Plan("YT8800416273905.jpg", "oversized", "YT8800416273905", "name", "B", _V, _FAR, 12,
         (400, 290, 180), kinds=("bottle", "jar"), count=2, floor="concrete", light="tubes",
         portrait=True),
    Plan("IMG_20261103_091244.jpg", "oversized", "SF1102938475610", "label", "F", _V, _FAR, 13,
         (310, 230, 140), count=2, floor="belt", light="tubes", style="none", colour=WHITE,
         share=(0.66, 0.7)),
    Plan("IMG_20261103_101530.jpg", "oversized", "YT7263540918273", "label", "F", _V, _FAR, 14,
         (340, 250, 160), count=2, floor="steel-table", light="room", share=(0.55, 0.62)),
    Plan("IMG_0412.jpg", "oversized", "773402918264", "table", "C", _V, _FAR, 15, (380, 280, 190),
         kinds=("box_white",), count=1, area=(0.1, 0.28), floor="carpet", light="flash",
         ambient=0.25,
         exif=6),
    Plan("IMG_0427.jpg", "oversized", "773402918271", "table", "C", _V, _FAR, 16, (350, 260, 170),
         kinds=("tube", "box_printed"), count=2, floor="tile", portrait=True, exif=3, colour=WHITE),
    Plan("EB204817360CN.jpg", "oversized", "EB204817360CN", "name", "B", _V, _FAR, 17, (320, 240,
         150),
         kinds=("jar", "box_white"), count=2, floor="wood", light="daylight", ambient=0.25),
    Plan("IMG_20261105_143902.jpg", "oversized", "773519028374651", "label", "G", _V, _FAR, 18,
         (330, 250, 150), kinds=("box_plain",), count=2, floor="mat-table", light="room",
         share=(0.55, 0.62)),
    Plan("IMG_0533.jpg", "oversized", "SF1450093827164", "table", "G", _V, _FAR, 19, (420, 300,
         180),
         kinds=("plate", "jar"), count=3, floor="epoxy", light="tubes", colour=GREY),
    Plan("IMG_0601.jpg", "oversized", "", "none", "", _V, _FAR, 20, (360, 260, 160), count=2,
         floor="asphalt", light="daylight", ambient=0.7, exif=8),
    # Half full: the photo alone cannot tell.
    Plan("YT8800416274001.jpg", "medium", "YT8800416274001", "name", "C", _U, _SPAN, 21, (330, 260,
         150),
         kinds=_BOXES, count=14, area=(0.62, 0.72), void=(0.4, 0.8), floor="rollers",
         light="tubes"),
    Plan("IMG_20261108_083015.jpg", "medium", "SF1102938475733", "label", "F", _U, _SPAN, 22,
         (340, 250, 150), kinds=_BOXES, count=16, area=(0.52, 0.62), void=(0.4, 0.8),
         floor="white-table", light="room", share=(0.55, 0.62)),
    Plan("IMG_0618.jpg", "medium", "773402918288", "table", "E", _U, _SPAN, 23, (380, 290, 120),
         kinds=("bag", "box_white"), count=12, area=(0.54, 0.66), void=(0.4, 0.85), floor="carpet",
         light="daylight"),
    Plan("SF1038274651007.jpg", "medium", "SF1038274651007", "name", "A", _U, _SPAN, 24, (330, 250,
         130),
         kinds=("book", "box_printed"), count=14, area=(0.58, 0.68), void=(0.35, 0.8), floor="wood",
         light="room", portrait=True),
    # Contents under filler.
    Plan("YT8800416274118.jpg", "hidden", "YT8800416274118", "name", "G", _U, _HID, 31, (340, 260,
         160),
         count=3, filler=(("kraft", 1.0),), floor="concrete", light="room", void=(0.5, 1.0)),
    Plan("IMG_20261109_165140.jpg", "hidden", "SF1102938475801", "label", "B", _U, _HID, 32,
         (330, 250, 150), count=3, filler=(("bubble", 1.0), ("pillows", 0.9)), floor="steel-table",
         light="daylight", void=(0.5, 1.0), share=(0.55, 0.62)),
    Plan("IMG_0655.jpg", "hidden", "773402918295", "table", "G", _U, _HID, 33, (330, 250, 140),
         count=3,
         filler=(("wad_white", 1.0), ("white", 0.9)), floor="laminate-table", light="tubes",
         void=(0.5, 1.0)),
    # One waybill, two photos: with the paper, and with the paper taken out.
    Plan("YT8800416274220_1.jpg", "hidden", "YT8800416274220", "name", "F", _U, _HID, 41,
         (370, 280, 170), count=2, filler=(("kraft", 1.0),), floor="white-table", light="daylight"),
    Plan("YT8800416274220_2.jpg", "filler_taken_out", "YT8800416274220", "name", "F", _V, _FAR, 41,
         (370, 280, 170), count=2, floor="white-table", light="daylight", extra={"camera": 2}),
    # Well filled, sizes declared.
    Plan("SF1038274651120.jpg", "well_filled", "SF1038274651120", "name", "A", _C, _IN, 51,
         (320, 240, 120), goods="tight", kinds=("book", "box_printed"), count=5, area=_FULL,
         void=_LOW,
         floor="laminate-table", light="daylight", declared=True),
    Plan("IMG_20261110_110207.jpg", "well_filled", "773519028374705", "label", "E", _C, _IN, 52,
         (340, 250, 130), goods="tight", kinds=_BOXES, count=6, area=_FULL, void=_LOW,
         floor="concrete",
         light="tubes", declared=True, share=(0.55, 0.62)),
    Plan("IMG_0702.jpg", "well_filled", "773402918301", "table", "D", _C, _IN, 53, (300, 240, 140),
         goods="tight", kinds=("box_white",), count=4, area=_FULL, void=_LOW, floor="epoxy",
         light="room", declared=True, portrait=True, exif=6),
    Plan("EB204817489CN.jpg", "well_filled", "EB204817489CN", "name", "C", _C, _IN, 54, (360, 250,
         110),
         goods="tight", kinds=_BOXES, count=7, area=_FULL, void=_LOW, floor="wood-table",
         light="room",
         declared=True),
    Plan("IMG_20261111_094418.jpg", "well_filled", "YT7263540918350", "label", "D", _C, _IN, 55,
         (330, 250, 150), goods="tight", kinds=("box_plain", "box_printed"), count=5, area=_FULL,
         void=_LOW, floor="mat-table", light="daylight", declared=True, share=(0.55, 0.62)),
    # Reusable boxes.
    Plan("SF1450093827201.jpg", "reusable", "SF1450093827201", "name", "D", _X, _EX, 61, (370, 280,
         170),
         kinds=("bottle", "box_white"), count=2, floor="rollers", light="tubes", colour=BLUE,
         style="none", packaging="reusable"),
    Plan("IMG_0715.jpg", "reusable", "773402918318", "table", "D", _X, _EX, 62, (360, 270, 160),
         kinds=("jar", "box_printed"), count=2, floor="concrete", light="daylight", colour=GREEN,
         style="none", packaging="reusable", portrait=True),
    # What cannot be measured.
    Plan("IMG_20261112_151103.jpg", "closed", "SF1102938475917", "label", "B", _U, "faces_not_seen",
         71,
         (330, 250, 150), goods="none", floor="belt", light="tubes", tilt=8),
    Plan("YT8800416274305.jpg", "closed", "YT8800416274305", "name", "E", _N, "no_scale", 72,
         (340, 240, 180), goods="none", floor="tile", light="daylight", ambient=0.7, tilt=48,
         portrait=True),
    Plan("IMG_0731.jpg", "no_parcel", "", "none", "", _N, "no_parcel", 73, (300, 200, 100),
         goods="none",
         floor="wood-table", light="room"),
    Plan("SF1450093827313.jpg", "cut_off", "SF1450093827313", "name", "C", _N, "opening_cut_off",
         74,
         (380, 280, 170), count=2, floor="concrete", light="daylight"),
    Plan("IMG_0744.jpg", "oblique", "773402918325", "table", "E", _N, "too_oblique", 75, (340, 260,
         200),
         count=3, floor="laminate", light="daylight", tilt=52, share=(0.5, 0.6)),
    Plan("SF1450093827420.jpg", "dark", "SF1450093827420", "name", "G", _N, "too_dark", 76,
         (340, 250, 160), count=2, floor="carpet", light="room", ambient=0.08, exposure=0.06),
    Plan("IMG_0752.jpg", "blurred", "773402918332", "table", "B", _N, "too_blurred", 77, (350, 260,
         160),
         count=2, floor="steel-table", light="tubes",
         extra={"motion": 26, "blur": 3.2, "noise": 0.001}),
    Plan("IMG_0760.jpg", "two_openings", "773402918349", "table", "F", _N, "several_openings", 78,
         (280, 210, 130), count=2, floor="epoxy", light="tubes", style="none", share=(0.36, 0.4)),
    Plan("YT8800416274411.jpg", "goods_outside", "YT8800416274411", "name", "E", _N,
         "items_outside_opening", 79, (340, 260, 150), count=1, area=(0.04, 0.12), floor="wood",
         light="daylight", style="none", share=(0.4, 0.45)),
    Plan("SF1450093827536.jpg", "empty", "SF1450093827536", "name", "A", _N, "no_item_seen", 80,
         (350, 260, 160), goods="none", floor="asphalt", light="daylight", ambient=0.8),
)  # fmt: skip
