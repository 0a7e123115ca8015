"""The keyboard of a private chat: what Telegram refuses of it, and who is chosen by a button of it.

The words are those of ``telegram-bot-api`` (``get_keyboard_button``) and TDLib (``get_reply_markup``,
``RequestedDialogType``). Stricter than those in two things: a button without text is refused, where TDLib leaves
it out, and so is asking for more people than the documentation allows, of which the sources say nothing.
"""

from __future__ import annotations

from tests.standins.telegram_checks import Malformed, Params, bad_request, flag, parsing, required_text, structure
from tests.standins.telegram_state import Chat, KeyboardButton, Person
from tests.standins.telegram_text import is_empty
from tests.standins.telegram_world import World

#: People that can be asked for at once.
MOST_PEOPLE = 10
_REQUEST_IDS = range(-(1 << 31), 1 << 31)


def chat_keyboard(params: Params, chat: Chat) -> tuple[KeyboardButton, ...] | None:
    """The buttons that a message puts below the keyboard; none where it takes them away, None where it leaves them."""
    markup = structure(params, "reply_markup", "reply keyboard markup")
    if not isinstance(markup, dict):
        return None
    rows = markup.get("keyboard") or []
    if not (isinstance(rows, list) and all(isinstance(row, list) for row in rows)):
        raise bad_request('field "keyboard" must be an Array of Arrays')
    with parsing("keyboard button"):
        buttons = tuple(_button(button) for row in rows for button in row)
    if any(button.request_id is not None for button in buttons) and chat.kind != "private":
        raise bad_request("users can be requested in private chats only")
    # Rows of buttons under the message outrank what takes the keyboard away.
    if buttons or (flag(markup, "remove_keyboard") and not markup.get("inline_keyboard")):
        return buttons
    return None


def _button(fields: object) -> KeyboardButton:
    if isinstance(fields, str):
        fields = {"text": fields}
    if not isinstance(fields, dict):
        raise Malformed("KeyboardButton must be a String or an Object")
    text = required_text(fields, "text")
    if is_empty(text):
        raise bad_request("keyboard button text must be non-empty")
    wanted = fields.get("request_users")
    if wanted is None:
        return KeyboardButton(text)
    if not isinstance(wanted, dict):
        raise Malformed('Field "request_users" must be of type Object')
    if "request_id" not in wanted:
        raise Malformed('Can\'t find field "request_id"')
    request_id, most = wanted["request_id"], wanted.get("max_quantity", 1)
    if not isinstance(request_id, int) or request_id not in _REQUEST_IDS:
        raise Malformed('Field "request_id" must be of type Number')
    if not isinstance(most, int) or not 1 <= most <= MOST_PEOPLE:
        raise bad_request("wrong number of users requested")
    is_bot = wanted.get("user_is_bot")
    named, known = wanted.get("request_name") is True, wanted.get("request_username") is True
    return KeyboardButton(text, request_id, is_bot, named, known, most)


def choose(world: World, person: Person, label: str, *chosen: Person) -> int:
    """Tap the button of the keyboard and choose somebody; LookupError where it is not there, or does not offer them."""
    chat = world.chat(person.id)
    button = next((button for button in chat.keyboard if button.text == label), None)
    if button is None or button.request_id is None:
        raise LookupError(f"no button {label!r} on the keyboard: {[each.text for each in chat.keyboard]}")
    if not 1 <= len(chosen) <= button.most or any(button.is_bot not in {None, each.is_bot} for each in chosen):
        raise LookupError("Telegram's list does not let these be chosen")
    users = []
    for each in chosen:
        user: dict[str, object] = {"user_id": each.id}
        if button.with_name:
            user["first_name"] = each.first_name
        if button.with_username and each.username:
            user["username"] = each.username
        users.append(user)
    shared = {"request_id": button.request_id, "user_ids": [each.id for each in chosen], "users": users}
    return world.put_service(person, chat, {"users_shared": shared})
