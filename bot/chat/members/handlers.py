"""``/members`` and what is pressed there, ``/allow`` and ``/remove``."""

from __future__ import annotations

from bot.chat import words
from bot.chat.callbacks import MEMBERS, Press, button
from bot.chat.drafting import shown_codes
from bot.chat.members import texts
from bot.chat.members.telling import follow_removal, tell_role
from bot.chat.translator import Html
from bot.chat.update_context import Popup, UpdateContext
from bot.usecases.buttons import Problem
from bot.usecases.kept_codes import ShowKeptCodes, show_kept_codes
from bot.usecases.members import (
    Change,
    ChangeRole,
    ListMembers,
    Member,
    MemberPage,
    RemoveMember,
    ShowMember,
    change_role,
    list_members,
    remove_member,
    show_member,
)
from bot.usecases.records import Buttons, Role
from bot.usecases.roles import above, below

#: Telegram's ids have no more bits than this.
ID_BITS = 52

_PAGE, _PERSON, _ROLE, _ROLE_YES, _REMOVE, _REMOVE_YES, _CODES = (
    *("page", "person"),
    *("role", "role_yes", "remove", "remove_yes"),
    "codes",
)
#: How the role that somebody had, or none, stands on a button.
_WORDS: dict[str, Role | None] = {"none": None} | {role.value: role for role in Role}


# --- commands ---------------------------------------------------------------------------------------------------------


def members(ctx: UpdateContext) -> None:
    """``/members``."""
    found = list_members(ctx.work, ctx.actor, ListMembers())
    if ctx.incoming.private:
        _show_page(ctx, found)
    else:
        ctx.say(texts.in_private_only(ctx.t))


def allow(ctx: UpdateContext) -> None:
    """``/allow ID``; without an id it lists who may."""
    if not ctx.incoming.argument:
        members(ctx)
        return
    user_id = _named(ctx)
    person = show_member(ctx.work, ctx.actor, ShowMember(user_id or 0))
    if user_id is None:
        ctx.say(texts.bad_id(ctx.t, "allow"))
        return
    if person.role in {Role.MEMBER, Role.ADMIN}:
        ctx.say(texts.allowed(ctx.t, user_id, changed=False))
        return
    changed = change_role(ctx.work, ctx.actor, ChangeRole(user_id, Role.MEMBER, person.role, ctx.incoming.chat_id))
    done = changed.change is Change.DONE
    if done:
        # Of who was never heard of no language is known: an admin's is the best guess.
        tell_role(ctx.work, user_id, person.role, Role.MEMBER, otherwise=ctx.actor.language)
    if changed.change is Change.OUTDATED:
        ctx.say(texts.changed_meanwhile(ctx.t))
    else:
        ctx.say(texts.allowed(ctx.t, user_id, changed=done))


def remove(ctx: UpdateContext) -> None:
    """``/remove ID``."""
    t, user_id = ctx.t, _named(ctx)
    person = show_member(ctx.work, ctx.actor, ShowMember(user_id or 0))
    if user_id is None:
        ctx.say(texts.bad_id(t, "remove"))
        return
    changed = remove_member(ctx.work, ctx.actor, RemoveMember(user_id, person.role, ctx.incoming.chat_id))
    match changed.change:
        case Change.BY_SETTINGS:
            ctx.say(texts.admin_by_settings(t, user_id))
        case Change.LAST_ADMIN:
            ctx.say(texts.last_admin(t))
        case Change.OUTDATED:
            ctx.say(texts.changed_meanwhile(t))
        case change:
            ctx.say(texts.removed(t, user_id, changed=change is Change.DONE))
            follow_removal(ctx.work, person, changed)


def _named(ctx: UpdateContext) -> int | None:
    """The id behind the command, None when there is none that Telegram could give."""
    typed = ctx.incoming.argument
    number = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 20 else 0
    return number if 0 < number < 1 << ID_BITS else None


# --- presses ----------------------------------------------------------------------------------------------------------


def pressed(ctx: UpdateContext, press: Press) -> None:
    """The number is the person's, and the argument their role when the button was shown; or the number of a page."""
    if press.action == _CODES:
        command = ShowKeptCodes(ctx.incoming.where, press.id, shown_codes.hidden(ctx.t))
        ctx.explain(show_kept_codes(ctx.work, ctx.actor, command).problem)
    elif not ctx.incoming.private or press.action not in _ACTIONS:
        list_members(ctx.work, ctx.actor, ListMembers())
        ctx.explain(Problem.OLD_BUTTON)
    elif press.action == _PAGE:
        _show_page(ctx, list_members(ctx.work, ctx.actor, ListMembers(press.id)))
    else:
        person = show_member(ctx.work, ctx.actor, ShowMember(press.id))
        _ACTIONS[press.action](ctx, press, person)


def _show_person(ctx: UpdateContext, _press: Press, person: Member) -> None:
    ctx.edit(texts.member(ctx.t, person, ctx.actor.time_zone), _person_buttons(ctx, person))


def _ask_role(ctx: UpdateContext, press: Press, person: Member) -> None:
    was, role = _change_on(press)
    if was is None or role is None or was is not person.role or role not in {above(was), below(was)}:
        _outdated(ctx, press, person)
        return
    _ask(ctx, person, texts.ask_role(ctx.t, person, was, role), _ROLE_YES, press.argument)


def _ask_removal(ctx: UpdateContext, press: Press, person: Member) -> None:
    if person.role is None or _WORDS.get(press.argument) is not person.role or not _may_be_changed(person):
        _outdated(ctx, press, person)
        return
    _ask(ctx, person, texts.ask_removal(ctx.t, person), _REMOVE_YES, press.argument)


def _give_role(ctx: UpdateContext, press: Press, person: Member) -> None:
    was, role = _change_on(press)
    if was is None or role is None or role not in {above(was), below(was)}:
        _outdated(ctx, press, person)
        return
    changed = change_role(ctx.work, ctx.actor, ChangeRole(person.id, role, was, ctx.incoming.chat_id))
    if changed.change is not Change.DONE:
        _refused(ctx, press, person, changed.change)
        return
    tell_role(ctx.work, person.id, was, role)
    ctx.popup = Popup(texts.has_role(ctx.t, person, role))
    # Who has demoted themselves sees it no more.
    if person.id == ctx.actor.user_id:
        ctx.edit(texts.told(ctx.t, was, role))
    else:
        _show_person(ctx, press, show_member(ctx.work, ctx.actor, ShowMember(person.id)))


def _remove(ctx: UpdateContext, press: Press, person: Member) -> None:
    was = _WORDS.get(press.argument)
    if was is None:
        _outdated(ctx, press, person)
        return
    changed = remove_member(ctx.work, ctx.actor, RemoveMember(person.id, was, ctx.incoming.chat_id))
    if changed.change is not Change.DONE:
        _refused(ctx, press, person, changed.change)
        return
    back = [] if person.id == ctx.actor.user_id else [[_page_button(words.back(ctx.t), 0)]]
    ctx.edit(texts.is_removed(ctx.t, person), back)
    follow_removal(ctx.work, person, changed)


_ACTIONS = {
    _PAGE: _show_person,
    _PERSON: _show_person,
    _ROLE: _ask_role,
    _ROLE_YES: _give_role,
    _REMOVE: _ask_removal,
    _REMOVE_YES: _remove,
}


def _change_on(press: Press) -> tuple[Role | None, Role | None]:
    """From which role to which a button leads."""
    was, _, role = press.argument.partition("_")
    return _WORDS.get(was), _WORDS.get(role)


def _outdated(ctx: UpdateContext, press: Press, person: Member) -> None:
    ctx.explain(Problem.OLD_BUTTON)
    _show_person(ctx, press, person)


def _refused(ctx: UpdateContext, press: Press, person: Member, why: Change) -> None:
    """Say why nothing was changed, over the page of the person as it is."""
    _outdated(ctx, press, person)
    if why is Change.LAST_ADMIN:
        ctx.popup = Popup(texts.last_admin(ctx.t), alert=True)


# --- screens ----------------------------------------------------------------------------------------------------------


def _show_page(ctx: UpdateContext, found: MemberPage) -> None:
    """One screen with a button a person, two in a row."""
    people = [button(texts.short_name(each), Press(MEMBERS, each.id, 0, _PERSON)) for each in found.members]
    rows = [people[at : at + 2] for at in range(0, len(people), 2)]
    turn = []
    if found.page > 0:
        turn.append(_page_button(Html(f"‹ {words.previous(ctx.t)}"), found.page - 1))
    if found.page < found.pages - 1:
        turn.append(_page_button(Html(f"{words.next_(ctx.t)} ›"), found.page + 1))
    ctx.edit(texts.members(ctx.t, found.members, ctx.actor.time_zone), [*rows, *([turn] if turn else [])])


def _page_button(label: Html, page: int) -> tuple[str, str]:
    return button(label, Press(MEMBERS, page, 0, _PAGE))


def _may_be_changed(person: Member) -> bool:
    return not (person.by_settings or person.last_admin)


def _person_buttons(ctx: UpdateContext, person: Member) -> Buttons:
    rows = []
    if person.role is not None and not person.by_settings:
        higher, lower, changes = above(person.role), below(person.role), []
        if higher is not None:
            changes.append(_role_button(texts.promote(ctx.t), person, higher))
        if lower is not None and _may_be_changed(person):
            changes.append(_role_button(texts.demote(ctx.t), person, lower))
        rows = [changes] if changes else []
        if _may_be_changed(person):
            rows.append([button(texts.remove(ctx.t), Press(MEMBERS, person.id, 0, _REMOVE, person.role))])
    return [*rows, [_page_button(words.back(ctx.t), 0)]]


def _role_button(label: Html, person: Member, role: Role) -> tuple[str, str]:
    return button(label, Press(MEMBERS, person.id, 0, _ROLE, f"{person.role}_{role}"))


def _ask(ctx: UpdateContext, person: Member, question: Html, yes: str, argument: str) -> None:
    """The second tap."""
    ctx.edit(
        question,
        [
            [
                button(words.yes(ctx.t), Press(MEMBERS, person.id, 0, yes, argument)),
                button(words.no(ctx.t), Press(MEMBERS, person.id, 0, _PERSON)),
            ]
        ],
    )
