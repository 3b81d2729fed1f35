"""The tables of evidence: photos, measurements, findings, decisions and the ledger."""

from __future__ import annotations

from sqlmodel import SQLModel


class Finding(SQLModel):
    """A measurement judged under one rule of one profile version."""

    id: int | None = None


class Decision(SQLModel):
    """What a person did about a finding."""

    id: int | None = None
