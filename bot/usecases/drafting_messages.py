"""What somebody types: transfer codes, answers in words, secrets where they belong and where they don't."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.domain.draft import SECRET_STEPS, Notice, begin, step
from bot.domain.draft_answers import CodesSent, Typed
from bot.domain.draft_transitions import apply
from bot.domain.transfer_code import TransferCode, count_codes, find_codes, looks_like_code, without_codes
from bot.domain.typed_secrets import is_secret_asked_for, is_secret_unasked_for
from bot.usecases.actor import Actor
from bot.usecases.draft_changes import change, open_draft, remark
from bot.usecases.permissions import UseCase, require
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import CardKind, LoggedImport, Place, StoredDraft


@dataclass(frozen=True, slots=True)
class TakeText:
    """``addressed`` says that the bot is meant."""

    where: Place
    text: str = field(repr=False)
    addressed: bool


@dataclass(frozen=True, slots=True)
class Received:
    """``taken`` are rows that have a code of the text already; ``notice`` is to be said apart from the card.

    ``secret``: the message held a secret, or was meant to, and is to be deleted. ``understood`` is False when nothing
    was done with it.
    """

    taken: tuple[LoggedImport, ...] = ()
    notice: Notice | None = None
    secret: bool = False
    understood: bool = True


IGNORED = Received(understood=False)


def take_text(work: UnitOfWork, actor: Actor, command: TakeText) -> Received:
    """A text that is no command: codes, the answer to the open draft's question, or neither."""
    require(actor, UseCase.TAKE_TEXT)
    return _take_text(work, actor, command)


def _take_text(work: UnitOfWork, actor: Actor, command: TakeText) -> Received:
    stored = _open_draft(work, command)
    asked = None if stored is None else step(stored.draft)
    codes = find_codes(command.text)
    if codes and not is_secret_asked_for(asked, command.text):
        return _take_codes(work, actor, command, stored, codes)
    if not command.addressed:
        return IGNORED
    if stored is not None:
        return _take_answer(work, stored, command)
    if is_secret_unasked_for(None, command.text):
        return Received(notice=Notice("unasked_secret"), secret=True)
    return Received(notice=Notice("almost_code" if looks_like_code(command.text) else "no_draft"))


def take_command(work: UnitOfWork, actor: Actor, command: TakeText) -> Received:
    """A command that the bot does not know. A password that is asked for may begin with a slash.

    Otherwise it is not understood; the open draft's card is shown again below what is said about it.
    """
    require(actor, UseCase.TAKE_COMMAND)
    stored = _open_draft(work, command)
    if _asks_secret(stored, command.where):
        return _take_text(work, actor, command)
    if command.addressed and stored is not None:
        work.cards.show_again(CardKind.DRAFT, stored.id)
    return IGNORED


def begin_import(work: UnitOfWork, actor: Actor, command: TakeText) -> Received:
    """Begin an import: with the codes of the text, or asking for one. A draft that is open already is shown again."""
    require(actor, UseCase.BEGIN_IMPORT)
    stored = _open_draft(work, command)
    codes = find_codes(command.text)
    if codes:
        return _take_codes(work, actor, command, stored, codes)
    if stored is not None:
        work.cards.show_again(CardKind.DRAFT, stored.id)
    else:
        draft = begin(actor.last, secrets_welcome=command.where.private)
        work.drafts.open_new(command.where, draft, work.now)
    return Received()


@dataclass(frozen=True, slots=True)
class TakeEdit:
    """A message was changed after it was sent."""

    where: Place
    text: str = field(repr=False)
    addressed: bool


def take_edit(work: UnitOfWork, actor: Actor, command: TakeEdit) -> Received:
    """Nothing is read from a changed message; the open draft's card is shown again below what is said about it."""
    require(actor, UseCase.TAKE_EDIT)
    if not command.addressed and not find_codes(command.text):
        return IGNORED
    stored = work.drafts.find_open(command.where)
    if stored is not None:
        work.cards.show_again(CardKind.DRAFT, stored.id)
    return Received(secret=_asks_secret(stored, command.where))


def _open_draft(work: UnitOfWork, command: TakeText) -> StoredDraft | None:
    return work.drafts.find_open(command.where)


def _asks_secret(stored: StoredDraft | None, where: Place) -> bool:
    return stored is not None and step(stored.draft) in SECRET_STEPS and where.private


def _take_codes(
    work: UnitOfWork, actor: Actor, command: TakeText, stored: StoredDraft | None, codes: Sequence[TransferCode]
) -> Received:
    """Codes begin a draft or join the open one, but for those that somebody has already."""
    taken = tuple(work.log.living(codes))
    known = {row.code for row in taken}
    free = tuple(code for code in codes if code not in known)
    if not free:
        if stored is not None:
            work.cards.show_again(CardKind.DRAFT, stored.id)
        return Received(taken)
    sent = CodesSent(free, count_codes(command.text) - len(known), almost=looks_like_code(command.text))
    if stored is not None:
        change(work, stored, sent, repost=True)
    else:
        begun = begin(actor.last, secrets_welcome=command.where.private)
        open_draft(work, command.where, apply(begun, sent))
    if is_secret_unasked_for(None, without_codes(command.text)):
        return Received(taken, Notice("unasked_secret"), secret=True)
    return Received(taken)


def _take_answer(work: UnitOfWork, stored: StoredDraft, command: TakeText) -> Received:
    """What is typed answers the question; a secret is to be deleted from the chat, also where it can't be used."""
    asked = step(stored.draft)
    unasked = asked not in SECRET_STEPS and is_secret_unasked_for(asked, command.text)
    if unasked:
        remark(work, stored, "unasked_secret")
    elif asked in SECRET_STEPS and not command.where.private:
        remark(work, stored, "not_in_private")
    else:
        change(work, stored, Typed(command.text), repost=True)
    return Received(secret=unasked or asked in SECRET_STEPS)
