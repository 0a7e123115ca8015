"""python-telegram-bot's way to the pretend Telegram in the same process: a request class without a network."""

from __future__ import annotations

import json

from telegram.request import BaseRequest, RequestData

from bot.demo.telegram import DemoTelegram, Refusal


class InProcessRequest(BaseRequest):
    """Give one to ``ApplicationBuilder.request`` and one to ``get_updates_request``."""

    __slots__ = ("_telegram",)

    def __init__(self, telegram: DemoTelegram) -> None:
        self._telegram = telegram

    @property
    def read_timeout(self) -> float | None:
        return None

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(
        self,
        url: str,
        method: str,  # noqa: ARG002 - GET or POST is all the same here
        request_data: RequestData | None = None,
        *_: object,
        **_timeouts: object,
    ) -> tuple[int, bytes]:
        name = url.rpartition("/")[2]
        try:
            result = await self._telegram.handle(name, request_data.parameters if request_data else {})
        except Refusal as refusal:
            return 400, json.dumps({"ok": False, "error_code": 400, "description": str(refusal)}).encode()
        return 200, json.dumps({"ok": True, "result": result}).encode()
