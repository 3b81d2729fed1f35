"""Air, board, filler and tape of many parcels, and their CO2e: intervals throughout. Pure.

Measured intervals of single parcels are summed over all parcels, or projected from some drawn at
random (``greenpack.report.sampled_total``), then multiplied by the ranges of the assumptions, ends
by ends. So every range is a worst case: it holds however the errors go together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from greenpack.language.speaking import mark
from greenpack.measure.interval import Interval
from greenpack.records.sized import SizedParcel
from greenpack.report.assumptions import Assumptions
from greenpack.report.right_size import RightSize, blank_m2, parcel_volume_m3
from greenpack.report.sampled_total import Total, added, scaled, total

_NOTHING: Final = Interval(0.0, 0.0, 0.0)
_REUSABLE: Final = "reusable"


class Figure(StrEnum):
    """What the page tells, in its order; the words are for people."""

    AIR = mark("Air moved")
    BOARD = mark("Board")
    FILLER = mark("Filler")
    TAPE = mark("Tape")
    SAVED_AIR = mark("Air that right-sizing would save")
    SAVED_BOARD = mark("Board that right-sizing would save")


# What a figure and its CO2e are multiplied by; keys of ``assumptions.TITLES``.
FACTORS: Final[Mapping[Figure, tuple[str, ...]]] = {
    Figure.AIR: ("chargeable_kg_per_m3", "haul_km", "road_kg_per_t_km"),
    Figure.BOARD: ("board_g_per_m2", "carton_share", "board_kg_per_t"),
    Figure.FILLER: ("filler_depth_share", "filler_kg_per_m3", "filler_kg_per_t"),
    Figure.TAPE: (
        "tape_strips",
        "tape_overhang_mm",
        "tape_g_per_m",
        "carton_share",
        "tape_kg_per_t",
    ),
    Figure.SAVED_AIR: (
        "board_mm",
        "cushion_mm",
        "chargeable_kg_per_m3",
        "haul_km",
        "road_kg_per_t_km",
    ),
    Figure.SAVED_BOARD: (
        "board_mm",
        "cushion_mm",
        "board_g_per_m2",
        "carton_share",
        "board_kg_per_t",
    ),
}

# What each figure leaves out, or cannot know.
LIMITS: Final[Mapping[Figure, str]] = {
    Figure.AIR: mark(
        "Only of parcels whose size and void are known; nothing is projected to the others. "
        "CO2e counts air as the mass that carriers charge for its volume."
    ),
    Figure.BOARD: mark(
        "As if every single-use parcel of known size were a slotted carton: the records do not "
        "tell cartons from bags. Trim is left out."
    ),
    Figure.FILLER: mark(
        "Only of parcels that were photographed open and whose size is known: a closed parcel "
        "shows no filler. How deep it goes, and what it is made of, is assumed."
    ),
    Figure.TAPE: mark(
        "By the parcel's sides and an assumed number of strips; tape is not measured along its "
        "length."
    ),
    Figure.SAVED_AIR: mark(
        "Only of parcels whose goods are declared with their sizes. A box counts only if a way to "
        "pack the goods into it was found, so more may be possible."
    ),
    Figure.SAVED_BOARD: mark(
        "Of the same parcels. Which side of a parcel is its height is not known, so the low end "
        "may be below zero."
    ),
}


@dataclass(frozen=True, slots=True)
class Amount:
    """One figure with its CO2e.

    Attributes:
        figure: what it is.
        amount: with its interval, in ``unit``; None where too few parcels tell it.
        unit: ``m3`` or ``kg``.
        co2e_kg: kg CO2e; None where the amount is.
        rests_on: parcels whose numbers it was made of.
        of: parcels it was projected to; equal to ``projected_from`` where none was left out.
        projected_from: parcels that were drawn, with or without this figure.
    """

    figure: Figure
    amount: Interval | None
    unit: str
    co2e_kg: Interval | None
    rests_on: int
    of: int
    projected_from: int


def air_amount(air_m3: Interval, parcels: int, assumptions: Assumptions) -> Amount:
    """The air in parcels whose size and void are known, and what moving it costs.

    Args:
        air_m3: the sum over all of them, m3.
        parcels: how many they are.
        assumptions: distance, charged mass and CO2e of the road.
    """
    if not parcels:
        return Amount(Figure.AIR, None, "m3", None, 0, 0, 0)
    co2e = transport_kg(air_m3, assumptions)
    return Amount(Figure.AIR, air_m3, "m3", co2e, parcels, parcels, parcels)


def material_amounts(
    drawn: Sequence[SizedParcel], of: int, assumptions: Assumptions
) -> tuple[Amount, Amount, Amount]:
    """Board, filler and tape.

    Args:
        drawn: parcels drawn at random, or all.
        of: how many parcels of known size there are.
        assumptions: masses and factors.
    """
    single = [parcel for parcel in drawn if parcel.packed_in != _REUSABLE]
    opened = [parcel for parcel in drawn if parcel.filler is not None]
    ids = {parcel.id for parcel in single}
    board = [blank_m2(one.size) if one.id in ids else _NOTHING for one in drawn]
    tape = [tape_m(one, assumptions) if one.id in ids else _NOTHING for one in drawn]
    filler = [filler_m3(one, assumptions) or _NOTHING for one in drawn]
    share = assumptions["carton_share"]
    return (
        _mass(
            Figure.BOARD,
            total(board, of),
            [assumptions["board_g_per_m2"], _PER_THOUSAND, share],
            assumptions["board_kg_per_t"],
            len(single),
        ),
        _mass(
            Figure.FILLER,
            total(filler, of),
            [assumptions["filler_kg_per_m3"]],
            assumptions["filler_kg_per_t"],
            len(opened),
        ),
        _mass(
            Figure.TAPE,
            total(tape, of),
            [assumptions["tape_g_per_m"], _PER_THOUSAND, share],
            assumptions["tape_kg_per_t"],
            len(single),
        ),
    )


def saved_amounts(
    found: Sequence[RightSize | None], of: int, assumptions: Assumptions
) -> tuple[Amount, Amount]:
    """What boxes that fit would save: air, and board.

    Args:
        found: for each parcel drawn what would have fitted; None where its goods are not known.
        of: how many parcels of known size there are.
        assumptions: masses and factors.
    """
    known = sum(one is not None for one in found)
    volume = total([_NOTHING if one is None else one.volume_m3 for one in found], of)
    board = total([_NOTHING if one is None else one.board_m2 for one in found], of)
    saved = None if volume.amount is None or not known else volume.amount
    air = Amount(
        Figure.SAVED_AIR,
        saved,
        "m3",
        None if saved is None else transport_kg(saved, assumptions),
        known,
        of,
        len(found),
    )
    mass = [assumptions["board_g_per_m2"], _PER_THOUSAND, assumptions["carton_share"]]
    return air, _mass(Figure.SAVED_BOARD, board, mass, assumptions["board_kg_per_t"], known)


def transport_kg(volume_m3: Interval, assumptions: Assumptions) -> Interval:
    """CO2e of moving a volume over the line haul, kg: charged mass times distance times factor."""
    return _product(
        volume_m3,
        [
            assumptions["chargeable_kg_per_m3"],
            _PER_THOUSAND,
            assumptions["haul_km"],
            assumptions["road_kg_per_t_km"],
        ],
    )


def lorries(volume_m3: Interval, assumptions: Assumptions) -> Interval:
    """A volume as lorry loads."""
    load = assumptions["lorry_m3"]
    value = None if load.value is None else 1 / load.value
    return scaled(volume_m3, Interval(value, 1 / load.high, 1 / load.low))


def tape_m(parcel: SizedParcel, assumptions: Assumptions) -> Interval:
    """Tape on a parcel if it is a carton, m: strips along its opening's longer side.

    That side is the longest or, where the longest is the height, the second of the three.
    """
    strips, over = assumptions["tape_strips"], assumptions["tape_overhang_mm"]
    shorter, longer = sorted(parcel.size.smallest())[1], max(parcel.size.largest())
    one = Interval(None, (shorter + 2 * over.low) / 1000, (longer + 2 * over.high) / 1000)
    return scaled(one, strips)


def filler_m3(parcel: SizedParcel, assumptions: Assumptions) -> Interval | None:
    """Filler in a parcel that was measured open, m3; None where it was not.

    The share of the opening that it covers, as deep as assumed. Filler below goods is not seen.
    """
    if parcel.filler is None:
        return None
    volume = parcel_volume_m3(parcel.size)
    return _product(volume, [parcel.filler, assumptions["filler_depth_share"]])


def material_co2e(amounts: Iterable[Amount]) -> Interval | None:
    """CO2e of those that are known together, kg; None where none is."""
    known = [one.co2e_kg for one in amounts if one.co2e_kg is not None]
    return added(known) if known else None


_PER_THOUSAND: Final = Interval(1e-3, 1e-3, 1e-3)


def _mass(
    figure: Figure, measured: Total, to_kg: Sequence[Interval], per_t: Interval, known: int
) -> Amount:
    if measured.amount is None or not known:
        return Amount(figure, None, "kg", None, known, measured.of, measured.rests_on)
    mass = _product(measured.amount, to_kg)
    co2e = _product(mass, [_PER_THOUSAND, per_t])
    return Amount(figure, mass, "kg", co2e, known, measured.of, measured.rests_on)


def _product(amount: Interval, factors: Iterable[Interval]) -> Interval:
    for factor in factors:
        amount = scaled(amount, factor)
    return amount
