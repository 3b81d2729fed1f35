"""The places that a page's figures can be narrowed to: provinces, municipalities and hubs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from greenpack.language.speaking import tr
from greenpack.records.place_choices import HubPlace
from greenpack.records.scope import Scope


@dataclass(frozen=True, slots=True)
class Place:
    """One place to choose.

    Attributes:
        scope: the hubs that lie in it.
        link: what narrows a link to the findings to it, as ``findings_link`` names it.
    """

    scope: Scope
    link: Mapping[str, int]

    def __str__(self) -> str:
        return str(self.scope)

    @property
    def words(self) -> str:
        """Its name with the larger places behind it: where there is little room, they are cut."""
        names = (self.scope.hub, self.scope.municipality, self.scope.province)
        return tr(", ").join(filter(None, names))


def places(hubs: Iterable[HubPlace]) -> list[Place]:
    """Every place that some hubs lie in, larger ones before those within them.

    A hub or municipality of which the larger place is not known is left out: no scope means it.
    """
    found: dict[tuple[str, ...], Place] = {}
    for hub in hubs:
        names: tuple[str, ...] = ()
        for level, row, name in (
            ("province_id", hub.province_id, hub.province),
            ("municipality_id", hub.municipality_id, hub.municipality),
            ("hub_id", hub.hub_id, hub.hub),
        ):
            if row is None or name is None or not name.strip():
                break
            names = (*names, name)
            found.setdefault(names, Place(Scope(*names), {level: row}))
    return [found[names] for names in sorted(found)]
