"""Recorded sentences read back by their forms; and the finder of English left standing."""

from __future__ import annotations

from greenpack.language.sentences import Sentences
from greenpack.language.speaking import Language, speaking
from tests.language.english_left import english_in

# Forms and words that the catalogue has.
FORMS = Sentences(
    forms=("{case} is exempt from this rule", "{names} are unknown", "at most {limit}"),
    lists={"and": "{before} and {last}"},
)


def test_a_form_is_filled_with_what_stood_in_its_places() -> None:
    with speaking(Language.CHINESE):
        said = FORMS.say("Reusable packaging is exempt from this rule.")
        assert said.whole
        assert said.text == "“可循环包装”不适用该规则，予以豁免。"
        assert FORMS.say("at most 2.5 times").text == "不超过 2.5 倍"
        assert FORMS.say("at most 50 %").text == "不超过 50%"


def test_a_list_is_cut_where_its_parts_are_known_and_not_at_their_own_commas() -> None:
    row = "a parcel with glass, ceramics or clay, reusable packaging and the weight ratio"
    with speaking(Language.CHINESE):
        said = FORMS.say(f"{row} are unknown")
    assert said.text == "含玻璃、陶瓷或陶土制品的快件、可循环包装和重量比未知"


def test_what_is_not_known_stays_and_is_told() -> None:
    with speaking(Language.CHINESE):
        part = FORMS.say("crates of our own is exempt from this rule")
        nothing = FORMS.say("Nobody wrote this.")
    assert part.text == "“crates of our own”不适用该规则，予以豁免"
    assert not part.whole
    assert nothing.text == "Nobody wrote this."
    assert not nothing.whole


def test_english_is_what_was_written() -> None:
    assert FORMS.say("at most 50 %").text == "at most 50 %"


def test_english_left_in_a_text_is_found_and_names_are_not() -> None:
    assert english_in("快件 the void ratio 为 70.0%") == ["the void ratio"]
    assert english_in("运行 `greenpack camera add` 后见 GreenPack。") == ["GreenPack"]
    assert english_in("寄件人 Tea House", ["Tea House"]) == []
    assert english_in("hammer 5 mm", ["mm"]) == ["hammer"]
    assert english_in("IMG_0001.jpg 与 SF1000000000001") == []
