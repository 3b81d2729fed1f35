"""The open finding's pictures: the photo with the shapes that are wanted, and the face straight."""

from __future__ import annotations

from typing import Final

import streamlit as st

from greenpack import stores
from greenpack.intake.photo import decode_photo
from greenpack.language.speaking import mark, tr
from greenpack.reasons import GreenPackError
from greenpack.report.one_finding import OneFinding
from greenpack.report.pages.records import error_words
from greenpack.report.photo_as_received import photo_as_received
from greenpack.report.photo_views import PhotoViews, face_with, photo_views, photo_with
from greenpack.settings import Settings
from greenpack.vision.shapes import Label

_LABELS: Final = {
    Label.PARCEL: mark("parcel"),
    Label.OPENING: mark("opening"),
    Label.ITEM: mark("goods"),
    Label.FILLER: mark("filler"),
    Label.WAYBILL: mark("waybill"),
    Label.TAPE: mark("tape"),
}
# The colours of the outlines, as near as Markdown comes to them.
_SIGNS: Final = {
    Label.PARCEL: ":gray[■]",
    Label.OPENING: ":blue[■]",
    Label.ITEM: ":orange[■]",
    Label.FILLER: ":violet[■]",
    Label.WAYBILL: ":green[■]",
    Label.TAPE: ":yellow[■]",
}
_HIDDEN: Final = "shapes_hidden"
_PRIVACY: Final = mark("Surroundings and labels are made unrecognisable, to protect people.")


def draw_photo(finding: OneFinding, settings: Settings) -> PhotoViews | None:
    """The photo with its shapes if it is still there, else the evidence picture.

    Returns:
        The photo's views, or None where the evidence picture was drawn.
    """
    views = _views(finding, settings)
    if views is None:
        _draw_evidence(finding, settings)
        st.caption(
            tr(
                "The photo as received is not kept here, so its shapes cannot be switched off: "
                "this is the picture that was drawn when it was judged."
            )
        )
        return None
    shown = _draw_switches(views)
    st.image(
        photo_with(views, shown),
        caption=tr(_PRIVACY),
        alt=tr("Photo of finding {number}", number=finding.id),
        width="stretch",
    )
    return views


def draw_face(views: PhotoViews, finding: OneFinding, settings: Settings) -> None:
    """The parcel's face set straight, with the shapes that are switched on; then the evidence
    picture, folded away."""
    face = face_with(views, set(views.labels) - st.session_state[_HIDDEN])
    if face is not None:
        title = tr("The opening, set straight") if views.is_opening else tr("Its top, set straight")
        st.markdown(f"##### {title}")
        st.image(face, alt=title, width=360)
    with st.expander(tr("Evidence picture as recorded")):
        _draw_evidence(finding, settings)


def _draw_switches(views: PhotoViews) -> set[Label]:
    """Which labels are drawn; what is switched off stays off for the next finding."""
    hidden = st.session_state.setdefault(_HIDDEN, set())
    key = "shapes_" + "_".join(views.labels)

    def keep() -> None:
        chosen = set(st.session_state[key])
        st.session_state[_HIDDEN] = (hidden - set(views.labels)) | (set(views.labels) - chosen)

    st.session_state[key] = [label for label in views.labels if label not in hidden]
    chosen = st.pills(
        tr("Shapes shown"),
        views.labels,
        selection_mode="multi",
        format_func=lambda label: f"{_SIGNS[label]} {tr(_LABELS[label])}",
        key=key,
        on_change=keep,
    )
    return set(chosen)


def _views(finding: OneFinding, settings: Settings) -> PhotoViews | None:
    """What may be shown of the photo as received; None where it is not kept or is damaged."""
    data = photo_as_received(
        settings, finding.photo_sha256, finding.photo_size_bytes, finding.photo_name
    )
    if data is None:
        return None
    try:
        return _veiled(finding.photo_sha256, finding.id, data, finding, settings)
    except (GreenPackError, OSError):
        return None


@st.cache_resource(max_entries=8, show_spinner=False)
def _veiled(
    photo_sha256: str,
    finding_id: int,  # noqa: ARG001 (part of the cache's key: shapes are of the finding)
    _data: bytes,
    _finding: OneFinding,
    _settings: Settings,
) -> PhotoViews:
    """Kept for a while, so that switching shapes on and off is quick; only what may be shown."""
    photo = decode_photo(
        photo_sha256, _data, limits=_settings.limits, camera_timezone=_settings.camera_zone
    )
    return photo_views(photo, _finding.shapes, _finding.measured)


def _draw_evidence(finding: OneFinding, settings: Settings) -> None:
    """The picture, only if its bytes are those that were recorded."""
    try:
        picture = stores.evidence(settings).read(finding.evidence_sha256)
    except GreenPackError as error:
        st.error(error_words(error))
    except OSError as error:
        st.error(error_words(GreenPackError("read_failed", str(error))))
    else:
        st.image(
            picture,
            caption=tr("Evidence picture. Its bytes have the SHA-256 that was recorded."),
            alt=tr(
                "Evidence picture of finding {number}: {verdict}",
                number=finding.id,
                verdict=tr(finding.verdict.value),
            ),
            width="stretch",
        )
