"""The playground page as a person uses it: panes, places, the composer, buttons, forms, the clock."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run the system's Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


class PlaygroundPage:
    """The whole page. What it finds, it finds by role and label, as a screen reader would."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        page.goto(url)
        page.locator(".pane .log").first.wait_for()

    def pane(self, number: int) -> PanePart:
        """Return a member's pane, counted from 0 in the order on the page."""
        return PanePart(self.page.locator(".pane").nth(number))

    def as_member(self, name: str) -> PanePart:
        """Return the pane that acts as `name`; the first pane is changed to it where none does yet."""
        for number in range(self.page.locator(".pane").count()):
            if self.pane(number).acting_as() == name:
                return self.pane(number)
        first = self.pane(0)
        first.act_as(name)
        return first

    def add_member(self) -> PanePart:
        """Add a pane and return it."""
        self.page.get_by_role("button", name="Add a member").click()
        return PanePart(self.page.locator(".pane").last)

    def move(self, by: str) -> str:
        """Press "+1 hour", "+1 day" or "Next due item"; return what was announced."""
        said = self.page.locator("#said")
        before = said.inner_text()
        self.page.locator(".clock").get_by_role("button", name=by).click()
        self.page.locator(".clock button:disabled").first.wait_for(state="detached")
        after: str = said.inner_text()
        return after if after != before else before

    @property
    def clock(self) -> str:
        """The moment in UTC as the page shows it."""
        return self.page.locator("#utc").inner_text()

    @property
    def form(self) -> Locator:
        """The open form."""
        return self.page.get_by_role("dialog")

    def fill(self, label: str, value: str) -> None:
        """Fill in a text, number or date field of the open form."""
        self.form.get_by_label(label).fill(value)

    def choose(self, label: str, option: str) -> None:
        """Choose an option of a select of the open form."""
        self.form.get_by_label(label).select_option(label=option)

    def tick(self, option: str) -> None:
        """Tick a box, or choose a radio button, of the open form."""
        self.form.get_by_label(option, exact=True).check()

    def send_form(self, button: str = "Send") -> None:
        """Press the form's button."""
        self.form.get_by_role("button", name=button).click()

    def picture(self, name: str) -> None:
        """Keep a picture of the page as `name`.png in the folder that KITH_PICTURES names; without it, do nothing."""
        if folder := os.environ.get("KITH_PICTURES"):
            self.page.screenshot(path=Path(folder) / f"{name}.png", animations="disabled")

    def open_drawer(self) -> Locator:
        """Open what is behind the scenes and return it."""
        self.page.get_by_role("button", name="Outbox", exact=True).click()
        return self.page.get_by_role("complementary", name="Outbox")


class PanePart:
    """One member's pane."""

    def __init__(self, root: Locator) -> None:
        self.root = root

    @property
    def log(self) -> Locator:
        """The open place's messages."""
        return self.root.get_by_role("log")

    @property
    def composer(self) -> Locator:
        """Where messages and commands are typed."""
        return self.root.get_by_role("combobox").and_(self.root.locator("input"))

    def acting_as(self) -> str:
        """Return the member's name."""
        chosen = self.root.locator(".act-as option:checked").get_attribute("data-name")
        return chosen or ""

    def act_as(self, name: str) -> None:
        """Act as another member."""
        value = self.root.locator(f'.act-as option[data-name="{name}"]').get_attribute("value")
        self.root.get_by_label("Act as").select_option(value)

    def open(self, place: str) -> None:
        """Open a channel ("#general"), the direct message ("Kith"), a pair room, or "Home"."""
        self.root.locator(".places").get_by_role("button", name=place).click()
        self.root.locator('.places [aria-current="page"]', has_text=place).wait_for()

    def says(self, line: str) -> None:
        """Type a line and send it."""
        self.composer.fill(line)
        self.composer.press("Enter")

    def message(self, text: str) -> Locator:
        """Return the last message that has `text` in it."""
        return self.log.locator(".message", has_text=text).last

    def press(self, button: str) -> None:
        """Press the last button of this name in the log."""
        self.log.get_by_role("button", name=button).last.click()

    def unread(self, place: str) -> str:
        """Return the unread mark of a place ("" for none)."""
        mark = self.root.locator(".places button", has_text=place).locator(".count")
        return mark.inner_text() if mark.count() else ""


FOCUSED = """() => {
  const on = document.activeElement;
  const pane = on.closest('.pane');
  return {
    name: (on.labels?.[0]?.innerText || on.getAttribute('aria-label') || on.innerText || '').trim(),
    legend: on.closest('fieldset')?.querySelector('legend')?.innerText.trim() || '',
    value: on.value || '', type: on.type || on.tagName,
    within: on.closest('[role=dialog], dialog')
      ? 'form' : pane?.querySelector('.act-as option:checked')?.dataset.name || '',
  };
}"""


class Keyboard:
    """A person without a mouse: what is pressed goes to what has the focus."""

    MOST = 150

    def __init__(self, page: PlaygroundPage) -> None:
        self.page = page.page

    def to(self, name: str, within: str = "") -> dict[str, str]:
        """Press Tab until something whose name begins with `name` has the focus, in a member's pane or a "form"."""
        seen: list[str] = []
        for _ in range(self.MOST):
            on: dict[str, str] = self.page.evaluate(FOCUSED)
            seen.append(on["name"])
            if on["name"].startswith(name) and within in ("", on["within"]):
                return on
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab never came to {name!r}; it came by {list(dict.fromkeys(seen))}")

    def press(self, name: str, within: str = "") -> None:
        """Go to a button and press it."""
        self.to(name, within)
        self.page.keyboard.press("Enter")

    def tick(self, option: str) -> None:
        """Go to the group of a radio button or box of the form, then to the option, and choose it."""
        for _ in range(self.MOST):
            on = self.page.evaluate(FOCUSED)
            if on["within"] == "form" and on["name"] == option:
                self.page.keyboard.press("Space")
                return
            self.page.keyboard.press("ArrowDown" if on["type"] == "radio" else "Tab")
        raise AssertionError(f"no option {option!r}")

    def write(self, label: str, text: str) -> None:
        """Go to a field of the form and type over what stands there."""
        self.to(label, "form")
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)
