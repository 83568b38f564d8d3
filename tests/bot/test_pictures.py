"""Pictures: whole, opaque, of the right size, and with every word on them."""

import io

import pytest
from PIL import Image

from bot import pictures
from bot.pictures import Certificate
from bot.pictures.drawing import Sheet

PAGE = Certificate(
    title="Certificate", intro="This is to certify that", name="Ana María López", what="met in 14 sessions, in",
    programme="First steps", day="March 5, 2026", issuer="Porto", scan="Scan, then: kith verify", code="KITH1.abc",
)  # fmt: skip


def drawn(raw: bytes) -> Image.Image:
    """Open a picture."""
    picture = Image.open(io.BytesIO(raw))
    picture.load()
    return picture


def inked(picture: Image.Image, box: tuple[int, int, int, int]) -> bool:
    """Whether anything dark stands in a part of the picture."""
    darkest, _ = picture.convert("L").crop(box).getextrema()
    return darkest < 100


def test_a_certificate_holds_its_document_and_is_opaque():
    """The picture is A4 on its side without transparency, so it reads in dark and light; the text lies beside it."""
    picture = drawn(pictures.certificate(PAGE, openbadgecredential='{"name": "Ñ"}'))
    assert ((1600, 1132), "RGB") == (picture.size, picture.mode)
    assert {"openbadgecredential": '{"name": "Ñ"}'} == picture.text
    assert inked(picture, (160, 380, 1440, 520)), "the name"
    assert inked(picture, (1200, 700, 1520, 1030)), "the code"


@pytest.mark.parametrize("name", ["A", "Ana " * 20, "W" * 80, "", "Ольга Ивановна", "名前"])
def test_no_name_leaves_the_page(name: str):
    """However long a name is, nothing is written beyond the frame."""
    picture = drawn(pictures.certificate(Certificate(**{**_fields(), "name": name})))
    for box in ((50, 200, 110, 800), (1500, 200, 1550, 680)):
        assert not inked(picture, box)


def _fields() -> dict[str, str]:
    return {name: getattr(PAGE, name) for name in PAGE.__dataclass_fields__}


def test_a_preview_is_marked():
    """The word stands across the page, so nobody takes it for the thing."""
    plain = drawn(pictures.certificate(PAGE))
    marked = drawn(pictures.certificate(Certificate(**{**_fields(), "preview": "PREVIEW"})))
    assert plain.tobytes() != marked.tobytes()


def test_letters_that_the_font_lacks_are_named():
    """Each once; what it has is not among them."""
    assert "" == pictures.missing("Ana María Łukasz Ольга Ωμέγα ñ")
    assert "名" == pictures.missing("名 Ana 名")


def test_a_card_shows_what_was_reached_and_how_far():
    """The same words give the same picture; another level gives another one."""
    one = pictures.milestone("Fifth session", "Regular", "Coffee", level=2, levels=3)
    assert one == pictures.milestone("Fifth session", "Regular", "Coffee", level=2, levels=3)
    assert one != pictures.milestone("Fifth session", "Regular", "Coffee", level=3, levels=3)
    picture = drawn(one)
    assert ((1000, 380), "RGB") == (picture.size, picture.mode)
    assert inked(picture, (290, 100, 950, 220))


def test_text_that_does_not_fit_is_made_smaller_and_then_shortened():
    """It never takes more lines or more width than it was given."""
    sheet = Sheet(400, 200)
    below = sheet.text(10, 10, "a word or two " * 40, size=40, width=380, lines=2)
    assert 10 + 2 * 40 * 1.25 >= below
    picture = drawn(sheet.png())
    assert not inked(picture, (392, 0, 400, 200))
