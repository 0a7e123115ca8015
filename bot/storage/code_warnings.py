"""Who was told in which group chat that others can use the codes that are posted there."""

from __future__ import annotations

from sqlalchemy import Connection

from bot.storage.group_chat_tables import code_warnings
from bot.storage.inserts import insert_or_ignore
from bot.usecases.records import Place


class SqlCodeWarnings:
    """The use cases' ``CodeWarnings``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def is_first(self, where: Place) -> bool:
        warned = {"user_id": where.user_id, "chat_id": where.chat_id}
        return self._connection.execute(insert_or_ignore(self._connection, code_warnings), warned).rowcount > 0
