"""Tells admins what has changed, in their language and as loud as each wants it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from bot.chat.alerts import texts
from bot.chat.translator import Html, Translator, translator
from bot.domain.alert import AlertKind
from bot.usecases.alerts import listeners
from bot.usecases.conflicts import note_alone, note_shared
from bot.usecases.health import begin_serving, look_around
from bot.usecases.health_rows import Disk
from bot.usecases.ports import UnitOfWork
from bot.usecases.preferences import private_place


def tell_alert(work: UnitOfWork, kind: AlertKind, text: Callable[[Translator], Html]) -> None:
    """Have it said to every admin who wants to be told of this kind."""
    for admin, silent in listeners(work, kind):
        where = private_place(work, admin)
        work.outbox.alert(where, text(translator(where.language)), work.now, silent=silent)
        work.signals.chat_behind(admin)


def begin_and_tell(work: UnitOfWork, version: str, booted_at: datetime | None) -> None:
    """The bot has started; where that was after a crash, or with another version, admins are told."""
    begun = begin_serving(work, version, booted_at)
    if begun.crashed:
        tell_alert(work, AlertKind.CRASH, texts.crashed)
    if begun.before:
        tell_alert(work, AlertKind.VERSION, partial(texts.new_version, version=version, before=begun.before))


def look_and_tell(work: UnitOfWork, telegram_at: datetime | None, disk: Disk | None) -> None:
    """The bot serves; admins are told of what has changed for longer than a blink."""
    changes = look_around(work, telegram_at, disk)
    for each in changes.browsers:
        station = each.station if changes.several else ""
        tell_alert(work, AlertKind.BROWSER, partial(texts.browser, state=each.state, station=station))
    if changes.disk is not None:
        tell_alert(work, AlertKind.DISK, partial(texts.disk, disk_=changes.disk, full=changes.disk_full))


def shared_and_tell(work: UnitOfWork, *, lasts: bool) -> bool:
    """Another process polls with the bot's token; whether admins are told of it by this."""
    told = note_shared(work, lasts=lasts)
    if told:
        tell_alert(work, AlertKind.CONFLICT, texts.conflict)
    return told


def alone_and_tell(work: UnitOfWork, *, calm: bool) -> None:
    """No other process polls; where admins were told of one they are told that, too, once it is calm."""
    if note_alone(work, calm=calm):
        tell_alert(work, AlertKind.CONFLICT, texts.alone)
