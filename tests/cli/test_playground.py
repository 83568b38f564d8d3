"""The playground as a process: it serves, says so once, keeps what it is told to keep, and ends cleanly."""

from __future__ import annotations

import asyncio
import re
import signal
import socket
import urllib.request
from datetime import timedelta

from cli.demo import community as demo
from cli.playground import DATABASE, MARKER, opened, reset


def address(running) -> str:
    """Return the address that a process printed as its one line of output."""
    return re.search(r"http://\S+", running.stdout.readline()).group()


def test_it_serves_and_ends_with_ctrl_c(process, tmp_path):
    """The page is there, with everybody to act as; Ctrl-C ends it with code 0 and without a traceback."""
    running = process("playground", "--port", 0)
    page = urllib.request.urlopen(address(running)).read().decode()
    assert [] == [person.row.name for person in demo.neighbours() if person.row.name not in page]
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=20)
    assert (0, "", False) == (running.returncode, out, "Traceback" in err)


def test_a_port_in_use_is_said_and_a_second_process_refused(process, tmp_path):
    """The page moves to a free port and says so; two on one folder are refused in one line."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        first = process("playground", "--port", port, "--data", tmp_path)
        assert f":{port}/" not in address(first)
        for words in ((), ("--reset",)):
            second = process("playground", "--port", 0, "--data", tmp_path, *words)
            _, err = second.communicate(timeout=30)
            assert (1, 1, True) == (second.returncode, len(err.splitlines()), f"in use by process {first.pid}" in err)
        first.terminate()
        _, err = first.communicate(timeout=20)
        assert (0, True) == (first.returncode, f"Port {port} is in use" in err)


async def test_the_first_pairs_are_a_day_away(tmp_path):
    """A day later every member of the demo is introduced to somebody in a room of their own."""
    async with opened(tmp_path) as (_, backstage):
        said = await backstage.advance(timedelta(days=1))
        rooms = [message for message in backstage.town.messages if message.view.key == "pair.introduced"]
        assert (6, "It is Tuesday 3 March, 09:30 UTC. 6 messages arrived.") == (len(rooms), said)
        drawer = await backstage.inspect()
        assert "pair.introduced" in [row.key for row in drawer.outbox]
        assert "Check-in with Ana Beltrán" in [row.what for row in drawer.due]


async def test_a_kept_folder_goes_on_where_it_was(tmp_path):
    """After a restart the clock, the pairs and their rooms are as they were, and the check-ins arrive."""
    async with opened(tmp_path) as (_, backstage):
        await backstage.advance(timedelta(days=1))
        left_at = backstage.clock.now()
        rooms = {
            spot.id: spot.users for spot in backstage.town.spaces[demo.SPACE].spots.values() if spot.kind == "room"
        }
    async with opened(tmp_path) as (_, backstage):
        spots = backstage.town.spaces[demo.SPACE].spots.values()
        assert left_at == backstage.clock.now()
        assert rooms == {spot.id: spot.users for spot in spots if spot.kind == "room"}
        await backstage.advance(timedelta(days=3))
        asked = {message.channel for message in backstage.town.messages if message.view.key == "checkin.ask"}
        assert {f"dm-{person.row.handle}" for person in demo.neighbours() if person.part == "member"} == asked


async def test_what_a_member_writes_is_delivered_without_moving_the_clock(tmp_path):
    """Kudos arrive as soon as they are given."""
    async with opened(tmp_path) as (_, backstage):
        posted = asyncio.Event()
        backstage.town.subscribe(lambda message: posted.set() if message.view.key == "kudos.received" else None)
        event = backstage.town.command("ana", "/kudos give @bea for the review of my draft", "general")
        await backstage.kith.app.handle(event)
        await asyncio.wait_for(posted.wait(), 20)


async def test_reset_removes_what_the_playground_made_and_nothing_else(tmp_path):
    """The database and the marker go, a stranger's file stays."""
    async with opened(tmp_path):
        pass
    (tmp_path / "mine.txt").write_text("mine", "utf-8")
    reset(tmp_path)
    assert {"mine.txt", DATABASE + ".lock"} == {file.name for file in tmp_path.iterdir()}
    assert not (tmp_path / MARKER).exists()
