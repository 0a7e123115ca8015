"""What is shown over a press, or opened by it."""

from __future__ import annotations

import asyncio
import logging

from telegram import CallbackQuery, Update
from telegram.error import TelegramError
from telegram.helpers import create_deep_linked_url

from bot.chat.failures import Context
from bot.chat.translator import plain
from bot.chat.update_context import Popup

_LOG = logging.getLogger(__name__)

#: Seconds that Telegram has to take the answer to a press.
ANSWER_WITHIN = 2.0
#: Characters that Telegram shows in a pop-up.
LONGEST_POPUP = 200


async def answer_press(update: Update, context: Context, popup: Popup | None) -> None:
    """Answer a press, beside the handlers: however long Telegram takes, nobody's next update waits for it."""
    query = update.callback_query
    if query is None:
        return
    answering = _show_popup(query, popup, context.bot.username)
    if context.application.running:
        context.application.create_task(answering, name="answer")
    else:
        # It is stopping, and waits for its handlers alone.
        await answering


async def _show_popup(query: CallbackQuery, popup: Popup | None, username: str) -> None:
    try:
        async with asyncio.timeout(ANSWER_WITHIN):
            if popup is not None and popup.start:
                await query.answer(url=create_deep_linked_url(username, popup.start))
            elif popup is None or popup.text is None:
                await query.answer()
            else:
                await query.answer(plain(popup.text)[:LONGEST_POPUP], show_alert=popup.alert)
    except (TelegramError, TimeoutError) as error:
        # Too old, or out of reach: the card shows what the press did all the same.
        _LOG.debug("a press could not be answered: %s", error)
