"""The findings page as a person uses it, in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.report.pages.example_records import SHOES, waybill_number

pytestmark = pytest.mark.browser

_LOCAL = ("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:")
_WAIT = 60_000


def _tick_first_row(page: Page) -> None:
    # A click on a table that is about to be drawn anew, as the page still runs, ticks nothing.
    app = page.get_by_test_id("stApp")
    expect(app).to_have_attribute("data-test-script-state", "notRunning")
    # The grid is one canvas: its rows have no elements of their own to click on. One row is left.
    expect(page.get_by_test_id("stDataFrame").nth(1).locator("tbody tr")).to_have_count(1)
    grid = page.get_by_test_id("stDataFrame").nth(1)
    grid.scroll_into_view_if_needed()
    grid.locator(".dvn-scroller").click(position={"x": 17, "y": 35 + 17})


def test_a_finding_is_found_seen_and_confirmed(
    browser: Browser, report: str, tmp_path: Path
) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
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

    page.goto(report)
    violations = page.get_by_test_id("stMetric").filter(has_text="violation")
    expect(violations).to_contain_text("33")
    expect(page.get_by_text("This profile is not law")).to_be_visible()
    expect(page.get_by_text("1 to 25 of 57 findings")).to_be_visible()

    search = page.get_by_label("Waybill number")
    search.fill(waybill_number(4).lower())
    search.press("Enter")
    expect(page.get_by_text("1 to 1 of 1 findings")).to_be_visible()
    _tick_first_row(page)
    expect(page.get_by_role("heading", name="Finding 4")).to_be_visible()
    expect(page.get_by_text(SHOES, exact=False).last).to_be_visible()
    picture = page.get_by_alt_text("Evidence picture of finding 4: violation")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 872

    page.get_by_label("Your name").fill("Li Wei")
    page.get_by_label("Note: what you saw").fill("Half of the box is air")
    page.get_by_role("button", name="Confirm finding").click()
    expect(page.get_by_text("Recorded: confirmed.")).to_be_visible()

    page.reload()
    expect(page.get_by_role("heading", name="Finding 4")).to_be_visible()
    expect(page.get_by_text("confirmed by Li Wei")).to_contain_text("Half of the box is air")

    with page.expect_download() as downloading:
        page.get_by_role("button", name="Download all 57 as CSV").click()
    path = tmp_path / "findings.csv"
    downloading.value.save_as(path)
    written = path.read_bytes()
    assert written.startswith(b"\xef\xbb\xbf")
    assert written.count(b"\r\n") == 1 + 57
    assert f",{SHOES},".encode() in written
    assert b",confirmed," in written

    page.set_viewport_size({"width": 420, "height": 900})
    expect(picture).to_be_visible()
    wider = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wider <= 0
    assert strangers == []
    assert mistakes == []
    context.close()
