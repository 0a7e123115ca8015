"""A word that is an answer at any step: yes and no, or the name of a group or a proxy."""

from __future__ import annotations

from bot.domain.draft import FREE_TEXT_STEPS, LONGEST_TITLE
from bot.domain.draft_answers import MeantAnswered, Named, SeveralNamed
from bot.domain.meanings import NAMED_IN, Word, meanings_of
from bot.errors import InputError
from bot.usecases.actor import Actor
from bot.usecases.draft_changes import change, remark
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
        return _answer_question(work, actor, message, stored, yes=word is Word.YES)
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


def _answer_question(work: UnitOfWork, actor: Actor, message: Message, stored: StoredDraft, *, yes: bool) -> Received:
    """Answer yes or no. Where something is called so, too, a tap tells what is meant."""
    if meanings_of(message.command.text, None, lists_known(work.lists.find(NAMED_IN), work.now)):
        remark(work, stored, InputError("tap_a_button"))
        return Received()
    answered = answer_meant(work, actor, stored, MeantAnswered(yes=yes), repost=True)
    return Received(answered.taken, left=answered.left)
