"""Forms as modals: pages, mistakes on their field, submissions that take longer, triggers that are over."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from storage.community import Setting
from tests.fakes.slack.world import SETUP, SlackWorld, Snapshot, opened


async def test_a_long_form_is_paged_in_place(slack: SlackWorld) -> None:
    """The set-up form turns its pages by the acknowledgement of each submission."""
    (first,) = await slack.says("vera", "coord setup")
    assert "Next" == first.content["submit"]["text"]
    (second,) = await slack.sends("vera", first, SETUP)
    assert ("modal_update", "community.setup::1") == (second.kind, second.content["callback_id"])


async def test_a_mistake_stands_on_its_field(coffee: SlackWorld) -> None:
    """A form of one page is refused with the sentence under the field, and goes through when it is mended."""
    (form,) = await coffee.says("ana", "kudos give")
    (refused,) = await coffee.sends("ana", form, {"who": "UBEA", "why": ""})
    assert ["why"] == list(refused.content["errors"])
    (done,) = await coffee.sends("ana", form, {"who": "UBEA", "why": "for the patient review"})
    assert "<@UBEA>" in done.text


async def test_a_refusal_lies_on_top_of_the_form(coffee: SlackWorld) -> None:
    """Thanking oneself or a bot is refused without losing what was typed."""
    for wrong in ("UANA", "UROBOT"):
        (form,) = await coffee.says("ana", "kudos give")
        (refused,) = await coffee.sends("ana", form, {"who": wrong, "why": "for the patient review"})
        assert "modal" == refused.kind
        assert form.content["id"] in coffee.team.views
        assert form.content["id"] != refused.content["id"]


async def test_a_mistake_on_an_earlier_page_goes_back_to_it(slack: SlackWorld) -> None:
    """A time zone that does not exist is said above its field, on the page that has it."""
    (form,) = await slack.says("vera", "coord setup")
    (again,) = await slack.submits("vera", form, SETUP | {"zone": "Middle/Earth"})
    assert "community.setup::0" == again.content["callback_id"]
    assert "Middle/Earth" in again.text


async def test_a_slow_submission_says_that_it_is_being_worked_on(
    joined: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A submission that takes longer than its acknowledgement may is shown as working, then as what came of it."""
    async with opened(tmp_path / "kith.db", snapshot=joined, patience=0.05) as world:
        (form,) = await world.says("ana", "kudos give")
        app, handle, open_ = world.kith.app, world.kith.app.handle, asyncio.Event()

        async def held(self: Any, event: Any) -> Any:
            await open_.wait()
            return await handle(event)

        monkeypatch.setattr(type(app), "handle", held)
        payload = world.submission("ana", form, {"who": "UBEA", "why": "for the patient review"})
        ack = await world.server.deliver("interactive", payload)
        assert ack is not None
        assert "Working" in str(ack["view"])
        world.server.methods.replace(form.content["id"], ack["view"])
        open_.set()
        await world.slack.settle()
        assert "modal_update" == world.team.shown[-1].kind
        assert "<@UBEA>" in world.team.shown[-1].text
        assert [] == world.server.methods.wrong


async def test_a_trigger_that_is_over_is_told_in_words(coffee: SlackWorld) -> None:
    """When Slack does not open the form any more, the member is asked to try again."""
    payload = coffee.command("ana", "kudos give")
    del coffee.server.methods.triggers[payload["trigger_id"]]
    await coffee.server.deliver("slash_commands", payload)
    await coffee.slack.settle()
    assert "ephemeral" == coffee.team.shown[-1].kind
    assert "once more" in coffee.team.shown[-1].text


async def test_role_fields_offer_people_and_user_groups(slack: SlackWorld) -> None:
    """Who coordinates is chosen among people and groups, and both come back as roles."""
    assert slack.team.groups is not None
    slack.team.groups["SMENTORS"] = ["UBEA"]
    await slack.event({"type": "subteam_created"})
    (form,) = await slack.says("vera", "coord setup")
    blocks = [block["block_id"] for block in form.blocks if block["type"] == "input"]
    assert {"core.coordinator_roles", "core.coordinator_roles/groups"} <= set(blocks)
    await slack.submits("vera", form, SETUP | {"core.coordinator_roles": ("UVERA", "SMENTORS")})
    stored = {row.key: row.value for row in await slack.rows(Setting)}
    assert ["UVERA", "SMENTORS"] == stored["core.coordinator_roles"]
    (answer,) = await slack.says("bea", "coord status")
    assert "North Bank Makers" in answer.text


async def test_feedback_leaves_nothing_in_a_conversation(coffee: SlackWorld) -> None:
    """The form for anonymous feedback and its receipt live in a modal; no message is made of either."""
    (form,) = await coffee.says("ana", "feedback send")
    before = len(coffee.server.calls)
    (done,) = await coffee.submits("ana", form, {"topic": "pair", "text": "My pair never answers at all, sadly."})
    assert "modal_update" == done.kind
    assert [] == [call.method for call in coffee.server.calls[before:] if call.method.startswith("chat.")]


async def test_paged_lists_turn_in_place(coffee: SlackWorld) -> None:
    """A long list has [Later], which rewrites the private message that holds it."""
    for giver in ("ana", "chen", "dia", "eli", "fay", "gus", "hana", "ivo", "jun"):
        await coffee.says(giver, f"kudos give @bea for being patient with {giver}")
    (first,) = await coffee.says("bea", "kudos mine")
    (second,) = await coffee.presses("bea", first, "Later")
    assert "replaced" == second.kind
    assert "chat.update" not in {call.method for call in coffee.server.calls}
    assert "Earlier" in second.labels()


async def test_words_find_their_command(coffee: SlackWorld) -> None:
    """A wrong word gets the nearest command as it is typed here, `help` the list, nothing at all what is next."""
    (near,) = await coffee.says("ana", "kudso give")
    assert "/kith kudos give" in near.text
    (listed,) = await coffee.says("ana", "help")
    assert "/kith programme join" in listed.text
    (offered,) = await coffee.says("ana", "")
    assert ["Give kudos", "My page", "How it works"] == offered.labels()
    (form,) = await coffee.presses("ana", offered, "Give kudos")
    assert "modal" == form.kind


async def test_what_was_typed_stands_in_the_form_for_the_rest(coffee: SlackWorld) -> None:
    """A member who was named already is chosen in the form that asks for the missing words."""
    (form,) = await coffee.says("ana", "kudos give @bea")
    (who, why) = [block["element"] for block in form.blocks]
    assert ("UBEA", "plain_text_input") == (who["initial_users"][0], why["type"])
    (done,) = await coffee.submits("ana", form, {"why": "for the patient review"})
    assert "<@UBEA>" in done.text


async def test_forms_open_from_the_home(coffee: SlackWorld) -> None:
    """A button on the Home that asks something opens a modal."""
    (page,) = await coffee.opens_home("leo")
    joins = [label for label in page.labels() if "Join" in label]
    if joins:
        (form,) = await coffee.presses("leo", page, joins[0])
        assert "modal" == form.kind
