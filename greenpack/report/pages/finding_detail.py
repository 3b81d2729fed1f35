"""One finding: the picture that proves it, its numbers, and what people decided about it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import streamlit as st
from sqlalchemy import Engine
from sqlmodel import Session

from greenpack.language.said_again import differs, said_again
from greenpack.language.speaking import mark, tr
from greenpack.measure.measurement import Quantity
from greenpack.records.finding_list import Wanted
from greenpack.records.roles import Right
from greenpack.report.decision_words import standing_words
from greenpack.report.finding_view import (
    budget_columns,
    facts,
    facts_html,
    is_another_version,
    numbers_columns,
    photo_columns,
    pins,
    rule_facts,
    rule_of,
    what_to_do,
)
from greenpack.report.findings_view import VERDICT_COLOURS, plain, quantity_name
from greenpack.report.interval_scale import scale_chart, scale_of, scale_words
from greenpack.report.one_finding import OneFinding
from greenpack.report.other_photos import other_photos
from greenpack.report.pages.exporting import offer_chart
from greenpack.report.pages.finding_deciding import draw_decisions
from greenpack.report.pages.finding_filters import address, go_to
from greenpack.report.pages.finding_photo import draw_face, draw_photo
from greenpack.report.shown_profile import ShownProfile, local_zone, profile_file
from greenpack.report.visitor import Visitor
from greenpack.rules.profile import Profile
from greenpack.rules.verdict import Verdict
from greenpack.rules.wording import QUANTITY_WORDS
from greenpack.settings import Settings

_ICONS: Final = {
    Verdict.VIOLATION: ":material/block:",
    Verdict.UNDETERMINED: ":material/help:",
    Verdict.COMPLIANT: ":material/check:",
    Verdict.EXEMPT: ":material/shield:",
    Verdict.UNMEASURABLE: ":material/visibility_off:",
}
_UNITS: Final = {
    "percent": mark("{quantity} (%)"),
    "mm": mark("{quantity} (mm)"),
    "times": mark("{quantity} (times)"),
    "count": mark("{quantity}"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """What every part of the page needs."""

    finding: OneFinding
    profile: ShownProfile
    engine: Engine
    session: Session
    settings: Settings
    visitor: Visitor
    wanted: Wanted


def draw_finding(shown: Shown) -> None:
    """Draw a finding with its decisions and the buttons for the next one."""
    finding = shown.finding
    text = profile_file(finding.profile_id, shown.settings)
    left, right = st.columns([11, 9], gap="medium")
    with right:
        _draw_head(shown)
        with st.container(border=True):
            draw_decisions(
                finding,
                shown.profile,
                shown.engine,
                shown.settings,
                shown.visitor,
                shown.wanted,
            )
        _draw_siblings(shown)
    with left:
        views = None
        if shown.visitor.may(Right.SEE_EVIDENCE):
            views = draw_photo(finding, shown.settings)
        _draw_scale(shown, text)
        if views is not None:
            draw_face(views, finding, shown.settings)
    facts_column, rule_column = st.columns(2, gap="medium")
    with facts_column:
        st.markdown(f"##### {tr('Parcel and photo')}")
        st.html(facts_html(facts(finding, local_zone(shown.profile, shown.settings))))
        _draw_other_photos(shown)
    with rule_column:
        _draw_rule(finding, text)
    st.table(numbers_columns(finding), hide_index=True, alt=tr("Numbers with 95 % intervals"))
    with st.expander(tr("Hashes, and how the intervals came about")):
        st.html(facts_html(pins(finding)))
        for assumption in finding.measured.assumptions:
            st.markdown(f"- {plain(said_again(assumption))}")
        if finding.measured.budget:
            st.table(budget_columns(finding), hide_index=True, alt=tr("What widens the intervals"))


def open_finding(finding_id: int | None) -> None:
    """Show a finding: its number goes into the address, so that it can be sent to a colleague."""
    go_to(replace(address(), finding=finding_id))


def _draw_head(shown: Shown) -> None:
    finding = shown.finding
    two = shown.settings.two_person
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(tr("Finding {number}", number=finding.id), width="content", anchor=False)
        st.badge(
            tr(finding.verdict.value),
            color=VERDICT_COLOURS[finding.verdict],
            icon=_ICONS[finding.verdict],
        )
        st.badge(standing_words(finding.standing, two), color="gray", icon=":material/gavel:")
    st.markdown(plain(said_again(finding.explanation)))
    if differs(finding.explanation):
        st.caption(f"{tr('As recorded:')} {plain(finding.explanation)}")
    advice = what_to_do(finding)
    if advice:
        st.markdown(f"**{tr('What to do:')}** {plain(advice)}")
    if finding.superseded_by is not None:
        st.warning(tr("A newer finding has taken this one's place. Decide about that one."))
        st.button(
            tr("Open finding {number}", number=finding.superseded_by),
            on_click=open_finding,
            args=(finding.superseded_by,),
        )


def _draw_scale(shown: Shown, text: Profile | None) -> None:
    """The interval beside the limit; not where a rule's direction is not known any more."""
    finding = shown.finding
    rule = rule_of(finding, text)
    if finding.interval is None or finding.limit is None or rule is None:
        return
    judged, direction = finding.quantity, rule.limit.direction
    words = scale_words(finding.interval, finding.limit, judged, direction)
    scale = scale_of(finding.interval, finding.limit, judged, direction)
    chart = scale_chart(scale, _axis(judged))
    st.altair_chart(chart, alt=words)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(words, width="stretch")
        offer_chart(
            shown.settings,
            shown.engine,
            shown.visitor,
            f"finding {finding.id}",
            chart,
            key=f"scale_{finding.id}",
        )


def _axis(quantity: Quantity) -> str:
    return tr(_UNITS[QUANTITY_WORDS[quantity].unit], quantity=quantity_name(quantity))


def _draw_siblings(shown: Shown) -> None:
    """The other findings about the parcel, each a button."""
    finding = shown.finding
    if not finding.siblings:
        return
    st.markdown(f"##### {tr('Also found on this parcel')}")
    for other in finding.siblings:
        profile = "" if other.profile_id == finding.profile_id else f"{other.profile_id}: "
        two = shown.settings.two_person
        st.button(
            tr(
                "{rule}: {verdict}, {standing}",
                rule=f"{profile}{other.rule_id}",
                verdict=tr(other.verdict.value),
                standing=standing_words(other.standing, two),
            ),
            key=f"sibling_{other.id}",
            type="tertiary",
            icon=":material/arrow_forward:",
            on_click=open_finding,
            args=(other.id,),
        )


def _draw_other_photos(shown: Shown) -> None:
    finding = shown.finding
    photos = other_photos(shown.session, finding, scope=shown.visitor.scope)
    st.markdown(f"##### {tr('Other photos of this waybill')}")
    if not photos:
        none = tr("None.") if finding.waybill else tr("The photo belongs to no waybill.")
        st.caption(none)
        return
    if any(photo.contradicts for photo in photos):
        st.warning(
            tr(
                "Photos of this waybill contradict each other: one outline is wrong, or the number "
                "was read from another parcel. Compare them before you confirm."
            )
        )
    zone = local_zone(shown.profile, shown.settings)
    st.dataframe(
        photo_columns(photos, finding, zone),
        hide_index=True,
        alt=tr("Other photos of this waybill"),
    )


def _draw_rule(finding: OneFinding, text: Profile | None) -> None:
    rule = rule_of(finding, text)
    st.markdown(f"##### {tr('Rule')}")
    if rule is not None:
        st.markdown(f"**{plain(tr(rule.title))}**")
        st.markdown(plain(tr(rule.explanation)))
        if not rule.verified:
            st.caption(tr("The text of this rule was not verified: it gives hints only."))
    st.html(facts_html(rule_facts(finding, text)))
    if is_another_version(finding, text):
        st.caption(
            tr(
                "The profile's file has changed since: this is what it says now. The hash below is "
                "that of the file that judged."
            )
        )
