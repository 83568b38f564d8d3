"""What the configuration accepts, what it says about mistakes, and that the example file tells the truth."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, SecretStr, TypeAdapter, ValidationError

from cli.config import (
    BackupSection,
    Config,
    ConfigError,
    ConfigProblem,
    DiscordSection,
    KithSection,
    PlaygroundSection,
    SlackSection,
    load,
)

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"
SECTIONS: dict[str, type[BaseModel]] = {
    "kith": KithSection,
    "backup": BackupSection,
    "discord": DiscordSection,
    "slack.acme": SlackSection,
    "playground": PlaygroundSection,
}
SLACK_ENV = {"KITH_SLACK__ACME__BOT_TOKEN": "xoxb-1", "KITH_SLACK__ACME__APP_TOKEN": "xapp-1"}


def write(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


def problems(path: Path | None, env: dict[str, str] | None = None) -> tuple[ConfigProblem, ...]:
    with pytest.raises(ConfigError) as caught:
        load(path, env or {})
    return caught.value.problems


def keys(path: Path | None, env: dict[str, str] | None = None) -> set[str]:
    return {problem.key for problem in problems(path, env)}


def uncommented(text: str) -> str:
    return re.sub(r"^# (?=\[|[a-z_]+ = )", "", text, flags=re.MULTILINE)


def test_nothing_configured_is_a_whole_configuration(tmp_path: Path) -> None:
    """Without file, secrets or variables every default holds and no platform is served."""
    config = load(write(tmp_path, ""), {})

    assert Config() == config
    assert config.discord is None
    assert config.slack == {}
    assert Path("kith-data/kith.db") == config.kith.database_location


def test_the_environment_beats_the_secrets_and_those_beat_the_file(tmp_path: Path) -> None:
    """Each source overrides single keys of the one below it and leaves the others alone."""
    text = (
        '[discord]\ntoken = "file"\nmembers_intent = true\n[slack.acme]\nbot_token = "xoxb-f"\napp_token = "xapp-f"\n'
    )
    path = write(tmp_path, text)
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "discord__token").write_text("secret\n", encoding="utf-8")
    (tmp_path / "secrets" / "slack__acme__bot_token").write_text("xoxb-secret\n", encoding="utf-8")

    config = load(path, {"KITH_SLACK__ACME__BOT_TOKEN": "xoxb-env"})

    assert DiscordSection(token=SecretStr("secret"), members_intent=True) == config.discord
    assert SlackSection(bot_token=SecretStr("xoxb-env"), app_token=SecretStr("xapp-f")) == config.slack["acme"]


def test_the_environment_alone_is_enough() -> None:
    """A container without any file is configured by variables, and theirs are numbers and booleans too."""
    env = SLACK_ENV | {"KITH_DISCORD__TOKEN": "t", "KITH_DISCORD__MEMBERS_INTENT": "true", "KITH_PLAYGROUND__PORT": "0"}

    config = load(None, env)

    assert config.discord is not None
    assert config.discord.members_intent is True
    assert list(config.slack) == ["acme"]
    assert config.playground.port == 0


def test_an_empty_variable_is_no_value() -> None:
    """A compose file that passes an unset variable on does not switch Discord on."""
    assert load(None, {"KITH_DISCORD__TOKEN": ""}).discord is None


def test_other_variables_of_ours_are_no_keys() -> None:
    """Variables with single underscores belong to the tests and are not mistaken for sections."""
    assert Config() == load(None, {"KITH_BROWSER_TESTS": "1", "KITH_DISCORD_OPENAPI": "x.json"})


@pytest.mark.parametrize("variable", ["KITH_SECRETS_DIR", "CREDENTIALS_DIRECTORY"])
def test_a_named_secrets_folder_is_read(tmp_path: Path, variable: str) -> None:
    """Docker's and systemd's folders are read, and what other programs keep there is left alone."""
    (tmp_path / "discord__token").write_text("secret", encoding="utf-8")
    (tmp_path / "billing__password").write_text("other", encoding="utf-8")
    (tmp_path / "plain").write_text("other", encoding="utf-8")

    config = load(None, {variable: str(tmp_path)})

    assert config.discord is not None
    assert config.discord.token.get_secret_value() == "secret"


@pytest.mark.parametrize(
    ("database", "expected"),
    [
        ("data/k.db", Path("data/k.db")),
        ("sqlite+aiosqlite:///k.db", "sqlite+aiosqlite:///k.db"),
    ],
)
def test_the_database_is_a_file_or_an_address(database: str, expected: str | Path) -> None:
    """A path comes back as a Path and an address as it was written."""
    assert expected == load(None, {"KITH_KITH__DATABASE": database}).kith.database_location


def test_a_configuration_does_not_change() -> None:
    """Once loaded, no part of the program can alter what another one sees."""
    config = load(None, {})

    with pytest.raises(ValidationError):
        config.kith.locale = "es"


def test_every_problem_is_said_at_once_with_its_place_and_cure(tmp_path: Path) -> None:
    """One run names each mistake of each source, where it stands and what to do about it."""
    text = '[kith]\nlog_level = "loud"\ndata_dri = "x"\n[discord]\ntokn = "hush"\n[slack.acme]\nbot_token = "hush"\n'
    path = write(tmp_path, text)
    env = {"KITH_DISCRD__TOKEN": "hush", "KITH_PLAYGROUND__PROT": "1", "KITH_DISCORD__MEMBERS_INTENT": "hush"}

    found = {problem.key: problem for problem in problems(path, env)}

    assert {
        "discrd.token": "environment variable KITH_DISCRD__TOKEN",
        "playground.prot": "environment variable KITH_PLAYGROUND__PROT",
        "discord.members_intent": "environment variable KITH_DISCORD__MEMBERS_INTENT",
        "kith.log_level": str(path),
        "kith.data_dri": str(path),
        "discord.tokn": str(path),
        "slack.acme.bot_token": str(path),
    }.items() <= {key: problem.where for key, problem in found.items()}.items()
    assert {"discord.token", "slack.acme.app_token"} <= found.keys()
    assert found["kith.data_dri"].cure == "Did you mean data_dir?"
    assert found["discord.tokn"].cure == "Did you mean token?"
    assert found["discrd.token"].cure == "Did you mean discord?"
    assert found["playground.prot"].cure == "Did you mean port?"
    assert "debug" in found["kith.log_level"].cure
    assert "KITH_SLACK__ACME__APP_TOKEN" in found["slack.acme.app_token"].cure


def test_a_value_is_never_repeated(tmp_path: Path) -> None:
    """No error and no printed configuration holds what somebody wrote as a value, for it may be a token."""
    text = "[kith]\n{}[discord]\n{}[slack]\nbot_token = 'hush'\n[slack.acme]\n{}[playground]\nport = 'hush'\n".format(
        *(
            "".join(f"{key} = 'hush'\n" for key in model.model_fields)
            for model in (KithSection, DiscordSection, SlackSection)
        )
    )
    env = {"KITH_DISCORD__TOKEN": "hush ", "KITH_DSICORD__TOKEN": "hush", "KITH_SLACK__B": "hush"}

    with pytest.raises(ConfigError) as caught:
        load(write(tmp_path, text), env)

    assert "hush" not in str(caught.value)
    assert "hush" not in repr(caught.value)
    assert caught.value.__context__ is None or "hush" not in str(caught.value.__context__)
    assert "hush" not in repr(
        load(None, {"KITH_DISCORD__TOKEN": "hush", "KITH_KITH__DATABASE": "postgresql://a:hush@b/c"})
    )


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("discord = 3", "discord"),
        ('[slack]\nbot_token = "xoxb-1"', "slack.bot_token"),
        ('[slack.Acme]\nbot_token = "xoxb-1"\napp_token = "xapp-1"', "slack.Acme"),
        ('[slack.a__b]\nbot_token = "xoxb-1"\napp_token = "xapp-1"', "slack.a__b"),
        ('[slack.a]\nbot_token = "xapp-1"\napp_token = "xapp-1"', "slack.a.bot_token"),
        ('[slack.a]\nbot_token = "xoxb-1"\napp_token = "xoxb-1"', "slack.a.app_token"),
        ('[slack.a]\nbot_token = "xoxb-1"\napp_token = "xapp-1"\ncommand = "kith"', "slack.a.command"),
        ('[slack.a]\nbot_token = "xoxb-1"\napp_token = "xapp-1"\ncommand = "/ki th"', "slack.a.command"),
        ('[discord]\ntoken = ""', "discord.token"),
        ('[discord]\ntoken = "two words "', "discord.token"),
        ('[discord]\ntoken = "t"\napi_base = "discord.com"', "discord.api_base"),
        ('[discord]\ntoken = "t"\ngateway_url = "https://a"', "discord.gateway_url"),
        ('[kith]\nlocale = "English"', "kith.locale"),
        ("[playground]\nport = 70000", "playground.port"),
        ('_env_file = "x"', "_env_file"),
    ],
)
def test_a_wrong_value_is_named_by_its_key(tmp_path: Path, text: str, key: str) -> None:
    """A value of the wrong kind gives exactly one problem, at its dotted key, with a cure."""
    found = problems(write(tmp_path, text))

    assert [key] == [problem.key for problem in found]
    assert found[0].cure


def test_a_syntax_error_is_named_by_its_line(tmp_path: Path) -> None:
    """Broken TOML gives its line, hides nothing else, and does not call what it held missing."""
    path = write(tmp_path, '[kith]\nlog_level = "info"\nlocale = en\n')

    found = problems(path, {"KITH_DISCORD__MEMBERS_INTENT": "true", "KITH_PLAYGROUND__PORT": "x"})

    assert [problem.key for problem in found] == ["", "playground.port"]
    assert "line 3" in found[0].what


def test_a_file_that_is_not_text_is_named_by_its_line(tmp_path: Path) -> None:
    """A file in another encoding is called that."""
    path = tmp_path / "config.toml"
    path.write_bytes(b"[kith]\n# caf\xe9\n")

    assert problems(path)[0].what == "is not UTF-8 text (at line 2)"


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    """Editors that begin a file with a mark do no harm."""
    path = tmp_path / "config.toml"
    path.write_bytes(b'\xef\xbb\xbf[kith]\nlocale = "es"\n')

    assert load(path, {}).kith.locale == "es"


def test_a_missing_file_or_folder_is_said(tmp_path: Path) -> None:
    """A path that is not there is an error, because somebody named it."""
    found = problems(tmp_path / "none.toml", {"KITH_SECRETS_DIR": str(tmp_path / "none")})

    assert [str(tmp_path / "none"), str(tmp_path / "none.toml")] == sorted(problem.where for problem in found)


def test_a_secret_that_is_misspelt_or_unreadable_is_said(tmp_path: Path) -> None:
    """A file that was meant for us is named with the nearest section, one that is not text as such."""
    (tmp_path / "discrod__token").write_text("hush", encoding="utf-8")
    (tmp_path / "slack__acme__bot_token").write_bytes(b"\xff")

    found = {problem.where: problem for problem in problems(None, {"KITH_SECRETS_DIR": str(tmp_path)})}

    assert {str(tmp_path / "discrod__token"), str(tmp_path / "slack__acme__bot_token")} == found.keys()
    assert found[str(tmp_path / "discrod__token")].cure == "Did you mean discord?"


def test_a_problem_reads_as_one_line() -> None:
    """The printed form is place, key, what and cure."""
    assert str(ConfigProblem("c.toml", "kith.x", "is odd", "Fix it.")) == "c.toml: kith.x is odd. Fix it."
    assert str(ConfigProblem("c.toml", "", "is odd", "Fix it.")) == "c.toml: is odd. Fix it."


def test_the_example_loads_as_it_stands() -> None:
    """A copy of the example is the default configuration."""
    assert Config() == load(EXAMPLE, {})


def test_the_example_has_every_key_and_no_other(tmp_path: Path) -> None:
    """With its keys uncommented, the example loads and sets exactly the keys of the model."""
    text = uncommented(EXAMPLE.read_text(encoding="utf-8"))
    values: dict[str, Any] = tomllib.loads(text)
    values["slack.acme"] = values.pop("slack")["acme"]

    load(write(tmp_path, text), {})

    assert {name: set(model.model_fields) for name, model in SECTIONS.items()} == {
        name: set(section) for name, section in values.items()
    }


@pytest.mark.parametrize(
    ("section", "key"), [(name, key) for name, model in SECTIONS.items() for key in model.model_fields]
)
def test_the_example_tells_each_default_and_meaning(section: str, key: str) -> None:
    """A key's comment is its description, and the value shown is its default where it has one."""
    text = EXAMPLE.read_text(encoding="utf-8")
    block = re.search(rf"^(?:# )?\[{section}\]$(.*?)(?=^(?:# )?\[|\Z)", text, re.MULTILINE | re.DOTALL)
    field = SECTIONS[section].model_fields[key]
    assert block is not None

    assert f"# {field.description}\n# {key} = " in block[1]
    if not field.is_required() and field.default is not None:
        shown = re.search(rf"^# {key} = (.*)$", block[1], re.MULTILINE)
        assert shown is not None
        told = tomllib.loads(f"x = {shown[1]}")["x"]
        assert field.default == TypeAdapter(type(field.default)).validate_python(told)
