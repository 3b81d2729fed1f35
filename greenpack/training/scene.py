"""What one synthetic photograph shows, as plain frozen values.

Every length is in millimetres and every angle in degrees. World axes: z up, the floor is z = 0.
Axes of
a carton: origin in the middle of its inner floor, x along its length, y along its width. A scene
says all
that the picture and its truth depend on; textures are drawn again from the seeds kept here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

Colour = tuple[float, float, float]
"""Linear RGB reflectance, 0 to 1."""


@dataclass(frozen=True)
class Flap:
    """One flap of an opened carton, hinged on the rim.

    `side` is 0 for +x, 1 for +y, 2 for -x, 3 for -y. `angle` is 0 when the flap stands upright, 90
    when it
    lies level outwards, negative when it leans over the mouth.

    `kind`: flap; lid (as long as the mouth is wide); mailer (a lid with side ears and a front
    tuck); book (a stiff lid with a lip); loose (a lid lying on the floor on that side, `length` its
    far edge from the wall). `bend` degrees the board curves outwards from hinge to edge, `torn` mm
    that its edge is ragged, `share` of the wall's run it covers.
    """

    side: int
    length: float
    angle: float
    tape: bool = False
    kind: str = "flap"
    bend: float = 0.0
    torn: float = 0.0
    share: float = 1.0


@dataclass(frozen=True)
class Label:
    """A waybill label lying flat; x, y, yaw are in the frame of what it lies on.

    `surface` is "floor", "top" (lid of a closed parcel), "flap0" to "flap3" (inner faces),
    "under0" to "under3" (outer faces of flaps) or "side0" to "side3" (outer walls, y upwards);
    `bars` is the height of the long code's bars, 0 for the usual one. `layout` is one of
    `waybill_layouts.LAYOUTS`, empty for the usual one; `pouch` puts it in a shiny clear pocket.
    """

    number: str
    width: float
    height: float
    surface: str
    x: float
    y: float
    yaw: float
    seed: int
    bars: float = 0.0
    layout: str = ""
    pouch: bool = False


@dataclass(frozen=True)
class Marker:
    """A printed ArUco marker lying flat; x, y, yaw are in the frame of what it lies on.

    `number` is its id in DICT_4X4_100, `side` of its black square, `margin` the white paper round
    that. `surface` is "belt" (the plane z = 0) or one of a closed parcel as `Label` has them.
    """

    number: int
    side: float
    margin: float
    surface: str
    x: float
    y: float
    yaw: float

    @property
    def paper(self) -> float:
        """Side of the paper in mm."""
        return self.side + 2 * self.margin


@dataclass(frozen=True)
class Good:
    """A product. x, y is the middle of its footprint, z its underside; `size` bounds it before the
    yaw. `tilt` degrees it is turned about its lower edge at -x, its far end up."""

    kind: str
    size: tuple[float, float, float]
    x: float
    y: float
    z: float
    yaw: float
    lying: bool
    seed: int
    tilt: float = 0.0


@dataclass(frozen=True)
class Filler:
    """Packing material in a carton.

    `kind`: kraft, white (paper sheets); wad_kraft, wad_white (crumpled paper); bubble; pillows;
    peanuts; and those of `filler.kinds.KINDS`.
    `amount` 0 to 1 says how much of the carton's floor it takes; `x`, `y` its middle.
    `where`: patch (around x, y), ring (between and around the goods, which stick out), over (on
    top of everything), wrap (film or paper around one good). `heap` is how far in mm it may stand
    over the rim.
    """

    kind: str
    amount: float
    x: float
    y: float
    seed: int
    where: str = "patch"
    heap: float = 0.0


@dataclass(frozen=True)
class Sheet:
    """Paper lying on top of a carton's contents: neither goods nor filler.

    `kind`: invoice, leaflet, card, receipt. x, y is its middle in the carton's frame.
    """

    kind: str
    width: float
    height: float
    x: float
    y: float
    yaw: float
    seed: int


@dataclass(frozen=True)
class Carton:
    """A parcel: inner length >= width, inner depth, board thickness; `bag` marks a soft mailer.

    `z` is the height of its underside. `style`: plain (flat board, as in the samples); opened ones:
    slotted, rollover, mailer, gift; closed ones: box, tube, bubble, poly, envelope, sack.
    `printing`: empty, marks, brand, repeat, stripes, postal, solid, fragile or bare (not even a
    sticker). `wear` 0 new to 1 battered.
    `tape_kind`: empty (plain), clear, brown, paper, words or colour; `tape_layout`: seam, h, girth,
    cross or none. `raised` degrees the top flaps of a closed box stand up along the middle.
    `lid_axis` is the axis across its flapped faces: 2 stands upright, 0 and 1 lies on a side.
    `tilt` degrees a closed one is turned about its lower edge at -x, its far end up.
    """

    length: float
    width: float
    depth: float
    wall: float
    x: float
    y: float
    yaw: float
    opened: bool
    colour: Colour
    inside: Colour
    printed: bool
    flaps: tuple[Flap, ...] = ()
    goods: tuple[Good, ...] = ()
    filler: tuple[Filler, ...] = ()
    labels: tuple[Label, ...] = ()
    tape_width: float = 0.0
    tape_colour: Colour = (0.5, 0.35, 0.2)
    bag: bool = False
    seed: int = 0
    z: float = 0.0
    style: str = "plain"
    printing: str = ""
    wear: float = 0.0
    tape_kind: str = ""
    tape_layout: str = ""
    strapping: Colour | None = None
    handles: bool = False
    raised: float = 0.0
    lid_axis: int = 2
    sheets: tuple[Sheet, ...] = ()
    tilt: float = 0.0

    @property
    def rim(self) -> float:
        """Height of the inner rim over the ground."""
        return self.z + self.wall + self.depth


@dataclass(frozen=True)
class Clutter:
    """A thing that belongs to no label: tape roll, pen, cutter, sheet, hand; x, y, yaw in the
    world."""

    kind: str
    x: float
    y: float
    z: float
    yaw: float
    size: float
    seed: int


@dataclass(frozen=True)
class Camera:
    """Where it is, which point it looks at, roll about its axis, vertical field of view.

    `distortion` is the lens's radial coefficient (see `lens`), 0 for a pinhole.
    """

    x: float
    y: float
    z: float
    target_x: float
    target_y: float
    target_z: float
    roll: float
    fov: float
    width: int
    height: int
    distortion: float = 0.0

    @classmethod
    def looking(
        cls, eye: Iterable[float], aim: Iterable[float], roll: float, fov: float, width: int,
        height: int, distortion: float = 0.0,
    ) -> Camera:  # fmt: skip
        """One at a point that looks at another, each x, y, z in mm; roll and fov in degrees."""
        x, y, z = (float(each) for each in eye)
        to_x, to_y, to_z = (float(each) for each in aim)
        return cls(x, y, z, to_x, to_y, to_z, float(roll), fov, width, height, distortion)


@dataclass(frozen=True)
class Light:
    """`kind`: daylight, tubes, flash, sun, room, lamp. `azimuth` of the main light; `ambient` 0 to
    1; `distance` in mm of a lamp from what it lights, the other kinds have their own."""

    kind: str
    azimuth: float
    elevation: float
    ambient: float
    warmth: float
    distance: float = 2400.0


@dataclass(frozen=True)
class Finish:
    """What lens, sensor and file format do to the picture (see postprocess).

    `tint` is magenta (1) to green (-1); `sharpen` the strength of the unsharp mask; `shrink` how
    many times smaller the picture once was. `haze` is the light that a pane or a dirty lens adds,
    1 as much as the bright parts have; `blobs` things far too near to be sharp at the border.
    """

    exposure: float = 0.45
    warmth: float = 0.0
    blur: float = 0.0
    motion: float = 0.0
    motion_angle: float = 0.0
    noise: float = 0.008
    vignette: float = 0.1
    contrast: float = 1.0
    quality: int = 88
    tint: float = 0.0
    sharpen: float = 0.0
    shrink: float = 1.0
    haze: float = 0.0
    blobs: int = 0


@dataclass(frozen=True)
class Place:
    """Where a photo is taken: what stands around. `kind` is one of `places.furnishing.KINDS`.

    `base` is how far in mm the ground lies under z = 0; above 100 the things stand on a top of
    surface `top`, `top_size` mm along and across, turned by `yaw` (empty: on one of the `props`).
    """

    kind: str
    props: tuple[Clutter, ...] = ()
    base: float = 0.0
    top: str = ""
    top_size: tuple[float, float] = (1600.0, 800.0)
    yaw: float = 0.0


@dataclass(frozen=True)
class Scene:
    """One photograph."""

    seed: int
    floor: str
    camera: Camera
    light: Light
    finish: Finish
    cartons: tuple[Carton, ...] = ()
    goods: tuple[Good, ...] = ()
    labels: tuple[Label, ...] = ()
    clutter: tuple[Clutter, ...] = ()
    case: str = ""
    tags: dict[str, str] = field(default_factory=dict)
    place: Place | None = None
    markers: tuple[Marker, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The scene as JSON-ready values; markers only where there are some."""
        told = asdict(self)
        if not self.markers:
            del told["markers"]
        return told
