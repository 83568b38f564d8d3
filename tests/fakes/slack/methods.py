"""Slack's Web API, method by method: what it takes, what it refuses, what it answers."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from tests.fakes.slack.rules import wrong_with_blocks, wrong_with_view
from tests.fakes.slack.state import Json, Shown, SlackError, Team

TRIGGER_LIVES = 3.0
"""Seconds that a trigger can be exchanged for a modal, once."""


class Methods:
    """Answers calls for one workspace. `wrong` collects why payloads were refused as malformed."""

    def __init__(self, team: Team, base: Callable[[], str]) -> None:
        self.team = team
        self.wrong: list[str] = []
        self.triggers: dict[str, float] = {}
        self.upload_names: dict[str, str] = {}
        self._base = base

    def call(self, method: str, args: Json) -> Json:
        """Return the answer. Raises `SlackError`."""
        known = getattr(self, method.replace(".", "_"), None)
        if known is None:
            self.wrong.append(f"there is no method {method}")
            raise SlackError("unknown_method")
        return known(args) or {}

    def trigger(self) -> str:
        """Return a new trigger."""
        name = f"{self.team.number()}.trigger"
        self.triggers[name] = time.monotonic()
        return name

    # -- messages

    def auth_test(self, args: Json) -> Json:
        return {
            "team_id": self.team.id,
            "user_id": self.team.bot,
            "team": self.team.name,
            "url": "https://nbm.slack.com/",
        }

    def chat_postMessage(self, args: Json) -> Json:  # noqa: N802 - as Slack calls it
        message = self.team.post(args["channel"], self._message(args))
        return {"channel": message["channel"], "ts": message["ts"], "message": message}

    def chat_postEphemeral(self, args: Json) -> Json:  # noqa: N802 - as Slack calls it
        content = self._message(args)
        self.team.conversation(args["channel"])
        self.team.shown.append(Shown("ephemeral", args["user"], content))
        return {"message_ts": self.team.stamp()}

    def chat_update(self, args: Json) -> Json:
        content = self._message(args)
        message = self.team.message(args["channel"], args["ts"])
        message.update(content)
        people = self.team.conversations[message["channel"]].people
        for user in sorted(people) if people is not None else ["everybody"]:
            self.team.shown.append(Shown("update", user, message))
        return {"channel": message["channel"], "ts": message["ts"]}

    def _message(self, args: Json) -> Json:
        self.check(wrong_with_blocks(args.get("blocks")))
        text = args.get("text") or ""
        self.check(["no text for screen readers"] * (not text.strip()))
        self.check(["text could mention everybody"] * ("<!" in text))
        if len(text) > 40_000:
            raise SlackError("msg_too_long")
        for block in args["blocks"]:
            if block["type"] == "image" and block["slack_file"]["id"] not in self.team.files:
                self.check(["the picture was not uploaded"])
        self.check(["metadata"] * (len(json.dumps(args.get("metadata", {}))) > 8000))
        return {key: args[key] for key in ("text", "blocks", "metadata") if key in args} | {"user": self.team.bot}

    def check(self, wrong: list[str]) -> None:
        """Refuse a payload."""
        if wrong:
            self.wrong += wrong
            raise SlackError("invalid_blocks")

    # -- views

    def views_open(self, args: Json) -> Json:
        issued = self.triggers.pop(args["trigger_id"], None)
        if issued is None or time.monotonic() - issued > TRIGGER_LIVES:
            raise SlackError("expired_trigger_id" if issued is not None else "exchanged_trigger_id")
        return {"view": self.open(args["view"])}

    def views_update(self, args: Json) -> Json:
        if args["view_id"] not in self.team.views:
            raise SlackError("not_found")
        return {"view": self.replace(args["view_id"], args["view"])}

    def views_publish(self, args: Json) -> Json:
        self.check(wrong_with_view(args["view"]))
        self.team.homes[args["user_id"]] = args["view"]
        self.team.shown.append(Shown("home", args["user_id"], args["view"]))
        return {"view": args["view"]}

    def open(self, view: Json) -> Json:
        """Open a modal."""
        return self.replace(f"V{self.team.number()}", view, "modal")

    def replace(self, view_id: str, view: Json, kind: str = "modal_update") -> Json:
        """Put a view in place of an open one."""
        self.check(wrong_with_view(view))
        kept = view | {"id": view_id}
        self.team.views[view_id] = kept
        self.team.shown.append(Shown("modal" if kind == "modal" else "modal_update", "", kept))
        return kept

    # -- people

    def users_info(self, args: Json) -> Json:
        person = self.team.people.get(args["user"])
        if person is None:
            raise SlackError("user_not_found")
        return {"user": person.shown(self.team.id)}

    def users_list(self, args: Json) -> Json:
        people = [person.shown(self.team.id) for person in self.team.people.values()]
        start, size = int(args.get("cursor") or 0), 5
        more = str(start + size) if start + size < len(people) else ""
        return {"members": people[start : start + size], "response_metadata": {"next_cursor": more}}

    def usergroups_list(self, args: Json) -> Json:
        if self.team.groups is None:
            raise SlackError("paid_teams_only")
        return {
            "usergroups": [{"id": name, "name": name.title(), "users": who} for name, who in self.team.groups.items()]
        }

    def usergroups_users_list(self, args: Json) -> Json:
        if self.team.groups is None or args["usergroup"] not in self.team.groups:
            raise SlackError("no_such_subteam")
        return {"users": self.team.groups[args["usergroup"]]}

    def usergroups_users_update(self, args: Json) -> Json:
        assert self.team.groups is not None
        self.team.groups[args["usergroup"]] = [user for user in args["users"].split(",") if user]
        return {}

    # -- conversations

    def conversations_open(self, args: Json) -> Json:
        return {"channel": {"id": self.team.together(args["users"].split(",")).id}}

    def conversations_history(self, args: Json) -> Json:
        found = [
            one for one in self.team.conversation(args["channel"]).messages if float(one["ts"]) >= float(args["oldest"])
        ]
        start, size = int(args.get("cursor") or 0), int(args["limit"])
        newest = list(reversed(found))[start : start + size]
        more = str(start + size) if start + size < len(found) else ""
        return {"messages": newest, "response_metadata": {"next_cursor": more}}

    def users_conversations(self, args: Json) -> Json:
        open_ones = (one for one in self.team.conversations.values() if one.id[0] == "C" and one.has_bot)
        return {"channels": [{"id": one.id, "name": one.name} for one in open_ones if one.people is None]}

    # -- files

    def files_getUploadURLExternal(self, args: Json) -> Json:  # noqa: N802 - as Slack calls it
        name = f"F{self.team.number()}"
        self.upload_names[name] = args["filename"]
        return {"file_id": name, "upload_url": f"{self._base()}/upload/{name}"}

    def files_completeUploadExternal(self, args: Json) -> Json:  # noqa: N802 - as Slack calls it
        files: list[Any] = args["files"]
        if channel := args.get("channel_id"):
            self.check(
                [f"files are shared in conversations, not in {channel}"] * (channel not in self.team.conversations)
            )
            self.team.shared += [(channel, self.upload_names[one["id"]], self.team.files[one["id"]]) for one in files]
        return {"files": files}
