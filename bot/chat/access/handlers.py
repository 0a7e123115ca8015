"""Somebody asks to be let in, and admins answer."""

from __future__ import annotations

from bot.chat.access import texts
from bot.chat.access.card import Action, ask_button, card_of, sure_buttons, who_answered
from bot.chat.access.telling import tell_refused
from bot.chat.callbacks import Press, read
from bot.chat.incoming_update import IncomingUpdate
from bot.chat.members.telling import tell_role
from bot.chat.recovery import texts as recovery
from bot.chat.texts import not_allowed
from bot.chat.translator import Html, translator
from bot.chat.update_context import Popup, Saying, UpdateContext
from bot.usecases import access_requests
from bot.usecases.access_requests import AnswerRequest, AskForAccess, NextOfCrowd, RefuseCrowd, Standing
from bot.usecases.actor import awaits_confirmation
from bot.usecases.buttons import Problem
from bot.usecases.ports import UnitOfWork
from bot.usecases.preferences import language_of
from bot.usecases.records import Role

#: Digits of the number of a request.
MOST_DIGITS = 18


def greet(work: UnitOfWork, incoming: IncomingUpdate, owner: str, refusal: Saying | None = None) -> None:
    """Tell a stranger whose bot this is, with their id, and the way to be let in; first why a link leads nowhere."""
    t = translator(language_of(work, incoming.user_id, incoming.language))
    stands = access_requests.standing_of(work, incoming.user_id)
    buttons = [[ask_button(t)]] if stands.standing is Standing.MAY_ASK else ()
    said = texts.greeting(t, incoming.user_id, owner, stands)
    if awaits_confirmation(work, incoming.user_id):
        # They have a role, and need not ask for one.
        said, buttons = recovery.not_yet(t), ()
    elif refusal is not None:
        said = Html(f"{refusal(t)}\n\n{said}")
    work.outbox.say(incoming.where, said, work.now, buttons=buttons, silent=True)
    work.signals.chat_behind(incoming.chat_id)


def pressed_by_stranger(ctx: UpdateContext) -> None:
    """Of these buttons a stranger has one; with any other nothing is done."""
    press = read(ctx.incoming.data)
    if press is not None and press.action == Action.ASK:
        _ask(ctx)


def pressed(ctx: UpdateContext, press: Press) -> None:
    match press.action:
        case Action.ASK:
            _ask(ctx)
        case Action.ALLOW | Action.REFUSE:
            _answer(ctx, press)
        case Action.NEXT:
            if not access_requests.show_next_of_crowd(ctx.work, ctx.actor, NextOfCrowd(press.id)):
                ctx.explain(Problem.OLD_BUTTON)
        case Action.REFUSE_ALL | Action.SURE | Action.KEEP:
            _refuse_crowd(ctx, press)
        case _:
            ctx.explain(Problem.OLD_BUTTON)


def _ask(ctx: UpdateContext) -> None:
    asked = access_requests.ask_for_access(ctx.work, ctx.actor, AskForAccess(ctx.incoming.username))
    # A viewer who still has the button is told what they can do, which is not what a member can.
    is_viewer = ctx.actor.role is Role.VIEWER
    said = not_allowed(ctx.t, viewer=True) if is_viewer else texts.standing(ctx.t, asked)
    ctx.popup = Popup(said, alert=asked.standing is not Standing.ASKED)
    if asked.standing is Standing.ASKED:
        # The button goes: it has done what it is for.
        ctx.edit(Html("\n".join([said, texts.own_id(ctx.t, ctx.actor.user_id)])))


def _answer(ctx: UpdateContext, press: Press) -> None:
    command = AnswerRequest(ctx.incoming.chat_id, press.id, allow=press.action == Action.ALLOW)
    answered = access_requests.answer_request(ctx.work, ctx.actor, command)
    if answered is None:
        ctx.explain(Problem.OLD_BUTTON)
    elif not answered.done:
        card = card_of(ctx.work, ctx.t, answered.stored)
        ctx.popup = Popup(texts.outcome(ctx.t, answered.stored, who_answered(ctx.work, answered.stored)))
        ctx.edit(Html(card.text), card.buttons)
    elif command.allow:
        tell_role(ctx.work, answered.stored.asker.user_id, None, Role.MEMBER)
    else:
        tell_refused(ctx.work, answered.stored.asker)


def _refuse_crowd(ctx: UpdateContext, press: Press) -> None:
    last_id = int(press.argument) if press.argument.isdecimal() and len(press.argument) <= MOST_DIGITS else 0
    command = RefuseCrowd(ctx.incoming.chat_id, press.id, last_id, sure=press.action == Action.SURE)
    refused = access_requests.refuse_crowd(ctx.work, ctx.actor, command)
    if press.action == Action.KEEP:
        ctx.edit(texts.none_refused(ctx.t))
    elif not refused:
        ctx.explain(Problem.OLD_BUTTON)
    elif press.action == Action.SURE:
        for stored in refused:
            tell_refused(ctx.work, stored.asker)
        ctx.edit(texts.all_refused(ctx.t, len(refused)))
    else:
        ctx.say(texts.refuse_all_asked(ctx.t, len(refused)), sure_buttons(ctx.t, press.id, last_id))
