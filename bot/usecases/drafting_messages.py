"""What somebody types: transfer codes, answers in words, secrets where they belong and where they don't."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.domain.almost_code import AlmostCode
from bot.domain.draft import SECRET_STEPS, Notice
from bot.domain.draft_answers import AlmostCodeSent, CodesSent, ProxySent, Typed
from bot.domain.draft_transitions import apply, noticed
from bot.domain.proxy import ProxyChoice
from bot.domain.sent_transitions import without_codes
from bot.domain.transfer_code import TransferCode, count_codes, looks_like_code
from bot.errors import InputError
from bot.usecases.actor import Actor
from bot.usecases.draft_changes import change, remark, replace_draft, without_kept_proxy
from bot.usecases.edited_messages import take_edited_codes
from bot.usecases.known_codes import find_known
from bot.usecases.message_deletion import MessageFate
from bot.usecases.named_answers import take_word
from bot.usecases.permissions import UseCase, require
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import StoredDraft
from bot.usecases.remote_lists import with_lists
from bot.usecases.sent_messages import IGNORED, Message, Received, TakeText, ended, read_message, show, write

#: How long a proxy is kept for the code that it is for.
PROXY_KEPT = timedelta(minutes=10)


def take_text(work: UnitOfWork, actor: Actor, command: TakeText) -> Received:
    """A text that is no command: codes, a proxy, the answer to the open draft's question, or none of these."""
    require(actor, UseCase.TAKE_TEXT)
    return _take(work, actor, read_message(work, command))


def take_command(work: UnitOfWork, actor: Actor, command: TakeText) -> Received:
    """A command that the bot does not know. A password that is asked for may begin with a slash.

    Otherwise it is not understood; the open draft's card is shown again below what is said about it.
    """
    require(actor, UseCase.TAKE_COMMAND)
    message = read_message(work, command)
    # Where buttons answer nothing that begins with a slash does.
    if message.asks_secret and not message.is_beside_buttons:
        return _take(work, actor, message)
    received = _take_secrets(work, actor, message)
    if command.addressed and not received.used:
        show(work, message.stored)
    return received


def look_through(work: UnitOfWork, actor: Actor, command: TakeText) -> Received:
    """What stands behind a command that takes no such text: only its secrets count."""
    require(actor, UseCase.LOOK_THROUGH)
    return _take_secrets(work, actor, read_message(work, command))


def begin_import(work: UnitOfWork, actor: Actor, command: TakeText) -> Received:
    """Begin an import: with the codes of the text, or asking for one. A draft that is open already is shown again."""
    require(actor, UseCase.BEGIN_IMPORT)
    message = read_message(work, command)
    if message.codes:
        return _take_codes(work, actor, message, message.codes)
    if message.choice is not None:
        return _take_proxy(work, actor, message, message.choice)
    if (almost := message.almost(command.argument)) is not None:
        return _take_almost(work, actor, message, almost)
    if message.stored is not None:
        show(work, message.stored)
    else:
        work.drafts.open_new(command.where, message.begun(actor), work.now)
    return ended(work, message, Received())


def take_edit(work: UnitOfWork, actor: Actor, command: TakeText) -> Received:
    """A message was changed after it was sent: its codes and its proxy count, and nothing else of it."""
    require(actor, UseCase.TAKE_EDIT)
    message = read_message(work, command)
    if _may_be_answer(message):
        _keep_codes_of_deleted(work, message)
        fate = MessageFate.DELETED if message.is_beside_buttons else MessageFate.ANSWER_DELETED
        answered = ended(work, message, Received(), fate)
        return replace(answered, notice=Notice("changed_afterwards"))
    if (received := take_edited_codes(work, message)) is not None:
        return received
    if message.codes and not message.is_answer:
        return _take_codes(work, actor, message, message.codes)
    if command.addressed and message.stored is None and (almost := message.almost(command.text)) is not None:
        return _take_almost(work, actor, message, almost)
    received = _take_secrets(work, actor, message)
    if received.used or not (command.addressed or message.found.certain):
        return received
    show(work, message.stored)
    return replace(received, notice=Notice("changed_afterwards"))


def _may_be_answer(message: Message) -> bool:
    """Whether a message that was changed may hold the secret that is asked for, and nothing else that counts."""
    if not message.asks_secret or message.codes or message.choice is not None:
        return False
    if not message.is_beside_buttons:
        return True
    # Beside buttons a message that had codes is about these.
    stored, message_id = message.stored, message.command.message_id
    return message.is_likely_login and (stored is None or message_id not in stored.messages.values())


def _keep_codes_of_deleted(work: UnitOfWork, message: Message) -> None:
    """Show the card again; where the codes of the draft stood in the message that goes, with a way to see them."""
    stored = message.stored
    if stored is not None and message.command.message_id in stored.messages.values():
        replace_draft(work, stored, replace(stored.draft, codes_deleted=True), repost=True)
    else:
        show(work, stored)


def _take(work: UnitOfWork, actor: Actor, message: Message) -> Received:
    found = message.found
    if message.is_note_with_code and message.stored is not None:
        remark(work, message.stored, InputError("code_in_note"))
        return ended(work, message, Received())
    if message.codes and not message.is_answer:
        return _take_codes(work, actor, message, message.codes)
    # What others read as well is used at once, since it is deleted.
    if message.choice is not None and not (message.is_answer and message.command.where.private):
        return _take_proxy(work, actor, message, message.choice)
    if (found.certain or found.doubtful) and not (message.asks_secret or message.is_unread_login):
        # Nothing that may be a secret is echoed, searched for or kept.
        return _explain(work, message)
    return _take_words(work, actor, message) if message.command.addressed else IGNORED


def _take_words(work: UnitOfWork, actor: Actor, message: Message) -> Received:
    """A text for the bot that holds neither a code nor a proxy."""
    if message.stored is not None and (received := take_word(work, actor, message, message.stored)) is not None:
        return received
    if (almost := message.almost(message.command.text)) is not None:
        return _take_almost(work, actor, message, almost)
    if message.stored is not None:
        return _take_answer(work, message, message.stored)
    return Received(notice=Notice("almost_code" if looks_like_code(message.command.text) else "no_draft"))


def _take_almost(work: UnitOfWork, actor: Actor, message: Message, almost: AlmostCode) -> Received:
    """Ask whether a code was meant, or say why what was sent is none.

    There is nothing to ask about a code that is known.
    """
    code, draft = message.code_to_ask(almost), message.draft(actor)
    if code is not None:
        if code in draft.codes or find_known(work, [code], message.stored):
            return _take_codes(work, actor, message, [code])
        write(work, message, apply(draft, AlmostCodeSent(code)))
        return Received()
    why = InputError("almost_code") if almost.code is not None else InputError("wrong_digits", count=str(almost.digits))
    if message.stored is None:
        return Received(notice=Notice(why.reason, why.values))
    remark(work, message.stored, why)
    return Received()


def _take_codes(work: UnitOfWork, actor: Actor, message: Message, codes: Sequence[TransferCode]) -> Received:
    """Codes begin a draft or join the open one, but for those that somebody has already. A proxy comes with them."""
    found = message.found
    theirs = find_known(work, codes, message.stored)
    taken, left, known = theirs.taken, theirs.left, theirs.codes
    free = tuple(code for code in codes if code not in known)
    if not free and message.choice is not None:
        return replace(_take_proxy(work, actor, message, message.choice), taken=taken, left=left)
    # Who has a code is told here, and not once more at the tap on Import.
    lost = {code for code in message.draft(actor).codes if code in known}
    if not free:
        if lost and message.stored is not None:
            draft = without_codes(replace(message.stored.draft, notice=None), lost)
            replace_draft(work, message.stored, with_lists(work, draft), repost=True)
        else:
            show(work, message.stored)
        return ended(work, message, Received(taken, left=left))
    mentions = count_codes(found.rest) if message.codes else len(codes)
    almost = bool(message.codes) and looks_like_code(found.rest)
    if found.choice is not None and set(free) <= set(message.draft(actor).codes):
        mentions = len(known)  # They say what the proxy is for, and are no mistake.
    sent = CodesSent(free, mentions - len(known), almost=almost)
    before, expired = without_kept_proxy(message.draft(actor), message.begun(actor), work.now)
    draft = apply(without_codes(before, lost), sent)
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
    write(work, message, draft)
    return ended(work, message, Received(taken, used=used, left=left))


def _take_proxy(work: UnitOfWork, actor: Actor, message: Message, choice: ProxyChoice) -> Received:
    """A proxy becomes that of the open draft; with none open it is kept for a while for the code that comes next."""
    draft = apply(message.draft(actor), ProxySent(choice, message.found.notice))
    if draft.codes:
        notice = Notice("proxy_taken") if message.found.certain else None
    else:
        notice, draft = Notice("proxy_kept"), replace(draft, proxy_until=work.now + PROXY_KEPT)
    write(work, message, draft)
    return ended(work, message, Received(notice=notice, used=True))


def _take_secrets(work: UnitOfWork, actor: Actor, message: Message) -> Received:
    """Use what a message says of a proxy, and nothing else of it. Codes would be lost if it was deleted."""
    if message.choice is not None and not message.codes:
        return _take_proxy(work, actor, message, message.choice)
    return ended(work, message, IGNORED)


def _take_answer(work: UnitOfWork, message: Message, stored: StoredDraft) -> Received:
    """What is typed answers the question; a secret is deleted from the chat, also where it can't be used."""
    if message.asked not in SECRET_STEPS:
        change(work, stored, Typed(message.command.text), repost=True)
        return ended(work, message, Received())
    fate = message.answer_fate
    if message.asks_secret:
        # Where the message goes without a word the card may be the last one again, and need not be moved then.
        silent = fate is MessageFate.ANSWER_DELETED
        change(work, stored, Typed(message.command.text), repost=not (silent and message.follows_card))
    else:
        remark(work, stored, InputError("not_in_private"))
    return ended(work, message, Received(), fate)


def _explain(work: UnitOfWork, message: Message) -> Received:
    """Leave a message alone. Where a proxy was sent to the bot that can't be used, say why."""
    stored, mistake = message.stored, message.mistake
    notice = None
    if stored is not None and mistake is not None:
        remark(work, stored, mistake)
    elif mistake is not None:
        notice = Notice(mistake.reason, mistake.values)
    elif message.command.addressed:
        show(work, stored)
    return ended(work, message, Received(notice=notice))
