"""The page of a certificate: its words in the member's language, and the picture, drawn in another process."""

from __future__ import annotations

from dataclasses import dataclass

from bot import pictures
from bot.chat.text import plain
from bot.credentials import BAKED, Award
from bot.i18n import Say
from bot.pictures import Certificate


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the drawing process gets: the words, and the signed document that is written into the picture."""

    page: Certificate
    document: str = ""


def page(say: Say, award: Award, code: str, *, preview: bool = False) -> Certificate:
    """Return the words of a certificate."""
    day = say.day(award.at.date())
    what = say.plural(
        "met in one session, {hours} hours in all, confirmed by the other side, in",
        "met in {n} sessions, {hours} hours in all, each confirmed by the other side, in",
        award.sessions, hours=round(award.minutes / 60, 1),
    )  # fmt: skip
    return Certificate(
        title=say.line("Certificate"), intro=say.line("This is to certify that"), name=award.name,
        what=plain(what), programme=award.programme, day=day, issuer=award.issuer,
        scan=say.line("Scan, then: kith verify"), code=code, preview=say.line("PREVIEW") if preview else "",
    )  # fmt: skip


def draw(sheet: Sheet) -> bytes:
    """Draw it."""
    return pictures.certificate(sheet.page, **({BAKED: sheet.document} if sheet.document else {}))
