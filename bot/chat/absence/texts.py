"""What is said after a long absence."""

from __future__ import annotations

from datetime import datetime

from bot.chat.translator import Html, Translator


def absent(t: Translator, since: datetime, until: datetime, time_zone: str) -> Html:
    return t(
        "I was off from {since} to {until}. Telegram keeps messages for 24 hours only: please send again what I have "
        "not answered.",
        since=t.moment(since, time_zone),
        until=t.moment(until, time_zone),
    )
