"""What decisions about a finding amount to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenpack.records.forms import DecisionKind
from greenpack.records.standing import Said, Standing, in_force, standing, under, word_of

C, D, W = DecisionKind.CONFIRMED, DecisionKind.DISMISSED, DecisionKind.WITHDRAWN

LI, WANG, ZHAO, CHEN = "Li Wei", "Wang Fang", "Zhao Min", "Chen Jie"


def _said(*told: tuple[DecisionKind, str] | tuple[DecisionKind, str, int] | Said) -> list[Said]:
    """Decisions numbered from 1; a third value is the number of the one withdrawn."""
    return [
        one
        if isinstance(one, Said)
        else Said(number, one[0], one[1], withdraws=one[2] if len(one) > 2 else None)
        for number, one in enumerate(told, start=1)
    ]


@pytest.mark.parametrize(
    ("told", "two", "one"),
    [
        ((), Standing.OPEN, Standing.OPEN),
        (((C, LI),), Standing.ONE_CONFIRMED, Standing.CONFIRMED),
        (((C, LI), (C, WANG)), Standing.CONFIRMED, Standing.CONFIRMED),
        (((D, LI),), Standing.DISMISSED, Standing.DISMISSED),
        (((D, LI), (D, WANG)), Standing.DISMISSED, Standing.DISMISSED),
        (((C, LI), (D, WANG)), Standing.CONTESTED, Standing.CONTESTED),
        (((D, LI), (C, WANG)), Standing.CONTESTED, Standing.CONTESTED),
        # Two and one are no majority: somebody saw what the others did not.
        (((C, LI), (C, WANG), (D, ZHAO)), Standing.CONTESTED, Standing.CONTESTED),
        # The same person, however often, is one; their last word counts.
        (((C, LI), (C, LI), (C, " li  WEI")), Standing.ONE_CONFIRMED, Standing.CONFIRMED),
        (((C, LI), (D, LI)), Standing.DISMISSED, Standing.DISMISSED),
        (((D, LI), (C, LI)), Standing.ONE_CONFIRMED, Standing.CONFIRMED),
        # Withdrawn, as if it had not been said; what stood before stands again.
        (((C, LI), (W, LI, 1)), Standing.OPEN, Standing.OPEN),
        (((C, LI), (C, WANG), (W, WANG, 2)), Standing.ONE_CONFIRMED, Standing.CONFIRMED),
        (((C, LI), (D, WANG), (W, ZHAO, 2)), Standing.ONE_CONFIRMED, Standing.CONFIRMED),
        (((C, LI), (D, LI), (W, LI, 2)), Standing.ONE_CONFIRMED, Standing.CONFIRMED),
        (((C, LI), (W, LI, 1), (C, LI)), Standing.ONE_CONFIRMED, Standing.CONFIRMED),
        # What follows from a finding says nothing about whether it stands.
        (
            ((C, LI), (C, WANG), (DecisionKind.FINED, ZHAO)),
            Standing.CONFIRMED,
            Standing.CONFIRMED,
        ),
        (((DecisionKind.CORRECTION_ORDERED, LI),), Standing.OPEN, Standing.OPEN),
    ],
)
def test_what_decisions_amount_to(
    told: tuple[tuple[DecisionKind, str], ...], two: Standing, one: Standing
) -> None:
    assert standing(_said(*told), two_person=True) is two
    assert standing(_said(*told), two_person=False) is one
    assert under(two, two_person=False) is one
    assert under(two, two_person=True) is two


def test_a_third_person_settles_what_is_contested() -> None:
    contested = _said((C, LI), (D, WANG))
    for kind, result in ((C, Standing.CONFIRMED), (D, Standing.DISMISSED)):
        assert standing([*contested, Said(3, kind, ZHAO, settles=True)]) is result
    # Without the word of a supervisor a third voice changes nothing.
    assert standing([*contested, Said(3, C, ZHAO)]) is Standing.CONTESTED
    settled = [*contested, Said(3, D, ZHAO, settles=True)]
    assert standing([*settled, Said(4, W, ZHAO, withdraws=3)]) is Standing.CONTESTED
    assert standing([*settled, Said(4, C, CHEN)]) is Standing.CONTESTED


def test_accounts_tell_people_apart_and_names_only_where_there_are_none() -> None:
    namesakes = [Said(1, C, LI, 7), Said(2, C, LI, 8)]
    assert standing(namesakes) is Standing.CONFIRMED
    renamed = [Said(1, C, LI, 7), Said(2, C, "Li Wei-Zhang", 7)]
    assert standing(renamed) is Standing.ONE_CONFIRMED
    before_accounts = [Said(1, C, LI), Said(2, C, LI, 7)]
    assert standing(before_accounts) is Standing.ONE_CONFIRMED


def test_a_persons_last_word_is_found() -> None:
    told = _said((C, LI), (D, WANG), (W, WANG, 2), (C, LI))
    word = word_of(told, "LI WEI")
    assert word is not None
    assert word.id == 4
    assert word_of(told, WANG) is None
    assert word_of(told, ZHAO) is None


_PEOPLE = st.sampled_from([LI, WANG, ZHAO, CHEN])


@st.composite
def _histories(draw: st.DrawFn) -> list[Said]:
    told: list[Said] = []
    for number in range(1, draw(st.integers(0, 8)) + 1):
        kind = draw(st.sampled_from([C, D, W]))
        target = draw(st.integers(1, number - 1)) if kind is W and number > 1 else None
        told.append(Said(number, kind, draw(_PEOPLE), withdraws=target))
    return told


@given(_histories())
def test_two_persons_are_two(told: list[Said]) -> None:
    stands = standing(told)
    if stands is Standing.CONFIRMED:
        assert len({said.by for said in in_force(told) if said.kind is C}) >= 2
    if stands is Standing.OPEN:
        assert not in_force(told)
    assert standing(reversed(told)) is stands  # numbers order them, not their place


@given(_histories(), _PEOPLE)
def test_withdrawing_what_was_just_said_undoes_it(told: list[Said], by: str) -> None:
    number = len(told) + 1
    said = Said(number, C, by)
    undone = [*told, said, Said(number + 1, W, by, withdraws=number)]
    assert standing(undone) is standing(told)


@given(_histories())
def test_the_rule_for_one_is_the_rule_for_two_read_more_simply(told: list[Said]) -> None:
    assert under(standing(told, two_person=True), two_person=False) is standing(told, False)
