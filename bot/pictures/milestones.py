"""The card of a milestone."""

from __future__ import annotations

from functools import lru_cache

from bot.pictures.drawing import ACCENT, ACCENT_INK, ACCENT_SOFT, INK, LINE, PAPER, QUIET, Sheet

WIDTH, HEIGHT = 1000, 380
MOST_LEVELS = 6


@lru_cache(maxsize=64)
def milestone(title: str, badge: str, foot: str, *, level: int, levels: int) -> bytes:
    """Draw a card: what was reached, the badge with its level of so many (none: 0 of 0), and a line below."""
    sheet = Sheet(WIDTH, HEIGHT, LINE)
    sheet.box(3, 3, WIDTH - 3, HEIGHT - 3, fill=PAPER, radius=18)
    sheet.box(3, 3, 250, HEIGHT - 3, fill=ACCENT, radius=18)
    sheet.box(200, 3, 252, HEIGHT - 3, fill=PAPER)
    sheet.box(180, 3, 240, HEIGHT - 3, fill=ACCENT)
    sheet.mark(122, 160 if levels else HEIGHT / 2, 150, line=ACCENT_INK)
    shown = min(levels, MOST_LEVELS)
    for place in range(shown):
        x = 122 + (place - (shown - 1) / 2) * 32
        sheet.dot(x, 300, 9, fill=ACCENT_INK if place < level else "#5a9384")
    left, width = 290, WIDTH - 290 - 50
    y = 62.0
    if badge:
        sheet.box(left, y, left + 44, y + 6, fill=ACCENT_SOFT, radius=3)
        y = sheet.text(left, y + 16, badge, size=30, face="bold", fill=ACCENT, width=width) + 6
    y = sheet.text(left, y, title, size=56, face="serif-bold", fill=INK, width=width, lines=2, leading=1.12)
    sheet.text(left, HEIGHT - 74, foot, size=26, fill=QUIET, width=width)
    return sheet.png()
