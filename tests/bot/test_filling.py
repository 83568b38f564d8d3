"""Forms in pages, with mistakes, over restarts: on platforms that can show them and on those that cannot."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from adapters.playground.town import CAPABILITIES
from bot.chat.actions import Button
from bot.chat.platform import Capabilities
from bot.chat.reply import Ask, Reject
from storage.audit import Audit
from storage.draft import Draft
from tests.conftest import LIKE_DISCORD
from tests.fakes.probe import TOLD, long_form, probe
from tests.fakes.world import COFFEE, World, key, living, text, view

FIRST = {"name": "Ana", "colour": "red", "more": ("blue", "red"), "day": "2026-03-05", "n": "3"}
LAST = {"who": "bea", "last": "yes"}


def on(world: World, can: Capabilities) -> World:
    """Let the town be able to do what a platform can."""
    world.town._capabilities = can
    return probe(world)


async def sends(world: World, who: str, values: dict[str, Any], page: int = 0, form: str = "probe.long") -> Any:
    """Send one page of a form."""
    return await world._handled(world.town.submit(who, f"{form}::{page}", values))


def taken() -> dict[str, Any]:
    """Return what the handler got, with the member by their handle."""
    (answers,) = TOLD
    return {**answers, "day": str(answers["day"]), "who": answers["who"].handle}


WHOLE = {
    "name": "Ana", "colour": "red", "more": ("red", "blue"), "day": "2026-03-05", "n": 3, "who": "bea", "last": "yes",
}  # fmt: skip


async def test_pages_follow_each_other_where_a_form_may_answer_a_form(world: World):
    """The second page opens at once, and the last one hands over everything; the draft is gone."""
    on(world, CAPABILITIES)
    second = await sends(world, "ana", FIRST)
    assert isinstance(second, Ask)
    assert 1 == second.page
    assert "probe.taken" == key(await sends(world, "ana", LAST, 1))
    assert WHOLE == taken()
    assert [] == await world.rows(Draft)


async def test_pages_are_joined_by_a_button_where_it_may_not(world: World):
    """[Continue] opens the second page with what was typed kept; pressing it twice is harmless."""
    on(world, LIKE_DISCORD)
    assert "core.continue" == key(await sends(world, "ana", FIRST))
    for _ in range(2):
        opened = await world.presses("ana", "Continue")
        assert isinstance(opened, Ask)
        assert 1 == opened.page
    assert "probe.taken" == key(await sends(world, "ana", LAST, 1))
    assert WHOLE == taken()


async def test_mistakes_stand_on_their_fields_where_a_platform_can_show_them(world: World):
    """All mistakes of a page come back at once, with what was typed, and nothing is stored as done."""
    on(world, CAPABILITIES)
    wrong = FIRST | {"name": "x", "colour": "green", "day": "soon", "n": "12"}
    asked = await sends(world, "ana", wrong)
    assert isinstance(asked, Ask)
    assert {"name", "colour", "day", "n"} == asked.errors.keys()
    assert "x" == asked.form.fields[0].value
    assert [] == TOLD


async def test_mistakes_become_a_note_where_it_cannot(world: World):
    """[Fix it] names the fields and opens the form filled in; the mended form is taken."""
    on(world, LIKE_DISCORD)
    note = await sends(world, "ana", FIRST | {"n": "12"})
    assert "core.fix" == key(note)
    assert "N: Please write a whole number from 1 to 9." in text(note)
    opened = await world.presses("ana", "Fix it")
    assert isinstance(opened, Ask)
    assert {"n"} == opened.errors.keys()
    assert "Ana" == opened.form.fields[0].value
    await sends(world, "ana", FIRST)
    assert "probe.taken" == key(await sends(world, "ana", LAST, 1))


@pytest.mark.parametrize("can", [CAPABILITIES, LIKE_DISCORD], ids=["like slack", "like discord"])
async def test_a_handler_that_rejects_keeps_what_was_typed(world: World, can: Capabilities):
    """The feature's own word against the last page leads back to it, on either kind of platform."""
    on(world, can)
    await sends(world, "ana", FIRST)
    again = await sends(world, "ana", LAST | {"last": "no"}, 1)
    if can is LIKE_DISCORD:
        assert "Last: Say yes." in text(again)
        again = await world.presses("ana", "Fix it")
    assert isinstance(again, Ask)
    assert {"last": "Say yes."} == dict(again.errors)
    assert 1 == again.page
    assert "probe.taken" == key(await sends(world, "ana", LAST, 1))
    assert ["probe.taken"] == [row.act for row in await world.rows(Audit) if row.act.startswith("probe")]


async def test_a_form_that_was_not_sent_opens_filled_in(world: World):
    """Who comes back by the command finds what they typed before; others do not."""
    on(world, LIKE_DISCORD)
    await sends(world, "ana", FIRST)
    for who, found in (("ana", "Ana"), ("bea", "")):
        asked = await world.says(who, "/probe long")
        assert isinstance(asked, Ask)
        assert found == asked.form.fields[0].value


async def test_a_draft_outlives_the_process(world: World, tmp_path: Path):
    """After a restart on the same file, [Continue] goes on where it was."""
    on(world, LIKE_DISCORD)
    await sends(world, "ana", FIRST)
    await world.database.close()
    async with living(tmp_path / "kith.db", town=world.town, clock=world.clock, ids=world.app.ids) as again:
        probe(again)
        opened = await again.presses("ana", "Continue")
        assert isinstance(opened, Ask)
        assert 1 == opened.page
        assert "probe.taken" == key(await sends(again, "ana", LAST, 1))
        assert WHOLE == taken()


async def test_a_draft_is_its_members_own(world: World):
    """The id of a draft is of no use to anybody else."""
    on(world, LIKE_DISCORD)
    await sends(world, "ana", FIRST)
    (draft,) = await world.rows(Draft)
    assert "core.not_yours" == key(await world.presses_id("bea", f"drafts.open:{draft.id}"))


async def test_a_coordinators_draft_does_not_open_for_who_is_none_any_more(world: World):
    """A draft of the settings holds what coordinators see; the role is asked for again when it is opened."""
    on(world, LIKE_DISCORD)
    await sends(world, "vera", {"name": "New name"}, form="community.setup")
    (draft,) = [row for row in await world.rows(Draft) if row.form == "community.setup"]
    opened = await world.presses_id("vera", f"drafts.open:{draft.id}")
    assert isinstance(opened, Ask)
    world.town.change_user(replace(world.town.user("vera"), roles=frozenset(), admin=False))
    assert "core.gone" == key(await world.presses_id("vera", f"drafts.open:{draft.id}"))


async def test_a_part_of_the_settings_opens_again(world: World):
    """A form whose key is no row finds its way back too."""
    on(world, LIKE_DISCORD)
    form = "community.settings:kudos"
    note = await world._handled(world.town.submit("vera", f"{form}:0", {"kudos.a_day": "many"}))
    assert "core.fix" == key(note)
    opened = await world.presses("vera", "Fix it")
    assert isinstance(opened, Ask)
    assert "kudos" == opened.form.key


async def test_the_form_of_a_command_opens_again(world: World):
    """The form that asks for a command's parameters can be mended like any other."""
    on(world, LIKE_DISCORD)
    asked = await world.says("ana", "/probe all")
    assert isinstance(asked, Ask)
    values = {"who": "bea", "n": "12", "day": "2026-03-05"}
    assert "core.fix" == key(await sends(world, "ana", values, form="cmd.probe.all"))
    opened = await world.presses("ana", "Fix it")
    assert isinstance(opened, Ask)
    assert "cmd.probe.all" == opened.form.name


async def test_a_page_without_the_one_before_leads_back_to_it(world: World):
    """When the draft is gone meanwhile, the last page is not taken alone."""
    on(world, CAPABILITIES)
    back = await sends(world, "ana", LAST, 1)
    assert isinstance(back, Ask)
    assert 0 == back.page
    assert [] == TOLD


@pytest.mark.parametrize("page", ["99", "²", "-1", "x"])
async def test_a_page_that_does_not_exist_does_no_harm(world: World, page: str):
    """A tampered page number is another page, never a fault."""
    on(world, CAPABILITIES)
    reply = await world._handled(world.town.submit("ana", f"probe.long::{page}", {}))
    assert isinstance(reply, Ask | Reject)


async def test_a_closed_programme_is_told_and_not_joined(coffee: World):
    """A form that was open while its row went is answered with why."""
    on(coffee, CAPABILITIES)
    asked = await coffee.says("ana", "/programme join")
    event = coffee.town.submit("ana", asked.form, {})
    gone = replace(event, form=event.form.replace(asked.form.key, "nothing"))
    assert "core.gone" == key(await coffee.handles(gone))
    assert COFFEE["slug"] == "coffee"


async def test_both_kinds_of_button_are_in_the_note(world: World):
    """The note has exactly one button, which carries the draft and no words."""
    on(world, LIKE_DISCORD)
    note = view(await sends(world, "ana", FIRST | {"name": "y"}))
    (button,) = [item for block in note.blocks for item in getattr(block, "items", ()) if isinstance(item, Button)]
    (draft,) = await world.rows(Draft)
    assert f"drafts.open:{draft.id}" == str(button.action)


async def test_the_form_of_the_probe_has_two_pages():
    """What these tests rest on."""
    assert 2 == (await long_form(None)).pages
