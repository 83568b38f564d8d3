"""The process is killed in the middle of a long application: no page that was answered is lost."""

import signal
import subprocess
import sys
from pathlib import Path

from bot.chat.reply import Ask
from bot.clock import MovedClock, SeededIds
from tests.conftest import LIKE_DISCORD
from tests.fakes.world import START, key, living, new_town, text

ROOT = Path(__file__).parents[2]
FIRST_TWO_PAGES = """
import asyncio, os, signal, sys
from pathlib import Path
from tests.conftest import LIKE_DISCORD
from tests.fakes.world import founded
from tests.features.test_application import FILE, MENTOR

async def run():
    async with founded(Path(sys.argv[1])) as world:
        world.town._capabilities = LIKE_DISCORD
        await world.applies(FILE)
        await world.submits("ana", await world.says("ana", "/programme join"), MENTOR)
        await world.submits("ana", await world.presses("ana", "Continue"), MENTOR)
        os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(run())
"""


async def test_no_answered_page_is_lost(tmp_path: Path):
    """After the kill the status offers to go on, at the third page, with everything from the first two."""
    path = tmp_path / "kith.db"
    ended = subprocess.run(  # noqa: ASYNC221 - nothing else runs in this test
        [sys.executable, "-c", FIRST_TWO_PAGES, str(path)], cwd=ROOT, check=False, timeout=120
    )
    assert -signal.SIGKILL == ended.returncode
    clock = MovedClock(START)
    town = new_town(clock, LIKE_DISCORD, 7)
    async with living(path, town=town, clock=clock, ids=SeededIds(99)) as world:
        assert "You began the form" in text(await world.says("ana", "/programme status"))
        third = await world.presses("ana", "Continue")
        assert isinstance(third, Ask)
        assert (2, 3) == (third.page, third.form.pages)
        kept = {field.name: getattr(field, "value", None) for field in third.form.fields}
        assert ("mentor", "Europe/Madrid", "I had a good mentor.") == (kept["role"], kept["zone"], kept["q_why"])
        assert "programme.agreement" == key(await world.submits("ana", third, {"q_topics": ("Study",)}))
