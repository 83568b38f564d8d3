"""A chart as a picture: bars or lines over labels, with its numbers on it where there is room."""

from __future__ import annotations

import math
from functools import lru_cache

from bot.chat.views import Chart
from bot.pictures.drawing import ACCENT, INK, LINE, QUIET, Sheet

WIDTH, HEIGHT = 1000, 500
LEFT, RIGHT, TOP, BOTTOM = 90, 40, 140, 90
COLOURS = (ACCENT, "#b4551f", "#3f5fa8", "#7a3f86")
"""Told apart by those who see few colours, and each dark enough on paper (4.5 to 1)."""

STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
NUMBERED = 16
"""With at most so many values in all, each has its number beside it."""


def ceiling(highest: float, *, whole: bool = False) -> tuple[float, float]:
    """Return (where the axis ends, how far its lines are apart): at most five lines, at round or `whole` numbers."""
    if highest <= 0:
        return 1.0, 1.0
    size = 10.0 ** math.floor(math.log10(highest / 4))
    steps = [size * one for one in STEPS if not whole or (size * one).is_integer()] or [1.0]
    step = next((one for one in steps if one * 4 >= highest - 1e-9), steps[-1])
    return math.ceil(highest / step - 1e-9) * step, step


@lru_cache(maxsize=64)
def chart(shown: Chart) -> bytes:
    """Draw a chart as PNG. Values are drawn from 0 up; what is below 0 is drawn as 0."""
    sheet = Sheet(WIDTH, HEIGHT)
    sheet.text(40, 28, shown.title, size=32, face="serif-bold", fill=INK, width=WIDTH - 80)
    values = [value for _, numbers in shown.series for value in numbers]
    top, step = ceiling(max(values, default=0.0), whole=not shown.unit)
    floor = HEIGHT - BOTTOM
    for line in range(round(top / step) + 1):
        y = floor - (floor - TOP) * line * step / top
        sheet.rule(LEFT, WIDTH - RIGHT, y, line=LINE if line else QUIET, width=1)
        sheet.text(10, y - 14, f"{line * step:g}{shown.unit}", size=20, fill=QUIET, width=LEFT - 24, ending=True)
    _labels(sheet, shown.labels, floor)
    for place, (name, numbers) in enumerate(shown.series):
        colour = COLOURS[place % len(COLOURS)]
        heights = [max(0.0, value) / top for value in numbers]
        points = [(_middle(index, len(shown.labels)), floor - (floor - TOP) * one) for index, one in enumerate(heights)]
        if shown.kind == "bar":
            _bars(sheet, points, floor, place, len(shown.series), len(shown.labels), colour)
        else:
            sheet.line(points, fill=colour, width=4)
            for x, y in points:
                sheet.dot(x, y, 6, fill=colour)
        if len(values) <= NUMBERED:
            shift = _shift(place, len(shown.series), len(shown.labels)) if shown.kind == "bar" else 0
            for (x, y), value in zip(points, numbers, strict=True):
                sheet.text(x + shift - 40, y - 34, f"{value:g}", size=20, face="bold", fill=INK, width=80, centred=True)
        if len(shown.series) > 1:
            x = 40 + place * 220
            sheet.box(x, 82, x + 18, 100, fill=colour, radius=4)
            sheet.text(x + 28, 78, name, size=20, fill=INK, width=180)
    return sheet.png()


def _middle(index: int, labels: int) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * (index + 0.5) / labels


def _slot(labels: int) -> float:
    return (WIDTH - LEFT - RIGHT) / labels * 0.7


def _shift(place: int, series: int, labels: int) -> float:
    """Return how far the middle of a bar is from that of its label."""
    return (place - (series - 1) / 2) * _slot(labels) / series


def _bars(
    sheet: Sheet, points: list[tuple[float, float]], floor: float, place: int, series: int, labels: int, colour: str
) -> None:
    half = min(60.0, _slot(labels) / series * 0.46)
    for x, y in points:
        at = x + _shift(place, series, labels)
        if y < floor:
            sheet.box(at - half, y, at + half, floor, fill=colour, radius=min(4.0, (floor - y) / 2))


def _labels(sheet: Sheet, labels: tuple[str, ...], floor: float) -> None:
    every = math.ceil(len(labels) / 14)
    room = (WIDTH - LEFT - RIGHT) / max(1, len(labels)) * every
    for index, label in enumerate(labels):
        if (len(labels) - 1 - index) % every == 0:
            x = _middle(index, len(labels)) - room / 2
            sheet.text(x, floor + 14, label, size=20, fill=QUIET, width=room - 6, lines=2, centred=True)
