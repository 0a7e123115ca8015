"""What is pressed by who has left codes, and by admins who give them to somebody else."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from bot.chat import words
from bot.chat.callbacks import HANDOFF, Press, button
from bot.chat.cards import in_rows
from bot.chat.drafting import shown_codes
from bot.chat.handoffs import receipt
from bot.chat.handoffs import receipt_texts as texts
from bot.chat.handoffs.entry import Source, list_button
from bot.chat.handoffs.hand_over_texts import labels, the_team
from bot.chat.handoffs.known_codes import tell_known
from bot.chat.handoffs.list_texts import Listed
from bot.chat.translator import Html
from bot.chat.update_context import UpdateContext
from bot.domain.draft import Receiver
from bot.usecases.buttons import ButtonResult, Problem
from bot.usecases.given_handoffs import (
    PARTS,
    ReassignHandoff,
    ShowHandedCodes,
    SplitHandoff,
    import_returned,
    reassign_handoff,
    show_handed_codes,
    split_handoff,
    withdraw_handoff,
)
from bot.usecases.handoff_lists import HandoffView, ListReceivers, ShowHandoff, list_receivers, show_handoff
from bot.usecases.permissions import UseCase, require
from bot.usecases.receiving import HandoffButton

#: In place of a person's number.
TEAM = "team"
#: A page, a person or a number of parts, none longer than the database takes; and the list in which the entry stands.
_ARGUMENT = re.compile(rf"([0-9]{{1,18}}|{TEAM})?([{''.join(Listed)}])?", re.ASCII)

Act = Callable[[UpdateContext, Press], None]


def _asked(press: Press) -> str:
    """What a button names: digits, the team, or nothing."""
    found = _ARGUMENT.fullmatch(press.argument)
    return "" if found is None else found[1] or ""


def _listed(press: Press) -> str:
    """The list in which the entry stands that was pressed; empty on a receipt."""
    found = _ARGUMENT.fullmatch(press.argument)
    return "" if found is None else found[2] or ""


def _button(ctx: UpdateContext, press: Press) -> HandoffButton:
    return HandoffButton(ctx.incoming.where, press.id)


def _done(ctx: UpdateContext, press: Press, result: ButtonResult) -> None:
    """Say what came of it, and show the handoff as it stands now."""
    ctx.explain(result.problem)
    tell_known(ctx, result.taken, result.left, result.drafted)
    _show(ctx, press)


def _show(ctx: UpdateContext, press: Press) -> None:
    """Show the handoff in the message that was pressed, if it is any business of the actor's."""
    view = show_handoff(ctx.work, ctx.actor, ShowHandoff(press.id))
    if view is not None and (view.owned or view.may_assign):
        listed = _listed(press)
        card = receipt.card_of(ctx.t, view, ctx.actor.time_zone, listed)
        back = [[list_button(words.back(ctx.t), Source(Listed(listed), 0, ctx.actor.user_id))]] if listed else []
        ctx.edit(Html(card.text), [*card.buttons, *back])
    elif ctx.problem is None:
        ctx.explain(Problem.OLD_BUTTON if view is None else Problem.NOT_YOURS)


def _withdraw(ctx: UpdateContext, press: Press) -> None:
    _done(ctx, press, withdraw_handoff(ctx.work, ctx.actor, _button(ctx, press)))


# --- to somebody else -------------------------------------------------------------------------------------------------


def _choose_receiver(ctx: UpdateContext, press: Press) -> None:
    """Whom to give it to instead; the argument is a page."""
    page = int(_asked(press)) if _asked(press).isdecimal() else 0
    found = list_receivers(ctx.work, ctx.actor, ListReceivers(page=page, handoff_id=press.id))
    view = _assignable(ctx, press)
    if view is None:
        return
    count = len(view.handoff.movable) + len(view.handoff.returned)
    if not count:
        _done(ctx, press, ButtonResult(Problem.OLD_BUTTON))
        return
    called = zip(labels(ctx.t, found), found.people, strict=True)
    rows = in_rows([_one(label, press, "assign", str(user_id)) for label, (user_id, _) in called])
    turn = []
    if found.page > 0:
        turn.append(_one(Html(f"‹ {words.previous(ctx.t)}"), press, "reassign", str(found.page - 1)))
    if found.page < found.pages - 1:
        turn.append(_one(Html(f"{words.next_(ctx.t)} ›"), press, "reassign", str(found.page + 1)))
    team = _one(Html(f"👥 {the_team(ctx.t)}"), press, "assign", TEAM)
    ctx.edit(texts.ask_receiver(ctx.t, count), [*rows, *([turn] if turn else []), [team], _back(ctx, press)])


def _assign(ctx: UpdateContext, press: Press) -> None:
    asked = _asked(press)
    if not asked:
        require(ctx.actor, UseCase.REASSIGN_HANDOFF)
        ctx.explain(Problem.OLD_BUTTON)
        return
    receiver = Receiver(None if asked == TEAM else int(asked))
    _done(ctx, press, reassign_handoff(ctx.work, ctx.actor, ReassignHandoff(_button(ctx, press), receiver)))


def _assignable(ctx: UpdateContext, press: Press) -> HandoffView | None:
    """The handoff, where the actor may give it to somebody else; otherwise that is said."""
    view = show_handoff(ctx.work, ctx.actor, ShowHandoff(press.id))
    if view is not None and view.may_assign:
        return view
    ctx.explain(Problem.OLD_BUTTON if view is None else Problem.NOT_YOURS)
    return None


# --- in parts ---------------------------------------------------------------------------------------------------------


def _split(ctx: UpdateContext, press: Press) -> None:
    """Into how many parts, which is asked without an argument."""
    if _asked(press).isdecimal():
        command = SplitHandoff(_button(ctx, press), press.revision, int(_asked(press)))
        _done(ctx, press, split_handoff(ctx.work, ctx.actor, command))
        return
    view = _assignable(ctx, press)
    if view is None:
        return
    count = len(view.handoff.waiting)
    parts = [_one(Html(ctx.t.number(each)), press, "split", str(each)) for each in PARTS if each <= count]
    if parts and view.handoff.version == press.revision:
        ctx.edit(texts.ask_parts(ctx.t, count), [parts, _back(ctx, press)])
    else:
        _done(ctx, press, ButtonResult(Problem.OLD_BUTTON))


# --- what has come back -----------------------------------------------------------------------------------------------


def _import(ctx: UpdateContext, press: Press) -> None:
    result = import_returned(ctx.work, ctx.actor, _button(ctx, press))
    ctx.explain(result.problem)
    tell_known(ctx, result.taken, result.left)


def _show_codes(ctx: UpdateContext, press: Press) -> None:
    command = ShowHandedCodes(_button(ctx, press), shown_codes.hidden(ctx.t))
    ctx.explain(show_handed_codes(ctx.work, ctx.actor, command).problem)


# --- all of them ------------------------------------------------------------------------------------------------------


def _one(label: str, press: Press, action: str, argument: str = "") -> tuple[str, str]:
    """A button for the handoff as it was shown, and where."""
    return button(label, Press(HANDOFF, press.id, press.revision, action, argument + _listed(press)))


def _back(ctx: UpdateContext, press: Press) -> Sequence[tuple[str, str]]:
    return [_one(words.back(ctx.t), press, "receipt")]


def _in_private(act: Act) -> Act:
    """In a group chat no button of ours leads there."""

    def do(ctx: UpdateContext, press: Press) -> None:
        if ctx.incoming.private:
            act(ctx, press)
            return
        require(ctx.actor, UseCase.SHOW_HANDOFF)
        ctx.explain(Problem.OLD_BUTTON)

    return do


ACTIONS: Mapping[str, Act] = {
    name: _in_private(act)
    for name, act in {
        "receipt": _show,
        "withdraw": _withdraw,
        "reassign": _choose_receiver,
        "assign": _assign,
        "split": _split,
        "import": _import,
        "codes": _show_codes,
    }.items()
}
