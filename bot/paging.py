"""Lists that page themselves: a view goes in whole and comes out with one page of its list and two buttons."""

from __future__ import annotations

from dataclasses import replace

from bot.chat.actions import ActionId, Button
from bot.chat.views import Actions, Block, List, Note, View
from bot.i18n import Say

PREFIX = "page."


def cut(view: View, page: int, action: str, key: str, say: Say) -> View:
    """Show page `page` (from 0; out of range means the nearest one) of the view's paged list."""
    blocks: list[Block] = []
    for block in view.blocks:
        if isinstance(block, List) and block.paged and len(block.items) > block.size:
            blocks += _one_page(block, page, action, key, say)
        else:
            blocks.append(block)
    return replace(view, blocks=tuple(blocks))


def _one_page(whole: List, page: int, action: str, key: str, say: Say) -> list[Block]:
    pages = -(-len(whole.items) // whole.size)
    page = max(0, min(page, pages - 1))
    shown = whole.items[page * whole.size : (page + 1) * whole.size]
    buttons = []
    if page > 0:
        buttons.append(Button(say.line("Earlier"), ActionId(action, key, str(page - 1))))
    if page < pages - 1:
        buttons.append(Button(say.line("Later"), ActionId(action, key, str(page + 1))))
    note = Note(say("Page {page} of {pages}", page=page + 1, pages=pages))
    return [replace(whole, items=shown, paged=False), note, Actions(tuple(buttons))]
