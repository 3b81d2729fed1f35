"""What is known of a parcel besides the photo: the facts that limits and exemptions depend on."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from greenpack.measure.interval import Interval

PACKAGING_KINDS = ("single_use", "reusable")
GOODS_CLASSES = ("general", "fragile", "fresh", "liquid", "other")

# Masses are declared in whole grams, so each is known to half a gram and no better.
_MASS_ROUNDING_G = 0.5


class Fact(StrEnum):
    """The facts that a profile's conditions may name; ``parcel_*`` follow from ``parcel_mm``."""

    PACKAGING = "packaging"
    GOODS_CLASSES = "goods_classes"
    PRODUCT_COUNT = "product_count"
    PRODUCT_KINDS = "product_kinds"
    PARCEL_SUM_MM = "parcel_sum_mm"
    PARCEL_LONGEST_MM = "parcel_longest_mm"
    PRODUCT_MASS_G = "product_mass_g"
    PACKAGING_MASS_G = "packaging_mass_g"
    AUTOMATED_PACKING = "automated_packing"
    PAPER_FILLER = "paper_filler"
    SHIPS_IN_SALES_PACKAGING = "ships_in_sales_packaging"


NUMBER_FACTS = frozenset(
    {
        Fact.PRODUCT_COUNT,
        Fact.PRODUCT_KINDS,
        Fact.PARCEL_SUM_MM,
        Fact.PARCEL_LONGEST_MM,
        Fact.PRODUCT_MASS_G,
        Fact.PACKAGING_MASS_G,
    }
)
YES_NO_FACTS = frozenset({Fact.AUTOMATED_PACKING, Fact.PAPER_FILLER, Fact.SHIPS_IN_SALES_PACKAGING})

FACT_NAMES: dict[Fact, str] = {
    Fact.PACKAGING: "the kind of packaging",
    Fact.GOODS_CLASSES: "the class of the goods",
    Fact.PRODUCT_COUNT: "the number of products",
    Fact.PRODUCT_KINDS: "the number of different products",
    Fact.PARCEL_SUM_MM: "the parcel's length + width + height",
    Fact.PARCEL_LONGEST_MM: "the parcel's longest side",
    Fact.PRODUCT_MASS_G: "the mass of the products",
    Fact.PACKAGING_MASS_G: "the mass of the packaging",
    Fact.AUTOMATED_PACKING: "whether a machine packed it",
    Fact.PAPER_FILLER: "whether the filler is paper",
    Fact.SHIPS_IN_SALES_PACKAGING: "whether it ships in its sales packaging",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """Declared facts about one parcel; None means unknown, never "no".

    Attributes:
        packaging: ``single_use`` or ``reusable``.
        goods_classes: the classes of all goods in the parcel, from ``GOODS_CLASSES``.
        product_count: pieces in the parcel, the sum of all quantities, >= 0.
        product_kinds: different products in the parcel, >= 0.
        parcel_mm: length, width and height in millimetres, each > 0, in any order.
        product_mass_g: mass of all products in grams, >= 0.
        packaging_mass_g: mass of the parcel's packaging in grams, >= 0.
        packed_on: the day of packing, local to where it was packed.
        taken_at: when the photo was taken; with a time zone.
        automated_packing: whether a machine packed the parcel.
        paper_filler: whether its filler is paper; a photo does not tell, only a declaration.
        ships_in_sales_packaging: whether the product's own sales packaging is the parcel.

    Raises:
        ValueError: if a fact lies outside its range, or ``taken_at`` has no time zone.
    """

    packaging: Literal["single_use", "reusable"] | None = None
    goods_classes: frozenset[str] | None = None
    product_count: int | None = None
    product_kinds: int | None = None
    parcel_mm: tuple[float, float, float] | None = None
    product_mass_g: float | None = None
    packaging_mass_g: float | None = None
    packed_on: date | None = None
    taken_at: datetime | None = None
    automated_packing: bool | None = None
    paper_filler: bool | None = None
    ships_in_sales_packaging: bool | None = None

    def __post_init__(self) -> None:
        if self.packaging is not None and self.packaging not in PACKAGING_KINDS:
            raise ValueError(f"packaging is one of {PACKAGING_KINDS}, not {self.packaging!r}")
        strange = (self.goods_classes or frozenset()).difference(GOODS_CLASSES)
        if strange:
            raise ValueError(f"goods classes are {GOODS_CLASSES}, not {sorted(strange)}")
        for name in ("product_count", "product_kinds", "product_mass_g", "packaging_mass_g"):
            amount = getattr(self, name)
            if amount is not None and not 0 <= amount < float("inf"):
                raise ValueError(f"{name} must be finite and not negative, not {amount}")
        if self.parcel_mm is not None and not all(
            0 < side < float("inf") for side in self.parcel_mm
        ):
            raise ValueError(f"the parcel's sides must be positive, not {self.parcel_mm}")
        if self.taken_at is not None and self.taken_at.utcoffset() is None:
            raise ValueError("taken_at needs a time zone")

    def number(self, fact: Fact) -> float | None:
        """The value of one of ``NUMBER_FACTS``, in its unit; None where unknown."""
        if fact is Fact.PARCEL_SUM_MM:
            return None if self.parcel_mm is None else math.fsum(self.parcel_mm)
        if fact is Fact.PARCEL_LONGEST_MM:
            return None if self.parcel_mm is None else max(self.parcel_mm)
        amount: float | None = getattr(self, fact.value)
        return amount

    def yes_no(self, fact: Fact) -> bool | None:
        """The value of one of ``YES_NO_FACTS``; None where unknown."""
        answer: bool | None = getattr(self, fact.value)
        return answer


def declared_weight_ratio(facts: Facts) -> Interval | None:
    """Mass of the packaging over mass of the products, from the declared masses.

    Both masses are taken as known to half a gram, the rounding of a declaration in grams; the
    interval says nothing of false declarations.

    Returns:
        the ratio, without unit and >= 0, or None where a mass is unknown or the products weigh no
        more than the rounding.
    """
    packaging, products = facts.packaging_mass_g, facts.product_mass_g
    if packaging is None or products is None or products <= _MASS_ROUNDING_G:
        return None
    return Interval(
        packaging / products,
        max(packaging - _MASS_ROUNDING_G, 0.0) / (products + _MASS_ROUNDING_G),
        (packaging + _MASS_ROUNDING_G) / (products - _MASS_ROUNDING_G),
    )
