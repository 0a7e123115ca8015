"""The ways to Telegram and to ixBrowser."""

from __future__ import annotations

from dataclasses import dataclass

import httpx
from telegram.request import BaseRequest


@dataclass(frozen=True, slots=True)
class ExternalSystems:
    """The ways to both outside systems. None is the real way; the demo and tests put others in place."""

    telegram: BaseRequest | None = None
    polling: BaseRequest | None = None
    browser: httpx.AsyncBaseTransport | None = None
