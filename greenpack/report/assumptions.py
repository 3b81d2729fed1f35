"""What Green logistics assumes: read from one file, single entries overridden by an agency's own.

Nothing here is measured. Every entry has a range, a source and a word on how sure it is, and the
page shows all three beside every figure that rests on it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from math import isfinite
from pathlib import Path
from typing import Any, Final

from greenpack.language.speaking import mark
from greenpack.measure.contents.goods import Size
from greenpack.measure.interval import Interval
from greenpack.reasons import GreenPackError

SHIPPED: Final = Path(__file__).with_name("assumptions.toml")
_FIELDS: Final = ("value", "low", "high", "unit", "source", "how_sure")
_BOXES: Final = "boxes"


class HowSure(StrEnum):
    """How much a figure can be relied on."""

    DEFINITION = mark("definition")
    HIGH = mark("high")
    MEDIUM = mark("medium")
    LOW = mark("low")


# What the entries are, for people, in the order of the page; the names in the file are the keys.
TITLES: Final[Mapping[str, str]] = {
    "lorry_m3": mark("Volume of a lorry"),
    "haul_km": mark("Distance of the line haul"),
    "chargeable_kg_per_m3": mark("Mass that a volume is charged as"),
    "road_kg_per_t_km": mark("CO2e of road transport"),
    "carton_share": mark("Share of sized parcels that are slotted cartons"),
    "board_g_per_m2": mark("Mass of board by area"),
    "board_kg_per_t": mark("CO2e of board"),
    "board_mm": mark("Thickness of board"),
    "filler_depth_share": mark("Share of the depth that visible filler goes down"),
    "filler_kg_per_m3": mark("Mass of filler by volume"),
    "filler_kg_per_t": mark("CO2e of filler"),
    "tape_strips": mark("Strips of tape on a carton"),
    "tape_overhang_mm": mark("Tape over each edge"),
    "tape_g_per_m": mark("Mass of tape by length"),
    "tape_kg_per_t": mark("CO2e of tape"),
    "cushion_mm": mark("Room for cushioning in a suggested box"),
}


@dataclass(frozen=True, slots=True)
class Assumption:
    """One entry.

    Attributes:
        key: its name in the file, a key of ``TITLES``.
        interval: value and range, > 0 apart from ``cushion_mm``, which may be 0.
        unit: of the three numbers; fixed for each entry.
        source: where they are from, in a clause.
        how_sure: how much they can be relied on.
        own: whether an agency's own file gave it.
    """

    key: str
    interval: Interval
    unit: str
    source: str
    how_sure: HowSure
    own: bool = False

    @property
    def value(self) -> float:
        """The value; every entry has one."""
        assert self.interval.value is not None
        return self.interval.value


@dataclass(frozen=True, slots=True)
class Box:
    """A box to choose: its name and its size, length >= width, height the side it closes along."""

    name: str
    size: Size


@dataclass(frozen=True, slots=True)
class Assumptions:
    """All of them.

    Attributes:
        entries: by key, all keys of ``TITLES``, in their order.
        boxes: to choose from, the smallest first; at least one.
        boxes_source: where their sizes are from.
        boxes_sure: how much these can be relied on.
        boxes_own: whether an agency's own file gave them.
    """

    entries: Mapping[str, Assumption]
    boxes: tuple[Box, ...]
    boxes_source: str
    boxes_sure: HowSure
    boxes_own: bool = False

    def __getitem__(self, key: str) -> Interval:
        """The value and range of an entry."""
        return self.entries[key].interval


def load_assumptions(own: Path | None = None) -> Assumptions:
    """The shipped assumptions, single entries overridden by a file of one's own.

    Args:
        own: a TOML file with the entries that differ, each whole; or None.

    Raises:
        GreenPackError: ``assumptions_invalid``, naming the file, the entry and what is wrong.
    """
    shipped = _shipped()
    if own is None:
        return shipped
    content = _read(own)
    unknown = content.keys() - TITLES.keys() - {_BOXES}
    if unknown:
        known = ", ".join((*TITLES, _BOXES))
        raise _wrong(own, min(unknown), f"there is no such entry; the entries are {known}")
    entries = {
        key: _entry(own, key, content[key], entry.unit) if key in content else entry
        for key, entry in shipped.entries.items()
    }
    if _BOXES not in content:
        return Assumptions(entries, shipped.boxes, shipped.boxes_source, shipped.boxes_sure)
    return Assumptions(entries, *_boxes(own, content[_BOXES]), boxes_own=True)


def shipped_sources() -> list[str]:
    """The sources of all shipped entries, to be translated."""
    shipped = _shipped()
    return [*(entry.source for entry in shipped.entries.values()), shipped.boxes_source]


@cache
def _shipped() -> Assumptions:
    content = _read(SHIPPED)
    entries = {key: _entry(SHIPPED, key, content[key], None) for key in TITLES}
    return Assumptions(entries, *_boxes(SHIPPED, content[_BOXES]))


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise GreenPackError(
            "assumptions_invalid", f"{path}: {error.strerror or 'cannot be read'}"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise GreenPackError("assumptions_invalid", f"{path}: no TOML: {error}") from error


def _entry(path: Path, key: str, given: Any, unit: str | None) -> Assumption:
    """One entry checked; ``unit`` is the one it must have, None for the shipped file."""
    table = _table(path, key, given, _FIELDS)
    numbers = [_number(path, key, name, table[name]) for name in ("value", "low", "high")]
    value, low, high = numbers
    if not low <= value <= high:
        raise _wrong(path, key, f"low <= value <= high does not hold: {low}, {value}, {high}")
    if low < 0 or (low == 0 and key != "cushion_mm"):
        raise _wrong(path, key, f"low must be above zero, not {low}")
    if unit is not None and table["unit"] != unit:
        raise _wrong(path, key, f"the unit must be {unit!r}, not {table['unit']!r}")
    if key in {"carton_share", "filler_depth_share"} and high > 1:
        raise _wrong(path, key, f"a share is at most 1, not {high}")
    source, sure = _source(path, key, table)
    return Assumption(
        key, Interval(value, low, high), str(table["unit"]), source, sure, own=unit is not None
    )


def _boxes(path: Path, given: Any) -> tuple[tuple[Box, ...], str, HowSure]:
    table = _table(path, _BOXES, given, ("source", "how_sure", "sizes_mm"))
    source, sure = _source(path, _BOXES, table)
    sizes = table["sizes_mm"]
    if not isinstance(sizes, list) or not sizes:
        raise _wrong(path, _BOXES, "sizes_mm must be a list with at least one box")
    boxes = []
    for one in sizes:
        named = _table(path, _BOXES, one, ("name", "length", "width", "height"))
        sides = [_number(path, _BOXES, side, named[side]) for side in ("length", "width", "height")]
        if min(sides) <= 0 or sides[0] < sides[1]:
            raise _wrong(path, _BOXES, f"{named['name']}: sides are above zero, length >= width")
        boxes.append(Box(str(named["name"]), (sides[0], sides[1], sides[2])))
    if len({box.name for box in boxes}) != len(boxes):
        raise _wrong(path, _BOXES, "two boxes have the same name")
    ordered = sorted(boxes, key=lambda box: box.size[0] * box.size[1] * box.size[2])
    return tuple(ordered), source, sure


def _table(path: Path, key: str, given: Any, fields: tuple[str, ...]) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise _wrong(path, key, "it must be a table")
    missing = [name for name in fields if name not in given]
    if missing:
        raise _wrong(path, key, f"{', '.join(missing)} missing: an entry is given whole")
    unknown = given.keys() - set(fields)
    if unknown:
        raise _wrong(path, key, f"{min(unknown)} is not known")
    return given


def _number(path: Path, key: str, name: str, given: Any) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float) or not isfinite(given):
        raise _wrong(path, key, f"{name} must be a number, not {given!r}")
    return float(given)


def _source(path: Path, key: str, table: Mapping[str, Any]) -> tuple[str, HowSure]:
    source = table["source"]
    if not isinstance(source, str) or not source.strip():
        raise _wrong(path, key, "source must say where the numbers are from")
    try:
        return source.strip(), HowSure(table["how_sure"])
    except ValueError as error:
        raise _wrong(path, key, f"how_sure is one of {', '.join(HowSure)}") from error


def _wrong(path: Path, key: str, what: str) -> GreenPackError:
    return GreenPackError("assumptions_invalid", f"{path}: {key}: {what}")
