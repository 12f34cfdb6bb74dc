"""The report in a real browser: no request to anywhere, nothing that stops a reader, nothing cut off on a phone.

Needs Debian's chromium and the extra `dev`; run with ``pytest tests/browser``.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from evalkit import api
from evalkit.shipped import shipped

WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    assert chromium, "these tests need Debian's chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def reports(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("reports")
    english = api.run(demo_folder / "study.toml", folder / "en", language="en").report
    rossi = api.run(shipped("reports") / "rossi" / "study.toml", folder / "rossi").report
    return {"da": demo_folder / "report.html", "en": english, "rossi": rossi}


def opened(browser: Browser, report: Path, *, width: int) -> tuple[Page, list[str]]:
    page = browser.new_page(viewport={"width": width, "height": 900})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: asked.append(f"console: {message.text}") if message.type == "error" else None)
    page.goto(report.as_uri())
    return page, asked


@pytest.mark.parametrize("name", ["da", "en", "rossi"])
def test_page_asks_for_nothing_and_is_accessible(browser: Browser, reports: dict[str, Path], name: str) -> None:
    page, asked = opened(browser, reports[name], width=1200)
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    found = Axe().run(page, options=WCAG).response["violations"]
    assert [(one["id"], len(one["nodes"])) for one in found] == []
    page.close()


@pytest.mark.parametrize("name", ["da", "en", "rossi"])
def test_nothing_is_cut_off_on_a_phone(browser: Browser, reports: dict[str, Path], name: str) -> None:
    page, _ = opened(browser, reports[name], width=390)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()


def test_tabs_and_numbers_behind_a_figure_open_without_script(browser: Browser, reports: dict[str, Path]) -> None:
    page, _ = opened(browser, reports["da"], width=1200)
    details = page.locator("details").first
    assert details.locator("table").first.is_hidden()
    details.locator("summary").click()
    assert details.locator("table").first.is_visible()
    page.close()
