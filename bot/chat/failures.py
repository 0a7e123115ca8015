"""A handler that fails says so in the chat, with a short reference that the log has too."""

from __future__ import annotations

import asyncio
import logging
import secrets

from telegram import Bot, Update
from telegram.constants import ParseMode
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from bot.chat import texts
from bot.chat.incoming_update import IncomingUpdate, read_update
from bot.chat.translator import Html, Translator, translator
from bot.domain.transfer_code import find_codes
from bot.errors import StorageError

_LOG = logging.getLogger(__name__)

Context = ContextTypes.DEFAULT_TYPE

#: Seconds that telling about a failure may take: the next updates wait for it.
TELL_WITHIN = 2.0


async def on_error(update: object, context: Context) -> None:
    """PTB's error handler."""
    error = context.error
    incoming = read_update(update, context.bot) if isinstance(update, Update) else None
    if incoming is None:
        _LOG.error("something outside of any message failed", exc_info=error)
    else:
        await report(incoming, context.bot, error)


async def report(incoming: IncomingUpdate, bot: Bot, error: BaseException | None, *, told: bool = True) -> None:
    """Log why an update could not be handled, and, where they are ``told``, its person if they wanted something.

    Nothing can be written down here, so that what is said is said at once or not at all.
    """
    reference = secrets.token_hex(3)
    _LOG.error(
        "[%s] update %s of %s in %s could not be handled",
        reference, incoming.update_id, incoming.user_id, incoming.chat_id, exc_info=error,
    )  # fmt: skip
    if not told or not (incoming.to_bot or incoming.text.startswith("/") or find_codes(incoming.text)):
        return
    said = _sentence(translator(incoming.language), error, reference)
    try:
        async with asyncio.timeout(TELL_WITHIN):
            await bot.send_message(
                incoming.chat_id, said, message_thread_id=incoming.thread_id, parse_mode=ParseMode.HTML
            )
    except (TelegramError, TimeoutError) as failure:
        _LOG.warning("[%s] and its person could not be told: %s", reference, failure)


def _sentence(t: Translator, error: BaseException | None, reference: str) -> Html:
    match error:
        case StorageError(reason=reason):
            return texts.storage_failed(t, reason, reference)
        case TimeoutError():
            return texts.took_too_long(t, reference)
        case _:
            return texts.failed(t, reference)
