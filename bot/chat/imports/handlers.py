"""Presses on a batch's card."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.chat.callbacks import Press
from bot.chat.drafting.code_display import show
from bot.chat.imports import texts
from bot.chat.translator import Html, Translator
from bot.chat.update_context import Popup, UpdateContext
from bot.usecases.actor import Actor
from bot.usecases.buttons import ButtonResult, Problem
from bot.usecases.imports import (
    BatchButton,
    OpenNext,
    another_code,
    cancel_imports,
    keep_waiting,
    leave_proxy,
    look_again,
    retry_proxy,
    try_again,
)
from bot.usecases.ports import UnitOfWork

_CHANGES: Mapping[str, Callable[[UnitOfWork, Actor, BatchButton], ButtonResult]] = {
    "cancel": cancel_imports,
    "go_on": keep_waiting,
    "look": look_again,
    "proxy": retry_proxy,
    "leave": leave_proxy,
}
_NEXT: Mapping[str, Callable[[UnitOfWork, Actor, OpenNext], ButtonResult]] = {
    "again": try_again,
    "another": another_code,
}
#: What is said over a press that did what the card does not show at once.
_DONE: Mapping[str, Callable[[Translator], Html]] = {"cancel": texts.noted_cancel, "look": texts.looking}


def pressed(ctx: UpdateContext, press: Press) -> None:
    button = BatchButton(ctx.incoming.where, ctx.incoming.message_id, press.id, press.revision)
    if press.action == "codes":
        show(ctx, button)
        return
    if press.action in _CHANGES:
        result = _CHANGES[press.action](ctx.work, ctx.actor, button)
    elif press.action in _NEXT:
        result = _NEXT[press.action](ctx.work, ctx.actor, OpenNext(button))
    else:
        result = ButtonResult(Problem.OLD_BUTTON)
    ctx.explain(result.problem)
    if result.problem is None and press.action in _DONE:
        ctx.popup = Popup(_DONE[press.action](ctx.t))
