"""Tells somebody that they were let in, or not."""

from __future__ import annotations

from bot.chat.access import texts
from bot.chat.cards import begin_button
from bot.chat.telling import tell
from bot.usecases.access_request_rows import Asker
from bot.usecases.ports import UnitOfWork


def tell_let_in(work: UnitOfWork, user_id: int) -> None:
    tell(work, user_id, texts.let_in, buttons=lambda t: [[begin_button(t)]])


def tell_refused(work: UnitOfWork, asker: Asker) -> None:
    tell(work, asker.user_id, texts.refused, otherwise=asker.language)
