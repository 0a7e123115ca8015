"""Whose database it is: one bot's, and another's once it was moved there."""

from __future__ import annotations

from sqlalchemy import Connection, delete, inspect, or_, select, update

from bot.storage.inserts import insert_or_ignore
from bot.storage.shared_cards import shared_cards
from bot.storage.tables import PENDING, UNSETTLED, batches, draft_codes, drafts, handled_updates, imports, outbox, owner
from bot.usecases.records import NoteKind

#: The one row.
_ONLY = 1


def served_bot(connection: Connection) -> int | None:
    """The number of the bot whose database it is, however old its tables are; None where none is noted."""
    return SqlOwner(connection).bot_id() if inspect(connection).has_table(owner.name) else None


class SqlOwner:
    """The use cases' ``Owner``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def bot_id(self) -> int | None:
        return self._connection.scalar(select(owner.c.bot_id))

    def note(self, bot_id: int) -> None:
        self._connection.execute(insert_or_ignore(self._connection, owner), {"id": _ONLY, "bot_id": bot_id})
        self._connection.execute(update(owner).values(bot_id=bot_id))

    def forget_messages(self) -> None:
        said = outbox.c.kind == NoteKind.SEND
        self._connection.execute(delete(outbox).where(~said))
        self._connection.execute(update(outbox).values(reply_to=None))
        self._connection.execute(delete(handled_updates))
        for of_codes in (draft_codes, imports):
            sent = of_codes.c.message_id.is_not(None)
            self._connection.execute(update(of_codes).where(sent).values(message_id=None))
        forget_cards(self._connection)


def forget_cards(connection: Connection) -> None:
    """Forget in which messages cards stand.

    Those of what is under way, or has ended without being told, are to be shown as new messages.
    """
    # What of them is still to be answered is shown anew when the bot starts.
    connection.execute(delete(shared_cards))
    for table in (drafts, batches):
        gone = {"message_id": None, "reply_to": None, "repost": False}
        connection.execute(update(table).values(shown_revision=table.c.revision, **gone))
    connection.execute(update(drafts).values(prompt_step=None, prompt_message_id=None))
    going_on = select(imports.c.batch_id).where(or_(PENDING, UNSETTLED))
    again = update(batches).where(or_(batches.c.id.in_(going_on), batches.c.announced.is_(False)))
    connection.execute(again.values(revision=batches.c.revision + 1))
