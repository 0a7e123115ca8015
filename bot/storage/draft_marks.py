"""The mark of the one draft, of those that somebody has open in a place, for which what they type there is."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Select, Update, and_, bindparam, case, func, literal_column, select, update

from bot.storage.tables import OPEN, TAKES_TEXT, TOPIC, drafts
from bot.usecases.records import DraftState, Place

#: In the place that ``in_place`` names.
IN_PLACE = and_(
    drafts.c.user_id == bindparam("in_user_id"),
    drafts.c.chat_id == bindparam("in_chat_id"),
    bindparam("in_topic") == TOPIC,
)
#: Before another is opened in the place, which then has it.
TAKE_MARK = update(drafts).where(IN_PLACE, TAKES_TEXT).values(takes_text=False)


def in_place(where: Place) -> Mapping[str, int]:
    return {"in_user_id": where.user_id, "in_chat_id": where.chat_id, "in_topic": where.thread_id or 0}


def _give_mark() -> Update:
    """Give the mark to the newest of the drafts that are open in the place of one that has ended.

    Where one of them has it nothing changes.
    """
    ended, other = drafts.alias("ended"), drafts.alias("other")
    is_open = other.c.state == literal_column("'open'")
    topic = func.coalesce(ended.c.thread_id, literal_column("0")) == func.coalesce(
        other.c.thread_id, literal_column("0")
    )
    newest = (
        select(func.max(other.c.id))
        .select_from(
            ended.join(other, and_(ended.c.user_id == other.c.user_id, ended.c.chat_id == other.c.chat_id, topic))
        )
        .where(ended.c.id == bindparam("draft_id"), is_open)
        .having(func.max(case((other.c.takes_text, 1), else_=0)) == 0)
    )
    return update(drafts).where(drafts.c.id == newest.scalar_subquery(), OPEN).values(takes_text=True)


#: After the end of the draft ``draft_id``.
GIVE_MARK = _give_mark()

#: The open private drafts that ask for the draft ``draft_id`` of a group chat.
CONTINUING = select(drafts.c.id).where(drafts.c.continues == bindparam("draft_id"), OPEN).order_by(drafts.c.id)


def begun_twice(old: int, new: int) -> Select[int]:
    """The drafts that take text in a chat whose person has another that does so in the chat that it has become."""
    there = drafts.alias("there")
    begun_anew = select(there.c.id).where(
        there.c.chat_id == new,
        there.c.user_id == drafts.c.user_id,
        func.coalesce(there.c.thread_id, 0) == TOPIC,
        there.c.state == DraftState.OPEN,
        there.c.takes_text,
    )
    return select(drafts.c.id).where(drafts.c.chat_id == old, TAKES_TEXT, begun_anew.exists())
