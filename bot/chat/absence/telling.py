"""Tells everybody who was active before that the bot was off."""

from __future__ import annotations

from collections.abc import Collection

from bot.chat.absence import texts
from bot.chat.translator import translator
from bot.usecases.absence import Fetched, note_polling
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import Place


def note_and_tell(work: UnitOfWork, fetched: Fetched, by_settings: Collection[int]) -> None:
    """Updates are fetched now; where some were lost before, have their people told."""
    absence = note_polling(work, fetched, by_settings)
    if absence is None:
        return
    for user in absence.people:
        said = texts.absent(translator(user.language), absence.since, absence.until, user.time_zone)
        work.outbox.say(Place(user.id, user.id, None, user.language), said, work.now)
        work.signals.chat_behind(user.id)
