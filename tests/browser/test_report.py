"""The report in a real browser: whole in itself, legible, printable, and without a fault for screen readers."""

import json
import os
from pathlib import Path

import pytest

from bot.i18n import Say
from bot.insight.pages import as_page
from tests.golden.examples.insight import REPORT

pytestmark = pytest.mark.browser


@pytest.fixture(params=["en", "es"])
def report(request, tmp_path) -> Path:
    """A report with everything in it, as a file."""
    file = tmp_path / "report.html"
    file.write_bytes(as_page(REPORT, Say(request.param)))
    assert file.stat().st_size < 1_000_000
    return file


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_report_has_no_fault_of_accessibility(browser, report, scheme):
    """axe-core finds nothing, in light and dark, where KITH_AXE names its file; the page asks nothing of a network."""
    context = browser.new_context(color_scheme=scheme, viewport={"width": 1100, "height": 900})
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(report.as_uri())
    assert [report.as_uri()] == asked
    assert 1 == page.locator("h1").count()
    assert 9 == page.locator("h2").count()
    charts = page.locator("svg[role=img]")
    assert 4 == charts.count()
    assert all(chart.get_attribute("aria-label") for chart in charts.all())
    if folder := os.environ.get("KITH_PICTURES"):
        page.screenshot(path=f"{folder}/report-{scheme}-{report.parent.name}.png", full_page=True)
    file = os.environ.get("KITH_AXE")
    if file is not None:
        page.add_script_tag(content=Path(file).read_text(encoding="utf-8"))
        found = page.evaluate("axe.run()")
        faults = [(one["id"], [node["target"] for node in one["nodes"]]) for one in found["violations"]]
        assert [] == faults, json.dumps(faults, indent=1)
        assert len(found["passes"]) > 15
    context.close()
    if file is None:
        pytest.skip("KITH_AXE names no axe.min.js; all but its check was done")


def test_the_report_fits_a_phone_and_paper(browser, report):
    """Nothing reaches beyond a narrow screen, and what prints has no links that lead nowhere."""
    context = browser.new_context(viewport={"width": 360, "height": 800})
    page = context.new_page()
    page.goto(report.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.emulate_media(media="print")
    assert not page.locator("nav").is_visible()
    assert page.locator("h1").is_visible()
    context.close()
