"""``/inbox`` and ``/given``: codes that wait for somebody, and those that they have left, in pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.chat import words
from bot.chat.callbacks import HANDOFF, Press, button
from bot.chat.drafting.texts import page as page_line
from bot.chat.handoffs import list_texts as texts
from bot.chat.handoffs.entry import LIST, SHOW, Source, is_for_presser, list_button, show_pressed, source_of
from bot.chat.handoffs.hand_over_texts import the_team
from bot.chat.handoffs.list_texts import Listed
from bot.chat.handoffs.notice import TAKE
from bot.chat.handoffs.standing_texts import name_of
from bot.chat.texts import problem
from bot.chat.translator import Html
from bot.chat.update_context import UpdateContext
from bot.usecases.actor import Actor
from bot.usecases.buttons import Problem
from bot.usecases.handoff_lists import (
    PAGE_SIZE,
    HandoffView,
    ListedHandoffs,
    ListHandoffs,
    list_all_handoffs,
    list_given,
    list_inbox,
)
from bot.usecases.permissions import UseCase, may, require
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import Buttons

_READ: Mapping[Listed, Callable[[UnitOfWork, Actor, ListHandoffs], ListedHandoffs]] = {
    Listed.INBOX: list_inbox,
    Listed.GIVEN: list_given,
    Listed.ALL: list_all_handoffs,
}


def inbox(ctx: UpdateContext) -> None:
    """``/inbox``."""
    _show(ctx, Source(Listed.INBOX, 0, ctx.actor.user_id))


def given(ctx: UpdateContext) -> None:
    """``/given``."""
    _show(ctx, Source(Listed.GIVEN, 0, ctx.actor.user_id))


def _turn(ctx: UpdateContext, press: Press) -> None:
    """Another page, or back from an entry."""
    source = source_of(press)
    if source is None:
        require(ctx.actor, UseCase.SHOW_HANDOFF)
        ctx.explain(Problem.OLD_BUTTON)
    elif is_for_presser(ctx, press):
        _show(ctx, source)


def _show(ctx: UpdateContext, source: Source) -> None:
    t, actor = ctx.t, ctx.actor
    found = _READ[source.listed](ctx.work, actor, ListHandoffs(source.page))
    source = Source(source.listed, found.page, source.user_id)
    if not found.views:
        said = problem(t, Problem.RESTORED) if found.held_back else texts.empty(t, source.listed)
        ctx.edit(said, _switch(ctx, source))
        return
    numbered = list(enumerate(found.views, found.page * PAGE_SIZE + 1))
    entries = [texts.entry(t, number, view, actor.user_id, actor.time_zone) for number, view in numbered]
    said = texts.page(t, source.listed, entries)
    rows = [[_opening(ctx, number, view, source)] for number, view in numbered]
    if source.listed is Listed.INBOX and len(found.views) == 1:
        # What alone is there need not be opened before.
        rows.insert(0, [_taking(ctx, found.views[0], source)])
    turn = []
    if found.page > 0:
        turn.append(list_button(Html(f"‹ {words.previous(t)}"), Source(source.listed, found.page - 1, actor.user_id)))
    if found.page + 1 < found.pages:
        turn.append(list_button(Html(f"{words.next_(t)} ›"), Source(source.listed, found.page + 1, actor.user_id)))
    if found.pages > 1:
        said = Html(f"{said}\n\n{page_line(t, found.page + 1, found.pages)}")
    ctx.edit(said, [*rows, *([turn] if turn else []), *_switch(ctx, source)])


def _opening(ctx: UpdateContext, number: int, view: HandoffView, source: Source) -> tuple[str, str]:
    """The button that opens an entry: with who has left it, and in the list of what one has left for whom it is."""
    handoff = view.handoff
    whom = handoff.giver_id if source.listed is not Listed.GIVEN else handoff.receiver_id
    name = the_team(ctx.t) if whom is None else name_of(ctx.t, view, whom)
    label = texts.label(ctx.t.number(number), name, handoff.codes[0].code_mask)
    return button(label, Press(HANDOFF, handoff.id, handoff.version, SHOW, str(source)))


def _taking(ctx: UpdateContext, view: HandoffView, source: Source) -> tuple[str, str]:
    press = Press(HANDOFF, view.handoff.id, view.handoff.version, TAKE, str(source))
    return button(words.take(ctx.t), press)


def _switch(ctx: UpdateContext, source: Source) -> Buttons:
    """Between what an admin has left and what everybody has; in private, since others read a group chat."""
    if source.listed is Listed.INBOX or not ctx.incoming.private or not may(ctx.actor, UseCase.LIST_ALL_HANDOFFS):
        return []
    if source.listed is Listed.ALL:
        return [[list_button(texts.left_by_me(ctx.t), Source(Listed.GIVEN, 0, ctx.actor.user_id))]]
    return [[list_button(texts.left_by_everybody(ctx.t), Source(Listed.ALL, 0, ctx.actor.user_id))]]


ACTIONS: Mapping[str, Callable[[UpdateContext, Press], None]] = {LIST: _turn, SHOW: show_pressed}
