"""Which bot a database belongs to: functions over one transaction."""

from __future__ import annotations

from bot.errors import OtherBot
from bot.usecases.draft_closing import let_go
from bot.usecases.handoff_reminders import tell_in_another_bot
from bot.usecases.invitation_ends import revoke_all
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import DraftState


def other_bot(noted: int, bot_id: int) -> OtherBot:
    """What is said to whoever starts another bot on a database."""
    return OtherBot(
        f"The database belongs to the bot {noted}, and TELEGRAM_TOKEN is that of the bot {bot_id}: set that bot's token"
        " or another database, or move this one to the new bot with: transfer-bot rebind"
    )


def serve_as(work: UnitOfWork, bot_id: int) -> None:
    """Begin to serve as this bot, which is noted where none is yet. Raises ``OtherBot`` where another one is.

    A card that the process before has not brought up to date may stand in the chat twice, if that was killed after it
    had sent the second one. So the card is shown below everything.
    """
    noted = work.owner.bot_id()
    if noted is None:
        work.owner.note(bot_id)
    elif noted != bot_id:
        raise other_bot(noted, bot_id)
    work.drafts.show_below_what_is_behind()


def rebind(work: UnitOfWork, bot_id: int) -> int | None:
    """Move the database to another bot; the number of the one that it belonged to, None where none was noted.

    Drafts close, since their cards are the old bot's. Imports go on, and the new bot tells of them: in private of those
    begun in group chats, since it is in none until somebody adds it there; so it does of codes that were left for
    somebody. No invitation lets anybody in any more: its
    link leads to the old bot.
    """
    noted = work.owner.bot_id()
    if noted != bot_id:
        for stored in work.drafts.all_open():
            let_go(work, stored)
            work.drafts.close(stored.id, DraftState.CANCELLED, work.now)
        work.owner.forget_messages()
        work.published_texts.forget()
        work.polling.forget()
        work.unreachable.forget_all()
        for chat_id in work.group_chats.leave_all():
            work.cards.leave_chat(chat_id)
        work.feed.end()
        tell_in_another_bot(work)
        revoke_all(work)
        work.owner.note(bot_id)
    return noted
