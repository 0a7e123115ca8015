"""Tells somebody that they were not let in."""

from __future__ import annotations

from bot.chat.access import texts
from bot.chat.telling import tell
from bot.usecases.access_request_rows import Asker
from bot.usecases.ports import UnitOfWork


def tell_refused(work: UnitOfWork, asker: Asker) -> None:
    tell(work, asker.user_id, texts.refused, otherwise=asker.language)
