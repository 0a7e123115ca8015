"""python-telegram-bot's way to the pretend Telegram in the same process: a request class without a network."""

from __future__ import annotations

import asyncio
from urllib.parse import unquote

from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from tests.standins.telegram import FakeTelegram, TelegramAway, method_called
from tests.standins.telegram_checks import Params
from tests.standins.telegram_state import Upload


class InProcessRequest(BaseRequest):
    """Give one to ``ApplicationBuilder.request`` and one to ``get_updates_request``.

    The token and the method are taken from the end of the address, whatever stands before it. A call that takes longer
    than its read time-out raises ``TimedOut``, and may have been carried out all the same.
    """

    __slots__ = ("_read_timeout", "_telegram")

    def __init__(self, telegram: FakeTelegram, *, read_timeout: float | None = 5.0) -> None:
        self._telegram = telegram
        self._read_timeout = read_timeout

    @property
    def read_timeout(self) -> float | None:
        return self._read_timeout

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(  # noqa: PLR0917 - the signature is python-telegram-bot's
        self,
        url: str,
        method: str,  # noqa: ARG002 - GET or POST, the pretend Telegram takes both
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - there is no network to be slow
        connect_timeout: object = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - python-telegram-bot's own signature
        pool_timeout: object = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - python-telegram-bot's own signature
    ) -> tuple[int, bytes]:
        origin, _, name = url.rpartition("/")
        _, _, token = origin.rpartition("/bot")
        if read_timeout is BaseRequest.DEFAULT_NONE:
            read_timeout = self._read_timeout
        _, of_file, file = url.partition("/file/bot")
        try:
            async with asyncio.timeout(read_timeout if isinstance(read_timeout, int | float) else None):
                if of_file:
                    # python-telegram-bot writes the colon of the token as it may stand in a path.
                    token, _, path = unquote(file).partition("/")
                    return await self._telegram.fetch(token, path)
                return await self._telegram.handle(token, method_called(name), _parameters(request_data))
        except TimeoutError as error:
            raise TimedOut from error
        except TelegramAway as error:
            raise NetworkError("the pretend Telegram can't be reached") from error


def _parameters(data: RequestData | None) -> Params:
    if data is None:
        return {}
    if not data.contains_files:
        return data.parameters
    files = {}
    for name, (file_name, content, *_) in data.multipart_data.items():
        files[name] = Upload(str(file_name), content if isinstance(content, bytes) else content.read())
    return {**data.parameters, **files}
