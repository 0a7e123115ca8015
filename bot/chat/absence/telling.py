"""Tells everybody who was active before that the bot was off."""

from __future__ import annotations

from functools import partial

from bot.chat.absence import texts
from bot.chat.telling import tell
from bot.chat.translator import Html, Translator
from bot.usecases.absence import Absence, Fetched, note_polling
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import User


def note_and_tell(work: UnitOfWork, fetched: Fetched) -> None:
    """Updates are fetched now; where some were lost before, have their people told."""
    absence = note_polling(work, fetched)
    if absence is None:
        return
    for user in absence.people:
        tell(work, user.id, partial(_absent, absence, user))


def _absent(absence: Absence, user: User, t: Translator) -> Html:
    return texts.absent(t, absence.since, absence.until, user.time_zone)
