"""The database of the settings."""

from __future__ import annotations

from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.key import KeySource, key_file


def database_of(settings: Settings) -> Database:
    """The database, and where its key is."""
    url, key = settings.database_url.get_secret_value(), settings.encryption_key
    file = key_file(settings.database_file)
    return Database(url, settings.station, key=KeySource(file, None if key is None else key.get_secret_value()))
