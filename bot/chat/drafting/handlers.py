"""What somebody types, and presses on a draft's card, read into commands; and what is said about the results."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from bot.chat import words
from bot.chat.attachments import Attachment, Kind
from bot.chat.callbacks import OFFER, Press
from bot.chat.callbacks import button as make_button
from bot.chat.drafting import notices, replies
from bot.chat.drafting.buttons import answer_of
from bot.chat.drafting.code_display import show
from bot.chat.drafting.typed_words import word_of
from bot.chat.handoffs.handing_over import hand_over_draft
from bot.chat.handoffs.known_codes import tell_known
from bot.chat.incoming_update import IncomingUpdate
from bot.chat.translator import Translator
from bot.chat.update_context import Handler, UpdateContext
from bot.domain.doubtful_words import may_hold_secret
from bot.errors import NotAllowed
from bot.usecases.actor import Actor
from bot.usecases.buttons import ButtonResult
from bot.usecases.deletion_offers import Offer
from bot.usecases.drafting import (
    AnswerDraft,
    DraftButton,
    ShowCard,
    answer,
    cancel_draft,
    confirm,
    show_card,
)
from bot.usecases.drafting_messages import begin_import, look_through, take_command, take_edit, take_text
from bot.usecases.message_deletion import DELETED, DeleteOffered, MessageFate, delete_offered
from bot.usecases.permissions import UseCase, may, require
from bot.usecases.ports import UnitOfWork
from bot.usecases.sent_messages import Received, TakeText


def typed(ctx: UpdateContext) -> None:
    """A text that is no command."""
    if _is_for_others(ctx):
        return
    _take(ctx, take_text)


def begin(ctx: UpdateContext) -> None:
    """``/import``, or a button that begins one."""
    _take(ctx, begin_import)


def unknown_command(ctx: UpdateContext) -> None:
    """A command that there is not; in a group it is somebody else's."""
    if _is_for_others(ctx):
        return
    received = _take(ctx, take_command)
    if not received.understood and ctx.incoming.to_bot:
        ctx.say(replies.unknown_command(ctx.t))


def not_text(ctx: UpdateContext) -> None:
    """A photo, a sticker, a voice message: a caption counts as text, and so does what stands in a text file."""
    if _is_for_others(ctx):
        return
    require(ctx.actor, UseCase.TAKE_TEXT)
    incoming = ctx.incoming
    attachment = incoming.attachment or Attachment(Kind.OTHER)
    if incoming.text:
        typed(ctx)
    if incoming.to_bot and (attachment.problem is not None or not incoming.text):
        ctx.say(replies.not_read(ctx.t, attachment))
        show_card(ctx.work, ctx.actor, ShowCard(incoming.where))


def edited(ctx: UpdateContext) -> None:
    """A message that was changed after it was sent."""
    if _is_for_others(ctx):
        return
    _take(ctx, take_edit)


def _take(ctx: UpdateContext, take: Callable[[UnitOfWork, Actor, TakeText], Received]) -> Received:
    command = _text(ctx.t, ctx.incoming)
    received = take(ctx.work, ctx.actor, command)
    _say_received(ctx, command, received)
    return received


def _is_for_others(ctx: UpdateContext) -> bool:
    """Where people talk to one another, nothing that a viewer says is the bot's business unless it is meant."""
    return not ctx.incoming.to_bot and not may(ctx.actor, UseCase.TAKE_TEXT)


def _text(t: Translator, incoming: IncomingUpdate) -> TakeText:
    word = word_of(t, incoming.text)
    parts = tuple((part.message_id, part.text) for part in incoming.parts)
    return TakeText(incoming.where, incoming.text, incoming.to_bot, incoming.message_id, word, parts)


def _say_received(ctx: UpdateContext, command: TakeText, received: Received) -> None:
    tell_known(ctx, received.taken, received.left)
    said = [] if received.notice is None else [notices.notice(ctx.t, received.notice)]
    if received.fate in DELETED and command.message_ids:
        why = [replies.secret_deleted(ctx.t)] if received.fate is MessageFate.DELETED else []
        *others, last = command.message_ids
        delete = partial(ctx.work.outbox.delete_secret, command.where, now=ctx.work.now)
        for message_id in others:
            delete(message_id, deleted_text="", refused_text="")
        delete(
            last,
            deleted_text=ctx.t.sentences(*said, *why),
            refused_text=ctx.t.sentences(*said, replies.secret_stays(ctx.t)),
        )
    elif (offer := received.offer) is not None:
        action = "delete_code" if received.fate is MessageFate.HOLDS_CODE else "delete"
        argument = "" if offer.first == offer.last else str(offer.last)
        button = make_button(words.delete_message(ctx.t), Press(OFFER, offer.first, 0, action, argument))
        ctx.say(ctx.t.sentences(*said, replies.offer(ctx.t, received.fate)), [[button]])
    elif said:
        ctx.say(ctx.t.sentences(*said))


def offer_pressed(ctx: UpdateContext, press: Press) -> None:
    """A press on Delete my message."""
    incoming = ctx.incoming
    stays = replies.code_stays(ctx.t) if press.action == "delete_code" else replies.secret_stays(ctx.t)
    last = int(press.argument) if re.fullmatch("[0-9]{1,18}", press.argument) else press.id
    command = DeleteOffered(incoming.where, Offer(press.id, last), incoming.message_id, stays)
    ctx.explain(delete_offered(ctx.work, ctx.actor, command).problem)


def take_secrets(ctx: UpdateContext) -> None:
    """Look through what stands behind a command that takes no codes nor proxies."""
    if ctx.incoming.argument and may(ctx.actor, UseCase.LOOK_THROUGH):
        _take(ctx, look_through)


def with_secrets_taken(handler: Handler) -> Handler:
    """The handler of such a command, and then the same, whether or not its person may use the command.

    Of words that may hold a secret the handler sees none, so that it can neither look for them nor say them again.
    """

    def handle(ctx: UpdateContext) -> None:
        incoming = ctx.incoming
        if may_hold_secret(incoming.argument):
            ctx.incoming = incoming.with_words_hidden()
        try:
            handler(ctx)
        except NotAllowed:
            ctx.incoming = replace(ctx.incoming, text=incoming.text)
            take_secrets(ctx)
            raise
        ctx.incoming = replace(ctx.incoming, text=incoming.text)
        take_secrets(ctx)

    return handle


# --- presses ----------------------------------------------------------------------------------------------------------


def pressed(ctx: UpdateContext, press: Press) -> None:
    """A press on a draft's card."""
    button = DraftButton(ctx.incoming.where, ctx.incoming.message_id, press.id, press.revision)
    if press.action == "codes":
        show(ctx, button)
        return
    act = _ACTIONS.get(press.action) or partial(_answer, press)
    result = act(ctx, button)
    ctx.explain(result.problem)
    tell_known(ctx, result.taken, result.left, result.drafted)


def _answer(press: Press, ctx: UpdateContext, button: DraftButton) -> ButtonResult:
    return answer(ctx.work, ctx.actor, AnswerDraft(button, answer_of(press)))


_ACTIONS: Mapping[str, Callable[[UpdateContext, DraftButton], ButtonResult]] = {
    "import": lambda ctx, button: confirm(ctx.work, ctx.actor, button),
    "cancel": lambda ctx, button: cancel_draft(ctx.work, ctx.actor, button),
    "hand_over": hand_over_draft,
}
