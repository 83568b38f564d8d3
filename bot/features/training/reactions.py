"""What somebody who joins is told about their training."""

from __future__ import annotations

import storage.programme
import storage.training
from bot import training
from bot.context import Work
from bot.programme.stored import file_of
from storage.member import Member


async def joined(work: Work, member: Member) -> None:
    """Tell a new member of the modules that their role asks for, once for each number of them."""
    passed = (await storage.training.passed(work.db, work.community.id, [member.id])).get(member.id, set())
    for programme in await storage.programme.joined_by(work.db, work.community.id, member.id):
        file = file_of(programme)
        roles = await storage.programme.roles_of(work.db, work.community.id, member.id)
        kinds = [role.kind for role in roles if role.programme_id == programme.id and role.status == "active"]
        left = list(
            dict.fromkeys(key for kind in kinds for key in training.missing(file.training.required, kind, passed))
        )
        if left:
            await work.outbox.note(
                member, "training.waits", key=f"training.waits:{member.id}:{programme.id}", count=len(left),
                minutes=sum(training.module(key, "en").minutes for key in left), gate=file.training.gate,
                programme=programme.name, texts=programme.file.get("texts", {}),
            )  # fmt: skip
