"""The hubs page: how full hubs, queue and disk are now, and which cameras have fallen silent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import streamlit as st
from sqlalchemy import Engine

from greenpack import stores
from greenpack.language.speaking import date_text, mark, number_text, tr
from greenpack.records.columns import now
from greenpack.records.database import reading
from greenpack.records.hub_load import CameraActivity, HubLoad, camera_activity, hub_loads
from greenpack.records.postings import Backlog, Posted, backlog, failed
from greenpack.records.roles import Right
from greenpack.records.scope import EVERYTHING, Scope
from greenpack.report.durations import duration
from greenpack.report.findings_view import plain
from greenpack.report.hub_columns import (
    Columns,
    camera_columns,
    failed_columns,
    load_columns,
    size,
    strains,
)
from greenpack.report.pages.exporting import offer_table
from greenpack.report.pages.records import explaining, open_records, open_settings
from greenpack.report.pages.visiting import admitted, still_admitted
from greenpack.report.visitor import Visitor
from greenpack.settings import Settings

_EVERY: Final = timedelta(seconds=10)
_FAILED_SHOWN: Final = 100
# Longer paths are cut off, so that the load beside them is seen on a small screen.
_HUB_WIDTH: Final = 330
_ROW_HEIGHT: Final = 35
_ROWS_SHOWN: Final = 12
_FULL_BAR: Final = 150


def show() -> None:
    """Draw the page."""
    st.title(tr("Hubs"), anchor=False)
    settings = open_settings()
    if settings is None:
        return
    with explaining():
        engine = open_records(settings)
        if engine is None:
            return
        visitor = admitted(settings, engine, Right.SEE_HUBS)
        if visitor is not None:
            _live(settings, engine)
            _offer(settings, engine, visitor)


@st.fragment(run_every=_EVERY)
def _live(settings: Settings, engine: Engine) -> None:
    """What changes by the minute; drawn anew by itself, the rest of the page stays."""
    with explaining():
        scope = still_admitted(settings, engine, Right.SEE_HUBS).scope
        moment = now()
        silent_after = settings.silent_after_minutes
        with reading(engine) as session:
            loads = hub_loads(session, moment, silent_after, scope)
            cameras = camera_activity(session, moment, silent_after, scope)
            depth = backlog(session, moment, scope)
            given_up = failed(session, _FAILED_SHOWN, scope)
        free = stores.originals(settings).free_bytes()
        for strain in strains(depth, free, settings.max_backlog, settings.min_free_bytes):
            (st.error if strain.grave else st.warning)(plain(strain.words))
        _figures(depth, cameras, free)
        zone = settings.camera_zone
        local = moment.astimezone(zone)
        st.caption(
            tr(
                "As of {moment} ({zone}); drawn anew every {seconds} seconds.",
                moment=plain(f"{date_text(local.date())} {local:%H:%M:%S}"),
                zone=plain(zone.key),
                seconds=_EVERY.seconds,
            )
        )
        _hubs(loads, scope)
        _cameras(cameras, settings)
        _given_up(given_up, depth, settings)


def _offer(settings: Settings, engine: Engine, visitor: Visitor) -> None:
    """The tables to take away, as they are when they are asked for."""

    def columns() -> tuple[Columns, Columns]:
        moment, silent_after = now(), settings.silent_after_minutes
        with reading(engine) as session:
            loads = hub_loads(session, moment, silent_after, visitor.scope)
            cameras = camera_activity(session, moment, silent_after, visitor.scope)
        return load_columns(loads), camera_columns(cameras, settings.camera_zone)

    heads = (load_columns([]), camera_columns([], settings.camera_zone))
    with st.container(horizontal=True, vertical_alignment="center"):
        for place, name in enumerate((mark("Load"), mark("Cameras"))):
            st.text(tr(name), width="content")
            offer_table(
                settings,
                engine,
                visitor,
                f"hubs {name.lower()}",
                list(heads[place]),
                lambda place=place: zip(*columns()[place].values(), strict=True),  # type: ignore[misc]
                {"scope": str(visitor.scope)},
                key=f"hubs_{place}",
            )


def _figures(depth: Backlog, cameras: list[CameraActivity], free: int | None) -> None:
    silent = sum(camera.silent for camera in cameras)
    figures = [
        (tr("Photos, last hour"), number_text(sum(c.postings_last_hour for c in cameras)), None),
        (tr("Waiting"), number_text(depth.waiting + depth.working), None),
        (tr("Oldest waiting"), duration(depth.oldest_seconds), None),
        (
            tr("Given up"),
            number_text(depth.failed),
            tr("Photos that failed three times; listed below."),
        ),
        (
            tr("Silent cameras"),
            tr("{silent} of {cameras}", silent=number_text(silent), cameras=len(cameras)),
            None,
        ),
        (tr("Disk free"), tr("unknown") if free is None else size(free), None),
    ]
    for column, (label, value, more) in zip(st.columns(len(figures)), figures, strict=True):
        column.metric(label, value, help=more)


def _hubs(loads: list[HubLoad], scope: Scope) -> None:
    st.subheader(tr("Load"), anchor=False)
    if not loads:
        if scope == EVERYTHING:
            st.info(tr("No hub has a camera yet. Add one; its token is printed once:"))
        else:
            nowhere = tr(
                "No hub in {place} has a camera yet. Add one; its token is printed once:",
                place=plain(str(scope)),
            )
            st.info(nowhere)
        st.code("greenpack camera add HUB NAME", language="shell")
        return
    _table(
        load_columns(loads),
        {
            tr("hub"): st.column_config.TextColumn(tr("hub"), width=_HUB_WIDTH),
            tr("load"): st.column_config.ProgressColumn(
                tr("load"),
                help=tr("Photos of the last hour over what the hub copes with."),
                format="%.0f %%",
                min_value=0,
                max_value=_FULL_BAR,
            ),
            tr("copes with"): st.column_config.NumberColumn(
                tr("copes with"), help=tr("Photos an hour, as stated."), format="localized"
            ),
        },
        "hub_loads",
    )
    if any(load.capacity_per_hour is None for load in loads):
        st.caption(tr("State what a hub copes with, in photos an hour, to see its load:"))
        st.code("greenpack hub capacity HUB PHOTOS_PER_HOUR", language="shell")


def _cameras(cameras: list[CameraActivity], settings: Settings) -> None:
    if cameras:
        st.subheader(tr("Cameras"), anchor=False)
        _table(camera_columns(cameras, settings.camera_zone), {}, "cameras")


def _given_up(given_up: list[Posted], depth: Backlog, settings: Settings) -> None:
    st.subheader(tr("Given up"), anchor=False)
    if not given_up:
        st.caption(tr("No photo was given up."))
        return
    _table(failed_columns(given_up, settings.camera_zone), {}, "given_up")
    if depth.failed > len(given_up):
        st.caption(
            tr("The newest {shown} of {all}.", shown=len(given_up), all=number_text(depth.failed))
        )
    st.caption(tr("Try them again once the cause is mended; name ids to try only those:"))
    st.code("greenpack queue retry --all", language="shell")


def _table(columns: Columns, config: dict[str, Any], key: str) -> None:
    rows = min(len(next(iter(columns.values()))), _ROWS_SHOWN)
    st.dataframe(
        columns,
        column_config=config,
        hide_index=True,
        height=_ROW_HEIGHT * (rows + 1) + 3,
        placeholder="-",
        key=key,
    )
