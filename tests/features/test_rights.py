"""A member sees what is stored of them and why, takes a copy, and is forgotten: in every table, file and backup."""

import json
import re
import sqlite3
from pathlib import Path

import pytest
from sqlmodel import select

from bot.chat.platform import Allowed
from bot.chat.reply import Replace, Show
from bot.chat.views import File, as_text
from storage.keys import folder_of
from storage.member import Identity, Member
from storage.pair import PairMember
from storage.rights import Tombstone
from tests.fakes.rows import classes
from tests.fakes.world import World, key

REASON = "for showing me the old mill by the river"


def files(reply: Show) -> dict[str, str]:
    """Return the files of an answer by their names."""
    return {block.name: block.data.decode() for block in reply.view.blocks if isinstance(block, File)}


async def lived(coffee: World) -> tuple[str, str]:
    """Let Ana be paired, thank, be thanked, plan, set a goal, ask and write; return her id and her account's."""
    await coffee.until("2026-03-03 09:30")
    assert "kudos.given" == key(await coffee.says("ana", f"/kudos give @bea {REASON}"))
    assert "kudos.given" == key(await coffee.says("bea", "/kudos give @ana for the soup"))
    goal = {"what": "Juggle seven clubs", "measure": "Seven"}
    await coffee.submits("ana", await coffee.says("ana", "/goal add"), goal)
    await coffee.says("ana", "/profile avoid add @leo")
    await coffee.says("leo", "/profile avoid add @ana")
    await coffee.until("2026-03-05 18:00")
    ana = next(row for row in await coffee.rows(Member) if row.handle == "ana")
    account = next(row.external_id for row in await coffee.rows(Identity) if row.member_id == ana.id)
    return ana.id, account


async def found(coffee: World, words: list[str]) -> dict[str, str]:
    """Return word -> a table in which it stands."""
    stands = {}
    async with coffee.database.read() as db:
        for name, cls in classes().items():
            for row in await db.exec(select(cls)):
                stands |= {word: name for word in words if word in str(row.model_dump())}
    return stands


async def test_privacy_names_every_table_in_which_something_stands(coffee: World):
    """Each table with a row of hers is told with its purpose and the fields that hold something; empty ones are not."""
    await lived(coffee)
    text, page = "", 0
    reply = await coffee.says("ana", "/privacy")
    while True:
        text += as_text(reply.view)
        if "Later" not in as_text(reply.view):
            break
        page += 1
        coffee.town.answer(coffee.town.command("ana", "/privacy", "general"), reply, private=True)
        reply = await coffee.presses("ana", "Later")
    assert page
    for said in ("Your accounts here.", "handle, name", "I read nobody's messages", "Thanks that you"):
        assert said in text, said
    assert "Reports" not in text


async def test_privacy_tells_what_the_platform_lets_the_bot_do(coffee: World):
    """Intents, permissions or scopes stand there as the platform says them at that moment."""
    coffee.town.allowed = lambda space: (Allowed("scopes", ("chat:write", "im:write")),)
    assert "I may, in this workspace: chat:write, im:write" in as_text((await coffee.says("ana", "/privacy")).view)


async def test_a_copy_comes_as_a_page_and_for_programs(coffee: World):
    """The JSON holds her words, the page shows them escaped, and both only what is hers."""
    await lived(coffee)
    await coffee.says("ana", "/kudos give @chen for <b>the</b> tea & bread")
    given = files(await coffee.says("ana", "/me export"))
    assert {"about-me.html", "about-me.json"} == given.keys()
    copy = json.loads(given["about-me.json"])
    assert "kith-member/1" == copy["format"]
    assert REASON in given["about-me.json"]
    assert "for &lt;b&gt;the&lt;/b&gt; tea &amp; bread" in given["about-me.html"]
    assert REASON in given["about-me.html"]
    assert "<script" not in given["about-me.html"]
    assert not re.search(r"(src|href)=.https?:", given["about-me.html"])
    assert "Juggle seven clubs" not in "".join(files(await coffee.says("bea", "/me export")).values())


async def test_being_forgotten_asks_once_more(coffee: World):
    """The command alone changes nothing, and neither does staying."""
    before = await coffee.rows(Identity)
    assert "rights.sure" == key(await coffee.says("ana", "/me forget"))
    assert "rights.stays" == key(await coffee.presses("ana", "No, I stay"))
    assert before == await coffee.rows(Identity)


async def test_after_being_forgotten_nothing_finds_them(coffee: World, tmp_path: Path):
    """No table, no file beside it and no backup made then holds her ids, name or words; a keyed mark alone stays."""
    ana, account = await lived(coffee)
    words = [ana, f"'{account}'", "Juggle seven clubs", REASON, "'Ana'"]
    assert set(words) == set(await found(coffee, words))
    await coffee.says("ana", "/me forget")
    assert isinstance(await coffee.presses("ana", "Forget me for good"), Replace)
    await coffee.until("2026-03-06 10:00")
    assert {} == await found(coffee, words)
    assert 1 == len(await coffee.rows(Tombstone))

    assert await coffee.database.settle()
    file = coffee.database.path
    assert file is not None
    copy = tmp_path / "backup.db"
    with sqlite3.connect(file) as source:
        source.execute("VACUUM INTO ?", (str(copy),))
    source.close()
    beside = [one for one in (*file.parent.glob(file.name + "*"), *folder_of(file).glob("*")) if one.is_file()]
    for one in {*beside, file, copy}:
        data = one.read_bytes()
        assert [] == [word for word in (ana, "Juggle seven clubs", REASON) if word.encode() in data], one.name


async def test_the_partner_keeps_their_record(coffee: World):
    """The pair stays with somebody unnamed in it, and what others wrote about things of their own stays theirs."""
    ana, _ = await lived(coffee)
    mine = next(row for row in await coffee.rows(PairMember) if row.member_id == ana)
    await coffee.says("ana", "/me forget")
    await coffee.presses("ana", "Forget me for good")
    seats = [row for row in await coffee.rows(PairMember) if row.pair_id == mine.pair_id]
    assert 2 == len(seats)
    people = {row.id: row for row in await coffee.rows(Member)}
    assert 1 == [people[seat.member_id].handle for seat in seats].count("")
    assert all(seat.member_id in people for seat in seats)


async def test_the_forgotten_are_strangers_at_the_next_word(coffee: World):
    """Whoever was forgotten and speaks again has nothing of before, and nothing is sent to them by itself."""
    await lived(coffee)
    await coffee.says("ana", "/me forget")
    await coffee.presses("ana", "Forget me for good")
    before = len(coffee.keys("ana"))
    await coffee.until("2026-03-12 18:00")
    assert before == len(coffee.keys("ana"))
    assert REASON not in "".join(files(await coffee.says("ana", "/me export")).values())


@pytest.mark.parametrize("line", ["/privacy", "/me export", "/me forget"])
async def test_rights_remain_to_the_frozen(coffee: World, line: str):
    """Whom moderators froze may still see, copy and erase what is stored of them."""
    async with coffee.database.unit() as db:
        ana = (await db.exec(select(Member).where(Member.handle == "ana"))).one()
        ana.frozen_at = coffee.clock.now()
        db.add(ana)
    assert key(await coffee.says("ana", line)).startswith("rights.")
