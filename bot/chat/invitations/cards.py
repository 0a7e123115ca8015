"""Cards of invitations: made from rows, with a link as long as it works."""

from __future__ import annotations

from telegram.helpers import create_deep_linked_url

from bot.chat import words
from bot.chat.callbacks import INVITATION, Press, button
from bot.chat.cards import Card
from bot.chat.invitations import texts
from bot.chat.members import texts as members
from bot.chat.translator import Html, Translator
from bot.domain.invitation import LIVES, USES, InvitationState, at
from bot.usecases.invitation_rows import Invitation
from bot.usecases.invitations import PAGE, ROLES, OpenInvitations
from bot.usecases.members import Member
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import Role

#: What the link of an invitation begins with.
LETTERS = "i_"


def _acting(label: Html | str, action: str, row_id: int = 0, revision: int = 0, argument: str = "") -> tuple[str, str]:
    return button(label, Press(INVITATION, row_id, revision, action, argument))


def choosing_card(t: Translator, invitation: Invitation) -> Card:
    """What can be chosen; what is chosen is ticked."""

    def one(label: Html | str, action: str, argument: str = "", *, chosen: bool = False) -> tuple[str, str]:
        ticked = Html(f"✓ {label}") if chosen else label
        return _acting(ticked, action, invitation.id, invitation.revision, argument)

    return Card(
        texts.choose(t),
        [
            [one(words.role_alone(t, role), "role", role, chosen=role is invitation.role) for role in ROLES],
            [one(texts.uses(uses), "uses", str(uses), chosen=uses == invitation.uses) for uses in USES],
            [
                one(texts.life(t, life), "life", str(int(life.total_seconds())), chosen=life == invitation.life)
                for life in LIVES
            ],
            [one(texts.make_link(t), "make")],
            [one(texts.choose_person(t), "person")],
            [_acting(texts.open_invitations(t), "list")],
        ],
    )


def person_card(t: Translator, invitation: Invitation) -> Card:
    """While somebody is to be chosen by the button below the keyboard."""
    return Card(texts.choosing_person(t), [[_acting(words.cancel(t), "nobody", invitation.id, invitation.revision)]])


def made_card(t: Translator, invitation: Invitation, time_zone: str) -> Card:
    """Above the message with the link."""
    return Card(
        texts.made(t, invitation, time_zone),
        [[_acting(texts.revoke(t), "revoke", invitation.id)], [_acting(texts.open_invitations(t), "list")]],
    )


def list_card(t: Translator, found: OpenInvitations, time_zone: str) -> Card:
    first = found.page * PAGE + 1
    numbered = list(enumerate(found.rows, first))
    lines = [texts.entry(t, number, row, found.names.get(row.made_by, ""), time_zone) for number, row in numbered]
    revoke = [
        _acting(texts.revoke_number(t, number), "revoke", row.id, argument=str(found.page)) for number, row in numbered
    ]
    turn = []
    if found.page > 0:
        turn.append(_acting(Html(f"‹ {words.previous(t)}"), "list", argument=str(found.page - 1)))
    if found.page + 1 < found.pages:
        turn.append(_acting(Html(f"{words.next_(t)} ›"), "list", argument=str(found.page + 1)))
    rows = [revoke[number : number + 2] for number in range(0, len(revoke), 2)]
    text = Html("\n\n".join([texts.open_title(t), *lines])) if lines else texts.no_open_ones(t)
    return Card(text, [*rows, turn, [_acting(texts.new_invitation(t), "new")]])


def link_card(work: UnitOfWork, t: Translator, invitation_id: int) -> Card:
    """The message that is forwarded. It has no button: Telegram takes them off what is forwarded."""
    invitation = work.invitations.find(invitation_id)
    if invitation is None:
        return Card(texts.link_ended(t, InvitationState.REVOKED), [])
    state = at(invitation.state, invitation.expires_at, work.now)
    token = work.invitations.token(invitation_id) if state is InvitationState.OPEN else None
    if token is None:
        return Card(texts.link_ended(t, state), [])
    address = create_deep_linked_url(invitation.bot_username, f"{LETTERS}{token}")
    return Card(texts.link(t, invitation, _name(work, invitation.made_by), address), [])


def joined_card(work: UnitOfWork, t: Translator, joining_id: int) -> Card:
    """Who has come, and by whose invitation."""
    joining = work.invitations.find_joining(joining_id)
    invitation = None if joining is None else work.invitations.find(joining.invitation_id)
    if joining is None or invitation is None:
        return Card(texts.gone(t, ""), [])
    said = texts.joined(t, joining, _name(work, joining.user_id), _name(work, invitation.made_by))
    if joining.removed:
        by = "" if joining.removed_by is None else _name(work, joining.removed_by)
        return Card(Html(f"{said}\n\n{texts.gone(t, by)}"), [])
    return Card(said, [[_acting(texts.remove(t), "ask", joining.id)]])


def asking_card(t: Translator, joining_id: int, person: Member, role: Role) -> Card:
    """In its place, for who has tapped Remove: what was asked of somebody with this role is not done to another."""
    row = [_acting(texts.remove(t), "remove", joining_id, argument=role), _acting(words.back(t), "keep", joining_id)]
    return Card(members.ask_removal(t, person), [row])


def _name(work: UnitOfWork, user_id: int) -> str:
    return work.users.names([user_id]).get(user_id) or str(user_id)
