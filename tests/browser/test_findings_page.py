"""The findings page as a person uses it, in a real browser, by its keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.report.pages.example_records import SHOES, waybill_number

pytestmark = pytest.mark.browser

_LOCAL = ("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:")
_WAIT = 60_000


def _settled(page: Page) -> None:
    # A click on what is about to be drawn anew, as the page still runs, does nothing.
    app = page.get_by_test_id("stApp")
    expect(app).to_have_attribute("data-test-script-state", "notRunning")


def _heading(page: Page, number: int) -> Locator:
    return page.get_by_role("heading", name=f"Finding {number}", exact=True)


def _open_first_row(page: Page) -> None:
    _settled(page)
    # The grid is one canvas: its rows have no elements of their own to click on.
    expect(page.get_by_test_id("stDataFrame").locator("tbody tr")).to_have_count(1)
    grid = page.get_by_test_id("stDataFrame")
    grid.scroll_into_view_if_needed()
    grid.locator(".dvn-scroller").click(position={"x": 17, "y": 35 + 17})


def _press(page: Page, key: str) -> None:
    _settled(page)
    # What has just come up is not decided at once: a person looks first.
    page.wait_for_timeout(600)
    page.locator("body").press(key)


def test_findings_are_decided_by_keys_by_two_persons(  # noqa: PLR0915 (one walk)
    browser: Browser, report: str, tmp_path: Path
) -> None:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, accept_downloads=True)
    context.set_default_timeout(_WAIT)
    expect.set_options(timeout=_WAIT)
    page = context.new_page()
    strangers: list[str] = []
    mistakes: list[str] = []
    page.on(
        "request",
        lambda request: None if request.url.startswith(_LOCAL) else strangers.append(request.url),
    )
    page.on("pageerror", lambda error: mistakes.append(str(error)))

    # Found by its number, and seen.
    page.goto(report)
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Findings").click()
    expect(page.get_by_text("57 findings", exact=True)).to_be_visible()
    findings = page.url.partition("?")[0]
    page.goto(f"{findings}?waybill={waybill_number(4)}")
    expect(page.get_by_text("1 finding", exact=True)).to_be_visible()
    _open_first_row(page)
    expect(_heading(page, 4)).to_be_visible()
    expect(page.get_by_text(SHOES, exact=False).last).to_be_visible()
    picture = page.get_by_alt_text("Evidence picture of finding 4: violation")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 872

    # The queue of violations, the oldest first.
    queue = "verdict=violation&decision=open&order=oldest"
    page.goto(f"{findings}?{queue}&finding=1")
    expect(page.get_by_text("33 of 33 in this list wait for you")).to_be_visible()
    name = page.get_by_label("Your name")
    # Keys do nothing while somebody types: this name has y, j, k, u and digits in it.
    name.press_sequentially("Yuki J 1", delay=20)
    name.press("Enter")
    _settled(page)
    expect(_heading(page, 1)).to_be_visible()
    expect(page.get_by_text("Nobody has decided about this finding yet.")).to_be_visible()
    name.blur()

    _press(page, "y")
    expect(_heading(page, 2)).to_be_visible()
    expect(page.get_by_text("Finding 1: confirmation recorded.")).to_be_visible()
    expect(page.get_by_text("32 of 32 in this list wait for you")).to_be_visible()
    _press(page, "2")
    expect(_heading(page, 3)).to_be_visible()
    expect(page.get_by_text("Finding 2: dismissal recorded.")).to_be_visible()

    # Undone: back to it, and withdrawn by an entry of its own.
    _press(page, "u")
    expect(_heading(page, 2)).to_be_visible()
    expect(page.get_by_text("Dismissed by Yuki J 1, 2")).to_contain_text("Goods in the parcel")
    _press(page, "w")
    expect(page.get_by_text("Finding 2: withdrawal recorded.")).to_be_visible()
    expect(page.get_by_text("Withdrawn by Yuki J 1, 2")).to_contain_text("A slip of the hand.")
    _press(page, "j")
    expect(_heading(page, 3)).to_be_visible()
    _press(page, "k")
    expect(_heading(page, 2)).to_be_visible()

    # A second person confirms what the first one confirmed.
    second = context.new_page()
    second.goto(f"{findings}?verdict=violation&decision=one_confirmed")
    expect(second.get_by_text("1 finding", exact=True)).to_be_visible()
    _open_first_row(second)
    expect(second.get_by_text("Confirmed by Yuki J 1.", exact=False).first).to_be_visible()
    second.get_by_label("Your name").fill("Wang Fang")
    second.get_by_label("Your name").press("Enter")
    second.get_by_label("Your name").blur()
    _press(second, "y")
    expect(second.get_by_text("Confirmed by Yuki J 1, Wang Fang.")).to_be_visible()
    second.close()

    _press(page, "Escape")
    expect(page.get_by_text("32 findings", exact=True)).to_be_visible()
    page.get_by_role("button", name="Everything").click()
    expect(page.get_by_text("57 findings", exact=True)).to_be_visible()
    _settled(page)
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as downloading:
        page.get_by_role("button", name="CSV", exact=True).click()
    path = tmp_path / "findings.csv"
    downloading.value.save_as(path)
    written = path.read_bytes()
    assert written.startswith(b"\xef\xbb\xbf")
    assert written.count(b"\r\n") == 1 + 57
    assert f",{SHOES},".encode() in written
    assert b",confirmed," in written
    assert waybill_number(4).encode() not in written  # its end alone is told

    page.goto(f"{findings}?finding=4")
    page.set_viewport_size({"width": 420, "height": 900})
    expect(picture).to_be_visible()
    wider = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wider <= 0
    assert strangers == []
    assert mistakes == []
    context.close()
