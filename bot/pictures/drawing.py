"""A sheet to draw on: fonts from their packages, text that fits, shapes with smooth edges."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from PIL import Image, ImageDraw, ImageFont, PngImagePlugin

Face = Literal["sans", "bold", "serif", "serif-bold"]
Colour = str

PAPER, INK, QUIET, LINE = "#fffefb", "#23272e", "#626872", "#e2ddd2"
ACCENT, ACCENT_INK, ACCENT_SOFT = "#2c6e5d", "#ffffff", "#e0eee9"

SMOOTH = 2
"""Everything is drawn so many times larger and made smaller at the end, which makes edges smooth."""

_FILES: dict[Face, tuple[str, str]] = {
    "sans": ("font_source_sans_pro", "SourceSansPro-Regular.ttf"),
    "bold": ("font_source_sans_pro", "SourceSansPro-Semibold.ttf"),
    "serif": ("font_source_serif_pro", "SourceSerifPro-Regular.ttf"),
    "serif-bold": ("font_source_serif_pro", "SourceSerifPro-Semibold.ttf"),
}
_NO_LETTER = "\U0010ffff"


@cache
def _font(face: Face, size: int) -> ImageFont.FreeTypeFont:
    package, file = _FILES[face]
    found = find_spec(package)
    assert found is not None, package
    assert found.submodule_search_locations is not None, package
    return ImageFont.truetype(Path(found.submodule_search_locations[0]) / "files" / file, size)


def missing(text: str, face: Face = "serif") -> str:
    """Return the letters of a text that the font has not, each once, in their order; "" when all can be drawn."""
    font = _font(face, 40)
    nothing = font.getmask(_NO_LETTER)
    blank = (nothing.size, bytes(nothing))
    return "".join(
        dict.fromkeys(
            letter
            for letter in text
            if not letter.isspace() and ((drawn := font.getmask(letter)).size, bytes(drawn)) == blank
        )
    )


class Sheet:
    """A picture in the making; all measures are in pixels of the finished one."""

    def __init__(self, width: int, height: int, paper: Colour = PAPER) -> None:
        self.width, self.height = width, height
        self._image = Image.new("RGB", (width * SMOOTH, height * SMOOTH), paper)
        self._pen = ImageDraw.Draw(self._image)

    def box(
        self, left: float, top: float, right: float, bottom: float, *, fill: Colour | None = None,
        line: Colour | None = None, width: float = 1, radius: float = 0,
    ) -> None:  # fmt: skip
        """Draw a box with rounded corners."""
        self._pen.rounded_rectangle(
            _scaled(left, top, right, bottom), radius * SMOOTH, fill=fill, outline=line, width=round(width * SMOOTH)
        )

    def ring(self, x: float, y: float, radius: float, *, line: Colour, width: float) -> None:
        """Draw a ring about a point."""
        at = _scaled(x - radius, y - radius, x + radius, y + radius)
        self._pen.ellipse(at, outline=line, width=round(width * SMOOTH))

    def dot(self, x: float, y: float, radius: float, *, fill: Colour) -> None:
        """Draw a filled circle about a point."""
        self._pen.ellipse(_scaled(x - radius, y - radius, x + radius, y + radius), fill=fill)

    def rule(self, left: float, right: float, y: float, *, line: Colour, width: float = 1) -> None:
        """Draw a level line."""
        self._pen.line(_scaled(left, y, right, y), fill=line, width=round(width * SMOOTH))

    def line(self, points: Sequence[tuple[float, float]], *, fill: Colour, width: float) -> None:
        """Draw a line through points."""
        if len(points) > 1:
            at = [_scaled(*point) for point in points]
            self._pen.line([(x, y) for x, y in at], fill=fill, width=round(width * SMOOTH), joint="curve")

    def mark(self, x: float, y: float, size: float, *, line: Colour) -> None:
        """Draw Kith's two rings that meet, `size` wide, about a point."""
        for side in (-1, 1):
            self.ring(x + side * size * 0.17, y, size * 0.28, line=line, width=size * 0.1)

    def text(
        self, x: float, y: float, words: str, *, size: int, face: Face = "sans", fill: Colour = INK, width: float,
        lines: int = 1, centred: bool = False, ending: bool = False, leading: float = 1.25,
    ) -> float:  # fmt: skip
        """Write words from `y` down; return where the next line would be.

        They begin at the left, are `centred`, or end at the right (`ending`). They are set in at most `lines` lines of
        `width`; what does not fit is set smaller, to half its size, and then shortened.
        """
        for smaller in range(size, size // 2 - 1, -1):
            set_in = self._broken(words, face, smaller, width)
            if len(set_in) <= lines and all(self._wide(line, face, smaller) <= width for line in set_in):
                break
        else:
            smaller = size // 2
            set_in = self._broken(words, face, smaller, width)[:lines]
            set_in[-1] = self._cut(set_in[-1] + "…", face, smaller, width)
        for line in set_in:
            room = width - self._wide(line, face, smaller)
            at = x + room / 2 if centred else x + room if ending else x
            self._pen.text((at * SMOOTH, y * SMOOTH), line, font=_font(face, smaller * SMOOTH), fill=fill)
            y += smaller * leading
        return y

    def paste(self, picture: Image.Image, left: float, top: float) -> None:
        """Put another picture on the sheet; its pixels are those of the larger sheet."""
        self._image.paste(picture, (round(left * SMOOTH), round(top * SMOOTH)))

    def slanted(self, words: str, *, size: int, fill: Colour, angle: float = 24) -> None:
        """Write words across the whole sheet."""
        font = _font("bold", size * SMOOTH)
        wide = Image.new("RGBA", self._image.size)
        pen = ImageDraw.Draw(wide)
        box = pen.textbbox((0, 0), words, font=font)
        middle = ((wide.width - box[2] - box[0]) / 2, (wide.height - box[3] - box[1]) / 2)
        pen.text(middle, words, font=font, fill=fill)
        turned = wide.rotate(angle, resample=Image.Resampling.BICUBIC)
        self._image.paste(turned, (0, 0), turned)

    def png(self, **texts: str) -> bytes:
        """Return the finished picture as PNG, with `texts` written into it beside the picture (iTXt chunks)."""
        finished = self._image.resize((self.width, self.height), Image.Resampling.LANCZOS)
        beside = PngImagePlugin.PngInfo()
        for name, text in texts.items():
            beside.add_itxt(name, text)
        held = io.BytesIO()
        finished.save(held, "PNG", optimize=False, compress_level=6, pnginfo=beside)
        return held.getvalue()

    def _wide(self, words: str, face: Face, size: int) -> float:
        return self._pen.textlength(words, font=_font(face, size * SMOOTH)) / SMOOTH

    def _broken(self, words: str, face: Face, size: int, width: float) -> list[str]:
        lines: list[str] = []
        for word in words.split() or [""]:
            if lines and self._wide(f"{lines[-1]} {word}", face, size) <= width:
                lines[-1] = f"{lines[-1]} {word}"
            else:
                lines.append(word)
        return lines

    def _cut(self, words: str, face: Face, size: int, width: float) -> str:
        while len(words) > 2 and self._wide(words, face, size) > width:
            words = words[:-2].rstrip() + "…"
        return words


def _scaled(*measures: float) -> tuple[float, ...]:
    return tuple(measure * SMOOTH for measure in measures)
