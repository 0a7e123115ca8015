"""Links that start the bot, told apart by the letters with which begins what they hand over behind ``/start``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.chat.drafting.handlers import with_secrets_taken
from bot.chat.group_chats import handlers as group_chats
from bot.chat.help import handlers as help_
from bot.chat.incoming_update import IncomingUpdate
from bot.chat.invitations import cards as invitations
from bot.chat.invitations import opening
from bot.chat.update_context import Handler, Saying, UpdateContext
from bot.usecases.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class StartLink:
    """``handler`` is what is done when one is opened.

    For a link that strangers may open ``refusal`` says why one leads nowhere, without changing anything: None where it
    leads somewhere.
    """

    handler: Handler
    refusal: Callable[[UnitOfWork, IncomingUpdate], Saying | None] | None = None


_LINKS: Mapping[str, StartLink] = {
    group_chats.LETTERS: StartLink(group_chats.follow),
    invitations.LETTERS: StartLink(opening.follow, opening.refusal),
}


def link_of(incoming: IncomingUpdate) -> StartLink | None:
    """The link by which somebody comes into the private chat; None where it is none, or no message of that kind."""
    if not incoming.private or incoming.data is not None or incoming.text.split(maxsplit=1)[:1] != ["/start"]:
        return None
    return next((link for letters, link in _LINKS.items() if incoming.argument.startswith(letters)), None)


def start(ctx: UpdateContext) -> None:
    """``/start``, by a link or without."""
    link = link_of(ctx.incoming)
    if link is None:
        help_.start(ctx)
    else:
        help_.show_menu(ctx)
        with_secrets_taken(link.handler)(ctx)
