"""Pictures: whole, opaque, of the right size, and with every word on them."""

import io

import pytest
from PIL import Image

from bot import pictures
from bot.chat.views import Chart
from bot.pictures import Certificate
from bot.pictures.charts import ceiling
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


def chart(kind: str = "line", *series: tuple[str, tuple[float, ...]], labels: int = 12) -> Chart:
    """Make a chart over so many weeks."""
    series = series or (("met", tuple(float(10 * (index % 10)) for index in range(labels))),)
    return Chart(kind, "Pairs that met", tuple(f"{index} Mar" for index in range(1, labels + 1)), series, "alt", "%")


@pytest.mark.parametrize("kind", ["line", "bar"])
@pytest.mark.parametrize("labels", [1, 2, 12, 60])
def test_a_chart_is_opaque_and_leaves_its_margins(kind: str, labels: int):
    """However many labels there are, it reads in dark and light, and nothing is cut off at an edge."""
    picture = drawn(pictures.chart(chart(kind, labels=labels)))
    assert ((1000, 500), "RGB") == (picture.size, picture.mode)
    assert inked(picture, (40, 20, 400, 80)), "the title"
    assert inked(picture, (90, 120, 960, 420)), "the data"
    for box in ((0, 0, 8, 500), (985, 0, 1000, 500), (0, 490, 1000, 500)):
        assert not inked(picture, box)


def test_a_chart_of_nothing_is_drawn():
    """Zeros, and a value below zero, are on the floor; there is still an axis."""
    for values in ((0.0, 0.0), (-3.0, 0.0)):
        picture = drawn(pictures.chart(chart("bar", ("none", values), labels=2)))
        assert not inked(picture, (200, 150, 900, 370))


def test_a_higher_bar_is_higher():
    """Twice the value is twice the height, from zero up."""
    picture = drawn(pictures.chart(chart("bar", ("a", (50.0, 100.0)), labels=2))).convert("RGB")
    green = [
        sum(picture.getpixel((x, y)) == (0x2C, 0x6E, 0x5D) for y in range(130, 412)) for x in (90 + 218, 90 + 3 * 218)
    ]
    assert green[1] == pytest.approx(2 * green[0], abs=8)
    assert green[0] > 50


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("highest", [0.3, 1, 2, 3, 7, 12, 62.5, 99, 100, 101, 12_345])
def test_an_axis_ends_at_a_round_number(highest: float, whole: bool):
    """At most five lines, the last at or just above the highest value; of counts, each a whole number."""
    top, step = ceiling(highest, whole=whole)
    assert highest <= top < highest + step
    assert step.is_integer() or not whole
    assert round(top / step) <= 5
