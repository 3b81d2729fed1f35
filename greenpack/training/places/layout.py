"""Puts things round the parcel: none stands in another, none in the line of sight."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from greenpack.training.scene import Camera, Clutter

AREA: dict[str, tuple[float, float, float]] = {
    "bush": (0.85, 400, 1300),
    "potted": (0.8, 160, 480),
    "litter": (0.0, 500, 2500),
    "legs": (0.85, 240, 300),
    "mug": (0.85, 75, 100),
    "bowl": (0.5, 110, 320),
    "laptop": (0.75, 300, 380),
    "keyboard": (0.85, 300, 440),
    "papers": (1.05, 140, 300),
    "phone": (0.55, 120, 210),
    "cushion": (0.55, 250, 600),
    "handbag": (0.6, 220, 420),
    "toy": (1.6, 40, 110),
    "bin": (0.55, 180, 380),
    "cable": (1.0, 200, 700),
    "tools": (2.0, 80, 120),
    "chair": (0.85, 400, 480),
    "stool": (0.6, 300, 550),
    "column": (0.55, 80, 260),
    "cage": (1.15, 700, 850),
    "tote": (0.65, 300, 650),
    "pallet": (0.95, 800, 1200),
    "scales": (0.9, 250, 450),
    "bollard": (0.15, 500, 1300),
}
"""Free-standing kinds: radius of the ground they need per mm of size, smallest and largest size."""

DEPTH: dict[str, tuple[float, float, float]] = {
    "door-flush": (70, 760, 930),
    "door-panelled": (70, 760, 930),
    "door-glazed": (70, 760, 930),
    "door-iron": (70, 800, 1000),
    "door-garage": (60, 2200, 2600),
    "window": (170, 600, 1600),
    "cupboard": (510, 400, 1600),
    "radiator": (110, 500, 1400),
    "curtain": (160, 500, 1600),
    "picture": (30, 200, 700),
    "panel": (30, 400, 1800),
    "rack": (460, 700, 2200),
}
"""Kinds that stand at a wall: how far in mm they stand out, smallest and largest width."""


@dataclass(frozen=True)
class Wall:
    """The vertical plane `distance` mm from the origin in the direction `azimuth`, in degrees."""

    azimuth: float
    distance: float

    @property
    def way(self) -> tuple[float, float]:
        """Unit vector from the origin to the wall."""
        a = np.radians(self.azimuth)
        return float(np.cos(a)), float(np.sin(a))

    def room(self, x: float, y: float) -> float:
        """How far in mm a point is before the wall; negative behind it."""
        return self.distance - x * self.way[0] - y * self.way[1]


@dataclass
class Layout:
    """What is placed so far round a clear circle of radius `reach` mm about the origin.

    `against` is a wall that must stand where it is, within the circle too; `bed` is the yaw, length
    and width of what the parcels lie on: a pallet, a roll cage, a belt.
    """

    rng: np.random.Generator
    reach: float
    camera: Camera
    ground: float = 0.0
    walls: list[Wall] = field(default_factory=list)
    props: list[Clutter] = field(default_factory=list)
    against: Wall | None = None
    bed: tuple[float, float, float] | None = None
    _taken: list[tuple[float, float, float]] = field(default_factory=list)

    @property
    def ahead(self) -> float:
        """The direction in degrees in which the camera looks along the ground."""
        c = self.camera
        dx, dy = c.target_x - c.x, c.target_y - c.y
        return float(np.degrees(np.arctan2(dy, dx))) if np.hypot(dx, dy) > 1 else 0.0

    def add(self, kind: str, x: float, y: float, z: float, yaw: float, size: float) -> None:
        """A thing where the caller says."""
        seed = int(self.rng.integers(2**31))
        self.props.append(
            Clutter(kind, float(x), float(y), float(z), float(yaw), float(size), seed)
        )

    def seen_past(self, x: float, y: float, radius: float) -> bool:
        """Whether a round thing leaves the view from the camera to the clear circle open."""
        eye = np.array([self.camera.x, self.camera.y])
        share = np.linspace(0, 1, 25)[:, None]
        line = eye * (1 - share)
        away = np.hypot(line[:, 0] - x, line[:, 1] - y)
        return bool((away > radius + 60 + self.reach * share[:, 0]).all())

    def wall(self, kind: str, wall: Wall, width: float = 12_000.0) -> bool:
        """A wall, unless the camera or the clear circle would be behind it."""
        near = wall.distance < self.reach + 5 and wall != self.against
        if near or wall.room(self.camera.x, self.camera.y) < 150:
            return False
        x, y = (wall.distance * w for w in wall.way)
        self.add(f"wall-{kind}", x, y, -self.ground, wall.azimuth - 90, width)
        self.walls.append(wall)
        return True

    def at_wall(self, kind: str, wall: Wall, shift: float) -> bool:
        """A thing at a wall, `shift` mm to the right of the foot of the perpendicular."""
        deep, low, high = DEPTH[kind]
        size = float(self.rng.uniform(low, high))
        right = (wall.way[1], -wall.way[0])
        x, y = (wall.distance * w + shift * r for w, r in zip(wall.way, right, strict=True))
        steps = np.linspace(-size / 2 - 80, size / 2 + 80, 9)
        spots = [(x + s * right[0], y + s * right[1]) for s in steps]
        for out in (0.0, deep):
            for sx, sy in spots:
                px, py = sx - out * wall.way[0], sy - out * wall.way[1]
                # Doors and pictures are flat: they may stand behind the parcel, close to it.
                solid = deep > 100 or self.against is not None
                if np.hypot(px, py) < self.reach + 5 and solid:
                    return False
                if not self.seen_past(px, py, 0.0) and deep > 100:
                    return False
                if any(w.room(px, py) < -5 for w in self.walls if w != wall):
                    return False
        if any(np.hypot(x - a, y - b) < size / 2 + r for a, b, r in self._taken):
            return False
        self._taken.append((x, y, size / 2 + 60))
        self.add(kind, x, y, -self.ground, wall.azimuth - 90, size)
        return True

    def free(self, kind: str, far: float, z: float | None = None, tries: int = 8) -> bool:
        """A free-standing thing within `far` mm of the clear circle, at height `z`."""
        share, low, high = AREA[kind]
        for _ in range(tries):
            size = float(self.rng.uniform(low, high))
            radius, turn = share * size, float(self.rng.uniform(0, 2 * np.pi))
            away = self.reach + radius + 15 + far * float(self.rng.random()) ** 1.5
            x, y = float(away * np.cos(turn)), float(away * np.sin(turn))
            if self.stands(x, y, radius):
                self._taken.append((x, y, radius))
                ground = -self.ground if z is None else z
                self.add(kind, x, y, ground, float(self.rng.uniform(0, 360)), size)
                return True
        return False

    def stands(self, x: float, y: float, radius: float) -> bool:
        """Whether a round thing fits: clear of the circle, the walls, the others and the view."""
        return (
            np.hypot(x, y) >= self.reach + radius
            and all(w.room(x, y) > radius + 20 for w in self.walls)
            and all(np.hypot(x - a, y - b) > radius + r for a, b, r in self._taken)
            and self.seen_past(x, y, radius)
        )

    def take(self, x: float, y: float, radius: float) -> None:
        """Keeps a circle for something that the caller adds."""
        self._taken.append((x, y, radius))

    def behind(self, kind: str, azimuth: float, gap: float, size: float) -> bool:
        """A long thing with its front `gap` mm beyond the circle, unless the camera is there."""
        wall = Wall(azimuth, self.reach + gap)
        if wall.room(self.camera.x, self.camera.y) < 150:
            return False
        x, y = (wall.distance * w for w in wall.way)
        self.add(kind, x, y, -self.ground, azimuth - 90, size)
        if kind not in ("line", "strip", "bed"):
            self.walls.append(wall)
        return True

    def add_vista(self) -> None:
        """A far view all along the horizon before the camera."""
        a, far = np.radians(self.ahead), 11_000.0
        self.add("vista", far * np.cos(a), far * np.sin(a), -self.ground, self.ahead - 90, 24_000.0)
