"""What a member is offered when they only call Kith: the three things nearest to them, by what they can press."""

from dataclasses import replace

import pytest

from bot.chat.platform import Transient
from bot.chat.reply import Ask
from bot.chat.views import Actions
from bot.feature import Urgency
from tests.fakes.world import World, key, text, view
from tests.features.town import comes


@pytest.fixture
async def paired(coffee: World) -> World:
    """Six pairs, introduced on Tuesday."""
    await coffee.until("2026-03-03 10:00")
    return coffee


def offered(reply) -> list[str]:
    """Return the labels of the buttons, in order."""
    return [button.label for block in view(reply).blocks if isinstance(block, Actions) for button in block.items]


def test_what_waits_comes_before_what_can_wait():
    """A check-in is nearer than a programme to join, that nearer than a partner, and everything else is last."""
    assert [Urgency.WAITS, Urgency.BEGINS, Urgency.MINE, Urgency.ANY_TIME, Urgency.ELSE] == sorted(Urgency)


@pytest.mark.parametrize("line", ["", "/", " / "])
async def test_who_is_in_no_programme_is_offered_one(coffee: World, line: str):
    """A stranger can join, read how it works, give kudos or open their page."""
    comes(coffee, "new")
    reply = await coffee.says("new", line)
    assert ("core.next_steps", ["Join", "How it works", "Give kudos", "My page"]) == (key(reply), offered(reply))
    assert "programme.join" == (await coffee.presses("new", "Join")).form.name


async def test_who_waits_for_a_partner_is_offered_the_rest(coffee: World):
    """A member without a partner or a question can thank somebody, see their page, read about the programme."""
    assert ["Give kudos", "My page", "How it works"] == offered(await coffee.says("ana", "/"))


async def test_who_has_a_partner_sees_them_first(paired: World):
    """The partner is named, with the reasons a press away."""
    reply = await paired.says("ana", "/")
    assert ["Why us?", "Give kudos", "My page"] == offered(reply)
    assert "Your partner: " in text(reply)


async def test_an_open_question_is_nearest(paired: World):
    """A check-in that waits for its answer comes first, and its press shows the question with its answers."""
    await paired.until("2026-03-06 10:00")
    reply = await paired.says("ana", "/")
    assert ["Answer", "Why us?", "Give kudos"] == offered(reply)
    assert "checkin.ask" == key(await paired.presses("ana", "Answer"))


async def test_kudos_can_be_given_by_pressing(coffee: World):
    """The press asks whom and why, and the form that is sent is the command."""
    await coffee.says("ana", "/")
    form = await coffee.presses("ana", "Give kudos")
    assert isinstance(form, Ask)
    assert "kudos.given" == key(await coffee.submits("ana", form, {"who": "bea", "why": "for the patient review"}))


async def test_help_still_lists_commands(coffee: World):
    """The word is a command's, not a call for what is next."""
    assert "core.help" == key(await coffee.says("ana", "/help"))


async def test_a_coordinators_page_ends_with_how_things_stand(coffee: World):
    """Who coordinates finds the numbers and where to look next on their own page; nobody else does."""
    mine, others = text(await coffee.opens_home("vera")), text(await coffee.opens_home("ana"))
    assert ("For coordinators" in mine, "at-risk" in mine, "people take part" in mine) == (True, True, True)
    assert ("For coordinators" in others, "at-risk" in others) == (False, False)


async def test_a_page_is_shown_also_when_roles_cannot_be_looked_up(coffee: World):
    """The page fails closed: without an answer of the platform, nothing for coordinators is on it."""

    async def fails(space: str, user: str) -> None:
        raise Transient("down")

    coffee.town.standing = fails
    event = replace(coffee.town.open_home("vera"), actor=replace(coffee.town.open_home("vera").actor, standing=None))
    assert "For coordinators" not in text(await coffee.handles(event))
