"""What people did that no row vouches for: signing in, looking, exporting, uploading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Table, select
from sqlmodel import Session

from greenpack.records.ledger import GENESIS, NewEntry, append_all
from greenpack.records.tables import Ledger

_LEDGER: Table = Ledger.__table__  # type: ignore[attr-defined]


class Act(StrEnum):
    """The ledger's kinds for these; it alone keeps them, so nothing is compared with a row."""

    SIGN_IN = "sign_in"
    SIGN_IN_REFUSED = "sign_in_refused"
    SIGN_OUT = "sign_out"
    LOOK = "look"
    EXPORT = "export"
    UPLOAD = "upload"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it: an account's row and name; without, nobody was asked who they are."""

    account_id: int | None = None
    name: str | None = None


def act(kind: Act, subject: str, by: Actor, **more: object) -> NewEntry:
    """The ledger's entry for an act; ``more`` goes into the payload."""
    return NewEntry(kind.value, subject, {"account": by.account_id, "name": by.name, **more})


def record_look(session: Session, by: Actor, finding_id: int) -> None:
    """Keep that somebody opened a finding; the caller commits before showing it."""
    append_all(session, [act(Act.LOOK, f"finding/{finding_id}", by)])


def record_looks(session: Session, by: Actor, sender_id: int, findings: Sequence[int]) -> None:
    """Keep that somebody saw the pictures of several findings; the caller commits before."""
    append_all(session, [act(Act.LOOK, f"sender/{sender_id}", by, findings=list(findings))])


def record_case_look(session: Session, by: Actor, case_id: int) -> None:
    """Keep that somebody opened a case; the caller commits before showing it."""
    append_all(session, [act(Act.LOOK, f"compliance_case/{case_id}", by)])


def record_export(
    session: Session, by: Actor, what: str, file_name: str, filters: Mapping[str, object]
) -> None:
    """Keep that somebody took a table out; the caller commits before handing it over.

    Args:
        session: the caller commits.
        by: who.
        what: the table, for example ``findings``.
        file_name: as it was offered.
        filters: what it was narrowed by, as JSON can hold it.
    """
    entry = act(Act.EXPORT, what, by, file=file_name, filters=dict(filters))
    append_all(session, [entry])


def newest_record(session: Session) -> str:
    """The hash of the newest entry that is about a row, 64 zeros without any.

    As long as it stays, every count holds: acts change no rows.
    """
    statement = (
        select(_LEDGER.c.hash)
        .where(_LEDGER.c.kind.not_in([kind.value for kind in Act]))
        .order_by(_LEDGER.c.seq.desc())
        .limit(1)
    )
    return str(session.connection().execute(statement).scalar() or GENESIS)
