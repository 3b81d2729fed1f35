"""The letter to a sender: what it says, in both languages, with the same bytes each time."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from PIL import Image

from greenpack.language.font import REPLACEMENT
from greenpack.language.speaking import Language, speaking
from greenpack.measure.interval import Interval
from greenpack.measure.measurement import Quantity
from greenpack.records.case_finding_queries import CaseFinding
from greenpack.records.case_forms import CaseEventKind
from greenpack.records.standing import Standing
from greenpack.report import written_page
from greenpack.report.case_letter import PICTURES, Agency, Letter, letter_pdf
from greenpack.report.written_page import WrittenPages
from greenpack.rules.consequences import Step
from greenpack.rules.loading import load_profile
from greenpack.rules.verdict import Verdict
from tests.language.english_left import english_in

from ..records.case_examples import PROFILE
from ..records.samples import sha
from .pages.example_records import picture

AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
AGENCY = Agency("市场监督管理局", "Road 1|310000", "tel. 1")
PICTURE = picture("violation")


def finding(number: int) -> CaseFinding:
    return CaseFinding(
        id=number,
        verdict=Verdict.VIOLATION,
        reason="beyond_limit",
        rule_id="void",
        quantity=Quantity.VOID_RATIO,
        interval=Interval(None, 0.75, 1.0),
        limit=0.5,
        explanation="",
        profile_id=PROFILE.id,
        profile_version=PROFILE.version,
        profile_sha256=PROFILE.sha256,
        model_sha256=sha("model"),
        evidence_sha256=sha("picture"),
        created_at=AT,
        superseded_by=None,
        standing=Standing.CONFIRMED,
        measurement_id=number,
        photo_id=number,
        photo_sha256=sha(f"{number}.jpg"),
        source_name=f"{number}.jpg",
        taken_at=AT,
        received_at=AT,
        waybill_id=number,
        waybill_number=f"SF{number}",
        packed_on=None,
        hub="North",
        municipality="Hangzhou",
        province="Zhejiang",
    )


LETTER = Letter(
    kind=CaseEventKind.CORRECTION_ORDERED,
    issued=True,
    number="GP-2026-000001",
    written_at=AT,
    zone=ZoneInfo("Asia/Shanghai"),
    agency=AGENCY,
    addressed_to="",
    sender="丝路鞋业 (S-7)",
    profile=PROFILE,
    findings=(finding(1), finding(2)),
    pictures={sha("picture"): PICTURE},
    due_on=date(2026, 12, 24),
    consequence=PROFILE.consequences[0],
)


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every text that is drawn."""
    texts: list[str] = []
    drawable = WrittenPages.drawable

    def noted(self: WrittenPages, text: str) -> str:
        drawn = drawable(self, text)
        texts.append(drawn)
        return drawn

    monkeypatch.setattr(WrittenPages, "drawable", noted)
    return texts


def english(said: list[str], letter: Letter = LETTER) -> str:
    letter_pdf(letter, [Language.ENGLISH])
    return "\n".join(said)


def test_an_order_tells_what_who_why_and_by_when(said: list[str]) -> None:
    text = english(said)
    for part in (
        "市场监督管理局",
        "Road 1\n310000",
        "Case GP-2026-000001",
        "丝路鞋业 (S-7)",
        "Order to correct",
        "ordered under art. 105",
        "by 2026-12-24",
        "SF1",
        "2026-11-24 09:00",
        "at least 75.0 %",
        "50 %",
        "At most half of a parcel is air",
        "https://example.org/law/68",
        PROFILE.sha256,
        "You may answer in writing",
        "Within 60 days to the court.",
        "Time: 60 days.",
        "the city's court",
        sha("picture"),
        sha("1.jpg"),
    ):
        assert part in text, part
    assert "DRAFT" not in text


def test_a_draft_and_an_agency_that_was_not_set_say_so(said: list[str]) -> None:
    text = english(said, replace(LETTER, issued=False, agency=Agency()))
    assert "DRAFT" in text
    for name in ("NAME", "ADDRESS", "CONTACT"):
        assert f"not set: GREENPACK_AGENCY_{name}" in text


def test_what_is_no_law_is_no_order_and_threatens_nothing(said: list[str]) -> None:
    letter = replace(
        LETTER,
        kind=CaseEventKind.RECOMMENDED,
        profile=load_profile("screening-50"),
        due_on=None,
        consequence=None,
        findings=(replace(finding(1), rule_id="void-ratio"),),
    )
    text = english(said, letter)
    assert "no legal order" in text
    assert "no penalty follows" in text
    for word in ("You are ordered", "fine", "Appeal", "refus"):
        assert word not in text


def test_an_appeal_is_not_invented(said: list[str]) -> None:
    china = load_profile("cn-gb45186-2024")
    text = english(said, replace(LETTER, profile=china))
    assert "The rules on file state no way to appeal" in text
    assert not re.search(r"Time: \d+ day", text)
    said.clear()
    remedies = replace(AGENCY, remedies="Within 60 days to the people's government.")
    text = english(said, replace(LETTER, profile=china, agency=remedies))
    assert remedies.remedies in text
    assert "state no way" not in text


def test_a_fine_names_its_amount_and_its_ground(said: list[str]) -> None:
    letter = replace(
        LETTER,
        kind=CaseEventKind.FINED,
        amount=12_000,
        currency="CNY",
        consequence=PROFILE.consequences[1],
    )
    assert "refused. A fine of 12,000 CNY is imposed under art. 105" in english(said, letter)


def test_the_same_content_gives_the_same_bytes_in_both_languages() -> None:
    both = (Language.CHINESE, Language.ENGLISH)
    first = letter_pdf(LETTER, both)
    assert first == letter_pdf(LETTER, both)
    assert first.startswith(b"%PDF-")
    assert first.count(b"/Type /Page\n") > letter_pdf(LETTER, both[:1]).count(b"/Type /Page\n")
    later = replace(LETTER, written_at=datetime(2026, 11, 25, tzinfo=UTC))
    assert letter_pdf(later, both) != first


def test_a_picture_that_is_missing_or_none_is_said_to_be(said: list[str]) -> None:
    text = english(said, replace(LETTER, pictures={}))
    assert text.count("could not be read") == 2
    said.clear()
    assert "could not be read" in english(said, replace(LETTER, pictures={sha("picture"): b"x"}))


def test_a_broken_picture_costs_nothing_where_a_library_has_changed_how_pillow_opens(
    said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def opened(*_: object, **__: object) -> None:  # as the network's library does, for HEIF
        raise ModuleNotFoundError("No module named 'pi_heif'")

    monkeypatch.setattr(Image, "open", opened)
    assert "could not be read" in english(said, replace(LETTER, pictures={sha("picture"): b"x"}))


def test_many_findings_do_not_make_an_endless_letter(said: list[str]) -> None:
    many = tuple(finding(number) for number in range(1, PICTURES + 6))
    text = english(said, replace(LETTER, findings=many))
    assert f"The first {PICTURES} of {PICTURES + 5} pictures" in text
    assert f"SF{PICTURES + 5}" in text


def test_a_letter_that_no_font_has_is_shown_as_a_box(monkeypatch: pytest.MonkeyPatch) -> None:
    pages = WrittenPages(AT, "t", "a", "f")
    assert pages.drawable("鞋😀") == f"鞋{REPLACEMENT}"
    monkeypatch.setattr(written_page, "system_font", lambda: None)
    assert WrittenPages(AT, "t", "a", "f").drawable("龘靐") == REPLACEMENT * 2


def test_chinese_breaks_lines_anywhere_and_english_between_words() -> None:
    def lines(language: Language, text: str) -> int:
        with speaking(language):
            pages = WrittenPages(AT, "t", "a", "f")
            pages.add_page()
            before = pages.get_y()
            pages.paragraph(text)
            return round((pages.get_y() - before) / 5.5)

    assert lines(Language.CHINESE, "限" * 60) == 2
    assert lines(Language.ENGLISH, "word " * 60) > 2


@pytest.mark.parametrize("issued", [True, False])
@pytest.mark.parametrize(
    ("kind", "profile_id"),
    [
        (CaseEventKind.CORRECTION_ORDERED, "cn-gb45186-2024"),
        (CaseEventKind.FINED, "cn-gb45186-2024"),
        (CaseEventKind.RECOMMENDED, "screening-50"),
    ],
)
def test_a_chinese_letter_leaves_nothing_in_english(
    said: list[str], kind: CaseEventKind, profile_id: str, issued: bool
) -> None:
    profile = load_profile(profile_id)
    rule = profile.rules[0]
    fine = next((one for one in profile.consequences if one.step is Step.FINE), None)
    letter = replace(
        LETTER,
        kind=kind,
        issued=issued,
        profile=profile,
        findings=(replace(finding(1), rule_id=rule.id), replace(finding(2), rule_id=rule.id)),
        agency=AGENCY if issued else Agency(),
        amount=5000,
        currency="CNY",
        consequence=fine,
        note="" if issued else "箱内空隙过大。",
    )
    letter_pdf(letter, [Language.CHINESE])
    # Units and names; and the name of the document, which is one for both languages.
    data = [f"{LETTER.number} {kind}", "GP", "Road", "tel", "CNY", "SHA-256", "GB", "GreenPack"]
    data += ["Asia/Shanghai", profile.id, rule.id]
    data += [source.cite for source in rule.sources]
    left = {text: found for text in said if (found := english_in(text, data))}
    assert left == {}
    assert any("责令改正" in text or "建议书" in text or "罚款" in text for text in said)
