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
from bot.usecases.health import note_failure
from bot.usecases.ports import Store

_LOG = logging.getLogger(__name__)

Context = ContextTypes.DEFAULT_TYPE

#: Seconds that telling about a failure may take: the next updates wait for it.
TELL_WITHIN = 2.0


async def on_error(store: Store, update: object, context: Context) -> None:
    """PTB's error handler, for whoever has the store."""
    error = context.error
    incoming = read_update(update, context.bot) if isinstance(update, Update) else None
    if incoming is None:
        reference = _new_reference()
        _LOG.error("[%s] something outside of any message failed", reference, exc_info=error)
        await _note(store, reference)
    else:
        await report(incoming, context.bot, error, store)


async def report(
    incoming: IncomingUpdate, bot: Bot, error: BaseException | None, store: Store, *, told: bool = True
) -> None:
    """Log why an update could not be handled, and, where they are ``told``, its person if they wanted something.

    What is said is said at once or not at all, since it may be that nothing can be written down; that there was an
    error, by its reference, is noted where that can be done.
    """
    reference = _new_reference()
    _LOG.error(
        "[%s] update %s of %s in %s could not be handled",
        reference, incoming.update_id, incoming.user_id, incoming.chat_id, exc_info=error,
    )  # fmt: skip
    await _tell(incoming, bot, error, reference, told=told)
    await _note(store, reference)


async def _tell(incoming: IncomingUpdate, bot: Bot, error: BaseException | None, reference: str, *, told: bool) -> None:
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


def _new_reference() -> str:
    return secrets.token_hex(3)


async def _note(store: Store, reference: str) -> None:
    try:
        async with asyncio.timeout(TELL_WITHIN):
            await store.write(note_failure, reference)
    except Exception as failure:  # noqa: BLE001 - the failure before this one is what is told
        _LOG.warning("[%s] and it can't be noted for the status: %s", reference, type(failure).__name__)


def _sentence(t: Translator, error: BaseException | None, reference: str) -> Html:
    match error:
        case StorageError(reason=reason, maybe_committed=True):
            return texts.maybe_saved(t, reason, reference)
        case StorageError(reason=reason):
            return texts.storage_failed(t, reason, reference)
        case TimeoutError():
            return texts.took_too_long(t, reference)
        case _:
            return texts.failed(t, reference)
