"""The upload page: photos and zips into the queue, past uploads, and how far each is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO, Final

import streamlit as st
from sqlalchemy import Engine
from sqlmodel import Session
from streamlit.runtime.uploaded_file_manager import UploadedFile

from greenpack import stores
from greenpack.intake.waybill_csv import WaybillTable, read_waybills
from greenpack.language.speaking import mark, tr, trn
from greenpack.reasons import GreenPackError
from greenpack.records.columns import now
from greenpack.records.database import reading, transact
from greenpack.records.hubs import hub_paths
from greenpack.records.postings import backlog
from greenpack.records.roles import Right
from greenpack.records.scope import EVERYTHING
from greenpack.records.upload_queries import uploads
from greenpack.records.uploads import begin_upload, note_table, outside
from greenpack.records.waybills import import_waybills
from greenpack.report.findings_view import plain
from greenpack.report.hub_columns import size
from greenpack.report.pages.records import explaining, open_records, open_settings
from greenpack.report.pages.upload_progress import BATCH, draw_upload
from greenpack.report.pages.uploaded_files import taken_over
from greenpack.report.pages.visiting import admitted, allowed
from greenpack.report.upload_view import upload_columns
from greenpack.report.visitor import Visitor
from greenpack.rules.loading import available_profiles
from greenpack.settings import Settings
from greenpack.uploading import MOST_FILES, MOST_PHOTOS, Upload, take_in_thread

_TYPES: Final = (
    *("jpg", "jpeg", "jpe", "png", "webp", "tif", "tiff", "heic", "heif", "mpo"),
    "zip",
)
_MOST_TABLE_MB: Final = 64
_LISTED: Final = 20
_MOST_ROWS_SAID: Final = 20
_ROW_HEIGHT: Final = 35
# The uploaders get another key once their files are on their way: then they are empty again.
_ROUND: Final = "upload_round"
_TABLE_SAID: Final = "upload_table_said"
# A press is kept until it is acted on: a file that arrives just then starts the page anew, and a
# press known to the broken off drawing alone would be lost.
_PRESSED: Final = "upload_pressed"
_NO_HUB: Final = mark("no hub")


def show() -> None:
    """Draw the page."""
    st.title(tr("Upload"), anchor=False)
    settings = open_settings()
    if settings is None:
        return
    with explaining():
        engine = open_records(settings)
        if engine is None:
            return
        visitor = admitted(settings, engine, Right.UPLOAD)
        if visitor is None:
            return
        wanted = st.query_params.get(BATCH, "")
        if wanted.isascii() and wanted.isdecimal():
            _draw_table_said()
            # No database has larger row numbers.
            draw_upload(settings, engine, visitor, min(int(wanted), 2**31 - 1))
            return
        _draw_form(settings, engine, visitor)
        _draw_past(settings, engine, visitor)


def _draw_form(settings: Settings, engine: Engine, visitor: Visitor) -> None:
    turn = st.session_state.get(_ROUND, 0)
    photos_column, table_column = st.columns([3, 2])
    chosen = photos_column.file_uploader(
        tr("Photos, or zips of photos"),
        type=list(_TYPES),
        accept_multiple_files=True,
        key=f"upload_photos_{turn}",
        help=tr(
            "Up to {files} files at once and {photos} photos in all. Photos go in as the camera "
            "wrote them: JPEG, PNG, WebP, TIFF or HEIC.",
            files=MOST_FILES,
            photos=MOST_PHOTOS,
        ),
    )
    table = table_column.file_uploader(
        tr("Waybill table (CSV), if there is one"),
        type=["csv", "txt"],
        key=f"upload_table_{turn}",
        max_upload_size=_MOST_TABLE_MB,
        help=tr(
            "One row for each declared item, with the photos' names where they are known: see "
            "docs/upload-and-export.md. It is taken in before the photos."
        ),
    )
    profile_column, hub_column, button_column = st.columns([2, 2, 1], vertical_alignment="bottom")
    profile_id = _choose_profile(profile_column, settings)
    hub_id, complete = _choose_hub(hub_column, engine, visitor)
    count = len(chosen)
    if count > MOST_FILES:
        st.error(
            tr(
                "These are {count} files; one upload takes {most}. Remove some, or zip them.",
                count=count,
                most=MOST_FILES,
            )
        )
    ready = 0 < count <= MOST_FILES and profile_id is not None and complete
    button_column.button(
        trn("Upload {count} file", "Upload {count} files", count) if count else tr("Upload"),
        type="primary",
        icon=":material/upload:",
        on_click=lambda: st.session_state.update({_PRESSED: turn}),
        disabled=not ready,
        width="stretch",
    )
    pressed = st.session_state.pop(_PRESSED, None) == turn
    if not count:
        st.caption(
            tr(
                "Drop photos or a zip above. They are stored and measured one after another; you "
                "may close this page meanwhile."
            )
        )
    if pressed and ready and profile_id is not None:
        _begin(settings, engine, visitor, chosen, table, profile_id, hub_id)


def _choose_profile(place: st.delta_generator.DeltaGenerator, settings: Settings) -> str | None:
    profiles = {one.id: tr(one.title) for one in available_profiles(settings.profiles_folder)}
    ids = list(profiles)
    first = ids.index(settings.profile) if settings.profile in ids else 0
    return place.selectbox(
        tr("Judge under"), ids, index=first, format_func=lambda one: f"{one}: {profiles[one]}"
    )


def _choose_hub(
    place: st.delta_generator.DeltaGenerator, engine: Engine, visitor: Visitor
) -> tuple[int | None, bool]:
    """The hub, and whether the choice may stand: who sees one place only names a hub there."""
    with reading(engine) as session:
        paths = {hub_id: path for hub_id, path in hub_paths(session, visitor.scope).items() if path}
    ordered: list[int | None] = [*sorted(paths, key=paths.__getitem__)]
    if visitor.scope == EVERYTHING:
        ordered.insert(0, None)
    if not ordered:
        place.warning(
            tr(
                "There is no hub in {scope} yet, and photos of no hub are outside of what you may "
                "see. Whoever runs GreenPack adds hubs with their cameras.",
                scope=plain(str(visitor.scope)),
            )
        )
        return None, False
    hub_id = place.selectbox(
        tr("Taken at"),
        ordered,
        format_func=lambda one: tr(_NO_HUB) if one is None else paths[one],
    )
    return hub_id, True


def _begin(
    settings: Settings,
    engine: Engine,
    drawn_for: Visitor,
    chosen: Sequence[UploadedFile],
    table_file: BinaryIO | None,
    profile_id: str,
    hub_id: int | None,
) -> None:
    """Take the table in and begin the upload, then store photos while the page shows how far.

    Raises:
        GreenPackError: where nothing was begun.
    """
    visitor = allowed(settings, engine, Right.UPLOAD)
    if visitor.scope != drawn_for.scope:
        raise GreenPackError("not_allowed", str(drawn_for.scope))
    _check_pressure(settings, engine)
    table = None if table_file is None else read_waybills(table_file.read())
    table_name = "" if table_file is None else str(getattr(table_file, "name", ""))
    at = now()

    def work(session: Session) -> tuple[int, set[str]]:
        batch_id = begin_upload(
            session, visitor.actor, profile_id, hub_id, len(chosen), at, visitor.scope
        )
        foreign: set[str] = set()
        if table is not None:
            foreign = outside(session, table.waybills, visitor.scope)
            taken = [one for one in table.waybills if one.number not in foreign]
            import_waybills(session, taken)
            left_out = len(table.bad_rows) + len(foreign)
            note_table(session, batch_id, table_name, len(taken), left_out)
        return batch_id, foreign

    batch_id, foreign = transact(engine, work)
    upload = Upload(
        batch_id=batch_id,
        by=visitor.actor,
        store=stores.originals(settings),
        limits=settings.limits,
        min_free_bytes=settings.min_free_bytes,
        sidecar={} if table is None else table.sidecar,
    )
    take_in_thread(engine, upload, taken_over(chosen))
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
    st.session_state[_TABLE_SAID] = _said_of(table, foreign)
    st.query_params[BATCH] = str(batch_id)
    st.rerun()


def _check_pressure(settings: Settings, engine: Engine) -> None:
    """Refuse where disk or queue are as full as they may be, as cameras are refused.

    Raises:
        GreenPackError: ``disk_low`` or ``backlog_full``.
    """
    free = stores.originals(settings).free_bytes()
    if free is not None and free < settings.min_free_bytes:
        raise GreenPackError("disk_low", size(free))
    with reading(engine) as session:
        # The queue is one for all places.
        waiting = backlog(session, now(), scope=EVERYTHING).waiting
    if waiting >= settings.max_backlog:
        raise GreenPackError("backlog_full")


def _said_of(table: WaybillTable | None, foreign: set[str]) -> list[str]:
    """What was left out of the table, line by line."""
    if table is None:
        return []
    lines = [
        tr("Line {line}: {problem}", line=row.line, problem=row.problem) for row in table.bad_rows
    ]
    lines += [
        tr("Waybill {number} belongs to a hub outside of what you may see.", number=number)
        for number in sorted(foreign)
    ]
    more = len(lines) - _MOST_ROWS_SAID
    if more > 0:
        lines[_MOST_ROWS_SAID:] = [trn("and {count} more", "and {count} more", more)]
    return lines


def _draw_table_said() -> None:
    lines = st.session_state.get(_TABLE_SAID)
    if lines:
        with st.expander(tr("What was left out of the waybill table"), expanded=True):
            st.text("\n".join(lines))
            st.button(tr("Read"), on_click=lambda: st.session_state.pop(_TABLE_SAID, None))


def _draw_past(settings: Settings, engine: Engine, visitor: Visitor) -> None:
    st.subheader(tr("Past uploads"), anchor=False)
    listed = int(st.session_state.get("uploads_listed", _LISTED))
    with reading(engine) as session:
        found = uploads(session, visitor.scope, listed + 1)
    if not found:
        st.info(tr("Nobody has uploaded photos yet. What is uploaded is listed here."))
        return
    shown = found[:listed]
    ids = [one.id for one in shown]
    key = f"uploads_{ids[0]}_{len(ids)}"
    st.dataframe(
        upload_columns(shown, settings.camera_zone, now()),
        hide_index=True,
        height=_ROW_HEIGHT * (min(len(shown), 12) + 1) + 3,
        key=key,
        on_select=lambda: _open(key, ids),
        selection_mode="single-row",
        alt=tr("Past uploads"),
    )
    st.caption(tr("Tick an upload to see what became of each of its photos."))
    if len(found) > listed:
        st.button(
            tr("Show older uploads"),
            on_click=lambda: st.session_state.update(uploads_listed=listed + 5 * _LISTED),
        )


def _open(key: str, ids: Sequence[int]) -> None:
    rows = st.session_state[key]["selection"]["rows"]
    if rows:
        st.query_params[BATCH] = str(ids[rows[0]])
