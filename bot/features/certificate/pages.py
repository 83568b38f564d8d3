"""The page of a certificate: its words in the member's language, and the picture, drawn in another process."""

from __future__ import annotations

from dataclasses import dataclass

from bot import pictures
from bot.chat.text import Words, plain
from bot.credentials import BAKED, Award
from bot.i18n import Say
from bot.pictures import Certificate


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the drawing process gets: the words, and the signed document that is written into the picture."""

    page: Certificate
    document: str = ""


def hours_of(say: Say, minutes: int) -> Words:
    """Return how long that is: whole hours, hours with a decimal, or minutes when it is less than an hour."""
    if minutes < 60:
        return say.plural("one minute", "{n} minutes", minutes)
    if minutes % 60:
        return say("{hours} hours", hours=round(minutes / 60, 1))
    return say.plural("one hour", "{n} hours", minutes // 60)


def page(say: Say, award: Award, code: str, *, preview: bool = False) -> Certificate:
    """Return the words of a certificate."""
    day, hours = say.day(award.at.date()), hours_of(say, award.minutes)
    what = say.plural(
        "met in one session, {hours} in all, confirmed by the other side, in",
        "met in {n} sessions, {hours} in all, each confirmed by the other side, in",
        award.sessions, hours=hours,
    )  # fmt: skip
    return Certificate(
        title=say.line("Certificate"), intro=say.line("This is to certify that"), name=award.name,
        what=plain(what), programme=award.programme, day=day, issuer=award.issuer,
        scan=say.line("Scan, then: kith verify"), code=code, preview=say.line("PREVIEW") if preview else "",
    )  # fmt: skip


def draw(sheet: Sheet) -> bytes:
    """Draw it."""
    return pictures.certificate(sheet.page, **({BAKED: sheet.document} if sheet.document else {}))
