"""The fake's gateway: HELLO, IDENTIFY, READY, GUILD_CREATE, heartbeats, RESUME, and events as they happen."""

from __future__ import annotations

import asyncio
import json
import zlib
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSCloseCode, web

from tests.fakes.discord.town import APPLICATION, BOT, TOKEN, Fake

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, INVALID, HELLO, ACK = 0, 1, 2, 6, 7, 9, 10, 11
MEMBERS_INTENT = 1 << 1


@dataclass(slots=True)
class Session:
    """One client's session: what it was told, so that a resumed connection gets the rest."""

    id: str
    shard: tuple[int, int]
    intents: int
    told: list[dict[str, Any]] = field(default_factory=list)
    socket: web.WebSocketResponse | None = None
    deflate: Any = None


@dataclass(slots=True)
class Gateway:
    """All sessions. `identified` and `resumed` count; `forget` makes the next resume fail."""

    town: Fake
    zlib: bool = False
    shards: int = 1
    url: str = ""
    identified: int = 0
    resumed: int = 0
    beats: int = 0
    forget: bool = False
    sessions: dict[str, Session] = field(default_factory=dict)

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one connection."""
        socket = web.WebSocketResponse(compress=False, autoping=True)
        await socket.prepare(request)
        deflate = zlib.compressobj() if self.zlib and request.query.get("compress") == "zlib-stream" else None
        await self._send(socket, deflate, {"op": HELLO, "d": {"heartbeat_interval": 41250}, "s": None, "t": None})
        session: Session | None = None
        async for frame in socket:
            said = json.loads(frame.data)
            match said["op"]:
                case 1:
                    self.beats += 1
                    await self._send(socket, deflate, {"op": ACK, "d": None, "s": None, "t": None})
                case 2:
                    session = await self._identify(socket, deflate, said["d"])
                case 6:
                    session = await self._resume(socket, deflate, said["d"])
        if session is not None and session.socket is socket:
            session.socket = None
        return socket

    async def _identify(self, socket: web.WebSocketResponse, deflate: Any, told: dict[str, Any]) -> Session | None:
        if told["token"] != TOKEN:
            await socket.close(code=4004, message=b"Authentication failed.")
            return None
        if told["intents"] & MEMBERS_INTENT and not self.town.members_intent:
            await socket.close(code=4014, message=b"Disallowed intent(s).")
            return None
        self.identified += 1
        shard = tuple(told.get("shard", (0, 1)))
        session = Session(self.town.id(), (shard[0], shard[1]), told["intents"], socket=socket, deflate=deflate)
        self.sessions[session.id] = session
        mine = [guild for guild in self.town.guilds if self._on(guild, session) and not self.town.guilds[guild]["gone"]]
        await self._tell(
            session, "READY",
            {
                "v": 10, "user": self.town.users[BOT], "session_id": session.id, "resume_gateway_url": self.url,
                "guilds": [{"id": guild, "unavailable": True} for guild in mine], "shard": list(session.shard),
                "application": {"id": APPLICATION, "flags": 0}, "private_channels": [], "relationships": [],
            },
        )  # fmt: skip
        for guild in mine:
            await self._tell(session, "GUILD_CREATE", self.guild(guild))
        return session

    async def _resume(self, socket: web.WebSocketResponse, deflate: Any, told: dict[str, Any]) -> Session | None:
        session = self.sessions.get(told["session_id"])
        if session is None or self.forget:
            self.forget = False
            await self._send(socket, deflate, {"op": INVALID, "d": False, "s": None, "t": None})
            return None
        self.resumed += 1
        session.socket, session.deflate = socket, deflate
        for event in session.told[told["seq"] :]:
            await self._send(socket, deflate, event)
        await self._tell(session, "RESUMED", {})
        return session

    def _on(self, guild: str, session: Session) -> bool:
        return (int(guild) >> 22) % session.shard[1] == session.shard[0]

    async def dispatch(self, event: str, data: dict[str, Any], guild: str | None = None) -> None:
        """Tell every session that serves the server; one that is away is told when it resumes."""
        for session in list(self.sessions.values()):
            if guild is None and session.shard[0] != 0:
                continue
            if event.startswith("GUILD_MEMBER") and not session.intents & MEMBERS_INTENT:
                continue
            if guild is None or self._on(guild, session):
                await self._tell(session, event, data)

    async def _tell(self, session: Session, event: str, data: dict[str, Any]) -> None:
        told = {"op": DISPATCH, "t": event, "s": len(session.told) + 1, "d": data}
        session.told.append(told)
        if session.socket is not None and not session.socket.closed:
            await self._send(session.socket, session.deflate, told)

    async def _send(self, socket: web.WebSocketResponse, deflate: Any, told: dict[str, Any]) -> None:
        text = json.dumps(told)
        if deflate is None:
            await socket.send_str(text)
        else:
            await socket.send_bytes(deflate.compress(text.encode()) + deflate.flush(zlib.Z_SYNC_FLUSH))

    async def drop(self, *, forget: bool = False) -> None:
        """Cut every connection; with `forget`, no session can be resumed."""
        self.forget = forget
        for session in list(self.sessions.values()):
            socket, session.socket = session.socket, None
            if socket is not None:
                await socket.close(code=WSCloseCode.SERVICE_RESTART)
        if forget:
            self.sessions.clear()

    async def close(self) -> None:
        """Close every connection."""
        for session in list(self.sessions.values()):
            if session.socket is not None and not session.socket.closed:
                await asyncio.wait_for(session.socket.close(), 2)

    def guild(self, guild: str, *, whole: bool = True) -> dict[str, Any]:
        """Return a server as GUILD_CREATE tells it, or as REST does."""
        found = self.town.guilds[guild]
        made = {
            "id": guild, "name": found["name"], "owner_id": found["owner_id"], "roles": list(found["roles"].values()),
            "emojis": [], "stickers": [], "features": [], "preferred_locale": found["language"], "icon": None,
            "verification_level": 0, "default_message_notifications": 0, "explicit_content_filter": 0, "mfa_level": 0,
            "nsfw_level": 0, "premium_tier": 0, "system_channel_flags": 0, "system_channel_id": None,
            "afk_timeout": 300, "afk_channel_id": None, "rules_channel_id": None, "public_updates_channel_id": None,
            "splash": None, "banner": None, "discovery_splash": None, "description": None, "vanity_url_code": None,
            "region": "deprecated", "premium_progress_bar_enabled": False, "safety_alerts_channel_id": None,
            "home_header": None,
            "application_id": None, "widget_enabled": False, "widget_channel_id": None, "premium_subscription_count": 0,
            "max_members": 500000, "max_presences": None, "max_video_channel_users": 25, "nsfw": False,
            "max_stage_video_channel_users": 50, "incidents_data": None,
        }  # fmt: skip
        if not whole:
            return made
        channels = [one for one in self.town.channels.values() if one.get("guild_id") == guild and one["type"] == 0]
        return made | {
            "joined_at": "2026-01-01T00:00:00+00:00", "large": False, "unavailable": False,
            "member_count": len(found["members"]), "voice_states": [], "members": [self.town.member(guild, BOT)],
            "channels": channels, "threads": [], "presences": [], "stage_instances": [], "soundboard_sounds": [],
            "guild_scheduled_events": [],
        }  # fmt: skip
