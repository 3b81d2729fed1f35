"""The filters over the list of findings: what is chosen stands in the page's address alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from typing import Any, Final

import streamlit as st
from sqlmodel import Session

from greenpack.language.speaking import mark, tr, trn
from greenpack.records.answers import FindingSort, SenderGroup
from greenpack.records.count_tables import MIXED_GOODS
from greenpack.records.finding_list import find_senders
from greenpack.records.place_choices import HubPlace, hub_places, known_sender, platform_names
from greenpack.records.standing import Standing
from greenpack.report.decision_words import standing_words
from greenpack.report.finding_address import FindingsAddress, read_address
from greenpack.report.findings_view import waybill_wanted
from greenpack.report.shown_profile import first_choice, profile_file
from greenpack.report.visitor import Visitor
from greenpack.rules.verdict import Verdict
from greenpack.settings import Settings

_SORTS: Final = {
    FindingSort.NEWEST: mark("newest first"),
    FindingSort.OLDEST: mark("oldest first"),
    FindingSort.LARGEST: mark("most air first (surely)"),
    FindingSort.SENDER: mark("by sender"),
}
_GROUPS: Final = {
    SenderGroup.SENDER: mark("sender known"),
    SenderGroup.UNKNOWN: mark("sender unknown"),
    SenderGroup.UNATTRIBUTED: mark("no waybill found"),
}
_GOODS: Final = {
    "general": mark("general"),
    "fragile": mark("fragile"),
    "fresh": mark("fresh"),
    "liquid": mark("liquid"),
    "other": mark("other goods"),
    MIXED_GOODS: mark("of several classes"),
    "": mark("unknown"),
}
# What people come for, as one click each.
_VIEWS: Final = {
    mark("Violations to decide"): (Verdict.VIOLATION, Standing.OPEN),
    mark("Second person wanted"): (Verdict.VIOLATION, Standing.ONE_CONFIRMED),
    mark("Contested"): (None, Standing.CONTESTED),
    mark("Confirmed"): (Verdict.VIOLATION, Standing.CONFIRMED),
    mark("Everything"): (None, None),
}
_KEY: Final = "wanted_"
_SENDER_TEXT: Final = "sender_text"
_FIRST: Final = ("profile_id", "verdict", "standing", "since", "until")


def address() -> FindingsAddress:
    """What the page's address asks for."""
    return read_address(st.query_params.to_dict())


def go_to(there: FindingsAddress) -> None:
    """Put something else into the page's address; the page is drawn by it next."""
    st.query_params.from_dict(there.query())


def draw_filters(
    session: Session, settings: Settings, visitor: Visitor, profiles: list[str]
) -> FindingsAddress:
    """Draw the filters as the address has them; gives the address with its profile filled in."""
    here = address()
    if here.profile_id not in profiles:
        here = replace(here, profile_id=profiles[first_choice(profiles, settings)])
    _draw_views(session, settings, visitor, here)
    first = st.columns([2, 1.2, 1.4, 1.1, 1.1])
    _choose(first[0], tr("Profile"), "profile_id", here, profiles, str, required=True)
    _choose(first[1], tr("Verdict"), "verdict", here, list(Verdict), lambda v: tr(v.value))
    standings = [
        each for each in Standing if settings.two_person or each is not Standing.ONE_CONFIRMED
    ]
    _choose(first[2], tr("Decision"), "standing", here, standings, standing_words)
    for place, label, name in (
        (first[3], tr("Received from"), "since"),
        (first[4], tr("until (that day too)"), "until"),
    ):
        _seed(name, getattr(here, name))
        place.date_input(
            label,
            value=None,
            format="YYYY-MM-DD",
            key=_KEY + name,
            on_change=_changed,
            args=(name,),
        )
    return here


def is_narrowed(here: FindingsAddress) -> bool:
    """Whether the list is narrowed by anything but its profile."""
    return any(_is_set(here, name) for name in _narrowing() if name != "profile_id")


def clear_all() -> None:
    """Forget every filter; the profile and the order stay."""
    here = address()
    st.session_state.pop(_SENDER_TEXT, None)
    go_to(FindingsAddress(profile_id=here.profile_id, sort=here.sort))


def _draw_views(
    session: Session, settings: Settings, visitor: Visitor, here: FindingsAddress
) -> None:
    """What people come for, and the filters that are set less often."""
    with st.container(horizontal=True, vertical_alignment="center"):
        for words, (verdict, standing) in _VIEWS.items():
            if standing is Standing.ONE_CONFIRMED and not settings.two_person:
                continue
            chosen = here.verdict is verdict and here.standing is standing
            st.button(
                tr(words),
                key=f"view_{standing}_{verdict}",
                type="primary" if chosen else "secondary",
                on_click=_view,
                args=(verdict, standing),
            )
        st.space("stretch")
        more = [name for name in _narrowing() if name not in _FIRST and _is_set(here, name)]
        label = tr("More filters")
        if more:
            label = trn("{count} more filter set", "{count} more filters set", len(more))
        with st.popover(label, icon=":material/tune:", key="more_filters"):
            _draw_more(session, settings, visitor, here)
        st.button(
            tr("Clear all filters"),
            key="clear_all",
            icon=":material/filter_alt_off:",
            type="tertiary",
            disabled=not is_narrowed(here),
            on_click=clear_all,
        )


def _draw_more(
    session: Session, settings: Settings, visitor: Visitor, here: FindingsAddress
) -> None:
    _draw_sender(session, visitor, here)
    places = hub_places(session, visitor.scope)
    provinces = _named(places, "province")
    within = [p for p in places if here.province_id in (None, p.province_id)]
    municipalities = _named(within, "municipality")
    within = [p for p in within if here.municipality_id in (None, p.municipality_id)]
    hubs = _named(within, "hub")
    left, right = st.columns(2)
    for place, label, name, names in (
        (left, tr("Province"), "province_id", provinces),
        (right, tr("Municipality"), "municipality_id", municipalities),
        (left, tr("Hub"), "hub_id", hubs),
        (right, tr("Platform"), "platform_id", platform_names(session)),
    ):
        _choose(place, label, name, here, list(names), _words_of(names))
    _choose(left, tr("Goods"), "goods_class", here, list(_GOODS), lambda c: tr(_GOODS.get(c, c)))
    profile = profile_file(str(here.profile_id), settings)
    rules = {} if profile is None else {rule.id: rule for rule in profile.rules}
    _choose(
        right,
        tr("Deciding rule"),
        "rule_id",
        here,
        list(rules),
        lambda each: tr(rules[each].title) if each in rules else str(each),
    )
    _seed("waybill", here.waybill or "")
    st.text_input(
        tr("Waybill number (whole)"),
        placeholder="SF1234567890123",
        max_chars=200,
        key=_KEY + "waybill",
        on_change=_changed,
        args=("waybill",),
    )


def draw_order(here: FindingsAddress) -> None:
    """The order of the list."""
    _choose(
        st, tr("Order"), "sort", here, list(FindingSort), lambda s: tr(_SORTS[s]), required=True
    )


def _draw_sender(session: Session, visitor: Visitor, here: FindingsAddress) -> None:
    """A sender is looked for: there are too many to choose from."""
    text = st.text_input(
        tr("Sender (name or code)"),
        key=_SENDER_TEXT,
        max_chars=100,
        placeholder=tr("Type and press Enter"),
    ).strip()
    found: list[Any] = [*find_senders(session, text, visitor.scope)] if text else []
    options: dict[Any, str] = dict(found)
    if here.sender_id is not None:
        words = known_sender(session, here.sender_id, visitor.scope)
        options = {here.sender_id: words or tr("Sender {number}", number=here.sender_id), **options}
    options |= {group: tr(words) for group, words in _GROUPS.items()}
    chosen = here.sender_id if here.sender_id is not None else here.sender_group
    _seed("sender_id", chosen)
    label = trn("{count} sender found", "{count} senders found", len(found))
    st.selectbox(
        label if text else tr("Chosen sender"),
        list(options),
        index=None,
        format_func=lambda each: options.get(each, str(each)),
        placeholder=tr("any"),
        key=_KEY + "sender_id",
        on_change=_sender_chosen,
    )


def _choose(
    place: Any,
    label: str,
    name: str,
    here: FindingsAddress,
    options: Sequence[Any],
    words: Callable[[Any], str],
    *,
    required: bool = False,
) -> None:
    """A box for one condition; what the address has is offered, whether it is known or not."""
    value = getattr(here, name)
    offered = list(options)
    if value is not None and value not in offered:
        offered.append(value)
    _seed(name, value)
    place.selectbox(
        label,
        offered,
        # With a first choice there is no way to none.
        index=0 if required else None,
        format_func=words,
        placeholder=tr("any"),
        key=_KEY + name,
        on_change=_changed,
        args=(name,),
    )


def _seed(name: str, value: Any) -> None:
    # The address decides, not what the widget held before.
    st.session_state[_KEY + name] = value


def _changed(name: str) -> None:
    """Another value was chosen: the list begins anew, and the open finding is closed."""
    value = st.session_state.get(_KEY + name)
    if name == "waybill":
        value = waybill_wanted(str(value or ""))
    chosen: dict[str, Any] = {name: value}
    changed = replace(address(), after=None, before=None, finding=None, **chosen)
    if name == "province_id":
        changed = replace(changed, municipality_id=None, hub_id=None)
    elif name == "municipality_id":
        changed = replace(changed, hub_id=None)
    elif name == "profile_id":
        changed = replace(changed, rule_id=None)
    go_to(changed)


def _sender_chosen() -> None:
    value = st.session_state.get(_KEY + "sender_id")
    group = value if isinstance(value, SenderGroup) else None
    sender = value if isinstance(value, int) else None
    st.session_state[_SENDER_TEXT] = ""
    there = replace(address(), after=None, before=None, finding=None)
    go_to(replace(there, sender_id=sender, sender_group=group))


def _view(verdict: Verdict | None, standing: Standing | None) -> None:
    there = replace(address(), after=None, before=None, finding=None)
    go_to(replace(there, verdict=verdict, standing=standing))


def _narrowing() -> list[str]:
    others = {"sort", "after", "before", "finding"}
    return [field.name for field in fields(FindingsAddress) if field.name not in others]


def _is_set(here: FindingsAddress, name: str) -> bool:
    return getattr(here, name) is not None


def _named(places: Sequence[HubPlace], level: str) -> dict[int, str]:
    """The rows of one level of places with their names, each once."""
    named: dict[int, str] = {}
    for place in places:
        row, name = getattr(place, f"{level}_id"), getattr(place, level)
        if row is not None:
            named.setdefault(row, name or tr("not named"))
    return named


def _words_of(names: dict[int, str]) -> Callable[[Any], str]:
    return lambda row: names.get(row) or tr("unknown")
