"""What somebody without a role may do all the same: press certain buttons, and come by certain links."""

from __future__ import annotations

from collections.abc import Mapping

from bot.chat import callbacks
from bot.chat.incoming_update import IncomingUpdate
from bot.chat.update_context import Handler

#: By the kind of the button.
_BUTTONS: Mapping[str, Handler] = {}
#: By the first letters of what a link hands over behind ``/start``.
_LINKS: Mapping[str, Handler] = {}


def handler_of(incoming: IncomingUpdate) -> Handler | None:
    """What is done for a stranger with this update; None when it is nothing."""
    if not incoming.private:
        return None
    if incoming.data is not None:
        press = callbacks.read(incoming.data)
        return None if press is None else _BUTTONS.get(press.kind)
    if incoming.text.split(maxsplit=1)[:1] != ["/start"]:
        return None
    return next((handler for letters, handler in _LINKS.items() if incoming.argument.startswith(letters)), None)
