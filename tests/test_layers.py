"""The import rules hold, and each of them is seen to fail when an import breaks it."""

import ast
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("adapters", "bot", "cli", "scheduler", "storage")
CONTRACTS = [
    contract["name"]
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
]
LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"

# The rule that breaks, the module that breaks it, and the import that does.
OFFENCES = [
    ("Imports run down only", "storage/offence.py", "import bot"),
    ("Imports run down only", "bot/offence.py", "import scheduler"),
    ("Imports run down only", "scheduler/offence.py", "import cli"),
    ("Adapters know the seam, not the tables and not the features", "adapters/offence.py", "import storage"),
    ("Adapters know the seam, not the tables and not the features", "adapters/offence.py", "import bot.features"),
    ("Adapters know the seam, not the tables and not the features", "adapters/offence.py", "import scheduler"),
    ("No adapter imports another", "adapters/slack/offence.py", "import adapters.discord.markup"),
    ("No adapter imports another", "adapters/discord/offence.py", "import adapters.playground.town"),
    ("The core knows no platform, no web server, no scheduler", "bot/offence.py", "import discord"),
    ("The core knows no platform, no web server, no scheduler", "bot/offence.py", "import slack_sdk.models"),
    ("The core knows no platform, no web server, no scheduler", "storage/offence.py", "import aiohttp"),
    ("The core knows no platform, no web server, no scheduler", "bot/offence.py", "import apscheduler"),
    ("SQL lives in storage", "bot/offence.py", "from sqlmodel import select"),
    ("SQL lives in storage", "cli/offence.py", "import sqlalchemy"),
    ("SQL lives in storage", "scheduler/offence.py", "import aiosqlite"),
]

CLOCKS = {
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "time": {"time", "time_ns", "localtime", "gmtime", "ctime"},
}
# The one module that asks, and hands the answer to all others.
ASKS_THE_MACHINE = "bot/clock.py"
PLATFORMS = {"discord": "adapters/discord", "slack_bolt": "adapters/slack", "slack_sdk": "adapters/slack"}


def lint(folder: Path) -> tuple[int, str]:
    """Runs import-linter as a process of its own, so that it sees that folder's packages and not the imported ones."""
    command = [sys.executable, "-c", LINT, "--no-logo", "--no-cache", "--config", "pyproject.toml"]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return run.returncode, run.stdout + run.stderr


def broken(output: str) -> set[str]:
    return {line.removesuffix(" BROKEN") for line in output.splitlines() if line.endswith(" BROKEN")}


def modules(*packages: str) -> Iterator[tuple[str, ast.Module]]:
    for package in packages:
        for file in sorted((ROOT / package).rglob("*.py")):
            yield file.relative_to(ROOT).as_posix(), ast.parse(file.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    """Yields each imported module, and each name taken from one, with dots."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def clock_reads(tree: ast.Module) -> list[int]:
    """Returns the lines that ask the machine what time it is."""
    aliases = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }

    def names_a_clock(call: ast.expr) -> bool:
        if isinstance(call, ast.Attribute):
            owner = call.value
            name = owner.attr if isinstance(owner, ast.Attribute) else owner.id if isinstance(owner, ast.Name) else ""
            return call.attr in CLOCKS.get(aliases.get(name, name), ())
        return False

    bare = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "time"
        for alias in node.names
        if alias.name in CLOCKS["time"]
    }
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and (names_a_clock(node.func) or (isinstance(node.func, ast.Name) and node.func.id in bare))
    ]


def other_features(path: str, tree: ast.Module) -> list[str]:
    """Returns what the feature that the path belongs to imports of other features."""
    parts = path.removesuffix(".py").split("/")
    if len(parts) < 4:  # bot/features/__init__.py assembles all of them
        return []
    own = f"bot.features.{parts[2]}"
    level_free = [name for name in imported(tree) if name.startswith("bot.features.")]
    return [name for name in level_free if name != own and not name.startswith(own + ".")]


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the packages and their rules, to break."""
    for file in (file for package in PACKAGES for file in (ROOT / package).rglob("*.py")):
        copy = tmp_path / file.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, copy)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_import_rules_hold() -> None:
    """import-linter finds every contract of pyproject.toml kept."""
    code, output = lint(ROOT)

    assert code == 0, output


def test_every_rule_is_broken_once_below() -> None:
    """A new contract has to come with an import that breaks it."""
    assert set(CONTRACTS) == {contract for contract, _, _ in OFFENCES}


@pytest.mark.parametrize(("contract", "module", "offence"), OFFENCES)
def test_an_import_that_breaks_a_rule_is_named(house: Path, contract: str, module: str, offence: str) -> None:
    """One forbidden import turns the lint red and names the rule it breaks."""
    (house / module).write_text(f"{offence}\n", encoding="utf-8")

    code, output = lint(house)

    assert code == 1, output
    assert contract in broken(output)


@pytest.mark.parametrize("package", ["bot", "storage"])
def test_the_core_never_reads_the_wall_clock(package: str) -> None:
    """What time it is comes in through the injected clock, so no other module of the core asks the machine."""
    assert {
        path: lines for path, tree in modules(package) if path != ASKS_THE_MACHINE and (lines := clock_reads(tree))
    } == {}


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import datetime\ndatetime.now()",
        "import datetime\ndatetime.datetime.now(datetime.UTC)",
        "import datetime as dt\ndt.datetime.utcnow()",
        "from datetime import datetime as when\nwhen.now()",
        "from datetime import date\ndate.today()",
        "import time\ntime.time()",
        "import time as clock\nclock.time_ns()",
        "from time import time as now\nnow()",
    ],
)
def test_a_read_of_the_clock_is_seen(source: str) -> None:
    """Every usual way to ask for the time is recognised."""
    assert clock_reads(ast.parse(source)) == [2]


def test_a_given_clock_is_no_read_of_the_machine() -> None:
    """Asking an injected clock, waiting and parsing are fine."""
    source = "import time\nfrom datetime import datetime\nclock.now()\ndatetime.fromisoformat('x')\ntime.monotonic()"

    assert clock_reads(ast.parse(source)) == []


def test_no_feature_imports_another() -> None:
    """Features meet through facts only."""
    assert {path: names for path, tree in modules("bot/features") if (names := other_features(path, tree))} == {}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            "from bot.features.kudos.rules import may_give",
            ["bot.features.kudos.rules", "bot.features.kudos.rules.may_give"],
        ),
        ("from bot.features import kudos", ["bot.features.kudos"]),
        ("import bot.features.kudos", ["bot.features.kudos"]),
        ("from bot.features.goals.views import page\nfrom bot.chat import view", []),
    ],
)
def test_an_import_of_another_feature_is_seen(source: str, expected: list[str]) -> None:
    """Each form of import is recognised, and a feature may import itself."""
    assert expected == other_features("bot/features/goals/handlers.py", ast.parse(source))


def test_a_platform_library_stays_in_its_adapter() -> None:
    """Only the adapter of a platform imports its library, so the other one runs without it."""
    found = [
        f"{path} imports {name}"
        for path, tree in modules(*PACKAGES)
        for name in imported(tree)
        if (home := PLATFORMS.get(name.split(".")[0])) and not path.startswith(home)
    ]

    assert found == []
