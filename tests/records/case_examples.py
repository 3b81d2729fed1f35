"""A city's law that was read, and senders whose parcels break it, for tests of cases."""

from __future__ import annotations

import hashlib
from datetime import date

from sqlmodel import Session

from greenpack.records.case_entries import NewCase, NewStep, Person
from greenpack.records.case_forms import CaseEventKind
from greenpack.records.case_recording import open_case, record_step
from greenpack.records.case_steps import Wanted
from greenpack.records.deciding import decide
from greenpack.records.forms import DecisionKind, ProfilePin
from greenpack.records.judging import record_findings
from greenpack.records.recording import record_photo
from greenpack.records.scope import EVERYTHING, Scope
from greenpack.records.tables import CaseEvent, ComplianceCase, Sender, Waybill
from greenpack.records.waybills import import_waybills
from greenpack.rules.facts import Facts
from greenpack.rules.judge import judge
from greenpack.rules.loading import profile_of_bytes

from .samples import full, measured, photo, sha

LAW = """
id = "city-law"
version = "3"
title = "Rules of our city on empty parcels 本市规定"
jurisdiction = "CN-SH"
timezone = "Asia/Shanghai"
is_law = true
summary = "A law made up for tests."

[[consequences]]
id = "correction"
step = "correction_order"
title = "Order to correct"
clause = "art. 105"
verified = true
explanation = "First."
sources = [{ kind = "found", cite = "the law" }]

[[consequences]]
id = "fine"
step = "fine"
title = "Fine"
clause = "art. 105"
needs = "refusal"
low = 2000
high = 20000
currency = "CNY"
verified = true
explanation = "On refusal."
sources = [{ kind = "found", cite = "the law" }]

[[consequences]]
id = "appeal"
step = "appeal"
title = "Appeal"
clause = "art. 9"
days = 60
addressee = "the city's court"
verified = true
explanation = "Within 60 days to the court."
sources = [{ kind = "found", cite = "the law" }]

[[rules]]
id = "void"
clause = "art. 68"
title = "At most half of a parcel is air"
quantity = "void_ratio"
verified = true
explanation = "At most half."

[rules.limit]
direction = "at_most"
value = 0.5

[[rules.sources]]
kind = "found"
cite = "https://example.org/law/68"
states = "half"
""".lstrip().encode()
PROFILE = profile_of_bytes(LAW, "city-law.toml")
TODAY = date(2026, 11, 24)
DUE = date(2026, 12, 24)
WANG, LI = Person("Wang Fang"), Person("Li Wei")
Kind = CaseEventKind


def breach(
    session: Session,
    number: int,
    sender: str = "S-7",
    *,
    confirmed: bool = True,
    evidence: str | None = None,
    low: float = 0.75,
    hub: str = "North",
    municipality: str = "Hangzhou",
) -> int:
    """A parcel that breaks the law, confirmed by two persons; gives its finding."""
    waybill = full(
        f"SF{number}",
        sender_code=sender,
        sender_name=f"Shop {sender} 丝路",
        hub=hub,
        municipality=municipality,
        packaging="single_use",
    )
    import_waybills(session, [waybill])  # type: ignore[list-item]
    record = measured(low)
    stored = record_photo(session, photo(f"{number}.jpg", f"SF{number}"), record)
    assert stored.measurement is not None
    judgements = judge(PROFILE, record.measurement.quantities, None, Facts())
    pin = ProfilePin(PROFILE.id, PROFILE.version, PROFILE.sha256)
    (finding,) = record_findings(
        session, stored.measurement, judgements, pin, evidence or sha(f"evidence {number}")
    )
    assert finding.id is not None
    if confirmed:
        for person in (WANG, LI):
            decide(session, finding.id, DecisionKind.CONFIRMED, person.name, "seen")
    return finding.id


def sender_of(session: Session, finding_number: int) -> int:
    """The sender of the n-th waybill."""
    from sqlmodel import select

    waybill = session.exec(select(Waybill).where(Waybill.number == f"SF{finding_number}")).one()
    assert waybill.sender_id is not None
    return waybill.sender_id


def opened(
    session: Session, findings: list[int], sender_id: int, scope: Scope = EVERYTHING
) -> ComplianceCase:
    """A case of these findings."""
    new = NewCase(sender_id, PROFILE, tuple(findings), scope, TODAY, "Too much air.")
    return open_case(session, new, WANG)


def stepped(
    session: Session,
    case: ComplianceCase,
    wanted: Wanted,
    *,
    day: date = TODAY,
    seen: int | None = None,
    **more: object,
) -> CaseEvent:
    """The case after one more step."""
    from sqlmodel import func, select

    assert case.id is not None
    if seen is None:
        statement = select(func.max(CaseEvent.number)).where(CaseEvent.case_id == case.id)
        seen = session.exec(statement).one()
    step = NewStep(wanted, seen, **more)  # type: ignore[arg-type]
    return record_step(session, case.id, step, LI, profile=PROFILE, day=day)


def content_of(text: str) -> str:
    """The SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def name_of(session: Session, sender_id: int) -> str | None:
    """A sender's name."""
    return session.get_one(Sender, sender_id).name
