"""python-telegram-bot's application, as this program uses it."""

from __future__ import annotations

import asyncio
from typing import Any

from telegram.ext import Application, ApplicationBuilder
from telegram.request import BaseRequest

from bot.chat.polling import AckAfterHandlingRequest, OrderedByChat


def build_application(
    token: str, api_url: str, request: BaseRequest, polling: AckAfterHandlingRequest, queue: asyncio.Queue[object]
) -> Application[Any, Any, Any, Any, Any, Any]:
    """``api_url`` is the Bot API server's; ``queue`` is where ``polling`` looks whether an update is handled."""
    return (
        ApplicationBuilder()
        .token(token)
        .base_url(f"{api_url}/bot")
        .base_file_url(f"{api_url}/file/bot")
        .request(request)
        .get_updates_request(polling)
        .update_queue(queue)
        .concurrent_updates(OrderedByChat())
        .job_queue(None)
        .build()
    )
