"""A bare python-telegram-bot bot that says back what it is told: what the library itself costs."""

from __future__ import annotations

import asyncio
import os
import sys

from telegram import Update
from telegram.ext import ApplicationBuilder, CallbackQueryHandler, ContextTypes, MessageHandler, filters

from bot.chat.polling import AT_ONCE


async def _say_back(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    message = update.effective_message
    if message is not None and message.text is not None:
        await message.reply_text(message.text)


async def _main() -> None:
    application = (
        ApplicationBuilder()
        .token(os.environ["TELEGRAM_TOKEN"])
        .base_url(os.environ["TELEGRAM_API_URL"] + "/bot")
        .concurrent_updates(AT_ONCE)
        .connection_pool_size(256)
        .build()
    )
    application.add_handler(MessageHandler(filters.TEXT, _say_back))
    application.add_handler(CallbackQueryHandler(_say_back))
    async with application:
        await application.start()
        assert application.updater is not None
        await application.updater.start_polling()
        sys.stderr.write("The bot is running.\n")
        sys.stderr.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_main())
