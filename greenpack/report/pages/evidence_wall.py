"""The evidence wall: pictures of a sender's worst parcels, each a way into its finding.

A picture is shown only if its bytes are those that were recorded, and only to who may see
evidence; the ledger has it first, one entry for each wall of pictures.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo

import streamlit as st
from PIL import Image

from greenpack.intake.limits import Limits
from greenpack.intake.photo import decode_photo
from greenpack.language.speaking import percent_text, tr, trn
from greenpack.reasons import GreenPackError
from greenpack.records.acts import record_looks
from greenpack.records.database import transact
from greenpack.records.evidence import EvidenceStore
from greenpack.records.sender_facts import WorstParcel
from greenpack.report.finding_address import findings_link
from greenpack.report.findings_view import plain
from greenpack.report.pages.asked import Asked
from greenpack.stores import evidence

ACROSS: Final = 4
ON_A_WALL: Final = 8
_WIDTH: Final = 480
_LIMITS: Final = Limits(min_side=1)
_LOOKED_AT: Final = "looked_at_wall"


def draw_wall(asked: Asked, sender_id: int, parcels: Sequence[WorstParcel]) -> None:
    """Draw the pictures of some parcels; who looks may see evidence."""
    _note_looks(asked, sender_id, parcels)
    store = evidence(asked.settings)
    withheld = 0
    for begin in range(0, len(parcels), ACROSS):
        for column, parcel in zip(
            st.columns(ACROSS), parcels[begin : begin + ACROSS], strict=False
        ):
            with column:
                withheld += not _draw(asked, store, parcel)
    if withheld:
        st.warning(
            trn(
                "{count} picture is not shown, because it is missing or not the one that was "
                "recorded: `greenpack verify` says which.",
                "{count} pictures are not shown, because they are missing or not those that were "
                "recorded: `greenpack verify` says which.",
                withheld,
            )
        )


def thumbnail(picture: bytes) -> bytes | None:
    """A smaller copy of a picture as JPEG; None where the bytes are no picture."""
    try:
        photo = decode_photo(
            "picture",
            picture,
            limits=_LIMITS,
            camera_timezone=ZoneInfo("UTC"),
            longest_side=2 * _WIDTH,
        )
    except GreenPackError:
        return None
    small = Image.fromarray(photo.pixels)
    small.thumbnail((_WIDTH, _WIDTH))
    written = io.BytesIO()
    small.save(written, "JPEG", quality=82)
    return written.getvalue()


def _draw(asked: Asked, store: EvidenceStore, parcel: WorstParcel) -> bool:
    """One picture with its words; gives whether the picture could be shown."""
    try:
        small = thumbnail(store.read(parcel.evidence_sha256))
    except (GreenPackError, OSError):
        small = None
    address = findings_link(asked.profile.id, finding=parcel.finding_id)
    if small is not None:
        st.image(
            small,
            link=address,
            alt=tr("Evidence picture of finding {number}", number=parcel.finding_id),
            width="stretch",
        )
    else:
        st.markdown(f":material/hide_image: {tr('no picture')}")
    if parcel.low is None:
        words = tr("Violation")
    elif parcel.limit is None:
        words = tr("at least {low} void", low=percent_text(parcel.low))
    else:
        words = tr(
            "at least {low} void (limit {limit})",
            low=percent_text(parcel.low),
            limit=percent_text(parcel.limit, 0),
        )
    opening = tr("Finding {number}", number=parcel.finding_id)
    st.markdown(f"**{plain(words)}**  \n[{plain(opening)}]({address})")
    return small is not None


def _note_looks(asked: Asked, sender_id: int, parcels: Sequence[WorstParcel]) -> None:
    """One entry in the ledger for each wall that is opened, before it is seen."""
    actor, findings = asked.visitor.actor, [parcel.finding_id for parcel in parcels]
    look = (actor.account_id, sender_id, *findings)
    if st.session_state.get(_LOOKED_AT) != look:
        transact(asked.engine, lambda session: record_looks(session, actor, sender_id, findings))
        st.session_state[_LOOKED_AT] = look
