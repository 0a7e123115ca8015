"""What Telegram refuses: the parameters of a call read, and checked as the Bot API's server checks them.

A parameter comes as text, as in a form, or as the value itself, as in JSON. The words of refusals are those of
``telegram-bot-api`` and TDLib, and those in capitals codes of Telegram's server. Stricter than those in one thing: a
button without text, a ninth button in a row and a button after the hundredth are refused, where TDLib leaves out the
first, what comes after the twelfth, and what comes after the three-hundredth, without a word.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from tests.standins.telegram_html import BrokenHtml, Entity, FormattedText, is_link, parse_html, utf16_length
from tests.standins.telegram_state import Button, ForcedReply, Rows
from tests.standins.telegram_text import TEXT_LIMIT, is_empty, tidy

Params = Mapping[str, object]

CAPTION_LIMIT = 1024
CALLBACK_DATA_LIMIT = 64
BUTTON_LIMIT = 100
ROW_LIMIT = 8
COMMAND_LIMIT = 100
PLACEHOLDER_LIMIT = 64
_SOURCE_LIMIT = 1 << 15
_OTHER_ACTIONS = (
    "callback_game",
    "copy_text",
    "login_url",
    "pay",
    "switch_inline_query",
    "switch_inline_query_chosen_chat",
    "switch_inline_query_current_chat",
    "web_app",
)


#: Colours of buttons, since Bot API 9.4.
_STYLES = ("danger", "success", "primary")


class Refusal(Exception):
    """An answer that is not ok: its HTTP status, Telegram's words, and parameters such as ``retry_after``."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters

    def body(self) -> bytes:
        envelope: dict[str, Any] = {"ok": False, "error_code": self.status, "description": self.description}
        if self.parameters:
            envelope["parameters"] = self.parameters
        return json.dumps(envelope).encode()


def bad_request(what: str) -> Refusal:
    return Refusal(400, f"Bad Request: {what}")


def string(params: Params, name: str) -> str:
    """The parameter as it would stand in a form; empty when it is left out."""
    value = params.get(name)
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value)
    utf8_length(text)
    return text


def utf8_length(text: str) -> int:
    """How many bytes the text takes; refused where it holds half of a surrogate pair."""
    try:
        return len(text) if text.isascii() else len(text.encode())
    except UnicodeEncodeError:
        raise bad_request("strings must be encoded in UTF-8") from None


def integer(params: Params, name: str, default: int = 0) -> int:
    """The number; ``default`` when it is left out, 0 when it is none."""
    value = params.get(name)
    if isinstance(value, int):
        return value
    text = string(params, name)
    if not text:
        return default
    return int(text) if re.fullmatch(r"-?[0-9]{1,19}", text) else 0


def flag(params: Params, name: str) -> bool:
    return string(params, name).lower() in ("true", "yes", "1")


def structure(params: Params, name: str, what: str) -> Any:
    """The value of a parameter that is JSON; None when it is left out. ``what`` is Telegram's word for it."""
    value = params.get(name)
    if not isinstance(value, str):
        return value
    if not value:
        return None
    try:
        return json.loads(value)
    except ValueError:
        raise bad_request(f"can't parse {what} JSON object") from None


class Malformed(Exception):
    """A part of a parameter is not what it has to be; the words are TDLib's."""


@contextmanager
def parsing(what: str) -> Iterator[None]:
    """Refuse ``what`` with the words of the ``Malformed`` that is raised within."""
    try:
        yield
    except Malformed as problem:
        raise bad_request(f"can't parse {what}: {problem}") from None


def required_text(fields: Mapping[str, object], name: str) -> str:
    """A field of a JSON object that must be there; a number is taken as text. Raises ``Malformed``."""
    if name not in fields:
        raise Malformed(f'Can\'t find field "{name}"')
    value = fields[name]
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Malformed(f'Field "{name}" must be of type String')
    return str(value)


def message_text(params: Params) -> FormattedText:
    """The ``text`` of a message; its length is looked at by the caller, because Telegram names it in two ways."""
    if not string(params, "text"):
        raise bad_request("message text is empty")
    text = _formatted(params, "text", "entities")
    if is_empty(text.text):
        raise bad_request("text must be non-empty")
    return text


def caption(params: Params) -> FormattedText:
    text = _formatted(params, "caption", "caption_entities")
    if utf16_length(text.text) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    return text


def too_long(text: FormattedText) -> bool:
    return utf16_length(text.text) > TEXT_LIMIT


def _formatted(params: Params, name: str, entities_name: str) -> FormattedText:
    source = string(params, name)
    if utf8_length(source) > _SOURCE_LIMIT:
        raise bad_request("text is too long")
    mode = string(params, "parse_mode").lower()
    if mode in ("", "none"):
        entities: list[Entity] = structure(params, entities_name, entities_name) or []
        return tidy(FormattedText(source, entities))
    if mode != "html":
        raise bad_request("unsupported parse_mode")
    try:
        return tidy(parse_html(source))
    except BrokenHtml as error:
        raise bad_request(f"can't parse entities: {error}") from None


def keyboard(params: Params, *, inline_only: bool = False) -> Rows:
    """The rows of an inline keyboard, empty rows left out; no rows for any other kind of ``reply_markup``."""
    markup = structure(params, "reply_markup", "reply keyboard markup")
    if markup is None:
        return ()
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    rows = markup.get("inline_keyboard") or []
    if not (isinstance(rows, list) and all(isinstance(row, list) for row in rows)):
        raise bad_request('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    if inline_only and not rows and any(markup.values()):
        raise bad_request("inline keyboard expected")
    with parsing("inline keyboard button"):
        checked = tuple(tuple(map(_button, row)) for row in rows if row)
    if sum(map(len, checked)) > BUTTON_LIMIT or any(len(row) > ROW_LIMIT for row in checked):
        raise bad_request("reply markup is too long")
    return checked


def forced_reply(params: Params) -> ForcedReply | None:
    """What a ``reply_markup`` without any button asks for that forces a reply; None for every other one."""
    markup = structure(params, "reply_markup", "reply keyboard markup")
    if not isinstance(markup, dict) or markup.get("inline_keyboard") or markup.get("force_reply") is not True:
        return None
    placeholder = str(markup.get("input_field_placeholder") or "")
    if utf16_length(placeholder) > PLACEHOLDER_LIMIT:
        raise bad_request("REPLY_MARKUP_INVALID")
    return ForcedReply(markup.get("selective") is True, placeholder)


def deep_link(url: str, username: str | None) -> str | None:
    """What a link that starts this bot hands over to it; None for every other address."""
    found = re.fullmatch(r"https://t\.me/([A-Za-z0-9_]+)\?start=([A-Za-z0-9_-]{1,64})", url)
    return None if found is None or found[1] != username else found[2]


def _button(fields: object) -> Button:
    if not isinstance(fields, dict):
        raise Malformed("InlineKeyboardButton must be an Object")
    text = required_text(fields, "text")
    utf8_length(text)
    if is_empty(text):
        raise bad_request("inline keyboard button text must be non-empty")
    if url := fields.get("url"):
        if not is_link(str(url)):
            raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
        return Button(text, url=str(url))
    style = fields.get("style")
    if style is not None and style not in _STYLES:
        raise bad_request("invalid button style specified")
    if data := fields.get("callback_data"):
        if utf8_length(str(data)) > CALLBACK_DATA_LIMIT:
            raise bad_request("BUTTON_DATA_INVALID")
        return Button(text, callback_data=str(data), style=None if style is None else str(style))
    if any(action in fields for action in _OTHER_ACTIONS):
        return Button(text)
    raise Malformed("Text buttons are unallowed in the inline keyboard")


def message_ids(params: Params) -> list[int]:
    ids = structure(params, "message_ids", "message_ids")
    if not ids:
        raise bad_request("message identifiers are not specified")
    if not isinstance(ids, list):
        raise bad_request("expected an Array of message identifiers")
    if len(ids) > 100:
        raise bad_request("too many message identifiers specified")
    return [_message_id(value) for value in ids]


def _message_id(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise bad_request("message identifier must be a Number")
    if not re.fullmatch(r"-?[0-9]{1,9}", str(value)):
        raise bad_request("can't parse message identifier as a Number")
    if int(value) <= 0:
        raise bad_request("invalid message identifier specified")
    return int(value)


def commands(params: Params) -> list[dict[str, str]]:
    """The commands for a menu: names of 1 to 32 small letters, digits and underscores, each with its description."""
    listed = structure(params, "commands", "commands")
    if listed is None:
        listed = []
    if not isinstance(listed, list):
        raise bad_request("expected an Array of BotCommand")
    if len(listed) > COMMAND_LIMIT:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    with parsing("BotCommand"):
        pairs = [_command_fields(fields) for fields in listed]
    return [_command(*pair) for pair in pairs]


def _command_fields(fields: object) -> tuple[str, str]:
    if not isinstance(fields, dict):
        raise Malformed("expected an Object")
    return required_text(fields, "command"), required_text(fields, "description")


def _command(name: str, description: str) -> dict[str, str]:
    name, description = name.strip().removeprefix("/"), description.strip()
    if not name:
        raise bad_request("command must be non-empty")
    if len(name) > 32:
        raise bad_request("command length must not exceed 32")
    if not re.fullmatch("[a-z0-9_]+", name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not description:
        raise bad_request("command description must be non-empty")
    if len(description) > 256:
        raise bad_request("command description length must not exceed 256")
    return {"command": name, "description": description}


def language_code(params: Params) -> str:
    code = string(params, "language_code")
    if code and not re.fullmatch("[a-z]{2}", code):
        raise bad_request("invalid language code specified")
    return code
