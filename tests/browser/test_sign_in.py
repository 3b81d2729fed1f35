"""Signing in and out as people do it, in a real browser."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from sqlalchemy import Engine
from sqlmodel import select

from greenpack.records.accounts import add_account
from greenpack.records.database import open_database, reading, transact
from greenpack.records.passwords import hashed
from greenpack.records.roles import Role
from greenpack.records.scope import Scope
from greenpack.records.tables import Ledger
from greenpack.report.pages.finding_deciding import SECONDS_TO_LOOK
from tests.report.pages.example_records import make_records

from .conftest import served

pytestmark = pytest.mark.browser

_WAIT = 30_000
PASSWORD = "correct horse battery"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Records, a reviewer of the province they are from, and one of another province."""
    folder = tmp_path / "data"
    folder.mkdir()
    engine = make_records(folder)
    secret = hashed(PASSWORD)
    for name, province in (("li.wei", "Zhejiang"), ("ann", "Tibet")):
        place = Scope(province)

        def work(session: object, name: str = name, place: Scope = place) -> object:
            return add_account(
                session,  # type: ignore[arg-type]
                name,
                Role.REVIEWER,
                place,
                password_hash=secret,
                by="test",
            )

        transact(engine, work)
    engine.dispose()
    return folder


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that has never been here."""
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    context.set_default_timeout(_WAIT)
    expect.set_options(timeout=_WAIT)
    yield context
    context.close()


def _sign_in(page: Page, name: str, password: str) -> None:
    # A form that is about to be drawn anew, as the page still runs, loses what is typed.
    app = page.get_by_test_id("stApp")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    expect(app).to_have_attribute("data-test-script-state", "notRunning")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_label("Password", exact=True).press("Enter")


def _acts(engine: Engine) -> list[str]:
    with reading(engine) as session:
        rows = session.exec(select(Ledger).order_by(Ledger.seq)).all()  # type: ignore[arg-type]
        kinds = ("sign_in", "sign_in_refused", "sign_out", "look", "export")
        return [
            f"{row.kind} {row.subject} {json.loads(row.payload)['name']}"
            for row in rows
            if row.kind in kinds
        ]


def test_one_signs_in_stays_so_and_signs_out(
    tmp_path: Path, data: Path, context: BrowserContext
) -> None:
    page = context.new_page()
    with served(tmp_path, data) as address:
        page.goto(f"{address}/findings?finding=4")
        _keeps_clear_of_the_mark(page, page.get_by_role("heading", name="Sign in"))
        _sign_in(page, "Li.Wei", PASSWORD)
        # The address still leads where it led.
        expect(page.get_by_role("heading", name="Finding 4")).to_be_visible()
        expect(page.get_by_text("sees Zhejiang")).to_be_visible()
        cookie = _cookie(page, context)
        assert cookie["httpOnly"] is True
        assert cookie["sameSite"] == "Strict"
        assert PASSWORD not in page.content()
        assert cookie["value"] not in page.content()

        page.reload()
        expect(page.get_by_role("heading", name="Finding 4")).to_be_visible()
        page.get_by_label("Note (needed for key 7)").fill("Half of the box is air")
        page.wait_for_timeout(1000 * SECONDS_TO_LOOK)  # a click before that decides nothing
        page.get_by_role("button", name="Confirm").click()
        expect(page.get_by_text("Finding 4: confirmation recorded.")).to_be_visible()

        other = context.new_page()
        other.goto(f"{address}/hubs")
        title = other.get_by_role("heading", name="Hubs")
        expect(title).to_be_visible()
        other.get_by_test_id("stSidebar").hover()
        other.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click()
        _keeps_clear_of_the_mark(other, title)
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_text("You are signed out.")).to_be_visible()
        # A page that draws itself anew notices by itself.
        expect(other.get_by_label("Password", exact=True)).to_be_visible()
        page.reload()
        expect(page.get_by_label("Password", exact=True)).to_be_visible()
        # Not even with the cookie of before.
        context.add_cookies([cookie])  # type: ignore[list-item]
        page.reload()
        expect(page.get_by_label("Password", exact=True)).to_be_visible()
    engine = open_database(f"sqlite:///{data / 'greenpack.db'}")
    assert _acts(engine) == [
        "sign_in user_account/1 li.wei",
        "look finding/4 li.wei",
        "look finding/4 li.wei",
        "look finding/3 li.wei",  # the next one comes up by itself
        "sign_out user_account/1 li.wei",
    ]
    engine.dispose()


def test_one_is_refused_and_locked_out_and_another_sees_nothing_of_it(
    tmp_path: Path, data: Path, context: BrowserContext
) -> None:
    page = context.new_page()
    with served(tmp_path, data, GREENPACK_SIGN_IN_TRIES="2") as address:
        page.goto(f"{address}/hubs")
        for _ in range(2):
            _sign_in(page, "li.wei", "wrong horse battery")
            expect(page.get_by_text("Name and password do not fit")).to_be_visible()
            expect(page.get_by_label("Password", exact=True)).to_have_value("")
        _sign_in(page, "li.wei", PASSWORD)
        expect(page.get_by_label("Password", exact=True)).to_have_value("")
        expect(page.get_by_text("Name and password do not fit")).to_be_visible()
        assert "greenpack_session" not in str(context.cookies())

        _sign_in(page, "ann", PASSWORD)
        expect(page.get_by_role("heading", name="Hubs")).to_be_visible()
        _cookie(page, context)  # the page fetches it after it has drawn itself
        page.goto(f"{address}/findings?finding=4")
        expect(page.get_by_text("There are no findings in Tibet yet")).to_be_visible()
        expect(page.get_by_role("heading", name="Finding 4")).to_have_count(0)
    engine = open_database(f"sqlite:///{data / 'greenpack.db'}")
    assert [act.split()[0] for act in _acts(engine)] == [*["sign_in_refused"] * 3, "sign_in"]
    engine.dispose()


def _keeps_clear_of_the_mark(page: Page, title: Locator) -> None:
    """Where the sidebar is closed or missing, the bar with the mark lies over the page's top."""
    bar = page.get_by_test_id("stHeaderLogo")
    expect(bar).to_be_visible()
    expect(title).to_be_visible()
    over, under = bar.bounding_box(), title.bounding_box()
    assert over is not None
    assert under is not None
    assert under["y"] >= over["y"] + over["height"]


def _cookie(page: Page, context: BrowserContext) -> dict[str, object]:
    """The sign-in's cookie, as soon as the browser has it."""
    for _ in range(100):
        for cookie in context.cookies():
            if cookie.get("name") == "greenpack_session":
                return dict(cookie)
        page.wait_for_timeout(100)
    raise AssertionError("no cookie was set")
