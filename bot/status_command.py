"""``transfer-bot status``: what ``/status`` shows, for whoever sits at the computer."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from bot.chat.health.handlers import day_begun
from bot.chat.health.texts import status
from bot.chat.translator import Html, plain, translator
from bot.errors import StorageError
from bot.opened_database import database_of
from bot.settings import Settings
from bot.sign_of_life import how_it_runs
from bot.storage.migrate import current, is_up_to_date
from bot.storage.unlocking import look_for_key
from bot.storage.work import SqlStore
from bot.usecases.health import HealthStatus, status_since


async def status_of(settings: Settings) -> str:
    """The lines to print. Raises ``StorageError``, and ``SettingError`` where the database's key is missing.

    Whether the process runs is told also where the database can't be read, since by then that is the question.
    """
    now = datetime.now(UTC)
    _, process = how_it_runs(settings, now)
    try:
        known = await _read(settings, now)
    except StorageError as error:
        raise StorageError(f"{error}. The bot of this computer is {process}") from error
    said = plain(Html(re.sub("<[^>]+>", "", status(translator("en"), known, ""))))
    return f"{said}\nOn this computer: {process}"


async def _read(settings: Settings, now: datetime) -> HealthStatus:
    if settings.database_file is not None and not settings.database_file.exists():
        raise StorageError("there is no database yet: start the bot once before")
    database = database_of(settings)
    try:
        if not is_up_to_date(await current(database)):
            raise StorageError("the database is not up to date: start the bot once before")
        await look_for_key(database)
        return await SqlStore(database).read(status_since, day_begun(now, ""))
    finally:
        await database.close()
