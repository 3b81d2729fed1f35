"""The jurisdiction that somebody may see: everything, a province, a municipality or a hub."""

from __future__ import annotations

from dataclasses import dataclass

# How everything is written; no province is called so.
ALL = "everything"


@dataclass(frozen=True, slots=True)
class Scope:
    """A place by its names, from the largest down; without any, everything.

    A hub lies in a scope if all names that the scope has are those of the hub's places. What
    belongs to no hub lies in the scope of everything only.

    Raises:
        ValueError: for an empty name, or a smaller place without the larger one.
    """

    province: str | None = None
    municipality: str | None = None
    hub: str | None = None

    def __post_init__(self) -> None:
        names = (self.province, self.municipality, self.hub)
        given = [name for name in names if name is not None]
        if tuple(given) != names[: len(given)]:
            raise ValueError("a scope names the larger places first")
        if not all(name.strip() for name in given):
            raise ValueError("a scope has no empty names")

    def __str__(self) -> str:
        given = [name for name in (self.province, self.municipality, self.hub) if name is not None]
        return "/".join(given) or ALL


EVERYTHING = Scope()


def scope_from(text: str) -> Scope:
    """The scope that is written as ``everything`` or ``PROVINCE[/MUNICIPALITY[/HUB]]``.

    Raises:
        ValueError: if it is written otherwise; nothing at all is not everything.
    """
    if text.strip() == ALL:
        return EVERYTHING
    names = [name.strip() for name in text.split("/")]
    if len(names) > 3:
        raise ValueError(f"{text!r} has more than province, municipality and hub")
    return Scope(*names)
