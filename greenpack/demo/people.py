"""The people of a demonstration: an account for each role, and what they decided."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final

from sqlalchemy import Engine
from sqlmodel import Session

from greenpack.demo.filling import FoundViolation
from greenpack.demo.season import places, seasons
from greenpack.records.accounts import add_account
from greenpack.records.database import transact
from greenpack.records.deciding import decide
from greenpack.records.forms import DecisionKind, DismissalReason
from greenpack.records.passwords import hashed
from greenpack.records.roles import Role
from greenpack.records.scope import EVERYTHING, Scope

_BY: Final = "greenpack demo"
_BATCH: Final = 50
# Shares of the violations that people have decided about, last season and this one.
_DECIDED: Final = (0.8, 0.35)
_NOTE: Final = "Demonstration"


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account with its throwaway password, to be told once.

    Attributes:
        name: to sign in with.
        role: what it may do.
        scope: what it sees.
        password: thrown dice for it; nowhere else written.
        id: of its row.
    """

    name: str
    role: Role
    scope: Scope
    password: str
    id: int


def add_people(engine: Engine) -> list[DemoAccount]:
    """An account for each role; the inspector sees one province only."""
    province = Scope(places()[0].province)
    made = []
    for role in Role:
        scope = province if role is Role.INSPECTOR else EVERYTHING
        name, password = f"demo-{role.value}", secrets.token_urlsafe(12)
        secret = hashed(password)

        def work(
            session: Session, role: Role = role, scope: Scope = scope, secret: str = secret
        ) -> int:
            account = add_account(
                session,
                f"demo-{role.value}",
                role,
                scope,
                password_hash=secret,
                full_name=f"Demo {role.value} / 演示账号",
                by=_BY,
            )
            return account.id

        made.append(DemoAccount(name, role, scope, password, transact(engine, work)))
    return made


def decide_some(
    engine: Engine,
    violations: Sequence[FoundViolation],
    people: Sequence[DemoAccount],
    *,
    seed: int,
    until: date,
) -> int:
    """Let the reviewer and the supervisor decide about a share of the violations.

    Returns:
        How many findings somebody has decided about.
    """
    random = Random(f"greenpack demo decisions {seed}")
    reviewer = next(person for person in people if person.role is Role.REVIEWER)
    supervisor = next(person for person in people if person.role is Role.SUPERVISOR)
    newer = seasons(until)[1][0] - timedelta(days=2)
    plans: list[tuple[int, DecisionKind, bool]] = []
    for violation in violations:
        if random.random() >= _DECIDED[violation.day >= newer]:
            continue
        kind = DecisionKind.CONFIRMED if random.random() < 0.9 else DecisionKind.DISMISSED
        plans.append((violation.finding_id, kind, random.random() < 0.85))
    for start in range(0, len(plans), _BATCH):
        some = plans[start : start + _BATCH]

        def work(session: Session, some: list[tuple[int, DecisionKind, bool]] = some) -> None:
            for finding_id, kind, second in some:
                for person in (reviewer, supervisor)[: 1 + second]:
                    decide(
                        session,
                        finding_id,
                        kind,
                        person.name,
                        _NOTE,
                        account_id=person.id,
                        reason=(
                            DismissalReason.FILLER_MISTAKEN
                            if kind is DecisionKind.DISMISSED
                            else None
                        ),
                    )

        transact(engine, work)
    return len(plans)
