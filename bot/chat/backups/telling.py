"""Tells admins when backups begin to fail, and when they are made again."""

from __future__ import annotations

from functools import partial

from bot.chat.alerts.telling import tell_alert
from bot.chat.backups import texts
from bot.chat.translator import Html, Translator
from bot.domain.alert import AlertKind
from bot.usecases.backups import note_backup
from bot.usecases.ports import UnitOfWork


def tell_of_backup(work: UnitOfWork, failure: str | None) -> None:
    """A backup was made (None), or failed for this reason: where that is news, have admins told."""
    if note_backup(work, failure):
        tell_alert(work, AlertKind.BACKUP, texts.works_again if failure is None else partial(_failed, failure))


def _failed(reason: str, t: Translator) -> Html:
    return texts.failed(t, reason)
