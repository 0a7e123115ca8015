"""Every handler, in one ordered list."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from telegram import Update
from telegram.constants import UpdateType
from telegram.ext import (
    Application,
    BaseHandler,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    MessageHandler,
    filters,
)

from bot.chat import callbacks, start_links
from bot.chat.access import handlers as access
from bot.chat.audit import handlers as audit
from bot.chat.callbacks import Press
from bot.chat.cancelling import handlers as cancelling
from bot.chat.drafting import handlers as drafting
from bot.chat.drafting.handlers import with_secrets_taken
from bot.chat.failures import Context, on_error
from bot.chat.feed import handlers as feed
from bot.chat.gate import HANDLE_WITHIN, Callback, Gate, HandlerDeps
from bot.chat.group_chats import access as group_access
from bot.chat.group_chats import handlers as group_chats
from bot.chat.group_chats.membership import note_membership, read_membership
from bot.chat.handoffs import handlers as handoffs
from bot.chat.handoffs import lists
from bot.chat.health import handlers as health
from bot.chat.help import handlers as help_
from bot.chat.history import handlers as history
from bot.chat.imports import handlers as imports
from bot.chat.invitations import handlers as invitations
from bot.chat.members import handlers as members
from bot.chat.patient_store import PatientStore
from bot.chat.preferences import handlers as preferences
from bot.chat.update_context import Handler, UpdateContext
from bot.usecases.buttons import Problem
from bot.usecases.group_chats import group_chat_moved

#: What is asked of Telegram; it remembers the last answer to this, so that it is always said.
UPDATES = [UpdateType.MESSAGE, UpdateType.EDITED_MESSAGE, UpdateType.CALLBACK_QUERY, UpdateType.MY_CHAT_MEMBER]

_FROM_TELEGRAM, _FROM_PEOPLE = -1, 0

_NEW = filters.UpdateType.MESSAGE
_EDITED = filters.UpdateType.EDITED_MESSAGE
#: What Telegram itself puts into a group: somebody joined, the title changed.
_SERVICE = filters.StatusUpdate.ALL

#: What a pressed button of each kind does.
_BUTTONS: Mapping[str, Callable[[UpdateContext, Press], None]] = {
    callbacks.ACCESS: access.pressed,
    callbacks.DRAFT: group_chats.draft_pressed(drafting.pressed),
    callbacks.BATCH: imports.pressed,
    callbacks.HISTORY: history.pressed,
    callbacks.OFFER: drafting.offer_pressed,
    callbacks.CANCEL: cancelling.pressed,
    callbacks.HELP: help_.pressed,
    callbacks.PREFERENCE: preferences.pressed,
    callbacks.INVITATION: invitations.pressed,
    callbacks.AUDIT: audit.pressed,
    callbacks.GROUP_CHAT: group_access.pressed,
    callbacks.MEMBERS: members.pressed,
    callbacks.HANDOFF: handoffs.pressed,
    callbacks.FEED: feed.pressed,
    callbacks.STATUS: health.pressed,
    callbacks.ANYWHERE: lambda ctx, press: drafting.begin(ctx) if press.action == "new" else _old_button(ctx),
}


def _pressed(ctx: UpdateContext) -> None:
    """A press on any button of ours; anything else is answered as an old one."""
    press = callbacks.read(ctx.incoming.data)
    if press is None or press.kind not in _BUTTONS:
        _old_button(ctx)
    else:
        _BUTTONS[press.kind](ctx, press)
        group_chats.name_owner(ctx, press)


def _old_button(ctx: UpdateContext) -> None:
    ctx.explain(Problem.OLD_BUTTON)


def _handlers(gate: Gate) -> Sequence[BaseHandler[Update, Context, None]]:
    """The first that takes an update has it."""

    def command(name: str, handler: Handler) -> CommandHandler[Context, None]:
        return CommandHandler(name, gate.callback(handler, to_bot=True), _NEW)

    def message(which: filters.BaseFilter, handler: Handler) -> MessageHandler[Context, None]:
        return MessageHandler(which, gate.callback(handler))

    return [
        command("start", start_links.start),
        command("help", with_secrets_taken(help_.help_)),
        command("import", drafting.begin),
        command("cancel", with_secrets_taken(cancelling.command)),
        command("history", with_secrets_taken(history.command)),
        command("inbox", with_secrets_taken(lists.inbox)),
        command("given", with_secrets_taken(lists.given)),
        command("language", with_secrets_taken(preferences.language)),
        command("timezone", with_secrets_taken(preferences.time_zone)),
        command("invite", with_secrets_taken(invitations.command)),
        command("members", with_secrets_taken(members.members)),
        command("allow", with_secrets_taken(members.allow)),
        command("remove", with_secrets_taken(members.remove)),
        message(_NEW & filters.StatusUpdate.USERS_SHARED, invitations.person_chosen),
        command("audit", with_secrets_taken(audit.command)),
        command("feed", with_secrets_taken(feed.command)),
        command("status", with_secrets_taken(health.command)),
        message(_NEW & filters.COMMAND, drafting.unknown_command),
        message(_NEW & filters.TEXT, drafting.typed),
        message(_NEW & ~_SERVICE, drafting.not_text),
        message(_EDITED, drafting.edited),
        CallbackQueryHandler(gate.callback(_pressed)),
    ]


def _moved_handler(deps: HandlerDeps) -> Callback:
    """A group has become a supergroup, which both chats are told; by Telegram itself, so that nobody may forge it."""

    async def callback(update: Update, _context: Context) -> None:
        message = update.message
        if message is None:
            return
        old, new = message.migrate_from_chat_id or message.chat_id, message.migrate_to_chat_id or message.chat_id
        async with asyncio.timeout(HANDLE_WITHIN):
            await deps.store.write(group_chat_moved, old, new)

    return callback


def _membership_handler(deps: HandlerDeps) -> Callback:
    """The bot was added to a group chat, by anybody, or removed from it."""

    async def callback(update: Update, _context: Context) -> None:
        membership = read_membership(update)
        if membership is None:
            return
        async with asyncio.timeout(HANDLE_WITHIN):
            await deps.store.write(note_membership, membership)

    return callback


def register(application: Application[Any, Any, Any, Any, Any, Any], deps: HandlerDeps) -> None:
    """Put the list in place, and what happens when something fails outside of it."""
    # Of an update that fails nothing is left but what its person remembers.
    deps = replace(deps, store=PatientStore(deps.store, deps.clock))
    application.add_handler(MessageHandler(filters.StatusUpdate.MIGRATE, _moved_handler(deps)), _FROM_TELEGRAM)
    membership = ChatMemberHandler(_membership_handler(deps), ChatMemberHandler.MY_CHAT_MEMBER)
    application.add_handler(membership, _FROM_TELEGRAM)
    application.add_handlers(_handlers(Gate(deps)), _FROM_PEOPLE)
    application.add_error_handler(partial(on_error, deps.store))
