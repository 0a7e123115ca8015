"""What somebody types: transfer codes, answers in words, secrets where they belong and where they don't."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from bot.domain.draft import SECRET_STEPS, Draft, Notice, Step, begin, step
from bot.domain.draft_answers import CodesSent, ProxySent, Typed
from bot.domain.draft_transitions import apply, noticed
from bot.domain.message_secrets import MessageSecrets, is_answer, secrets_in
from bot.domain.proxy import ProxyChoice
from bot.domain.transfer_code import TransferCode, count_codes, find_codes, looks_like_code
from bot.domain.typed_proxy import choice_of
from bot.errors import InputError
from bot.usecases.actor import Actor
from bot.usecases.draft_changes import change, open_draft, remark, replace_draft, without_kept_proxy
from bot.usecases.message_deletion import OFFERED, MessageFate, with_warning
from bot.usecases.permissions import UseCase, require
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import CardKind, LoggedImport, Place, StoredDraft
from bot.usecases.remote_lists import with_lists

#: How long a proxy is kept for the code that it is for.
PROXY_KEPT = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class TakeText:
    """``addressed`` says that the bot is meant. ``message_id`` is None where there is no message to delete."""

    where: Place
    text: str = field(repr=False)
    addressed: bool
    message_id: int | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """``taken`` are rows that have a code of the text already; ``notice`` is to be said apart from the card.

    ``fate`` is what becomes of the message; ``offer_id`` is the number of the button that deletes it. ``used``: all
    that it says was used, so that nothing is lost with it. ``understood`` is False when nothing was done with it.
    """

    taken: tuple[LoggedImport, ...] = ()
    notice: Notice | None = None
    fate: MessageFate = MessageFate.STAYS
    offer_id: int | None = None
    used: bool = False
    understood: bool = True


IGNORED = Received(understood=False)


@dataclass(frozen=True, slots=True)
class _Message:
    """A message that was looked through, and the open draft that it may be for."""

    command: TakeText
    stored: StoredDraft | None
    asked: Step | None
    found: MessageSecrets
    codes: Sequence[TransferCode]

    @property
    def for_bot(self) -> bool:
        """Whether what it says of a proxy is meant for the bot."""
        return self.command.addressed or (self.asked in SECRET_STEPS and self.found.certain)

    @property
    def choice(self) -> ProxyChoice | None:
        """The proxy that it names for the bot."""
        return self.found.choice if self.for_bot else None

    @property
    def asks_secret(self) -> bool:
        """Whether a secret is asked for where nobody else reads it."""
        return self.asked in SECRET_STEPS and self.command.where.private

    @property
    def is_answer(self) -> bool:
        return is_answer(self.asked, self.command.text, self.found)

    @property
    def mistake(self) -> InputError | None:
        """Why a proxy with its login that was sent to the bot can't be used; None where there is none such."""
        if not self.found.certain or self.found.choice is not None or not self.for_bot:
            return None
        try:
            choice_of(self.command.text)
        except InputError as mistake:
            return mistake
        return None

    def begun(self, actor: Actor) -> Draft:
        """A new draft."""
        return begin(actor.last, secrets_welcome=self.command.where.private)

    def draft(self, actor: Actor) -> Draft:
        """The open draft, or a new one."""
        return self.begun(actor) if self.stored is None else self.stored.draft

    def fate(self, *, used: bool) -> MessageFate:
        """What becomes of it. Only a secret that was used is deleted, and with it nothing that was not.

        Where people talk to one another nothing is deleted that does not answer the bot.
        """
        found = self.found
        if found.certain and found.more:
            return MessageFate.HOLDS_MORE
        if found.certain:
            return MessageFate.DELETED if used and self.for_bot else MessageFate.HOLDS_SECRET
        return MessageFate.MAY_HOLD_SECRET if found.doubtful else MessageFate.STAYS


def _look_through(work: UnitOfWork, command: TakeText) -> _Message:
    stored = work.drafts.find_open(command.where)
    asked = None if stored is None else step(stored.draft)
    found = secrets_in(command.text, asked)
    return _Message(command, stored, asked, found, find_codes(found.rest))


def take_text(work: UnitOfWork, actor: Actor, command: TakeText) -> Received:
    """A text that is no command: codes, a proxy, the answer to the open draft's question, or none of these."""
    require(actor, UseCase.TAKE_TEXT)
    return _take(work, actor, _look_through(work, command))


def take_command(work: UnitOfWork, actor: Actor, command: TakeText) -> Received:
    """A command that the bot does not know. A password that is asked for may begin with a slash.

    Otherwise it is not understood; the open draft's card is shown again below what is said about it.
    """
    require(actor, UseCase.TAKE_COMMAND)
    message = _look_through(work, command)
    if message.asks_secret:
        return _take(work, actor, message)
    received = _take_secrets(work, actor, message)
    if command.addressed and not received.used:
        _show(work, message.stored)
    return received


def look_through(work: UnitOfWork, actor: Actor, command: TakeText) -> Received:
    """What stands behind a command that takes no such text: only its secrets count."""
    require(actor, UseCase.LOOK_THROUGH)
    return _take_secrets(work, actor, _look_through(work, command))


def begin_import(work: UnitOfWork, actor: Actor, command: TakeText) -> Received:
    """Begin an import: with the codes of the text, or asking for one. A draft that is open already is shown again."""
    require(actor, UseCase.BEGIN_IMPORT)
    message = _look_through(work, command)
    if message.codes:
        return _take_codes(work, actor, message)
    if message.choice is not None:
        return _take_proxy(work, actor, message, message.choice)
    if message.stored is not None:
        _show(work, message.stored)
    else:
        work.drafts.open_new(command.where, message.begun(actor), work.now)
    return _ended(work, message, Received())


def take_edit(work: UnitOfWork, actor: Actor, command: TakeText) -> Received:
    """A message was changed after it was sent: only its secrets count. Else the open draft's card is shown again."""
    require(actor, UseCase.TAKE_EDIT)
    message = _look_through(work, command)
    if not command.addressed and not message.codes and not message.found.certain:
        return IGNORED
    if message.asks_secret and not message.codes and message.choice is None:
        # It may be the secret that is asked for.
        received = _ended(work, message, Received(), MessageFate.ANSWER_DELETED)
    else:
        received = _take_secrets(work, actor, message)
    if not received.used:
        _show(work, message.stored)
    return replace(received, understood=True)


def _take(work: UnitOfWork, actor: Actor, message: _Message) -> Received:
    found = message.found
    if message.codes and not message.is_answer:
        return _take_codes(work, actor, message)
    # What others read as well is used at once, since it is deleted.
    if message.choice is not None and not (message.is_answer and message.command.where.private):
        return _take_proxy(work, actor, message, message.choice)
    if (found.certain or found.doubtful) and not message.asks_secret:
        # Nothing that may be a secret is echoed, searched for or kept.
        return _explain(work, message)
    if not message.command.addressed:
        return IGNORED
    if message.stored is not None:
        return _take_answer(work, message, message.stored)
    return Received(notice=Notice("almost_code" if looks_like_code(message.command.text) else "no_draft"))


def _take_codes(work: UnitOfWork, actor: Actor, message: _Message) -> Received:
    """Codes begin a draft or join the open one, but for those that somebody has already. A proxy comes with them."""
    codes, found = message.codes, message.found
    taken = tuple(work.log.living(codes))
    known = {row.code for row in taken}
    free = tuple(code for code in codes if code not in known)
    if not free and message.choice is not None:
        return replace(_take_proxy(work, actor, message, message.choice), taken=taken)
    if not free:
        _show(work, message.stored)
        return _ended(work, message, Received(taken))
    sent = CodesSent(free, count_codes(found.rest) - len(known), almost=looks_like_code(found.rest))
    before, expired = without_kept_proxy(message.draft(actor), message.begun(actor), work.now)
    draft = apply(before, sent)
    # Whoever sends a code has it imported by the bot, and the proxy beside it is for that.
    if found.choice is not None:
        draft = apply(draft, ProxySent(found.choice, found.notice or draft.notice))
    elif message.mistake is not None:
        draft = noticed(draft, message.mistake)
    elif expired and draft.notice is None:
        draft = replace(draft, notice=Notice("proxy_expired"))
    used = found.choice is not None and not sent.almost and set(free) <= set(draft.codes)
    if message.fate(used=used) is MessageFate.DELETED:
        draft = replace(draft, codes_deleted=True)
    _write(work, message, draft)
    return _ended(work, message, Received(taken, used=used))


def _take_proxy(work: UnitOfWork, actor: Actor, message: _Message, choice: ProxyChoice) -> Received:
    """A proxy becomes that of the open draft; with none open it is kept for a while for the code that comes next."""
    draft = apply(message.draft(actor), ProxySent(choice, message.found.notice))
    if draft.codes:
        notice = Notice("proxy_taken") if message.found.certain else None
    else:
        notice, draft = Notice("proxy_kept"), replace(draft, proxy_until=work.now + PROXY_KEPT)
    _write(work, message, draft)
    return _ended(work, message, Received(notice=notice, used=True))


def _take_secrets(work: UnitOfWork, actor: Actor, message: _Message) -> Received:
    """Use what a message says of a proxy, and nothing else of it. Codes would be lost if it was deleted."""
    if message.choice is not None and not message.codes:
        return _take_proxy(work, actor, message, message.choice)
    return _ended(work, message, IGNORED)


def _take_answer(work: UnitOfWork, message: _Message, stored: StoredDraft) -> Received:
    """What is typed answers the question; a secret is deleted from the chat, also where it can't be used."""
    if message.asked not in SECRET_STEPS:
        change(work, stored, Typed(message.command.text), repost=True)
        return _ended(work, message, Received())
    more = message.found.more and message.found.certain
    if message.asks_secret:
        # Where the message goes the card is the last one again, and need not be moved below it.
        change(work, stored, Typed(message.command.text), repost=more)
    else:
        remark(work, stored, InputError("not_in_private"))
    return _ended(work, message, Received(), MessageFate.HOLDS_MORE if more else MessageFate.ANSWER_DELETED)


def _explain(work: UnitOfWork, message: _Message) -> Received:
    """Leave a message alone. Where a proxy was sent to the bot that can't be used, say why."""
    stored, mistake = message.stored, message.mistake
    notice = None
    if stored is not None and mistake is not None:
        remark(work, stored, mistake)
    elif mistake is not None:
        notice = Notice(mistake.reason, mistake.values)
    elif message.command.addressed:
        _show(work, stored)
    return _ended(work, message, Received(notice=notice))


def _ended(work: UnitOfWork, message: _Message, received: Received, fate: MessageFate | None = None) -> Received:
    """What was done, and what becomes of the message."""
    fate = fate or message.fate(used=received.used)
    fate = with_warning(work, message.command.where, fate, len(message.codes) - len(received.taken))
    offer_id = None
    if fate in OFFERED and message.command.message_id is not None:
        offer_id = work.deletion_offers.add(message.command.where, message.command.message_id, work.now)
    understood = received.understood or fate is not MessageFate.STAYS
    return replace(received, fate=fate, offer_id=offer_id, understood=understood)


def _show(work: UnitOfWork, stored: StoredDraft | None) -> None:
    if stored is not None:
        work.cards.show_again(CardKind.DRAFT, stored.id)


def _write(work: UnitOfWork, message: _Message, draft: Draft) -> None:
    if message.stored is None:
        open_draft(work, message.command.where, draft)
    else:
        replace_draft(work, message.stored, with_lists(work, draft), repost=True)
