"""Presses on cards in group chats, and the links that lead from there into private."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping

from bot.chat.callbacks import BATCH, DRAFT, OFFER, Press
from bot.chat.group_chats import texts
from bot.chat.help.handlers import show_menu
from bot.chat.translator import Html, Translator
from bot.chat.update_context import Handler, Popup, UpdateContext
from bot.usecases.buttons import Problem
from bot.usecases.drafting import DraftButton
from bot.usecases.ports import UnitOfWork
from bot.usecases.private_continuation import FollowLink, LinkWanted, Opening, go_on_in_private, make_private_link
from bot.usecases.searching import ask_search

#: What a link begins with that leads from a group chat into private.
_PRIVATE = "private_"

Pressed = Callable[[UpdateContext, Press], None]


def draft_pressed(otherwise: Pressed) -> Pressed:
    """A press on a draft's card: the buttons that it has in group chats alone, and all others."""

    def pressed(ctx: UpdateContext, press: Press) -> None:
        act = _ACTIONS.get(press.action)
        if act is None:
            otherwise(ctx, press)
        else:
            act(ctx, DraftButton(ctx.incoming.where, ctx.incoming.message_id, press.id, press.revision))

    return pressed


def _search(ctx: UpdateContext, button: DraftButton) -> None:
    ctx.explain(ask_search(ctx.work, ctx.actor, button).problem)


def _go_on(ctx: UpdateContext, button: DraftButton) -> None:
    """The link is given to who pressed, over the press: nobody else in the chat sees it."""
    token = secrets.token_urlsafe(24)
    result = make_private_link(ctx.work, ctx.actor, LinkWanted(button, token))
    ctx.explain(result.problem)
    if result.problem is None:
        ctx.popup = Popup(start=f"{_PRIVATE}{token}")


_ACTIONS: Mapping[str, Callable[[UpdateContext, DraftButton], None]] = {"search": _search, "private": _go_on}


def start(otherwise: Handler) -> Handler:
    """``/start``: by a link from a group chat, and any other."""

    def handle(ctx: UpdateContext) -> None:
        argument = ctx.incoming.argument
        if not ctx.incoming.private or not argument.startswith(_PRIVATE):
            otherwise(ctx)
            return
        show_menu(ctx)
        opening = go_on_in_private(ctx.work, ctx.actor, FollowLink(ctx.incoming.where, argument.removeprefix(_PRIVATE)))
        if opening in _NOT_OPENED:
            ctx.say(_NOT_OPENED[opening](ctx.t))

    return handle


_NOT_OPENED: Mapping[Opening, Callable[[Translator], Html]] = {
    Opening.GONE: texts.link_gone,
    Opening.NOT_YOURS: texts.link_of_another,
    Opening.ENDED: texts.link_not_needed,
}


def name_owner(ctx: UpdateContext, press: Press) -> None:
    """Where a card is somebody else's, say whose."""
    if ctx.problem is not Problem.NOT_YOURS:
        return
    user_id = _OWNERS[press.kind](ctx.work, press.id, ctx.incoming.chat_id) if press.kind in _OWNERS else None
    name = None if user_id is None else ctx.work.users.names([user_id]).get(user_id)
    if name:
        ctx.popup = Popup(texts.not_yours(ctx.t, name))


def _of_draft(work: UnitOfWork, draft_id: int, _chat_id: int) -> int | None:
    stored = work.drafts.find(draft_id)
    return None if stored is None else stored.where.user_id


def _of_batch(work: UnitOfWork, batch_id: int, _chat_id: int) -> int | None:
    batch = work.batches.find(batch_id)
    return None if batch is None else batch.where.user_id


def _of_offer(work: UnitOfWork, offer_id: int, chat_id: int) -> int | None:
    return work.deletion_offers.owner(offer_id, chat_id)


_OWNERS: Mapping[str, Callable[[UnitOfWork, int, int], int | None]] = {
    DRAFT: _of_draft,
    BATCH: _of_batch,
    OFFER: _of_offer,
}
