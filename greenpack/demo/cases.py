"""The cases of a demonstration: one at each stage that its profile has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import Engine
from sqlmodel import Session, func, select

from greenpack.demo.people import DemoAccount
from greenpack.records.case_entries import NewCase, NewStep, Person
from greenpack.records.case_finding_queries import candidates, senders_to_answer
from greenpack.records.case_forms import CaseEventKind
from greenpack.records.case_recording import open_case, record_step
from greenpack.records.case_steps import Wanted
from greenpack.records.case_tables import CaseEvent
from greenpack.records.database import transact
from greenpack.records.roles import Role
from greenpack.records.scope import EVERYTHING
from greenpack.report.case_files import keep_profile
from greenpack.rules.profile import Profile
from greenpack.settings import Settings

_MOST_FINDINGS: Final = 12
_DAYS: Final = timedelta(days=30)
_ANSWER: Final = "Demonstration: smaller boxes have been ordered. / 演示：已订购较小的纸箱。"
_WHY: Final = "Demonstration / 演示"

Kind = CaseEventKind
# What has happened in the first, second and third case.
_STAGES: Final = ((Kind.ANSWERED, Kind.RECTIFIED), (Kind.ANSWERED,), ())


@dataclass(frozen=True, slots=True)
class _Making:
    """What every case is made with."""

    profile: Profile
    person: Person
    today: date


def make_cases(
    engine: Engine,
    settings: Settings,
    profile: Profile,
    people: list[DemoAccount],
    today: date,
) -> int:
    """Bundle confirmed findings of some senders into cases.

    Args:
        engine: the filled database.
        settings: where cases keep their files.
        profile: the findings were judged under.
        people: the accounts; the supervisor makes the cases.
        today: in the profile's time zone.

    Returns:
        How many cases were made; none where nothing was confirmed.
    """
    supervisor = next(one for one in people if one.role is Role.SUPERVISOR)
    kept = keep_profile(settings, profile.id, profile.sha256)
    making = _Making(kept, Person(supervisor.name, supervisor.id), today)

    def work(session: Session) -> int:
        chosen = senders_to_answer(session, profile.id, EVERYTHING, limit=len(_STAGES) + 1)
        # One sender is left, so that there is one to begin a case of.
        for sender, stage in zip(chosen[: len(_STAGES)], _STAGES, strict=False):
            _make(session, making, sender.sender_id, stage)
        return min(len(chosen), len(_STAGES))

    return transact(engine, work)


def _make(
    session: Session, making: _Making, sender_id: int, stage: tuple[CaseEventKind, ...]
) -> None:
    found = candidates(session, making.profile.id, sender_id, EVERYTHING, limit=_MOST_FINDINGS)
    findings = tuple(one.id for one in found)
    new = NewCase(sender_id, making.profile, findings, EVERYTHING, making.today, _WHY)
    case = open_case(session, new, making.person)
    first = Kind.CORRECTION_ORDERED if making.profile.is_law else Kind.RECOMMENDED
    if not stage and first is Kind.RECOMMENDED:
        return
    for kind in (first, *stage):
        due = making.today + _DAYS if kind is first else None
        wanted = Wanted(kind, _ANSWER if kind is Kind.ANSWERED else _WHY, due_on=due)
        last = session.exec(
            select(func.max(CaseEvent.number)).where(CaseEvent.case_id == case.id)
        ).one()
        step = NewStep(wanted, int(last or 0))
        record_step(
            session, case.id or 0, step, making.person, profile=making.profile, day=making.today
        )
