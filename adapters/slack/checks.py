"""What `kith doctor` asks Slack: whether the tokens count and the app has what it needs. Each answer has a cure."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.slack.client import Client
from adapters.slack.manifest import PROBING, SCOPES
from bot.chat.platform import SendFailed


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the doctor: what was looked at, whether it is well, and what to do if not."""

    what: str
    well: bool
    cure: str = ""


CURES = {
    "invalid_auth": "Copy the token again from the app's page: it was mistyped or belongs to an app that is gone.",
    "not_authed": "Set the token: it is empty.",
    "token_revoked": "Install the app anew (Install App on its page) and copy the new bot token.",
    "account_inactive": "Install the app anew: it was removed, or the workspace was closed.",
    "not_allowed_token_type": "Bot tokens begin with xoxb-, app tokens with xapp-: they may be in each other's place.",
    "workspace_twice": "Another section serves this workspace already: remove one of them.",
    "missing_scope": "Take the scopes from `kith manifest slack`, then install the app anew.",
}  # fmt: skip


def cure(code: str) -> str:
    """Return what to do about an error code of Slack's."""
    return CURES.get(code, "docs/slack.md has what each of Slack's codes means.")


async def check(name: str, bot_token: str, app_token: str, api_base: str, *, probing: bool) -> list[Check]:
    """Look at one workspace's tokens and scopes. `app_token` "" in HTTP mode, which needs none. Raises nothing."""
    client = Client(bot_token, api_base)
    try:
        return [*await _bot(name, client, probing=probing), *await _app(name, client, app_token)]
    finally:
        await client.close()


async def _bot(name: str, client: Client, *, probing: bool) -> list[Check]:
    try:
        answer = await client.web.api_call("auth.test")
        granted = {scope.strip() for scope in answer.headers.get("x-oauth-scopes", "").split(",")} - {""}
    except Exception:
        return [await _refused(name, client)]
    missing = [scope for scope in (*SCOPES, *(PROBING if probing else ())) if granted and scope not in granted]
    found = Check(f"slack.{name}: the bot token belongs to {answer.get('team', 'a workspace')}", well=True)
    if missing:
        return [found, Check(f"slack.{name}: scopes missing: {', '.join(missing)}", False, CURES["missing_scope"])]
    return [found, Check(f"slack.{name}: the app has its scopes", well=True)]


async def _refused(name: str, client: Client) -> Check:
    try:
        await client.ask("auth.test")
    except SendFailed as failed:
        return Check(f"slack.{name}: bot_token: {failed.code}", False, cure(failed.code))
    return Check(f"slack.{name}: the bot token counts", well=True)


async def _app(name: str, client: Client, app_token: str) -> list[Check]:
    if not app_token:
        return []
    try:
        await client.open_socket(app_token)
    except SendFailed as failed:
        return [Check(f"slack.{name}: app_token: {failed.code}", False, cure(failed.code))]
    return [Check(f"slack.{name}: the app token opens a connection", well=True)]
