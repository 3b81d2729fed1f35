"""Composes each kind of place: its ground, its walls and what stands where."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from greenpack.training.places import grounds
from greenpack.training.places.layout import AREA, Layout, Wall
from greenpack.training.scene import Place

_OLD_INDOOR = ("laminate", "tile", "carpet", "epoxy", "wood", "concrete", "white")
_TOPS = ("wood", "laminate", "white", "steel", "mat", "boards", "panelling", "pile", "vinyl")
_SMALL = ("mug", "bowl", "papers", "phone", "tools", "cable", "keyboard", "laptop", "toy", "potted")
_ROOM = ("chair", "bin", "cable", "cushion", "handbag", "toy", "stool", "potted", "legs", "papers")
_HALL = ("cage", "pallet", "tote", "tote", "legs", "bin", "papers", "cable", "pallet")
_GARDEN = ("bush", "bush", "potted", "potted", "litter", "bollard", "bin", "legs")


def _walls(made: Layout, kinds: tuple[str, ...], far: float, near: float = 0.0) -> Wall | None:
    """One or two walls behind the parcel as the camera sees it."""
    rng, kind = made.rng, str(made.rng.choice(kinds))
    close = rng.uniform(5, 120) if rng.random() < 0.5 else rng.uniform(120, far)
    first = Wall(made.ahead + float(rng.normal(0, 26)), made.reach + near + float(close))
    first = made.against or first
    if not made.wall(kind, first):
        return None
    if rng.random() < 0.45:
        side = 90.0 if rng.random() < 0.5 else -90.0
        near_too = float(rng.uniform(10, 0.7 * far))
        other = kind if rng.random() < 0.8 else str(rng.choice(kinds))
        made.wall(other, Wall(first.azimuth + side, made.reach + near + near_too))
    return first


def _fit_out(made: Layout, kinds: tuple[str, ...], count: int, spread: float = 1500) -> None:
    for _ in range(count):
        wall = made.walls[made.rng.integers(len(made.walls))]
        made.at_wall(str(made.rng.choice(kinds)), wall, float(made.rng.uniform(-spread, spread)))


def _scatter(made: Layout, kinds: tuple[str, ...], count: int, far: float) -> None:
    for _ in range(count):
        made.free(str(made.rng.choice(kinds)), far)


def _arm(made: Layout) -> None:
    """Now and then someone's hand beside the parcel."""
    if made.rng.random() < 0.13:
        turn = float(made.rng.uniform(0, 360))
        x, y = (made.reach * 1.02 * v for v in (np.cos(np.radians(turn)), np.sin(np.radians(turn))))
        z = float(made.rng.uniform(0, 90))
        made.add("arm", x, y, z, turn + 180, float(made.rng.uniform(165, 205)))


def _room(made: Layout) -> tuple[str, Place]:
    rng = made.rng
    base = 0.0
    if rng.random() < 0.15:
        base = 3.0
        made.ground = base
        made.add("rug", 0, 0, 0, float(rng.uniform(0, 360)), 4.2 * made.reach)
    wall = _walls(made, grounds.ROOM_WALLS, 1600)
    if wall:
        if rng.random() < 0.6:
            door = str(rng.choice(["door-flush", "door-panelled", "door-panelled", "door-glazed"]))
            made.at_wall(door, wall, float(rng.normal(0, 450)))
        made.add("fittings", wall.distance * wall.way[0], wall.distance * wall.way[1], -base,
                 wall.azimuth - 90, 900)  # fmt: skip
        kinds = (
            *("cupboard", "cupboard", "radiator", "curtain", "window", "window"),
            *("picture", "rack", "panel", "panel"),
        )
        _fit_out(made, kinds, int(rng.integers(1, 5)))
    _scatter(made, _ROOM, int(rng.integers(0, 5)), 900)
    _arm(made)
    return str(rng.choice([*grounds.INDOOR, *grounds.INDOOR, *_OLD_INDOOR])), Place(
        "room", base=base
    )


def _table(made: Layout) -> tuple[str, Place]:
    rng = made.rng
    made.ground = float(rng.uniform(700, 760))
    half = np.maximum(made.reach + rng.uniform(20, 250, 2), rng.uniform((350, 280), (900, 500)))
    yaw = made.ahead - 90 + float(rng.choice([0, 0, 90, 180])) + float(rng.normal(0, 15))
    # Walls and furniture clear the table's corners; small things stand on it.
    small, made.reach = made.reach, float(np.hypot(*half))
    _walls(made, (*grounds.ROOM_WALLS, "blocks"), 1500)
    if made.walls:
        _fit_out(made, ("cupboard", "window", "picture", "rack", "radiator", "curtain",
                        "door-flush", "door-glazed"), int(rng.integers(0, 4)), 2000)  # fmt: skip
    _scatter(
        made, ("chair", "chair", "bin", "potted", "legs", "stool"), int(rng.integers(0, 4)), 500
    )
    made.reach = small
    turn = np.radians(yaw)
    for _ in range(int(rng.integers(0, 8))):
        kind = str(rng.choice(_SMALL))
        share, low, high = AREA[kind]
        size = float(rng.uniform(low, low + 0.7 * (high - low)))
        u, v = rng.uniform(-1, 1, 2) * np.maximum(half - share * size, 0)
        x, y = u * np.cos(turn) - v * np.sin(turn), u * np.sin(turn) + v * np.cos(turn)
        if made.stands(float(x), float(y), share * size) and share * size < half.min():
            made.take(float(x), float(y), share * size)
            made.add(kind, float(x), float(y), 0, float(rng.uniform(0, 360)), size)
    _arm(made)
    top, base = str(rng.choice(_TOPS)), made.ground
    size_ = (float(2 * half[0]), float(2 * half[1]))
    place = Place("table", base=base, top=top, top_size=size_, yaw=float(yaw))
    return str(rng.choice([*grounds.INDOOR, *_OLD_INDOOR])), place


def _doorstep(made: Layout) -> tuple[str, Place]:
    rng = made.rng
    wall = _walls(made, grounds.HOUSE_WALLS, 900)
    made.add_vista()
    if wall:
        kinds = (
            "door-panelled",
            "door-panelled",
            "door-panelled",
            "door-glazed",
            "door-flush",
            "door-iron",
            "door-garage",
        )
        made.at_wall(str(rng.choice(kinds)), wall, float(rng.normal(0, 420)))
        made.add("fittings", wall.distance * wall.way[0], wall.distance * wall.way[1], 0,
                 wall.azimuth - 90, 1100)  # fmt: skip
        _fit_out(made, ("window", "picture", "door-flush", "panel"), int(rng.integers(0, 3)), 2500)
    if rng.random() < 0.3:
        made.behind(
            "bed", made.ahead + float(rng.uniform(-100, 100)), float(rng.uniform(5, 400)), 2500
        )
    if rng.random() < 0.2:
        made.add("rug", 0, 0, 0, made.walls[0].azimuth - 90 if made.walls else 0, 3 * made.reach)
        made.ground = 3.0
    _scatter(made, _GARDEN, int(rng.integers(0, 6)), 700)
    _arm(made)
    return str(rng.choice([*grounds.OUTDOOR, "asphalt", "concrete"])), Place(
        "doorstep", base=made.ground
    )


def _street(made: Layout) -> tuple[str, Place]:
    rng = made.rng
    made.add_vista()
    kind = str(rng.choice(["kerb", "kerb", "steps", "fence", "hedge", "bed"]))
    gap = float(rng.uniform(5, 900))
    way = made.ahead + float(rng.normal(0, 30))
    made.behind(kind, way, gap, 7000)
    more = {"kerb": ("fence", "hedge", "car"), "bed": ("fence", "hedge")}.get(kind, ("bed",))
    if kind in ("kerb", "bed"):
        made.behind(str(rng.choice(more)), way, gap + float(rng.uniform(500, 2500)), 5500)
    elif kind == "steps":
        made.wall(str(rng.choice(grounds.HOUSE_WALLS)), Wall(way, made.reach + gap + 2200))
    if rng.random() < 0.3:
        made.behind(
            "car", made.ahead + float(rng.choice([-70, 70])), float(rng.uniform(900, 2500)), 4300
        )
    if rng.random() < 0.25:
        made.behind("strip", float(rng.uniform(0, 360)), float(rng.uniform(20, 700)), 900)
    _scatter(made, _GARDEN, int(rng.integers(0, 6)), 1400)
    return str(rng.choice([*grounds.OUTDOOR, "tarmac", "tarmac", "asphalt"])), Place("street")


def _hall(made: Layout) -> tuple[str, Place]:
    rng = made.rng
    _walls(made, grounds.HALL_WALLS, 3500, near=200)
    if made.walls:
        _fit_out(made, ("rack", "rack", "door-flush", "door-garage", "picture"), 3, 3000)
    if rng.random() < 0.5:
        made.behind("line", float(rng.uniform(0, 360)), float(rng.uniform(60, 900)), 80)
    _scatter(made, _HALL, int(rng.integers(1, 7)), 1300)
    _arm(made)
    kinds = ("screed", "screed", "concrete", "epoxy", "cement", "vinyl", "steel")
    return str(rng.choice(kinds)), Place("hall")


def _track(made: Layout) -> tuple[str, Place]:
    """The parcel on a conveyor, a curve or a chute."""
    rng = made.rng
    made.ground = 750.0
    size = 2 * made.reach + float(rng.uniform(10, 350))
    # Along the view more or less, so that the guides hide nothing.
    yaw = made.ahead + float(rng.normal(0, 30))
    kinds = ["conveyor", "conveyor", "curve", "chute"]
    if made.bed:  # a row of parcels, one behind another
        yaw, _, size = made.bed
        size, kinds = size + float(rng.uniform(10, 250)), ["conveyor", "conveyor", "chute"]
    made.add(str(rng.choice(kinds)), 0, 0, 0, yaw, size)
    small, made.reach = made.reach, size / 2 + 2700
    _walls(made, grounds.HALL_WALLS, 3000)
    made.reach = small
    for _ in range(int(rng.integers(0, 7))):
        kind = str(rng.choice(["cage", "cage", "pallet", "tote", "legs", "bin"]))
        share, low, high = AREA[kind]
        wide = float(rng.uniform(low, high))
        # Beside the track, on either hand.
        side = (size / 2 + 150 + share * wide + rng.uniform(0, 900)) * rng.choice([-1, 1])
        along, a = rng.uniform(-1600, 1600), np.radians(yaw)
        x, y = along * np.cos(a) - side * np.sin(a), along * np.sin(a) + side * np.cos(a)
        if made.stands(float(x), float(y), share * wide):
            made.take(float(x), float(y), share * wide)
            made.add(kind, float(x), float(y), -750, float(rng.uniform(0, 360)), wide)
    _arm(made)
    return str(rng.choice(["screed", "concrete", "epoxy", "cement"])), Place("track", base=750.0)


def _loaded(kind: str, high: float, made: Layout) -> tuple[str, Place]:
    """Parcels on a pallet or in a roll cage whose bottom is `high` mm over the ground."""
    yaw, long, wide = made.bed or (0.0, 1200.0, 800.0)
    made.ground, made.reach = high, max(made.reach, float(np.hypot(long, wide)) / 2)
    made.add(f"bed-{kind}", 0, 0, -high, yaw, long)
    floor, _ = _hall(made)
    return floor, Place("hall", base=high)


def bay(made: Layout, height: float) -> tuple[str, Place]:
    """The parcel in a shelf seen from the front."""
    rng = made.rng
    size = max(2 * made.reach / 0.85, height / 0.52) + float(rng.uniform(15, 300))
    made.ground = float(rng.uniform(500, 1200))
    made.add("bay", 0, 0, 0, made.ahead - 90 + float(rng.normal(0, 6)), size)
    wall = Wall(made.ahead, 0.75 * size + 100)
    small, made.reach = made.reach, 0.0
    made.wall(str(rng.choice(grounds.ROOM_WALLS)), wall)
    made.reach = small
    return str(rng.choice([*grounds.INDOOR, "concrete"])), Place("bay", base=made.ground)


COMPOSE: dict[str, Callable[[Layout], tuple[str, Place]]] = {
    "room": _room,
    "table": _table,
    "doorstep": _doorstep,
    "street": _street,
    "hall": _hall,
    "track": _track,
    "pallet": partial(_loaded, "pallet", 144.0),
    "cage": partial(_loaded, "cage", 180.0),
}
"""Kinds of places but the shelf bay, which also needs the height of what stands in it."""
