"""Takes a picture of every page of a running report: `python -m benchmarks.report_pictures OUT`.

    greenpack demo --folder /tmp/demo
    GREENPACK_DATA_FOLDER=/tmp/demo GREENPACK_SIGN_IN=none streamlit run app.py &
    python -m benchmarks.report_pictures pictures/ --url http://127.0.0.1:8501

In English and in Chinese, 1366 and 1920 pixels wide, from the top of each page to its end. For
looking at them, and for the pictures of the readme. It needs Chromium.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from greenpack.language.speaking import Language
from greenpack.report.pages.navigation import PAGES
from greenpack.report.pages.reader_language import COOKIE

SIZES = {1366: 768, 1920: 1080}
_WAIT = 60_000
# The report scrolls inside the page, so the window itself has to be as high as all of it.
_HEIGHT = "document.querySelector('[data-testid=stMain]').scrollHeight"
_TALLEST = 6000
_SETTLING = 1500


def at_rest(page: Page) -> None:
    """Wait until the page is drawn and its charts and pictures are there."""
    app = page.get_by_test_id("stApp")
    expect(app).to_have_attribute("data-test-script-state", "notRunning", timeout=_WAIT)
    page.wait_for_load_state("networkidle")
    # What is fetched when it is first drawn, as charts and tables are, is grey until then.
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0, timeout=_WAIT)
    page.wait_for_timeout(_SETTLING)


def picture(page: Page, address: str, width: int, out: Path) -> None:
    """One page as one picture."""
    page.set_viewport_size({"width": width, "height": SIZES[width]})
    page.goto(address)
    at_rest(page)
    height = min(_TALLEST, max(SIZES[width], int(page.evaluate(_HEIGHT))))
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_timeout(_SETTLING)
    page.screenshot(path=out)


def main() -> int:
    """Take them all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--url", default="http://127.0.0.1:8501")
    parser.add_argument("--more", nargs="*", default=[], help="addresses beside the pages' own")
    parser.add_argument("--only", nargs="*", help="only pages with these addresses")
    parser.add_argument("--language", choices=list(Language), help="only this language")
    parser.add_argument("--width", type=int, choices=list(SIZES), help="only this width")
    arguments = parser.parse_args()
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        print("Chromium is missing: apt-get install chromium", file=sys.stderr)
        return 2
    arguments.out.mkdir(parents=True, exist_ok=True)
    addresses = [entry.address for entry in PAGES]
    if arguments.only is not None:
        addresses = [address for address in addresses if address in arguments.only]
    addresses += arguments.more
    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=found, args=options)
        for language in Language if arguments.language is None else [arguments.language]:
            context = browser.new_context(locale=str(language))
            cookie = {"name": COOKIE, "value": str(language), "url": arguments.url}
            context.add_cookies([cookie])  # type: ignore[list-item]
            page = context.new_page()
            for address in addresses:
                name = address.replace("?", "-").replace("=", "-").replace("&", "-")
                for width in SIZES if arguments.width is None else [arguments.width]:
                    out = arguments.out / f"{name}-{language}-{width}.png"
                    # The first page is at the report's own address.
                    where = "" if address == PAGES[0].address else address
                    picture(page, f"{arguments.url}/{where}", width, out)
                    print(out, flush=True)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
