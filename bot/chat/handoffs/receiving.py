"""What is pressed by somebody for whom codes were left: on their notice, or on an entry of a list."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.chat.callbacks import Press
from bot.chat.handoffs import entry, standing_texts
from bot.chat.handoffs.notice import DECLINE, LATER, TAKE, reader_of
from bot.chat.update_context import Popup, UpdateContext
from bot.usecases.actor import Actor
from bot.usecases.buttons import Problem
from bot.usecases.handoff_lists import ShowHandoff, show_handoff
from bot.usecases.ports import UnitOfWork
from bot.usecases.receiving import (
    HandoffButton,
    HandoffResult,
    decline_handoff,
    put_off_handoff,
    take_handoff,
)

_UseCase = Callable[[UnitOfWork, Actor, HandoffButton], HandoffResult]


def _pressed(use_case: _UseCase) -> Callable[[UpdateContext, Press], None]:
    """Who presses on an entry of a list sees it change there; a notice changes by itself."""

    def pressed(ctx: UpdateContext, press: Press) -> None:
        result = use_case(ctx.work, ctx.actor, HandoffButton(ctx.incoming.where, press.id))
        if result.problem is not None:
            _explain(ctx, press, result, result.problem)
        if press.argument:
            entry.show(ctx, press)

    def of_entry(ctx: UpdateContext, press: Press) -> None:
        if entry.is_for_presser(ctx, press):
            pressed(ctx, press)

    return of_entry


def _explain(ctx: UpdateContext, press: Press, result: HandoffResult, problem: Problem) -> None:
    """Say over the press who was first, or what else has become of it."""
    t = ctx.t
    ctx.explain(problem)
    if result.taken_by is not None:
        ctx.popup = Popup(standing_texts.taken_by(t, result.taken_by))
        return
    view = show_handoff(ctx.work, ctx.actor, ShowHandoff(press.id))
    if view is None or problem is Problem.NOT_YOURS:
        ctx.popup = Popup(standing_texts.for_somebody_else(t))
        return
    said = standing_texts.stands(t, view, reader_of(ctx.work, view.handoff, ctx.actor.user_id, ctx.incoming.chat_id))
    if said is not None:
        ctx.popup = Popup(said)


ACTIONS: Mapping[str, Callable[[UpdateContext, Press], None]] = {
    TAKE: _pressed(take_handoff),
    DECLINE: _pressed(decline_handoff),
    LATER: _pressed(put_off_handoff),
}
