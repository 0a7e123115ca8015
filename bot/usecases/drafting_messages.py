"""What somebody types: transfer codes, answers in words, secrets where they belong and where they don't."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from bot.domain.draft import SECRET_STEPS, Draft, Notice, Step, begin, step
from bot.domain.draft_answers import CodesSent, ProxySent, Typed
from bot.domain.draft_transitions import apply, noticed
from bot.domain.message_secrets import MessageSecrets, answers, secrets_in
from bot.domain.proxy import ProxyChoice
from bot.domain.transfer_code import TransferCode, count_codes, find_codes, looks_like_code
from bot.domain.typed_proxy import choice_of
from bot.errors import InputError
from bot.usecases.actor import Actor
from bot.usecases.draft_changes import change, open_draft, remark, replace_draft, without_old_proxy
from bot.usecases.permissions import UseCase, require
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import CardKind, LoggedImport, Place, StoredDraft
from bot.usecases.remote_lists import with_lists

#: How long a proxy is kept for the code that it is for.
PROXY_KEPT = timedelta(minutes=10)
_KEPT = Notice("proxy_kept")


@dataclass(frozen=True, slots=True)
class TakeText:
    """``addressed`` says that the bot is meant."""

    where: Place
    text: str = field(repr=False)
    addressed: bool


@dataclass(frozen=True, slots=True)
class Received:
    """``taken`` are rows that have a code of the text already; ``notice`` is to be said apart from the card.

    ``secret``: the message held a secret, or was meant to, and is to be deleted. ``offered``: whether it is to be is
    left to its person, since it may hold one, or more than was used. ``understood`` is False when nothing was done
    with it.
    """

    taken: tuple[LoggedImport, ...] = ()
    notice: Notice | None = None
    secret: bool = False
    offered: bool = False
    understood: bool = True


IGNORED = Received(understood=False)


@dataclass(frozen=True, slots=True)
class _Message:
    """A message that was looked through, and the open draft that it may be for."""

    command: TakeText
    stored: StoredDraft | None
    asked: Step | None
    found: MessageSecrets

    @property
    def means_bot(self) -> bool:
        """Whether what it says of a proxy is meant for the bot."""
        return self.command.addressed or (self.asked in SECRET_STEPS and self.found.certain)

    @property
    def codes(self) -> Sequence[TransferCode]:
        return find_codes(self.found.rest)

    def draft(self, actor: Actor) -> Draft:
        """The open draft, or a new one."""
        if self.stored is not None:
            return self.stored.draft
        return begin(actor.last, secrets_welcome=self.command.where.private)


def _looked_through(work: UnitOfWork, command: TakeText) -> _Message:
    stored = work.drafts.find_open(command.where)
    asked = None if stored is None else step(stored.draft)
    return _Message(command, stored, asked, secrets_in(command.text, asked))


def take_text(work: UnitOfWork, actor: Actor, command: TakeText) -> Received:
    """A text that is no command: codes, a proxy, the answer to the open draft's question, or none of these."""
    require(actor, UseCase.TAKE_TEXT)
    return _take(work, actor, _looked_through(work, command))


def _take(work: UnitOfWork, actor: Actor, message: _Message) -> Received:
    asked, found = message.asked, message.found
    if message.codes and not _is_asked_for(asked, message.command.text):
        return _judged(message, _take_codes(work, actor, message))
    # What others read as well is used at once, since it is deleted.
    answered = answers(asked, found) and message.command.where.private
    if found.choice is not None and message.means_bot and not answered:
        return _judged(message, _take_proxy(work, actor, message, found.choice))
    asks_secret = asked in SECRET_STEPS and message.command.where.private
    if (found.certain or found.doubtful) and not asks_secret:
        # Nothing that may be a secret is echoed, searched for or kept.
        _explain(work, message)
        return _judged(message, Received())
    if not message.command.addressed:
        return IGNORED
    if message.stored is not None:
        return _take_answer(work, message.stored, message.command)
    return Received(notice=Notice("almost_code" if looks_like_code(message.command.text) else "no_draft"))


def take_command(work: UnitOfWork, actor: Actor, command: TakeText) -> Received:
    """A command that the bot does not know. A password that is asked for may begin with a slash.

    Otherwise it is not understood; the open draft's card is shown again below what is said about it.
    """
    require(actor, UseCase.TAKE_COMMAND)
    message = _looked_through(work, command)
    if message.asked in SECRET_STEPS and command.where.private:
        return _take(work, actor, message)
    if command.addressed:
        _show(work, message.stored)
    return _see_to_secrets(work, actor, message)


def look_through(work: UnitOfWork, actor: Actor, command: TakeText) -> Received:
    """What stands behind a command that takes no such text: only its secrets count."""
    require(actor, UseCase.LOOK_THROUGH)
    return _see_to_secrets(work, actor, _looked_through(work, command))


def begin_import(work: UnitOfWork, actor: Actor, command: TakeText) -> Received:
    """Begin an import: with the codes of the text, or asking for one. A draft that is open already is shown again."""
    require(actor, UseCase.BEGIN_IMPORT)
    message = _looked_through(work, command)
    if message.codes:
        return _judged(message, _take_codes(work, actor, message))
    if message.found.choice is not None and message.means_bot:
        return _judged(message, _take_proxy(work, actor, message, message.found.choice))
    if message.stored is not None:
        work.cards.show_again(CardKind.DRAFT, message.stored.id)
    else:
        work.drafts.open_new(command.where, message.draft(actor), work.now)
    return _judged(message, Received())


@dataclass(frozen=True, slots=True)
class TakeEdit:
    """A message was changed after it was sent."""

    where: Place
    text: str = field(repr=False)
    addressed: bool


def take_edit(work: UnitOfWork, actor: Actor, command: TakeEdit) -> Received:
    """Of a changed message only the secrets are seen to; the open draft's card is shown again below what is said."""
    require(actor, UseCase.TAKE_EDIT)
    message = _looked_through(work, TakeText(command.where, command.text, command.addressed))
    if not command.addressed and not message.codes and not message.found.certain:
        return IGNORED
    _show(work, message.stored)
    asks_secret = message.asked in SECRET_STEPS and command.where.private
    return _judged(message, Received(secret=asks_secret))


def _show(work: UnitOfWork, stored: StoredDraft | None) -> None:
    if stored is not None:
        work.cards.show_again(CardKind.DRAFT, stored.id)


def _is_asked_for(asked: Step | None, text: str) -> bool:
    """Whether a text is the password or link that is asked for, even if it holds what looks like a transfer code."""
    if len(text.split()) != 1:
        return False
    return any(map(str.isalpha, text)) if asked is Step.PASSWORD else asked is Step.LINK and "://" in text


def _explain(work: UnitOfWork, message: _Message) -> None:
    """Show the card again; where a proxy was sent that can't be used, with the reason."""
    stored = message.stored
    if stored is None:
        return
    try:
        if message.found.certain:
            choice_of(message.command.text)
    except InputError as mistake:
        work.drafts.change(stored, noticed(stored.draft, mistake), work.now, repost=True)
    else:
        _show(work, stored)


def _see_to_secrets(work: UnitOfWork, actor: Actor, message: _Message) -> Received:
    """Use and delete what a message holds of secrets, and nothing else of it."""
    if message.found.choice is not None and message.means_bot:
        return _judged(message, _take_proxy(work, actor, message, message.found.choice))
    return _judged(message, IGNORED)


def _judged(message: _Message, received: Received) -> Received:
    """The same with what becomes of the message.

    A secret that was used is deleted, and with it nothing that was not. Where people talk to one another nothing is
    deleted that does not answer the bot.
    """
    found = message.found
    secret = received.secret or (found.certain and not found.more and message.means_bot)
    offered = not secret and (found.certain or found.doubtful)
    notice = received.notice
    if notice is None and secret:
        notice = Notice("proxy_taken_deleted" if found.certain and found.choice is not None else "secret_deleted")
    elif notice is None and offered:
        notice = Notice("several_proxies" if found.more else "secret_doubtful")
    elif notice == _KEPT and secret:
        notice = Notice("proxy_kept_deleted")
    understood = received.understood or secret or offered
    return replace(received, secret=secret, offered=offered, notice=notice, understood=understood)


def _take_codes(work: UnitOfWork, actor: Actor, message: _Message) -> Received:
    """Codes begin a draft or join the open one, but for those that somebody has already. A proxy comes with them."""
    codes, found = message.codes, message.found
    taken = tuple(work.log.living(codes))
    known = {row.code for row in taken}
    free = tuple(code for code in codes if code not in known)
    if not free and found.choice is not None and message.means_bot:
        return replace(_take_proxy(work, actor, message, found.choice), taken=taken)
    if not free:
        _show(work, message.stored)
        return Received(taken)
    sent = CodesSent(free, count_codes(found.rest) - len(known), almost=looks_like_code(found.rest))
    draft = apply(without_old_proxy(message.draft(actor), work.now), sent)
    if found.choice is not None:
        draft = apply(draft, ProxySent(found.choice, found.notice or draft.notice))
    if found.certain and not found.more and message.means_bot:
        draft = replace(draft, codes_deleted=True)
    _write(work, message, draft)
    return Received(taken)


def _take_proxy(work: UnitOfWork, actor: Actor, message: _Message, choice: ProxyChoice) -> Received:
    """A proxy becomes that of the open draft; with none open it is kept for a while for the code that comes next."""
    draft = apply(message.draft(actor), ProxySent(choice, message.found.notice))
    if draft.codes:
        _write(work, message, draft)
        return Received()
    _write(work, message, replace(draft, proxy_until=work.now + PROXY_KEPT))
    return Received(notice=_KEPT)


def _write(work: UnitOfWork, message: _Message, draft: Draft) -> None:
    if message.stored is None:
        open_draft(work, message.command.where, draft)
    else:
        replace_draft(work, message.stored, with_lists(work, draft), repost=True)


def _take_answer(work: UnitOfWork, stored: StoredDraft, command: TakeText) -> Received:
    """What is typed answers the question; a secret is to be deleted from the chat, also where it can't be used."""
    asked = step(stored.draft)
    if asked in SECRET_STEPS and not command.where.private:
        remark(work, stored, "not_in_private")
    else:
        change(work, stored, Typed(command.text), repost=True)
    return Received(secret=asked in SECRET_STEPS)
