"""Charts as a picture drawn in SVG, with the same numbers in words for who cannot see it."""

from __future__ import annotations

from markupsafe import Markup

from bot.chat.views import Chart
from bot.pictures.charts import ceiling

WIDTH, HEIGHT, FOOT, SIDE = 320, 120, 18, 30
SERIES = 4  # colours in the style sheets; a fifth series starts over


def chart(value: Chart) -> Markup:
    """Return a figure with a caption, a legend when there are several series, and the alternative text as its name."""
    highest = max((number for _, numbers in value.series for number in numbers), default=0.0)
    top, step = ceiling(highest, whole=not value.unit)
    draw = _bars if value.kind == "bar" else _line
    shapes = Markup("").join(draw(index, numbers, top, value) for index, (_, numbers) in enumerate(value.series))
    frame = Markup('<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}{}</svg>').format(
        SIDE + WIDTH, HEIGHT + FOOT, value.alt, _axis(top, step, value.unit), shapes, _labels(value)
    )
    return Markup("<figure><figcaption>{}</figcaption>{}{}</figure>").format(value.title, frame, _legend(value))


def _axis(top: float, step: float, unit: str) -> Markup:
    line = Markup(
        '<line class="axis" x1="{0}" y1="{1:.1f}" x2="{2}" y2="{1:.1f}"/>'
        '<text x="{3}" y="{4:.1f}" text-anchor="end">{5:g}{6}</text>'
    )
    return Markup("").join(
        line.format(SIDE, _y(at * step, top), SIDE + WIDTH, SIDE - 3, _y(at * step, top) + 3, at * step, unit)
        for at in range(round(top / step) + 1)
    )


def _bars(index: int, numbers: tuple[float, ...], top: float, value: Chart) -> Markup:
    step = WIDTH / max(1, len(numbers))
    width = step * 0.7 / len(value.series)
    bar = Markup('<rect class="series-{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>')
    return Markup("").join(
        bar.format(
            index % SERIES, SIDE + at * step + step * 0.15 + index * width, _y(number, top), width,
            HEIGHT - _y(number, top),
        )
        for at, number in enumerate(numbers)
    )  # fmt: skip


def _line(index: int, numbers: tuple[float, ...], top: float, value: Chart) -> Markup:
    step = WIDTH / max(1, len(value.labels))
    points = " ".join(f"{SIDE + at * step + step / 2:.1f},{_y(number, top):.1f}" for at, number in enumerate(numbers))
    return Markup('<polyline class="series-{}" points="{}"/>').format(index % SERIES, points)


def _y(number: float, top: float) -> float:
    return HEIGHT - max(0.0, number) / top * (HEIGHT - 12)


def _labels(value: Chart) -> Markup:
    step = WIDTH / max(1, len(value.labels))
    every = -(-len(value.labels) // 8)
    label = Markup('<text x="{:.1f}" y="{}" text-anchor="middle">{}</text>')
    return Markup("").join(
        label.format(SIDE + at * step + step / 2, HEIGHT + 13, text)
        for at, text in enumerate(value.labels)
        if at % every == 0
    )


def _legend(value: Chart) -> Markup:
    if len(value.series) < 2:
        return Markup("")
    entry = Markup('<li><span class="swatch series-{}" aria-hidden="true"></span>{}</li>')
    entries = Markup("").join(entry.format(index % SERIES, name) for index, (name, _) in enumerate(value.series))
    return Markup('<ul class="legend">{}</ul>').format(entries)
