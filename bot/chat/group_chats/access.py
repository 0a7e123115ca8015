"""Whether the bot works in a group chat: looked up for whatever is done there, and answered by the admins."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.chat.callbacks import Press
from bot.chat.group_chats import texts
from bot.chat.group_chats.access_card import moment_of, sure_buttons
from bot.chat.incoming_update import IncomingUpdate
from bot.chat.translator import translator
from bot.chat.update_context import UpdateContext
from bot.usecases.actor import Actor
from bot.usecases.buttons import Problem
from bot.usecases.group_chats import (
    AnswerGroupChat,
    GroupChatSeen,
    RefuseGroupChats,
    Standing,
    allow_group_chat,
    refuse_group_chat,
    refuse_group_chats,
    written_to,
)
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import Place


def works_here(work: UnitOfWork, actor: Actor, incoming: IncomingUpdate) -> bool:
    """Whether anything is done in this group chat."""
    seen = GroupChatSeen(incoming.chat_id, incoming.chat_title, incoming.username)
    called = incoming.to_bot and incoming.data is None
    standing = written_to(work, actor, seen, to_bot=called)
    if standing is Standing.NOW_ALLOWED:
        greet(work, incoming.where)
    return standing is not Standing.SILENT


def greet(work: UnitOfWork, where: Place) -> None:
    """Say what the bot does in a group chat in which it may work from now on, in the language of who has allowed it."""
    work.outbox.say(where, texts.greeting(translator(where.language)), work.now, silent=True)
    work.signals.chat_behind(where.chat_id)


def pressed(ctx: UpdateContext, press: Press) -> None:
    """An admin's answer, on the card that all of them have."""
    act = _ACTIONS.get(press.action)
    if act is None:
        ctx.explain(Problem.OLD_BUTTON)
    else:
        act(ctx, press)


def _allow(ctx: UpdateContext, press: Press) -> None:
    answered = allow_group_chat(ctx.work, ctx.actor, AnswerGroupChat(press.id))
    ctx.explain(answered.problem)
    if answered.group is not None:
        greet(ctx.work, Place(ctx.actor.user_id, answered.group.chat_id, None, ctx.incoming.language))


def _refuse(ctx: UpdateContext, press: Press) -> None:
    ctx.explain(refuse_group_chat(ctx.work, ctx.actor, AnswerGroupChat(press.id)).problem)


def _refuse_all(ctx: UpdateContext, press: Press) -> None:
    """``sure`` is the second tap, and ``keep`` that there is none."""
    until = moment_of(press.argument)
    command = RefuseGroupChats(press.id, until, sure=press.action == "sure")
    refused = refuse_group_chats(ctx.work, ctx.actor, command)
    if press.action == "keep":
        ctx.edit(texts.none_refused(ctx.t))
    elif not refused:
        ctx.explain(Problem.OLD_BUTTON)
    elif command.sure:
        ctx.edit(texts.all_refused(ctx.t, len(refused)))
    else:
        ctx.say(texts.refuse_all_asked(ctx.t, len(refused)), sure_buttons(ctx.t, press.id, until))


_ACTIONS: Mapping[str, Callable[[UpdateContext, Press], None]] = {
    "allow": _allow,
    "refuse": _refuse,
    **dict.fromkeys(("refuse_all", "sure", "keep"), _refuse_all),
}
