"""What linking says."""

from __future__ import annotations

from bot.features.link import views
from tests.golden.examples.common import Example, of_feature

EXAMPLES: dict[str, Example] = {
    **of_feature("link"),
    "member_code": lambda say: views.member_code(say, "0000-0000-0000"),
    "member_joined": views.member_joined,
    "space_code": lambda say: views.space_code(say, "0000-0000-0000"),
    "space_joined/named": lambda say: views.space_joined(say, "North Bank Makers"),
    "space_joined/no name": lambda say: views.space_joined(say, ""),
}

MODULES = (views,)
"""Where everything that says something has its example."""
