"""``/cancel``, and a press in the list of what can be cancelled."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.chat.callbacks import CANCEL, Press, button
from bot.chat.cancelling import texts
from bot.chat.update_context import UpdateContext
from bot.usecases.actor import Actor
from bot.usecases.buttons import ButtonResult, Problem
from bot.usecases.cancelling import (
    CancelChosen,
    Cancellable,
    CancelOpen,
    cancel_chosen_batch,
    cancel_chosen_draft,
    cancel_open,
)
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import Buttons

#: Batches that are listed, the newest.
LISTED = 8

_DRAFT, _BATCH, _NOTHING = "draft", "batch", "nothing"


def command(ctx: UpdateContext) -> None:
    """``/cancel``."""
    found = cancel_open(ctx.work, ctx.actor, CancelOpen(ctx.incoming.where))
    if found.batches:
        ctx.say(texts.which(ctx.t), _choices(ctx, found))
    elif not found.cancelled:
        ctx.say(texts.nothing(ctx.t))


def _choices(ctx: UpdateContext, found: Cancellable) -> Buttons:
    t = ctx.t
    rows = []
    if found.draft is not None:
        masks = [code.masked for code in found.draft.draft.codes]
        rows.append([button(texts.draft(t, masks), Press(CANCEL, found.draft.id, 0, _DRAFT))])
    for batch in found.batches[-LISTED:]:
        masks = [row.code_mask for row in batch.cancellable]
        rows.append([button(texts.batch(t, masks), Press(CANCEL, batch.id, 0, _BATCH))])
    return [*rows, [button(texts.nothing_of_it(t), Press(CANCEL, ctx.actor.user_id, 0, _NOTHING))]]


def pressed(ctx: UpdateContext, press: Press) -> None:
    """Cancel what was chosen; the question is answered with that."""
    if press.action == _NOTHING:
        result, said = ButtonResult(None if press.id == ctx.actor.user_id else Problem.NOT_YOURS), texts.kept(ctx.t)
    elif (cancel := _CANCEL.get(press.action)) is not None:
        result, said = cancel(ctx.work, ctx.actor, CancelChosen(ctx.incoming.where, press.id)), texts.cancelled(ctx.t)
    else:
        result, said = ButtonResult(Problem.OLD_BUTTON), texts.kept(ctx.t)
    ctx.explain(result.problem)
    if result.problem is None:
        ctx.edit(said)


_CANCEL: Mapping[str, Callable[[UnitOfWork, Actor, CancelChosen], ButtonResult]] = {
    _DRAFT: cancel_chosen_draft,
    _BATCH: cancel_chosen_batch,
}
