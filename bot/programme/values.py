"""What the sections of a programme file are made of."""

from datetime import time
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from bot.programme.problems import wrong
from bot.questions import LABEL_LENGTH

Kind = Literal["mentoring", "peers", "circles", "help"]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
RoleName = Literal["mentor", "mentee", "peer"]


def _wall(value: time) -> time:
    if value.tzinfo is not None:
        raise wrong("A time has no zone of its own here.", "Write it like 18:00.")
    return value


Count = Annotated[int, Field(strict=True)]
Text = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=1000)]
WallTime = Annotated[time, AfterValidator(_wall)]
Key = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z0-9]+([_-][a-z0-9]+)*$", max_length=40)]
Label = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=LABEL_LENGTH)]


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
