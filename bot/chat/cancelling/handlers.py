"""``/cancel``, and a press in the list of what can be cancelled."""

from __future__ import annotations

from bot.chat.callbacks import CANCEL, Press, button
from bot.chat.cancelling import texts
from bot.chat.update_context import UpdateContext
from bot.usecases.buttons import ButtonResult, Problem
from bot.usecases.cancelling import CancelChosen, Cancellable, CancelOpen, cancel_chosen_draft, cancel_open
from bot.usecases.imports import FIRST_REVISION, BatchButton, cancel_imports
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
        masks = [row.code_mask for row in batch.rows]
        rows.append([button(texts.batch(t, masks), Press(CANCEL, batch.id, 0, _BATCH))])
    return [*rows, [button(texts.nothing_of_it(t), Press(CANCEL, ctx.actor.user_id, 0, _NOTHING))]]


def pressed(ctx: UpdateContext, press: Press) -> None:
    """Cancel what was chosen; the question is answered with that."""
    if press.action == _NOTHING:
        problem = None if press.id == ctx.actor.user_id else Problem.NOT_YOURS
        said = texts.kept(ctx.t)
    else:
        problem = _cancel(ctx, press).problem
        said = texts.cancelled(ctx.t)
    ctx.explain(problem)
    if problem is None:
        ctx.work.outbox.say(ctx.incoming.where, said, ctx.work.now, edit_message_id=ctx.incoming.message_id)


def _cancel(ctx: UpdateContext, press: Press) -> ButtonResult:
    where = ctx.incoming.where
    match press.action:
        case "draft":
            return cancel_chosen_draft(ctx.work, ctx.actor, CancelChosen(where, press.id))
        case "batch":
            # However the card has changed since, the batch is the one that is meant.
            return cancel_imports(ctx.work, ctx.actor, BatchButton(where, None, press.id, FIRST_REVISION))
        case _:
            return ButtonResult(Problem.OLD_BUTTON)
