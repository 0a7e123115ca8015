"""``/invite``, the buttons of its cards, and the person whom an admin has chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from bot.chat.callbacks import Press
from bot.chat.cards import Card
from bot.chat.invitations import texts
from bot.chat.invitations.cards import (
    asking_card,
    choosing_card,
    joined_card,
    list_card,
    made_card,
    person_card,
)
from bot.chat.members import texts as members
from bot.chat.members.telling import follow_removal
from bot.chat.translator import Html
from bot.chat.update_context import Popup, UpdateContext
from bot.errors import NotAllowed
from bot.usecases.buttons import Problem
from bot.usecases.invitations import (
    BeginInvitation,
    ChooseInvitation,
    InvitationButton,
    Invite,
    ListInvitations,
    PersonNamed,
    RevokeInvitation,
    begin_invitation,
    choose_invitation,
    invite,
    list_invitations,
    revoke_invitation,
)
from bot.usecases.joining import AskRemoval, RemoveJoined, ask_removal, remove_joined
from bot.usecases.members import Change, ShowMember, show_member
from bot.usecases.permissions import UseCase, require
from bot.usecases.records import Role

#: A button's number has so many digits at most: of a week in seconds, or of a page.
DIGITS = 6

#: The number of a request has 32 bits, one of them for the sign.
LARGEST_REQUEST = (1 << 31) - 1


def command(ctx: UpdateContext) -> None:
    """``/invite``."""
    if ctx.incoming.private:
        _begin(ctx)
    else:
        # Whether its person is an admin is nobody's business in a group.
        ctx.say(texts.only_in_private(ctx.t))


def _begin(ctx: UpdateContext) -> None:
    begun = begin_invitation(ctx.work, ctx.actor, BeginInvitation(ctx.incoming.bot_username))
    _show(ctx, choosing_card(ctx.t, begun))


def pressed(ctx: UpdateContext, press: Press) -> None:
    if not ctx.incoming.private:
        require(ctx.actor, UseCase.LIST_INVITATIONS)
    act = ACTIONS.get(press.action) if ctx.incoming.private else None
    if act is None:
        ctx.explain(Problem.OLD_BUTTON)
    else:
        act(ctx, press)


def _show(ctx: UpdateContext, card: Card) -> None:
    ctx.edit(Html(card.text), card.buttons)


# --- choosing ---------------------------------------------------------------------------------------------------------


def _choose(ctx: UpdateContext, press: Press) -> None:
    button = InvitationButton(press.id, press.revision)
    number = _number(press)
    choice: ChooseInvitation | None = None
    if press.action == "role" and press.argument in set(Role):
        choice = ChooseInvitation(button, role=Role(press.argument))
    elif press.action == "uses" and number:
        choice = ChooseInvitation(button, uses=number)
    elif press.action == "life" and number:
        choice = ChooseInvitation(button, life=timedelta(seconds=number))
    chosen = None if choice is None else choose_invitation(ctx.work, ctx.actor, choice)
    if chosen is None:
        ctx.explain(Problem.OLD_BUTTON)
    else:
        _show(ctx, choosing_card(ctx.t, chosen))


def _number(press: Press) -> int | None:
    return int(press.argument) if press.argument.isdecimal() and len(press.argument) <= DIGITS else None


def _make(ctx: UpdateContext, press: Press) -> None:
    made = invite(ctx.work, ctx.actor, Invite(press.id, press.revision)).invitation
    if made is None:
        ctx.explain(Problem.OLD_BUTTON)
    else:
        _show(ctx, made_card(ctx.t, made, ctx.actor.time_zone))


def _ask_person(ctx: UpdateContext, press: Press) -> None:
    """The card stays for Cancel. Buttons below the keyboard come with a message that can have no others."""
    asked = choose_invitation(ctx.work, ctx.actor, ChooseInvitation(InvitationButton(press.id, press.revision)))
    if asked is None or asked.id > LARGEST_REQUEST:
        ctx.explain(Problem.OLD_BUTTON)
        return
    t = ctx.t
    _show(ctx, person_card(t, asked))
    ctx.work.outbox.ask_person(ctx.incoming.where, texts.below(t), texts.person_button(t), asked.id, ctx.work.now)


def _choose_nobody(ctx: UpdateContext, press: Press) -> None:
    """Cancel: back to the other choices. However old the card is, the button below the keyboard goes."""
    _end_asking(ctx, texts.nobody_chosen(ctx.t))
    back = choose_invitation(ctx.work, ctx.actor, ChooseInvitation(InvitationButton(press.id, press.revision)))
    if back is None:
        ctx.explain(Problem.OLD_BUTTON)
    else:
        _show(ctx, choosing_card(ctx.t, back))


def _end_asking(ctx: UpdateContext, text: Html) -> None:
    ctx.work.outbox.end_asking(ctx.incoming.where, text, ctx.work.now)


def person_chosen(ctx: UpdateContext) -> None:
    """Telegram says whom the admin has chosen. The link is for that person alone."""
    chosen = ctx.incoming.chosen
    if not ctx.incoming.private:
        return
    if chosen is None:
        _end_asking(ctx, texts.choice_over(ctx.t))
        return
    person = PersonNamed(chosen.user_id, chosen.name)
    try:
        invited = invite(ctx.work, ctx.actor, Invite(chosen.request_id, person=person))
    except NotAllowed:
        _end_asking(ctx, texts.choice_over(ctx.t))
        raise
    if invited.already:
        _end_asking(ctx, texts.already_in(ctx.t, chosen.name))
    elif invited.invitation is None:
        _end_asking(ctx, texts.choice_over(ctx.t))
    else:
        _end_asking(ctx, texts.made(ctx.t, invited.invitation, ctx.actor.time_zone))


# --- the open ones ----------------------------------------------------------------------------------------------------


def _list(ctx: UpdateContext, press: Press) -> None:
    found = list_invitations(ctx.work, ctx.actor, ListInvitations(_number(press) or 0))
    _show(ctx, list_card(ctx.t, found, ctx.actor.time_zone))


def _revoke(ctx: UpdateContext, press: Press) -> None:
    if not revoke_invitation(ctx.work, ctx.actor, RevokeInvitation(press.id)):
        ctx.explain(Problem.OLD_BUTTON)
    _list(ctx, press)


# --- who has come -----------------------------------------------------------------------------------------------------


def _ask(ctx: UpdateContext, press: Press) -> None:
    joining = ask_removal(ctx.work, ctx.actor, AskRemoval(press.id))
    if joining is None:
        ctx.explain(Problem.OLD_BUTTON)
        return
    person = show_member(ctx.work, ctx.actor, ShowMember(joining.user_id))
    if person.by_settings or person.role is None:
        ctx.say(members.admin_by_settings(ctx.t, person.id))
    else:
        _show(ctx, asking_card(ctx.t, press.id, person, person.role))


def _keep(ctx: UpdateContext, press: Press) -> None:
    if ask_removal(ctx.work, ctx.actor, AskRemoval(press.id)) is None:
        ctx.explain(Problem.OLD_BUTTON)
    else:
        _show(ctx, joined_card(ctx.work, ctx.t, press.id))


def _remove(ctx: UpdateContext, press: Press) -> None:
    """Every admin's card says so afterwards."""
    was = Role(press.argument) if press.argument in set(Role) else None
    if was is None:
        # A button of before, which did not say so.
        _ask(ctx, press)
        return
    removed = remove_joined(ctx.work, ctx.actor, RemoveJoined(press.id, was, ctx.incoming.chat_id))
    if removed.user_id is None:
        ctx.explain(Problem.OLD_BUTTON)
        return
    match removed.changed.change:
        case Change.DONE:
            person = show_member(ctx.work, ctx.actor, ShowMember(removed.user_id))
            follow_removal(ctx.work, person, removed.changed)
        case Change.BY_SETTINGS:
            ctx.say(members.admin_by_settings(ctx.t, removed.user_id))
        case Change.LAST_ADMIN:
            ctx.say(members.last_admin(ctx.t))
        case Change.OUTDATED:
            _ask(ctx, press)
            ctx.popup = Popup(members.changed_meanwhile(ctx.t), alert=True)
        case _:
            ctx.explain(Problem.OLD_BUTTON)


ACTIONS: Mapping[str, Callable[[UpdateContext, Press], None]] = {
    **dict.fromkeys(("role", "uses", "life"), _choose),
    "make": _make,
    "person": _ask_person,
    "nobody": _choose_nobody,
    "list": _list,
    "revoke": _revoke,
    "new": lambda ctx, _press: _begin(ctx),
    "ask": _ask,
    "keep": _keep,
    "remove": _remove,
}
