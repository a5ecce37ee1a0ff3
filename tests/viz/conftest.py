"""A real browser for what is seen in one: Debian's Chromium, driven by Playwright."""

import os
import shutil

import pytest


@pytest.fixture(scope="session")
def chromium():
    """The browser; without one the tests that want it are skipped, but never where CI runs."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    if executable is None:
        if os.environ.get("CI"):
            pytest.fail("there is no Chromium, which these tests look at pages with")
        pytest.skip("there is no Chromium here (Debian: apt install chromium)")
    from playwright.sync_api import sync_playwright

    flags = (
        "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
        "--disable-component-update --disable-sync"
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable,
            args=flags.split(),
        )
        yield browser
        browser.close()


@pytest.fixture
def page(chromium):
    """A page 900 pixels wide that may ask for nothing, and on which nothing may go wrong."""
    context = chromium.new_context(viewport={"width": 900, "height": 700}, offline=True)
    page = context.new_page()
    troubles: list[str] = []

    def said(message):
        if message.type == "error":
            troubles.append(message.text)

    def asked(request):
        if not request.url.startswith(("file:", "data:", "about:", "blob:")):
            troubles.append(request.url)

    def go(address, goto=page.goto):
        goto(address)
        page.locator(".player:not(.running)").wait_for(state="detached")

    page.goto = go  # a player unpacks its data before it takes keys
    page.on("console", said)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("request", asked)
    yield page
    context.close()
    assert troubles == []
