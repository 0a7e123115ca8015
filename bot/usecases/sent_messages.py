"""A message as the use cases of drafting see it: what it holds, what it may be for, and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.domain.almost_code import AlmostCode, read_almost
from bot.domain.doubtful_words import has_password_look, is_likely_login, is_read_with_login
from bot.domain.draft import (
    FREE_TEXT_STEPS,
    SEARCH_STEPS,
    SECRET_STEPS,
    TYPED_SECRET_STEPS,
    Draft,
    Notice,
    Step,
    begin,
    step,
    without_asides,
)
from bot.domain.meanings import Word
from bot.domain.message_secrets import MessageSecrets, is_answer, secrets_in
from bot.domain.proxy import ProxyChoice
from bot.domain.transfer_code import TransferCode, find_codes, without_codes
from bot.domain.typed_proxy import choice_of
from bot.errors import InputError
from bot.usecases.actor import Actor
from bot.usecases.deletion_offers import Offer
from bot.usecases.draft_changes import open_draft, replace_draft
from bot.usecases.message_deletion import OFFERED, MessageFate, with_warning
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import CardKind, LeftCode, LoggedImport, Place, StoredDraft
from bot.usecases.remote_lists import with_lists


@dataclass(frozen=True, slots=True)
class TakeText:
    """``addressed`` says that the bot is meant. ``message_id`` is None where there is no message to delete.

    ``word`` is the word that the text is, in its person's language. ``parts`` are the messages, with what stood in
    each, as which a text came that was too long for one.
    """

    where: Place
    text: str = field(repr=False)
    addressed: bool
    message_id: int | None = None
    word: Word | None = None
    parts: tuple[tuple[int, str], ...] = field(default=(), repr=False)

    @property
    def message_ids(self) -> Sequence[int]:
        return [message_id for message_id, _ in self.parts] or ([] if self.message_id is None else [self.message_id])

    @property
    def argument(self) -> str:
        """What stands behind a command."""
        return "".join(self.text.split(maxsplit=1)[1:])


@dataclass(frozen=True, slots=True)
class Received:
    """``taken`` are rows that have a code of the text already, ``left`` are codes of it that wait for somebody.

    ``notice`` is to be said apart from the card.

    ``fate`` is what becomes of the message; ``offer`` is for the button that deletes it. ``used``: all that it says was
    used, so that nothing is lost with it. ``understood`` is False when nothing was done with it.
    """

    taken: tuple[LoggedImport, ...] = ()
    notice: Notice | None = None
    fate: MessageFate = MessageFate.STAYS
    offer: Offer | None = None
    used: bool = False
    understood: bool = True
    left: tuple[LeftCode, ...] = ()


#: Remarks whose cause is no answer, but how things stand.
LASTING = frozenset(
    {
        *("group_gone", "proxy_gone", "proxy_expired"),
        *("group_away", "group_silent", "group_unreadable", "group_refused"),
    }
)
IGNORED = Received(understood=False)


@dataclass(frozen=True, slots=True)
class Message:
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
    def sent_in(self) -> Mapping[TransferCode, int]:
        """In which message each code stood. One that was cut in two stood in none: no change of one replaces it."""
        command = self.command
        if not command.parts:
            return {} if command.message_id is None else dict.fromkeys(self.codes, command.message_id)
        found = {code: message_id for message_id, text in reversed(command.parts) for code in find_codes(text)}
        return {code: found[code] for code in self.codes if code in found}

    @property
    def asks_secret(self) -> bool:
        """Whether a secret is asked for where nobody else reads it."""
        return self.asked in SECRET_STEPS and self.command.where.private

    @property
    def is_beside_buttons(self) -> bool:
        """Whether buttons of a proxy are shown, beside which a proxy may be typed as well."""
        return self.asked in SECRET_STEPS - TYPED_SECRET_STEPS

    @property
    def follows_card(self) -> bool:
        """Whether it stands right below the draft's card: the bot's messages have numbers that rise one by one."""
        above = None if self.stored is None else self.stored.card.message_id
        return above is not None and self.command.message_id == above + 1

    @property
    def is_answer(self) -> bool:
        return is_answer(self.asked, self.command.text, self.found)

    @property
    def is_note_with_code(self) -> bool:
        """Whether it answers what note is to be left, and has a code in it; a code alone is one more to leave."""
        if self.asked is not Step.HANDOFF_NOTE or not self.codes or self.choice is not None:
            return False
        return any(character.isalnum() for character in without_codes(self.command.text))

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

    def almost(self, text: str) -> AlmostCode | None:
        """What this text of it holds that is almost a code; None where it may be the answer to what is asked."""
        almost = None if self.asked in FREE_TEXT_STEPS else read_almost(text)
        if almost is None or almost.code is not None or almost.is_one_off:
            return almost
        # Half a code may be part of what is searched for.
        return None if self.asked in SEARCH_STEPS else almost

    def code_to_ask(self, almost: AlmostCode) -> TransferCode | None:
        """The code that may have been meant; None where that is not asked.

        The number of a bank card is asked about nowhere but in private: it may have been written to somebody else.
        """
        return almost.code if self.command.where.private or not almost.is_card_number else None

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

    @property
    def is_likely_login(self) -> bool:
        return is_likely_login(self.command.text, self.found)

    @property
    def is_unread_login(self) -> bool:
        """Whether it answers buttons of a proxy with what is likely to be a login, and can't be read."""
        for_bot = self.is_beside_buttons and self.command.addressed
        return for_bot and not self.found.certain and self.is_likely_login

    @property
    def answer_fate(self) -> MessageFate:
        """What becomes of it where a secret is asked for, or buttons of a proxy are shown.

        The latter do not say that what is typed is deleted: an ordinary message stays.
        """
        text, found = self.command.text, self.found
        if found.certain and found.more:
            return MessageFate.HOLDS_MORE
        if not self.is_beside_buttons:
            return MessageFate.ANSWER_DELETED
        if self.is_likely_login:
            return MessageFate.DELETED
        if is_read_with_login(text):
            return MessageFate.HOLDS_SECRET
        return MessageFate.MAY_HOLD_SECRET if found.doubtful or has_password_look(text) else MessageFate.STAYS


def read_message(work: UnitOfWork, command: TakeText) -> Message:
    stored = work.drafts.find_open(command.where)
    # A text is no answer to a question about what was sent: it is for what was asked before.
    asked = None if stored is None else step(without_asides(stored.draft))
    found = secrets_in(command.text, asked)
    return Message(command, stored, asked, found, find_codes(found.rest))


def ended(work: UnitOfWork, message: Message, received: Received, fate: MessageFate | None = None) -> Received:
    """What was done, and what becomes of the message."""
    fate = fate or message.fate(used=received.used)
    fate = with_warning(
        work, message.command.where, fate, len(message.codes) - len(received.taken) - len(received.left)
    )
    offer = None
    if fate in OFFERED and message.command.message_ids:
        offer = work.deletion_offers.add(message.command.where, message.command.message_ids, work.now)
    understood = received.understood or fate is not MessageFate.STAYS
    return replace(received, fate=fate, offer=offer, understood=understood)


def show(work: UnitOfWork, stored: StoredDraft | None) -> None:
    """Show the draft's card again, below what was written. A remark on an answer before this message goes."""
    if stored is None:
        return
    notice = stored.draft.notice
    if notice is None or notice.reason in LASTING:
        work.cards.show_again(CardKind.DRAFT, stored.id)
    else:
        replace_draft(work, stored, replace(stored.draft, notice=None), repost=True)


def write(work: UnitOfWork, message: Message, draft: Draft) -> None:
    if message.stored is None:
        open_draft(work, message.command.where, draft, sent_in=message.sent_in)
    else:
        draft = with_lists(work, draft)
        replace_draft(work, message.stored, draft, repost=True, sent_in=message.sent_in)
