"""Every handler, in one ordered list."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

from telegram import BotCommand, BotCommandScopeChat, BotCommandScopeDefault, Update
from telegram.constants import UpdateType
from telegram.error import BadRequest, Forbidden
from telegram.ext import (
    Application,
    BaseHandler,
    CallbackQueryHandler,
    CommandHandler,
    MessageHandler,
    TypeHandler,
    filters,
)

from bot.chat import access, commands, conversation, history
from bot.chat.failures import on_error
from bot.chat.incoming_update import pressed
from bot.chat.presenter import move_chat
from bot.chat.texts import talk
from bot.chat.translator import plain, translator
from bot.chat.update_context import HANDLE_WITHIN, Callback, Context, HandlerDeps, UpdateContext, handler

_LOG = logging.getLogger(__name__)

#: What is asked of Telegram; it remembers the last answer to this, so that it is always said.
UPDATES = [UpdateType.MESSAGE, UpdateType.EDITED_MESSAGE, UpdateType.CALLBACK_QUERY]

_FROM_TELEGRAM, _GATE, _HANDLERS = -2, -1, 0

_NEW = filters.UpdateType.MESSAGE
_EDITED = filters.UpdateType.EDITED_MESSAGE
#: What Telegram itself puts into a group: somebody joined, the title changed.
_SERVICE = filters.StatusUpdate.ALL

Handlers = Sequence[BaseHandler[Update, Context, None]]


def _handlers(deps: HandlerDeps) -> Handlers:
    """The first that takes an update has it."""
    return [
        CommandHandler("start", handler(deps, commands.start), _NEW),
        CommandHandler("help", handler(deps, commands.help_), _NEW),
        CommandHandler("import", handler(deps, conversation.begin_import), _NEW),
        CommandHandler("cancel", handler(deps, conversation.cancel), _NEW),
        CommandHandler("history", handler(deps, history.command), _NEW),
        CommandHandler("allow", handler(deps, access.allow), _NEW),
        CommandHandler("remove", handler(deps, access.remove), _NEW),
        MessageHandler(_NEW & filters.COMMAND, handler(deps, commands.unknown)),
        MessageHandler(_NEW & filters.TEXT, handler(deps, conversation.typed)),
        MessageHandler(_NEW & ~_SERVICE, handler(deps, commands.not_text)),
        MessageHandler(_EDITED, handler(deps, commands.edited)),
        CallbackQueryHandler(_press_handler(deps)),
    ]


def _press_handler(deps: HandlerDeps) -> Callback:
    async def callback(update: Update, context: Context) -> None:
        data = pressed(update).data

        def act(ctx: UpdateContext) -> None:
            commands.pressed(ctx, data)

        await handler(deps, act)(update, context)

    return callback


def _moved_handler(deps: HandlerDeps) -> Callback:
    """A group has become a supergroup, which both chats are told; by Telegram itself, so that nobody may forge it."""

    async def callback(update: Update, _context: Context) -> None:
        message = update.message
        if message is None:
            return
        old, new = message.migrate_from_chat_id or message.chat_id, message.migrate_to_chat_id or message.chat_id
        async with asyncio.timeout(HANDLE_WITHIN):
            await deps.store.write(move_chat, old, new)

    return callback


def register(application: Application[Any, Any, Any, Any, Any, Any], deps: HandlerDeps) -> None:
    """Put the gate in front, then the list, then what happens when one of them fails."""
    moved = MessageHandler(filters.StatusUpdate.MIGRATE, _moved_handler(deps))
    gate: TypeHandler[Update, Context, None] = TypeHandler(Update, access.Gate(deps).check)
    application.add_handler(moved, _FROM_TELEGRAM)
    application.add_handler(gate, _GATE)
    application.add_handlers(_handlers(deps), _HANDLERS)
    application.add_error_handler(on_error)


async def publish_commands(application: Application[Any, Any, Any, Any, Any, Any], admins: Sequence[int]) -> None:
    """Tell Telegram the commands for its menu; each of these admins sees theirs too."""
    t = translator("")

    def described(names: Sequence[str]) -> list[BotCommand]:
        return [BotCommand(name, plain(talk.command(t, name))) for name in names]

    await application.bot.set_my_commands(described(talk.COMMANDS), BotCommandScopeDefault())
    for admin in admins:
        scope = BotCommandScopeChat(admin)
        try:
            await application.bot.set_my_commands(described([*talk.COMMANDS, *talk.ADMIN_COMMANDS]), scope)
        except (BadRequest, Forbidden) as refusal:
            # Somebody who has never written to the bot has no chat with it yet; it is tried again when they do.
            _LOG.info("admin %s does not see the admins' commands yet: %s", admin, refusal)
