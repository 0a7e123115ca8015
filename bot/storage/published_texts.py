"""What Telegram has of the texts that it shows of the bot."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Column, Connection, String, Table, delete, select

from bot.storage.inserts import upsert
from bot.storage.metadata import metadata

published_texts = Table(
    "published_texts",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("digest", String(64), nullable=False),
)


class SqlPublishedTexts:
    """The use cases' ``PublishedTexts``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> Mapping[str, str]:
        found = self._connection.execute(select(published_texts.c.name, published_texts.c.digest))
        return {row.name: row.digest for row in found}

    def note(self, digests: Mapping[str, str]) -> None:
        rows = [{"name": name, "digest": digest} for name, digest in digests.items()]
        upsert(self._connection, published_texts, *rows)

    def drop(self, name: str) -> None:
        self._connection.execute(delete(published_texts).where(published_texts.c.name == name))

    def forget(self) -> None:
        self._connection.execute(delete(published_texts))
