"""What the parts of a profile are made of: words, days, and where something was read."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Strict, StringConstraints

_Entries = TypeVar("_Entries", bound=tuple[object, ...])


def not_empty(entries: _Entries) -> _Entries:
    """The entries; with none, a ValueError, for pydantic.

    Not by pydantic's min_length, which also complains where an entry is malformed.
    """
    if not entries:
        raise ValueError("needs one entry at least")
    return entries


Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Line = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True, pattern=r"^[^\n]*$")]
Day = Annotated[date, Strict()]


class SourceKind(StrEnum):
    """How well the content of a source is known."""

    FOUND = "found"
    SECOND_HAND = "second_hand"
    MEMORY = "memory"
    NOT_FOUND = "not_found"
    OWN = "own"


class Part(BaseModel):
    """Anything in a profile: never changed once read, and without fields that nobody knows."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(Part):
    """Where a statement was read, and how well it is known.

    Attributes:
        kind: ``found``: the statement was read there; ``second_hand``: read, but in a blog, news
            item or quotation; ``memory``: not read; ``not_found``: looked for in vain; ``own``: a
            rule the profile's author made.
        cite: an address or a citation by which a person finds it again.
        states: what was read there, in short.
    """

    kind: SourceKind
    cite: Text
    states: Text | None = None


Sources = Annotated[tuple[Source, ...], AfterValidator(not_empty)]
