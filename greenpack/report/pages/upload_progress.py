"""One upload: how far it is, and the result of each photo. All of it is read from the records."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import streamlit as st
from sqlalchemy import Engine
from sqlmodel import Session

from greenpack.language.speaking import mark, number_text, tr, trn
from greenpack.records.columns import now
from greenpack.records.database import reading, transact
from greenpack.records.postings import retry_failed
from greenpack.records.roles import Right
from greenpack.records.upload_forms import FileGroup, FileState, Upload
from greenpack.records.upload_queries import (
    a_worker_works,
    count_photos,
    failed_postings,
    upload,
    upload_photos,
    verdict_counts_of,
)
from greenpack.report.findings_view import page_count, plain
from greenpack.report.pages.exporting import offer_table
from greenpack.report.pages.records import explaining
from greenpack.report.pages.visiting import allowed, still_admitted
from greenpack.report.tables_out import Row
from greenpack.report.upload_view import (
    about_words,
    is_broken,
    is_over,
    lacks_worker,
    photo_columns,
    progress_words,
    share_done,
    table_words,
)
from greenpack.report.visitor import Visitor
from greenpack.rules.verdict import Verdict
from greenpack.settings import Settings

# What the address calls an upload.
BATCH: Final = "batch"
_EVERY: Final = 2.0
PAGE_SIZE: Final = 50
_ROW_HEIGHT: Final = 35
_ROWS_SHOWN: Final = 15
_EXPORTED_AT_ONCE: Final = 1000
_GROUPS: Final = {
    FileGroup.ALL: mark("all photos"),
    FileGroup.VIOLATION: mark("violations"),
    FileGroup.TROUBLE: mark("without a usable result"),
}


def draw_upload(settings: Settings, engine: Engine, visitor: Visitor, batch_id: int) -> None:
    """Draw an upload; while it goes on the page draws itself anew.

    Raises:
        GreenPackError: ``upload_unknown``.
    """
    with reading(engine) as session:
        found = upload(session, batch_id, visitor.scope)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(tr("Upload {number}", number=batch_id), anchor=False, width="stretch")
        st.button(tr("New upload, and past ones"), on_click=_close, icon=":material/arrow_back:")
    st.caption(plain(about_words(found, settings.camera_zone)))
    words = table_words(found)
    if words is not None:
        st.caption(plain(words))
    over = is_over(found, now())
    draw = st.fragment(_live, run_every=None if over else _EVERY)
    draw(settings, engine, batch_id, over)


def _live(settings: Settings, engine: Engine, batch_id: int, over: bool) -> None:
    """What changes while photos are measured."""
    with explaining():
        visitor = still_admitted(settings, engine, Right.UPLOAD)
        with reading(engine) as session:
            found = upload(session, batch_id, visitor.scope)
            moment = now()
            if not over and is_over(found, moment):
                # Nothing changes any more, so nothing needs to draw itself anew.
                st.rerun()
            st.progress(share_done(found), text=plain(progress_words(found, moment)))
            _draw_troubles(found, works=a_worker_works(session, batch_id, moment))
            _draw_figures(found, verdict_counts_of(session, batch_id, visitor.scope))
            if found.counts[FileState.FAILED]:
                _draw_retry(settings, engine, found)
            _draw_photos(session, found, visitor)
        _offer(settings, engine, visitor, found)


def _draw_troubles(found: Upload, *, works: bool) -> None:
    moment = now()
    if is_broken(found, moment):
        st.warning(
            tr(
                "This upload broke off. The {photos} photos that came are kept and measured. "
                "Choose all files again to bring the rest: photos that are there count once.",
                photos=number_text(found.photos),
            )
        )
    if lacks_worker(found, moment, works=works):
        st.warning(
            tr(
                "Photos wait and nobody measures them: no worker seems to run. Whoever runs "
                "GreenPack starts one, or all of GreenPack with a worker:"
            )
        )
        st.code("greenpack work\ngreenpack up", language="shell")


def _draw_figures(found: Upload, verdicts: dict[Verdict, int]) -> None:
    figures = [(tr(verdict.value), verdicts.get(verdict, 0)) for verdict in Verdict]
    figures += [
        (tr(state.value), found.counts[state])
        for state in (FileState.REFUSED, FileState.FAILED, FileState.SAME)
        if found.counts[state]
    ]
    with st.container(horizontal=True):
        for label, count in figures:
            st.metric(label, number_text(count), border=True, width=140)


def _draw_retry(settings: Settings, engine: Engine, found: Upload) -> None:
    count = found.counts[FileState.FAILED]

    def retry() -> None:
        with explaining():
            person = allowed(settings, engine, Right.UPLOAD)
            with reading(engine) as session:
                # Outside of what the person may see there is nothing to be tried again.
                ids = failed_postings(session, upload(session, found.id, person.scope).id)
            transact(engine, lambda session: retry_failed(session, ids, now()))

    st.button(
        trn("Try {count} photo again", "Try {count} photos again", count),
        on_click=retry,
        icon=":material/refresh:",
        help=tr("Once the cause is mended: the table below says what it was."),
    )


def _draw_photos(session: Session, found: Upload, visitor: Visitor) -> None:
    chosen = st.segmented_control(
        tr("Show"),
        list(_GROUPS),
        default=FileGroup.ALL,
        format_func=lambda group: tr(_GROUPS[group]),
        key=f"upload_group_{found.id}",
        label_visibility="collapsed",
    )
    group = FileGroup.ALL if chosen is None else FileGroup(chosen)
    total = count_photos(session, found.id, visitor.scope, group)
    if not total:
        st.info(
            tr("No photo has come yet.") if group is FileGroup.ALL else tr("No photo is of these.")
        )
        return
    pages = page_count(total, PAGE_SIZE)
    key = f"upload_page_{found.id}_{group.value}"
    number = min(int(st.session_state.get(key, 1)), pages)
    photos = upload_photos(
        session,
        found.id,
        visitor.scope,
        group,
        limit=PAGE_SIZE,
        offset=(number - 1) * PAGE_SIZE,
    )
    columns = photo_columns(photos, found.profile_id)
    st.dataframe(
        columns,
        hide_index=True,
        height=_ROW_HEIGHT * (min(len(photos), _ROWS_SHOWN) + 1) + 3,
        column_config={
            tr("finding"): st.column_config.LinkColumn(
                tr("finding"), display_text=r"finding=(\d+)", width="small"
            ),
            tr("photo"): st.column_config.TextColumn(tr("photo"), width="medium"),
            tr("why"): st.column_config.TextColumn(tr("why"), width="large"),
        },
        placeholder="",
        alt=tr("Photos of this upload"),
    )
    if pages > 1:
        st.pagination(pages, key=key)


def _offer(settings: Settings, engine: Engine, visitor: Visitor, found: Upload) -> None:
    heads = list(photo_columns([], found.profile_id))

    def rows() -> Iterator[Row]:
        with reading(engine) as session:
            for offset in range(0, found.photos, _EXPORTED_AT_ONCE):
                photos = upload_photos(
                    session, found.id, visitor.scope, limit=_EXPORTED_AT_ONCE, offset=offset
                )
                yield from zip(*photo_columns(photos, found.profile_id).values(), strict=True)

    offer_table(
        settings,
        engine,
        visitor,
        "upload",
        heads,
        rows,
        {"upload": found.id, "profile": found.profile_id},
        key=f"upload_{found.id}",
        total=found.photos,
        waybills=(tr("photo"), tr("waybill"), tr("why")),
    )


def _close() -> None:
    st.query_params.pop(BATCH, None)
