"""Calls of the pretend Bot API as a test writes them."""

from __future__ import annotations

import json
from typing import Any

from tests.standins.telegram import FakeTelegram


async def call(telegram: FakeTelegram, method: str, **params: object) -> Any:
    """The result of a call that must succeed."""
    status, body = await telegram.handle(telegram.token, method, params)
    answer = json.loads(body)
    assert (status, answer["ok"]) == (200, True), answer
    return answer["result"]


async def refused(telegram: FakeTelegram, method: str, **params: object) -> str:
    """The description of a call that must be refused, after its status agreed with its body."""
    status, body = await telegram.handle(telegram.token, method, params)
    answer = json.loads(body)
    assert (answer["ok"], answer["error_code"]) == (False, status), answer
    return str(answer["description"])


def keyboard(*rows: list[tuple[str, str]]) -> dict[str, object]:
    """An inline keyboard of (text, callback data)."""
    return {"inline_keyboard": [[{"text": text, "callback_data": data} for text, data in row] for row in rows]}
