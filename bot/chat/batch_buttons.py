"""Presses on a batch's card: cancel, wait on, look again, and what to do next."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.chat.callbacks import Press
from bot.chat.cards import can_be_retried
from bot.chat.texts import talk
from bot.chat.update_context import UpdateContext
from bot.domain.draft import DefaultGroup, Draft, GroupAnswer, ListedGroup, begin, last_choices
from bot.domain.outcome import PROXY_REFUSALS
from bot.usecases.records import Batch, CardKind

_NO_GROUP = 110004
#: Of a card that was never changed; no button carries less.
_FIRST = 1


def pressed(ctx: UpdateContext, press: Press) -> None:
    """A press on a batch's card.

    What acts on the batch itself may come from a card that has been edited since: progress does that every other
    second, and a Cancel that missed for it would let imports go out that nobody wants. It changes rows only where they
    still stand as the button says, so that a second press changes nothing. What opens a draft leaves no such trace in
    the rows: it takes the card as it is now, of a batch that has ended, and moves its revision on, so that a press
    that comes again opens no second draft.
    """
    batch = ctx.work.batches.find(press.id)
    if batch is None or batch.where.chat_id != ctx.incoming.chat_id or press.action not in _ACTIONS:
        ctx.popup = talk.old_button(ctx.t)
        return
    if batch.where.user_id != ctx.incoming.user_id:
        ctx.popup = talk.not_yours(ctx.t)
        return
    if not _FIRST <= press.revision <= batch.card.revision:
        ctx.popup = talk.old_button(ctx.t)
        return
    if press.action in _OPENING and not (batch.ended and press.revision == batch.card.revision):
        _point_to_now(ctx, batch)
        return
    _ACTIONS[press.action](ctx, batch)


def _point_to_now(ctx: UpdateContext, batch: Batch) -> None:
    if _another_is_open(ctx):
        return
    ctx.popup = talk.old_button(ctx.t)
    if batch.card.message_id != ctx.incoming.message_id:
        ctx.work.batches.bump(batch.id, below=True)


def _cancel(ctx: UpdateContext, batch: Batch) -> None:
    _done(ctx, batch, ctx.work.batches.cancel(batch.id, ctx.now))
    if ctx.popup is None:
        ctx.popup = talk.noted_cancel(ctx.t)


def _go_on(ctx: UpdateContext, batch: Batch) -> None:
    _done(ctx, batch, ctx.work.batches.go_on(batch.id, ctx.now))


def _look(ctx: UpdateContext, batch: Batch) -> None:
    _done(ctx, batch, ctx.work.batches.look_again(batch.id), again=True)
    if ctx.popup is None:
        ctx.popup = talk.looking(ctx.t)


def _proxy(ctx: UpdateContext, batch: Batch) -> None:
    _done(ctx, batch, ctx.work.batches.retry_proxy(batch.id), again=True)


def _leave(ctx: UpdateContext, batch: Batch) -> None:
    _done(ctx, batch, ctx.work.batches.give_up_proxy(batch.id))


def _done(ctx: UpdateContext, batch: Batch, changed: bool, *, again: bool = False) -> None:
    """After a change: have the card shown, secrets that nobody needs any more wiped, and the importer woken."""
    if not changed:
        ctx.popup = talk.old_button(ctx.t)
        return
    ctx.work.batches.bump(batch.id, again=again)
    ctx.work.batches.wipe_if_ended(batch.id)
    ctx.work.signals.imports_queued()


# --- what to do next --------------------------------------------------------------------------------------------------


def _again(ctx: UpdateContext, batch: Batch) -> None:
    """The codes that did not go through, with the same choices, apart from the one that was at fault."""
    rows = [row for row in batch.rows if can_be_retried(row)]
    taken = {row.code for row in ctx.work.log.living([row.code.text for row in rows])}
    rows = [row for row in rows if row.code not in taken]
    if not rows:
        ctx.popup = talk.old_button(ctx.t)
        return
    draft = replace(_choices(ctx, batch), codes=tuple(row.code for row in rows))
    codes = {row.error_code for row in rows}
    if _NO_GROUP in codes:
        draft = replace(draft, group=None)
    if codes & PROXY_REFUSALS:
        draft = replace(draft, proxy=None)
    _open(ctx, batch, draft, {row.code.text: row.id for row in rows})


def _same(ctx: UpdateContext, batch: Batch) -> None:
    _open(ctx, batch, _choices(ctx, batch), {})


def _another(ctx: UpdateContext, batch: Batch) -> None:
    _open(ctx, batch, Draft(), {})


def _choices(ctx: UpdateContext, batch: Batch) -> Draft:
    group: GroupAnswer = DefaultGroup()
    if batch.group_id is not None:
        group = ListedGroup(batch.group_id, batch.group_title)
    remembered = last_choices(Draft(group=group, proxy=batch.proxy, bypass=batch.bypass))
    return begin(remembered, secrets_welcome=ctx.incoming.private)


def _open(ctx: UpdateContext, batch: Batch, draft: Draft, retries: Mapping[str, int]) -> None:
    if _another_is_open(ctx):
        return
    ctx.work.drafts.open_new(ctx.incoming.where, draft, ctx.now, retries)
    ctx.work.batches.bump(batch.id)


def _another_is_open(ctx: UpdateContext) -> bool:
    """Whether the person has a draft open here already, to which they are then pointed."""
    stored = ctx.work.drafts.find_open(ctx.incoming.user_id, ctx.incoming.chat_id)
    if stored is None:
        return False
    ctx.popup = talk.finish_first(ctx.t)
    ctx.work.cards.show_again(CardKind.DRAFT, stored.id)
    return True


_OPENING: Mapping[str, Callable[[UpdateContext, Batch], None]] = {
    "again": _again,
    "same": _same,
    "another": _another,
}
_ACTIONS: Mapping[str, Callable[[UpdateContext, Batch], None]] = {
    "cancel": _cancel,
    "go_on": _go_on,
    "look": _look,
    "proxy": _proxy,
    "leave": _leave,
    **_OPENING,
}
