"""Whether a database is a demonstration's: its ledger then begins with saying so."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Table, select
from sqlmodel import Session

from greenpack.reasons import GreenPackError
from greenpack.records.ledger import append, lock
from greenpack.records.tables import Ledger

LEDGER_KIND = "demonstration"
_LEDGER: Table = Ledger.__table__  # type: ignore[attr-defined]


def mark_as_demo(session: Session, seed: int, parcels: int, until: date) -> None:
    """Begin the ledger with saying that everything after is made up. The caller commits.

    As the first entry it cannot be taken away without breaking the chain, and a database with
    real records can never get it.

    Raises:
        GreenPackError: ``demo_folder_in_use`` if there is any entry already.
    """
    if lock(session).seq:
        raise GreenPackError("demo_folder_in_use")
    facts = {"seed": seed, "parcels": parcels, "until": until.isoformat()}
    append(session, LEDGER_KIND, "database", facts)


def is_demo(session: Session) -> bool:
    """Whether everything in the database is made up; asks for one row by its key."""
    return _first_kind(session) == LEDGER_KIND


def has_records(session: Session) -> bool:
    """Whether anything was ever recorded."""
    return _first_kind(session) is not None


def _first_kind(session: Session) -> str | None:
    first = select(_LEDGER.c.kind).where(_LEDGER.c.seq == 1)
    found = session.connection().execute(first).scalar()
    return None if found is None else str(found)
