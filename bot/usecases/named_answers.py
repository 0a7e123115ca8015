"""A word that is an answer at any step: yes and no, or the name of a group or a proxy."""

from __future__ import annotations

from bot.domain.draft import FREE_TEXT_STEPS, LONGEST_TITLE
from bot.domain.draft_answers import MeantAnswered, Named, SeveralNamed
from bot.domain.meanings import NAMED_IN, Word, meanings_of
from bot.usecases.actor import Actor
from bot.usecases.draft_changes import change
from bot.usecases.meant_codes import answer_meant
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import StoredDraft
from bot.usecases.remote_lists import request_lists
from bot.usecases.sent_messages import Message, Received
from bot.usecases.station_lists import lists_known


def take_word(work: UnitOfWork, actor: Actor, message: Message, stored: StoredDraft) -> Received | None:
    """Answer the open draft by the word that was typed; None where it is none. What it may mean else is asked."""
    word = message.command.word
    if stored.draft.meant is not None and word in (Word.YES, Word.NO):
        answered = answer_meant(work, actor, stored, MeantAnswered(yes=word is Word.YES), repost=True)
        return Received(answered.taken)
    if message.asked in FREE_TEXT_STEPS or len(message.command.text) > 2 * LONGEST_TITLE:
        return None
    found = work.lists.find(NAMED_IN)
    meanings = meanings_of(message.command.text, word, lists_known(found, work.now))
    if not meanings:
        # A list that was never read may have it: it is there when the word is typed again.
        request_lists(work, frozenset(listing for listing, each in found.items() if each.rows is None))
        return None
    change(work, stored, Named(meanings[0]) if len(meanings) == 1 else SeveralNamed(meanings), repost=True)
    return Received()
