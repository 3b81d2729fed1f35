"""Who looks at the report, and what they may; pages ask nobody else."""

from __future__ import annotations

from dataclasses import dataclass, field

from greenpack.records.acts import Actor
from greenpack.records.roles import ALL_RIGHTS, RIGHTS, Right
from greenpack.records.scope import EVERYTHING, Scope
from greenpack.records.signing_in import SignedIn


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person before the report.

    Attributes:
        signed_in: who it is, or None where nobody is asked; then everything is allowed.
        token: what the person is signed in with; empty where nobody is asked.
    """

    signed_in: SignedIn | None = None
    token: str = field(default="", repr=False)

    @property
    def scope(self) -> Scope:
        """What the person may see; every query of a page is given it."""
        return EVERYTHING if self.signed_in is None else self.signed_in.scope

    @property
    def rights(self) -> frozenset[Right]:
        """What the person may do."""
        return ALL_RIGHTS if self.signed_in is None else RIGHTS[self.signed_in.role]

    def may(self, right: Right) -> bool:
        """Whether the person may do that."""
        return right in self.rights

    @property
    def actor(self) -> Actor:
        """As the ledger names the person."""
        return Actor() if self.signed_in is None else self.signed_in.actor

    @property
    def shown_name(self) -> str | None:
        """As decisions name the person, or None where nobody is asked."""
        return None if self.signed_in is None else self.signed_in.shown_name


# Where nobody is asked who they are.
ANYBODY = Visitor()
