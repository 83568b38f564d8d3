"""What tests plant in the fake, and what they see of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(slots=True)
class Fault:
    """How requests to a matching route fail. `accepted`: it takes effect first. `cut`: the connection breaks."""

    route: str
    status: int = 500
    code: int = 0
    times: int = 1
    accepted: bool = False
    cut: bool = False
    retry_after: float = 0.0
    whole: bool = False
    shared: bool = False
    banned: bool = False


@dataclass(slots=True)
class Seen:
    """A request that came in, and how it was answered."""

    method: str
    path: str
    body: Any
    files: int
    at: float
    status: int = 0
    answer: Any = None
