"""What is shipped for servers names what exists: commands, settings, folders, the port that is asked for health."""

import configparser
import re
import shlex
from pathlib import Path

import pytest
import typer

from cli.config import load
from cli.main import app

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
DOCKERFILE, COMPOSE, UNIT = (
    (DEPLOY / name).read_text("utf-8") for name in ("Dockerfile", "compose.yaml", "kith.service")
)
TOKENS = {
    "KITH_DISCORD__TOKEN": "token",
    "KITH_SLACK__MAIN__BOT_TOKEN": "xoxb-1",
    "KITH_SLACK__MAIN__APP_TOKEN": "xapp-1",
}


class _Unit(configparser.RawConfigParser):
    """A unit file: names keep their case, and a later line of the same name counts."""

    def optionxform(self, optionstr: str) -> str:
        """Keep the name as it is."""
        return optionstr


@pytest.fixture
def service() -> configparser.SectionProxy:
    """The [Service] section."""
    parser = _Unit(strict=False)
    parser.read_string(UNIT)
    return parser["Service"]


def set_in(text: str) -> dict[str, str]:
    """Return KITH_ variables with the values that a text gives them; a `${...}` gets a token of the right kind."""
    found = dict(re.findall(r"\b(KITH_[A-Z_]+)[=:]\s*(\S+)", text))
    return {name: TOKENS[name] if value.startswith("$") else value for name, value in found.items()}


@pytest.mark.parametrize("text", [DOCKERFILE, COMPOSE, UNIT], ids=["Dockerfile", "compose", "unit"])
def test_every_setting_exists(text: str):
    """The configuration takes each variable that is set, with the value it is set to."""
    given = set_in(text)
    assert given
    load(None, given)


def test_health_is_asked_where_it_is_answered():
    """The image's health check asks the port that its settings open."""
    config = load(None, set_in(DOCKERFILE))
    assert f"http://127.0.0.1:{config.kith.watch_port}/healthz" in DOCKERFILE
    assert config.kith.data_dir == Path("/data")
    assert "VOLUME /data" in DOCKERFILE


def test_the_image_has_every_package_and_runs_as_nobody():
    """Each folder of the wheel is copied, and the process is not the superuser's."""
    copied = set(re.findall(r"^COPY (\w+) \1$", DOCKERFILE, re.MULTILINE))
    assert copied == {"adapters", "bot", "cli", "scheduler", "storage"}
    last = DOCKERFILE.rsplit("FROM ", 1)[1]
    assert last.index("USER kith") < last.index("ENTRYPOINT")


def test_the_unit_runs_a_command_that_exists(service: configparser.SectionProxy):
    """Its words are read by the command line."""
    words = shlex.split(service["ExecStart"])[1:]
    command = typer.main.get_command(app).commands[words[0]]  # type: ignore[attr-defined]
    command.make_context("kith", words[1:], resilient_parsing=True)
    assert words[:2] == ["run", "--config"]


def test_the_units_credentials_are_secrets_that_are_read(tmp_path: Path):
    """Each credential is a file that the configuration finds in systemd's folder."""
    names = re.findall(r"^#?LoadCredential=(\w+):", UNIT, re.MULTILINE)
    for name in names:
        (tmp_path / name).write_text(TOKENS[f"KITH_{name.upper()}"], "utf-8")
    config = load(None, {"CREDENTIALS_DIRECTORY": str(tmp_path)})
    assert config.discord is not None
    assert config.slack.keys() == {"main"}
    assert len(names) == len(TOKENS)


def test_a_stop_has_time(service: configparser.SectionProxy):
    """Both wait longer than a stop can take, so that nothing under way is cut off."""
    from scheduler.loop import PATIENCE

    grace = re.search(r"stop_grace_period: (\d+)s", COMPOSE)
    assert grace is not None
    assert min(int(grace[1]), int(service["TimeoutStopSec"])) > PATIENCE.total_seconds() + 5


def test_as_few_rights_as_it_needs(service: configparser.SectionProxy):
    """No capability, no way to more of them, nothing writable but its own folder."""
    assert ("", "yes", "strict") == (
        service["CapabilityBoundingSet"], service["NoNewPrivileges"], service["ProtectSystem"]
    )  # fmt: skip
    for line in ("read_only: true", "- ALL", "- no-new-privileges:true"):
        assert line in COMPOSE
