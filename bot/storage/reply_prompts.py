"""The messages of group chats that ask for a typed answer, each in the row of its draft."""

from __future__ import annotations

from sqlalchemy import Connection, update

from bot.domain.draft import Step
from bot.storage.tables import drafts
from bot.usecases.records import Prompt


class SqlReplyPrompts:
    """The use cases' ``ReplyPrompts``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def want(self, draft_id: int, step: Step) -> None:
        self._put(draft_id, step, None)

    def sent(self, draft_id: int, step: Step, message_id: int) -> None:
        self._put(draft_id, step, message_id)

    def forget(self, draft_id: int, prompt: Prompt) -> None:
        same = (drafts.c.prompt_step == prompt.step, drafts.c.prompt_message_id.is_not_distinct_from(prompt.message_id))
        gone = update(drafts).where(drafts.c.id == draft_id, *same)
        self._connection.execute(gone.values(prompt_step=None, prompt_message_id=None))

    def _put(self, draft_id: int, step: Step, message_id: int | None) -> None:
        its_row = update(drafts).where(drafts.c.id == draft_id)
        self._connection.execute(its_row.values(prompt_step=step, prompt_message_id=message_id))
