"""Who was told in which group chat that others can use the codes that are posted there."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Connection, Table

from bot.storage.inserts import insert_or_ignore
from bot.storage.metadata import metadata
from bot.usecases.records import Place

code_warnings = Table(
    "code_warnings",
    metadata,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
)


class SqlCodeWarnings:
    """The use cases' ``CodeWarnings``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def is_first(self, where: Place) -> bool:
        warned = {"user_id": where.user_id, "chat_id": where.chat_id}
        return self._connection.execute(insert_or_ignore(self._connection, code_warnings), warned).rowcount > 0
