"""The Bot API's methods about the bot itself and its chats: who it is, its webhook, its menus of commands."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.standins.telegram_access import known_chat, writable_chat
from tests.standins.telegram_checks import (
    Malformed,
    Params,
    bad_request,
    commands,
    flag,
    language_code,
    parsing,
    required_text,
    string,
    structure,
)
from tests.standins.telegram_state import Json
from tests.standins.telegram_world import World

_MEDIA = ("photo", "video", "audio", "voice", "document", "video_note")
_ACTIONS = frozenset(
    {"cancel", "typing", "choose_sticker", "find_location", "pick_up_location"}
    | {f"upload_{media}" for media in _MEDIA}
    | {f"record_{media}" for media in ("video", "audio", "voice", "video_note")}
)
_CHAT_SCOPES = frozenset({"chat", "chat_administrators", "chat_member"})
_MENU_BUTTONS = frozenset({"commands", "default", "web_app"})
DESCRIPTION_LIMIT, SHORT_DESCRIPTION_LIMIT = 512, 120
_PLAIN_SCOPES = frozenset({"default", "all_private_chats", "all_group_chats", "all_chat_administrators"})


class ProfileMethods:
    """``table`` has a function for each method, by its name in small letters; they raise ``Refusal``.

    ``menus`` are the commands that the bot has set, by scope (its JSON) and language (empty for all). Both kinds of
    ``descriptions`` are by language.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self.menus: dict[tuple[str, str], list[dict[str, str]]] = {}
        self.descriptions: dict[str, str] = {}
        self.short_descriptions: dict[str, str] = {}
        self.menu_button = "default"
        self.table: dict[str, Callable[[Params], Any]] = {
            "getme": self._get_me,
            "deletewebhook": self._delete_webhook,
            "getwebhookinfo": self._get_webhook_info,
            "setmycommands": self._set_commands,
            "getmycommands": self._get_commands,
            "deletemycommands": self._delete_commands,
            "setmydescription": self._set_description,
            "setmyshortdescription": self._set_short_description,
            "setchatmenubutton": self._set_menu_button,
            "getchat": self._get_chat,
            "sendchataction": self._send_chat_action,
        }

    def _get_me(self, _: Params) -> Json:
        rights = {"can_join_groups": True, "can_read_all_group_messages": True, "supports_inline_queries": False}
        return self._world.bot.json() | rights

    def _set_description(self, params: Params) -> bool:
        self.descriptions[language_code(params)] = _short_text(params, "description", DESCRIPTION_LIMIT)
        return True

    def _set_short_description(self, params: Params) -> bool:
        short = _short_text(params, "short_description", SHORT_DESCRIPTION_LIMIT)
        self.short_descriptions[language_code(params)] = short
        return True

    def _set_menu_button(self, params: Params) -> bool:
        if params.get("chat_id"):
            known_chat(self._world, params)
        button = structure(params, "menu_button", "MenuButton") or {"type": "default"}
        with parsing("MenuButton"):
            if not isinstance(button, dict):
                raise Malformed("MenuButton must be an Object")
            if required_text(button, "type") not in _MENU_BUTTONS:
                raise Malformed("Invalid type specified")
        self.menu_button = button["type"]
        return True

    def _delete_webhook(self, params: Params) -> bool:
        if flag(params, "drop_pending_updates"):
            self._world.updates.clear()
        return True

    def _get_webhook_info(self, _: Params) -> Json:
        waiting = len(self._world.updates.pending)
        return {"url": "", "has_custom_certificate": False, "pending_update_count": waiting}

    def _menu(self, params: Params) -> tuple[str, str]:
        """Which menu a call is about: its scope, as JSON, and its language."""
        scope = structure(params, "scope", "BotCommandScope")
        if scope is None:
            scope = {"type": "default"}
        with parsing("BotCommandScope"):
            of_a_chat = _is_of_a_chat(scope)
        if of_a_chat:
            known_chat(self._world, scope)
        return json.dumps(scope, sort_keys=True), language_code(params)

    def _set_commands(self, params: Params) -> bool:
        self.menus[self._menu(params)] = commands(params)
        return True

    def _get_commands(self, params: Params) -> list[dict[str, str]]:
        return self.menus.get(self._menu(params), [])

    def _delete_commands(self, params: Params) -> bool:
        self.menus.pop(self._menu(params), None)
        return True

    def _get_chat(self, params: Params) -> Json:
        gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
        full = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": dict.fromkeys(gifts, True)}
        return known_chat(self._world, params).json() | full

    def _send_chat_action(self, params: Params) -> bool:
        if string(params, "action").lower() not in _ACTIONS:
            raise bad_request("wrong parameter action in request")
        writable_chat(self._world, params)
        return True


def _short_text(params: Params, name: str, most: int) -> str:
    text = string(params, name).strip()
    if len(text) > most:
        raise bad_request(f"{name.replace('_', ' ')} is too long")
    return text


def _is_of_a_chat(scope: object) -> bool:
    """Whether the scope is one of a single chat; raises ``Malformed`` for what is no scope."""
    if not isinstance(scope, dict):
        raise Malformed("BotCommandScope must be an Object")
    kind = required_text(scope, "type")
    if kind not in _CHAT_SCOPES | _PLAIN_SCOPES:
        raise Malformed("Unsupported type specified")
    if kind in _CHAT_SCOPES and not required_text(scope, "chat_id"):
        raise Malformed("Empty chat_id specified")
    return kind in _CHAT_SCOPES
