"""What one synthetic photograph shows, as plain frozen values.

Every length is in millimetres and every angle in degrees. World axes: z up, the floor is z = 0.
Axes of
a carton: origin in the middle of its inner floor, x along its length, y along its width. A scene
says all
that the picture and its truth depend on; textures are drawn again from the seeds kept here.
"""

from __future__ import annotations

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
    """

    side: int
    length: float
    angle: float
    tape: bool = False


@dataclass(frozen=True)
class Label:
    """A waybill label lying flat; x, y, yaw are in the frame of what it lies on.

    `surface` is "floor", "top" (lid of a closed parcel) or "flap0" to "flap3"; `bars` is the height
    of the
    long code's bars, 0 for the usual one.
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


@dataclass(frozen=True)
class Good:
    """A product. x, y is the middle of its footprint, z its underside; `size` bounds it before the
    yaw."""

    kind: str
    size: tuple[float, float, float]
    x: float
    y: float
    z: float
    yaw: float
    lying: bool
    seed: int


@dataclass(frozen=True)
class Filler:
    """Packing material in a carton.

    `kind`: kraft, white (paper sheets); wad_kraft, wad_white (crumpled paper); bubble; pillows;
    peanuts.
    `amount` 0 to 1 says how much of the carton's floor it takes; `x`, `y` its middle.
    """

    kind: str
    amount: float
    x: float
    y: float
    seed: int


@dataclass(frozen=True)
class Carton:
    """A parcel: inner length >= width, inner depth, board thickness; `bag` marks a soft mailer."""

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

    @property
    def rim(self) -> float:
        """Height of the inner rim over the floor the carton stands on."""
        return self.wall + self.depth


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
    """A pinhole camera: where it is, which point it looks at, roll about its axis, vertical field
    of view."""

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


@dataclass(frozen=True)
class Light:
    """`kind`: daylight, tubes, flash, sun, room. `azimuth` of the main light; `ambient` 0 to 1."""

    kind: str
    azimuth: float
    elevation: float
    ambient: float
    warmth: float


@dataclass(frozen=True)
class Finish:
    """What lens, sensor and file format do to the picture (see postprocess)."""

    exposure: float = 0.45
    warmth: float = 0.0
    blur: float = 0.0
    motion: float = 0.0
    motion_angle: float = 0.0
    noise: float = 0.008
    vignette: float = 0.1
    contrast: float = 1.0
    quality: int = 88


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

    def as_dict(self) -> dict[str, Any]:
        """The scene as JSON-ready values."""
        return asdict(self)
