"""What somebody without a role may do all the same: press certain buttons, and come by certain links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.chat import callbacks
from bot.chat.access import handlers as access
from bot.chat.incoming_update import IncomingUpdate
from bot.chat.start_links import link_of
from bot.chat.update_context import Handler, Saying
from bot.usecases.ports import UnitOfWork

#: By the kind of the button.
_BUTTONS: Mapping[str, Handler] = {callbacks.ACCESS: access.pressed_by_stranger}


@dataclass(frozen=True, slots=True)
class Strangers:
    """How strangers are met. ``owner`` is whose bot they are told this is, empty for nobody's.

    With ``silent`` they are told nothing at all, unless they come by a link that is valid.
    """

    owner: str = ""
    silent: bool = False


def handler_of(incoming: IncomingUpdate, *, silent: bool = False) -> Handler | None:
    """What is done for a stranger with this update; None when it is nothing."""
    if not incoming.private or (silent and incoming.data is not None):
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
