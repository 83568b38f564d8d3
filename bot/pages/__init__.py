"""Pages to keep: one self-contained HTML file each, with nothing loaded from anywhere, legible on paper too."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from bot.i18n import Say


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("bot.pages", "templates"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page(template: str, say: Say, **values: object) -> bytes:
    """Return `template` filled in, as UTF-8. Values are escaped; `say` gives the page its language and its words."""
    return _templates().get_template(template).render(say=say, lang=say.language, **values).encode()
