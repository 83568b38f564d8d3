"""Configuration: a TOML file, a folder of secrets and KITH_ environment variables become one checked value.

The environment wins over the secrets folder, the folder over the file, the file over the defaults.
"""

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError, ValidationInfo
from pydantic_core import ErrorDetails, PydanticCustomError, PydanticKnownError
from pydantic_settings import BaseSettings, EnvSettingsSource, SettingsConfigDict

PREFIX = "KITH_"
DELIMITER = "__"


@dataclass(frozen=True, slots=True)
class ConfigProblem:
    """One thing that is wrong: where it stands, its dotted key ("" for a whole file), what is wrong, how to cure it."""

    where: str
    key: str
    what: str
    cure: str

    def __str__(self) -> str:
        return f"{self.where}: {f'{self.key} ' if self.key else ''}{self.what}. {self.cure}"


class ConfigError(Exception):
    """Every problem of a configuration at once; str() has one line for each and never a value."""

    def __init__(self, problems: Iterable[ConfigProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


def _wrong(what: str, cure: str) -> PydanticCustomError:
    # The texts go in as parameters, because pydantic reads braces in a template.
    return PydanticCustomError("kith", "{what}", {"what": what, "cure": cure})


def _starts(*starts: str) -> AfterValidator:
    def check(value: str) -> str:
        if not value.startswith(starts):
            raise _wrong("is no address of the right kind", f"It starts with {' or '.join(starts)}.")
        return value

    return AfterValidator(check)


def _app_token() -> AfterValidator:
    def check(value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if value is None and not info.data.get("signing_secret"):
            raise PydanticKnownError("missing")
        return value

    return AfterValidator(check)


def _token(start: str, place: str) -> AfterValidator:
    def check(value: SecretStr | None) -> SecretStr | None:
        if value is None:
            return None
        text = value.get_secret_value()
        if not text or text != text.strip() or not text.startswith(start):
            known = f"It starts with {start} and" if start else "It"
            raise _wrong("is not a token of the right kind", f"{known} stands under {place}.")
        return value

    return AfterValidator(check)


def _command(value: str) -> str:
    word = value.removeprefix("/")
    if value == word or not word or len(value) > 32 or not word.replace("-", "").replace("_", "").isalnum():
        raise _wrong("is not a command name", 'Write a slash and one word of at most 31 characters, such as "/kith".')
    return value.lower()


def _workspace(name: str) -> str:
    # Environment variables must be able to name it, and two underscores separate its keys there.
    if not (name.isascii() and name.isidentifier() and name == name.lower()) or DELIMITER in name:
        raise _wrong("is not a name for a workspace", "Use small letters, digits and single underscores: [slack.acme].")
    return name


class Section(BaseModel):
    """What the sections have in common: unknown keys are refused, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class KithSection(Section):
    """[kith]: what concerns the whole installation."""

    data_dir: Path = Field(
        Path("kith-data"),
        description="Folder for the database, the keys and the backups; if relative, then to the working directory.",
    )
    database: SecretStr | None = Field(
        None,
        description="The database: a file, or an address with its password. Without it, kith.db in data_dir.",
    )
    keys_dir: Path | None = Field(
        None,
        description="Folder for the keys that seal private words, not in any backup. Without it, beside the database.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="How much is logged: debug, info, warning or error. No level logs what people write."
    )
    log_format: Literal["console", "json"] = Field(
        "console", description="console is for people, json (one object a line) for machines."
    )
    watch_port: int | None = Field(
        None,
        ge=1,
        le=65535,
        description="Port on this machine for /healthz, /readyz and /metrics; without it, none is opened.",
    )
    watch_host: str = Field(
        "127.0.0.1", description="Address to listen on for these; they hold numbers, no names and no words."
    )
    locale: str = Field(
        "en",
        pattern=r"^[a-z]{2,3}(_[A-Z]{2})?$",
        description="Language of a community that has not chosen one, such as en or es.",
    )

    @property
    def database_location(self) -> str | Path:
        """Where the database is: a URL as written, or the path of a file."""
        if self.database is None:
            return self.data_dir / "kith.db"
        text = self.database.get_secret_value()
        return text if "://" in text else Path(text)


class BackupSection(Section):
    """[backup]: a copy of the database each day, while Kith runs."""

    daily: bool = Field(True, description="Whether the database is copied each day; keys never are.")
    folder: Path | None = Field(
        None, description="Folder for the copies; a mounted one survives this disk. Without it, backups in data_dir."
    )
    at: time = Field(time(4, 30), description="When, in UTC; best after the day's notes without a name were published.")
    keep: int = Field(
        7, ge=1, le=366, description="How many copies are kept. Who was forgotten is gone from them after so many days."
    )


class DiscordSection(Section):
    """[discord]: serves Discord servers; without it Kith does not."""

    token: Annotated[SecretStr, _token("", "Bot in the Discord developer portal")] = Field(
        description="The bot's token. Better in KITH_DISCORD__TOKEN, or in a file discord__token of the secrets folder."
    )
    members_intent: bool = Field(
        False,
        description="Greet joiners and notice leavers; the intent must be on in the developer portal too.",
    )
    api_base: Annotated[str, _starts("https://", "http://")] = Field(
        "https://discord.com/api/v10", description="Where the API is reached, for a proxy or a local server."
    )
    gateway_url: Annotated[str, _starts("wss://", "ws://")] | None = Field(
        None, description="Where the gateway is reached; without it the API is asked."
    )


class SlackSection(Section):
    """[slack.<name>]: serves one Slack workspace through an internal app of its own; one section a workspace."""

    bot_token: Annotated[SecretStr, _token("xoxb-", "OAuth & Permissions of the Slack app")] = Field(
        description="Bot token of the app. Better in KITH_SLACK__ACME__BOT_TOKEN."
    )
    signing_secret: SecretStr | None = Field(
        None,
        description="With it, Slack calls this machine over HTTP; without it, Kith connects out and opens no port.",
    )
    app_token: Annotated[
        SecretStr | None, _app_token(), _token("xapp-", "Basic Information of the Slack app (scope connections:write)")
    ] = Field(
        None,
        validate_default=True,
        description="App-level token, needed unless signing_secret is set. Better in KITH_SLACK__ACME__APP_TOKEN.",
    )
    api_base: Annotated[str, _starts("https://", "http://")] = Field(
        "https://slack.com/api/", description="Where the Web API is reached, for GovSlack, a proxy or a local server."
    )
    command: Annotated[str, AfterValidator(_command)] = Field(
        "/kith", description="The slash command that everything starts with; the app's manifest names the same."
    )
    sockets: int = Field(
        1, ge=1, le=10, description="Connections held at once; Slack spreads its deliveries over them."
    )
    probe_history: bool = Field(
        False,
        description="After a lost answer, look in the conversation's history for the message; adds 4 scopes.",
    )
    host: str = Field("127.0.0.1", description="Address to listen on over HTTP, behind a proxy that speaks HTTPS.")
    port: int = Field(3000, ge=1, le=65535, description="Port to listen on over HTTP, at /slack/<name>.")


class PlaygroundSection(Section):
    """[playground]: the local page of `kith playground`."""

    port: int = Field(8765, ge=0, le=65535, description="Port on this machine; a free one is taken when it is in use.")


class Config(Section):
    """The whole configuration; made by `load`."""

    kith: KithSection = KithSection()
    backup: BackupSection = BackupSection()
    discord: DiscordSection | None = None
    slack: dict[Annotated[str, AfterValidator(_workspace)], SlackSection] = {}
    playground: PlaygroundSection = PlaygroundSection()

    @property
    def backups(self) -> Path:
        """Folder of the copies of the database."""
        return self.backup.folder or self.kith.data_dir / "backups"


class _FlatNames(Config, BaseSettings):
    """Never made: tells the library which flat names (KITH_DISCORD__TOKEN) belong to which keys."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_nested_delimiter=DELIMITER)


@dataclass(frozen=True, slots=True)
class _Layer:
    """What one source says, nested by section, and how that source names the place of a key."""

    values: dict[str, Any]
    place: Callable[[Sequence[str]], str]

    def holds(self, loc: Sequence[str]) -> bool:
        here: Any = self.values
        for part in loc:
            if not isinstance(here, dict) or part not in here:
                return False
            here = here[part]
        return True


def load(path: Path | None, env: Mapping[str, str]) -> Config:
    """Reads the file (none when `path` is None), the secrets folder and the environment into one Config.

    The secrets folder is KITH_SECRETS_DIR, else systemd's CREDENTIALS_DIRECTORY, else `secrets` beside the file. A
    secret is a file such as discord__token. Raises ConfigError with every problem of every source.
    """
    problems: list[ConfigProblem] = []
    layers = (_environment(env, problems), _secrets(path, env, problems), _file(path, problems))
    merged: dict[str, Any] = {}
    for layer in reversed(layers):
        merged = _over(merged, layer.values)
    try:
        config = Config.model_validate(merged)
    except ValidationError as error:
        # What a source that cannot be read would have held is not missing.
        unread = any(not problem.key for problem in problems)
        found = error.errors(include_url=False, include_input=False)
        problems += [_problem(each, layers) for each in found if not (unread and each["type"] == "missing")]
    if problems:
        raise ConfigError(problems)
    return config


def _over(low: dict[str, Any], high: dict[str, Any]) -> dict[str, Any]:
    shared = [key for key in low.keys() & high.keys() if isinstance(low[key], dict) and isinstance(high[key], dict)]
    return low | high | {key: _over(low[key], high[key]) for key in shared}


def _file(path: Path | None, problems: list[ConfigProblem]) -> _Layer:
    name = str(path)
    values: dict[str, Any] = {}
    data = b""
    try:
        data = path.read_bytes() if path else b""
        values = tomllib.loads(data.decode("utf-8-sig"))
    except FileNotFoundError:
        problems.append(ConfigProblem(name, "", "does not exist", "Copy config.example.toml, or run `kith init`."))
    except OSError as error:
        problems.append(ConfigProblem(name, "", f"cannot be read: {error.strerror}", "It must be a readable file."))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problems.append(ConfigProblem(name, "", f"is not UTF-8 text (at line {line})", "Save it as UTF-8."))
    except tomllib.TOMLDecodeError as error:
        cure = 'Texts stand in quotes, a key once in its section: log_level = "info".'
        problems.append(ConfigProblem(name, "", f"is not TOML: {error}", cure))
    return _Layer(values, lambda _: name)


def _environment(env: Mapping[str, str], problems: list[ConfigProblem]) -> _Layer:
    def place(loc: Sequence[str]) -> str:
        return f"environment variable {PREFIX}{DELIMITER.join(loc).upper()}"

    # A single underscore is somebody else's variable; an empty value is how compose files say "not set".
    found = {name.upper(): value for name, value in env.items() if value and name.upper().startswith(PREFIX)}
    found = {name.removeprefix(PREFIX): value for name, value in found.items() if DELIMITER in name}
    strange = [loc for loc in (name.lower().split(DELIMITER) for name in found) if loc[0] not in Config.model_fields]
    problems += [ConfigProblem(place(loc), ".".join(loc), "is in no known section", _nearest(loc)) for loc in strange]
    return _Layer(_nested(found), place)


def _secrets(path: Path | None, env: Mapping[str, str], problems: list[ConfigProblem]) -> _Layer:
    named = env.get(f"{PREFIX}SECRETS_DIR") or env.get("CREDENTIALS_DIRECTORY")
    folder = Path(named) if named else (path.parent if path else Path()) / "secrets"

    def place(loc: Sequence[str]) -> str:
        return f"{folder / DELIMITER.join(loc)}"

    found: dict[str, str] = {}
    try:
        files = [file for file in sorted(folder.iterdir()) if DELIMITER in file.name and file.is_file()]
    except OSError as error:
        files = []
        if named:
            what = f"cannot be read as the secrets folder: {error.strerror}"
            problems.append(ConfigProblem(str(folder), "", what, f"Correct {PREFIX}SECRETS_DIR, or unset it."))
    for file in files:
        loc = file.name.lower().split(DELIMITER)
        if loc[0] not in Config.model_fields:
            # Such folders are shared with other programs: only what was probably meant for Kith is worth a word.
            if get_close_matches(loc[0], Config.model_fields):
                problems.append(ConfigProblem(place(loc), ".".join(loc), "is in no known section", _nearest(loc)))
            continue
        try:
            found[file.name.upper()] = file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            cure = "It must be UTF-8 text that this user may read."
            problems.append(ConfigProblem(place(loc), ".".join(loc), "cannot be read", cure))
    return _Layer(_nested(found), place)


def _nested(flat: Mapping[str, str]) -> dict[str, Any]:
    source = EnvSettingsSource(_FlatNames)
    source.env_vars = {f"{PREFIX}{name}".lower(): value for name, value in flat.items()}
    return source()


def _nearest(loc: Sequence[str]) -> str:
    """The cure for a key that does not exist: the nearest one that does, else all of them."""
    sections: dict[str, type[Section]] = {
        "kith": KithSection,
        "discord": DiscordSection,
        "slack": SlackSection,
        "playground": PlaygroundSection,
    }
    model = sections.get(loc[0])
    known = list(model.model_fields if model and len(loc) > 1 else Config.model_fields)
    wrong = loc[-1] if model else loc[0]
    near = get_close_matches(wrong.lower(), known, n=1)
    return f"Did you mean {near[0]}?" if near else f"Known here: {', '.join(known)}."


def _problem(found: ErrorDetails, layers: Sequence[_Layer]) -> ConfigProblem:
    loc = tuple(str(part) for part in found["loc"] if part != "[key]")
    context = found.get("ctx", {})
    match found["type"]:
        case "kith":
            what, cure = context["what"], context["cure"]
        case "extra_forbidden":
            what, cure = "is not a known key", _nearest(loc)
        case "missing":
            what, cure = "is missing", f"Add it, or set {PREFIX}{DELIMITER.join(loc).upper()}."
        case "model_type" | "dict_type" if loc[0] == "slack":
            what, cure = "is not a section", "Each workspace has a name and a section of its own: [slack.acme]."
        case "model_type":
            what, cure = "is not a section", f"Write [{loc[0]}] on a line, and its keys below."
        case "literal_error":
            what, cure = "is not a value that is known here", f"Write {context['expected']}."
        case "string_pattern_mismatch":
            what, cure = "is not a language code", 'Write it as "en", "es" or "pt_BR".'
        case "bool_parsing" | "bool_type":
            what, cure = "is neither true nor false", "Write true or false, without quotes."
        case _:
            what, cure = found["msg"].replace("Input should be", "should be"), "config.example.toml shows each key."
    held = (layer for size in range(len(loc), 0, -1) for layer in layers if layer.holds(loc[:size]))
    return ConfigProblem(next(held).place(loc), ".".join(loc), what, cure)
