"""Conditions on declared facts, as limits and exemptions state them: met, not met, or unknown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, Strict, model_validator

from greenpack.rules.facts import (
    FACT_NAMES,
    GOODS_CLASSES,
    NUMBER_FACTS,
    PACKAGING_KINDS,
    YES_NO_FACTS,
    Fact,
    Facts,
)
from greenpack.rules.wording import join_words

Number = Annotated[float, Strict(), Field(allow_inf_nan=False)]
YesNo = Annotated[bool, Strict()]

_UNITS = {"mm": " mm", "g": " g"}
_OPERATORS = ("equals", "includes", "holds", "at_least", "above", "at_most", "below")


class Condition(BaseModel):
    """One test of one fact.

    Attributes:
        fact: which fact is tested.
        equals: for ``packaging``: the kind it must be.
        includes: for ``goods_classes``: the class that must be among them.
        holds: for a yes-or-no fact: the answer it must have.
        at_least, above, at_most, below: for a number: its bounds, in the fact's unit; all that
            are given must be kept.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    fact: Fact
    equals: str | None = None
    includes: str | None = None
    holds: YesNo | None = None
    at_least: Number | None = None
    above: Number | None = None
    at_most: Number | None = None
    below: Number | None = None

    @model_validator(mode="after")
    def _fits_the_fact(self) -> Self:
        given = {name for name in _OPERATORS if getattr(self, name) is not None}
        allowed = _operators_of(self.fact)
        if not given or not given <= allowed:
            wanted = join_words([name for name in _OPERATORS if name in allowed], "or")
            raise ValueError(f"the fact {self.fact.value} is tested with {wanted}")
        if self.equals is not None and self.equals not in PACKAGING_KINDS:
            raise ValueError(f"equals must be {' or '.join(PACKAGING_KINDS)}, not {self.equals}")
        if self.includes is not None and self.includes not in GOODS_CLASSES:
            known = join_words(list(GOODS_CLASSES), "or")
            raise ValueError(f"includes must be {known}, not {self.includes}")
        return self

    def met(self, facts: Facts) -> bool | None:
        """Whether the facts meet the condition; None where the fact is unknown."""
        if self.fact is Fact.PACKAGING:
            return None if facts.packaging is None else facts.packaging == self.equals
        if self.fact is Fact.GOODS_CLASSES:
            return None if facts.goods_classes is None else self.includes in facts.goods_classes
        if self.fact in YES_NO_FACTS:
            answer = facts.yes_no(self.fact)
            return None if answer is None else answer == self.holds
        number = facts.number(self.fact)
        return None if number is None else self._bounds_keep(number)

    def words(self) -> str:
        """The condition for a person, for example ``the class of the goods includes fragile``."""
        name = FACT_NAMES[self.fact]
        if self.equals is not None:
            return f"{name} is {self.equals.replace('_', '-')}"
        if self.includes is not None:
            return f"{name} includes {self.includes}"
        if self.holds is not None:
            return name.replace("whether", "" if self.holds else "it is not so that").strip()
        unit = _UNITS.get(self.fact.value.rpartition("_")[2], "")
        bounds = [
            f"{operator.replace('_', ' ')} {bound:g}{unit}"
            for operator in ("at_least", "above", "at_most", "below")
            if (bound := getattr(self, operator)) is not None
        ]
        return f"{name} is {join_words(bounds, 'and')}"

    def _bounds_keep(self, number: float) -> bool:
        return (
            (self.at_least is None or number >= self.at_least)
            and (self.above is None or number > self.above)
            and (self.at_most is None or number <= self.at_most)
            and (self.below is None or number < self.below)
        )


def all_met(conditions: Iterable[Condition], facts: Facts) -> bool | None:
    """Whether all conditions are met: False if one is not, else None if one is unknown."""
    answers = [condition.met(facts) for condition in conditions]
    if False in answers:
        return False
    return None if None in answers else True


def _operators_of(fact: Fact) -> set[str]:
    if fact is Fact.PACKAGING:
        return {"equals"}
    if fact is Fact.GOODS_CLASSES:
        return {"includes"}
    if fact in NUMBER_FACTS:
        return {"at_least", "above", "at_most", "below"}
    return {"holds"}
