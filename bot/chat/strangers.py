"""What somebody without a role may do all the same: press certain buttons, and come by certain links."""

from __future__ import annotations

from collections.abc import Mapping

from bot.chat import callbacks
from bot.chat.incoming_update import IncomingUpdate
from bot.chat.start_links import link_of
from bot.chat.update_context import Handler, Saying
from bot.usecases.ports import UnitOfWork

#: By the kind of the button.
_BUTTONS: Mapping[str, Handler] = {}


def handler_of(incoming: IncomingUpdate) -> Handler | None:
    """What is done for a stranger with this update; None when it is nothing."""
    if not incoming.private:
        return None
    if incoming.data is not None:
        press = callbacks.read(incoming.data)
        return None if press is None else _BUTTONS.get(press.kind)
    link = link_of(incoming)
    return None if link is None or link.refusal is None else link.handler


def refusal_of(work: UnitOfWork, incoming: IncomingUpdate) -> Saying | None:
    """Why the link by which a stranger comes leads nowhere; None where it leads somewhere, or is none."""
    link = link_of(incoming)
    return None if link is None or link.refusal is None else link.refusal(work, incoming)
