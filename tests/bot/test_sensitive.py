"""Sensitive calls: nothing is written down that tells who spoke, when, or what did not pass."""

import io
import sqlite3
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from bot.chat.forms import Form, TextField
from bot.chat.platform import Capabilities
from bot.chat.reply import Ask, Reject
from bot.chat.spec import FormSpec
from bot.feature import Feature, Features
from bot.features import ALL
from bot.logs import configure
from bot.patience import Patience
from storage.draft import Draft
from tests.conftest import LIKE_DISCORD
from tests.fakes.probe import FEATURE, TOLD, probe, shown
from tests.fakes.world import World, key

WORDS = "the mill by the river is closed"


def everything(world: World) -> Counter[str]:
    """Return every row of every table, as text."""
    assert world.database.path is not None
    with sqlite3.connect(world.database.path) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = Counter(f"{table}: {row}" for table in tables for row in db.execute(f"SELECT * FROM {table}"))
    db.close()
    return found


async def sends(world: World, who: str, words: str) -> Any:
    """Send the sensitive form."""
    return await world._handled(world.town.submit(who, "probe.secret::0", {"text": words}))


async def test_nothing_is_stored_of_the_request(world: World):
    """No table holds a row of it: where a row lies in the file would tell when it came."""
    before = everything(probe(world))
    event = world.town.submit("ana", "probe.secret::0", {"text": WORDS})
    assert "probe.secret" == key(await world.handles(event))
    assert Counter() == everything(world) - before


async def test_a_redelivery_has_no_second_effect(world: World):
    """A keyed hash in memory is enough to know a request again while the process lives."""
    event = probe(world).town.submit("ana", "probe.secret::0", {"text": WORDS})
    assert ["probe.secret", "core.already_received"] == [key(await world.handles(event)) for _ in range(2)]
    assert 1 == len(TOLD)


async def test_a_request_that_failed_may_come_again(world: World):
    """What was rolled back was not dealt with: the same request, delivered once more, has its effect."""
    event = probe(world).town.submit("ana", "probe.secret::0", {"text": "break it"})
    assert ["core.broken", "core.broken"] == [key(await world.handles(event)) for _ in range(2)]


async def test_a_stranger_gets_no_row(world: World):
    """Somebody who never spoke before stays without a member row."""
    world.town.add_user("north-bank", replace(world.town.user("ana"), id="zoe", name="Zoe", handle="zoe"))
    before = everything(probe(world))
    assert isinstance(await world.says("zoe", "/probe secret"), Ask)
    assert "probe.secret" == key(await sends(world, "zoe", WORDS))
    assert [""] == TOLD
    assert Counter() == everything(world) - before


@pytest.mark.parametrize("field_errors", [True, False], ids=["like slack", "like discord"])
async def test_a_mistake_leaves_no_draft(world: World, field_errors: bool):
    """What did not pass is in no table; [Fix it] gives it back once, from memory."""
    world.town._capabilities = Capabilities(form_after_form=field_errors, field_errors=field_errors)
    before = everything(probe(world))
    reply = await sends(world, "ana", "oh")
    if field_errors:
        assert isinstance(reply, Reject)
    else:
        button = world.newest_with("ana", "Fix it")
        opened = await world.presses("ana", "Fix it", message=button)
        assert isinstance(opened, Ask)
        assert "oh" == opened.form.fields[0].value
        assert "core.gone" == key(await world.presses("ana", "Fix it", message=button))
    assert [] == await world.rows(Draft)
    assert Counter() == everything(world) - before


async def test_no_line_is_logged(world: World):
    """Nothing is logged of a note that passed; a fault is, without the words and without who it was."""
    stream = io.StringIO()
    configure("DEBUG", stream=stream)
    try:
        await sends(probe(world), "ana", WORDS)
        assert "" == stream.getvalue()
        event = world.town.submit("ana", "probe.secret::0", {"text": "break it"})
        assert "core.broken" == key(await world.handles(event))
    finally:
        configure("WARNING")
    assert "handler.failed" in stream.getvalue()
    assert not [word for word in ("break it", "ana", event.request_id) if word in stream.getvalue()]


async def test_a_day_has_an_end(world: World):
    """The form says how often a day one person may send it; that is counted in memory only."""
    probe(world).app.patience = Patience(lambda: 0.0)
    before = everything(world)
    told = [key(await sends(world, "ana", WORDS)) for _ in range(3)]
    assert ["probe.secret", "probe.secret", "core.enough_today"] == told
    assert "probe.secret" == key(await sends(world, "bea", WORDS))
    assert Counter() == everything(world) - before


async def test_a_sensitive_form_of_two_pages_fails_loudly(world: World):
    """Between two pages a draft would have to be stored, so such a form never works at all."""

    async def build(ctx: Any) -> Form:
        return Form(name="too.long", title="Long", fields=tuple(TextField(name=f"f{n}", label="F") for n in range(6)))

    async def take(ctx: Any, answers: Any) -> Any:
        return shown("never")

    spec = FormSpec(name="too.long", build=build, handler=take, example={}, sensitive=True)
    world.app.features = Features((*ALL, FEATURE, Feature(name="long", forms=(spec,))))
    reply = await world._handled(world.town.submit("ana", "too.long::0", {f"f{n}": WORDS for n in range(5)}))
    assert "core.broken" == key(reply)
    assert [] == await world.rows(Draft)


def test_discord_is_the_platform_without_field_errors():
    """What these tests call "like discord"."""
    assert not LIKE_DISCORD.field_errors
