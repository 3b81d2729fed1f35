"""The table of what people decided about findings, and the indexes that lists of those need."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from greenpack.records.columns import Row, UtcDateTime, column, key, later_column, one_of
from greenpack.records.forms import DecisionKind, DismissalReason


class Decision(Row, table=True):
    """What a person did about a finding. Never changed or removed; a later one follows."""

    __tablename__: ClassVar[str] = "decision"
    __table_args__ = (one_of("kind", DecisionKind), one_of("reason", DismissalReason))

    id: int | None = key()
    finding_id: int = column("finding decided about", foreign_key="finding.id", index=True)
    kind: str = column(
        "confirmed, dismissed, correction_ordered, rectified, refused, fined or withdrawn"
    )
    decided_by: str = column("who decided")
    note: str = column("the person's reasons; may be empty")
    created_at: datetime = column("when it was decided, UTC", sa_type=UtcDateTime)
    account_id: int | None = later_column(
        "account of who decided; NULL where nobody was asked who they are",
        foreign_key="user_account.id",
    )
    reason: str | None = later_column(
        "why it was dismissed: wrong_outline, goods_missed, filler_mistaken, wrong_parcel, "
        "photo_unfit, exempt_goods or other; NULL for other decisions"
    )
    withdraws: int | None = later_column(
        "decision that no longer counts; NULL unless this withdraws one",
        foreign_key="decision.id",
    )
    settles: bool | None = later_column(
        "true where a supervisor settled a disagreement by it; NULL otherwise"
    )
