"""The command line in the test's process, and as a process of its own."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from cli import console
from cli.main import main
from cli.playground import DATABASE, opened

KITH = [sys.executable, "-c", "from cli.main import main; main()"]


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def kith(monkeypatch, capfd, tmp_path) -> Callable[..., Ended]:
    """Run a command in this process, in a folder without configuration."""
    monkeypatch.chdir(tmp_path)
    for one in (console.out, console.err):
        monkeypatch.setattr(one, "_width", 200)  # read from the environment when it was made
    for name in [name for name in os.environ if name.startswith("KITH_")]:
        monkeypatch.delenv(name)

    def run(*words: object) -> Ended:
        monkeypatch.setattr(sys, "argv", ["kith", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capfd.readouterr()
        return Ended(int(ended.value.code or 0), out, err)

    return run


@pytest.fixture(scope="session")
def demo_database(tmp_path_factory) -> Path:
    """A database with the demo community in it, to be copied."""
    folder = tmp_path_factory.mktemp("demo")

    async def make() -> None:
        async with opened(folder):
            pass

    asyncio.run(make())
    return folder / DATABASE


@pytest.fixture
def community(demo_database, tmp_path, monkeypatch, kith) -> Path:
    """A copy of the demo's database, which commands find by the environment."""
    copy = tmp_path / "kith.db"
    copy.write_bytes(demo_database.read_bytes())
    monkeypatch.setenv("KITH_KITH__DATABASE", str(copy))
    return copy


@pytest.fixture
def process() -> Iterator[Callable[..., subprocess.Popen]]:
    """Start commands as processes; what still runs at the end is killed."""
    started: list[subprocess.Popen] = []

    def start(*words: object, **env: str) -> subprocess.Popen:
        whole = os.environ | {"PYTHONUNBUFFERED": "1"} | env
        started.append(
            subprocess.Popen(
                [*KITH, *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=whole,
                cwd=Path(__file__).parents[2],
            )
        )  # fmt: skip
        return started[-1]

    yield start
    for one in started:
        if one.poll() is None:
            one.send_signal(signal.SIGKILL)
        one.communicate()
