"""python-telegram-bot's application and the requests under it, made from the settings."""

from __future__ import annotations

import asyncio
from typing import Any

from telegram.ext import Application, ApplicationBuilder
from telegram.request import BaseRequest

from bot.chat.polling import AckAfterHandlingRequest, OrderedByChat
from bot.chat.transport import Transport
from bot.settings import Settings

#: Calls of the Bot API under way at a time: as many as chats are served, and answers to presses beside them.
POOL = 128


def sending_request(settings: Settings) -> BaseRequest:
    """What every call goes through but the fetching of updates."""
    return Transport(connections=POOL, proxy=settings.telegram_proxy_url)


def polling_request(settings: Settings) -> BaseRequest:
    """What updates are fetched through."""
    return Transport(connections=1, proxy=settings.telegram_proxy_url)


def application(
    settings: Settings, request: BaseRequest, polling: AckAfterHandlingRequest, queue: asyncio.Queue[object]
) -> Application[Any, Any, Any, Any, Any, Any]:
    """The application, without handlers."""
    return (
        ApplicationBuilder()
        .token(settings.telegram_token.get_secret_value())
        .base_url(f"{settings.telegram_api_url}/bot")
        .base_file_url(f"{settings.telegram_api_url}/file/bot")
        .request(request)
        .get_updates_request(polling)
        .update_queue(queue)
        .concurrent_updates(OrderedByChat())
        .job_queue(None)
        .build()
    )
