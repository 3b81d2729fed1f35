"""The whole way in a real browser, with the real model: from photos to a case and its proof."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from greenpack.records.accounts import add_account
from greenpack.records.database import open_database, transact
from greenpack.records.passwords import hashed
from greenpack.records.roles import Role
from greenpack.records.scope import EVERYTHING

from .conftest import ROOT, served

pytestmark = [pytest.mark.browser, pytest.mark.model, pytest.mark.slow]

PASSWORD = "correct horse battery"
PEOPLE = {"li.wei": Role.REVIEWER, "wang.fang": Role.SUPERVISOR, "zhao.min": Role.INSPECTOR}
SENDER = "Sample Sender C (Household goods)"
PHOTOS = 30
_WAIT = 60_000
# A model is loaded and thirty photos are measured, on a machine that may have other work.
_MEASURING = 240_000


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A database without any photo, and three people who may sign in."""
    folder = tmp_path / "data"
    folder.mkdir()
    engine = open_database(f"sqlite:///{folder / 'greenpack.db'}")
    secret = hashed(PASSWORD)
    for name, role in PEOPLE.items():
        transact(
            engine,
            lambda session, name=name, role=role: add_account(  # type: ignore[misc]
                session, name, role, EVERYTHING, password_hash=secret, by="test"
            ),
        )
    engine.dispose()
    return folder


@pytest.fixture
def worker(data: Path, tmp_path: Path) -> Iterator[None]:
    """`greenpack work` beside the report."""
    with (tmp_path / "worker.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "greenpack", "work"],
            env={**os.environ, "GREENPACK_DATA_FOLDER": str(data)},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    yield
    process.terminate()
    process.wait(60)


def photos() -> list[Path]:
    """The first thirty sample photos."""
    with (ROOT / "samples" / "manifest.csv").open(encoding="utf-8") as file:
        names = [row["photo"] for row in csv.DictReader(file)]
    return [ROOT / "samples" / name for name in names[:PHOTOS]]


def at_rest(page: Page) -> None:
    """Wait until nothing is drawn any more: what is about to be drawn anew loses clicks."""
    app = page.get_by_test_id("stApp")
    expect(app).to_have_attribute("data-test-script-state", "notRunning")


def signed_in(browser: Browser, address: str, name: str, path: str = "") -> Page:
    """Somebody's own browser, signed in."""
    context = browser.new_context(
        viewport={"width": 1366, "height": 768}, accept_downloads=True, locale="en"
    )
    context.set_default_timeout(_WAIT)
    page = context.new_page()
    page.goto(f"{address}/{path}")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    at_rest(page)
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password", exact=True).press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    at_rest(page)
    return page


def open_row(page: Page, words: str) -> None:
    """Tick the row of a table that holds some words.

    The grid is one canvas. Its rows stand beside it for screen readers, in the same order.
    """
    grid = page.get_by_test_id("stDataFrame").first
    row = grid.locator("tbody tr").filter(has_text=words).first
    expect(row).to_be_attached()
    at_rest(page)
    place = int(row.get_attribute("aria-rowindex") or 0)
    grid.scroll_into_view_if_needed()
    # The heading is row 1 of 35 pixels each.
    grid.locator(".dvn-scroller").click(position={"x": 17, "y": 35 * (place - 1) + 17})


def upload(page: Page) -> None:
    """Thirty photos and the waybill table, watched until all are measured, through a reload."""
    page.get_by_role("link", name="Upload").click()
    expect(page.get_by_role("heading", name="Past uploads")).to_be_visible()
    inputs = page.locator("input[type=file]")
    inputs.nth(0).set_input_files(photos())
    inputs.nth(1).set_input_files(ROOT / "samples" / "waybills.csv")
    page.get_by_role("button", name=f"Upload {PHOTOS} files").click()
    expect(page).to_have_url(re.compile(r"batch=1\b"))
    expect(page.get_by_role("heading", name="Upload 1")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Upload 1")).to_be_visible()
    done = page.get_by_test_id("stProgress").get_by_text(f"{PHOTOS} photos, all done.")
    expect(done).to_be_visible(timeout=_MEASURING)
    at_rest(page)


def violations_of(page: Page, sender: str) -> Page:
    """Open a sender, and its violations in a tab of their own."""
    page.get_by_role("link", name="Senders").click()
    expect(page.get_by_role("heading", name="Senders")).to_be_visible()
    open_row(page, sender)
    expect(page.get_by_role("heading", name=sender)).to_be_visible()
    at_rest(page)
    with page.expect_popup() as opened:
        page.get_by_role("link", name=re.compile(r"^2 of \d+ parcels$")).click()
    findings = opened.value
    expect(findings.get_by_text("2 findings", exact=True)).to_be_visible()
    return findings


def confirm_two(page: Page) -> list[str]:
    """Confirm the first finding of the list, then the one that comes up next; their numbers."""
    open_row(page, "violation")
    seen: list[str] = []
    while len(seen) < 2:
        heading = page.get_by_role("heading", name=re.compile(r"^Finding \d+$"))
        expect(heading).to_be_visible()
        if seen:
            expect(heading).not_to_have_text(f"Finding {seen[-1]}")
        at_rest(page)
        number = heading.inner_text().removeprefix("Finding ")
        # What has just come up is not decided by the same press.
        page.wait_for_timeout(800)
        page.get_by_role("button", name="Confirm").click()
        expect(page.get_by_text(f"Finding {number}: confirmation recorded.")).to_be_visible()
        seen.append(number)
    return seen


def make_case(page: Page, sender: str, folder: Path) -> Path:
    """Make a case of a sender's confirmed findings, and take it away as a zip."""
    page.get_by_role("link", name="Cases").click()
    expect(page.get_by_text("There are no cases yet.")).to_be_visible()
    expect(page.get_by_text(sender)).to_be_visible()
    at_rest(page)
    page.get_by_role("button", name="Make a case").click()
    expect(page.get_by_text("2 confirmed findings that are in no case:")).to_be_visible()
    at_rest(page)
    page.get_by_role("button", name="Open the case").click()
    expect(page.get_by_role("heading", name=re.compile(r"^Case GP-\d{4}-000001$"))).to_be_visible()
    at_rest(page)
    with page.expect_download() as downloading:
        page.get_by_role("button", name="The case as a zip").click()
    path = folder / "case.zip"
    downloading.value.save_as(path)
    return path


def verify(path: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """`greenpack verify CASE.zip` where there is no database."""
    return subprocess.run(
        [sys.executable, "-m", "greenpack", "verify", str(path)],
        env={**os.environ, "GREENPACK_DATA_FOLDER": str(folder / "nothing")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_photos_become_a_case_that_proves_itself(
    browser: Browser, data: Path, worker: None, tmp_path: Path
) -> None:
    expect.set_options(timeout=_WAIT)
    with served(tmp_path, data) as address:
        reviewer = signed_in(browser, address, "li.wei")
        upload(reviewer)
        findings = violations_of(reviewer, SENDER)
        shown = findings.url
        confirmed = confirm_two(findings)

        # One person's word is not enough: the second one confirms the same two.
        supervisor = signed_in(browser, address, "wang.fang")
        supervisor.goto(shown)
        expect(supervisor.get_by_text("2 findings", exact=True)).to_be_visible()
        assert sorted(confirm_two(supervisor)) == sorted(confirmed)
        path = make_case(supervisor, SENDER, tmp_path)

        # Whoever may not, cannot.
        inspector = signed_in(browser, address, "zhao.min")
        expect(inspector.get_by_role("link", name="Cases")).to_be_hidden()
        inspector.goto(f"{address}/cases?case=1")
        expect(inspector.get_by_text("Your role may not do this: keep cases.")).to_be_visible()
        expect(inspector.get_by_text("GP-")).to_be_hidden()
        inspector.goto(f"{address}/findings?finding={confirmed[0]}")
        expect(inspector.get_by_text("Your role does not decide about findings.")).to_be_visible()
        expect(inspector.get_by_role("button", name="Confirm")).to_be_hidden()

    found = verify(path, tmp_path)
    assert found.returncode == 0, found.stdout + found.stderr
    altered = bytearray(path.read_bytes())
    altered[len(altered) // 2] ^= 1
    (tmp_path / "altered.zip").write_bytes(altered)
    assert verify(tmp_path / "altered.zip", tmp_path).returncode == 1
