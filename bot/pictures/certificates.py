"""The certificate: a page with a name, what it certifies, and a code by which it is verified without a network."""

from __future__ import annotations

import io
from dataclasses import dataclass

import segno
from PIL import Image

from bot.pictures.drawing import ACCENT, ACCENT_SOFT, INK, LINE, PAPER, QUIET, SMOOTH, Sheet

WIDTH, HEIGHT = 1600, 1132
"""A4 on its side."""
CODE = 300
"""At most so wide is the code; its squares are whole pixels."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """What stands on a certificate, in the order of the page, each in the reader's language."""

    title: str
    intro: str
    name: str
    what: str
    programme: str
    day: str
    issuer: str
    scan: str
    code: str
    preview: str = ""


def certificate(page: Certificate, **texts: str) -> bytes:
    """Draw it. `texts` go into the PNG beside the picture; `preview` is written across it when it is not ""."""
    sheet = Sheet(WIDTH, HEIGHT)
    sheet.box(28, 28, WIDTH - 28, HEIGHT - 28, line=ACCENT, width=3, radius=10)
    sheet.box(40, 40, WIDTH - 40, HEIGHT - 40, line=LINE, width=1.5, radius=6)
    sheet.mark(WIDTH / 2, 160, 130, line=ACCENT)
    wide, left = WIDTH - 320.0, 160
    y = sheet.text(left, 254, page.title, size=44, face="bold", fill=ACCENT, width=wide, centred=True) + 36
    y = sheet.text(left, y, page.intro, size=30, fill=QUIET, width=wide, centred=True) + 20
    y = sheet.text(left, y, page.name, size=96, face="serif-bold", fill=INK, width=wide, centred=True, leading=1.2)
    sheet.box(WIDTH / 2 - 180, y + 18, WIDTH / 2 + 180, y + 22, fill=ACCENT_SOFT, radius=2)
    y = sheet.text(left, y + 62, page.what, size=34, fill=INK, width=wide, lines=2, centred=True) + 18
    sheet.text(left, y, page.programme, size=50, face="serif", fill=INK, width=wide, lines=2, centred=True)
    foot = HEIGHT - 150
    sheet.rule(120, 560, foot, line=LINE, width=2)
    sheet.text(120, foot + 12, page.issuer, size=28, face="bold", fill=INK, width=440)
    sheet.text(120, foot + 52, page.day, size=26, fill=QUIET, width=440)
    code = _code(page.code)
    wide = code.width / SMOOTH
    at = WIDTH - 90 - wide
    sheet.paste(code, at, HEIGHT - 104 - wide)
    sheet.text(at, HEIGHT - 98, page.scan, size=19, fill=QUIET, width=wide, lines=2, centred=True)
    if page.preview:
        sheet.slanted(page.preview, size=190, fill="#2c6e5d30")
    return sheet.png(**texts)


def _code(text: str) -> Image.Image:
    """Return a QR code with its quiet zone. Error correction is M: a fold or a stain may cover a seventh of it."""
    made = segno.make_qr(text, error="m")
    scale = max(1, CODE // made.symbol_size(border=4)[0])
    held = io.BytesIO()
    made.save(held, kind="png", scale=scale * SMOOTH, border=4, dark=INK, light=PAPER)
    return Image.open(held).convert("RGB")
